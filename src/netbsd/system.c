/* The machine's memory: sysctl hw.physmem, and vm.uvmexp2, which counts pages of memory and of swap space. */
#include "../record/sysctl.h"

#include <sys/param.h>

#include <sys/sysctl.h>
#include <uvm/uvm_extern.h>

pmi_code pmi_read_system(pmi_values *out, pmi_error *error) {
  const int physical_name[] = {CTL_HW, HW_PHYSMEM64};
  const int pages_name[] = {CTL_VM, VM_UVMEXP2};
  int64_t physical;
  struct uvmexp_sysctl pages;
  pmi_code code = pmi_sysctl(physical_name, 2, &physical, sizeof physical, sizeof physical, error);
  if (code == PMI_OK)
    code = pmi_sysctl(pages_name, 2, &pages, sizeof pages, PMI_UP_TO(struct uvmexp_sysctl, swpginuse), error);
  if (code != PMI_OK)
    return code;
  uint64_t page_size = pmi_scale(pages.pagesize, 1);
  pmi_values values = {0};
  pmi_values_add(&values, "total", PMI_BYTES, pmi_scale(physical, 1));
  pmi_values_add(&values, "free", PMI_BYTES, pmi_scale(pages.free, page_size));
  pmi_values_add(&values, "available", PMI_BYTES, pmi_scale(pages.free + pages.inactive, page_size));
  pmi_values_add(&values, "swapTotal", PMI_BYTES, pmi_scale(pages.swpages, page_size));
  pmi_values_add(&values, "swapFree", PMI_BYTES, pmi_scale(pages.swpages - pages.swpginuse, page_size));
  *out = values;
  return PMI_OK;
}
