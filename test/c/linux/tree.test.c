/* tree.c: the descendants of a root in a list, even a malformed one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "faults.h"
#include "pmi.h"

static pmi_tree tree;
static pmi_error error;

AFTER(reset) {
  pmi_tree_free(&tree);
  memset(&error, 0, sizeof error);
}

static void add(uint32_t pid, uint32_t ppid, uint64_t created) {
  pmi_process process = {.pid = pid, .ppid = ppid, .creation_time_ms = created};
  CHECK_SAME(pmi_tree_add(&tree, &process, "p", 1, &error), PMI_OK);
}

static void expect(const uint32_t *pids, size_t count) {
  CHECK_SAME(tree.count, count);
  for (size_t i = 0; i < count; i++)
    CHECK_SAME(tree.processes[i].pid, pids[i]);
}

#define EXPECT(...) expect((const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static void select_from(uint32_t root) { CHECK_SAME(pmi_tree_select(&tree, root, "list", NULL, &error), PMI_OK); }

TEST(puts_parents_before_children_and_siblings_by_age) {
  add(50, 20, 30); /* a grandchild, listed before its parent */
  add(9, 1, 5);    /* unrelated */
  add(30, 10, 20);
  add(20, 10, 25);
  add(10, 1, 10);
  add(40, 10, 20); /* as old as 30: ordered by pid */
  select_from(10);
  EXPECT(10, 30, 40, 20, 50);
}

TEST(keeps_the_names_with_their_processes) {
  const char *names[] = {"", "root", "a b", "\xff)("};
  const uint32_t pids[] = {9, 1, 2, 3};
  for (size_t i = 0; i < 4; i++) {
    pmi_process process = {.pid = pids[i], .ppid = i == 1 ? 0 : 1};
    CHECK_SAME(pmi_tree_add(&tree, &process, names[i], strlen(names[i]), &error), PMI_OK);
  }
  select_from(1);
  CHECK_SAME(tree.count, 4);
  for (size_t i = 0; i < 4; i++) {
    const pmi_process *process = &tree.processes[i];
    const char *name = process->pid == 9 ? names[0] : names[process->pid];
    CHECK_SAME(process->name_length, strlen(name));
    CHECK_BYTES(tree.names + process->name_offset, name, strlen(name));
  }
}

TEST(fails_with_esrch_if_the_root_is_missing) {
  CHECK_SAME(pmi_tree_select(&tree, 1, "list", NULL, &error), PMI_ESRCH);
  add(2, 1, 0);
  CHECK_SAME(pmi_tree_select(&tree, 1, "list", NULL, &error), PMI_ESRCH);
  CHECK_TEXT(error.syscall, "list");
}

TEST(excludes_children_older_than_their_parent) {
  add(10, 1, 100);
  add(11, 10, 99);  /* the child of an earlier process 10 */
  add(12, 11, 200); /* and the child of that child */
  add(13, 10, 100); /* started in the same tick */
  add(14, 10, 0);   /* with an unknown start time */
  select_from(10);
  EXPECT(10, 14, 13);
}

/* Pids above 100 are children regardless of their creation time; 99 cannot be judged. */
static pmi_code judge(const pmi_process *child, const pmi_process *parent, bool *is_child, pmi_error *why) {
  CHECK(child->ppid == parent->pid && child->creation_time_ms < parent->creation_time_ms);
  *is_child = child->pid > 100;
  return child->pid == 99 ? pmi_fail(why, PMI_EMFILE, 0, "judge", NULL) : PMI_OK;
}

TEST(asks_the_judge_about_children_older_than_their_parent) {
  add(10, 1, 10);
  add(20, 10, 9);
  add(120, 10, 8);
  add(121, 120, 9); /* younger than its parent: not asked about */
  add(30, 10, 11);
  CHECK_SAME(pmi_tree_select(&tree, 10, "list", judge, &error), PMI_OK);
  EXPECT(10, 120, 121, 30);
  add(99, 10, 1);
  CHECK_SAME(pmi_tree_select(&tree, 10, "list", judge, &error), PMI_EMFILE);
  CHECK_TEXT(error.syscall, "judge");
  CHECK_SAME(tree.count, 5);
}

TEST(survives_cycles) {
  add(0, 0, 0); /* its own parent */
  add(1, 2, 0);
  add(2, 1, 0);
  select_from(1);
  EXPECT(1, 2);
  reset();
  add(0, 0, 0);
  select_from(0);
  EXPECT(0);
}

TEST(follows_a_chain_of_100_000) {
  const uint32_t length = 100000;
  for (uint32_t pid = length; pid >= 1; pid--)
    add(pid, pid - 1, pid);
  select_from(1);
  CHECK_SAME(tree.count, length);
  for (uint32_t i = 0; i < length; i++)
    CHECK_SAME(tree.processes[i].pid, i + 1);
}

TEST(lists_100_000_children_of_one_parent) {
  const uint32_t count = 100000;
  for (uint32_t pid = count; pid >= 2; pid--)
    add(pid, 1, 0);
  add(1, 0, 0);
  select_from(1);
  CHECK_SAME(tree.count, count);
  for (uint32_t i = 0; i < count; i++)
    CHECK_SAME(tree.processes[i].pid, i + 1);
}

