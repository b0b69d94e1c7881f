/* The tightest limit of a process, in simulated hierarchies. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgroups.h"
#include "check.h"
#include "scene.h"
#include "values.h"

AFTER(end) { scene_end(); }

TEST(finds_the_tightest_limit_of_all_ancestors) {
  const char *levels[] = {"cg/a", "cg/a/b", "cg/a/b/c"};
  const char *sources[] = {"cg/a/memory.max", "cg/a/b/memory.max", "cg/a/b/c/memory.max"};
  for (size_t tightest = 0; tightest < 3; tightest++) {
    cgroups_begin(V2_MOUNT, "0::/a/b/c\n");
    for (size_t i = 0; i < 3; i++)
      cgroups_limit_v2(levels[i], i == tightest ? "4096\n" : "8192\n");
    cgroups_expect(4096, sources[tightest]);
  }
  cgroups_limit_v2("cg/a/b", "4096\n");
  cgroups_limit_v2("cg/a", "4096\n");
  cgroups_expect(4096, "cg/a/b/c/memory.max"); /* of equal limits the nearest */
  cgroups_limit_v2("cg/a/b/c/d", "1\n");
  cgroups_limit_v2("cg/a/e", "1\n");
  cgroups_expect(4096, "cg/a/b/c/memory.max"); /* not an ancestor */
}

TEST(takes_the_tightest_limit_in_version_1) {
  cgroups_begin(V1_MOUNT, "5:cpu,cpuacct:/\n4:memory:/a/b:c\n1:name=systemd:/x\n");
  cgroups_limit_v1("cg", "9223372036854771712\n", "9223372036854771712");
  cgroups_limit_v1("cg/a", "8192\n", "8192");
  cgroups_limit_v1("cg/a/b:c", "16384\n", "8192");
  pmi_limit limit = cgroups_expect(8192, "cg/a/memory.limit_in_bytes");
  CHECK_TEXT(names_of(&limit.values), "limit usage usageWithoutCache available");
  cgroups_limit_v1("cg/a/b:c", "4096\n", "4096");
  cgroups_expect(4096, "cg/a/b:c/memory.limit_in_bytes");
}

TEST(reports_that_there_is_no_limit) {
  const char *unlimited[] = {"9223372036854771712\n", "9223372036854759424\n", "9223372036854710272\n",
                             "9223372036854775807\n", "18446744073709551615\n"};
  for (size_t i = 0; i < sizeof unlimited / sizeof *unlimited; i++) {
    char figure[32];
    snprintf(figure, sizeof figure, "%.*s", (int)strlen(unlimited[i]) - 1, unlimited[i]);
    cgroups_begin(V1_MOUNT, "4:memory:/a\n");
    cgroups_limit_v1("cg", unlimited[i], figure);
    cgroups_limit_v1("cg/a", unlimited[i], figure);
    cgroups_expect_none();
  }
  cgroups_begin(V2_MOUNT, "0::/a\n");
  cgroups_limit_v2("cg/a", "max\n");
  cgroups_expect_none();
  cgroups_begin(V2_MOUNT, "0::/\n"); /* the root has no memory.max */
  cgroups_put("cg", "cgroup.controllers", "memory\n");
  cgroups_expect_none();
  cgroups_begin(V2_MOUNT, "5:cpu:/a\n"); /* memory is not controlled at all */
  cgroups_expect_none();
  cgroups_begin("", "");
  cgroups_expect_none();
  CHECK_SAME(unlink("proc/42/cgroup"), 0); /* without that file it is unknown whether there are cgroups */
  pmi_limit limit;
  pmi_error error;
  CHECK_SAME(pmi_read_limit(42, &limit, &error), PMI_ENOSYS);
  CHECK_TEXT(error.path, "proc/42/cgroup");
}

TEST(reports_a_limit_larger_than_the_machine) {
  cgroups_begin(V2_MOUNT, "0::/a\n");
  cgroups_limit_v2("cg/a", "1125899906842624\n");
  cgroups_expect(1125899906842624, "cg/a/memory.max");
  cgroups_limit_v2("cg/a", "0\n");
  cgroups_expect(0, "cg/a/memory.max");
}

