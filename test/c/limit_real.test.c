/*
 * The limit of a process in cgroups of this machine, below the one that the test runs in. Needs root, and the memory
 * controller; the tests that cannot be run say why.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nest.h"
#include "pmi.h"
#include "scene.h"
#include "values.h"

enum { MIB = 1024 * 1024, TOUCHED = 16 * MIB, OUTER_LIMIT = 128 * MIB, INNER_LIMIT = 256 * MIB };

/* What a process in the inner cgroup answers about itself. */
typedef struct answer {
  int os_error; /* why it could not be asked; 0 if it could */
  pmi_code code;
  pmi_limit limit;
} answer;

static nest cgroups;
static pid_t child = -1;

static int end(void **state) {
  (void)state;
  if (child > 0) {
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    child = -1;
  }
  int removed = nest_remove(&cgroups);
  scene_end();
  return removed ? 0 : -1;
}

static int begin(void **state) {
  end(state);
  scene_begin();
  scene_real_proc();
  return 0;
}

/* Skips the test where this machine does not let us; any other error is one. */
static void stand_aside(const char *what, int os_error) {
  print_message("skipped: %s: %s\n", what, strerror(os_error));
  assert_true(os_error == ENOSYS || os_error == EPERM || os_error == EACCES || os_error == EROFS);
  skip();
}

static void begin_nest(const nest_version *which) {
  const char *why = nest_make(which, &cgroups);
  if (why != NULL)
    stand_aside(why, errno);
  assert_true(nest_put(cgroups.outer, which->limit_file, OUTER_LIMIT));
  assert_true(nest_put(cgroups.inner, which->limit_file, INNER_LIMIT));
}

static answer ask_about(pid_t pid) {
  answer result = {0};
  pmi_error error;
  result.code = pmi_read_limit((uint32_t)pid, &result.limit, &error);
  return result;
}

static answer ask_nothing(void) { return (answer){0}; }

/* Forks a process that joins the inner cgroup, uses some memory, and tells what `ask` answers there; then it waits. */
static answer run_inside(answer (*ask)(void)) {
  int ends[2];
  answer result = {0};
  assert_int_equal(pipe(ends), 0);
  child = fork();
  assert_int_not_equal(child, -1);
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    volatile char *memory = nest_put(cgroups.inner, "cgroup.procs", (long)getpid()) ? malloc(TOUCHED) : NULL;
    if (memory == NULL)
      _exit(1);
    for (size_t i = 0; i < TOUCHED; i += 1024)
      memory[i] = 1;
    result = ask();
    if (write(ends[1], &result, sizeof result) != (ssize_t)sizeof result)
      _exit(1);
    for (;;)
      pause();
  }
  close(ends[1]);
  ssize_t length = read(ends[0], &result, sizeof result);
  close(ends[0]);
  assert_int_equal(length, sizeof result);
  return result;
}

static void expect_source(const pmi_limit *limit, const char *directory, const char *file) {
  char path[2 * PATH_MAX];
  snprintf(path, sizeof path, "%s/%s", directory, file);
  assert_string_equal(limit->source, path);
}

static void expect_outer_limit(const pmi_limit *limit, const nest_version *which) {
  assert_int_equal(value_of(&limit->values, "limit"), OUTER_LIMIT);
  assert_true(limit->complete);
  expect_source(limit, cgroups.outer, which->limit_file);
  assert_in_range(value_of(&limit->values, "usage"), TOUCHED, OUTER_LIMIT);
  assert_in_range(value_of(&limit->values, "usageWithoutCache"), TOUCHED, value_of(&limit->values, "usage"));
  assert_int_equal(value_of(&limit->values, "available"), OUTER_LIMIT - value_of(&limit->values, "usageWithoutCache"));
}

static void check(const nest_version *which) {
  begin_nest(which);
  run_inside(ask_nothing);
  answer result = ask_about(child);
  assert_int_equal(result.code, PMI_OK);
  expect_outer_limit(&result.limit, which);

  assert_true(nest_put(cgroups.inner, which->limit_file, OUTER_LIMIT / 2));
  result = ask_about(child);
  assert_int_equal(value_of(&result.limit.values, "limit"), OUTER_LIMIT / 2);
  expect_source(&result.limit, cgroups.inner, which->limit_file);

  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  result = ask_about(child);
  child = -1;
  assert_int_equal(result.code, PMI_ESRCH);
}

static void reads_the_limit_of_a_parent_in_version_1(void **state) {
  (void)state;
  check(&nest_v1);
}

static void reads_the_limit_of_a_parent_in_version_2(void **state) {
  (void)state;
  check(&nest_v2);
}

