/*
 * Identifies the process that has a pid, and verifies that it is still the same. See process.h.
 *
 * Any caller may use sysctl(KERN_PROC_PID), also for zombies; it succeeds if there is no such process. The start time
 * does not change on exec(2). Since a pid is not reused while its process exists, one check after a read proves that
 * everything read belongs to the process for which the target was opened.
 */
#include "process.h"

static const char list_call[] = "sysctl";

pmi_code pmi_fail_mach(pmi_error *error, int kern_return, const char *syscall) {
  pmi_code code = PMI_EIO;
  if (kern_return == PMI_KERN_FAILURE || kern_return == PMI_KERN_PROTECTION_FAILURE ||
      kern_return == PMI_KERN_NO_ACCESS)
    code = PMI_EPERM;
  else if (kern_return == PMI_KERN_RESOURCE_SHORTAGE || kern_return == PMI_KERN_NO_SPACE)
    code = PMI_ENOMEM;
  return pmi_fail(error, code, kern_return, syscall, NULL);
}

uint64_t pmi_creation_time_ms(const pmi_os_process *process) {
  if (process->start_seconds < 0 || process->start_microseconds < 0)
    return 0;
  return (uint64_t)process->start_seconds * 1000 + (uint64_t)process->start_microseconds / 1000;
}

static pmi_code look_up(uint32_t pid, pmi_os_process *out, pmi_error *error) {
  bool found = false;
  if (pid <= INT32_MAX) {
    int failure = pmi_os_process_of(pid, out, &found);
    if (failure != 0)
      return pmi_fail_errno(error, failure, list_call, NULL);
  }
  return found ? PMI_OK : pmi_fail(error, PMI_ESRCH, 0, list_call, NULL);
}

pmi_code pmi_target_open(uint32_t pid, pmi_target *out, pmi_error *error) {
  pmi_os_process process = {0};
  pmi_code code = look_up(pid, &process, error);
  if (code == PMI_OK)
    *out = (pmi_target){.pid = pid, .creation_time_ms = pmi_creation_time_ms(&process)};
  return code;
}

pmi_code pmi_target_state(const pmi_target *target, bool *zombie, pmi_error *error) {
  pmi_os_process process = {0};
  pmi_code code = look_up(target->pid, &process, error);
  if (code != PMI_OK)
    return code;
  if (pmi_creation_time_ms(&process) != target->creation_time_ms)
    return pmi_fail(error, PMI_ESRCH, 0, list_call, NULL);
  *zombie = process.is_zombie;
  return PMI_OK;
}

pmi_code pmi_target_verify(const pmi_target *target, pmi_code code, bool *zombie, pmi_error *error) {
  pmi_error why;
  bool is_zombie = false;
  pmi_code state = pmi_target_state(target, &is_zombie, &why);
  if (state == PMI_ESRCH || (code == PMI_OK && state != PMI_OK)) {
    *error = why;
    return state;
  }
  *zombie = is_zombie;
  return is_zombie ? PMI_OK : code;
}
