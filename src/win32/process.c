/*
 * Opens a process, and checks whether it has exited. See process.h.
 *
 * PROCESS_QUERY_LIMITED_INFORMATION is granted also for protected processes and those of other users;
 * PROCESS_QUERY_INFORMATION is not. OpenProcess fails with ERROR_INVALID_PARAMETER if no process has the pid, and
 * ignores the lowest two bits of a pid. Pid 0 is always the idle process, which cannot be opened.
 */
#include "process.h"

static bool is_unaligned(uint32_t pid) { return pid % 4 != 0; }

static pmi_code fail_open(uint32_t pid, uint32_t os_error, pmi_error *error) {
  if (os_error == PMI_ERROR_INVALID_PARAMETER || (os_error == PMI_ERROR_ACCESS_DENIED && is_unaligned(pid)))
    return pmi_fail(error, PMI_ESRCH, os_error, "OpenProcess", NULL);
  return pmi_fail_win32(error, os_error, "OpenProcess");
}

pmi_code pmi_target_open(uint32_t pid, pmi_target *out, pmi_error *error) {
  pmi_target target = {.pid = pid, .can_wait = true};
  uint32_t access = PMI_PROCESS_QUERY_LIMITED_INFORMATION;
  if (pid == 0)
    return pmi_fail(error, PMI_EPERM, 0, "OpenProcess", NULL);
  if (pid == pmi_os_current_pid()) {
    *out = (pmi_target){.pid = pid, .process = pmi_os_own_process(), .is_own = true};
    return PMI_OK;
  }
  uint32_t failure = pmi_os_open_process(access | PMI_SYNCHRONIZE, pid, &target.process);
  if (failure == PMI_ERROR_ACCESS_DENIED) {
    target.can_wait = false;
    failure = pmi_os_open_process(access, pid, &target.process);
  }
  if (failure != 0)
    return fail_open(pid, failure, error);
  if (is_unaligned(pid) && pmi_os_process_id(target.process) != pid) {
    pmi_target_close(&target);
    return pmi_fail(error, PMI_ESRCH, 0, "GetProcessId", NULL);
  }
  *out = target;
  return PMI_OK;
}

pmi_code pmi_target_reopen(const pmi_target *target, uint32_t access, pmi_target *out, pmi_error *error) {
  pmi_target again = *target;
  if (!target->is_own) {
    uint32_t failure = pmi_os_open_process(access, target->pid, &again.process);
    if (failure != 0)
      return pmi_fail_win32(error, failure, "OpenProcess");
  }
  *out = again;
  return PMI_OK;
}

void pmi_target_close(const pmi_target *target) {
  if (!target->is_own)
    pmi_os_close(target->process);
}

pmi_code pmi_target_has_exited(const pmi_target *target, bool *out, pmi_error *error) {
  uint32_t failure;
  if (target->is_own) {
    *out = false;
    return PMI_OK;
  }
  if (target->can_wait) {
    failure = pmi_os_has_exited(target->process, out);
    return failure == 0 ? PMI_OK : pmi_fail_win32(error, failure, "WaitForSingleObject");
  }
  uint32_t exit_code;
  failure = pmi_os_exit_code(target->process, &exit_code);
  if (failure != 0)
    return pmi_fail_win32(error, failure, "GetExitCodeProcess");
  *out = exit_code != PMI_STILL_ACTIVE;
  return PMI_OK;
}

pmi_code pmi_target_verify(const pmi_target *target, pmi_code code, pmi_error *error) {
  bool exited = false;
  pmi_error why;
  pmi_code check = pmi_target_has_exited(target, &exited, &why);
  if (check == PMI_OK && exited)
    return pmi_fail(error, PMI_ESRCH, 0, target->can_wait ? "WaitForSingleObject" : "GetExitCodeProcess", NULL);
  if (code == PMI_OK && check != PMI_OK) {
    *error = why;
    return check;
  }
  return code;
}

uint64_t pmi_unix_ms(int64_t filetime) {
  const int64_t epoch = INT64_C(116444736000000000);
  return filetime <= epoch ? 0 : (uint64_t)(filetime - epoch) / 10000;
}

pmi_code pmi_target_creation_time_ms(const pmi_target *target, uint64_t *out, pmi_error *error) {
  int64_t filetime;
  uint32_t failure = pmi_os_creation_time(target->process, &filetime);
  if (failure != 0)
    return pmi_fail_win32(error, failure, "GetProcessTimes");
  *out = pmi_unix_ms(filetime);
  return PMI_OK;
}
