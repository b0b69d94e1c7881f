/*
 * One process's memory. What others could share of its working set is what is not private of it; without the private
 * working set that is unknown. "Private" is private memory that was committed, in physical memory or not, as Windows
 * and Electron call it.
 */
#include "process.h"

pmi_memory pmi_memory_of_vm(const pmi_vm *vm) {
  pmi_memory memory = {
      .working_set = vm->working_set,
      .peak_working_set = vm->peak_working_set,
      .known = PMI_PEAK,
  };
  if ((vm->known & PMI_PRIVATE_USAGE) != 0) {
    memory.private_bytes = vm->private_usage;
    memory.known |= PMI_PRIVATE;
  }
  /* The two are not counted at the same instant. */
  if ((vm->known & PMI_PRIVATE_WORKING_SET) != 0 && vm->private_working_set <= vm->working_set) {
    memory.shared_bytes = vm->working_set - vm->private_working_set;
    memory.known |= PMI_SHARED;
  }
  return memory;
}

pmi_code pmi_read_memory(uint32_t pid, pmi_memory *out, pmi_error *error) {
  pmi_vm vm;
  pmi_code code = pmi_vm_of_pid(pid, &vm, error);
  if (code == PMI_OK)
    *out = pmi_memory_of_vm(&vm);
  return code;
}
