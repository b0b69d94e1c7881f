/* The collections of results: growing arrays, named values, and the processes of a tree. */
#include "pmi.h"

#include <stdlib.h>
#include <string.h>

bool pmi_grow(void *items, size_t *capacity, size_t needed, size_t item_size) {
  if (needed <= *capacity)
    return true;
  size_t wanted = *capacity < 16 ? 16 : *capacity;
  while (wanted < needed) {
    if (wanted > SIZE_MAX / 2)
      return false;
    wanted *= 2;
  }
  if (wanted > SIZE_MAX / item_size)
    return false;

  /* `items` points to a pointer of any object type; memcpy reads and writes it without an aliasing cast. */
  void *old;
  memcpy(&old, items, sizeof old);
  void *grown = realloc(old, wanted * item_size);
  if (grown == NULL)
    return false;
  memcpy(items, &grown, sizeof grown);
  *capacity = wanted;
  return true;
}

bool pmi_renew(void *items, size_t *capacity, size_t needed, size_t item_size) {
  void *array;
  if (needed <= *capacity)
    return true;
  memcpy(&array, items, sizeof array);
  free(array);
  array = NULL;
  memcpy(items, &array, sizeof array);
  *capacity = 0;
  return pmi_grow(items, capacity, needed, item_size);
}

size_t pmi_lower_bound(const uint32_t *first, size_t count, size_t stride, uint32_t least) {
  size_t low = 0;
  size_t high = count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    uint32_t number;
    memcpy(&number, (const char *)first + middle * stride, sizeof number);
    if (number < least)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

pmi_code pmi_failures_add(pmi_failures *failures, size_t index, const pmi_error *why, pmi_error *error) {
  if (!pmi_grow(&failures->items, &failures->capacity, failures->count + 1, sizeof *failures->items))
    return pmi_fail_nomem(error);
  failures->items[failures->count++] = (pmi_failure){.index = index, .error = *why};
  return PMI_OK;
}

void pmi_values_add(pmi_values *values, const char *name, pmi_unit unit, uint64_t value) {
  if (values->count < PMI_MAX_VALUES)
    values->items[values->count++] = (pmi_value){.name = name, .unit = unit, .value = value};
}

pmi_code pmi_tree_rename(pmi_tree *tree, pmi_process *process, const char *name, size_t name_length, pmi_error *error) {
  if (name_length > SIZE_MAX - tree->names_length ||
      !pmi_grow(&tree->names, &tree->names_capacity, tree->names_length + name_length, 1))
    return pmi_fail_nomem(error);
  if (name_length > 0)
    memcpy(tree->names + tree->names_length, name, name_length);
  process->name_offset = tree->names_length;
  process->name_length = name_length;
  tree->names_length += name_length;
  return PMI_OK;
}

pmi_code pmi_tree_add(pmi_tree *tree, const pmi_process *process, const char *name, size_t name_length,
                      pmi_error *error) {
  pmi_process added = *process;
  if (!pmi_grow(&tree->processes, &tree->capacity, tree->count + 1, sizeof *tree->processes))
    return pmi_fail_nomem(error);
  pmi_code code = pmi_tree_rename(tree, &added, name, name_length, error);
  if (code == PMI_OK)
    tree->processes[tree->count++] = added;
  return code;
}

pmi_code pmi_tree_add_unreadable(pmi_tree *tree, uint32_t pid, const pmi_error *why, pmi_error *error) {
  if (!pmi_grow(&tree->unreadable, &tree->unreadable_capacity, tree->unreadable_count + 1, sizeof *tree->unreadable))
    return pmi_fail_nomem(error);
  tree->unreadable[tree->unreadable_count++] = (pmi_unreadable){.pid = pid, .error = *why};
  return PMI_OK;
}

pmi_footprint pmi_footprint_of(uint64_t bytes, const char *method) {
  pmi_footprint footprint = {.method = method};
  pmi_values_add(&footprint.values, "footprint", PMI_BYTES, bytes);
  return footprint;
}

pmi_code pmi_tree_add_footprint(pmi_tree *tree, pmi_process *process, const pmi_footprint *footprint,
                                pmi_error *error) {
  if (!pmi_grow(&tree->footprints, &tree->footprints_capacity, tree->footprints_count + 1, sizeof *tree->footprints))
    return pmi_fail_nomem(error);
  tree->footprints[tree->footprints_count++] = *footprint;
  process->footprint = tree->footprints_count;
  return PMI_OK;
}

const pmi_footprint *pmi_tree_footprint(const pmi_tree *tree, const pmi_process *process) {
  return process->footprint == 0 ? NULL : &tree->footprints[process->footprint - 1];
}

pmi_code pmi_tree_copy(pmi_tree *tree, const pmi_tree *from, const pmi_process *process, pmi_error *error) {
  pmi_process copy = *process;
  const pmi_footprint *footprint = pmi_tree_footprint(from, process);
  pmi_code code = footprint == NULL ? PMI_OK : pmi_tree_add_footprint(tree, &copy, footprint, error);
  if (code != PMI_OK)
    return code;
  return pmi_tree_add(tree, &copy, from->names + process->name_offset, process->name_length, error);
}

void pmi_tree_free(pmi_tree *tree) {
  free(tree->processes);
  free(tree->unreadable);
  free(tree->names);
  free(tree->footprints);
  *tree = (pmi_tree){0};
}

pmi_code pmi_tree_finish(pmi_tree *tree, pmi_code code, pmi_tree *out) {
  if (code == PMI_OK)
    *out = *tree;
  else
    pmi_tree_free(tree);
  return code;
}
