/* Trees when files of /proc are malformed, change between reads, or fail: no process is lost or invented. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "faults.h"
#include "pmi.h"
#include "scene.h"
#include "values.h"

static pmi_error error;
static pmi_tree tree;

BEFORE(begin) { scene_begin(); }

AFTER(end) {
  fault_disarm();
  pmi_tree_free(&tree);
  scene_end();
}

static pmi_code read_tree(void) {
  pmi_tree_free(&tree);
  return pmi_read_tree(42, 0, &tree, &error);
}

static bool has(uint32_t pid) {
  for (size_t i = 0; i < tree.count; i++)
    if (tree.processes[i].pid == pid)
      return true;
  return false;
}

/* Writes a process, its main thread, and its children file; NULL for none. */
static void put(uint32_t pid, uint32_t ppid, const char *children) {
  scene_process(pid, ppid, 100 + pid, 1);
  if (children != NULL)
    scene_children(pid, pid, children);
}

/* 42 has the child 43, which has the child 44; another process is unrelated. */
static void put_family(void) {
  scene_write("thread-self/children", "");
  put(1, 0, "42 50 ");
  put(42, 1, "43 ");
  put(43, 42, "44 ");
  put(44, 43, "");
  put(50, 1, "");
}

static void expect_family(void) {
  CHECK_SAME(tree.count, 3);
  CHECK(has(42) && has(43) && has(44));
}

TEST(scans_if_a_children_file_is_malformed) {
  const char *lists[] = {"43 ", "43", "x", "4x", "43 ?", "99999999999 43 ", "-1 43 ", "43,44"};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    scene_begin();
    put_family();
    scene_write("42/task/42/children", lists[i]);
    CHECK_SAME(read_tree(), PMI_OK);
    expect_family();
  }
}

/* The descendants of a process that cannot be read are unknown. */
static void expect_family_or_the_unreadable(void) {
  bool cut_off = tree.unreadable_count == 1 && tree.unreadable[0].pid == 43;
  CHECK_SAME(tree.count + tree.unreadable_count, cut_off ? 2 : 3);
}

/* Makes each call fail in turn: only a call about the root may fail the tree, and no other process may be missing. */
TEST(does_not_fail_because_of_a_file_of_another_process) {
  const int os_errors[] = {EIO, EINVAL, EACCES};
  const fault_kind kinds[] = {FAULT_READ, FAULT_OPEN, FAULT_LIST};
  put_family();
  for (size_t i = 0; i < 9; i++) {
    for (int skip = 0;; skip++) {
      fault_arm(kinds[i / 3], skip, os_errors[i % 3]);
      pmi_code code = read_tree();
      if (!fault_disarm())
        break;
      if (code == PMI_OK)
        expect_family_or_the_unreadable();
      else
        CHECK(strstr(error.path, "proc/42") != NULL);
    }
  }
}

TEST(reports_why_the_root_could_not_be_read_in_a_scan) {
  put(42, 1, NULL);
  put(43, 42, NULL);
  int failures = 0;
  for (int skip = 0;; skip++) {
    fault_arm(FAULT_READ, skip, EIO);
    pmi_code code = read_tree();
    if (!fault_disarm())
      break;
    CHECK(code == PMI_OK || code == PMI_EIO); /* never ESRCH: the root exists */
    failures += code == PMI_EIO;
  }
  CHECK(failures >= 3);
}

TEST(repeats_a_listing_that_a_signal_interrupts) {
  put_family();
  scene_process(43, 42, 143, 2); /* of several threads, which are listed */
  scene_children(43, 47, "");
  int skip = 0;
  for (;; skip++) {
    fault_arm(FAULT_LIST, skip, EINTR);
    CHECK_SAME(read_tree(), PMI_OK);
    expect_family();
    if (!fault_disarm())
      break;
  }
  CHECK(skip >= 4);
}

static uint32_t next_parent;

/* Gives 43 a different parent each time, which no process lists as its child. */
static void move_43(const char *path) {
  if (strcmp(path, "proc/43/status") == 0)
    put(43, next_parent++, NULL);
}

static int footprints;

static void count_footprints(const char *path) {
  if (strstr(path, "smaps_rollup") != NULL)
    footprints++;
}

/* Reading a footprint blocks the process for that time. */
TEST(reads_each_footprint_once_however_the_tree_moves) {
  const char *lists[] = {"44 ", "x"}; /* one that becomes stable, and one that never does */
  put_family();
  for (uint32_t pid = 42; pid <= 44; pid++) {
    char path[64];
    snprintf(path, sizeof path, "%" PRIu32 "/smaps_rollup", pid);
    scene_write(path, "0-1 r--p 0 00:00 0 [rollup]\nPss: 9 kB\nPrivate_Dirty: 9 kB\nSwap: 0 kB\n");
  }
  fault_before_open(count_footprints);
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    footprints = 0;
    scene_write("43/task/43/children", lists[i]);
    pmi_tree_free(&tree);
    CHECK_SAME(pmi_read_tree(42, PMI_TREE_FOOTPRINT, &tree, &error), PMI_OK);
    expect_family();
    CHECK_SAME(footprints, 3);
    CHECK_SAME(footprint_value(&tree, 2, "footprint"), 9 * 1024);
  }
}

TEST(fails_with_eio_if_a_process_keeps_changing_its_parent) {
  put(1, 0, NULL);
  put(42, 1, NULL);
  put(43, 42, NULL);
  next_parent = 1000;
  fault_before_open(move_43);
  CHECK_SAME(read_tree(), PMI_EIO);
  CHECK_TEXT(error.syscall, "getdents64");
}

static int looks_at_43;

/* 43 was read as the child of a process that has exited and whose pid a younger one has; then 42 adopts it. */
static void hand_43_on(const char *path) {
  if (strcmp(path, "proc/43/status") == 0 && looks_at_43++ > 0)
    put(43, 42, NULL);
}

TEST(loses_no_process_whose_parents_pid_is_reused) {
  put(1, 0, NULL);
  put(42, 1, NULL);
  put(43, 60, NULL);
  put(60, 1, NULL);
  looks_at_43 = 0;
  fault_before_open(hand_43_on);
  CHECK_SAME(read_tree(), PMI_OK);
  CHECK(has(43));
}
