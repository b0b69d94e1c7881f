/* The list of counters that each platform fills with its own. */
#include "pmi.h"

void pmi_counters_add(pmi_counters *counters, const char *name, pmi_unit unit, uint64_t value) {
  if (counters->count < PMI_MAX_COUNTERS)
    counters->items[counters->count++] = (pmi_counter){.name = name, .unit = unit, .value = value};
}
