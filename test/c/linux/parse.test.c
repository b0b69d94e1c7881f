/* linux/parse.c: actual, possible and truncated contents of files below /proc. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "linux/parse.h"

/* A copy without a terminator, in a block of exactly its size, so that a sanitizer reports reads past the end. */
static char *exact(const char *text, size_t length) {
  char *copy = malloc(length > 0 ? length : 1);
  CHECK(copy != NULL);
  memcpy(copy, text, length);
  return copy;
}

static const char ordinary[] =
    "Name:\tnode\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t42\nNgid:\t0\nPid:\t42\nPPid:\t1\n"
    "TracerPid:\t0\nUid:\t0\t0\t0\t0\nGroups:\t \nVmPeak:\t  700000 kB\nVmSize:\t  650000 kB\n"
    "VmHWM:\t   51000 kB\nVmRSS:\t   50000 kB\nRssAnon:\t   20000 kB\n"
    "RssFile:\t   29000 kB\nRssShmem:\t    1000 kB\nVmData:\t 100 kB\nVmSwap:\t 0 kB\n"
    "CoreDumping:\t0\nTHP_enabled:\t1\nThreads:\t11\nSigQ:\t0/96365\n";

static bool parse_status(const char *text, size_t length, pmi_status *out) {
  char *copy = exact(text, length);
  bool parsed = pmi_parse_status(copy, length, out);
  free(copy);
  return parsed;
}

TEST(reads_a_status) {
  pmi_status status;
  CHECK(parse_status(ordinary, sizeof ordinary - 1, &status));
  CHECK_SAME(status.tgid, 42);
  CHECK_SAME(status.threads, 11);
  CHECK_SAME(status.kib[PMI_VM_HWM], 51000);
  CHECK_SAME(status.kib[PMI_VM_RSS], 50000);
  CHECK_SAME(status.kib[PMI_RSS_ANON], 20000);
  CHECK_SAME(status.kib[PMI_RSS_FILE], 29000);
  CHECK_SAME(status.kib[PMI_RSS_SHMEM], 1000);
  CHECK_SAME(status.state, 'S');
  CHECK_SAME(status.kib[PMI_VM_PEAK], 700000);
  CHECK_SAME(status.kib[PMI_VM_SIZE], 650000);
  CHECK(pmi_status_has(&status, PMI_VM_SWAP));
  CHECK(!pmi_status_has(&status, PMI_VM_PTE));
  CHECK(!pmi_status_has(&status, PMI_HUGETLB_PAGES));
}

TEST(recognizes_a_status_truncated_anywhere) {
  const char *last = strstr(ordinary, "Threads:\t11\n");
  size_t enough = (size_t)(last - ordinary) + strlen("Threads:\t11\n");
  for (size_t length = 0; length < sizeof ordinary; length++) {
    pmi_status status;
    CHECK_SAME(parse_status(ordinary, length, &status), length >= enough);
  }
}

TEST(reads_only_as_much_of_a_status_as_needed) {
  const char last[] = "RssShmem:\t    1000 kB\n";
  size_t enough = (size_t)(strstr(ordinary, last) - ordinary) + strlen(last);
  for (size_t length = 0; length < sizeof ordinary; length++) {
    pmi_status status;
    char *copy = exact(ordinary, length);
    const bool is_whole_line = length >= enough && ordinary[length - 1] == '\n';
    CHECK_SAME(pmi_parse_status_fast(copy, length, PMI_WANT_MEMORY, &status), is_whole_line);
    free(copy);
    if (!is_whole_line)
      continue;
    CHECK_SAME(status.tgid, 42);
    CHECK_SAME(status.threads, 0);
    CHECK_SAME(status.kib[PMI_VM_HWM], 51000);
    CHECK_SAME(status.kib[PMI_RSS_SHMEM], 1000);
    CHECK_SAME(status.found, PMI_STATUS_MEMORY);
  }
  pmi_status status;
  const char zombie[] = "Name:\tz\nState:\tZ (zombie)\nTgid:\t42\nThreads:\t3\n";
  CHECK(!(pmi_parse_status_fast(zombie, strlen(zombie), PMI_WANT_MEMORY, &status)));
  CHECK(pmi_parse_status_fast(zombie, strlen(zombie), PMI_WANT_THREADS, &status));
  CHECK_SAME(status.threads, 3);
}

