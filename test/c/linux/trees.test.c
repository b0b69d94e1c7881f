/* Several trees at once, over a simulated /proc: each process is read once. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "faults.h"
#include "pmi.h"
#include "scene.h"

enum { ROOTS = 4 };

static pmi_error error;
static pmi_error errors[ROOTS];
static pmi_tree trees[ROOTS];
static int statuses_read;

static void free_trees(void) {
  for (size_t i = 0; i < ROOTS; i++)
    pmi_tree_free(&trees[i]);
}

AFTER(end) {
  fault_disarm();
  free_trees();
  scene_end();
}

static void put(uint32_t pid, uint32_t ppid, uint32_t start, const char *children) {
  scene_process(pid, ppid, start, 1);
  if (children != NULL)
    scene_children(pid, pid, children);
}

/* 42 has 43, which has 44 and 45; and 42 has 46. 50 is alone. */
BEFORE(begin) {
  scene_begin();
  scene_write("thread-self/children", "");
  put(42, 1, 100, "43 46 ");
  put(43, 42, 110, "44 45 ");
  put(44, 43, 120, "");
  put(45, 43, 130, "");
  put(46, 42, 140, "");
  put(50, 1, 90, "");
}

static void count_statuses(const char *path) {
  const char *name = strrchr(path, '/');
  statuses_read += name != NULL && strcmp(name, "/status") == 0;
}

static pmi_code read_trees(const uint32_t roots[ROOTS]) {
  free_trees();
  statuses_read = 0;
  fault_before_open(count_statuses);
  return pmi_read_trees(roots, ROOTS, 0, trees, errors, &error);
}

static void expect_tree(size_t index, size_t count, const uint32_t *pids) {
  CHECK_SAME(errors[index].code, PMI_OK);
  CHECK_SAME(trees[index].count, count);
  for (size_t i = 0; i < count; i++) {
    CHECK_SAME(trees[index].processes[i].pid, pids[i]);
    CHECK_SAME(trees[index].processes[i].name_length, 1);
    CHECK_SAME(trees[index].names[trees[index].processes[i].name_offset], 'p');
  }
}

static const uint32_t all_of_42[] = {42, 43, 44, 45, 46};

TEST(reads_each_process_once_however_its_trees_overlap) {
  const uint32_t roots[ROOTS] = {43, 50, 42, 43};
  CHECK_SAME(read_trees(roots), PMI_OK);
  expect_tree(0, 3, all_of_42 + 1);
  expect_tree(1, 1, roots + 1);
  expect_tree(2, 5, all_of_42);
  expect_tree(3, 3, all_of_42 + 1);
  CHECK_SAME(statuses_read, 6);
}

TEST(reads_the_tree_of_a_leaf_and_of_the_last_one) {
  const uint32_t roots[ROOTS] = {46, 45, 42, 44};
  CHECK_SAME(read_trees(roots), PMI_OK);
  expect_tree(0, 1, all_of_42 + 4);
  expect_tree(1, 1, all_of_42 + 3);
  expect_tree(2, 5, all_of_42);
  expect_tree(3, 1, all_of_42 + 2);
  CHECK_SAME(statuses_read, 5);
}

/* The root has a larger pid than its descendant, as after a wrap of pids, so its tree is read later. */
TEST(reads_trees_whose_roots_have_larger_pids) {
  put(99, 1, 80, "42 ");
  put(42, 99, 100, "43 46 ");
  const uint32_t roots[ROOTS] = {99, 42, 98, 43};
  CHECK_SAME(read_trees(roots), PMI_OK);
  CHECK_SAME(trees[0].count, 6);
  expect_tree(1, 5, all_of_42);
  CHECK_SAME(errors[2].code, PMI_ESRCH);
  CHECK_SAME(trees[2].count, 0);
  expect_tree(3, 3, all_of_42 + 1);
}

/* 44 cannot be read, so its parent is unknown. */
TEST(lists_the_unreadable_in_each_tree_that_they_may_be_in) {
  const uint32_t roots[ROOTS] = {42, 43, 46, 44};
  free_trees();
  fault_open("44/status", EACCES);
  CHECK_SAME(pmi_read_trees(roots, ROOTS, 0, trees, errors, &error), PMI_OK);
  CHECK_SAME(trees[0].unreadable_count, 1);
  CHECK_SAME(trees[1].unreadable_count, 1);
  CHECK_SAME(trees[1].unreadable[0].pid, 44);
  CHECK_SAME(trees[2].unreadable_count, 0);
  CHECK_SAME(errors[3].code, PMI_EACCES);
}

static int listings;

static void count_listings(const char *path) { listings += strcmp(path, "proc") == 0; }

TEST(lists_all_processes_once_for_several_roots) {
  const uint32_t roots[ROOTS] = {50, 46, 43, 44};
  free_trees();
  listings = 0;
  fault_open("children", EACCES);
  fault_before_open(count_listings);
  CHECK_SAME(pmi_read_trees(roots, ROOTS, 0, trees, errors, &error), PMI_OK);
  CHECK_SAME(listings, 1);
  expect_tree(0, 1, roots);
  expect_tree(2, 3, all_of_42 + 1);
}

static pmi_code read_some(void) {
  static const uint32_t roots[ROOTS] = {42, 50, 43, 46};
  free_trees();
  return pmi_read_trees(roots, ROOTS, 0, trees, errors, &error);
}

TEST(fails_completely_when_the_caller_runs_out) {
  fault_exhaust(read_some, &error, FAULT_READ, ENOMEM, PMI_ENOMEM, 18);
  fault_exhaust(read_some, &error, FAULT_ALLOCATION, ENOMEM, PMI_ENOMEM, 10);
  fault_arm(FAULT_ALLOCATION, 12, ENOMEM);
  CHECK_SAME(read_some(), PMI_ENOMEM);
  for (size_t i = 0; i < ROOTS; i++)
    CHECK(trees[i].processes == NULL);
}
