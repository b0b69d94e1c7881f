/* The other queries on Linux: counters, footprint, system, and handles. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "faults.h"
#include "linux/process.h"
#include "pmi.h"
#include "scene.h"
#include "values.h"

static pmi_error error;
static pmi_memory memory;
static pmi_values counters;
static pmi_footprint footprint;
static pmi_values machine;
static pmi_tree tree;
static pmi_handle *handle;
static bool alive;

BEFORE(begin) { scene_begin(); }

AFTER(end) {
  fault_disarm();
  if (handle != NULL)
    pmi_close_handle(handle);
  handle = NULL;
  pmi_tree_free(&tree);
  scene_end();
}

static uint32_t own_pid(void) { return (uint32_t)getpid(); }

static uint64_t counter(const char *name) {
  for (size_t i = 0; i < counters.count; i++)
    if (strcmp(counters.items[i].name, name) == 0)
      return counters.items[i].value;
  CHECK(!"it is listed");
  return 0;
}

static bool has_counter(const char *name) {
  for (size_t i = 0; i < counters.count; i++)
    if (strcmp(counters.items[i].name, name) == 0)
      return true;
  return false;
}

/* ---- A simulated process 42 ---- */

static const char status_text[] = "State:\tS (sleeping)\nTgid:\t42\nVmPeak:\t 900 kB\nVmSize:\t 800 kB\nVmLck:\t 1 kB\n"
                                  "VmPin:\t 2 kB\nVmHWM:\t 90 kB\nVmRSS:\t 80 kB\nRssAnon:\t 50 kB\nRssFile:\t 20 kB\n"
                                  "RssShmem:\t 10 kB\nVmData:\t 5 kB\nVmStk:\t 6 kB\nVmExe:\t 7 kB\nVmLib:\t 8 kB\n"
                                  "VmPTE:\t 9 kB\nVmSwap:\t 11 kB\nHugetlbPages:\t 2048 kB\nThreads:\t1\n";
static const char smaps_text[] = "Pss: 30 kB\nPrivate_Clean: 4 kB\nPrivate_Dirty: 12 kB\nShared_Hugetlb: 2 kB\n"
                                 "Private_Hugetlb: 4 kB\nSwap: 8 kB\nSwapPss: 6 kB\n";

static void write_42(void) {
  scene_write("42/status", status_text);
  scene_stat((scene_fields){.pid = 42, .ppid = 1, .start = 500});
  scene_write("42/statm", "200 20 10 3 0 40 0\n");
}

TEST(reads_all_counters) {
  uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
  write_42();
  CHECK_SAME(pmi_read_counters(42, &counters, &error), PMI_OK);
  const struct {
    const char *name;
    uint64_t value;
  } expected[] = {
      {"rss", 20 * page},
      {"vms", 200 * page},
      {"shared", 10 * page},
      {"text", 3 * page},
      {"lib", 0},
      {"data", 40 * page},
      {"dirty", 0},
      {"anon", 50 * 1024},
      {"file", 20 * 1024},
      {"shmem", 10 * 1024},
      {"swap", 11 * 1024},
      {"peakRss", 90 * 1024},
      {"peakVms", 900 * 1024},
      {"stack", 6 * 1024},
      {"pageTables", 9 * 1024},
      {"locked", 1 * 1024},
      {"pinned", 2 * 1024},
      {"hugetlb", 2048 * 1024},
      {"minorFaults", 101},
      {"majorFaults", 303},
  };
  CHECK_SAME(counters.count, sizeof expected / sizeof *expected);
  for (size_t i = 0; i < counters.count; i++) {
    CHECK_TEXT(counters.items[i].name, expected[i].name);
    CHECK_SAME(counters.items[i].value, expected[i].value);
    CHECK_SAME(counters.items[i].unit, strstr(expected[i].name, "Faults") ? PMI_COUNT : PMI_BYTES);
  }
}

