/* Where the limit of a process is found: mounts that show all of the hierarchy, a part of it, or another one. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroups.h"
#include "check.h"
#include "faults.h"
#include "scene.h"
#include "values.h"

AFTER(end) {
  fault_disarm();
  scene_end();
}

TEST(finds_a_container_without_namespace) {
  cgroups_begin("35 31 0:32 /docker/abc proc/cg ro master:17 - cgroup cgroup rw,memory\n",
                "4:memory:/docker/abc/x\n1:name=systemd:/docker/abc\n0::/\n");
  cgroups_limit_v1("cg", "8192\n", "8192");
  cgroups_limit_v1("cg/x", "16384\n", "8192");
  cgroups_expect(8192, "cg/memory.limit_in_bytes");
  cgroups_add_process(PID, "4:memory:/docker/abc\n");
  cgroups_expect(8192, "cg/memory.limit_in_bytes");
  cgroups_add_process(PID, "4:memory:/docker/abcd\n"); /* another one that begins with the same name */
  cgroups_fail(PMI_ENOSYS);
}

TEST(finds_a_container_with_a_namespace) {
  cgroups_begin(V2_MOUNT, "0::/\n");
  cgroups_limit_v2("cg", "4096\n");
  cgroups_expect(4096, "cg/memory.max");
  cgroups_add_process(PID, "0::/app\n");
  cgroups_limit_v2("cg/app", "max\n");
  cgroups_expect(4096, "cg/memory.max");
}

TEST(reports_that_a_limit_may_be_invisible) {
  const char *elsewhere[] = {"0::/../sibling\n", "0::/..\n", "0::/../..\n"};
  cgroups_begin(V2_MOUNT, "");
  cgroups_limit_v2("cg", "4096\n");
  for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
    cgroups_add_process(PID, elsewhere[i]);
    pmi_error error = cgroups_fail(PMI_ENOSYS);
    CHECK_TEXT(error.path, "proc/self/mountinfo");
  }
  cgroups_begin("", "0::/a\n");
  cgroups_fail(PMI_ENOSYS);
  cgroups_begin(V2_MOUNT, "4:memory:/a\n0::/\n");
  cgroups_put("cg", "cgroup.controllers", "\n");
  cgroups_fail(PMI_ENOSYS);
  CHECK_SAME(unlink("proc/self/mountinfo"), 0);
  cgroups_fail(PMI_ENOSYS);
}

TEST(finds_the_cgroup_by_pid_if_the_names_lead_nowhere) {
  cgroups_begin("30 20 0:26 /other proc/cg rw - cgroup2 cgroup2 rw\n", "0::/mine\n");
  cgroups_limit_v2("cg", "4096\n");
  cgroups_put("cg", "cgroup.procs", "7\n142\n421\n");
  cgroups_fail(PMI_ENOSYS);
  scene_write("cg/cgroup.procs", "7\n42\n");
  cgroups_expect_partial(4096, "cg/memory.max");
}

/* The mount's root shows that there are cgroups above, which may have tighter limits. */
TEST(is_incomplete_if_ancestors_are_above_the_mount) {
  cgroups_begin("30 20 0:26 /a/b proc/cg/own rw - cgroup2 cgroup2 rw\n", "0::/a/b\n");
  cgroups_limit_v2("cg/own", "8192\n");
  cgroups_expect_partial(8192, "cg/own/memory.max");
  cgroups_limit_v2("cg/own", "max\n");
  CHECK_TEXT(cgroups_fail(PMI_ENOSYS).path, "proc/self/mountinfo");

  cgroups_add_process(PID, "0::/a/b/c\n");
  cgroups_limit_v2("cg/own/c", "4096\n");
  cgroups_expect_partial(4096, "cg/own/c/memory.max");

  /* The mount of another container, seen from a namespace: the cgroups in between are above the mount as well. */
  scene_write("self/mountinfo", "30 20 0:26 /../x proc/cg/own rw - cgroup2 cgroup2 rw\n");
  cgroups_add_process(PID, "0::/../x/c\n");
  cgroups_expect_partial(4096, "cg/own/c/memory.max");

  /* A mount that shows more, but hides the names in between. */
  scene_write("self/mountinfo", "30 20 0:26 /a proc/cg/own rw - cgroup2 cgroup2 rw\n"
                                "31 20 0:26 /.. proc/cg/more rw - cgroup2 cgroup2 rw\n");
  cgroups_add_process(PID, "0::/a/c\n");
  cgroups_limit_v2("cg/more/ns", "2048\n");
  cgroups_limit_v2("cg/more/ns/a/c", "max\n");
  scene_write("cg/more/ns/a/c/cgroup.procs", "42\n");
  cgroups_expect(2048, "cg/more/ns/memory.max");
}

