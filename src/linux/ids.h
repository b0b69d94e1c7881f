/* Lists of process and thread ids, and a map from ids to numbers. */
#ifndef PMI_LINUX_IDS_H
#define PMI_LINUX_IDS_H

#include "../pmi.h"

#include <stdbool.h>

/* Grows as needed. Starts as {0}, ends with pmi_ids_free(). */
typedef struct pmi_ids {
  uint32_t *ids;
  size_t count;
  size_t capacity;
} pmi_ids;

void pmi_ids_free(pmi_ids *list);
pmi_code pmi_ids_add(pmi_ids *list, uint32_t id, pmi_error *error);

/* A hash table: one number for each id. An id is never 0. Starts as {0}, ends with pmi_id_map_free(). */
typedef struct pmi_id_map {
  struct pmi_id_slot *slots;
  size_t capacity;
  size_t count;
} pmi_id_map;

void pmi_id_map_free(pmi_id_map *map);

/* Sets the number of an id, replacing an earlier one. */
pmi_code pmi_id_map_put(pmi_id_map *map, uint32_t id, uint32_t number, pmi_error *error);

/* False if there is no such id. */
bool pmi_id_map_get(const pmi_id_map *map, uint32_t id, uint32_t *number);

#endif
