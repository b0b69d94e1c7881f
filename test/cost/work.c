/*
 * Fixed work for the core: work QUERY runs a query on simulated processes, whose files are the same everywhere, once to
 * warm up and once in work(). Its cost is counted from outside: the instructions by valgrind; the system calls by
 * strace, between two calls of getpgid(2), which the core never calls. Without an argument, lists the queries.
 */
#include "pmi.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cgroups.h"
#include "scene.h"

enum { SIZE_OF_TREE = 20, REGIONS = 500, OTHERS = 100 };

static pmi_error error;

/* A fixed time: the uptime of the machine affects which files are read. */
int clock_gettime(clockid_t clock, struct timespec *time) {
  *time = (struct timespec){.tv_sec = 1000};
  if (clock == CLOCK_REALTIME)
    *time = (struct timespec){.tv_sec = 1700001000, .tv_nsec = 500000000};
  return 0;
}

static void need(pmi_code code) {
  if (code == PMI_OK)
    return;
  fprintf(stderr, "%s: %s '%s'\n", pmi_code_name(code), error.syscall, error.path);
  exit(1);
}

static void put(uint32_t pid, const char *name, const char *text) {
  char path[96];
  snprintf(path, sizeof path, "%" PRIu32 "/%s", pid, name);
  scene_write(path, text);
}

/* As written by a current kernel, for a process with some memory that started at boot. */
static void put_process(uint32_t pid, uint32_t ppid, const char *children) {
  char text[2048];
  char task[64];
  scene_stat((scene_fields){.pid = pid, .ppid = ppid, .start = 100 + pid, .name = "worker"});
  put(pid, "statm", "162500 12500 7500 256 0 25000 0\n");
  snprintf(text, sizeof text,
           "Name:\tworker\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t%" PRIu32 "\nNgid:\t0\nPid:\t%" PRIu32
           "\nPPid:\t%" PRIu32 "\nTracerPid:\t0\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nFDSize:\t64\nGroups:\t \n"
           "NStgid:\t7\nNSpid:\t7\nNSpgid:\t1\nNSsid:\t1\nKthread:\t0\nVmPeak:\t  700000 kB\nVmSize:\t  650000 kB\n"
           "VmLck:\t       0 kB\nVmPin:\t       0 kB\nVmHWM:\t   51000 kB\nVmRSS:\t   50000 kB\nRssAnon:\t   20000 kB\n"
           "RssFile:\t   29000 kB\nRssShmem:\t    1000 kB\nVmData:\t  100000 kB\nVmStk:\t     132 kB\n"
           "VmExe:\t    1024 kB\nVmLib:\t   20000 kB\nVmPTE:\t     300 kB\nVmSwap:\t     500 kB\n"
           "HugetlbPages:\t       0 kB\nCoreDumping:\t0\nTHP_enabled:\t1\nuntag_mask:\t0xffffffffffffffff\n"
           "Threads:\t1\nSigQ:\t0/96365\n",
           pid, pid, ppid);
  put(pid, "status", text);
  snprintf(task, sizeof task, "task/%" PRIu32 "/children", pid);
  put(pid, task, children);
}

static void put_region(FILE *file, unsigned number) {
  fprintf(file,
          "%08x-%08x r--p 00000000 00:00 0 \nSize:                 64 kB\nKernelPageSize:        4 kB\n"
          "MMUPageSize:           4 kB\nRss:                  60 kB\nPss:                  31 kB\nPss_Dirty:           "
          "  8 kB\n"
          "Shared_Clean:         40 kB\nShared_Dirty:          0 kB\nPrivate_Clean:        12 kB\n"
          "Private_Dirty:         8 kB\nReferenced:           60 kB\nAnonymous:             8 kB\nKSM:                 "
          "  0 kB\n"
          "LazyFree:              0 kB\nAnonHugePages:         0 kB\nShmemPmdMapped:        0 kB\nFilePmdMapped:       "
          "  0 kB\n"
          "Shared_Hugetlb:        0 kB\nPrivate_Hugetlb:       0 kB\nSwap:                  4 kB\nSwapPss:             "
          "  4 kB\n"
          "Locked:                0 kB\nTHPeligible:           0\nVmFlags: rd mr mw me \n",
          number << 16, (number + 1) << 16);
}

static void put_smaps(const char *name, unsigned regions) {
  char *text;
  size_t length;
  FILE *file = open_memstream(&text, &length);
  for (unsigned i = 0; i < regions; i++)
    put_region(file, i);
  fclose(file);
  put(PID, name, text);
  free(text);
}

