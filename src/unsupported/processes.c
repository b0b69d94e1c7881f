/* For an operating system that this package has no code for. */
#include "../pmi.h"

pmi_code pmi_read_tree(uint32_t root, uint32_t options, pmi_tree *out, pmi_error *error) {
  (void)root;
  (void)options;
  (void)out;
  return pmi_fail(error, PMI_ENOSYS, 0, "pmi_read_tree", NULL);
}
