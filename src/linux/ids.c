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

struct pmi_id_slot {
  uint32_t id; /* 0 if empty */
  uint32_t number;
};

void pmi_id_map_free(pmi_id_map *map) {
  free(map->slots);
  *map = (pmi_id_map){0};
}

/* The slot of an id, or the empty one where it belongs. `capacity` is a power of two, and one slot at least is empty.
 */
static struct pmi_id_slot *find_slot(struct pmi_id_slot *slots, size_t capacity, uint32_t id) {
  const uint32_t hash = id * UINT32_C(2654435769); /* Knuth's multiplicative hash */
  size_t at = hash & (capacity - 1);
  while (slots[at].id != 0 && slots[at].id != id)
    at = (at + 1) & (capacity - 1);
  return &slots[at];
}

/* Keeps half of the slots empty. */
static bool make_room(pmi_id_map *map) {
  if (map->count < map->capacity / 2)
    return true;
  size_t capacity = map->capacity == 0 ? 64 : map->capacity * 2;
  struct pmi_id_slot *slots = calloc(capacity, sizeof *slots);
  if (slots == NULL)
    return false;
  for (size_t i = 0; i < map->capacity; i++)
    if (map->slots[i].id != 0)
      *find_slot(slots, capacity, map->slots[i].id) = map->slots[i];
  free(map->slots);
  map->slots = slots;
  map->capacity = capacity;
  return true;
}

pmi_code pmi_id_map_put(pmi_id_map *map, uint32_t id, uint32_t number, pmi_error *error) {
  if (!make_room(map))
    return pmi_fail_nomem(error);
  struct pmi_id_slot *slot = find_slot(map->slots, map->capacity, id);
  if (slot->id == 0)
    map->count++;
  *slot = (struct pmi_id_slot){.id = id, .number = number};
  return PMI_OK;
}

bool pmi_id_map_get(const pmi_id_map *map, uint32_t id, uint32_t *number) {
  if (map->capacity == 0)
    return false;
  const struct pmi_id_slot *slot = find_slot(map->slots, map->capacity, id);
  *number = slot->number;
  return slot->id == id;
}
