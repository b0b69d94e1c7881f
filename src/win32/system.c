/*
 * The machine's memory, from GlobalMemoryStatusEx, GetPerformanceInfo and EnumPageFiles.
 *
 * Free and available memory are one figure: the system counts cached pages that it can drop at once as free. Swap space
 * is the page files, which a machine may lack. The commit limit is about the memory and the page files together.
 */
#include "process.h"

static bool in_bytes(uint64_t pages, uint64_t page_size, uint64_t *out) {
  if (page_size == 0 || pages > UINT64_MAX / page_size)
    return false;
  *out = pages * page_size;
  return true;
}

/* Adds both figures, or neither. */
static void add_pages(pmi_values *values, const char *first_name, uint64_t first, const char *second_name,
                      uint64_t second, uint64_t page_size) {
  if (!in_bytes(first, page_size, &first) || !in_bytes(second, page_size, &second))
    return;
  pmi_values_add(values, first_name, PMI_BYTES, first);
  pmi_values_add(values, second_name, PMI_BYTES, second);
}

pmi_code pmi_read_system(pmi_values *out, pmi_error *error) {
  pmi_os_memory_status status;
  pmi_os_page_files files;
  pmi_os_performance performance;
  uint32_t failure = pmi_os_memory_status_of_machine(&status);
  if (failure != 0)
    return pmi_fail_win32(error, failure, "GlobalMemoryStatusEx");
  pmi_values values = {0};
  pmi_values_add(&values, "total", PMI_BYTES, status.total_physical);
  pmi_values_add(&values, "free", PMI_BYTES, status.available_physical);
  pmi_values_add(&values, "available", PMI_BYTES, status.available_physical);
  if (pmi_os_page_files_of_machine(&files) == 0 && files.in_use <= files.total)
    add_pages(&values, "swapTotal", files.total, "swapFree", files.total - files.in_use, pmi_os_page_size());
  if (pmi_os_performance_of_machine(&performance) == 0)
    add_pages(&values, "commitLimit", performance.commit_limit, "commitUsed", performance.commit_total,
              performance.page_size);
  *out = values;
  return PMI_OK;
}
