/* tree.c: selects a root and its descendants from processes in any order and with any parents. */
#include "fuzz.h"

#include "pmi.h"

enum { MOST = 300 };

/* Three bytes per process: its pid, its parent, its age. Few distinct values, so that they collide. */
static size_t make(const uint8_t *data, size_t size, pmi_process *out) {
  size_t count = 0;
  for (size_t at = 0; at + 3 <= size && count < MOST; at += 3)
    out[count++] = (pmi_process){.pid = data[at] % 64, .ppid = data[at + 1] % 64, .creation_time_ms = data[at + 2] % 8};
  return count;
}

static bool may_be_child(const pmi_process *child, const pmi_process *parent) {
  return child->ppid == parent->pid &&
         (child->creation_time_ms == 0 || child->creation_time_ms >= parent->creation_time_ms);
}

/* Marks the processes that can be reached from `root`, by iterating over all until nothing changes. */
static size_t reach_slowly(const pmi_process *all, size_t count, size_t root, bool *reached) {
  size_t found = 1;
  reached[root] = true;
  for (bool on = true; on;) {
    on = false;
    for (size_t child = 0; child < count; child++)
      for (size_t parent = 0; !reached[child] && parent < count; parent++)
        if (reached[parent] && may_be_child(&all[child], &all[parent])) {
          reached[child] = on = true;
          found++;
        }
  }
  return found;
}

/* The name is the number of the process in the list. */
static size_t number_of(const pmi_tree *tree, const pmi_process *process) {
  char name[16] = "";
  MUST(process->name_length < sizeof name && process->name_offset + process->name_length <= tree->names_length);
  memcpy(name, tree->names + process->name_offset, process->name_length);
  return (size_t)strtoul(name, NULL, 10);
}

static void check_order(const pmi_tree *tree) {
  for (size_t i = 1; i < tree->count; i++) {
    size_t parent = i;
    while (parent > 0 && !may_be_child(&tree->processes[i], &tree->processes[parent - 1]))
      parent--;
    MUST(parent > 0); /* the parent is listed before */
  }
}

static void check(const pmi_tree *tree, const pmi_process *all, size_t count, uint32_t root) {
  bool reached[MOST] = {false};
  bool seen[MOST] = {false};
  MUST(tree->processes[0].pid == root);
  size_t expected = reach_slowly(all, count, number_of(tree, &tree->processes[0]), reached);
  MUST(tree->count == expected);
  for (size_t i = 0; i < tree->count; i++) {
    size_t number = number_of(tree, &tree->processes[i]);
    MUST(number < count && reached[number] && !seen[number]);
    seen[number] = true;
    MUST(tree->processes[i].pid == all[number].pid && tree->processes[i].ppid == all[number].ppid);
  }
  check_order(tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static pmi_process all[MOST];
  pmi_tree tree = {0};
  pmi_error error;
  if (size == 0)
    return 0;
  uint32_t root = data[0] % 64;
  size_t count = make(data + 1, size - 1, all);
  bool listed = false;
  for (size_t i = 0; i < count; i++) {
    char name[16];
    int length = snprintf(name, sizeof name, "%zu", i);
    MUST(pmi_tree_add(&tree, &all[i], name, (size_t)length, &error) == PMI_OK);
    listed = listed || all[i].pid == root;
  }
  pmi_code code = pmi_tree_select(&tree, root, "list", NULL, &error);
  MUST(code == (listed ? PMI_OK : PMI_ESRCH));
  if (code == PMI_OK)
    check(&tree, all, count, root);
  pmi_tree_free(&tree);
  return 0;
}
