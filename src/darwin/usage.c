/*
 * Reads the counters of a process.
 *
 * proc_pid_rusage (libproc.h) reads processes of the same user, and any process for root; otherwise it fails with
 * EPERM.
 *
 * Only the task has the peak resident size and the split into internal and external: TASK_VM_INFO of task_info
 * (mach/task_info.h), for which the name port of the task is sufficient. task_for_pid, which gives control over the
 * other process, is never called: it may prompt the user for a password, or block indefinitely.
 */
#include "process.h"

/*
 * Reads the counters of a task. If the system returns only zeros for a name port, they are ignored: a process with
 * resident pages has internal or external ones, and a peak.
 */
static pmi_code query_task(pmi_os_port task, pmi_usage *usage, pmi_error *error) {
  pmi_os_task_vm *info = &usage->task_vm;
  int failure = pmi_os_task_vm_of(task, info);
  if (failure == 0 && (info->internal != 0 || info->external != 0 || usage->rusage.resident_size == 0))
    usage->known |= PMI_TASK_VM;
  if (failure != PMI_KERN_RESOURCE_SHORTAGE && info->resident_size_peak == 0)
    failure = pmi_os_resident_max_of(task, &info->resident_size_peak);
  if (failure == PMI_KERN_RESOURCE_SHORTAGE)
    return pmi_fail_mach(error, failure, "task_info");
  if (info->resident_size_peak != 0)
    usage->known |= PMI_PEAK_RESIDENT;
  return PMI_OK;
}

static pmi_code query_task_of(uint32_t pid, pmi_usage *usage, pmi_error *error) {
  if (pid == pmi_os_own_pid())
    return query_task(pmi_os_own_task(), usage, error);

  pmi_os_port task = PMI_PORT_NULL;
  int failure = pmi_os_open_task(pid, &task);
  if (failure == PMI_KERN_RESOURCE_SHORTAGE || failure == PMI_KERN_NO_SPACE)
    return pmi_fail_mach(error, failure, "task_name_for_pid");
  /* The call may succeed for a process that has just exited, with no port or a dead one. */
  if (failure != 0 || task == PMI_PORT_NULL || task == PMI_PORT_DEAD)
    return PMI_OK;
  pmi_code code = query_task(task, usage, error);
  pmi_os_close_port(task);
  return code;
}

pmi_code pmi_rusage_of_pid(uint32_t pid, pmi_os_rusage *out, pmi_error *error) {
  const int failure = pmi_os_rusage_of(pid, out);
  return failure == 0 ? PMI_OK : pmi_fail_errno(error, failure, "proc_pid_rusage", NULL);
}

static pmi_code query(uint32_t pid, pmi_usage *usage, pmi_os_task *task, pmi_error *error) {
  pmi_code code = pmi_rusage_of_pid(pid, &usage->rusage, error);
  if (code != PMI_OK)
    return code;
  const int failure = task == NULL ? 0 : pmi_os_task_of(pid, task);
  return failure == 0 ? query_task_of(pid, usage, error) : pmi_fail_errno(error, failure, "proc_pidinfo", NULL);
}

pmi_code pmi_usage_at(const pmi_target *target, pmi_usage *out, pmi_os_task *task, pmi_error *error) {
  pmi_usage usage = {.known = PMI_PEAK_FOOTPRINT};
  bool zombie = false;
  pmi_code code = pmi_target_verify(target, query(target->pid, &usage, task, error), &zombie, error);
  if (code != PMI_OK)
    return code;
  if (zombie) {
    usage = (pmi_usage){.known = PMI_TASK_VM}; /* zeros, with unknown peaks */
    if (task != NULL)
      *task = (pmi_os_task){0};
  }
  *out = usage;
  return PMI_OK;
}
