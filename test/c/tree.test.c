/* tree.c: the descendants of a root in a list, even a malformed one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"
#include "pmi.h"

static pmi_tree tree;
static pmi_error error;

static int reset(void **state) {
  (void)state;
  pmi_tree_free(&tree);
  memset(&error, 0, sizeof error);
  return 0;
}

static void add(uint32_t pid, uint32_t ppid, uint64_t created) {
  pmi_process process = {.pid = pid, .ppid = ppid, .creation_time_ms = created};
  assert_int_equal(pmi_tree_add(&tree, &process, "p", 1, &error), PMI_OK);
}

static void expect(const uint32_t *pids, size_t count) {
  assert_int_equal(tree.count, count);
  for (size_t i = 0; i < count; i++)
    assert_int_equal(tree.processes[i].pid, pids[i]);
}

#define EXPECT(...) expect((const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static void select_from(uint32_t root) { assert_int_equal(pmi_tree_select(&tree, root, "list", NULL, &error), PMI_OK); }

static void puts_parents_before_children_and_siblings_by_age(void **state) {
  (void)state;
  add(50, 20, 30); /* a grandchild, listed before its parent */
  add(9, 1, 5);    /* unrelated */
  add(30, 10, 20);
  add(20, 10, 25);
  add(10, 1, 10);
  add(40, 10, 20); /* as old as 30: ordered by pid */
  select_from(10);
  EXPECT(10, 30, 40, 20, 50);
}

static void keeps_the_names_with_their_processes(void **state) {
  (void)state;
  const char *names[] = {"", "root", "a b", "\xff)("};
  const uint32_t pids[] = {9, 1, 2, 3};
  for (size_t i = 0; i < 4; i++) {
    pmi_process process = {.pid = pids[i], .ppid = i == 1 ? 0 : 1};
    assert_int_equal(pmi_tree_add(&tree, &process, names[i], strlen(names[i]), &error), PMI_OK);
  }
  select_from(1);
  assert_int_equal(tree.count, 4);
  for (size_t i = 0; i < 4; i++) {
    const pmi_process *process = &tree.processes[i];
    const char *name = process->pid == 9 ? names[0] : names[process->pid];
    assert_int_equal(process->name_length, strlen(name));
    assert_memory_equal(tree.names + process->name_offset, name, strlen(name));
  }
}

static void fails_with_esrch_if_the_root_is_missing(void **state) {
  (void)state;
  assert_int_equal(pmi_tree_select(&tree, 1, "list", NULL, &error), PMI_ESRCH);
  add(2, 1, 0);
  assert_int_equal(pmi_tree_select(&tree, 1, "list", NULL, &error), PMI_ESRCH);
  assert_string_equal(error.syscall, "list");
}

static void excludes_children_older_than_their_parent(void **state) {
  (void)state;
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
  assert_true(child->ppid == parent->pid && child->creation_time_ms < parent->creation_time_ms);
  *is_child = child->pid > 100;
  return child->pid == 99 ? pmi_fail(why, PMI_EMFILE, 0, "judge", NULL) : PMI_OK;
}

static void asks_the_judge_about_children_older_than_their_parent(void **state) {
  (void)state;
  add(10, 1, 10);
  add(20, 10, 9);
  add(120, 10, 8);
  add(121, 120, 9); /* younger than its parent: not asked about */
  add(30, 10, 11);
  assert_int_equal(pmi_tree_select(&tree, 10, "list", judge, &error), PMI_OK);
  EXPECT(10, 120, 121, 30);
  add(99, 10, 1);
  assert_int_equal(pmi_tree_select(&tree, 10, "list", judge, &error), PMI_EMFILE);
  assert_string_equal(error.syscall, "judge");
  assert_int_equal(tree.count, 5);
}

static void survives_cycles(void **state) {
  (void)state;
  add(0, 0, 0); /* its own parent */
  add(1, 2, 0);
  add(2, 1, 0);
  select_from(1);
  EXPECT(1, 2);
  reset(NULL);
  add(0, 0, 0);
  select_from(0);
  EXPECT(0);
}

static void follows_a_chain_of_100_000(void **state) {
  (void)state;
  const uint32_t length = 100000;
  for (uint32_t pid = length; pid >= 1; pid--)
    add(pid, pid - 1, pid);
  select_from(1);
  assert_int_equal(tree.count, length);
  for (uint32_t i = 0; i < length; i++)
    assert_int_equal(tree.processes[i].pid, i + 1);
}

static void lists_100_000_children_of_one_parent(void **state) {
  (void)state;
  const uint32_t count = 100000;
  for (uint32_t pid = count; pid >= 2; pid--)
    add(pid, 1, 0);
  add(1, 0, 0);
  select_from(1);
  assert_int_equal(tree.count, count);
  for (uint32_t i = 0; i < count; i++)
    assert_int_equal(tree.processes[i].pid, i + 1);
}

/* Compares with the definition: p is under root if following the parents leads to root. */
static void agrees_with_the_definition_on_random_lists(void **state) {
  (void)state;
  enum { COUNT = 200 };
  srand(1);
  for (int round = 0; round < 200; round++) {
    uint32_t parents[COUNT + 1];
    reset(NULL);
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
    assert_int_equal(tree.count, expected);
    assert_int_equal(tree.processes[0].pid, root);
    bool seen[COUNT + 1] = {false};
    for (size_t i = 0; i < tree.count; i++) {
      assert_true(i == 0 || seen[tree.processes[i].ppid]);
      assert_false(seen[tree.processes[i].pid]);
      seen[tree.processes[i].pid] = true;
    }
  }
}

