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

static pmi_code is_child(const pmi_process *child, const pmi_process *parent, pmi_tree_judge *judge, bool *out,
                         pmi_error *error) {
  *out = child->creation_time_ms == 0 || child->creation_time_ms >= parent->creation_time_ms;
  return *out || judge == NULL ? PMI_OK : judge(child, parent, out, error);
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

/* What a walk works on. The arrays have room for every process. */
typedef struct tree_walk {
  const pmi_process *sorted;
  size_t count;
  size_t *pending;     /* a stack */
  bool *seen;          /* lets each process onto the stack once, whatever cycles the parents form */
  pmi_process *chosen; /* in pre-order */
  pmi_tree_judge *judge;
} tree_walk;

/* Puts the children of `parent` onto the stack: the youngest first, so that the oldest comes off it first. */
static pmi_code push_children(const tree_walk *walk, const pmi_process *parent, size_t *depth, pmi_error *error) {
  const pmi_process *sorted = walk->sorted;
  size_t begin = first_child(sorted, walk->count, parent->pid);
  size_t end = begin;
  while (end < walk->count && sorted[end].ppid == parent->pid)
    end++;
  for (size_t at = end; at-- > begin;) {
    bool child = false;
    pmi_code code = walk->seen[at] ? PMI_OK : is_child(&sorted[at], parent, walk->judge, &child, error);
    if (code != PMI_OK)
      return code;
    if (child) {
      walk->seen[at] = true;
      walk->pending[(*depth)++] = at;
    }
  }
  return PMI_OK;
}

static pmi_code choose(const tree_walk *walk, size_t root, size_t *written, pmi_error *error) {
  size_t depth = 0;
  walk->seen[root] = true;
  walk->pending[depth++] = root;
  for (*written = 0; depth > 0; ++*written) {
    walk->chosen[*written] = walk->sorted[walk->pending[--depth]];
    pmi_code code = push_children(walk, &walk->chosen[*written], &depth, error);
    if (code != PMI_OK)
      return code;
  }
  return PMI_OK;
}

pmi_code pmi_tree_select_judged(pmi_tree *tree, uint32_t root, const char *listed_by, pmi_tree_judge *judge,
                                pmi_error *error) {
  size_t root_index;
  size_t count = 0;
  if (tree->count > 0)
    qsort(tree->processes, tree->count, sizeof *tree->processes, by_parent_and_age);
  if (!find(tree->processes, tree->count, root, &root_index))
    return pmi_fail(error, PMI_ESRCH, 0, listed_by, NULL);

  pmi_code code;
  tree_walk walk = {
      .sorted = tree->processes,
      .count = tree->count,
      .pending = calloc(tree->count, sizeof *walk.pending),
      .seen = calloc(tree->count, sizeof *walk.seen),
      .chosen = calloc(tree->count, sizeof *walk.chosen),
      .judge = judge,
  };
  if (walk.pending == NULL || walk.seen == NULL || walk.chosen == NULL)
    code = pmi_fail_nomem(error);
  else
    code = choose(&walk, root_index, &count, error);
  if (code == PMI_OK) {
    memcpy(tree->processes, walk.chosen, count * sizeof *walk.chosen);
    tree->count = count;
  }

  free(walk.pending);
  free(walk.seen);
  free(walk.chosen);
  return code;
}

pmi_code pmi_tree_select(pmi_tree *tree, uint32_t root, const char *listed_by, pmi_error *error) {
  return pmi_tree_select_judged(tree, root, listed_by, NULL, error);
}
