/* All that the kernel's record counts, by psutil's names and Linux's. */
#include "record.h"

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
