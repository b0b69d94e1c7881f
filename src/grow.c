/* The one place where an array of the core grows. */
#include "pmi.h"

#include <stdlib.h>
#include <string.h>

int pmi_grow(void *items, size_t *capacity, size_t needed, size_t item_size) {
  if (needed <= *capacity)
    return 1;
  size_t wanted = *capacity < 16 ? 16 : *capacity;
  while (wanted < needed) {
    if (wanted > SIZE_MAX / 2)
      return 0;
    wanted *= 2;
  }
  if (wanted > SIZE_MAX / item_size)
    return 0;

  /* `items` points to a pointer of any object type; memcpy reads and writes it without an aliasing cast. */
  void *old;
  memcpy(&old, items, sizeof old);
  void *grown = realloc(old, wanted * item_size);
  if (grown == NULL)
    return 0;
  memcpy(items, &grown, sizeof grown);
  *capacity = wanted;
  return 1;
}
