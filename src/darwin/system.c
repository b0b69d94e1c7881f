/*
 * The machine's memory, from hw.memsize, host_statistics64 (mach/vm_statistics.h) and vm.swapusage.
 *
 * Speculative pages, which were read ahead and hold files, are among the free ones there, and not here. What is
 * available is free, speculative or inactive, as psutil and libuv count it; what the kernel could have by compressing
 * is not. Swap space grows with its use, up to what the disk has.
 */
#include "process.h"

static bool in_bytes(uint64_t pages, uint64_t page_size, uint64_t *out) {
  if (page_size == 0 || pages > UINT64_MAX / page_size)
    return false;
  *out = pages * page_size;
  return true;
}

static bool fill(const pmi_os_vm_statistics *pages, uint64_t page_size, pmi_system *system) {
  uint64_t speculative = pages->speculative_count < pages->free_count ? pages->speculative_count : pages->free_count;
  return in_bytes(pages->free_count - speculative, page_size, &system->free) &&
         in_bytes(pages->free_count + pages->inactive_count, page_size, &system->available) &&
         in_bytes(pages->external_page_count, page_size, &system->file_backed) &&
         in_bytes(pages->purgeable_count, page_size, &system->purgeable);
}

pmi_code pmi_read_system(pmi_system *out, pmi_error *error) {
  static const char call[] = "host_statistics64";
  pmi_system system = {.known = PMI_AVAILABLE | PMI_FILE_BACKED | PMI_PURGEABLE};
  pmi_os_vm_statistics pages;
  pmi_os_swap swap;
  int failure = pmi_os_memory_size(&system.total);
  if (failure != 0)
    return pmi_fail_errno(error, failure, "sysctlbyname", NULL);

  pmi_os_port host = pmi_os_open_host();
  failure = pmi_os_vm_statistics_of(host, &pages);
  pmi_os_close_port(host);
  if (failure != 0)
    return pmi_fail_mach(error, failure, call);
  if (!fill(&pages, pmi_os_page_size(), &system))
    return pmi_fail(error, PMI_EIO, 0, call, NULL);

  if (pmi_os_swap_usage(&swap) == 0) {
    system.swap_total = swap.total;
    system.swap_free = swap.available;
    system.known |= PMI_SWAP_SPACE;
  }
  *out = system;
  return PMI_OK;
}
