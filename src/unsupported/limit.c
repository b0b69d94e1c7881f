/* For an operating system that this package has no code for. */
#include "../pmi.h"

pmi_code pmi_read_limit(uint32_t pid, pmi_limit *out, pmi_error *error) {
  (void)pid;
  (void)out;
  return pmi_fail(error, PMI_ENOSYS, 0, "pmi_read_limit", NULL);
}
