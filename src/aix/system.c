/*
 * The machine's memory, from perfstat_memory_total() of libperfstat. Its counts are in pages of 4 KiB, regardless of
 * the machine's page size. Paging space is what other systems call swap space.
 */
#include "../record/record.h"

#include <libperfstat.h>

#include <errno.h>

enum { PERFSTAT_PAGE = 4096 };

static uint64_t bytes_of(unsigned long long pages) {
  return pmi_scale(pages > INT64_MAX ? INT64_MAX : (int64_t)pages, PERFSTAT_PAGE);
}

pmi_code pmi_read_system(pmi_values *out, pmi_error *error) {
  perfstat_memory_total_t memory;
  if (perfstat_memory_total(NULL, &memory, (int)sizeof memory, 1) < 1)
    return pmi_fail_errno(error, errno, "perfstat_memory_total", NULL);
  pmi_values values = {0};
  pmi_values_add(&values, "total", PMI_BYTES, bytes_of(memory.real_total));
  pmi_values_add(&values, "free", PMI_BYTES, bytes_of(memory.real_free));
  pmi_values_add(&values, "available", PMI_BYTES, bytes_of(memory.real_avail));
  pmi_values_add(&values, "swapTotal", PMI_BYTES, bytes_of(memory.pgsp_total));
  pmi_values_add(&values, "swapFree", PMI_BYTES, bytes_of(memory.pgsp_free));
  *out = values;
  return PMI_OK;
}
