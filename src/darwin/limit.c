/*
 * macOS has no groups of processes with a limit on their memory. The kernel may have one for a single process (jetsam),
 * such as launchd sets, and tells it by memorystatus_control only, which is in no SDK and is refused to most: it is out
 * of the caller's view.
 */
#include "process.h"

pmi_code pmi_read_limit(uint32_t pid, pmi_limit *out, pmi_error *error) {
  pmi_target target;
  (void)out;
  pmi_code code = pmi_target_open(pid, &target, error);
  return code == PMI_OK ? pmi_fail(error, PMI_ENOSYS, 0, "memorystatus_control", NULL) : code;
}
