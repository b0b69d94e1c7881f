/* Reads several processes one by one, for platforms where a batch saves nothing. */
#include "pmi.h"

pmi_code pmi_read_memories(const uint32_t *pids, size_t count, pmi_memory *out, pmi_failures *failures,
                           pmi_error *error) {
  pmi_code code = PMI_OK;
  for (size_t i = 0; i < count && code == PMI_OK; i++) {
    out[i] = (pmi_memory){0};
    if (pmi_read_memory(pids[i], &out[i], error) != PMI_OK)
      code = pmi_failures_add(failures, i, error, error);
  }
  return code;
}
