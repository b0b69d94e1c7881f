/* The footprint of a process, where the kernel counts unshared pages. */
#include "record.h"

static pmi_footprint of_private(uint64_t bytes) {
  pmi_footprint footprint = {.method = pmi_private_method};
  pmi_values_add(&footprint.values, "uss", PMI_BYTES, bytes);
  pmi_values_add(&footprint.values, "footprint", PMI_BYTES, bytes);
  return footprint;
}

pmi_code pmi_footprint_of_record(const pmi_record *record, pmi_footprint *out, pmi_error *error) {
  pmi_record after;
  uint64_t bytes = 0;
  if (record->is_zombie) {
    *out = of_private(0);
    return PMI_OK;
  }
  pmi_code code = pmi_read_private(record->pid, &bytes, error);
  if (code != PMI_OK)
    return code;
  code = pmi_read_record(record->pid, &after, error);
  if (code != PMI_OK)
    return code;
  if (!pmi_is_same_process(record, &after) || after.is_zombie)
    return pmi_fail(error, PMI_ESRCH, 0, pmi_list_call, NULL);
  /* The objects may hold pages that the process does not map any more, so resident memory is an upper bound. */
  uint64_t resident = after.rss > record->rss ? after.rss : record->rss;
  *out = of_private(bytes < resident ? bytes : resident);
  return PMI_OK;
}

pmi_code pmi_read_footprint(uint32_t pid, pmi_footprint *out, pmi_error *error) {
  pmi_record record;
  pmi_code code = pmi_read_record(pid, &record, error);
  return code == PMI_OK ? pmi_footprint_of_record(&record, out, error) : code;
}
