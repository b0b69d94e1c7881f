/*
 * The machine's memory: sysctl hw.physmem, and vm.uvmexp, which counts pages of memory and of swap space. Its counts
 * leave out the buffer cache; the clean buffers, from vfs.generic.bcachestat, can be reclaimed at once.
 */
#include "../record/sysctl.h"

#include <sys/param.h>

#include <sys/mount.h>
#include <sys/sysctl.h>
#include <uvm/uvmexp.h>

/* Leaves the figure out if the answer is not understood. */
static void add_available(const struct uvmexp *pages, pmi_values *out, pmi_error *error) {
  const int name[] = {CTL_VFS, VFS_GENERIC, VFS_BCACHESTAT};
  struct bcachestats buffers;
  size_t least = PMI_UP_TO(struct bcachestats, numcleanpages);
  if (pmi_sysctl(name, 3, &buffers, sizeof buffers, least, error) != PMI_OK)
    return;
  uint64_t page_size = pmi_scale(pages->pagesize, 1);
  pmi_values_add(out, "available", PMI_BYTES,
                 pmi_scale((int64_t)pages->free + pages->inactive + buffers.numcleanpages, page_size));
}

pmi_code pmi_read_system(pmi_values *out, pmi_error *error) {
  const int physical_name[] = {CTL_HW, HW_PHYSMEM64};
  const int pages_name[] = {CTL_VM, VM_UVMEXP};
  int64_t physical;
  struct uvmexp pages;
  pmi_code code = pmi_sysctl(physical_name, 2, &physical, sizeof physical, sizeof physical, error);
  if (code == PMI_OK)
    code = pmi_sysctl(pages_name, 2, &pages, sizeof pages, PMI_UP_TO(struct uvmexp, swpginuse), error);
  if (code != PMI_OK)
    return code;
  uint64_t page_size = pmi_scale(pages.pagesize, 1);
  pmi_values values = {0};
  pmi_values_add(&values, "total", PMI_BYTES, pmi_scale(physical, 1));
  pmi_values_add(&values, "free", PMI_BYTES, pmi_scale(pages.free, page_size));
  add_available(&pages, &values, error);
  pmi_values_add(&values, "swapTotal", PMI_BYTES, pmi_scale(pages.swpages, page_size));
  pmi_values_add(&values, "swapFree", PMI_BYTES, pmi_scale((int64_t)pages.swpages - pages.swpginuse, page_size));
  *out = values;
  return PMI_OK;
}