TEST(has_no_counter_for_a_missing_line) {
  write_42();
  scene_write("42/status", "Tgid:\t42\nVmRSS:\t 80 kB\nThreads:\t1\n");
  CHECK_SAME(pmi_read_counters(42, &counters, &error), PMI_OK);
  CHECK(has_counter("rss"));
  CHECK(!has_counter("swap"));
  CHECK(!has_counter("anon"));

  /* A zombie: everything is 0, but its peaks are unknown. */
  scene_write("42/status", "State:\tZ (zombie)\nTgid:\t42\nThreads:\t1\n");
  scene_write("42/statm", "0 0 0 0 0 0 0\n");
  CHECK_SAME(pmi_read_counters(42, &counters, &error), PMI_OK);
  CHECK_SAME(counter("swap"), 0);
  CHECK_SAME(counters.count, 18);
  CHECK(!has_counter("peakRss"));
  CHECK(!has_counter("peakVms"));
}

static void exit_now(const char *path) {
  if (strstr(path, "statm") == NULL)
    return;
  fault_before_open(NULL);
  scene_write("42/status", "State:\tZ (zombie)\nTgid:\t42\nThreads:\t1\n");
  scene_write("42/statm", "0 0 0 0 0 0 0\n");
}

TEST(never_mixes_two_readings_of_a_process_that_exits) {
  write_42();
  fault_before_open(exit_now);
  CHECK_SAME(pmi_read_counters(42, &counters, &error), PMI_OK);
  CHECK_SAME(counter("rss"), 0);
  CHECK_SAME(counter("anon"), 0);
}

TEST(names_the_malformed_file_of_the_counters) {
  scene_write("1/status", "");
  CHECK_SAME(pmi_read_counters(42, &counters, &error), PMI_ESRCH);
  write_42();
  scene_write("42/statm", "1 2 3\n");
  CHECK_SAME(pmi_read_counters(42, &counters, &error), PMI_EIO);
  CHECK_TEXT(error.path, "proc/42/statm");
}

TEST(never_lists_more_counters_than_fit) {
  counters.count = 0;
  for (int i = 0; i < PMI_MAX_VALUES + 5; i++)
    pmi_values_add(&counters, "x", PMI_COUNT, (uint64_t)i);
  CHECK_SAME(counters.count, PMI_MAX_VALUES);
}

static void expect_42s_footprint(const char *method) {
  CHECK_SAME(pmi_read_footprint(42, &footprint, &error), PMI_OK);
  CHECK_TEXT(names_of(&footprint.values), "uss pss swap swapPss hugetlb footprint");
  CHECK_SAME(value_of(&footprint.values, "uss"), 20 * 1024);
  CHECK_SAME(value_of(&footprint.values, "pss"), 30 * 1024);
  CHECK_SAME(value_of(&footprint.values, "swap"), 8 * 1024);
  CHECK_SAME(value_of(&footprint.values, "swapPss"), 6 * 1024);
  CHECK_SAME(value_of(&footprint.values, "hugetlb"), 6 * 1024);
  CHECK_SAME(value_of(&footprint.values, "footprint"), 36 * 1024);
  CHECK_TEXT(footprint.method, method);
}

/* Kernels before 4.3 have no SwapPss, some have no swap at all: unknown, not 0. */
TEST(leaves_out_figures_of_a_footprint_without_a_line) {
  write_42();
  scene_write("42/smaps", "Pss: 30 kB\nPrivate_Clean: 4 kB\nPrivate_Dirty: 16 kB\nSwap: 8 kB\n");
  CHECK_SAME(pmi_read_footprint(42, &footprint, &error), PMI_OK);
  CHECK_TEXT(names_of(&footprint.values), "uss pss swap footprint");
  CHECK_SAME(value_of(&footprint.values, "footprint"), 30 * 1024);
  scene_write("42/smaps", "Pss: 30 kB\nPrivate_Clean: 4 kB\nPrivate_Dirty: 16 kB\n");
  CHECK_SAME(pmi_read_footprint(42, &footprint, &error), PMI_OK);
  CHECK_TEXT(names_of(&footprint.values), "uss pss footprint");
}

