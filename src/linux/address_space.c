/*
 * Processes that share one address space, created by vfork(2) or by clone(2) with CLONE_VM. The kernel reports all of
 * the memory for each, so a sum over a tree must count it once. kcmp(2) compares them; it needs the right to trace
 * both, and Docker refuses it by default. It is called only if the last regions end at the same address, which is
 * randomized at exec(2).
 */
#include "process.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { KCMP_VM = 1 }; /* of <linux/kcmp.h>, which musl's headers lack */

/* Results of kcmp besides -1; the order is internal to the kernel. */
enum { SAME, LESS };

/* A process that has a footprint of its own. */
typedef struct candidate {
  uint64_t key;
  size_t index; /* in the tree */
} candidate;

static int by_key_and_index(const void *left, const void *right) {
  const candidate *a = left;
  const candidate *b = right;
  if (a->key != b->key)
    return a->key < b->key ? -1 : 1;
  return a->index < b->index ? -1 : a->index > b->index;
}

/*
 * Finds a process, or the position to insert it, among `count` others with distinct address spaces in the kernel's
 * order.
 */
static int find(const pmi_tree *tree, const candidate *sorted, size_t count, uint32_t pid, size_t *at) {
  size_t end = count;
  *at = 0;
  while (*at < end) {
    size_t middle = *at + (end - *at) / 2;
    long order = syscall(SYS_kcmp, (pid_t)pid, (pid_t)tree->processes[sorted[middle].index].pid, KCMP_VM, 0, 0);
    if (order == -1)
      return errno;
    if (order == SAME) {
      *at = middle;
      return 0;
    }
    if (order == LESS)
      end = middle;
    else
      *at = middle + 1;
  }
  return ENOENT;
}

static uint64_t value_of(const pmi_tree *tree, size_t index, const char *name) {
  const pmi_values *values = &pmi_tree_footprint(tree, &tree->processes[index])->values;
  for (size_t i = 0; i < values->count; i++)
    if (strcmp(values->items[i].name, name) == 0)
      return values->items[i].value;
  return 0;
}

/* Whether both values may be of the same memory, read at different times. */
static bool is_near(const pmi_tree *tree, size_t a, size_t b, const char *name) {
  uint64_t left = value_of(tree, a, name);
  uint64_t right = value_of(tree, b, name);
  uint64_t more = left > right ? left : right;
  return more - (left < right ? left : right) <= more / 64;
}

static bool may_be_same(const pmi_tree *tree, size_t a, size_t b) {
  return is_near(tree, a, b, "uss") && is_near(tree, a, b, "footprint");
}

/*
 * Compares candidates with equal keys. Those with distinct address spaces are moved to the front, in the kernel's
 * order.
 */
static void compare(pmi_tree *tree, candidate *group, size_t count) {
  size_t own = 0;
  for (size_t i = 0; i < count; i++) {
    const candidate one = group[i];
    pmi_process *process = &tree->processes[one.index];
    pmi_error error;
    size_t at;
    int result = find(tree, group, own, process->pid, &at);
    if (result == 0) {
      process->shares_memory_with = tree->processes[group[at].index].pid;
    } else if (result == ENOENT) {
      memmove(group + at + 1, group + at, (own - at) * sizeof *group);
      group[at] = one;
      own++;
    } else if (result != ESRCH) { /* ESRCH: one of both has exited */
      for (size_t other = 0; other < own && process->footprint_code == PMI_OK; other++)
        if (may_be_same(tree, group[other].index, one.index))
          process->footprint_code = pmi_fail_errno(&error, result, "kcmp", NULL);
      group[own++] = one;
    }
  }
}

static size_t list_candidates(const pmi_tree *tree, candidate *out) {
  size_t count = 0;
  for (size_t i = 0; i < tree->count; i++) {
    const pmi_footprint *footprint = pmi_tree_footprint(tree, &tree->processes[i]);
    if (footprint != NULL && footprint->memory_key != 0)
      out[count++] = (candidate){footprint->memory_key, i};
  }
  return count;
}

pmi_code pmi_find_shared_memory(pmi_tree *tree, pmi_error *error) {
  if (tree->footprints_count < 2)
    return PMI_OK;
  candidate *candidates = calloc(tree->count, sizeof *candidates);
  if (candidates == NULL)
    return pmi_fail_nomem(error);
  size_t count = list_candidates(tree, candidates);
  qsort(candidates, count, sizeof *candidates, by_key_and_index);
  for (size_t begin = 0, end; begin < count; begin = end) {
    for (end = begin + 1; end < count && candidates[end].key == candidates[begin].key; end++)
      ;
    compare(tree, candidates + begin, end - begin);
  }
  free(candidates);
  return PMI_OK;
}
