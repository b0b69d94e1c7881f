/*
 * One process's memory. The working set is resident_size; what is backed by files or by shared memory of it, external,
 * and what is not, internal. These are not counted at one instant, and pages of devices are in neither: they need not
 * add up.
 */
#include "process.h"

pmi_code pmi_memory_at(const pmi_target *target, pmi_memory *out, pmi_error *error) {
  pmi_vm vm;
  pmi_code code = pmi_vm_at(target, PMI_ASK_TASK_VM, &vm, error);
  if (code != PMI_OK)
    return code;
  pmi_memory memory = {.working_set = vm.usage.resident_size};
  if ((vm.known & PMI_VM_PEAK) != 0) {
    /* Counted before, so that it may be less than what is resident now. */
    uint64_t peak = vm.task_vm.resident_size_peak;
    memory.peak_working_set = peak > memory.working_set ? peak : memory.working_set;
    memory.known |= PMI_PEAK;
  }
  if ((vm.known & PMI_VM_TASK) != 0) {
    memory.private_bytes = vm.task_vm.internal;
    memory.shared_bytes = vm.task_vm.external;
    memory.known |= PMI_PRIVATE | PMI_SHARED;
  }
  *out = memory;
  return PMI_OK;
}

pmi_code pmi_read_memory(uint32_t pid, pmi_memory *out, pmi_error *error) {
  pmi_target target;
  pmi_code code = pmi_target_open(pid, &target, error);
  return code == PMI_OK ? pmi_memory_at(&target, out, error) : code;
}
