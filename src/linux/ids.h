/* A growing list of process or thread ids. Starts as {0}, ends with pmi_ids_free(). */
#ifndef PMI_LINUX_IDS_H
#define PMI_LINUX_IDS_H

#include "../pmi.h"

#include <stdbool.h>

typedef struct pmi_ids {
  uint32_t *ids;
  size_t count;
  size_t capacity;
} pmi_ids;

void pmi_ids_free(pmi_ids *list);
pmi_code pmi_ids_add(pmi_ids *list, uint32_t id, pmi_error *error);

void pmi_ids_sort(pmi_ids *list);

/* Whether `id` is in a sorted list. */
bool pmi_ids_find(const pmi_ids *list, uint32_t id);

#endif
