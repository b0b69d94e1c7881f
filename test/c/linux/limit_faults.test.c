/* The limit of a process when files are missing, refused, malformed or deleted: an error or a limit, never "no limit".
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cgroups.h"
#include "check.h"
#include "faults.h"
#include "scene.h"
#include "values.h"

enum { OTHER = 43 };

AFTER(end) {
  fault_disarm();
  scene_end();
}

static void begin_v1(void) {
  cgroups_begin(V1_MOUNT, "4:memory:/a/b\n");
  cgroups_limit_v1("cg", "9223372036854771712\n", "9223372036854771712");
  cgroups_limit_v1("cg/a", "4096\n", "4096");
  cgroups_limit_v1("cg/a/b", "8192\n", "4096");
}

/* Each text is longer than a page. The first mount that matches is a dead end, so the search goes by the pid. */
static void begin_v2(void) {
  char filler[6001];
  char text[7000];
  memset(filler, 'x', sizeof filler - 1);
  filler[sizeof filler - 1] = '\0';
  snprintf(text, sizeof text, "29 20 0:5 / /%s rw - tmpfs x rw\n30 20 0:26 /.. proc/cg rw - cgroup2 x rw\n", filler);
  cgroups_begin(text, "");
  snprintf(text, sizeof text, "5:%s:/\n0::/b\n", filler);
  cgroups_add_process(PID, text);
  cgroups_limit_v2("cg/a", "4096\n");
  cgroups_limit_v2("cg/a/b", "8192\n");
  cgroups_put("cg/a/b", "memory.high", "max\n");
  cgroups_put("cg/a/b", "memory.current", "5\n");
  cgroups_put("cg/a/b", "memory.stat", "inactive_file 1\n");
  cgroups_put("cg/a", "memory.current", "10\n");
  snprintf(text, sizeof text, "%s 1\ninactive_file 3\n", filler);
  cgroups_put("cg/a", "memory.stat", text);
  memset(filler, '\n', sizeof filler - 1);
  snprintf(text, sizeof text, "%s42\n", filler);
  scene_write("cg/a/b/cgroup.procs", text);
}

/*
 * Makes each call of a kind fail in turn. The result must be `shortage`; if that is PMI_OK, anything is allowed except
 * "no limit" and a wrong limit.
 */
static void fail_each(fault_kind kind, int os_error, pmi_code shortage) {
  int before = scene_open_descriptors();
  for (int skip = 0;; skip++) {
    pmi_limit limit;
    pmi_error error = {0};
    CHECK(skip < 200);
    fault_arm(kind, skip, os_error);
    pmi_code code = pmi_read_limit(PID, &limit, &error);
    bool fired = fault_disarm();
    CHECK_SAME(scene_open_descriptors(), before);
    if (!fired) {
      CHECK_SAME(code, PMI_OK);
      CHECK(limit.complete);
      CHECK(value_of(&limit.values, "available") != NOT_LISTED);
      CHECK(skip > 2);
      break;
    }
    if (shortage != PMI_OK)
      CHECK_SAME(code, shortage);
    CHECK_SAME(error.code, code);
    if (code == PMI_OK) {
      CHECK(value_of(&limit.values, "limit") == 4096 ||
            (value_of(&limit.values, "limit") == 8192 && !(limit.complete)));
    }
  }
}

TEST(fails_completely_when_memory_or_descriptors_run_out) {
  void (*begins[])(void) = {begin_v1, begin_v2};
  for (size_t i = 0; i < 2; i++) {
    begins[i]();
    fail_each(FAULT_OPEN, EMFILE, PMI_EMFILE);
    fail_each(FAULT_OPEN, ENFILE, PMI_ENFILE);
    fail_each(FAULT_READ, ENOMEM, PMI_ENOMEM);
  }
  fail_each(FAULT_ALLOCATION, ENOMEM, PMI_ENOMEM);
}

TEST(fails_completely_when_descriptors_run_out) {
  struct rlimit all;
  begin_v2();
  scene_write("self/mountinfo", "30 20 0:26 /../.. proc/cg rw - cgroup2 x rw\n");
  cgroups_add_process(PID, "0::/\n");
  int lowest = dup(0);
  close(lowest);
  CHECK_SAME(getrlimit(RLIMIT_NOFILE, &all), 0);
  for (rlim_t extra = 0; extra < 5; extra++) {
    pmi_limit limit;
    pmi_error error;
    struct rlimit few = {(rlim_t)lowest + extra, all.rlim_max};
    setrlimit(RLIMIT_NOFILE, &few);
    pmi_code code = pmi_read_limit(PID, &limit, &error);
    setrlimit(RLIMIT_NOFILE, &all);
    CHECK_SAME(code, extra < 4 ? PMI_EMFILE : PMI_OK); /* a process, two cgroups and a file */
  }
}

