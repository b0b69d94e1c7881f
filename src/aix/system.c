/*
 * The machine's memory, by perfstat_memory_total() of libperfstat; its pages have 4 KiB, whatever the machine's have.
 * Paging space is what other systems call swap.
 */
#include "../record/record.h"

#include <libperfstat.h>

#include <errno.h>

enum { PERFSTAT_PAGE = 4096 };

static uint64_t bytes_of(unsigned long long pages) {
  return pmi_bytes_of(pages > INT64_MAX ? INT64_MAX : (int64_t)pages, PERFSTAT_PAGE);
}

pmi_code pmi_read_system(pmi_system *out, pmi_error *error) {
  perfstat_memory_total_t memory;
  if (perfstat_memory_total(NULL, &memory, (int)sizeof memory, 1) < 1)
    return pmi_fail_errno(error, errno, "perfstat_memory_total", NULL);
  *out = (pmi_system){
      .total = bytes_of(memory.real_total),
      .free = bytes_of(memory.real_free),
      .available = bytes_of(memory.real_avail),
      .swap_total = bytes_of(memory.pgsp_total),
      .swap_free = bytes_of(memory.pgsp_free),
      .known = PMI_AVAILABLE | PMI_SWAP_SPACE,
  };
  return PMI_OK;
}
