/*
 * All that macOS counts of one process's memory, by psutil's names and the kernel's own. proc_pidinfo(PROC_PIDTASKINFO)
 * is refused to whom proc_pid_rusage is.
 */
#include "process.h"

static void add_task_vm(const pmi_vm *vm, pmi_values *counters) {
  if ((vm->known & PMI_VM_PEAK) != 0)
    pmi_values_add(counters, "peakRss", PMI_BYTES, vm->task_vm.resident_size_peak);
  if ((vm->known & PMI_VM_TASK) == 0)
    return;
  pmi_values_add(counters, "internal", PMI_BYTES, vm->task_vm.internal);
  pmi_values_add(counters, "external", PMI_BYTES, vm->task_vm.external);
  pmi_values_add(counters, "reusable", PMI_BYTES, vm->task_vm.reusable);
  pmi_values_add(counters, "compressed", PMI_BYTES, vm->task_vm.compressed);
}

pmi_code pmi_counters_at(const pmi_target *target, pmi_values *out, pmi_error *error) {
  pmi_vm vm;
  pmi_values counters = {0};
  pmi_code code = pmi_vm_at(target, PMI_ASK_TASK | PMI_ASK_TASK_VM, &vm, error);
  if (code != PMI_OK)
    return code;
  pmi_values_add(&counters, "rss", PMI_BYTES, vm.usage.resident_size);
  pmi_values_add(&counters, "vms", PMI_BYTES, vm.task.virtual_size);
  pmi_values_add(&counters, "pageFaults", PMI_COUNT, vm.task.faults);
  pmi_values_add(&counters, "pageins", PMI_COUNT, vm.task.pageins);
  pmi_values_add(&counters, "copyOnWriteFaults", PMI_COUNT, vm.task.cow_faults);
  pmi_values_add(&counters, "footprint", PMI_BYTES, vm.usage.phys_footprint);
  if ((vm.known & PMI_VM_PEAK_FOOTPRINT) != 0)
    pmi_values_add(&counters, "peakFootprint", PMI_BYTES, vm.usage.lifetime_max_phys_footprint);
  pmi_values_add(&counters, "wired", PMI_BYTES, vm.usage.wired_size);
  add_task_vm(&vm, &counters);
  *out = counters;
  return PMI_OK;
}

pmi_code pmi_read_counters(uint32_t pid, pmi_values *out, pmi_error *error) {
  pmi_target target;
  pmi_code code = pmi_target_open(pid, &target, error);
  return code == PMI_OK ? pmi_counters_at(&target, out, error) : code;
}
