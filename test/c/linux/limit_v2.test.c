/*
 * Limits of real cgroups of version 2, below the one that the test runs in. Needs root and the memory controller of
 * version 2; scripts/test-vm.sh runs it where both exist.
 */
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "nest_process.h"
#include "values.h"

BEFORE(begin) { nest_setup(); }
AFTER(end) { nest_teardown(); }

TEST(reads_the_limit_of_a_parent) {
  nest_begin(&nest_v2);
  nest_run_in(nest_cgroups.inner, NULL);
  nest_answer result = nest_ask(nest_child);
  CHECK_SAME(result.code, PMI_OK);
  nest_expect_outer_limit(&result.limit, &nest_v2);

  CHECK(nest_put(nest_cgroups.inner, "memory.max", OUTER_LIMIT / 2));
  result = nest_ask(nest_child);
  CHECK_SAME(value_of(&result.limit.values, "limit"), OUTER_LIMIT / 2);
  nest_expect_source(&result.limit, nest_cgroups.inner, "memory.max");

  pid_t gone = nest_child;
  nest_end_child();
  CHECK_SAME(nest_ask(gone).code, PMI_ESRCH);
}

TEST(reads_a_threshold_without_a_limit) {
  nest_begin(&nest_v2);
  CHECK(nest_put_text(nest_cgroups.outer, "memory.max", "max"));
  CHECK(nest_put_text(nest_cgroups.inner, "memory.max", "max"));
  nest_run_in(nest_cgroups.inner, NULL);
  nest_answer result = nest_ask(nest_child);
  CHECK_SAME(result.code, PMI_OK);
  CHECK(result.limit.complete);
  CHECK_SAME(result.limit.values.count, 0);

  CHECK(nest_put(nest_cgroups.outer, "memory.high", OUTER_LIMIT));
  CHECK(nest_put(nest_cgroups.inner, "memory.high", INNER_LIMIT));
  result = nest_ask(nest_child);
  CHECK_SAME(result.code, PMI_OK);
  CHECK(result.limit.complete);
  CHECK_TEXT(names_of(&result.limit.values), "high");
  CHECK_SAME(value_of(&result.limit.values, "high"), OUTER_LIMIT);
}

/* A threaded cgroup has no files of the controller; its domain, the cgroup above, has them. */
TEST(reads_the_limit_of_a_threaded_domain) {
  nest_begin(&nest_v2);
  CHECK(nest_put_text(nest_cgroups.outer, "cgroup.subtree_control", "-memory"));
  CHECK(nest_put_text(nest_cgroups.inner, "cgroup.type", "threaded"));
  nest_run_in(nest_cgroups.inner, NULL);
  nest_answer result = nest_ask(nest_child);
  CHECK_SAME(result.code, PMI_OK);
  nest_expect_outer_limit(&result.limit, &nest_v2);
}

TEST(follows_a_process_that_moves) { nest_check_moves(&nest_v2); }

/* As in a container: nothing above the process's own cgroup is visible. */
static nest_answer ask_from_a_container(void) {
  if (unshare(CLONE_NEWCGROUP | CLONE_NEWNS) != 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0 ||
      umount2(nest_cgroups.mount, MNT_DETACH) != 0 || mkdir("container", 0755) != 0 ||
      mount("none", "container", "cgroup2", 0, NULL) != 0)
    return (nest_answer){.os_error = errno};
  return nest_ask(getpid());
}

TEST(finds_itself_from_a_namespace) {
  nest_answer result = nest_ask_inside(&nest_v2, nest_ask_from_a_namespace);
  CHECK_SAME(result.code, PMI_OK);
  nest_expect_outer_limit(&result.limit, &nest_v2);
}

TEST(knows_only_what_a_container_can_see) {
  char directory[PATH_MAX];
  nest_answer result = nest_ask_inside(&nest_v2, ask_from_a_container);
  CHECK_SAME(result.code, PMI_OK);
  CHECK_SAME(value_of(&result.limit.values, "limit"), INNER_LIMIT);
  CHECK(result.limit.complete);
  CHECK_TEXT(names_of(&result.limit.values), "limit usage usageWithoutCache available");
  CHECK(getcwd(directory, sizeof directory - 16) != NULL);
  strcat(directory, "/container");
  nest_expect_source(&result.limit, directory, "memory.max");
}

TEST(is_incomplete_if_a_bind_mount_has_ancestors) {
  nest_answer result = nest_ask_inside(&nest_v2, nest_ask_from_a_bind_mount);
  CHECK_SAME(result.code, PMI_OK);
  CHECK_SAME(value_of(&result.limit.values, "limit"), INNER_LIMIT);
  CHECK(!result.limit.complete);
  CHECK_TEXT(names_of(&result.limit.values), "limit usage usageWithoutCache available");
}