/* The kernel's sum of version 1 includes the cgroups above the mount; here it is missing. */
TEST(is_incomplete_in_version_1_without_the_sum) {
  cgroups_begin("30 20 0:26 /a proc/cg rw - cgroup cgroup rw,memory\n", "4:memory:/a\n");
  cgroups_limit_v1("cg", "8192\n", "8192");
  cgroups_expect(8192, "cg/memory.limit_in_bytes");
  cgroups_put("cg", "memory.stat", "cache 0\n");
  cgroups_expect_partial(8192, "cg/memory.limit_in_bytes");
}

TEST(finds_the_names_between_a_mount_and_the_namespace) {
  cgroups_begin("30 20 0:26 /../.. proc/cg rw - cgroup2 cgroup2 rw\n", "0::/x\n");
  cgroups_limit_v2("cg", "8192\n");
  cgroups_limit_v2("cg/a", "max\n");
  cgroups_limit_v2("cg/a/b/x", "1024\n");
  cgroups_limit_v2("cg/a/c/x", "4096\n");
  cgroups_limit_v2("cg/d", "1024\n");
  scene_write("cg/a/b/x/cgroup.procs", "41\n");
  scene_write("cg/a/c/cgroup.procs", "43\n");
  scene_write("cg/a/c/x/cgroup.procs", "41\n42\n");
  cgroups_expect(4096, "cg/a/c/x/memory.max");

  scene_write("cg/a/c/x/cgroup.procs", ""); /* its pid is hidden, too: only the top is certain to limit it */
  pmi_limit limit = cgroups_read();
  CHECK_SAME(value_of(&limit.values, "limit"), 8192);
  CHECK(!limit.complete);
  cgroups_limit_v2("cg", "max\n");
  cgroups_fail(PMI_ENOSYS);

  cgroups_add_process(PID, "0::/../y\n"); /* one name is hidden, one is known */
  cgroups_limit_v2("cg/e/y", "2048\n");
  scene_write("cg/e/y/cgroup.procs", "42\n");
  cgroups_expect(2048, "cg/e/y/memory.max");
}

TEST(reports_the_limit_of_a_top_with_a_hidden_hierarchy_in_version_1) {
  cgroups_begin("30 20 0:26 /.. proc/cg rw - cgroup cgroup rw,memory\n", "4:memory:/\n");
  cgroups_limit_v1("cg", "8192\n", "4096");
  pmi_limit limit = cgroups_read();
  CHECK_SAME(value_of(&limit.values, "limit"), 4096);
  CHECK_TEXT(limit.source, "proc/cg/memory.stat");
  CHECK(!limit.complete);
  CHECK_TEXT(names_of(&limit.values), "limit");
  cgroups_put("cg", "memory.use_hierarchy", "0\n");
  cgroups_fail(PMI_ENOSYS);
}

TEST(prefers_the_mount_that_shows_the_most) {
  cgroups_begin("30 20 0:26 /a/b proc/cg/own rw - cgroup2 cgroup2 rw\n"
                "31 20 0:26 /else proc/cg/else rw - cgroup2 cgroup2 rw\n"
                "32 20 0:26 / proc/cg/empty rw - cgroup2 cgroup2 rw\n"
                "33 20 0:26 / proc/cg/all rw - cgroup2 cgroup2 rw\n"
                "34 20 0:26 /a proc/cg/some rw - cgroup2 cgroup2 rw\n",
                "0::/a/b\n");
  cgroups_limit_v2("cg/own", "8192\n");
  cgroups_limit_v2("cg/else", "1024\n");
  cgroups_limit_v2("cg/some", "4096\n");
  cgroups_limit_v2("cg/some/b", "8192\n");
  cgroups_expect_partial(4096, "cg/some/memory.max");
  cgroups_limit_v2("cg/all/a", "4096\n");
  cgroups_limit_v2("cg/all/a/b", "8192\n");
  cgroups_expect(4096, "cg/all/a/memory.max");
}

TEST(ignores_a_mount_hidden_by_another) {
  cgroups_begin("30 20 0:26 /a proc/cg rw - cgroup2 cgroup2 rw\n"
                "31 30 0:26 / proc/cg rw - cgroup2 cgroup2 rw\n"
                "32 31 0:26 / proc/cg/x rw - tmpfs tmpfs rw\n",
                "0::/a\n");
  cgroups_put("cg", "cgroup.controllers", "memory\n");
  cgroups_limit_v2("cg/a", "4096\n");
  cgroups_expect(4096, "cg/a/memory.max");
  scene_write("self/mountinfo", "30 20 0:26 / proc/cg rw - cgroup2 cgroup2 rw\n31 30 0:5 / proc/cg rw - tmpfs x rw\n");
  cgroups_fail(PMI_ENOSYS);
}

