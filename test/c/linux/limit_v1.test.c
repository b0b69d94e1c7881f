/* Limits of real cgroups of version 1, below the one that the test runs in. Needs root. */
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "nest_process.h"
#include "scene.h"
#include "values.h"

BEFORE(begin) { nest_setup(); }
AFTER(end) { nest_teardown(); }

TEST(reads_the_limit_of_a_parent) {
  nest_begin(&nest_v1);
  nest_run_in(nest_cgroups.inner, NULL);
  nest_answer result = nest_ask(nest_child);
  CHECK_SAME(result.code, PMI_OK);
  nest_expect_outer_limit(&result.limit, &nest_v1);

  CHECK(nest_put(nest_cgroups.inner, nest_v1.limit_file, OUTER_LIMIT / 2));
  result = nest_ask(nest_child);
  CHECK_SAME(value_of(&result.limit.values, "limit"), OUTER_LIMIT / 2);
  nest_expect_source(&result.limit, nest_cgroups.inner, nest_v1.limit_file);

  pid_t gone = nest_child;
  nest_end_child();
  CHECK_SAME(nest_ask(gone).code, PMI_ESRCH);
}

TEST(follows_a_process_that_moves) { nest_check_moves(&nest_v1); }

/* As in a container: nothing above the process's own cgroup is visible. */
static nest_answer ask_from_a_container(void) {
  if (unshare(CLONE_NEWCGROUP | CLONE_NEWNS) != 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0 ||
      mkdir("container", 0755) != 0 || mount("none", "container", "cgroup", 0, "memory") != 0)
    return (nest_answer){.os_error = errno};
  return nest_ask(getpid());
}

static pmi_limit read_inside(nest_answer (*ask)(void)) {
  nest_answer result = nest_ask_inside(&nest_v1, ask);
  CHECK_SAME(result.code, PMI_OK);
  return result.limit;
}

TEST(finds_itself_from_a_namespace) {
  pmi_limit limit = read_inside(nest_ask_from_a_namespace);
  nest_expect_outer_limit(&limit, &nest_v1);
}

TEST(knows_the_limit_above_a_container) {
  char directory[PATH_MAX];
  pmi_limit limit = read_inside(ask_from_a_container);
  CHECK_SAME(value_of(&limit.values, "limit"), OUTER_LIMIT);
  CHECK(limit.complete);
  CHECK_TEXT(names_of(&limit.values), "limit");
  CHECK(getcwd(directory, sizeof directory - 16) != NULL);
  strcat(directory, "/container");
  nest_expect_source(&limit, directory, "memory.stat");
}

TEST(knows_the_limit_above_a_bind_mount) {
  pmi_limit limit = read_inside(nest_ask_from_a_bind_mount);
  CHECK_SAME(value_of(&limit.values, "limit"), OUTER_LIMIT);
  CHECK(limit.complete);
  CHECK_TEXT(names_of(&limit.values), "limit");
}

/* With the actual limits of this machine. */
TEST(answers_for_itself_and_for_pid_1) {
  int before = scene_open_descriptors();
  for (int i = 0; i < 50; i++) {
    nest_answer own = nest_ask(getpid());
    CHECK(own.code == PMI_OK || own.code == PMI_ENOSYS || own.code == PMI_EACCES || own.code == PMI_EPERM);
    nest_answer first = nest_ask(1);
    CHECK(first.code != PMI_ESRCH && first.code != PMI_EIO);
    CHECK_SAME(nest_ask(INT_MAX).code, PMI_ESRCH);
  }
  CHECK_SAME(scene_open_descriptors(), before);
}
