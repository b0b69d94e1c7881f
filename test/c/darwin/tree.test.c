/* A process and its descendants, from the list of all processes. */
#include "check.h"
#include "fake.h"
#include "pmi.h"
#include "values.h"

#include <errno.h>
#include <string.h>

enum { ROOT = 400, OTHERS = 5000 };

static pmi_error error;

static fake_process *begin(void) {
  fake_begin();
  fake_add(1, 0, 1);
  return fake_add(ROOT, 1, 1000);
}

static pmi_tree read_with(uint32_t options) {
  pmi_tree tree = {0};
  CHECK_SAME(pmi_read_tree(ROOT, options, &tree, &error), PMI_OK);
  return tree;
}

/* Reads a tree, checks its pids, and frees it. */
static void check_pids(const uint32_t *pids, size_t count) {
  pmi_tree tree = read_with(0);
  CHECK_SAME(tree.count, count);
  for (size_t i = 0; i < count; i++)
    CHECK_SAME(tree.processes[i].pid, pids[i]);
  pmi_tree_free(&tree);
  check_nothing_left();
}

static pmi_code fail(void) {
  pmi_tree tree = {0};
  pmi_code code = pmi_read_tree(ROOT, 0, &tree, &error);
  CHECK(code != PMI_OK);
  CHECK(tree.processes == NULL);
  pmi_tree_free(&tree);
  check_nothing_left();
  return code;
}

TEST(reports_all_figures_of_each_process) {
  begin();
  fake_process *child = fake_add(410, ROOT, 1001);
  child->usage.resident_size = 5 * GIB;
  child->listed.start_microseconds = 999999;
  pmi_tree tree = read_with(0);
  CHECK_SAME(tree.count, 2);
  const pmi_process *process = &tree.processes[1];
  CHECK_SAME(tree.processes[0].pid, ROOT);
  CHECK_SAME(tree.processes[0].ppid, 1);
  CHECK_SAME(tree.processes[0].creation_time_ms, 1000007);
  CHECK_SAME(process->ppid, ROOT);
  CHECK_SAME(process->creation_time_ms, 1001999);
  CHECK_SAME(process->memory.working_set, 5 * GIB);
  CHECK_SAME(process->memory.private_bytes, 30 * MIB);
  CHECK_SAME(process->name_length, 7);
  CHECK_BYTES(tree.names + process->name_offset, "program", 7);
  CHECK_SAME(process->footprint, 0);
  pmi_tree_free(&tree);
}

TEST(puts_parents_first_and_siblings_by_age) {
  static const uint32_t pids[] = {ROOT, 430, 405, 420, 440};
  begin();
  fake_add(405, 430, 1009);
  fake_add(420, ROOT, 1005);
  fake_add(430, ROOT, 1004);
  fake_add(440, 420, 1006);
  fake_add(450, 1, 1002);
  fake_add(460, ROOT, 999); /* older than its parent, which has a reused pid */
  check_pids(pids, sizeof pids / sizeof *pids);
}

TEST(reads_no_process_outside_the_tree) {
  begin();
  for (uint32_t i = 0; i < OTHERS; i++)
    fake_add(10000 + i, 1, 2000);
  check_pids((const uint32_t[]){ROOT}, 1);
  CHECK(fake.calls < 10);
}

TEST(reads_a_tree_of_thousands) {
  begin();
  for (uint32_t i = 0; i < OTHERS; i++)
    fake_add(10000 + i, i == 0 ? ROOT : 9999 + i, 2000 + i);
  pmi_tree tree = read_with(0);
  CHECK_SAME(tree.count, OTHERS + 1);
  pmi_tree_free(&tree);
}

TEST(lists_processes_of_other_users_as_unreadable) {
  begin();
  fake_add(410, ROOT, 1001)->refusal = EPERM;
  fake_add(420, 410, 1002);
  pmi_tree tree = read_with(0);
  CHECK_SAME(tree.count, 2);
  CHECK_SAME(tree.unreadable_count, 1);
  CHECK_SAME(tree.unreadable[0].pid, 410);
  CHECK_SAME(tree.unreadable[0].error.code, PMI_EPERM);
  CHECK_TEXT(tree.unreadable[0].error.syscall, "proc_pid_rusage");
  CHECK_SAME(tree.processes[1].pid, 420); /* the list of children has it, regardless of its parent */
  pmi_tree_free(&tree);
}

