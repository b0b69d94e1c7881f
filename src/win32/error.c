/* Maps GetLastError() and NTSTATUS to the core's codes. */
#include "process.h"

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

bool pmi_is_too_small(uint32_t status) {
  return status == PMI_STATUS_INFO_LENGTH_MISMATCH || status == PMI_STATUS_BUFFER_TOO_SMALL;
}