TEST(reads_smaps_rollup_or_adds_up_smaps) {
  write_42();
  scene_write("42/smaps", smaps_text);
  expect_42s_footprint("smaps");
  scene_write("42/smaps_rollup", smaps_text);
  expect_42s_footprint("smaps_rollup");
}

TEST(reports_a_footprint_of_0_for_a_process_without_memory) {
  scene_write("42/status", "Tgid:\t42\nThreads:\t1\n");
  CHECK_SAME(pmi_read_footprint(42, &footprint, &error), PMI_OK);
  CHECK_SAME(value_of(&footprint.values, "footprint"), 0);
  CHECK_TEXT(names_of(&footprint.values), "uss pss swap swapPss hugetlb footprint");
}

TEST(reads_the_footprint_of_another_thread) {
  scene_write("42/status", "Tgid:\t42\nThreads:\t2\n");
  scene_write("42/task/43/status", status_text);
  scene_write("42/task/43/smaps_rollup", smaps_text);
  expect_42s_footprint("smaps_rollup");
}

TEST(reports_why_a_footprint_failed) {
  scene_write("1/status", "");
  CHECK_SAME(pmi_read_footprint(42, &footprint, &error), PMI_ESRCH);
  write_42();
  CHECK_SAME(pmi_read_footprint(42, &footprint, &error), PMI_ENOSYS); /* memory, but no smaps of either kind */
  CHECK_SAME(error.code, PMI_ENOSYS);
  CHECK_TEXT(error.path, "proc/42/smaps");
  scene_write("42/smaps_rollup", "nothing\n");
  CHECK_SAME(pmi_read_footprint(42, &footprint, &error), PMI_EIO);
  CHECK_TEXT(error.path, "proc/42/smaps_rollup");
  scene_write("43/status", status_text); /* a thread of 42 */
  CHECK_SAME(pmi_read_footprint(43, &footprint, &error), PMI_ESRCH);
}

static pmi_code read_tree_42(void) {
  pmi_tree_free(&tree);
  return pmi_read_tree(42, PMI_TREE_FOOTPRINT, &tree, &error);
}

TEST(estimates_a_refused_footprint_and_reports_it) {
  write_42();
  scene_write("42/smaps_rollup", smaps_text);
  CHECK_SAME(read_tree_42(), PMI_OK);
  CHECK_SAME(footprint_value(&tree, 0, "footprint"), 36 * 1024);
  CHECK_SAME(tree.processes[0].footprint_code, PMI_OK);

  fault_open("smaps_rollup", EACCES);
  CHECK_SAME(read_tree_42(), PMI_OK);
  CHECK_SAME(tree.processes[0].footprint_code, PMI_EACCES);
  CHECK_TEXT(pmi_tree_footprint(&tree, &tree.processes[0])->method, "status");
  CHECK_SAME(footprint_value(&tree, 0, "footprint"), (50 + 11) * 1024);
  CHECK_SAME(footprint_value(&tree, 0, "uss"), NOT_LISTED);

  fault_open("smaps_rollup", EMFILE);
  CHECK_SAME(read_tree_42(), PMI_EMFILE);
  fault_disarm();

  CHECK_SAME(unlink("proc/42/smaps_rollup"), 0);
  CHECK_SAME(read_tree_42(), PMI_OK);
  CHECK_SAME(tree.processes[0].footprint_code, PMI_ENOSYS);
  CHECK_TEXT(pmi_tree_footprint(&tree, &tree.processes[0])->method, "status");
}

