/* See ids.h. */
#include "ids.h"

#include <stdlib.h>

void pmi_ids_free(pmi_ids *list) {
  free(list->ids);
  *list = (pmi_ids){0};
}

pmi_code pmi_ids_add(pmi_ids *list, uint32_t id, pmi_error *error) {
  if (!pmi_grow(&list->ids, &list->capacity, list->count + 1, sizeof *list->ids))
    return pmi_fail_nomem(error);
  list->ids[list->count++] = id;
  return PMI_OK;
}

static int by_id(const void *left, const void *right) {
  uint32_t a = *(const uint32_t *)left;
  uint32_t b = *(const uint32_t *)right;
  return a < b ? -1 : a > b;
}

void pmi_ids_sort(pmi_ids *list) {
  if (list->count > 0)
    qsort(list->ids, list->count, sizeof *list->ids, by_id);
}

bool pmi_ids_find(const pmi_ids *list, uint32_t id) {
  return list->count > 0 && bsearch(&id, list->ids, list->count, sizeof id, by_id) != NULL;
}
