/*
 * The machine's memory, from GlobalMemoryStatusEx and GetPerformanceInfo.
 *
 * What is free and what is available is one figure: the system counts the pages of its cache that it could drop at once
 * among the free ones. How much it may commit is the memory and the page files together, and no swap space; the latter
 * is not told by either.
 */
#include "process.h"

static bool in_bytes(uint64_t pages, uint64_t page_size, uint64_t *out) {
  if (page_size == 0 || pages > UINT64_MAX / page_size)
    return false;
  *out = pages * page_size;
  return true;
}

pmi_code pmi_read_system(pmi_values *out, pmi_error *error) {
  pmi_os_memory_status status;
  pmi_os_performance performance;
  uint64_t commit_limit;
  uint64_t commit_used;
  uint32_t failure = pmi_os_memory_status_of_machine(&status);
  if (failure != 0)
    return pmi_fail_win32(error, failure, "GlobalMemoryStatusEx");
  pmi_values values = {0};
  pmi_values_add(&values, "total", PMI_BYTES, status.total_physical);
  pmi_values_add(&values, "free", PMI_BYTES, status.available_physical);
  pmi_values_add(&values, "available", PMI_BYTES, status.available_physical);
  if (pmi_os_performance_of_machine(&performance) == 0 &&
      in_bytes(performance.commit_limit, performance.page_size, &commit_limit) &&
      in_bytes(performance.commit_total, performance.page_size, &commit_used)) {
    pmi_values_add(&values, "commitLimit", PMI_BYTES, commit_limit);
    pmi_values_add(&values, "commitUsed", PMI_BYTES, commit_used);
  }
  *out = values;
  return PMI_OK;
}