TEST(never_mistakes_a_refusal_for_no_limit) {
  void (*begins[])(void) = {begin_v1, begin_v2};
  for (size_t i = 0; i < 2; i++) {
    begins[i]();
    fail_each(FAULT_OPEN, EACCES, PMI_OK);
    fail_each(FAULT_OPEN, EPERM, PMI_OK);
    fail_each(FAULT_OPEN, ESRCH, PMI_OK);
    fail_each(FAULT_READ, EIO, PMI_OK);
    fail_each(FAULT_READ, ENODEV, PMI_OK);
  }
  cgroups_begin(V2_MOUNT, "0::/a\n");
  cgroups_limit_v2("cg/a", "max\n");
  fault_arm(FAULT_OPEN, 4, EACCES); /* after the process, its status, the mounts and its cgroups */
  pmi_error error = cgroups_fail(PMI_EACCES);
  CHECK(fault_disarm());
  CHECK_TEXT(error.path, "proc/cg/a/memory.max");
}

TEST(reports_that_the_process_was_refused) {
  begin_v1();
  fault_arm(FAULT_OPEN, 3, EACCES);
  CHECK_TEXT(cgroups_fail(PMI_EACCES).path, "proc/42/cgroup");
  fault_arm(FAULT_OPEN, 2, EACCES);
  CHECK_TEXT(cgroups_fail(PMI_EACCES).path, "proc/self/mountinfo");
}

TEST(retries_when_a_cgroup_has_vanished) {
  begin_v1();
  fault_arm(FAULT_READ, 9, ENODEV); /* of cg/a: what the kernel returns for a cgroup that was removed while open */
  cgroups_expect(4096, "cg/a/memory.limit_in_bytes");
  CHECK(fault_disarm());
}

/* After cg/a was not found: its process has moved to another one. */
static void move_away(const char *path) {
  if (strcmp(path, "proc/else/cgroup.procs") == 0)
    cgroups_add_process(PID, "0::/b\n");
}

/* Or it is back in a new cgroup of that name. */
static void come_back(const char *path) {
  if (strcmp(path, "proc/else/cgroup.procs") == 0)
    cgroups_limit_v2("cg/a", "4096\n");
}

TEST(retries_when_the_process_has_moved) {
  cgroups_begin(V2_MOUNT "31 20 0:26 /else proc/else rw - cgroup2 cgroup2 rw\n", "0::/a\n");
  cgroups_limit_v2("cg/b", "8192\n");
  fault_before_open(move_away);
  cgroups_expect(8192, "cg/b/memory.max");
  cgroups_add_process(PID, "0::/a\n");
  fault_before_open(come_back);
  cgroups_expect(4096, "cg/a/memory.max");
}

/* The cgroup is removed, its successor found without files, which it has a moment later. */
static void replace_gradually(const char *path) {
  static int times;
  if (strcmp(path, "cgroup") == 0 && times == 1)
    cgroups_put("cg/a/b", "cgroup.procs", "");
  if (strcmp(path, "proc/cg/a/b/memory.limit_in_bytes") != 0)
    return;
  times++;
  if (times == 1) {
    CHECK_SAME(unlink(path), 0);
    CHECK_SAME(unlink("proc/cg/a/b/memory.stat"), 0);
    CHECK_SAME(unlink("proc/cg/a/b/cgroup.procs"), 0);
  } else if (times == 3) {
    cgroups_limit_v1("cg/a/b", "8192\n", "4096");
  }
}

TEST(does_not_take_a_cgroup_that_is_replaced_for_one_without_a_file) {
  begin_v1();
  fault_before_open(replace_gradually);
  cgroups_expect(4096, "cg/a/memory.limit_in_bytes");
}

TEST(gives_up_if_a_cgroup_stays_missing) {
  cgroups_begin(V2_MOUNT, "0::/a/b\n");
  cgroups_limit_v2("cg/a/b", "max\n");
  CHECK_SAME(unlink("proc/cg/a/cgroup.procs"), 0);
  cgroups_fail(PMI_EIO);
  cgroups_limit_v2("cg", "4096\n");
  pmi_limit limit = cgroups_read();
  CHECK_SAME(value_of(&limit.values, "limit"), 4096);
  CHECK(!limit.complete);
}