/* PID has children and grandchildren, among other processes. Its limit is three cgroups deep. */
static void make_scene(void) {
  cgroups_begin(V2_MOUNT, "0::/a/b/c\n");
  cgroups_limit_v2("cg/a", "8388608\n");
  cgroups_limit_v2("cg/a/b", "4194304\n");
  cgroups_limit_v2("cg/a/b/c", "max\n");
  scene_write("meminfo", "MemTotal:       24684272 kB\nMemFree:        20174076 kB\nMemAvailable:   23412980 kB\n"
                         "Buffers:          123456 kB\nCached:          2345678 kB\nSwapCached:            0 kB\n"
                         "SwapTotal:       2097148 kB\nSwapFree:        2097148 kB\nDirty:               120 kB\n");
  scene_write("thread-self/children", "");
  put_process(1, 0, "42 ");
  put_process(PID, 1, "43 44 45 46 47 48 49 50 51 52 ");
  for (uint32_t pid = PID + 1; pid < PID + SIZE_OF_TREE; pid++) {
    char child[16];
    snprintf(child, sizeof child, "%" PRIu32 " ", pid + 10);
    put_process(pid, pid <= PID + 10 ? PID : pid - 10, pid < PID + 10 ? child : "");
  }
  for (uint32_t pid = 1000; pid < 1000 + OTHERS; pid++)
    put_process(pid, 1, "");
  put_smaps("smaps", REGIONS);
  put_smaps("smaps_rollup", 1);
}

static pmi_handle *handle;

static void ask_memory(void) {
  pmi_memory memory;
  need(pmi_read_memory(PID, &memory, &error));
}

static void ask_counters(void) {
  pmi_values counters;
  need(pmi_read_counters(PID, &counters, &error));
}

static void ask_footprint(void) {
  pmi_footprint footprint;
  need(pmi_read_footprint(PID, &footprint, &error));
}

static void ask_tree(void) {
  pmi_tree tree = {0};
  need(pmi_read_tree(PID, 0, &tree, &error));
  if (tree.count != SIZE_OF_TREE)
    exit(2);
  pmi_tree_free(&tree);
}

/* Two roots, one below the other. */
static void ask_trees(void) {
  const uint32_t roots[] = {PID, PID + 1};
  pmi_tree trees[2] = {{0}};
  pmi_error errors[2];
  need(pmi_read_trees(roots, 2, 0, trees, errors, &error));
  if (trees[0].count != SIZE_OF_TREE || trees[1].count != 2)
    exit(2);
  pmi_tree_free(&trees[0]);
  pmi_tree_free(&trees[1]);
}

static void ask_all(void) {
  pmi_tree tree = {0};
  need(pmi_read_all(0, &tree, &error));
  if (tree.count != 1 + SIZE_OF_TREE + OTHERS)
    exit(2);
  pmi_tree_free(&tree);
}

static void ask_limit(void) {
  pmi_limit limit;
  need(pmi_read_limit(PID, &limit, &error));
}

static void ask_system(void) {
  pmi_values system_memory;
  need(pmi_read_system(&system_memory, &error));
}

static void ask_open(void) {
  pmi_handle *opened;
  need(pmi_open_handle(PID, &opened, &error));
  pmi_close_handle(opened);
}

static void ask_handle_alive(void) {
  bool alive;
  need(pmi_handle_is_alive(handle, &alive, &error));
}

static void ask_handle_memory(void) {
  pmi_memory memory;
  need(pmi_handle_read_memory(handle, &memory, &error));
}

static void ask_handle_counters(void) {
  pmi_values counters;
  need(pmi_handle_read_counters(handle, &counters, &error));
}

static void ask_handle_footprint(void) {
  pmi_footprint footprint;
  need(pmi_handle_read_footprint(handle, &footprint, &error));
}

static void without_rollup(void) { unlink("proc/42/smaps_rollup"); }
/* As on a kernel without children files. */
static void without_children(void) {
  unlink("proc/thread-self/children");
  for (uint32_t pid = PID; pid < PID + SIZE_OF_TREE; pid++) {
    char path[96];
    snprintf(path, sizeof path, "proc/%" PRIu32 "/task/%" PRIu32 "/children", pid, pid);
    unlink(path);
  }
}

static void with_handle(void) { need(pmi_open_handle(PID, &handle, &error)); }

static const struct {
  const char *name;
  void (*ask)(void);
  void (*prepare)(void);
} questions[] = {
    {"memory", ask_memory, NULL},
    {"counters", ask_counters, NULL},
    {"footprint, by smaps_rollup", ask_footprint, NULL},
    {"footprint, by smaps of 500 regions", ask_footprint, without_rollup},
    {"tree of 20", ask_tree, NULL},
    {"tree of 20, by a scan of 121", ask_tree, without_children},
    {"tree of 20, and of 2 in it", ask_trees, NULL},
    {"all of 121", ask_all, NULL},
    {"limit, 3 cgroups deep", ask_limit, NULL},
    {"system", ask_system, NULL},
    {"handle, opened and closed", ask_open, NULL},
    {"handle, whether alive", ask_handle_alive, with_handle},
    {"handle, memory", ask_handle_memory, with_handle},
    {"handle, counters", ask_handle_counters, with_handle},
    {"handle, footprint", ask_handle_footprint, with_handle},
};

__attribute__((noinline)) void work(void (*ask)(void));
void work(void (*ask)(void)) { ask(); }

int main(int argc, char **argv) {
  const size_t count = sizeof questions / sizeof *questions;
  for (size_t i = 0; i < count; i++) {
    if (argc < 2) {
      puts(questions[i].name);
    } else if (strcmp(questions[i].name, argv[1]) == 0) {
      make_scene();
      if (questions[i].prepare != NULL)
        questions[i].prepare();
      questions[i].ask();
      getpgid(0);
      work(questions[i].ask);
      getpgid(0);
      if (handle != NULL)
        pmi_close_handle(handle);
      scene_end();
    }
  }
}
