/* The machine's memory, from sysconf(3C), which reports neither swap space nor available memory. */
#include "../record/record.h"

#include <unistd.h>

pmi_code pmi_read_system(pmi_values *out, pmi_error *error) {
  long page_size = sysconf(_SC_PAGESIZE);
  long pages = sysconf(_SC_PHYS_PAGES);
  long free_pages = sysconf(_SC_AVPHYS_PAGES);
  if (page_size <= 0 || pages <= 0 || free_pages < 0)
    return pmi_fail(error, PMI_EIO, 0, "sysconf", NULL);
  pmi_values values = {0};
  pmi_values_add(&values, "total", PMI_BYTES, pmi_scale(pages, (uint64_t)page_size));
  pmi_values_add(&values, "free", PMI_BYTES, pmi_scale(free_pages, (uint64_t)page_size));
  *out = values;
  return PMI_OK;
}
