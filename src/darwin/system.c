/*
 * The memory of the machine, from hw.memsize, host_statistics64 (mach/vm_statistics.h) and vm.swapusage.
 *
 * Speculative pages, which contain files that were read ahead, are counted as free there, but not here. Available
 * memory is free, speculative or inactive, as in psutil, without what compression could free. Swap space grows on
 * demand, limited by the disk.
 */
#include "process.h"

static bool add(pmi_values *values, const char *name, uint64_t pages, uint64_t page_size) {
  if (page_size == 0 || pages > UINT64_MAX / page_size)
    return false;
  pmi_values_add(values, name, PMI_BYTES, pages * page_size);
  return true;
}

static bool add_pages(pmi_values *values, const pmi_os_vm_statistics *pages, uint64_t page_size) {
  uint64_t speculative = pages->speculative_count < pages->free_count ? pages->speculative_count : pages->free_count;
  return add(values, "free", pages->free_count - speculative, page_size) &&
         add(values, "available", pages->free_count + pages->inactive_count, page_size) &&
         add(values, "fileBacked", pages->external_page_count, page_size) &&
         add(values, "purgeable", pages->purgeable_count, page_size);
}

pmi_code pmi_read_system(pmi_values *out, pmi_error *error) {
  static const char call[] = "host_statistics64";
  pmi_values values = {0};
  uint64_t total;
  pmi_os_vm_statistics pages;
  pmi_os_swap swap;
  int failure = pmi_os_memory_size(&total);
  if (failure != 0)
    return pmi_fail_errno(error, failure, "sysctlbyname", NULL);

  pmi_os_port host = pmi_os_open_host();
  failure = pmi_os_vm_statistics_of(host, &pages);
  pmi_os_close_port(host);
  if (failure != 0)
    return pmi_fail_mach(error, failure, call);
  pmi_values_add(&values, "total", PMI_BYTES, total);
  if (!add_pages(&values, &pages, pmi_os_page_size()))
    return pmi_fail(error, PMI_EIO, 0, call, NULL);

  if (pmi_os_swap_usage(&swap) == 0) {
    pmi_values_add(&values, "swapTotal", PMI_BYTES, swap.total);
    pmi_values_add(&values, "swapFree", PMI_BYTES, swap.available);
  }
  *out = values;
  return PMI_OK;
}
