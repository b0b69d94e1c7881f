/*
 * One process's memory, counters and limit. These systems do not report private and shared sizes; for a zombie both are
 * known to be 0.
 */
#include "record.h"

pmi_memory pmi_memory_of_record(const pmi_record *record) {
  pmi_memory memory = {.working_set = record->rss};
  if (record->is_zombie)
    memory.known = PMI_PRIVATE | PMI_SHARED;
  if ((record->known & PMI_RECORD_PEAK) != 0) {
    memory.peak_working_set = record->peak_rss;
    memory.known |= PMI_PEAK;
  }
  return memory;
}

pmi_code pmi_read_memory(uint32_t pid, pmi_memory *out, pmi_error *error) {
  pmi_record record;
  pmi_code code = pmi_read_record(pid, &record, error);
  if (code == PMI_OK)
    *out = pmi_memory_of_record(&record);
  return code;
}

/* Named as in psutil and on Linux. */
pmi_values pmi_counters_of_record(const pmi_record *record) {
  pmi_values counters = {0};
  pmi_values_add(&counters, "rss", PMI_BYTES, record->rss);
  pmi_values_add(&counters, "vms", PMI_BYTES, record->vms);
  if ((record->known & PMI_RECORD_SEGMENTS) != 0) {
    pmi_values_add(&counters, "text", PMI_BYTES, record->text);
    pmi_values_add(&counters, "data", PMI_BYTES, record->data);
    pmi_values_add(&counters, "stack", PMI_BYTES, record->stack);
  }
  if ((record->known & PMI_RECORD_PEAK) != 0)
    pmi_values_add(&counters, "peakRss", PMI_BYTES, record->peak_rss);
  if ((record->known & PMI_RECORD_FAULTS) != 0) {
    pmi_values_add(&counters, "minorFaults", PMI_COUNT, record->minor_faults);
    pmi_values_add(&counters, "majorFaults", PMI_COUNT, record->major_faults);
  }
  return counters;
}

pmi_code pmi_read_counters(uint32_t pid, pmi_values *out, pmi_error *error) {
  pmi_record record;
  pmi_code code = pmi_read_record(pid, &record, error);
  if (code == PMI_OK)
    *out = pmi_counters_of_record(&record);
  return code;
}

/*
 * Limits of jails, zones, projects and login classes are not read yet, so it is unknown whether one applies: ENOSYS,
 * not "no limit".
 */
pmi_code pmi_read_limit(uint32_t pid, pmi_limit *out, pmi_error *error) {
  pmi_record record;
  (void)out;
  pmi_code code = pmi_read_record(pid, &record, error);
  return code == PMI_OK ? pmi_fail(error, PMI_ENOSYS, 0, pmi_list_call, NULL) : code;
}
