/* parse_cgroup.c: texts about cgroups, complete, truncated, and malformed. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "linux/parse_cgroup.h"

static pmi_slice slice(const char *text) { return (pmi_slice){text, strlen(text)}; }

static void expect_slice(pmi_slice found, const char *text) {
  CHECK_SAME(found.length, strlen(text));
  CHECK_BYTES(found.bytes, text, found.length);
}

static const char mountinfo[] =
    "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
    "garbage\n"
    "\n"
    "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,memory-not\n"
    "33 31 0:29 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=memory\n"
    "34 31 0:30 /a\\040b /sys/fs/cgroup/memory rw shared:1 master:2 - cgroup  rw,cpuset,memory\n"
    "35 31 0:38 /../.. /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate\n"
    "x 31 0:38 / /p rw - cgroup2 cgroup2 rw\n"
    "36 -1 0:38 / /p rw - cgroup2 cgroup2 rw\n"
    "36 31 0:38 / /p rw cgroup2 cgroup2 rw\n"
    "36 31 0:38 / /p rw - cgroup2\n"
    "37 31 0:40 / /last rw - cgroup2 none rw";

TEST(finds_the_mounts) {
  const pmi_hierarchy expected[] = {PMI_CGROUP_NONE, PMI_CGROUP_NONE, PMI_CGROUP_NONE,
                                    PMI_CGROUP_V1,   PMI_CGROUP_V2,   PMI_CGROUP_V2};
  const uint32_t ids[] = {22, 32, 33, 34, 35, 37};
  const char *roots[] = {"/", "/", "/", "/a\\040b", "/../..", "/"};
  pmi_mount mount;
  size_t count = 0;
  for (size_t at = 0; pmi_next_mount(mountinfo, strlen(mountinfo), &at, &mount); count++) {
    CHECK(count < 6);
    CHECK_SAME(mount.id, ids[count]);
    CHECK_SAME(mount.hierarchy, expected[count]);
    expect_slice(mount.root, roots[count]);
  }
  CHECK_SAME(count, 6);
  expect_slice(mount.point, "/last");
  CHECK_SAME(mount.parent, 31);
}

/* Each prefix of a text, in a block of exactly its size, so that a sanitizer reports reads past the end. */
TEST(never_reads_past_the_end) {
  const char *texts[] = {mountinfo, "5:cpu:/x\n4:memory:/a\n0::/b", "a 1\nhierarchical_memory_limit 12\n",
                         "123\nmax\n"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    for (size_t length = 0; length <= strlen(texts[i]); length++) {
      char out[8];
      size_t used;
      uint64_t number;
      pmi_slice path;
      pmi_mount mount;
      pmi_cgroup_route route;
      char *copy = malloc(length + (length == 0));
      CHECK(copy != NULL);
      memcpy(copy, texts[i], length);
      for (size_t at = 0; pmi_next_mount(copy, length, &at, &mount);)
        CHECK(at <= length);
      pmi_parse_cgroup(copy, length, PMI_CGROUP_V1, &path);
      pmi_parse_cgroup(copy, length, PMI_CGROUP_V2, &path);
      pmi_parse_limit(copy, length, &number);
      pmi_parse_memory_stat(copy, length, "hierarchical_memory_limit", &number);
      pmi_has_pid(copy, length, 12);
      pmi_unescape((pmi_slice){copy, length}, out, sizeof out, &used);
      pmi_cgroup_find_route((pmi_slice){copy, length}, (pmi_slice){copy, length}, &route);
      free(copy);
    }
  }
}

TEST(decodes_escapes) {
  const char *cases[][2] = {{"", ""},           {"/a\\040b\\011\\012\\134", "/a b\t\n\\"},
                            {"\\04", "\\04"},   {"\\08x\\9", "\\08x\\9"},
                            {"\\777", "\\777"}, {"\\", "\\"},
                            {"\\377", "\377"}};
  char out[16];
  size_t length;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    CHECK(pmi_unescape(slice(cases[i][0]), out, sizeof out, &length));
    CHECK_TEXT(out, cases[i][1]);
    CHECK_SAME(length, strlen(cases[i][1]));
  }
  CHECK(pmi_unescape(slice("\\040\\040"), out, 3, &length));
  CHECK(!(pmi_unescape(slice("abc"), out, 3, &length)));
}

TEST(finds_the_cgroup_of_a_process) {
  static const char text[] =
      "9:name=memory:/no\n8:memory_x,xmemory:/no\n00::/no\n7:hugetlb,memory:/a:b c\n0::/v2 (deleted)";
  pmi_slice path;
  CHECK(pmi_parse_cgroup(text, strlen(text), PMI_CGROUP_V1, &path));
  expect_slice(path, "/a:b c");
  CHECK(pmi_parse_cgroup(text, strlen(text), PMI_CGROUP_V2, &path));
  expect_slice(path, "/v2 (deleted)");
  CHECK(!pmi_parse_cgroup("4:cpu:/\n", 8, PMI_CGROUP_V1, &path));
  CHECK(!pmi_parse_cgroup("4:cpu:/\n", 8, PMI_CGROUP_V2, &path));
}

TEST(finds_the_path_from_a_root_to_a_cgroup) {
  const struct {
    const char *root;
    const char *path;
    int hidden; /* -1: not below */
    const char *rest;
  } cases[] = {
      {"/", "/", 0, ""},
      {"/", "/a/b", 0, "/a/b"},
      {"/a", "/a", 0, ""},
      {"/a", "/a/b", 0, "/b"},
      {"/a", "/ab", -1, ""},
      {"/a/b", "/a", -1, ""},
      {"/", "/..", -1, ""},
      {"/", "/../a", -1, ""},
      {"/a", "/../a", -1, ""},
      {"/..", "/", 1, ""},
      {"/../..", "/", 2, ""},
      {"/../..", "/x/y", 2, "/x/y"},
      {"/../..", "/../x", 1, "/x"},
      {"/../..", "/../../x", 0, "/x"},
      {"/..", "/../..", -1, ""},
      {"/../a", "/", -1, ""},
      {"/../a", "/../a/b", 0, "/b"},
      {"/../a", "/../b", -1, ""},
      {"/..a", "/..a/b", 0, "/b"},
      {"/...", "/", -1, ""},
      {"", "/a", 0, "/a"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    pmi_cgroup_route route;
    bool below = pmi_cgroup_find_route(slice(cases[i].root), slice(cases[i].path), &route);
    CHECK_SAME(below, cases[i].hidden >= 0);
    if (below) {
      CHECK_SAME(route.hidden, cases[i].hidden);
      expect_slice(route.rest, cases[i].rest);
    }
  }
}

/* "No limit" is LONG_MAX rounded down to a page. Kernels support pages of 4 to 256 KiB. */
TEST(recognizes_the_values_that_mean_no_limit) {
  for (uint64_t page = 4096; page <= 262144; page *= 2)
    CHECK(pmi_real_limit(INT64_MAX / page * page) == PMI_UNLIMITED);
  CHECK(pmi_real_limit(INT64_MAX) == PMI_UNLIMITED);
  CHECK(pmi_real_limit(UINT64_MAX) == PMI_UNLIMITED);
  CHECK(pmi_real_limit(UINT64_C(1) << 42) == UINT64_C(1) << 42);
}

TEST(finds_a_pid_among_others) {
  CHECK(pmi_has_pid("1\n42\n7\n", 7, 42));
  CHECK(pmi_has_pid("0\n42", 4, 42));
  CHECK(!pmi_has_pid("142\n421\n4 2\n", 12, 42));
  CHECK(!pmi_has_pid("", 0, 0));
}
