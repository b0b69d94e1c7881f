/* Looks up named values. */
#ifndef PMI_TEST_VALUES_H
#define PMI_TEST_VALUES_H

#include <string.h>

#include "pmi.h"

#define NOT_LISTED UINT64_MAX

static inline uint64_t value_of(const pmi_values *values, const char *name) {
  for (size_t i = 0; i < values->count; i++)
    if (strcmp(values->items[i].name, name) == 0)
      return values->items[i].value;
  return NOT_LISTED;
}

/* All their names, separated by spaces. Valid until the next call. */
static inline const char *names_of(const pmi_values *values) {
  static char names[PMI_MAX_VALUES * 32];
  names[0] = '\0';
  for (size_t i = 0; i < values->count; i++) {
    if (i > 0)
      strcat(names, " ");
    strcat(names, values->items[i].name);
  }
  return names;
}

/* A value of the footprint of a process in a tree. */
static inline uint64_t footprint_value(const pmi_tree *tree, size_t index, const char *name) {
  const pmi_footprint *footprint = pmi_tree_footprint(tree, &tree->processes[index]);
  return footprint == NULL ? NOT_LISTED : value_of(&footprint->values, name);
}

#endif