TEST(fails_if_the_root_refuses) {
  begin()->refusal = EPERM;
  fake_add(410, ROOT, 1001);
  CHECK_SAME(fail(), PMI_EPERM);
}

TEST(fails_if_there_is_no_root) {
  begin()->gone = true;
  CHECK_SAME(fail(), PMI_ESRCH);
  CHECK_TEXT(error.syscall, "sysctl");
}

TEST(lists_zombies_with_zeros) {
  begin();
  fake_process *zombie = fake_add(410, ROOT, 1001);
  fake_exit(zombie);
  zombie->refusal = EPERM; /* of any user */
  pmi_tree tree = read_with(PMI_TREE_FOOTPRINT);
  CHECK_SAME(tree.count, 2);
  CHECK_SAME(tree.processes[1].memory.working_set, 0);
  CHECK_SAME(tree.processes[1].memory.known, PMI_PRIVATE | PMI_SHARED);
  CHECK_SAME(footprint_value(&tree, 1, "footprint"), 0);
  CHECK_SAME(tree.processes[1].footprint_code, PMI_OK);
  CHECK_SAME(tree.unreadable_count, 0);
  pmi_tree_free(&tree);
}

TEST(reads_footprints_on_request) {
  static const pmi_os_region regions[] = {
      {.address = FAKE_PAGE, .size = 9 * FAKE_PAGE, .share_mode = PMI_SM_PRIVATE, .private_pages_resident = 5}};
  fake_process *root = begin();
  root->regions = regions;
  root->region_count = 1;
  fake_add(410, ROOT, 1001)->usage.phys_footprint = 7 * GIB;
  pmi_tree tree = read_with(PMI_TREE_FOOTPRINT);
  CHECK_SAME(tree.count, 2);
  CHECK_SAME(footprint_value(&tree, 0, "uss"), 5 * FAKE_PAGE);
  CHECK_SAME(footprint_value(&tree, 0, "footprint"), 30 * MIB);
  CHECK_SAME(footprint_value(&tree, 1, "footprint"), 7 * GIB);
  CHECK_SAME(footprint_value(&tree, 1, "uss"), NOT_LISTED);
  CHECK_TEXT(pmi_tree_footprint(&tree, &tree.processes[1])->method, "phys_footprint");
  pmi_tree_free(&tree);
}

static int when;
static size_t who;
static void (*what)(fake_process *process);

static void happen(int call) {
  if (call == when)
    what(&fake.processes[who]);
}

static void vanish(fake_process *process) { process->gone = true; }

TEST(leaves_out_a_child_that_exits_meanwhile) {
  static void (*const events[])(fake_process *) = {vanish, fake_replace};
  who = 2;
  for (size_t event = 0; event < 2; event++) {
    what = events[event];
    for (when = 3;; when++) { /* after it has been listed */
      begin();
      fake_add(410, ROOT, 1001);
      fake.before_call = happen;
      pmi_tree tree = read_with(PMI_TREE_FOOTPRINT);
      int calls = fake.calls;
      CHECK_SAME(tree.count, calls < when ? 2 : 1);
      CHECK_SAME(tree.unreadable_count, 0);
      pmi_tree_free(&tree);
      check_nothing_left();
      if (calls < when)
        break;
    }
    CHECK(when > 15);
  }
}

TEST(fails_if_the_root_exits_meanwhile) {
  enum { CALLS = 6 };
  who = 1;
  what = vanish;
  for (when = 1; when <= CALLS; when++) {
    begin();
    fake.before_call = happen;
    CHECK_SAME(fail(), PMI_ESRCH);
  }
  begin();
  check_pids((const uint32_t[]){ROOT}, 1);
  CHECK_SAME(fake.calls, CALLS);
}

TEST(reads_a_list_that_grows) {
  begin();
  fake.list_grows = 5;
  check_pids((const uint32_t[]){ROOT}, 1);
  CHECK_SAME(fake.lists, 6);
}

TEST(gives_up_on_a_list_that_keeps_growing) {
  begin();
  fake.list_grows = 1000;
  CHECK_SAME(fail(), PMI_EIO);
  CHECK_TEXT(error.syscall, "sysctl");
  CHECK_SAME(fake.lists, 16);
}