/* Compares with the definition: p is under root if following the parents leads to root. */
TEST(agrees_with_the_definition_on_random_lists) {
  enum { COUNT = 200 };
  srand(1);
  for (int round = 0; round < 200; round++) {
    uint32_t parents[COUNT + 1];
    reset();
    for (uint32_t pid = 1; pid <= COUNT; pid++) {
      parents[pid] = (uint32_t)rand() % (COUNT + 1);
      add(pid, parents[pid], 0);
    }
    uint32_t root = 1 + (uint32_t)rand() % COUNT;
    size_t expected = 0;
    for (uint32_t pid = 1; pid <= COUNT; pid++) {
      uint32_t at = pid;
      for (int steps = 0; steps <= COUNT && at != root && at != 0; steps++)
        at = parents[at];
      expected += at == root;
    }
    select_from(root);
    CHECK_SAME(tree.count, expected);
    CHECK_SAME(tree.processes[0].pid, root);
    bool seen[COUNT + 1] = {false};
    for (size_t i = 0; i < tree.count; i++) {
      CHECK(i == 0 || seen[tree.processes[i].ppid]);
      CHECK(!seen[tree.processes[i].pid]);
      seen[tree.processes[i].pid] = true;
    }
  }
}

TEST(walks_from_one_root_after_the_other) {
  add(30, 10, 3);
  add(10, 1, 1);
  add(20, 10, 2);
  add(40, 30, 4);
  const struct {
    uint32_t root;
    size_t count;
    uint32_t pids[4];
  } cases[] = {{10, 4, {10, 20, 30, 40}}, {30, 2, {30, 40}}, {7, 0, {0}}, {10, 4, {10, 20, 30, 40}}};
  pmi_forest forest = {0};
  CHECK_SAME(pmi_forest_init(&forest, &tree, &error), PMI_OK);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    size_t count;
    CHECK_SAME(pmi_forest_walk(&forest, cases[i].root, &count, &error), PMI_OK);
    CHECK_SAME(count, cases[i].count);
    for (size_t n = 0; n < cases[i].count; n++)
      CHECK_SAME(tree.processes[forest.chosen[n]].pid, cases[i].pids[n]);
  }
  for (size_t n = 0; n < 4; n++)
    CHECK_SAME(tree.processes[pmi_forest_nth(&forest, n)].pid, (n + 1) * 10);
  pmi_forest_free(&forest);
}

TEST(fails_completely_when_memory_runs_out) {
  for (uint32_t pid = 1; pid <= 16; pid++)
    add(pid, pid - 1, 0);
  for (int skip = 0;; skip++) {
    fault_arm(FAULT_ALLOCATION, skip, ENOMEM);
    pmi_code code = pmi_tree_select(&tree, 1, "list", NULL, &error);
    if (!fault_disarm()) {
      CHECK_SAME(code, PMI_OK);
      CHECK_SAME(skip, 5);
      break;
    }
    CHECK_SAME(code, PMI_ENOMEM);
    CHECK_SAME(tree.count, 16);
  }

  pmi_process process = {.pid = 17};
  fault_arm(FAULT_ALLOCATION, 0, ENOMEM);
  CHECK_SAME(pmi_tree_add(&tree, &process, "", 0, &error), PMI_ENOMEM);
  CHECK(fault_disarm());
  CHECK_SAME(tree.count, 16);

  pmi_error why = {.code = PMI_EPERM};
  fault_arm(FAULT_ALLOCATION, 0, ENOMEM);
  CHECK_SAME(pmi_tree_add_unreadable(&tree, 1, &why, &error), PMI_ENOMEM);
  CHECK(fault_disarm());
  CHECK_SAME(tree.unreadable_count, 0);
}

TEST(rejects_sizes_that_overflow) {
  char *items = NULL;
  size_t capacity = 0;
  CHECK(!pmi_grow(&items, &capacity, SIZE_MAX, 1));
  CHECK(!pmi_grow(&items, &capacity, SIZE_MAX / 4, 16));
  CHECK(items == NULL);
  CHECK_SAME(capacity, 0);
}

TEST(names_every_code) {
  const struct {
    int os_error;
    const char *name;
  } cases[] = {{ESRCH, "ESRCH"},   {ENOENT, "ESRCH"},  {EPERM, "EPERM"},   {EACCES, "EACCES"}, {EMFILE, "EMFILE"},
               {ENFILE, "ENFILE"}, {ENOMEM, "ENOMEM"}, {ENOSYS, "ENOSYS"}, {EIO, "EIO"},       {ELOOP, "EIO"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    pmi_code code = pmi_fail_errno(&error, cases[i].os_error, "call", "path");
    CHECK_TEXT(pmi_code_name(code), cases[i].name);
    CHECK_SAME(error.code, code);
    CHECK_SAME(error.os_error, cases[i].os_error);
  }
  CHECK_TEXT(pmi_code_name(PMI_OK), "OK");
}

TEST(truncates_long_paths) {
  char path[300];
  memset(path, 'x', sizeof path - 1);
  path[sizeof path - 1] = '\0';
  pmi_fail(&error, PMI_EIO, 0, "open", path);
  CHECK_SAME(strlen(error.path), PMI_PATH_SIZE - 1);
}
