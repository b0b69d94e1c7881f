/* Several trees, and all processes: one after the other. */
#include "ids.h"
#include "process.h"

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

/* The tree of a process begins with that. */
static pmi_code add(uint32_t pid, uint32_t options, pmi_tree *out, pmi_error *error) {
  pmi_tree tree = {0};
  pmi_error why;
  pmi_code code = pmi_read_tree(pid, options, &tree, &why);
  if (code == PMI_OK)
    code = pmi_tree_copy(out, &tree, &tree.processes[0], error);
  else if (pmi_is_shortage(code))
    *error = why;
  else
    code = code == PMI_ESRCH ? PMI_OK : pmi_tree_add_unreadable(out, pid, &why, error);
  pmi_tree_free(&tree);
  return code;
}

pmi_code pmi_read_all(uint32_t options, pmi_tree *out, pmi_error *error) {
  pmi_ids pids = {0};
  pmi_tree tree = {0};
  pmi_code code = pmi_list_ids(AT_FDCWD, PMI_PROC, &pids, error); /* by pid, as the kernel has them */
  for (size_t i = 0; code == PMI_OK && i < pids.count; i++)
    code = add(pids.ids[i], options, &tree, error);
  pmi_ids_free(&pids);
  if (code == PMI_OK)
    code = pmi_find_shared_memory(&tree, error);
  if (code == PMI_OK)
    *out = tree;
  else
    pmi_tree_free(&tree);
  return code;
}
