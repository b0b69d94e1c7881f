/* For an operating system that this package has no code for: it compiles, loads, and says so. */
#include "../pmi.h"

pmi_code pmi_read_memory(uint32_t pid, pmi_memory *out, pmi_error *error) {
  (void)pid;
  (void)out;
  return pmi_fail(error, PMI_ENOSYS, 0, "pmi_read_memory", NULL);
}
