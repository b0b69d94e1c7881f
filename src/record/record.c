/* Records and lists of them. See record.h. */
#include "record.h"

#include <stdlib.h>
#include <string.h>

uint64_t pmi_scale(int64_t count, uint64_t unit) {
  if (count <= 0 || unit == 0)
    return 0;
  return (uint64_t)count > UINT64_MAX / unit ? UINT64_MAX : (uint64_t)count * unit;
}

void pmi_record_set_name(pmi_record *record, const char *name, size_t size) {
  const char *end = memchr(name, '\0', size);
  size_t length = end == NULL ? size : (size_t)(end - name);
  if (length > sizeof record->name)
    length = sizeof record->name;
  memcpy(record->name, name, length);
  record->name_length = length;
}

void pmi_record_normalize(pmi_record *record) {
  if (record->is_zombie) {
    record->rss = record->peak_rss = record->vms = 0;
    record->known &= ~(uint32_t)PMI_RECORD_PEAK;
    record->text = record->data = record->stack = 0;
  }
  /* The kernels update the peak only from time to time. */
  if ((record->known & PMI_RECORD_PEAK) != 0 && record->peak_rss < record->rss)
    record->peak_rss = record->rss;
}

bool pmi_is_same_process(const pmi_record *before, const pmi_record *now) {
  return before->pid == now->pid && (before->started_us == now->started_us || (now->is_zombie && now->started_us == 0));
}

pmi_code pmi_records_add(pmi_records *records, const pmi_record *record, pmi_error *error) {
  if (!pmi_grow(&records->items, &records->capacity, records->count + 1, sizeof *record))
    return pmi_fail_nomem(error);
  records->items[records->count++] = *record;
  return PMI_OK;
}

void pmi_records_free(pmi_records *records) {
  free(records->items);
  *records = (pmi_records){0};
}
