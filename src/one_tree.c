/* One tree, of a pid or of a process that is held open, for every platform. */
#include "pmi.h"

pmi_code pmi_read_tree(uint32_t root, uint32_t options, pmi_tree *out, pmi_error *error) {
  pmi_tree tree = {0};
  pmi_error why;
  pmi_code code = pmi_read_trees(&root, 1, options, &tree, &why, error);
  if (code == PMI_OK && why.code != PMI_OK) {
    *error = why;
    code = why.code;
  }
  return pmi_tree_finish(&tree, code, out);
}

/* If the process is still alive after the tree was read, the pid was its own all the while. */
pmi_code pmi_handle_read_tree(const pmi_handle *handle, uint32_t options, pmi_tree *out, pmi_error *error) {
  pmi_tree tree = {0};
  pmi_memory memory;
  pmi_error why;
  pmi_code code = pmi_read_tree(pmi_handle_pid(handle), options, &tree, error);
  pmi_code after = pmi_handle_read_memory(handle, &memory, &why);
  if (after == PMI_ESRCH || (code == PMI_OK && after != PMI_OK)) {
    *error = why;
    code = after;
  }
  return pmi_tree_finish(&tree, code, out);
}