/* From a new namespace the host's mounts begin at "/../..": the names between are hidden. */
static answer ask_from_a_namespace(void) {
  if (unshare(CLONE_NEWCGROUP | CLONE_NEWNS) != 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0)
    return (answer){.os_error = errno};
  return ask_about(getpid());
}

/* As in a container: nothing above our own cgroup is in view. */
static answer ask_from_a_container(void) {
  if (unshare(CLONE_NEWCGROUP | CLONE_NEWNS) != 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0 ||
      mkdir("container", 0755) != 0 || mount("none", "container", "cgroup", 0, "memory") != 0)
    return (answer){.os_error = errno};
  return ask_about(getpid());
}

/* Only the own cgroup is mounted, and shows by its root that there is one above. */
static answer ask_from_a_bind_mount(void) {
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0 ||
      mkdir("own", 0755) != 0 || mount(cgroups.inner, "own", NULL, MS_BIND, NULL) != 0 ||
      umount2(cgroups.mount, MNT_DETACH) != 0)
    return (answer){.os_error = errno};
  return ask_about(getpid());
}

static void says_that_ancestors_are_above_a_bind_mount(void **state) {
  (void)state;
  begin_nest(&nest_v2);
  answer result = run_inside(ask_from_a_bind_mount);
  if (result.os_error != 0)
    stand_aside("a bind mount of a cgroup", result.os_error);
  assert_int_equal(result.code, PMI_OK);
  assert_int_equal(value_of(&result.limit.values, "limit"), INNER_LIMIT);
  assert_false(result.limit.complete);
}

static void knows_what_is_above_a_bind_mount_in_version_1(void **state) {
  (void)state;
  begin_nest(&nest_v1);
  answer result = run_inside(ask_from_a_bind_mount);
  if (result.os_error != 0)
    stand_aside("a bind mount of a cgroup", result.os_error);
  assert_int_equal(result.code, PMI_OK);
  assert_int_equal(value_of(&result.limit.values, "limit"), OUTER_LIMIT);
  assert_true(result.limit.complete);
}

static void finds_itself_from_a_namespace(void **state) {
  (void)state;
  begin_nest(&nest_v1);
  answer result = run_inside(ask_from_a_namespace);
  if (result.os_error != 0)
    stand_aside("a cgroup namespace and a mount in it", result.os_error);
  assert_int_equal(result.code, PMI_OK);
  expect_outer_limit(&result.limit, &nest_v1);
}

static void learns_the_limit_above_a_container(void **state) {
  (void)state;
  char directory[PATH_MAX];
  begin_nest(&nest_v1);
  answer result = run_inside(ask_from_a_container);
  if (result.os_error != 0)
    stand_aside("a cgroup namespace and a mount in it", result.os_error);
  assert_int_equal(result.code, PMI_OK);
  assert_int_equal(value_of(&result.limit.values, "limit"), OUTER_LIMIT);
  assert_true(result.limit.complete);
  assert_string_equal(names_of(&result.limit.values), "limit");
  assert_non_null(getcwd(directory, sizeof directory - 16));
  strcat(directory, "/container");
  expect_source(&result.limit, directory, "memory.stat");
}

/* Whatever limits this machine has. */
static void answers_for_itself_and_for_pid_1(void **state) {
  (void)state;
  int before = scene_open_descriptors();
  for (int i = 0; i < 50; i++) {
    answer own = ask_about(getpid());
    assert_true(own.code == PMI_OK || own.code == PMI_ENOSYS || own.code == PMI_EACCES || own.code == PMI_EPERM);
    answer first = ask_about(1);
    assert_true(first.code != PMI_ESRCH && first.code != PMI_EIO);
    assert_int_equal(ask_about(INT_MAX).code, PMI_ESRCH);
  }
  assert_int_equal(scene_open_descriptors(), before);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(reads_the_limit_of_a_parent_in_version_1, begin, end),
      cmocka_unit_test_setup_teardown(reads_the_limit_of_a_parent_in_version_2, begin, end),
      cmocka_unit_test_setup_teardown(says_that_ancestors_are_above_a_bind_mount, begin, end),
      cmocka_unit_test_setup_teardown(knows_what_is_above_a_bind_mount_in_version_1, begin, end),
      cmocka_unit_test_setup_teardown(finds_itself_from_a_namespace, begin, end),
      cmocka_unit_test_setup_teardown(learns_the_limit_above_a_container, begin, end),
      cmocka_unit_test_setup_teardown(answers_for_itself_and_for_pid_1, begin, end),
  };
  return cmocka_run_group_tests_name("limit_real", tests, NULL, NULL);
}
