/* For an operating system that this package has no code for. */
#include "../pmi.h"

pmi_code pmi_read_system(pmi_system *out, pmi_error *error) {
  (void)out;
  return pmi_fail(error, PMI_ENOSYS, 0, "pmi_read_system", NULL);
}