static void walks_from_one_root_after_the_other(void **state) {
  (void)state;
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
  assert_int_equal(pmi_forest_init(&forest, &tree, &error), PMI_OK);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    size_t count;
    assert_int_equal(pmi_forest_walk(&forest, cases[i].root, &count, &error), PMI_OK);
    assert_int_equal(count, cases[i].count);
    for (size_t n = 0; n < cases[i].count; n++)
      assert_int_equal(tree.processes[forest.chosen[n]].pid, cases[i].pids[n]);
  }
  for (size_t n = 0; n < 4; n++)
    assert_int_equal(tree.processes[pmi_forest_nth(&forest, n)].pid, (n + 1) * 10);
  pmi_forest_free(&forest);
}

static void fails_completely_when_memory_runs_out(void **state) {
  (void)state;
  for (uint32_t pid = 1; pid <= 16; pid++)
    add(pid, pid - 1, 0);
  for (int skip = 0;; skip++) {
    fault_arm(FAULT_ALLOCATION, skip, ENOMEM);
    pmi_code code = pmi_tree_select(&tree, 1, "list", NULL, &error);
    if (!fault_disarm()) {
      assert_int_equal(code, PMI_OK);
      assert_int_equal(skip, 5);
      break;
    }
    assert_int_equal(code, PMI_ENOMEM);
    assert_int_equal(tree.count, 16);
  }

  pmi_process process = {.pid = 17};
  fault_arm(FAULT_ALLOCATION, 0, ENOMEM);
  assert_int_equal(pmi_tree_add(&tree, &process, "", 0, &error), PMI_ENOMEM);
  assert_true(fault_disarm());
  assert_int_equal(tree.count, 16);

  pmi_error why = {.code = PMI_EPERM};
  fault_arm(FAULT_ALLOCATION, 0, ENOMEM);
  assert_int_equal(pmi_tree_add_unreadable(&tree, 1, &why, &error), PMI_ENOMEM);
  assert_true(fault_disarm());
  assert_int_equal(tree.unreadable_count, 0);
}

static void rejects_sizes_that_overflow(void **state) {
  (void)state;
  char *items = NULL;
  size_t capacity = 0;
  assert_false(pmi_grow(&items, &capacity, SIZE_MAX, 1));
  assert_false(pmi_grow(&items, &capacity, SIZE_MAX / 4, 16));
  assert_null(items);
  assert_int_equal(capacity, 0);
}

static void names_every_code(void **state) {
  (void)state;
  const struct {
    int os_error;
    const char *name;
  } cases[] = {{ESRCH, "ESRCH"},   {ENOENT, "ESRCH"},  {EPERM, "EPERM"},   {EACCES, "EACCES"}, {EMFILE, "EMFILE"},
               {ENFILE, "ENFILE"}, {ENOMEM, "ENOMEM"}, {ENOSYS, "ENOSYS"}, {EIO, "EIO"},       {ELOOP, "EIO"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    pmi_code code = pmi_fail_errno(&error, cases[i].os_error, "call", "path");
    assert_string_equal(pmi_code_name(code), cases[i].name);
    assert_int_equal(error.code, code);
    assert_int_equal(error.os_error, cases[i].os_error);
  }
  assert_string_equal(pmi_code_name(PMI_OK), "OK");
}

static void truncates_long_paths(void **state) {
  (void)state;
  char path[300];
  memset(path, 'x', sizeof path - 1);
  path[sizeof path - 1] = '\0';
  pmi_fail(&error, PMI_EIO, 0, "open", path);
  assert_int_equal(strlen(error.path), PMI_PATH_SIZE - 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(puts_parents_before_children_and_siblings_by_age, reset, reset),
      cmocka_unit_test_setup_teardown(keeps_the_names_with_their_processes, reset, reset),
      cmocka_unit_test_setup_teardown(fails_with_esrch_if_the_root_is_missing, reset, reset),
      cmocka_unit_test_setup_teardown(excludes_children_older_than_their_parent, reset, reset),
      cmocka_unit_test_setup_teardown(asks_the_judge_about_children_older_than_their_parent, reset, reset),
      cmocka_unit_test_setup_teardown(survives_cycles, reset, reset),
      cmocka_unit_test_setup_teardown(follows_a_chain_of_100_000, reset, reset),
      cmocka_unit_test_setup_teardown(lists_100_000_children_of_one_parent, reset, reset),
      cmocka_unit_test_setup_teardown(agrees_with_the_definition_on_random_lists, reset, reset),
      cmocka_unit_test_setup_teardown(walks_from_one_root_after_the_other, reset, reset),
      cmocka_unit_test_setup_teardown(fails_completely_when_memory_runs_out, reset, reset),
      cmocka_unit_test_setup_teardown(rejects_sizes_that_overflow, reset, reset),
      cmocka_unit_test(names_every_code),
      cmocka_unit_test(truncates_long_paths),
  };
  return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
