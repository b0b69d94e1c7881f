/*
 * Maps errno to the codes of the core, and these to names. Platforms with other error numbers map them and call
 * pmi_fail().
 */
#include "pmi.h"

#include <errno.h>
#include <string.h>

const char *pmi_code_name(pmi_code code) {
  switch (code) {
  case PMI_OK:
    return "OK";
  case PMI_ESRCH:
    return "ESRCH";
  case PMI_EPERM:
    return "EPERM";
  case PMI_EACCES:
    return "EACCES";
  case PMI_EMFILE:
    return "EMFILE";
  case PMI_ENFILE:
    return "ENFILE";
  case PMI_ENOMEM:
    return "ENOMEM";
  case PMI_ENOSYS:
    return "ENOSYS";
  case PMI_EIO:
    break;
  }
  return "EIO";
}

bool pmi_is_shortage(pmi_code code) { return code == PMI_EMFILE || code == PMI_ENFILE || code == PMI_ENOMEM; }

pmi_code pmi_fail(pmi_error *error, pmi_code code, int64_t os_error, const char *syscall, const char *path) {
  size_t length = path == NULL ? 0 : strlen(path);
  if (length >= sizeof error->path)
    length = sizeof error->path - 1;
  error->code = code;
  error->os_error = os_error;
  error->syscall = syscall;
  if (length > 0)
    memcpy(error->path, path, length);
  error->path[length] = '\0';
  return code;
}

static pmi_code code_of_errno(int os_error) {
  switch (os_error) {
  case ESRCH:
  case ENOENT: /* /proc: the directory or the files of the process do not exist any more */
    return PMI_ESRCH;
  case EPERM:
    return PMI_EPERM;
  case EACCES:
    return PMI_EACCES;
  case EMFILE:
    return PMI_EMFILE;
  case ENFILE:
    return PMI_ENFILE;
  case ENOMEM:
    return PMI_ENOMEM;
  case ENOSYS:
    return PMI_ENOSYS;
  default:
    return PMI_EIO;
  }
}

pmi_code pmi_fail_errno(pmi_error *error, int os_error, const char *syscall, const char *path) {
  return pmi_fail(error, code_of_errno(os_error), os_error, syscall, path);
}

pmi_code pmi_fail_nomem(pmi_error *error) { return pmi_fail(error, PMI_ENOMEM, ENOMEM, "malloc", NULL); }
