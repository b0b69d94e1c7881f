/* Processes and all that is below them. See descent.h. */
#include "descent.h"

pmi_code pmi_read_tree(uint32_t root, uint32_t options, pmi_tree *out, pmi_error *error) {
  pmi_tree tree = {0};
  pmi_descent descent = {.options = options, .tree = &tree};
  pmi_code code = pmi_descend(&descent, root, error);
  if (code == PMI_OK)
    code = pmi_tree_select(&tree, root, "read", error);
  if (code == PMI_OK)
    code = pmi_find_shared_memory(&tree, error);
  if (code == PMI_OK)
    *out = tree;
  else
    pmi_tree_free(&tree);
  pmi_descent_free(&descent);
  return code;
}