/* A refusal on the way is reported as a refusal, not as a limit that is not visible. */
TEST(reports_what_refused_to_show_hidden_names) {
  const fault_kind kinds[] = {FAULT_OPEN, FAULT_READ};
  bool refused = false;
  cgroups_begin("30 20 0:26 /.. proc/cg rw - cgroup2 cgroup2 rw\n", "0::/x\n");
  cgroups_put("cg", "cgroup.controllers", "memory\n");
  cgroups_limit_v2("cg/a/x", "4096\n");
  scene_write("cg/a/x/cgroup.procs", "42\n");
  cgroups_expect(4096, "cg/a/x/memory.max");
  for (size_t i = 0; i < 2; i++) {
    for (int skip = 0;; skip++) {
      pmi_limit limit;
      pmi_error error;
      fault_arm(kinds[i], skip, EACCES);
      pmi_code code = pmi_read_limit(PID, &limit, &error);
      if (!fault_disarm())
        break;
      CHECK(code == PMI_OK ? value_of(&limit.values, "limit") != NOT_LISTED : code == PMI_EACCES);
      refused = refused || (code == PMI_EACCES && strstr(error.path, "cg/a/x/cgroup.procs") != NULL);
    }
  }
  CHECK(refused);
}

/* Root may read everything, but the real and the effective user of a process can differ. */
TEST(uses_the_rights_of_the_effective_user) {
  enum { NOBODY = 65534 };
  if (geteuid() != 0)
    check_skip("needs root");
  cgroups_begin(V2_MOUNT, "0::/a/b (deleted)\n");
  cgroups_limit_v2("cg/a", "4096\n");
  CHECK_SAME(chmod("proc/cg/a", 0700), 0);
  CHECK_SAME(setresuid(NOBODY, 0, 0), 0);
  pmi_limit limit;
  pmi_error error;
  pmi_code code = pmi_read_limit(PID, &limit, &error);
  CHECK_SAME(setresuid(0, 0, 0), 0);
  CHECK_SAME(code, PMI_OK);
  CHECK_SAME(value_of(&limit.values, "limit"), 4096);
  CHECK(limit.complete);
}

TEST(does_not_mistake_a_directory_for_a_cgroup) {
  cgroups_begin(V2_MOUNT, "0::/\n");
  scene_write("cg/memory.max", "4096\n");
  cgroups_fail(PMI_ENOSYS);
}

TEST(reads_escapes_in_mount_points) {
  cgroups_begin("30 20 0:26 /do\\040ck proc/c\\011g\\040\\134\\012x rw - cgroup2 none rw\n", "0::/do ck/a b\n");
  cgroups_limit_v2("c\tg \\\nx/a b", "4096\n");
  cgroups_expect_partial(4096, "c\tg \\\nx/a b/memory.max");
}

TEST(accepts_a_deleted_cgroup_of_a_zombie) {
  cgroups_begin(V2_MOUNT, "0::/a/b/c (deleted)\n");
  cgroups_limit_v2("cg/a", "4096\n");
  cgroups_expect(4096, "cg/a/memory.max");
  cgroups_limit_v2("cg/a/b/c (deleted)", "1024\n"); /* which can be its actual name */
  cgroups_expect(1024, "cg/a/b/c (deleted)/memory.max");
  cgroups_begin(V2_MOUNT, "0::/a (deleted)\n");
  cgroups_fail(PMI_ENOSYS);
}

TEST(reads_lines_longer_than_a_page) {
  char part[201];
  char path[PATH_MAX] = "";
  char text[4 * PATH_MAX];
  char mounts[4 * PATH_MAX];
  memset(part, 'x', 200);
  part[0] = '/';
  part[200] = '\0';
  while (strlen(path) + 300 < PATH_MAX)
    strcat(path, part);
  snprintf(text, sizeof text, "5:cpu:%s\n0::%s\n", path, path);
  snprintf(mounts, sizeof mounts, "29 20 0:5 %s %s rw - tmpfs x rw,%s\n" V2_MOUNT, path, path, path);
  cgroups_begin(mounts, text);
  cgroups_fail(PMI_ENOSYS);

  char directory[PATH_MAX];
  snprintf(directory, sizeof directory, "cg%.4000s", path);
  cgroups_limit_v2(directory, "4096\n");
  strcat(directory, "/memory.max");
  cgroups_expect(4096, directory);

  strcat(path, part); /* longer than any path that can be opened */
  snprintf(text, sizeof text, "0::%s%s\n", path, part);
  cgroups_add_process(PID, text);
  cgroups_fail(PMI_ENOSYS);
  snprintf(mounts, sizeof mounts, "29 20 0:5 / %s%s rw - cgroup2 x rw\n30 20 0:5 %s%s /x rw - cgroup2 x rw\n", path,
           part, path, part);
  scene_write("self/mountinfo", mounts);
  cgroups_fail(PMI_ENOSYS);
}
