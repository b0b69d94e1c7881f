/* Several trees, and all processes: one after the other. */
#include "descent.h"

#include <fcntl.h>

pmi_code pmi_read_trees(const uint32_t *roots, size_t count, uint32_t options, pmi_tree *trees, pmi_error *errors,
                        pmi_error *error) {
  for (size_t i = 0; i < count; i++) {
    errors[i].code = PMI_OK;
    if (pmi_is_shortage(pmi_read_tree(roots[i], options, &trees[i], &errors[i]))) {
      *error = errors[i];
      while (i-- > 0)
        pmi_tree_free(&trees[i]);
      return error->code;
    }
  }
  return PMI_OK;
}

/* Adds a process, or why it cannot be read; but not one that has exited. */
static pmi_code add(pmi_descent *descent, uint32_t pid, pmi_error *error) {
  pmi_error why;
  pmi_code code = pmi_read_alone(descent, pid, &why);
  if (code == PMI_OK || code == PMI_ESRCH)
    return PMI_OK;
  if (!pmi_is_shortage(code))
    return pmi_tree_add_unreadable(descent->tree, pid, &why, error);
  *error = why;
  return code;
}

pmi_code pmi_read_all(uint32_t options, pmi_tree *out, pmi_error *error) {
  pmi_ids pids = {0};
  pmi_tree tree = {0};
  pmi_descent descent = {.options = options, .tree = &tree};
  pmi_code code = pmi_list_ids(AT_FDCWD, PMI_PROC, &pids, error); /* by pid, as the kernel has them */
  for (size_t i = 0; code == PMI_OK && i < pids.count; i++)
    code = add(&descent, pids.ids[i], error);
  pmi_ids_free(&pids);
  pmi_descent_free(&descent);
  if (code == PMI_OK)
    code = pmi_find_shared_memory(&tree, error);
  if (code == PMI_OK)
    *out = tree;
  else
    pmi_tree_free(&tree);
  return code;
}