TEST(copes_with_an_estimate_that_is_too_small) {
  begin();
  for (uint32_t i = 0; i < 100; i++)
    fake_add(1000 + i, ROOT, 1001);
  fake.list_estimate = 1;
  pmi_tree tree = read_with(0);
  CHECK_SAME(tree.count, 101);
  pmi_tree_free(&tree);
}

TEST(rejects_truncated_and_overstated_lists) {
  begin();
  fake.list_cut = 1;
  CHECK_SAME(fail(), PMI_EIO);
  begin();
  fake.list_overstate = 1000000 * sizeof(pmi_os_process);
  CHECK_SAME(fail(), PMI_EIO);
  begin();
  fake.list_estimate = SIZE_MAX;
  CHECK_SAME(fail(), PMI_EIO);
}

TEST(reports_that_listing_was_refused) {
  begin();
  fake.fail_at = 1;
  fake.fail_with = EPERM;
  CHECK_SAME(fail(), PMI_EPERM);
  CHECK_TEXT(error.syscall, "sysctl");
}

TEST(treats_times_before_the_epoch_as_unknown) {
  begin();
  fake_add(410, ROOT, -5);
  pmi_tree tree = read_with(0);
  CHECK_SAME(tree.count, 2);
  CHECK_SAME(tree.processes[1].creation_time_ms, 0);
  pmi_tree_free(&tree);
}

TEST(reads_each_process_once_for_all_roots) {
  static const uint32_t roots[] = {410, ROOT, 7, 430};
  pmi_tree trees[4] = {{0}};
  pmi_error errors[4];
  begin();
  fake_add(410, ROOT, 1001);
  fake_add(420, 410, 1002)->refusal = EPERM;
  fake_add(430, 1, 1003)->refusal = EPERM;
  CHECK_SAME(pmi_read_tree(ROOT, 0, &trees[0], &error), PMI_OK);
  pmi_tree_free(&trees[0]);
  int calls = fake.calls;
  CHECK_SAME(pmi_read_trees(roots, 2, 0, trees, errors, &error), PMI_OK);
  CHECK_SAME(fake.calls, 2 * calls); /* as many as for the tree that contains the other */
  CHECK_SAME(trees[0].count, 1);
  CHECK_SAME(trees[0].unreadable_count, 1);
  CHECK_SAME(trees[1].count, 2);
  CHECK_SAME(trees[1].unreadable_count, 1);
  pmi_tree_free(&trees[0]);
  pmi_tree_free(&trees[1]);

  CHECK_SAME(pmi_read_trees(roots + 2, 2, 0, trees, errors, &error), PMI_OK);
  CHECK_SAME(errors[0].code, PMI_ESRCH);
  CHECK_SAME(errors[1].code, PMI_EPERM);
  CHECK_TEXT(errors[1].syscall, "proc_pid_rusage");
  CHECK(trees[0].processes == NULL && trees[1].processes == NULL);
}

TEST(reads_the_tree_of_a_handle_until_it_exits) {
  pmi_tree tree = {0};
  pmi_handle *handle = NULL;
  fake_process *root = begin();
  fake_add(410, ROOT, 1001);
  CHECK_SAME(pmi_open_handle(ROOT, &handle, &error), PMI_OK);
  CHECK_SAME(pmi_handle_read_tree(handle, 0, &tree, &error), PMI_OK);
  CHECK_SAME(tree.count, 2);
  pmi_tree_free(&tree);
  fake_replace(root); /* another process has the pid, and its own tree */
  CHECK_SAME(pmi_handle_read_tree(handle, 0, &tree, &error), PMI_ESRCH);
  root->gone = true;
  CHECK_SAME(pmi_handle_read_tree(handle, 0, &tree, &error), PMI_ESRCH);
  CHECK(tree.processes == NULL);
  pmi_close_handle(handle);
}

TEST(reads_all_processes_ordered_by_pid) {
  pmi_tree all = {0};
  begin();
  fake_exit(fake_add(30, 1, 1002));
  fake_add(20, 1, 1003)->refusal = EPERM;
  CHECK_SAME(pmi_read_all(0, &all, &error), PMI_OK);
  CHECK_SAME(all.count, 3);
  CHECK_SAME(all.processes[1].pid, 30);
  CHECK(!all.processes[1].alive);
  CHECK(all.processes[2].alive);
  CHECK_SAME(all.unreadable_count, 1);
  pmi_tree_free(&all);
}
