/*
 * Selects processes and their descendants from an unordered list, without recursion, since a chain of processes can be
 * arbitrarily long. Sorting takes O(n log n), and each walk is linear in the size of its result.
 */
#include "pmi.h"

#include <stdlib.h>

/* By parent, so that siblings are adjacent; siblings by age, then by pid. */
static int by_parent_and_age(const void *left, const void *right) {
  const pmi_process *a = left;
  const pmi_process *b = right;
  if (a->ppid != b->ppid)
    return a->ppid < b->ppid ? -1 : 1;
  if (a->creation_time_ms != b->creation_time_ms)
    return a->creation_time_ms < b->creation_time_ms ? -1 : 1;
  return a->pid < b->pid ? -1 : a->pid > b->pid;
}

typedef struct pmi_pid_at {
  uint32_t pid;
  size_t index;
} pmi_pid_at;

static int by_pid(const void *left, const void *right) {
  const pmi_pid_at *a = left;
  const pmi_pid_at *b = right;
  if (a->pid != b->pid)
    return a->pid < b->pid ? -1 : 1;
  return a->index < b->index ? -1 : a->index > b->index;
}

pmi_code pmi_forest_init(pmi_forest *forest, pmi_tree *list, pmi_error *error) {
  const size_t count = list->count == 0 ? 1 : list->count; /* calloc(0) may be NULL */
  forest->list = list;
  forest->by_pid = calloc(count, sizeof *forest->by_pid);
  forest->seen = calloc(count, sizeof *forest->seen);
  forest->pending = calloc(count, sizeof *forest->pending);
  forest->chosen = calloc(count, sizeof *forest->chosen);
  if (forest->by_pid == NULL || forest->seen == NULL || forest->pending == NULL || forest->chosen == NULL)
    return pmi_fail_nomem(error);
  if (list->count == 0)
    return PMI_OK;
  qsort(list->processes, list->count, sizeof *list->processes, by_parent_and_age);
  for (size_t i = 0; i < list->count; i++)
    forest->by_pid[i] = (pmi_pid_at){.pid = list->processes[i].pid, .index = i};
  qsort(forest->by_pid, list->count, sizeof *forest->by_pid, by_pid);
  return PMI_OK;
}

void pmi_forest_free(pmi_forest *forest) {
  free(forest->by_pid);
  free(forest->seen);
  free(forest->pending);
  free(forest->chosen);
  *forest = (pmi_forest){0};
}

size_t pmi_forest_nth(const pmi_forest *forest, size_t n) { return forest->by_pid[n].index; }

static bool find(const pmi_forest *forest, uint32_t pid, size_t *index) {
  const pmi_pid_at *sorted = forest->by_pid;
  size_t at = pmi_lower_bound(&sorted->pid, forest->list->count, sizeof *sorted, pid);
  if (at == forest->list->count || sorted[at].pid != pid)
    return false;
  *index = sorted[at].index;
  return true;
}

/* Pushes the children of `parent`: the youngest first, so that the oldest is popped first. */
static pmi_code push_children(pmi_forest *forest, const pmi_process *parent, size_t *depth, pmi_error *error) {
  const pmi_process *sorted = forest->list->processes;
  const size_t count = forest->list->count;
  const size_t begin = pmi_lower_bound(&sorted->ppid, count, sizeof *sorted, parent->pid);
  size_t end = begin;
  while (end < count && sorted[end].ppid == parent->pid)
    end++;
  for (size_t at = end; at-- > begin;) {
    if (forest->seen[at] == forest->walks)
      continue;
    const uint64_t created = sorted[at].creation_time_ms;
    bool child = created == 0 || created >= parent->creation_time_ms;
    pmi_code code = child || forest->judge == NULL ? PMI_OK : forest->judge(&sorted[at], parent, &child, error);
    if (code != PMI_OK)
      return code;
    if (child) {
      forest->seen[at] = forest->walks;
      forest->pending[(*depth)++] = at;
    }
  }
  return PMI_OK;
}

/* `seen` ensures that each process is pushed once per walk, even if the parents form cycles. */
pmi_code pmi_forest_walk(pmi_forest *forest, uint32_t root, size_t *count, pmi_error *error) {
  size_t depth = 0;
  size_t at;
  *count = 0;
  if (!find(forest, root, &at))
    return PMI_OK;
  forest->seen[at] = ++forest->walks;
  forest->pending[depth++] = at;
  while (depth > 0) {
    at = forest->pending[--depth];
    forest->chosen[(*count)++] = at;
    pmi_code code = push_children(forest, &forest->list->processes[at], &depth, error);
    if (code != PMI_OK)
      return code;
  }
  return PMI_OK;
}

/* Keeps only the processes with these indices, in this order. */
static pmi_code keep(pmi_tree *tree, const size_t *chosen, size_t count, pmi_error *error) {
  pmi_process *kept = calloc(count, sizeof *kept);
  if (kept == NULL)
    return pmi_fail_nomem(error);
  for (size_t i = 0; i < count; i++)
    kept[i] = tree->processes[chosen[i]];
  free(tree->processes);
  tree->processes = kept;
  tree->count = tree->capacity = count;
  return PMI_OK;
}

pmi_code pmi_tree_select(pmi_tree *tree, uint32_t root, const char *listed_by, pmi_tree_judge *judge,
                         pmi_error *error) {
  pmi_forest forest = {.judge = judge};
  size_t count = 0;
  pmi_code code = pmi_forest_init(&forest, tree, error);
  if (code == PMI_OK)
    code = pmi_forest_walk(&forest, root, &count, error);
  if (code == PMI_OK)
    code = count == 0 ? pmi_fail(error, PMI_ESRCH, 0, listed_by, NULL) : keep(tree, forest.chosen, count, error);
  pmi_forest_free(&forest);
  return code;
}
