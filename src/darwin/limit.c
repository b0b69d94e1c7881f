/*
 * macOS has no memory limits for groups of processes. The kernel may have one for a single process (jetsam), for
 * example set by launchd, but reports it only through memorystatus_control, which is in no SDK and is refused to most
 * callers.
 */
#include "process.h"

pmi_code pmi_read_limit(uint32_t pid, pmi_limit *out, pmi_error *error) {
  pmi_target target;
  (void)out;
  pmi_code code = pmi_target_open(pid, &target, error);
  return code == PMI_OK ? pmi_fail(error, PMI_ENOSYS, 0, "memorystatus_control", NULL) : code;
}