TEST(reads_both_versions_of_a_hybrid_setup) {
  cgroups_begin("41 31 0:38 / proc/cg/unified rw - cgroup2 cgroup2 rw\n"
                "35 31 0:32 / proc/cg/memory rw - cgroup cgroup rw,memory\n"
                "36 31 0:33 / proc/cg/cpu rw - cgroup cgroup rw,cpu\n",
                "4:memory:/a\n3:cpu:/\n0::/u\n");
  cgroups_put("cg/unified", "cgroup.controllers", "\n");
  cgroups_put("cg/unified/u", "cgroup.controllers", "\n");
  cgroups_limit_v1("cg/memory", "9223372036854771712\n", "9223372036854771712");
  cgroups_limit_v1("cg/memory/a", "8192\n", "8192");
  cgroups_expect(8192, "cg/memory/a/memory.limit_in_bytes");
  cgroups_limit_v2("cg/unified/u", "4096\n");
  cgroups_expect(4096, "cg/unified/u/memory.max");
  cgroups_limit_v2("cg/unified/u", "16384\n");
  cgroups_expect(8192, "cg/memory/a/memory.limit_in_bytes");
  cgroups_limit_v2("cg/unified/u", "?"); /* irrelevant: version 1 controls memory */
  cgroups_expect(8192, "cg/memory/a/memory.limit_in_bytes");
  scene_write("self/mountinfo", "35 31 0:32 / proc/cg/memory rw - cgroup cgroup rw,memory\n");
  cgroups_expect(8192, "cg/memory/a/memory.limit_in_bytes");
}

TEST(reads_the_threshold_of_version_2) {
  cgroups_begin(V2_MOUNT, "0::/a/b\n");
  cgroups_limit_v2("cg/a", "max\n");
  cgroups_limit_v2("cg/a/b", "max\n");
  cgroups_put("cg/a", "memory.high", "2048\n");
  cgroups_put("cg/a/b", "memory.high", "max\n");
  pmi_limit limit = cgroups_read();
  CHECK(limit.complete);
  CHECK_TEXT(names_of(&limit.values), "high");
  CHECK_SAME(value_of(&limit.values, "high"), 2048);
  CHECK_TEXT(limit.source, "");
  cgroups_put("cg/a/b", "memory.high", "1024\n");
  cgroups_limit_v2("cg/a", "4096\n");
  limit = cgroups_expect(4096, "cg/a/memory.max");
  CHECK_SAME(value_of(&limit.values, "high"), 1024);
}

TEST(available_is_at_most_that_of_every_ancestor) {
  cgroups_begin(V2_MOUNT, "0::/a/b\n");
  cgroups_limit_v2("cg/a", "10000\n"); /* other processes use almost all of it */
  cgroups_put("cg/a", "memory.current", "9500\n");
  cgroups_put("cg/a", "memory.stat", "inactive_file 100\n");
  cgroups_limit_v2("cg/a/b", "4096\n");
  cgroups_put("cg/a/b", "memory.current", "1000\n");
  cgroups_put("cg/a/b", "memory.stat", "inactive_file 300\n");
  pmi_limit limit = cgroups_expect(4096, "cg/a/b/memory.max");
  CHECK_SAME(value_of(&limit.values, "usage"), 1000);
  CHECK_SAME(value_of(&limit.values, "usageWithoutCache"), 700);
  CHECK_SAME(value_of(&limit.values, "available"), 600);

  CHECK_SAME(unlink("proc/cg/a/memory.stat"), 0); /* now the rest of that limit is unknown */
  limit = cgroups_expect(4096, "cg/a/b/memory.max");
  CHECK_TEXT(names_of(&limit.values), "limit usage");
}