static bool parse(const char *text, pmi_status *out) { return parse_status(text, strlen(text), out); }

TEST(recognizes_zombies_and_kernel_threads) {
  pmi_status status;
  CHECK(parse("Name:\tkthreadd\nState:\tZ (zombie)\nTgid:\t2\nThreads:\t1\n", &status));
  CHECK_SAME(status.found, 0);
  CHECK_SAME(status.kib[PMI_VM_RSS], 0);
}

TEST(is_not_misled_by_a_name) {
  /* The kernel writes a newline in a name as a backslash and an n, so it cannot begin a line. */
  pmi_status status;
  CHECK(parse("Name:\tx\\nVmRSS:\\t9 kB\nTgid:\t7\nVmRSS:\t 5 kB\nThreads:\t1\n", &status));
  CHECK_SAME(status.kib[PMI_VM_RSS], 5);
  CHECK(parse("Name:\tThreads:\t3\nTgid:\t7\nVmRSS:\t 5 kB\nThreads:\t1\n", &status));
  CHECK_SAME(status.threads, 1);
}

TEST(rejects_a_malformed_status) {
  static const char *const bad[] = {
      "Tgid:\tbad\nThreads:\t1\n",
      "Tgid:\t99999999999\nThreads:\t1\n", /* bad: more than 32 bits */
      "Tgid:\t1 2\nThreads:\t1\n",         /* bad */
      "VmRSS:\t kB\nThreads:\t1\n",        /* bad */
      "VmRSS:\t 12\nThreads:\t1\n",        /* bad: no unit */
      "VmRSS:\t 12 MB\nThreads:\t1\n",     /* bad: another unit */
      "VmRSS:\t 12 kBs\nThreads:\t1\n",    /* bad */
      "VmHWM:\t -1 kB\nThreads:\t1\n",     /* bad */
      "State:\t\nThreads:\t1\n",
      "RssAnon:\t 99999999999999999999 kB\nThreads:\t1\n",
      "RssFile:\t 18446744073709551616 kB\nThreads:\t1\n",
      "RssShmem:\t 0x10 kB\nThreads:\t1\n",
      "\nThreads:\t\n",
      "\nThreads:\tone\n",
      "\n\n\n",
      "",
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    pmi_status status;
    char *copy = exact(bad[i], strlen(bad[i]));
    CHECK(!(pmi_parse_status(copy, strlen(bad[i]), &status)));
    free(copy);
  }
}

TEST(reads_sizes_beyond_32_bits) {
  pmi_status status;
  CHECK(parse("VmRSS:\t 18446744073709551615 kB\nVmHWM:\t 68719476736 kB\nThreads:\t1\n", &status));
  CHECK(status.kib[PMI_VM_RSS] == UINT64_MAX);
  CHECK(status.kib[PMI_VM_HWM] == (uint64_t)64 << 30);
}

static const char fields[] = ") S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 123456 9999 77 184467\n";

TEST(reads_a_stat_with_any_name) {
  static const char *const names[] = {"node",
                                      "",
                                      " ",
                                      "a b",
                                      ") (",
                                      ") S 9 9 (",
                                      "x)",
                                      "((",
                                      "a\nb",
                                      "\xff\xfe\xc3\x28",
                                      "kworker/u256:3-events_unbound"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char text[256];
    int length = snprintf(text, sizeof text, "42 (%s%s", names[i], fields);
    char *copy = exact(text, (size_t)length);
    pmi_stat stat;
    CHECK(pmi_parse_stat(copy, (size_t)length, &stat));
    CHECK_SAME(stat.ppid, 1);
    CHECK_SAME(stat.threads, 1);
    CHECK_SAME(stat.start_ticks, 123456);
    CHECK_SAME(stat.minor_faults, 1);
    CHECK_SAME(stat.major_faults, 3);
    CHECK_SAME(stat.name_length, strlen(names[i]));
    CHECK_BYTES(stat.name, names[i], stat.name_length);
    for (int cut = 0; cut < length; cut++)
      CHECK(!(pmi_parse_stat(copy, (size_t)cut, &stat)));
    free(copy);
  }
}