TEST(reads_the_machine) {
  scene_write("meminfo", "MemTotal: 100 kB\nMemFree: 40 kB\nMemAvailable: 70 kB\nSwapTotal: 9 kB\nSwapFree: 8 kB\n");
  CHECK_SAME(pmi_read_system(&machine, &error), PMI_OK);
  CHECK_TEXT(names_of(&machine), "total free available swapTotal swapFree");
  CHECK_SAME(value_of(&machine, "total"), 100 * 1024);
  CHECK_SAME(value_of(&machine, "free"), 40 * 1024);
  CHECK_SAME(value_of(&machine, "available"), 70 * 1024);
  CHECK_SAME(value_of(&machine, "swapTotal"), 9 * 1024);
  CHECK_SAME(value_of(&machine, "swapFree"), 8 * 1024);
  scene_write("meminfo", "MemTotal: 100 kB\nMemFree: 40 kB\n");
  CHECK_SAME(pmi_read_system(&machine, &error), PMI_OK);
  CHECK_TEXT(names_of(&machine), "total free");
  scene_write("meminfo", "");
  CHECK_SAME(pmi_read_system(&machine, &error), PMI_EIO);
  scene_end();
  scene_begin();
  CHECK_SAME(pmi_read_system(&machine, &error), PMI_ENOSYS);
  CHECK_SAME(error.code, PMI_ENOSYS);
}

/* ---- Handles ---- */

static pid_t fork_sleeper(void) {
  pid_t pid = fork();
  while (pid == 0)
    pause();
  return pid;
}

TEST(fails_with_esrch_after_its_process_has_exited) {
  scene_real_proc();
  pid_t child = fork_sleeper();
  CHECK_SAME(pmi_open_handle((uint32_t)child, &handle, &error), PMI_OK);
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
  CHECK_SAME(alive, 1);
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_OK);
  CHECK(memory.working_set > 0);
  CHECK(pmi_handle_creation_time_ms(handle) > 0);

  kill(child, SIGKILL);
  siginfo_t info;
  waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT);
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
  CHECK_SAME(alive, 0);
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_OK);
  CHECK_SAME(memory.working_set, 0); /* a zombie */

  waitpid(child, NULL, 0);
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
  CHECK_SAME(alive, 0);
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_ESRCH);
  CHECK_SAME(pmi_handle_read_counters(handle, &counters, &error), PMI_ESRCH);
  CHECK_SAME(pmi_handle_read_footprint(handle, &footprint, &error), PMI_ESRCH);
}

TEST(recognizes_a_live_process_without_a_main_thread) {
  write_42();
  CHECK_SAME(pmi_open_handle(42, &handle, &error), PMI_OK);
  scene_write("42/status", "State:\tZ (zombie)\nTgid:\t42\nThreads:\t2\n");
  scene_write("42/task/43/status", status_text);
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
  CHECK_SAME(alive, 1);
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_OK);
  CHECK_SAME(memory.working_set, 80 * 1024);
  scene_write("42/status", "State:\tZ (zombie)\nTgid:\t42\nThreads:\t1\n");
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
  CHECK_SAME(alive, 0);
  scene_write("42/status", "?");
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_EIO);
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_EIO);
}

TEST(gives_up_on_threads_that_keep_exiting) {
  write_42();
  CHECK_SAME(pmi_open_handle(42, &handle, &error), PMI_OK);
  /* It has other threads, but none of them has a status. */
  scene_write("42/status", "State:\tZ (zombie)\nTgid:\t42\nThreads:\t2\n");
  scene_write("42/task/43/nothing", "");
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_EIO);
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_EIO);
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
  CHECK_SAME(alive, 1);
}

TEST(retries_when_the_thread_it_found_has_exited) {
  scene_write("42/status", "State:\tZ (zombie)\nTgid:\t42\nThreads:\t2\n");
  scene_stat((scene_fields){.pid = 42, .ppid = 1, .start = 500});
  scene_write("42/task/43/status", status_text);
  scene_write("42/task/43/statm", "200 20 10 3 0 40 0\n");
  /* Opens: directory, status, task, the thread's status, its statm. */
  fault_arm(FAULT_OPEN, 4, ENOENT);
  CHECK_SAME(pmi_read_counters(42, &counters, &error), PMI_OK);
  CHECK(fault_disarm());
  CHECK_SAME(counter("anon"), 50 * 1024);
}

static void expect_close(uint64_t a, uint64_t b) { CHECK((a > b ? a - b : b - a) <= 1 << 20); }

