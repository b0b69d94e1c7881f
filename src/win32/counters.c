/* All that Windows counts of one process's memory: the members of PROCESS_MEMORY_COUNTERS_EX2, by their own names. */
#include "process.h"

pmi_values pmi_counters_of_vm(const pmi_vm *vm) {
  pmi_values counters = {0};
  pmi_values_add(&counters, "pageFaultCount", PMI_COUNT, vm->page_fault_count);
  pmi_values_add(&counters, "peakWorkingSetSize", PMI_BYTES, vm->peak_working_set);
  pmi_values_add(&counters, "workingSetSize", PMI_BYTES, vm->working_set);
  pmi_values_add(&counters, "quotaPeakPagedPoolUsage", PMI_BYTES, vm->quota_peak_paged_pool);
  pmi_values_add(&counters, "quotaPagedPoolUsage", PMI_BYTES, vm->quota_paged_pool);
  pmi_values_add(&counters, "quotaPeakNonPagedPoolUsage", PMI_BYTES, vm->quota_peak_non_paged_pool);
  pmi_values_add(&counters, "quotaNonPagedPoolUsage", PMI_BYTES, vm->quota_non_paged_pool);
  pmi_values_add(&counters, "pagefileUsage", PMI_BYTES, vm->pagefile_usage);
  pmi_values_add(&counters, "peakPagefileUsage", PMI_BYTES, vm->peak_pagefile_usage);
  if ((vm->known & PMI_PRIVATE_USAGE) != 0)
    pmi_values_add(&counters, "privateUsage", PMI_BYTES, vm->private_usage);
  if ((vm->known & PMI_PRIVATE_WORKING_SET) != 0)
    pmi_values_add(&counters, "privateWorkingSetSize", PMI_BYTES, vm->private_working_set);
  if ((vm->known & PMI_SHARED_COMMIT) != 0)
    pmi_values_add(&counters, "sharedCommitUsage", PMI_BYTES, vm->shared_commit);
  return counters;
}

pmi_code pmi_read_counters(uint32_t pid, pmi_values *out, pmi_error *error) {
  pmi_vm vm;
  pmi_code code = pmi_vm_of_pid(pid, &vm, error);
  if (code == PMI_OK)
    *out = pmi_counters_of_vm(&vm);
  return code;
}