TEST(rejects_a_malformed_stat) {
  static const char *const bad[] = {
      "",
      "42",
      "42 (node",
      "42 node)",
      ")(",
      "42 (node) S",
      "42 (node) S ",
      "42 (node) S x 42",
      "42 (node) S -1 42 42",
      "42 (node) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 123456", /* may continue: 1234567 */
      "42 (node) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 x 1\n",
      "42 (node) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 99999999999999999999 1\n"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    pmi_stat stat;
    char *copy = exact(bad[i], strlen(bad[i]));
    CHECK(!(pmi_parse_stat(copy, strlen(bad[i]), &stat)));
    free(copy);
  }
}

TEST(reads_a_statm) {
  pmi_statm statm;
  const char *text = "162500 12500 7500 11 0 25000 0\n";
  char *copy = exact(text, strlen(text));
  CHECK(pmi_parse_statm(copy, strlen(text), &statm));
  CHECK(!(pmi_parse_statm(copy, strlen(text) - 1, &statm)));
  CHECK(!pmi_parse_statm(copy, 0, &statm));
  CHECK(pmi_parse_statm(copy, strlen(text), &statm));
  free(copy);
  CHECK_SAME(statm.resident, 12500);
  CHECK_SAME(statm.shared, 7500);
  CHECK_SAME(statm.size, 162500);
  CHECK_SAME(statm.text, 11);
  CHECK_SAME(statm.lib, 0);
  CHECK_SAME(statm.data, 25000);
  CHECK_SAME(statm.dirty, 0);

  static const char *const bad[] = {"",
                                    "1",
                                    "1 ",
                                    "1 2",
                                    "1 2 ",
                                    "1 2 3",
                                    "1 x 3 4",
                                    "1 2 x 4",
                                    "1 2 -3 4",
                                    "1 2 3 4 5 6 7",
                                    "1 2 3 4 5 6 7 8\n",
                                    "1 2 3 4 5 6 18446744073709551616\n"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char *cut = exact(bad[i], strlen(bad[i]));
    CHECK(!(pmi_parse_statm(cut, strlen(bad[i]), &statm)));
    free(cut);
  }
}

static bool parse_smaps(const char *text, pmi_smaps *out) {
  char *copy = exact(text, strlen(text));
  bool parsed = pmi_parse_smaps(copy, strlen(text), out);
  free(copy);
  return parsed;
}