TEST(works_with_short_reads) {
  begin_v2();
  fault_short_reads(1);
  pmi_limit limit = cgroups_expect(4096, "cg/a/memory.max");
  CHECK_SAME(value_of(&limit.values, "available"), 4096 - 7);
}

TEST(rejects_malformed_files) {
  const char *texts[] = {"", "\n", "4096", "-1\n", "max", "maximum\n", "4096 \n", "18446744073709551616\n", "4k\n"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    cgroups_begin(V2_MOUNT, "0::/a/b\n");
    cgroups_limit_v2("cg/a", "max\n");
    cgroups_limit_v2("cg/a/b", texts[i]);
    CHECK_TEXT(cgroups_fail(PMI_EIO).path, "proc/cg/a/b/memory.max");
    cgroups_limit_v2("cg/a", "4096\n");
    pmi_limit limit = cgroups_read();
    CHECK_SAME(value_of(&limit.values, "limit"), 4096);
    CHECK(!limit.complete);
    CHECK_TEXT(names_of(&limit.values), "limit");

    begin_v1();
    cgroups_put("cg/a/b", "memory.limit_in_bytes", texts[i]);
    cgroups_expect(4096, "cg/a/memory.limit_in_bytes"); /* from the kernel's own sum */
    cgroups_put("cg/a/b", "memory.stat", texts[i]);
    limit = cgroups_read();
    CHECK(!limit.complete);
    CHECK_TEXT(names_of(&limit.values), "limit usage usageWithoutCache available");
    cgroups_put("cg/a", "memory.limit_in_bytes", texts[i]);
    cgroups_fail(PMI_EIO);
  }
  const char *memberships[] = {"", "\n", "0:", "0::", "0::a\n", "0:x:/a\n", ":::::\n", "4:memory\n"};
  for (size_t i = 0; i < sizeof memberships / sizeof *memberships; i++) {
    cgroups_begin(V2_MOUNT, memberships[i]);
    cgroups_expect_none(); /* of an unknown hierarchy */
  }
  cgroups_begin(V2_MOUNT, "0::/\n");
  scene_write("42/status", "Tgid:\tx\nThreads:\t1\n");
  cgroups_fail(PMI_EIO);
}

TEST(reports_a_missing_file_that_every_cgroup_of_version_1_has) {
  cgroups_begin(V1_MOUNT, "4:memory:/a\n");
  cgroups_put("cg/a", "cpu.stat", "");
  cgroups_fail(PMI_EIO);
}

TEST(fails_with_esrch_if_there_is_no_such_process) {
  begin_v1();
  scene_write("42/status", "Tgid:\t41\nThreads:\t2\n"); /* a thread */
  cgroups_fail(PMI_ESRCH);
  CHECK_SAME(unlink("proc/42/status"), 0);
  cgroups_fail(PMI_ESRCH);
  CHECK_SAME(unlink("proc/42/cgroup"), 0);
  CHECK_SAME(rmdir("proc/42"), 0);
  cgroups_fail(PMI_ESRCH);
}

static void *read_often(void *pid) {
  uintptr_t wrong = 0;
  for (int i = 0; i < 300; i++) {
    pmi_limit limit;
    pmi_error error;
    uint32_t asked = *(const uint32_t *)pid;
    wrong += pmi_read_limit(asked, &limit, &error) != PMI_OK ||
             value_of(&limit.values, "limit") != (asked == PID ? 4096u : 2048u);
  }
  return (void *)wrong;
}

TEST(answers_several_threads_at_once) {
  static const uint32_t pids[] = {PID, OTHER, PID, OTHER};
  pthread_t threads[4];
  begin_v1();
  cgroups_add_process(OTHER, "4:memory:/c\n");
  cgroups_limit_v1("cg/c", "2048\n", "2048");
  for (size_t i = 0; i < 4; i++)
    CHECK_SAME(pthread_create(&threads[i], NULL, read_often, (void *)&pids[i]), 0);
  for (size_t i = 0; i < 4; i++) {
    void *wrong;
    CHECK_SAME(pthread_join(threads[i], &wrong), 0);
    CHECK(wrong == NULL);
  }
}
