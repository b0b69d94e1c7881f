#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "nest_process.h"
#include "scene.h"
#include "values.h"

nest nest_cgroups;
pid_t nest_child = -1;

void nest_end_child(void) {
  if (nest_child <= 0)
    return;
  kill(nest_child, SIGKILL);
  waitpid(nest_child, NULL, 0);
  nest_child = -1;
}

void nest_setup(void) {
  scene_begin();
  scene_real_proc();
}

void nest_teardown(void) {
  nest_end_child();
  int removed = nest_remove(&nest_cgroups);
  scene_end();
  CHECK(removed);
}

void nest_skip(const char *what, int os_error) {
  char why[256];
  CHECK(os_error == ENOSYS || os_error == EPERM || os_error == EACCES || os_error == EROFS);
  snprintf(why, sizeof why, "%s: %s", what, strerror(os_error));
  check_skip(why);
}

void nest_begin(const nest_version *which) {
  const char *why = nest_make(which, &nest_cgroups);
  if (why != NULL)
    nest_skip(why, errno);
  CHECK(nest_put(nest_cgroups.outer, which->limit_file, OUTER_LIMIT));
  CHECK(nest_put(nest_cgroups.inner, which->limit_file, INNER_LIMIT));
}

nest_answer nest_ask(pid_t pid) {
  nest_answer result = {0};
  pmi_error error;
  result.code = pmi_read_limit((uint32_t)pid, &result.limit, &error);
  return result;
}

/* Never returns. */
static void live_in(const char *directory, nest_answer (*ask)(void), int report) {
  nest_answer result = {0};
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  volatile char *memory = nest_put(directory, "cgroup.procs", (long)getpid()) ? malloc(TOUCHED) : NULL;
  if (memory == NULL)
    _exit(1);
  for (size_t i = 0; i < TOUCHED; i += 1024)
    memory[i] = 1;
  if (ask != NULL)
    result = ask();
  if (write(report, &result, sizeof result) != (ssize_t)sizeof result)
    _exit(1);
  for (;;)
    pause();
}

nest_answer nest_run_in(const char *directory, nest_answer (*ask)(void)) {
  int ends[2];
  nest_answer result = {0};
  CHECK_SAME(pipe(ends), 0);
  nest_child = fork();
  CHECK(nest_child != -1);
  if (nest_child == 0)
    live_in(directory, ask, ends[1]);
  close(ends[1]);
  ssize_t length = read(ends[0], &result, sizeof result);
  close(ends[0]);
  CHECK_SAME(length, sizeof result);
  return result;
}

void nest_expect_source(const pmi_limit *limit, const char *directory, const char *file) {
  char path[2 * PATH_MAX];
  snprintf(path, sizeof path, "%s/%s", directory, file);
  CHECK_TEXT(limit->source, path);
}

void nest_expect_outer_limit(const pmi_limit *limit, const nest_version *which) {
  CHECK_SAME(value_of(&limit->values, "limit"), OUTER_LIMIT);
  CHECK(limit->complete);
  nest_expect_source(limit, nest_cgroups.outer, which->limit_file);
  CHECK_BETWEEN(value_of(&limit->values, "usage"), TOUCHED, OUTER_LIMIT);
  CHECK_BETWEEN(value_of(&limit->values, "usageWithoutCache"), TOUCHED, value_of(&limit->values, "usage"));
  CHECK_SAME(value_of(&limit->values, "available"), OUTER_LIMIT - value_of(&limit->values, "usageWithoutCache"));
}

static void move_for_ever(const nest_version *which) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (;;) {
    mkdir(nest_cgroups.other, 0755);
    nest_put(nest_cgroups.other, which->limit_file, OUTER_LIMIT);
    nest_put(nest_cgroups.other, "cgroup.procs", (long)nest_child);
    nest_put(nest_cgroups.inner, "cgroup.procs", (long)nest_child);
    rmdir(nest_cgroups.other);
  }
}

void nest_check_moves(const nest_version *which) {
  nest_begin(which);
  CHECK(nest_put(nest_cgroups.outer, which->limit_file, 2 * INNER_LIMIT));
  nest_run_in(nest_cgroups.inner, NULL);
  pid_t mover = fork();
  CHECK(mover != -1);
  if (mover == 0)
    move_for_ever(which);
  nest_answer result = {0};
  bool seen[2] = {false};
  bool right = true;
  for (int i = 0; right && (i < 1000 || (!(seen[0] && seen[1]) && i < 100000)); i++) {
    result = nest_ask(nest_child);
    uint64_t limit = value_of(&result.limit.values, "limit");
    /* A cgroup that was created again after the process left it may not have its limit yet. */
    right = result.code == PMI_OK && result.limit.complete &&
            (limit == OUTER_LIMIT || limit == INNER_LIMIT || limit == 2 * INNER_LIMIT);
    seen[0] = seen[0] || limit == OUTER_LIMIT;
    seen[1] = seen[1] || limit == INNER_LIMIT;
  }
  kill(mover, SIGKILL);
  waitpid(mover, NULL, 0);
  CHECK_SAME(result.code, PMI_OK);
  CHECK(right);
  CHECK(seen[0] && seen[1]);
}

nest_answer nest_ask_from_a_namespace(void) {
  if (unshare(CLONE_NEWCGROUP | CLONE_NEWNS) != 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0)
    return (nest_answer){.os_error = errno};
  return nest_ask(getpid());
}

nest_answer nest_ask_from_a_bind_mount(void) {
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0 ||
      mkdir("own", 0755) != 0 || mount(nest_cgroups.inner, "own", "none", MS_BIND, NULL) != 0 ||
      umount2(nest_cgroups.mount, MNT_DETACH) != 0)
    return (nest_answer){.os_error = errno};
  return nest_ask(getpid());
}

nest_answer nest_ask_inside(const nest_version *which, nest_answer (*ask)(void)) {
  nest_begin(which);
  nest_answer result = nest_run_in(nest_cgroups.inner, ask);
  if (result.os_error != 0)
    nest_skip("a namespace and a mount in it", result.os_error);
  return result;
}
