/*
 * Chooses a process and its descendants out of a list in any order. Pure: no system call, no recursion (a chain of
 * processes can be as long as the machine allows), O(n log n).
 */
#include "pmi.h"

#include <stdlib.h>
#include <string.h>

/* By parent, so that siblings stand together; among them by age, then by pid. */
static int by_parent_and_age(const void *left, const void *right) {
  const pmi_process *a = left;
  const pmi_process *b = right;
  if (a->ppid != b->ppid)
    return a->ppid < b->ppid ? -1 : 1;
  if (a->creation_time_ms != b->creation_time_ms)
    return a->creation_time_ms < b->creation_time_ms ? -1 : 1;
  return a->pid < b->pid ? -1 : a->pid > b->pid;
}

static bool may_be_child(const pmi_process *child, const pmi_process *parent) {
  return child->creation_time_ms == 0 || child->creation_time_ms >= parent->creation_time_ms;
}

/* The first of the processes, sorted by parent, whose parent is `ppid`; or where it would stand. */
static size_t first_child(const pmi_process *sorted, size_t count, uint32_t ppid) {
  size_t low = 0;
  size_t high = count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (sorted[middle].ppid < ppid)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static bool find(const pmi_process *processes, size_t count, uint32_t pid, size_t *index) {
  for (*index = 0; *index < count; ++*index)
    if (processes[*index].pid == pid)
      return true;
  return false;
}

/*
 * Writes root and descendants to `chosen` in pre-order and returns how many. `pending` is the stack. Both have room for
 * every process: `seen` lets each onto the stack once, whatever cycles the parents form.
 */
static size_t walk(const pmi_process *sorted, size_t count, size_t root, size_t *pending, bool *seen,
                   pmi_process *chosen) {
  size_t depth = 0;
  size_t written = 0;
  seen[root] = true;
  pending[depth++] = root;
  while (depth > 0) {
    const pmi_process *parent = &sorted[pending[--depth]];
    chosen[written++] = *parent;

    size_t begin = first_child(sorted, count, parent->pid);
    size_t end = begin;
    while (end < count && sorted[end].ppid == parent->pid)
      end++;
    /* The youngest goes onto the stack first, so that the oldest comes off it first. */
    for (size_t at = end; at-- > begin;) {
      if (!seen[at] && may_be_child(&sorted[at], parent)) {
        seen[at] = true;
        pending[depth++] = at;
      }
    }
  }
  return written;
}

pmi_code pmi_tree_select(pmi_tree *tree, uint32_t root, const char *listed_by, pmi_error *error) {
  pmi_code code = PMI_OK;
  size_t *pending = NULL;
  bool *seen = NULL;
  pmi_process *chosen = NULL;
  size_t root_index;

  if (tree->count > 0)
    qsort(tree->processes, tree->count, sizeof *tree->processes, by_parent_and_age);
  if (!find(tree->processes, tree->count, root, &root_index))
    return pmi_fail(error, PMI_ESRCH, 0, listed_by, NULL);

  pending = calloc(tree->count, sizeof *pending);
  seen = calloc(tree->count, sizeof *seen);
  chosen = calloc(tree->count, sizeof *chosen);
  if (pending == NULL || seen == NULL || chosen == NULL) {
    code = pmi_fail_nomem(error);
    goto done;
  }
  tree->count = walk(tree->processes, tree->count, root_index, pending, seen, chosen);
  memcpy(tree->processes, chosen, tree->count * sizeof *chosen);

done:
  free(pending);
  free(seen);
  free(chosen);
  return code;
}
