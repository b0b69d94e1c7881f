/* Trees, one or several, and all processes. See descent.h. */
#include "descent.h"

#include <stdlib.h>

static pmi_code read_tree(pmi_descent *descent, uint32_t root, pmi_tree *out, pmi_error *error) {
  pmi_tree tree = {0};
  pmi_code code = pmi_descend(descent, root, &tree, error);
  if (code == PMI_OK)
    code = pmi_tree_select(&tree, root, "read", NULL, error);
  return pmi_tree_finish(&tree, code, out);
}

/* ---- Several trees ---- */

typedef struct pmi_root {
  uint32_t pid;
  size_t index; /* in the list of roots */
} pmi_root;

static int by_pid(const void *left, const void *right) {
  const pmi_root *a = left;
  const pmi_root *b = right;
  if (a->pid != b->pid)
    return a->pid < b->pid ? -1 : 1;
  return a->index < b->index ? -1 : a->index > b->index;
}

/* An ancestor usually has the smaller pid, so it comes first and its descendants are read once. */
static pmi_root *sort_roots(const uint32_t *pids, size_t count) {
  pmi_root *roots = calloc(count + 1, sizeof *roots);
  if (roots == NULL)
    return NULL;
  for (size_t i = 0; i < count; i++)
    roots[i] = (pmi_root){.pid = pids[i], .index = i};
  qsort(roots, count, sizeof *roots, by_pid);
  return roots;
}

/* Records the tree of each process, unless some could not be read: those could be anywhere in the tree. */
static pmi_code note_processes(pmi_id_map *trees, const pmi_tree *tree, size_t index, pmi_error *error) {
  pmi_code code = PMI_OK;
  for (size_t i = 0; code == PMI_OK && tree->unreadable_count == 0 && i < tree->count; i++)
    code = pmi_id_map_put(trees, tree->processes[i].pid, (uint32_t)index, error);
  return code;
}

/* Copies a process of a tree and its descendants, which follow it. */
static pmi_code copy_subtree(const pmi_tree *from, uint32_t root, pmi_tree *out, pmi_error *error) {
  pmi_tree tree = {0};
  pmi_id_map members = {0};
  uint32_t unused;
  size_t at = 0;
  while (from->processes[at].pid != root)
    at++;
  pmi_code code;
  do {
    const pmi_process *process = &from->processes[at++];
    code = pmi_id_map_put(&members, process->pid, 0, error);
    if (code == PMI_OK)
      code = pmi_tree_copy(&tree, from, process, error);
  } while (code == PMI_OK && at < from->count && pmi_id_map_get(&members, from->processes[at].ppid, &unused));
  pmi_id_map_free(&members);
  return pmi_tree_finish(&tree, code, out);
}

/* Reads each process once: the tree of a root that is already in another tree is copied from there. */
static pmi_code read_roots(pmi_descent *descent, const pmi_root *roots, size_t count, pmi_tree *trees,
                           pmi_error *errors, pmi_error *error) {
  pmi_id_map found = {0};
  pmi_code code = PMI_OK;
  for (size_t i = 0; i < count && code == PMI_OK; i++) {
    const uint32_t pid = roots[i].pid;
    const size_t index = roots[i].index;
    pmi_error *why = &errors[index];
    uint32_t other;
    if (pmi_id_map_get(&found, pid, &other)) {
      why->code = PMI_OK;
      code = copy_subtree(&trees[other], pid, &trees[index], error);
      continue;
    }
    /* `why` may have been set by an attempt before the one that succeeded. */
    why->code = read_tree(descent, pid, &trees[index], why);
    if (pmi_is_shortage(why->code)) {
      *error = *why;
      code = why->code;
    } else if (why->code == PMI_OK && i + 1 < count) {
      code = note_processes(&found, &trees[index], index, error);
    }
  }
  pmi_id_map_free(&found);
  return code;
}

pmi_code pmi_read_trees(const uint32_t *pids, size_t count, uint32_t options, pmi_tree *trees, pmi_error *errors,
                        pmi_error *error) {
  pmi_descent descent = {.options = options};
  pmi_root *roots = sort_roots(pids, count);
  pmi_code code = roots == NULL ? pmi_fail_nomem(error) : read_roots(&descent, roots, count, trees, errors, error);
  for (size_t i = 0; i < count && code == PMI_OK; i++)
    code = pmi_find_shared_memory(&trees[i], error);
  for (size_t i = 0; i < count && code != PMI_OK; i++)
    pmi_tree_free(&trees[i]);
  free(roots);
  pmi_descent_free(&descent);
  return code;
}

/* ---- All processes ---- */

/* Adds a process, or the reason why it cannot be read; skips one that has exited. */
static pmi_code add(pmi_descent *descent, uint32_t pid, pmi_error *error) {
  pmi_code code = pmi_visit_root(descent, pid, error);
  if (code == PMI_OK || code == PMI_ESRCH)
    return PMI_OK;
  return pmi_is_shortage(code) ? code : pmi_tree_add_unreadable(descent->tree, pid, error, error);
}

pmi_code pmi_read_all(uint32_t options, pmi_tree *out, pmi_error *error) {
  pmi_ids pids = {0};
  pmi_tree tree = {0};
  pmi_descent descent = {.options = options, .alone = true, .tree = &tree};
  pmi_code code = pmi_list_ids((pmi_base){0}, PMI_PROC, &pids, error); /* by pid, as listed by the kernel */
  pmi_hold_proc(&descent);
  for (size_t i = 0; code == PMI_OK && i < pids.count; i++)
    code = add(&descent, pids.ids[i], error);
  pmi_ids_free(&pids);
  pmi_descent_free(&descent);
  if (code == PMI_OK)
    code = pmi_find_shared_memory(&tree, error);
  return pmi_tree_finish(&tree, code, out);
}
