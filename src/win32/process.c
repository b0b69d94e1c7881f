/*
 * Opening a process, and finding out whether it is still one. See process.h.
 *
 * PROCESS_QUERY_LIMITED_INFORMATION is given for protected processes and for those of other users, where
 * PROCESS_QUERY_INFORMATION is not. OpenProcess fails with ERROR_INVALID_PARAMETER for a pid that is nobody's, but for
 * 0 as well, which is the idle process's; and it ignores the lowest two bits of a pid.
 */
#include "process.h"

#include "listing.h"

static pmi_code code_of_win32(uint32_t os_error) {
  switch (os_error) {
  case PMI_ERROR_ACCESS_DENIED:
    return PMI_EPERM;
  case PMI_ERROR_TOO_MANY_OPEN_FILES:
    return PMI_EMFILE;
  case PMI_ERROR_NOT_ENOUGH_MEMORY:
  case PMI_ERROR_OUTOFMEMORY:
  case PMI_ERROR_NO_SYSTEM_RESOURCES:
  case PMI_ERROR_COMMITMENT_LIMIT:
    return PMI_ENOMEM;
  case PMI_ERROR_NOT_SUPPORTED:
  case PMI_ERROR_CALL_NOT_IMPLEMENTED:
    return PMI_ENOSYS;
  default:
    return PMI_EIO;
  }
}

static pmi_code code_of_nt(uint32_t status) {
  switch (status) {
  case PMI_STATUS_INVALID_CID:
    return PMI_ESRCH;
  case PMI_STATUS_ACCESS_DENIED:
    return PMI_EPERM;
  case PMI_STATUS_TOO_MANY_OPENED_FILES:
    return PMI_EMFILE;
  case PMI_STATUS_NO_MEMORY:
  case PMI_STATUS_INSUFFICIENT_RESOURCES:
  case PMI_STATUS_COMMITMENT_LIMIT:
    return PMI_ENOMEM;
  case PMI_STATUS_NOT_IMPLEMENTED:
  case PMI_STATUS_INVALID_INFO_CLASS:
  case PMI_STATUS_NOT_SUPPORTED:
    return PMI_ENOSYS;
  default:
    return PMI_EIO;
  }
}

pmi_code pmi_fail_win32(pmi_error *error, uint32_t os_error, const char *syscall) {
  return pmi_fail(error, code_of_win32(os_error), os_error, syscall, NULL);
}

pmi_code pmi_fail_nt(pmi_error *error, uint32_t status, const char *syscall) {
  return pmi_fail(error, code_of_nt(status), status, syscall, NULL);
}

static bool is_unaligned(uint32_t pid) { return pid % 4 != 0; }

/* OpenProcess says the same of the idle process as of one that is not there. */
static pmi_code refuse_idle_process(uint32_t os_error, pmi_error *error) {
  pmi_listing listing = {0};
  pmi_listed idle;
  pmi_code code = pmi_listing_read(&listing, error);
  if (code == PMI_OK)
    code = pmi_listing_find(&listing, 0, &idle, error);
  if (code == PMI_OK)
    code = pmi_fail(error, PMI_EPERM, os_error, "OpenProcess", NULL);
  pmi_listing_free(&listing);
  return code;
}

static pmi_code fail_open(uint32_t pid, uint32_t os_error, pmi_error *error) {
  if (pid == 0)
    return refuse_idle_process(os_error, error);
  if (os_error == PMI_ERROR_INVALID_PARAMETER || (os_error == PMI_ERROR_ACCESS_DENIED && is_unaligned(pid)))
    return pmi_fail(error, PMI_ESRCH, os_error, "OpenProcess", NULL);
  return pmi_fail_win32(error, os_error, "OpenProcess");
}

pmi_code pmi_target_open(uint32_t pid, pmi_target *out, pmi_error *error) {
  pmi_target target = {.pid = pid, .process = NULL, .can_wait = true};
  uint32_t access = PMI_PROCESS_QUERY_LIMITED_INFORMATION;
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

void pmi_target_close(const pmi_target *target) { pmi_os_close(target->process); }

pmi_code pmi_target_has_exited(const pmi_target *target, bool *out, pmi_error *error) {
  uint32_t failure;
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

pmi_code pmi_target_settle(const pmi_target *target, pmi_code code, pmi_error *error) {
  bool exited = false;
  pmi_error why;
  pmi_code asked = pmi_target_has_exited(target, &exited, &why);
  if (asked == PMI_OK && exited)
    return pmi_fail(error, PMI_ESRCH, 0, target->can_wait ? "WaitForSingleObject" : "GetExitCodeProcess", NULL);
  if (code == PMI_OK && asked != PMI_OK) {
    *error = why;
    return asked;
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
