/* One process's memory. These systems do not tell what of it is private or shared; a zombie has neither. */
#include "record.h"

pmi_memory pmi_memory_of_record(const pmi_record *record) {
  pmi_memory memory = {.working_set = record->rss};
  if (record->is_zombie) {
    memory.known = PMI_PEAK | PMI_PRIVATE | PMI_SHARED;
  } else if ((record->known & PMI_RECORD_PEAK) != 0) {
    memory.peak_working_set = record->peak_rss;
    memory.known = PMI_PEAK;
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