/* Both ways must agree about this process, whatever its parent was. */
static void expect_agreement(void) {
  pmi_memory by_handle;
  CHECK_SAME(pmi_handle_read_memory(handle, &by_handle, &error), PMI_OK);
  CHECK_SAME(pmi_read_memory(own_pid(), &memory, &error), PMI_OK);
  CHECK_SAME(by_handle.known, memory.known);
  expect_close(by_handle.working_set, memory.working_set);
  expect_close(by_handle.private_bytes, memory.private_bytes);
  expect_close(by_handle.shared_bytes, memory.shared_bytes);
  expect_close(by_handle.peak_working_set, memory.peak_working_set);
  CHECK(by_handle.peak_working_set >= by_handle.working_set);
}

static void raise_peak(size_t mib) {
  char *bytes = mmap(NULL, mib << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(bytes != MAP_FAILED);
  memset(bytes, 1, mib << 20);
  munmap(bytes, mib << 20);
}

TEST(agrees_on_its_own_process) {
  scene_real_proc();
  CHECK_SAME(pmi_open_handle(own_pid(), &handle, &error), PMI_OK);
  expect_agreement();
  raise_peak(30);
  expect_agreement();
}

/* Runs as `questions inherited`, started by a process with a high peak, which is not its own. */
static int inherited(void) {
  pmi_memory at_first;
  scene_begin();
  scene_real_proc();
  if (pmi_open_handle(own_pid(), &handle, &error) != PMI_OK ||
      pmi_handle_read_memory(handle, &at_first, &error) != PMI_OK || at_first.peak_working_set > 20 << 20)
    return 1;
  raise_peak(20);
  pmi_memory low;
  if (pmi_handle_read_memory(handle, &low, &error) != PMI_OK || low.peak_working_set < 20 << 20 ||
      low.peak_working_set > 40 << 20)
    return 2;
  raise_peak(150);
  pmi_memory high;
  if (pmi_handle_read_memory(handle, &high, &error) != PMI_OK || high.peak_working_set < 150 << 20)
    return 3;
  end();
  return 0;
}

static char program[4096];

START(be_inherited_if_asked) {
  if (count > 1 && strcmp(arguments[1], "inherited") == 0)
    _exit(inherited());
  CHECK(realpath(arguments[0], program) != NULL);
}

TEST(distinguishes_its_own_peak_from_its_parents) {
  scene_real_proc();
  pid_t child = fork();
  if (child == 0) {
    raise_peak(100);
    execl(program, program, "inherited", (char *)NULL);
    _exit(9);
  }
  int status;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK_SAME(WEXITSTATUS(status), 0);
}

TEST(treats_its_own_pid_in_a_foreign_proc_as_another_process) {
  char path[64];
  char text[512];
  snprintf(path, sizeof path, "%d/status", getpid());
  snprintf(text, sizeof text, "Tgid:\t%d\nVmHWM:\t 99999999 kB\nVmRSS:\t 88888888 kB\nRssAnon:\t 1 kB\nThreads:\t1\n",
           getpid());
  scene_write(path, text);
  scene_stat((scene_fields){.pid = own_pid(), .ppid = 1, .start = 500});
  CHECK_SAME(pmi_open_handle(own_pid(), &handle, &error), PMI_OK);
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_OK);
  CHECK(memory.peak_working_set == (uint64_t)99999999 * 1024);
}

TEST(reports_a_malformed_statm_of_its_own) {
  char path[64];
  char text[512];
  char pid[16];
  snprintf(pid, sizeof pid, "%d", getpid());
  snprintf(path, sizeof path, "%s/status", pid);
  snprintf(text, sizeof text, "Tgid:\t%s\nVmHWM:\t 99999999 kB\nVmRSS:\t 8 kB\nThreads:\t1\n", pid);
  scene_write(path, text);
  scene_stat((scene_fields){.pid = own_pid(), .ppid = 1, .start = 500});
  CHECK_SAME(symlink(pid, "proc/self"), 0);
  CHECK_SAME(pmi_open_handle(own_pid(), &handle, &error), PMI_ESRCH); /* it has no statm */
  snprintf(path, sizeof path, "%s/statm", pid);
  scene_write(path, "1 2 3 4 5 6 7\n"); /* more shared than resident */
  CHECK_SAME(pmi_open_handle(own_pid(), &handle, &error), PMI_OK);
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_OK);
  CHECK_SAME(memory.known, PMI_PEAK); /* as in status, and not split */
  CHECK_SAME(memory.working_set, 8 * 1024);
  scene_write(path, "no numbers\n");
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_EIO);
}

