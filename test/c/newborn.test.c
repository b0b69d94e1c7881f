/* Processes that start while their tree is read, with pids that others had before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"
#include "linux/newborn.h"
#include "pmi.h"
#include "scene.h"

enum { SOON = 2000000000 /* hundredths of a second since boot: later than any reading */ };

static pmi_error error;
static pmi_tree tree;

static int end(void **state) {
  (void)state;
  fault_disarm();
  pmi_tree_free(&tree);
  scene_end();
  return 0;
}

static void put(uint32_t pid, uint32_t ppid, uint32_t start) {
  char path[64];
  char text[256];
  snprintf(path, sizeof path, "%" PRIu32 "/stat", pid);
  snprintf(text, sizeof text,
           "%" PRIu32 " (p) S %" PRIu32 " 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 %" PRIu32 " 9999 77 1\n", pid, ppid,
           start);
  scene_write(path, text);
  snprintf(path, sizeof path, "%" PRIu32 "/status", pid);
  snprintf(text, sizeof text, "Tgid:\t%" PRIu32 "\nVmRSS:\t 9 kB\nRssAnon:\t 9 kB\nThreads:\t1\n", pid);
  scene_write(path, text);
}

/* What its descriptors show from now on is that it has gone. */
static void end_process(uint32_t pid) {
  char path[64];
  char away[32];
  static int ended;
  snprintf(path, sizeof path, "proc/%" PRIu32, pid);
  snprintf(away, sizeof away, "proc/ended-%d", ended++);
  assert_int_equal(rename(path, away), 0);
  snprintf(path, sizeof path, "%s/stat", away);
  assert_int_equal(unlink(path), 0);
}

/* No children files, so that there is no walk: 42 has 43, which has 44. */
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

static uint32_t start_of_43;

/* Just before 44 is read both pids get other bearers, and the new 44 is the child of the new 43. */
static void replace_both(const char *path) {
  if (strcmp(path, "proc/44/") != 0)
    return;
  fault_before_open(NULL);
  end_process(43);
  put(43, 42, SOON);
  end_process(44);
  put(44, 43, SOON);
}

static void shows_no_child_under_one_that_had_the_pid_before(void **state) {
  (void)state;
  const uint32_t starts[] = {200, SOON}; /* long ago, which its start time tells; and just now, which it does not */
  for (size_t i = 0; i < 2; i++) {
    scene_begin();
    put_family(starts[i]);
    fault_before_open(replace_both);
    const int before = scene_open_descriptors();
    assert_int_equal(read_tree(), PMI_OK);
    assert_int_equal(scene_open_descriptors(), before);
    assert_non_null(find(43));
    assert_null(find(44));
  }
}

static int readings_of_44;

/* 43 ends after 44 was read, and 44 passes on to 42. */
static void orphan_44(const char *path) {
  if (strcmp(path, "proc/44/") == 0)
    readings_of_44++;
  else if (readings_of_44 > 0 && strcmp(path, start_of_43 == SOON ? "stat" : "proc/43/stat") == 0 &&
           readings_of_44++ > (start_of_43 == SOON)) {
    fault_before_open(NULL);
    end_process(43);
    put(44, 42, SOON);
  }
}

static void reads_an_orphan_again(void **state) {
  (void)state;
  const uint32_t starts[] = {200, SOON};
  for (size_t i = 0; i < 2; i++) {
    scene_begin();
    start_of_43 = starts[i];
    put_family(start_of_43);
    readings_of_44 = 0;
    fault_before_open(orphan_44);
    assert_int_equal(read_tree(), PMI_OK);
    assert_int_equal(tree.count, 3);
    assert_int_equal(find(44)->ppid, 42);
  }
}

static void loses_none_of_more_than_it_holds_open(void **state) {
  (void)state;
  enum { FAMILIES = PMI_NEWBORNS_HELD + 50 };
  put(42, 1, 100);
  for (uint32_t pid = 1000; pid < 1000 + 2 * FAMILIES; pid += 2) {
    put(pid, 42, SOON);
    put(pid + 1, pid, SOON);
  }
  assert_int_equal(read_tree(), PMI_OK);
  assert_int_equal(tree.count, 1 + 2 * FAMILIES);
}

static void does_without_what_it_holds_when_descriptors_run_out(void **state) {
  (void)state;
  int answers = 0;
  put_family(SOON);
  for (int skip = 0;; skip++) {
    const int before = scene_open_descriptors();
    fault_arm(FAULT_OPEN, skip, EMFILE);
    pmi_code code = read_tree();
    assert_int_equal(scene_open_descriptors(), before);
    if (!fault_disarm())
      break;
    assert_true(code == PMI_OK || code == PMI_EMFILE);
    answers += code == PMI_OK;
  }
  assert_true(answers > 0);
}

#define MADE_UP(test) cmocka_unit_test_setup_teardown(test, scene_setup, end)

int main(void) {
  const struct CMUnitTest tests[] = {
      MADE_UP(shows_no_child_under_one_that_had_the_pid_before),
      MADE_UP(reads_an_orphan_again),
      MADE_UP(loses_none_of_more_than_it_holds_open),
      MADE_UP(does_without_what_it_holds_when_descriptors_run_out),
  };
  return cmocka_run_group_tests_name("newborn", tests, NULL, NULL);
}
