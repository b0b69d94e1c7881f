/* Processes that start while their tree is read, with reused pids. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "faults.h"
#include "linux/descent.h"
#include "pmi.h"
#include "scene.h"

enum { SOON = 2000000000 /* hundredths of a second since boot: later than any reading */, LATER };

static pmi_error error;
static pmi_tree tree;

BEFORE(begin) { scene_begin(); }

AFTER(end) {
  fault_disarm();
  pmi_tree_free(&tree);
  scene_end();
}

static void put(uint32_t pid, uint32_t ppid, uint32_t start) { scene_process(pid, ppid, start, 1); }

/* From now on its descriptors show that it has exited. */
static void end_process(uint32_t pid) {
  char path[64];
  char away[32];
  static int ended;
  snprintf(path, sizeof path, "proc/%" PRIu32, pid);
  snprintf(away, sizeof away, "proc/ended-%d", ended++);
  CHECK_SAME(rename(path, away), 0);
  snprintf(path, sizeof path, "%s/stat", away);
  CHECK_SAME(unlink(path), 0);
}

/* 42 has 43, which has 44. Without children files, so that the tree comes from the list of all processes. */
static void put_family(uint32_t start) {
  put(42, 1, 100);
  put(43, 42, start);
  put(44, 43, SOON);
}

static const pmi_process *find(uint32_t pid) {
  for (size_t i = 0; i < tree.count; i++)
    if (tree.processes[i].pid == pid)
      return &tree.processes[i];
  return NULL;
}

static pmi_code read_tree(void) {
  pmi_tree_free(&tree);
  return pmi_read_tree(42, 0, &tree, &error);
}

/* Just before 44 is read, other processes get both pids, and the new 44 is a child of the new 43. */
static void replace_both(const char *path) {
  if (strcmp(path, "proc/44/stat") != 0)
    return;
  fault_before_open(NULL);
  end_process(43);
  put(43, 42, LATER);
  end_process(44);
  put(44, 43, LATER);
}

TEST(lists_no_child_below_an_earlier_owner_of_the_pid) {
  const uint32_t starts[] = {200, SOON}; /* long ago, as its start time shows; and just now, which it does not show */
  for (size_t i = 0; i < 2; i++) {
    scene_begin();
    put_family(starts[i]);
    fault_before_open(replace_both);
    const int before = scene_open_descriptors();
    CHECK_SAME(read_tree(), PMI_OK);
    CHECK_SAME(scene_open_descriptors(), before);
    CHECK(find(43) != NULL);
    CHECK_SAME(find(43)->creation_time_ms, find(44)->creation_time_ms); /* it is not the previous process */
  }
}

/* 43 exits when 45 has been read and 44 has not; 42 adopts both. */
static void orphan_both(const char *path) {
  if (strcmp(path, "proc/44/stat") != 0)
    return;
  fault_before_open(NULL);
  end_process(43);
  put(44, 42, SOON);
  put(45, 42, SOON);
}

TEST(reads_orphans_again) {
  const uint32_t starts[] = {200, SOON};
  for (size_t i = 0; i < 2; i++) {
    scene_begin();
    put_family(starts[i]);
    put(45, 43, SOON);
    fault_before_open(orphan_both);
    CHECK_SAME(read_tree(), PMI_OK);
    CHECK_SAME(tree.count, 3);
    CHECK_SAME(find(44)->ppid, 42);
    CHECK_SAME(find(45)->ppid, 42);
  }
}

enum { CHAIN = PMI_MAX_HELD + 6, LAST = 42 + CHAIN, PARENT = LAST - 2 /* too deep to be held open */ };

static void put_chain(void) {
  scene_write("thread-self/children", "");
  for (uint32_t pid = 42; pid <= LAST; pid++) {
    char child[16] = "";
    if (pid < LAST)
      snprintf(child, sizeof child, "%" PRIu32 " ", pid + 1);
    put(pid, pid - 1, 100 + pid);
    scene_children(pid, pid, child);
  }
}

/* While the last of the chain is read, its grandparent exits and another process gets its pid. */
static void replace_grandparent(const char *path) {
  char children[32];
  if (path == strstr(path, "proc/") && strtoul(path + strlen("proc/"), NULL, 10) == LAST) {
    fault_before_open(NULL);
    end_process(PARENT);
    put(PARENT, PARENT - 1, SOON);
    scene_children(PARENT, PARENT, "");
    put(PARENT + 1, PARENT - 1, 101 + PARENT);
    snprintf(children, sizeof children, "%d %d ", PARENT + 1, PARENT);
    scene_children(PARENT - 1, PARENT - 1, children);
  }
}

TEST(recognizes_by_start_time_a_process_it_does_not_hold_open) {
  put_chain();
  fault_before_open(replace_grandparent);
  CHECK_SAME(read_tree(), PMI_OK);
  CHECK_SAME(tree.count, CHAIN + 1);
  CHECK_SAME(find(PARENT + 1)->ppid, PARENT - 1);
  CHECK(find(PARENT)->creation_time_ms > find(LAST)->creation_time_ms);
}

TEST(loses_none_of_more_processes_than_it_holds_open) {
  enum { FAMILIES = PMI_MAX_HELD + 50 };
  put(42, 1, 100);
  for (uint32_t pid = 1000; pid < 1000 + 2 * FAMILIES; pid += 2) {
    put(pid, 42, SOON);
    put(pid + 1, pid, SOON);
  }
  CHECK_SAME(read_tree(), PMI_OK);
  CHECK_SAME(tree.count, 1 + 2 * FAMILIES);
}

TEST(releases_held_descriptors_when_they_run_out) {
  int answers = 0;
  put_family(SOON);
  for (int skip = 0;; skip++) {
    const int before = scene_open_descriptors();
    fault_arm(FAULT_OPEN, skip, EMFILE);
    pmi_code code = read_tree();
    CHECK_SAME(scene_open_descriptors(), before);
    if (!fault_disarm())
      break;
    CHECK(code == PMI_OK || code == PMI_EMFILE);
    answers += code == PMI_OK;
  }
  CHECK(answers > 0);
}
