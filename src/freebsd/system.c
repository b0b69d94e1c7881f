/*
 * The machine's memory: sysctl hw.physmem, the page counts of vm.stats.vm, and vm.swap_info, which is queried device by
 * device until the kernel has no more.
 */
#include "../record/sysctl.h"

#include <sys/param.h>

#include <sys/sysctl.h>
#include <vm/vm_param.h>

#include <errno.h>
#include <unistd.h>

static const char by_name[] = "sysctlbyname";

static pmi_code read_number(const char *name, void *out, size_t size, pmi_error *error) {
  size_t got = size;
  if (sysctlbyname(name, out, &got, NULL, 0) != 0)
    return pmi_fail(error, errno == EPERM ? PMI_EPERM : PMI_EIO, errno, by_name, name);
  return got == size ? PMI_OK : pmi_fail(error, PMI_EIO, 0, by_name, name);
}

/*
 * Free pages, and inactive ones, which can be reclaimed. Dirty pages that wait for the laundry are not counted: they
 * have to be written first, many of them to swap space.
 */
static pmi_code read_pages(uint64_t page_size, pmi_values *out, pmi_error *error) {
  unsigned int free_pages = 0;
  unsigned int inactive = 0;
  pmi_code code = read_number("vm.stats.vm.v_free_count", &free_pages, sizeof free_pages, error);
  if (code != PMI_OK)
    return code;
  pmi_values_add(out, "free", PMI_BYTES, free_pages * page_size);
  if (read_number("vm.stats.vm.v_inactive_count", &inactive, sizeof inactive, error) != PMI_OK)
    return PMI_OK;
  pmi_values_add(out, "available", PMI_BYTES, ((uint64_t)free_pages + inactive) * page_size);
  return PMI_OK;
}

enum { MAX_DEVICES = 4096 };

/* Leaves the figures out if the answer is not understood. */
static void read_swap(uint64_t page_size, pmi_values *out) {
  int name[16];
  size_t length = sizeof name / sizeof *name - 1;
  uint64_t total = 0;
  uint64_t used = 0;
  if (sysctlnametomib("vm.swap_info", name, &length) != 0)
    return;
  for (int device = 0; device < MAX_DEVICES; device++) {
    struct xswdev swap;
    size_t size = sizeof swap;
    name[length] = device;
    if (sysctl(name, (unsigned int)length + 1, &swap, &size, NULL, 0) != 0) {
      if (errno != ENOENT)
        return;
      pmi_values_add(out, "swapTotal", PMI_BYTES, total * page_size);
      pmi_values_add(out, "swapFree", PMI_BYTES, (total > used ? total - used : 0) * page_size);
      return;
    }
    if (size != sizeof swap || swap.xsw_version != XSWDEV_VERSION)
      return;
    total += pmi_scale(swap.xsw_nblks, 1);
    used += pmi_scale(swap.xsw_used, 1);
  }
}

pmi_code pmi_read_system(pmi_values *out, pmi_error *error) {
  unsigned long physical = 0;
  pmi_values values = {0};
  uint64_t page_size = (uint64_t)getpagesize();
  pmi_code code = read_number("hw.physmem", &physical, sizeof physical, error);
  if (code != PMI_OK)
    return code;
  pmi_values_add(&values, "total", PMI_BYTES, physical);
  code = read_pages(page_size, &values, error);
  if (code != PMI_OK)
    return code;
  read_swap(page_size, &values);
  *out = values;
  return PMI_OK;
}
