/*
 * Where a process's counters come from.
 *
 * proc_pid_rusage (libproc.h) tells the caller's own processes, and root all: EPERM otherwise. It has fewer members the
 * older its flavor, and a kernel refuses those it does not know with EINVAL.
 *
 * The largest resident size and the split into internal and external are told by the task only: TASK_VM_INFO of
 * task_info (mach/task_info.h). For that the task's name port is enough. task_for_pid, which gives power over the other
 * process, is never called: it can ask the user for a password, or wait for ever.
 */
#include "process.h"

#include <errno.h>

static const char rusage_call[] = "proc_pid_rusage";

static pmi_code ask_rusage(uint32_t pid, pmi_vm *vm, pmi_error *error) {
  static const int flavors[] = {PMI_RUSAGE_INFO_V4, PMI_RUSAGE_INFO_V3, PMI_RUSAGE_INFO_V2, PMI_RUSAGE_INFO_V0};
  for (size_t i = 0; i < sizeof flavors / sizeof *flavors; i++) {
    int failure = pmi_os_rusage_of(pid, flavors[i], &vm->usage);
    if (failure == 0 && flavors[i] >= PMI_RUSAGE_INFO_V4)
      vm->known |= PMI_VM_PEAK_FOOTPRINT;
    if (failure != EINVAL)
      return failure == 0 ? PMI_OK : pmi_fail_errno(error, failure, rusage_call, NULL);
  }
  return pmi_fail(error, PMI_ENOSYS, EINVAL, rusage_call, NULL);
}

/*
 * Asks a task. Should the answer to a mere name port be nothing but zeros, it is not believed: a process that has pages
 * resident has internal or external ones, and had them at its peak.
 */
static pmi_code ask_task(pmi_os_port task, pmi_vm *vm, pmi_error *error) {
  pmi_os_task_vm *info = &vm->task_vm;
  int failure = pmi_os_task_vm_of(task, info);
  if (failure == 0 && (info->internal != 0 || info->external != 0 || vm->usage.resident_size == 0))
    vm->known |= PMI_VM_TASK;
  if (failure != PMI_KERN_RESOURCE_SHORTAGE && info->resident_size_peak == 0)
    failure = pmi_os_resident_max_of(task, &info->resident_size_peak);
  if (failure == PMI_KERN_RESOURCE_SHORTAGE)
    return pmi_fail_mach(error, failure, "task_info");
  if (info->resident_size_peak != 0)
    vm->known |= PMI_VM_PEAK;
  return PMI_OK;
}

static pmi_code ask_task_of(uint32_t pid, pmi_vm *vm, pmi_error *error) {
  if (pid == pmi_os_own_pid())
    return ask_task(pmi_os_own_task(), vm, error);

  pmi_os_port task = PMI_PORT_NULL;
  int failure = pmi_os_open_task(pid, &task);
  if (failure == PMI_KERN_RESOURCE_SHORTAGE || failure == PMI_KERN_NO_SPACE)
    return pmi_fail_mach(error, failure, "task_name_for_pid");
  /* A process that has just exited may have no port, or a dead one, and no failure. */
  if (failure != 0 || task == PMI_PORT_NULL || task == PMI_PORT_DEAD)
    return PMI_OK;
  pmi_code code = ask_task(task, vm, error);
  pmi_os_close_port(task);
  return code;
}

pmi_code pmi_ask_vm(uint32_t pid, uint32_t questions, pmi_vm *vm, pmi_error *error) {
  pmi_code code = ask_rusage(pid, vm, error);
  if (code == PMI_OK && (questions & PMI_ASK_TASK) != 0) {
    int failure = pmi_os_task_of(pid, &vm->task);
    if (failure != 0)
      code = pmi_fail_errno(error, failure, "proc_pidinfo", NULL);
  }
  if (code == PMI_OK && (questions & PMI_ASK_TASK_VM) != 0)
    code = ask_task_of(pid, vm, error);
  return code;
}

pmi_code pmi_vm_at(const pmi_target *target, uint32_t questions, pmi_vm *out, pmi_error *error) {
  static const pmi_vm nothing = {.known = PMI_VM_PEAK | PMI_VM_TASK | PMI_VM_PEAK_FOOTPRINT};
  pmi_vm vm = {0};
  bool zombie = false;
  pmi_code code = pmi_target_settle(target, pmi_ask_vm(target->pid, questions, &vm, error), &zombie, error);
  if (code == PMI_OK)
    *out = zombie ? nothing : vm;
  return code;
}