TEST(subtracts_the_cache_that_is_reclaimed_first) {
  const struct {
    const char *usage;
    const char *stat;
    uint64_t without_cache;
    uint64_t available;
  } cases[] = {
      {"700\n", "anon 1\ninactive_file 300\nfile 4\n", 400, 600},
      {"700\n", "inactive_file 900\n", 0, 1000},
      {"1700\n", "inactive_file 100\n", 1600, 0},
      {"700\n", "anon 1\ninactive_file\n", NOT_LISTED, NOT_LISTED},
      {"700\n", "total_inactive_file 300\n", NOT_LISTED, NOT_LISTED},
      {"700\n", "inactive_file 300", NOT_LISTED, NOT_LISTED},
      {"7x\n", "inactive_file 300\n", NOT_LISTED, NOT_LISTED},
      {"", "inactive_file 300\n", NOT_LISTED, NOT_LISTED},
  };
  cgroups_begin(V2_MOUNT, "0::/a/b\n");
  cgroups_limit_v2("cg/a", "1000\n");
  cgroups_limit_v2("cg/a/b", "max\n");
  cgroups_put("cg/a/b", "memory.current", "1\n"); /* not the cgroup with the limit */
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    cgroups_put("cg/a", "memory.current", cases[i].usage);
    cgroups_put("cg/a", "memory.stat", cases[i].stat);
    pmi_limit limit = cgroups_expect(1000, "cg/a/memory.max");
    uint64_t current = strtoull(cases[i].usage, NULL, 10);
    CHECK(value_of(&limit.values, "usage") == (i < 6 ? current : NOT_LISTED));
    CHECK(value_of(&limit.values, "usageWithoutCache") == cases[i].without_cache);
    CHECK(value_of(&limit.values, "available") == cases[i].available);
  }
}

TEST(subtracts_the_cache_of_the_whole_group_in_version_1) {
  cgroups_begin(V1_MOUNT, "4:memory:/a\n");
  cgroups_limit_v1("cg", "9223372036854771712\n", "9223372036854771712");
  cgroups_limit_v1("cg/a", "1000\n", "1000");
  cgroups_put("cg/a", "memory.usage_in_bytes", "700\n");
  cgroups_put("cg/a", "memory.stat", "inactive_file 1\ntotal_inactive_file 300\n");
  pmi_limit limit = cgroups_expect(1000, "cg/a/memory.limit_in_bytes");
  CHECK_SAME(value_of(&limit.values, "usage"), 700);
  CHECK_SAME(value_of(&limit.values, "usageWithoutCache"), 400);
  CHECK_SAME(value_of(&limit.values, "available"), 600);
}

TEST(knows_the_limit_of_an_ancestor_above_the_mount_in_version_1) {
  cgroups_begin("35 31 0:32 /pod/box proc/cg rw - cgroup cgroup rw,memory\n", "4:memory:/pod/box/x\n");
  cgroups_limit_v1("cg", "9223372036854771712\n", "4096");
  cgroups_limit_v1("cg/x", "8192\n", "4096");
  pmi_limit limit = cgroups_expect(4096, "cg/x/memory.stat");
  CHECK_TEXT(names_of(&limit.values), "limit"); /* its usage is not visible, either */
}

TEST(ignores_ancestors_that_do_not_apply) {
  cgroups_begin(V1_MOUNT, "4:memory:/a/b\n");
  cgroups_limit_v1("cg", "9223372036854771712\n", "9223372036854771712");
  cgroups_limit_v1("cg/a", "4096\n", "4096");
  cgroups_limit_v1("cg/a/b", "8192\n", "8192");
  cgroups_put("cg/a", "memory.use_hierarchy", "0\n");
  cgroups_expect(8192, "cg/a/b/memory.limit_in_bytes");
}

TEST(goes_up_to_the_root_directory) {
  char membership[PATH_MAX];
  char source[PATH_MAX];
  cgroups_begin("30 20 0:26 / / rw - cgroup2 cgroup2 rw\n", "");
  cgroups_limit_v2("cg/a", "4096\n");
  CHECK(getcwd(source, sizeof source) != NULL);
  strcat(source, "/proc/cg/a");
  snprintf(membership, sizeof membership, "0::%.4000s\n", source);
  cgroups_add_process(PID, membership);
  strcat(source, "/memory.max");
  pmi_limit limit = cgroups_read();
  CHECK_SAME(value_of(&limit.values, "limit"), 4096);
  CHECK_TEXT(limit.source, source);
}