TEST(rereads_a_status_of_any_length_in_one_read) {
  char text[20000];
  int at = snprintf(text, sizeof text, "Tgid:\t42\nGroups:\t");
  while (at < 15000)
    at += snprintf(text + at, sizeof text - (size_t)at, "%d ", at);
  snprintf(text + at, sizeof text - (size_t)at, "\nVmRSS:\t 77 kB\nRssAnon:\t 70 kB\nThreads:\t1\n");
  write_42();
  scene_write("42/status", text);
  CHECK_SAME(pmi_open_handle(42, &handle, &error), PMI_OK);
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_OK);
  CHECK_SAME(memory.working_set, 77 * 1024);
  for (int skip = 0; skip < 2; skip++) {
    fault_arm(FAULT_ALLOCATION, skip, ENOMEM);
    CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_ENOMEM);
    CHECK(fault_disarm());
  }
}

/* ---- Each call failing in turn ---- */

static pmi_code read_counters(void) { return pmi_read_counters(own_pid(), &counters, &error); }
static pmi_code read_footprint(void) { return pmi_read_footprint(own_pid(), &footprint, &error); }
static pmi_code read_machine(void) { return pmi_read_system(&machine, &error); }

static pmi_code open_and_close(void) {
  pmi_handle *opened = NULL;
  pmi_code code = pmi_open_handle(own_pid(), &opened, &error);
  if (code == PMI_OK)
    pmi_close_handle(opened);
  else
    CHECK(opened == NULL);
  return code;
}

static pmi_code ask_handle(void) {
  pmi_code code = pmi_handle_read_memory(handle, &memory, &error);
  if (code == PMI_OK)
    code = pmi_handle_read_counters(handle, &counters, &error);
  if (code == PMI_OK)
    code = pmi_handle_read_footprint(handle, &footprint, &error);
  return code == PMI_OK ? pmi_handle_is_alive(handle, &alive, &error) : code;
}

TEST(reports_the_error_of_each_failing_call) {
  scene_real_proc();
  fault_exhaust(read_counters, &error, FAULT_OPEN, EMFILE, PMI_EMFILE, 4);
  fault_exhaust(read_counters, &error, FAULT_READ, EIO, PMI_EIO, 3);
  fault_exhaust(read_footprint, &error, FAULT_OPEN, EMFILE, PMI_EMFILE, 3);
  fault_exhaust(read_footprint, &error, FAULT_READ, EACCES, PMI_EACCES, 2);
  fault_exhaust(read_machine, &error, FAULT_OPEN, EMFILE, PMI_EMFILE, 1);
  fault_exhaust(read_machine, &error, FAULT_READ, EIO, PMI_EIO, 1);
  fault_exhaust(open_and_close, &error, FAULT_OPEN, EMFILE, PMI_EMFILE, 4);
  fault_exhaust(open_and_close, &error, FAULT_READ, EIO, PMI_EIO, 2);
  fault_exhaust(open_and_close, &error, FAULT_ALLOCATION, ENOMEM, PMI_ENOMEM, 1);
  CHECK_SAME(pmi_open_handle(own_pid(), &handle, &error), PMI_OK);
  fault_exhaust(ask_handle, &error, FAULT_OPEN, EMFILE, PMI_EMFILE, 4);
  fault_exhaust(ask_handle, &error, FAULT_READ, EIO, PMI_EIO, 6);
  fault_arm(FAULT_READ, 0, EINTR);
  CHECK_SAME(ask_handle(), PMI_OK);
  CHECK(fault_disarm());
}