TEST(adds_up_all_regions_of_smaps) {
  /* A region's first line begins with its address; a file called "Pss: 9 kB" does not begin a line. */
  pmi_smaps smaps;
  CHECK(parse_smaps(
      "00400000-0040b000 r-xp 00000000 08:01 123   /tmp/Pss: 9 kB\nSize: 44 kB\nRss: 40 kB\n"
      "Pss: 20 kB\nPss_Dirty: 7 kB\nShared_Clean: 30 kB\nPrivate_Clean: 4 kB\n"
      "Private_Dirty: 6 kB\nReferenced: 1 kB\nShared_Hugetlb: 4096 kB\nPrivate_Hugetlb: 2048 kB\nSwap: 8 kB\n"
      "SwapPss: 4 kB\nLocked: 0 kB\nTHPeligible: 0\nProtectionKey: 0\nVmFlags: rd ex mr mw me\n"
      "7fff0000-7fff1000 rw-p 00000000 00:00 0 [stack]\n"
      "Pss: 100 kB\nPrivate_Dirty: 100 kB\nSwap: 1 kB\nSwapPss: 1 kB\n",
      &smaps));
  CHECK_SAME(smaps.kib[PMI_SMAPS_PSS], 120);
  CHECK_SAME(smaps.kib[PMI_SMAPS_PRIVATE], 4 + 6 + 100);
  CHECK_SAME(smaps.kib[PMI_SMAPS_SWAP], 9);
  CHECK_SAME(smaps.kib[PMI_SMAPS_SWAP_PSS], 5);
  CHECK_SAME(smaps.kib[PMI_SMAPS_PRIVATE_HUGETLB], 2048);
  CHECK_SAME(smaps.kib[PMI_SMAPS_SHARED_HUGETLB], 4096);
  CHECK_SAME(smaps.found, (1U << PMI_SMAPS_SIZES) - 1);
  CHECK_SAME(smaps.end, 0x7fff1000);

  CHECK(parse_smaps("", &smaps)); /* a process that has no regions left */
  CHECK_SAME(smaps.kib[PMI_SMAPS_PSS], 0);
  CHECK(parse_smaps("55557f3b0000-7ffd3bffe000 ---p 00000000 00:00 0 [rollup]\nPss: 20 kB\n", &smaps));
  CHECK_SAME(smaps.end, 0x7ffd3bffe000);
  CHECK_SAME(smaps.found, 1U << PMI_SMAPS_PSS); /* swap is unknown */
  CHECK(parse_smaps("0-\nab-cd\n0-1x \n\nPss: 20 kB\n", &smaps));
  CHECK_SAME(smaps.end, 0);
  CHECK(!parse_smaps("Pss: 20 kB", &smaps));
  CHECK(!parse_smaps("Pss: 20 kB\nSwap: 1", &smaps));
  CHECK(!parse_smaps("Pss: x kB\n", &smaps));
  CHECK(!parse_smaps("Rss: 20 kB\n", &smaps));
  CHECK(parse_smaps("Pss: 18446744073709551615 kB\nPss: 2 kB\n", &smaps));
  CHECK(smaps.kib[PMI_SMAPS_PSS] == UINT64_MAX); /* not 1 */
}

TEST(reads_a_meminfo) {
  pmi_meminfo meminfo;
  const char *text = "MemTotal:  100 kB\nMemFree: 40 kB\nMemAvailable: 70 kB\nBuffers: 1 kB\nSwapCached: 5 kB\n"
                     "SwapTotal: 9 kB\nSwapFree: 8 kB\nHugePages_Total: 0\n";
  CHECK(pmi_parse_meminfo(text, strlen(text), &meminfo));
  const uint64_t expected[] = {100, 40, 70, 9, 8};
  CHECK_BYTES(meminfo.kib, expected, sizeof expected);
  CHECK_SAME(meminfo.found, 31);
  CHECK(pmi_parse_meminfo("MemTotal: 1 kB\nMemFree: 1 kB\n", 30, &meminfo));
  CHECK_SAME(meminfo.found, 3);
  CHECK(!pmi_parse_meminfo("MemTotal: 1 kB\n", 15, &meminfo));
  CHECK(!pmi_parse_meminfo("MemTotal: 1\nMemFree: 1 kB\n", 26, &meminfo));
}

TEST(reads_ids) {
  const char *text = "1 23 4294967295 ";
  size_t at = 0;
  uint32_t id;
  CHECK(pmi_next_id(text, strlen(text), &at, &id) && id == 1);
  CHECK(pmi_next_id(text, strlen(text), &at, &id) && id == 23);
  CHECK(pmi_next_id(text, strlen(text), &at, &id) && id == UINT32_MAX);
  CHECK(!(pmi_next_id(text, strlen(text), &at, &id)));
  CHECK_SAME(at, strlen(text));
  at = 0;
  CHECK(!pmi_next_id("12x", 3, &at, &id));
  CHECK_SAME(at, 0);
  CHECK(!pmi_next_id("", 0, &at, &id));
  CHECK(!pmi_next_id("4294967296 ", 11, &at, &id));

  CHECK(pmi_parse_id("0", 1, &id) && id == 0);
  CHECK(!pmi_parse_id("", 0, &id));
  CHECK(!pmi_parse_id("1a", 2, &id));
  CHECK(!pmi_parse_id("self", 4, &id));
  CHECK(!pmi_parse_id("4294967296", 10, &id));
}
