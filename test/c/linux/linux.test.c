/* The Linux platform over the real /proc and over simulated ones, and with each of its calls failing in turn. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "faults.h"
#include "linux/os.h"
#include "linux/process.h"
#include "pmi.h"
#include "scene.h"

static pmi_error error;
static pmi_memory memory;
static pmi_tree tree;

static int64_t clock_set_by; /* nanoseconds */

int __real_clock_gettime(clockid_t clock, struct timespec *time);

int __wrap_clock_gettime(clockid_t clock, struct timespec *time) {
  const int result = __real_clock_gettime(clock, time);
  if (result == 0 && clock == CLOCK_REALTIME) {
    const int64_t now = (int64_t)time->tv_sec * 1000000000 + time->tv_nsec + clock_set_by;
    *time = (struct timespec){.tv_sec = now / 1000000000, .tv_nsec = now % 1000000000};
  }
  return result;
}

BEFORE(begin) { scene_begin(); }

AFTER(end) {
  clock_set_by = 0;
  fault_disarm();
  pmi_tree_free(&tree);
  scene_end();
}

static uint32_t own_pid(void) { return (uint32_t)getpid(); }

/* ---- The real /proc ---- */

/*
 * Simulates a board without a clock, whose time starts at the epoch. In a child, and first,
 * since the time is read once.
 */
TEST(has_no_boot_time_before_1970) {
  scene_real_proc();
  struct timespec now;
  pid_t child = fork();
  if (child == 0) {
    clock_gettime(CLOCK_REALTIME, &now);
    clock_set_by = -(int64_t)now.tv_sec * 1000000000;
    _exit(pmi_boot_time() == 0 ? 0 : 1);
  }
  int status;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(reads_its_own_memory) {
  scene_real_proc();
  CHECK_SAME(pmi_read_memory(own_pid(), &memory, &error), PMI_OK);
  CHECK_SAME(memory.known, PMI_PEAK | PMI_PRIVATE | PMI_SHARED);
  CHECK(memory.working_set > 500 * 1024);
  CHECK(memory.peak_working_set >= memory.working_set);
  CHECK(memory.private_bytes + memory.shared_bytes == memory.working_set);
}

/* The pid of a process that has exited. Others may get it if many are started. */
static pid_t free_pid(void) {
  pid_t child;
  do {
    child = fork();
    if (child == 0)
      _exit(0);
    waitpid(child, NULL, 0);
  } while (kill(child, 0) == 0);
  return child;
}

TEST(fails_with_esrch_for_a_pid_without_a_process) {
  scene_real_proc();
  pmi_code code = PMI_OK;
  pid_t child = 0;
  for (int attempts = 0; code == PMI_OK && attempts < 10; attempts++) {
    child = free_pid();
    memory.working_set = 17;
    code = pmi_read_memory((uint32_t)child, &memory, &error);
  }
  CHECK_SAME(code, PMI_ESRCH);
  CHECK_SAME(memory.working_set, 17); /* untouched */
  CHECK_TEXT(error.syscall, "open");
  CHECK_SAME(error.os_error, ENOENT);
  CHECK_SAME(pmi_read_memory(UINT32_MAX, &memory, &error), PMI_ESRCH);
  CHECK_TEXT(error.path, "proc/4294967295/status");
  CHECK_SAME(pmi_read_tree((uint32_t)child, 0, &tree, &error), PMI_ESRCH);
}

/* In seconds since the epoch. */
static double boot_time_of_proc_stat(void) {
  char line[256];
  double seconds = 0;
  FILE *file = fopen("proc/stat", "r");
  CHECK(file != NULL);
  while (fgets(line, sizeof line, file) != NULL)
    if (strncmp(line, "btime ", 6) == 0)
      seconds = strtod(line + 6, NULL);
  fclose(file);
  return seconds;
}

/* The clock may be adjusted meanwhile, so the two may differ by a second. */
TEST(has_the_boot_time_of_proc_stat) {
  scene_real_proc();
  const double difference = boot_time_of_proc_stat() - (double)pmi_boot_time();
  CHECK(difference >= -1 && difference <= 1);
}

static uint64_t creation_time_by_handle(void) {
  pmi_handle *handle;
  CHECK_SAME(pmi_open_handle(own_pid(), &handle, &error), PMI_OK);
  const uint64_t time = pmi_handle_creation_time_ms(handle);
  pmi_close_handle(handle);
  return time;
}

static uint64_t creation_time_in_tree(void) {
  pmi_tree_free(&tree);
  CHECK_SAME(pmi_read_tree(own_pid(), 0, &tree, &error), PMI_OK);
  return tree.processes[0].creation_time_ms;
}

TEST(keeps_creation_times_when_the_clock_is_set) {
  scene_real_proc();
  const int64_t second = 1000000000;
  const int64_t steps[] = {0, second, -second, -3600 * second, 3600 * second, -INT64_C(1000000000) * second};
  const uint64_t time = creation_time_in_tree();
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    clock_set_by = steps[i];
    CHECK_SAME(creation_time_in_tree(), time);
    CHECK_SAME(creation_time_by_handle(), time);
    pmi_tree_free(&tree);
    CHECK_SAME(pmi_read_all(0, &tree, &error), PMI_OK);
    size_t at = 0;
    while (at < tree.count && tree.processes[at].pid != own_pid())
      at++;
    CHECK(at < tree.count && tree.processes[at].creation_time_ms == time);
  }
}

/* Runs `body` in a child that has children of its own, and waits for its result. */
static void in_a_family(void (*body)(void)) {
  pid_t child = fork();
  if (child == 0) {
    setpgid(0, 0);
    for (int i = 0; i < 5; i++) {
      if (fork() == 0) {
        if (i == 2 && fork() != 0)
          pause();
        for (;;)
          pause();
      }
    }
    alarm(300); /* a busy machine may be slow */
    body();
    signal(SIGTERM, SIG_IGN);
    kill(0, SIGTERM);
    _exit(0);
  }
  int status;
  waitpid(child, &status, 0);
  kill(-child, SIGKILL);
  CHECK(WIFEXITED(status));
  CHECK_SAME(WEXITSTATUS(status), 0);
}

static void await_family(void) {
  for (int i = 0; i < 1000; i++) {
    CHECK(pmi_read_tree(own_pid(), 0, &tree, &error) == PMI_OK);
    if (tree.count == 7)
      return;
    pmi_tree_free(&tree);
    usleep(5000);
  }
  CHECK(tree.count == 7);
}

static void whole_family(void) {
  await_family();
  CHECK(tree.processes[0].pid == own_pid());
  for (size_t i = 1; i < tree.count; i++) {
    CHECK(tree.processes[i].memory.working_set > 0);
    CHECK(tree.processes[i].creation_time_ms >= tree.processes[0].creation_time_ms);
    CHECK(tree.processes[i].name_length > 0);
  }
}

TEST(reads_a_tree) {
  scene_real_proc();
  in_a_family(whole_family);
}

/* As on a kernel without children files: "proc" has all numbered directories, but no "thread-self". */
static void scanned_family(void) {
  await_family();
  pmi_tree walked = tree;
  tree = (pmi_tree){0};

  pmi_ids pids = {0};
  CHECK(pmi_list_ids((pmi_base){0}, "/proc", &pids, &error) == PMI_OK);
  CHECK(unlink("proc") == 0);
  CHECK(mkdir("proc", 0755) == 0);
  for (size_t i = 0; i < pids.count; i++) {
    char target[64];
    char link[64];
    snprintf(target, sizeof target, "/proc/%" PRIu32, pids.ids[i]);
    snprintf(link, sizeof link, "proc/%" PRIu32, pids.ids[i]);
    CHECK(symlink(target, link) == 0);
  }
  pmi_ids_free(&pids);
  fault_open("children", ENOENT);
  CHECK(pmi_read_tree(own_pid(), 0, &tree, &error) == PMI_OK);
  CHECK(tree.count == walked.count);
  for (size_t i = 0; i < tree.count; i++) {
    CHECK(tree.processes[i].pid == walked.processes[i].pid);
    CHECK(tree.processes[i].ppid == walked.processes[i].ppid);
    CHECK(tree.processes[i].creation_time_ms == walked.processes[i].creation_time_ms);
  }
  pmi_tree_free(&walked);
}

TEST(scans_if_there_are_no_children_files) {
  scene_real_proc();
  in_a_family(scanned_family);
}

static pmi_code read_own_memory(void) { return pmi_read_memory(own_pid(), &memory, &error); }

static pmi_code read_own_tree(void) {
  pmi_tree_free(&tree);
  return pmi_read_tree(own_pid(), 0, &tree, &error);
}

static void *wait_for_unlock(void *lock) {
  pthread_mutex_lock(lock);
  pthread_mutex_unlock(lock);
  return NULL;
}

TEST(reports_the_error_of_each_failing_call) {
  scene_real_proc();
  fault_exhaust(read_own_memory, &error, FAULT_OPEN, EMFILE, PMI_EMFILE, 1);
  fault_exhaust(read_own_memory, &error, FAULT_OPEN, EACCES, PMI_EACCES, 1);
  fault_exhaust(read_own_memory, &error, FAULT_READ, ESRCH, PMI_ESRCH, 1);
  fault_exhaust(read_own_memory, &error, FAULT_READ, EIO, PMI_EIO, 1);
  fault_exhaust(read_own_tree, &error, FAULT_OPEN, EMFILE, PMI_EMFILE, 3);
  fault_exhaust(read_own_tree, &error, FAULT_OPEN, ENFILE, PMI_ENFILE, 3);
  fault_exhaust(read_own_tree, &error, FAULT_READ, ENOMEM, PMI_ENOMEM, 3);
  fault_exhaust(read_own_tree, &error, FAULT_ALLOCATION, ENOMEM, PMI_ENOMEM, 4);

  /* Threads are listed only if there are several. */
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_t thread;
  pthread_mutex_lock(&lock);
  CHECK_SAME(pthread_create(&thread, NULL, wait_for_unlock, &lock), 0);
  fault_exhaust(read_own_tree, &error, FAULT_OPEN, EMFILE, PMI_EMFILE, 8);
  fault_exhaust(read_own_tree, &error, FAULT_LIST, ENOMEM, PMI_ENOMEM, 4);
  fault_exhaust(read_own_tree, &error, FAULT_ALLOCATION, ENOMEM, PMI_ENOMEM, 7);
  pthread_mutex_unlock(&lock);
  pthread_join(thread, NULL);
}

TEST(repeats_what_a_signal_interrupts) {
  scene_real_proc();
  for (fault_kind kind = FAULT_OPEN; kind <= FAULT_READ; kind++) {
    fault_arm(kind, 0, EINTR);
    CHECK_SAME(read_own_memory(), PMI_OK);
    CHECK(fault_disarm());
  }
}

TEST(joins_short_reads) {
  scene_real_proc();
  fault_short_reads(7);
  CHECK_SAME(read_own_memory(), PMI_OK);
  CHECK(memory.working_set > 0);
  CHECK_SAME(read_own_tree(), PMI_OK);
  CHECK_SAME(tree.count, 1);
}

/* ---- Simulated ones ---- */

static const char status_head[] = "Name:\tx\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t42\nPid:\t42\nPPid:\t1\n";

static void write_status(const char *path, const char *lines) {
  char text[1024];
  snprintf(text, sizeof text, "%s%s", status_head, lines);
  scene_write(path, text);
}

static int listings;

static void count_listings(const char *path) {
  listings += strstr(path, "task") != NULL && strstr(path, "status") == NULL;
}

static void write_process(uint32_t pid, uint32_t ppid) { scene_process(pid, ppid, 100 + pid, 1); }

TEST(reads_statm_on_kernels_before_4_5) {
  uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
  write_status("42/status", "VmHWM:\t 900 kB\nVmRSS:\t 800 kB\nThreads:\t1\n");
  scene_write("42/statm", "1000 200 50 1 0 99 0\n");
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_OK);
  CHECK_SAME(memory.known, PMI_PEAK | PMI_PRIVATE | PMI_SHARED);
  CHECK_SAME(memory.working_set, 800 * 1024);
  CHECK_SAME(memory.peak_working_set, 900 * 1024);
  CHECK_SAME(memory.private_bytes, 150 * page);
  CHECK_SAME(memory.shared_bytes, 50 * page);
}

TEST(leaves_out_missing_figures) {
  /* An emulated /proc may lack the peak and the parts. */
  write_status("42/status", "VmRSS:\t 800 kB\nThreads:\t1\n");
  scene_write("42/statm", "1000 50 200 1 0 99 0\n"); /* more shared than there is */
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_OK);
  CHECK_SAME(memory.known, 0);
  scene_write("42/statm", "1000 18446744073709551615 0 1 0 99 0\n");
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_OK);
  CHECK_SAME(memory.known, 0);
}

TEST(reports_a_failing_statm) {
  write_status("42/status", "VmRSS:\t 800 kB\nThreads:\t1\n");
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_ESRCH);
  scene_write("42/statm", "what?\n");
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_EIO);
  CHECK_TEXT(error.path, "proc/42/statm");
}

static const char zombie_head[] = "Name:\tx\nState:\tZ (zombie)\nTgid:\t42\nPid:\t42\nPPid:\t1\n";

static void write_zombie(const char *path, const char *threads) {
  char text[256];
  snprintf(text, sizeof text, "%sThreads:\t%s\n", zombie_head, threads);
  scene_write(path, text);
}

static void expect_zeros(uint32_t known) {
  memory.working_set = 17;
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_OK);
  CHECK_SAME(memory.known, known);
  CHECK_SAME(memory.working_set | memory.peak_working_set | memory.private_bytes | memory.shared_bytes, 0);
}

TEST(reports_zeros_and_no_peak_for_a_zombie) {
  write_zombie("42/status", "1");
  expect_zeros(PMI_PRIVATE | PMI_SHARED);
}

TEST(reports_zeros_for_a_kernel_thread) {
  write_status("42/status", "Threads:\t1\n");
  scene_stat((scene_fields){.pid = 42, .ppid = 2, .start = 123, .flags = 69238880});
  expect_zeros(PMI_PEAK | PMI_PRIVATE | PMI_SHARED);
}

/* Since Linux 6.11 the status says so: it is read once, and nothing else. */
TEST(reads_a_kernel_thread_once) {
  write_status("42/status", "Kthread:\t1\nThreads:\t1\n");
  expect_zeros(PMI_PEAK | PMI_PRIVATE | PMI_SHARED);
  write_status("42/status", "Kthread:\t0\nThreads:\t1\n");
  scene_process(43, 1, 100, 1);
  CHECK_SAME(rename("proc/43/stat", "proc/42/stat"), 0);
  scene_write("42/statm", "0 0 0 0 0 0 0\n");
  expect_zeros(PMI_PRIVATE | PMI_SHARED); /* exiting */
}

/* The last thread has detached the memory, and is freeing it. */
TEST(reports_zeros_for_an_exiting_process_after_one_search) {
  write_zombie("42/status", "2");
  write_zombie("42/task/42/status", "2");
  write_zombie("42/task/43/status", "2");
  listings = 0;
  fault_before_open(count_listings);
  expect_zeros(PMI_PRIVATE | PMI_SHARED);
  CHECK_SAME(listings, 2); /* once more, to check for new threads */
}

/* By the time it is read, the listed thread has started another one and detached the memory. */
static void hand_over_42(const char *path) {
  if (strstr(path, "task/43/status") == NULL)
    return;
  fault_before_open(NULL);
  write_status("42/task/44/status", "VmHWM:\t 9 kB\nVmRSS:\t 8 kB\nRssAnon:\t 8 kB\nThreads:\t2\n");
}

TEST(finds_memory_that_moves_from_thread_to_thread) {
  write_zombie("42/status", "2");
  write_zombie("42/task/42/status", "2");
  write_zombie("42/task/43/status", "2");
  fault_before_open(hand_over_42);
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_OK);
  CHECK_SAME(memory.working_set, 8 * 1024);
}

/* While another thread takes over as the main one, the old main thread is shown for a moment. */
static void replace_stale_42(const char *path) {
  if (strstr(path, "status") != NULL && listings++ > 1)
    write_status("42/status", "VmHWM:\t 9 kB\nVmRSS:\t 8 kB\nRssAnon:\t 8 kB\nThreads:\t1\n");
}

TEST(reads_a_stale_status_again) {
  write_zombie("42/status", "0");
  listings = 0;
  fault_before_open(replace_stale_42);
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_OK);
  CHECK_SAME(memory.working_set, 8 * 1024);
}

TEST(reads_statm_if_a_status_has_no_sizes) {
  write_status("42/status", "Threads:\t1\n");
  scene_process(42, 1, 100, 1);
  write_status("42/status", "Threads:\t1\n");
  scene_write("42/statm", "1000 200 50 1 0 99 0\n");
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_OK);
  CHECK_SAME(memory.known, PMI_PRIVATE | PMI_SHARED);
  CHECK_SAME(memory.working_set, 200 * (uint64_t)sysconf(_SC_PAGESIZE));
}

TEST(leaves_out_shared_memory_if_a_part_is_missing) {
  write_status("42/status", "VmHWM:\t 9 kB\nVmRSS:\t 8 kB\nRssAnon:\t 5 kB\nThreads:\t1\n");
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_OK);
  CHECK_SAME(memory.known, PMI_PEAK | PMI_PRIVATE);
}

TEST(saturates_a_sum_that_is_too_large) {
  write_status("42/status", "VmHWM:\t 9 kB\nVmRSS:\t 8 kB\nRssAnon:\t 5 kB\nRssFile:\t 18446744073709551615 kB\n"
                            "RssShmem:\t 1000 kB\nThreads:\t1\n");
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_OK);
  CHECK(memory.shared_bytes == UINT64_MAX);
}

/* Between status and statm another process gets the pid. */
static void replace_42(const char *path) {
  if (strstr(path, "statm") == NULL)
    return;
  fault_before_open(NULL);
  CHECK_SAME(rename("proc/42", "proc/gone"), 0);
  CHECK_SAME(unlink("proc/gone/statm"), 0);
  scene_write("42/statm", "1000 900 50 1 0 99 0\n");
}

TEST(never_mixes_two_processes) {
  write_status("42/status", "VmHWM:\t 900 kB\nVmRSS:\t 800 kB\nThreads:\t1\n");
  scene_write("42/statm", "1000 200 50 1 0 99 0\n");
  fault_before_open(replace_42);
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_ESRCH);
}

TEST(reports_that_proc_is_missing) {
  pmi_handle *handle;
  pmi_values values;
  pmi_footprint footprint;
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_ENOSYS);
  CHECK_SAME(error.os_error, ENOENT);
  CHECK_TEXT(error.path, "proc/42/status");
  CHECK_SAME(pmi_read_tree(42, 0, &tree, &error), PMI_ENOSYS);
  CHECK_SAME(pmi_read_counters(42, &values, &error), PMI_ENOSYS);
  CHECK_SAME(pmi_read_footprint(42, &footprint, &error), PMI_ENOSYS);
  CHECK_SAME(pmi_open_handle(42, &handle, &error), PMI_ENOSYS);
  CHECK_SAME(pmi_read_system(&values, &error), PMI_ENOSYS);
  write_process(43, 1);
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_ESRCH);
}

TEST(reads_another_thread_if_the_main_one_has_exited) {
  write_zombie("42/status", "3");
  write_zombie("42/task/42/status", "3");
  scene_write("42/task/43/nothing", ""); /* exits meanwhile: it has no status any more */
  write_status("42/task/44/status", "VmHWM:\t 9 kB\nVmRSS:\t 8 kB\nRssAnon:\t 5 kB\nRssFile:\t 2 kB\n"
                                    "RssShmem:\t 1 kB\nThreads:\t3\n");
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_OK);
  CHECK_SAME(memory.working_set, 8 * 1024);
  CHECK_SAME(memory.private_bytes, 5 * 1024);
  CHECK_SAME(memory.shared_bytes, 3 * 1024);
}

TEST(does_not_mistake_a_thread_for_a_process) {
  write_status("43/status", "VmRSS:\t 8 kB\nThreads:\t2\n"); /* its Tgid is 42 */
  CHECK_SAME(pmi_read_memory(43, &memory, &error), PMI_ESRCH);
}

TEST(names_a_malformed_file) {
  scene_write("42/status", "");
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_EIO);
  CHECK_TEXT(error.path, "proc/42/status");
  write_status("42/status", "VmRSS:\t ? kB\nThreads:\t1\n");
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_EIO);
  write_status("42/status", "VmRSS:\t 8 kB\nRssAnon:\t 8 kB\nThreads:\t1\n");
  scene_write("42/stat", "42 (x");
  CHECK_SAME(pmi_read_tree(42, 0, &tree, &error), PMI_EIO);
  CHECK_TEXT(error.path, "proc/42/stat");
}

TEST(reads_a_status_of_any_length) {
  /* A process may be in 65,536 groups, and the memory comes after them. */
  enum { GROUPS = 65536 };
  char *text = malloc(GROUPS * 6 + 256);
  CHECK(text != NULL);
  int at = sprintf(text, "Tgid:\t42\nGroups:\t");
  for (int i = 0; i < GROUPS; i++)
    at += sprintf(text + at, "%d ", 10000 + i % 80000);
  sprintf(text + at, "\nVmRSS:\t 77 kB\nRssAnon:\t 70 kB\nRssFile:\t 7 kB\nThreads:\t1\n");
  scene_write("42/status", text);
  free(text);
  CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_OK);
  CHECK_SAME(memory.working_set, 77 * 1024);

  /* The first allocation replaces the fixed buffer, the others grow it. */
  for (int skip = 0; skip < 4; skip++) {
    fault_arm(FAULT_ALLOCATION, skip, ENOMEM);
    CHECK_SAME(pmi_read_memory(42, &memory, &error), PMI_ENOMEM);
    CHECK(fault_disarm());
  }
}

TEST(scans_a_foreign_proc) {
  write_process(1, 0);
  write_process(42, 1);
  write_process(43, 42);
  write_process(44, 43);
  write_process(50, 49); /* its parent is hidden */
  write_process(60, 50);
  scene_write("45/stat", "45 (broken");
  scene_write("meminfo", "MemTotal: 1 kB\n");
  CHECK_SAME(pmi_read_tree(42, 0, &tree, &error), PMI_OK);
  CHECK_SAME(tree.count, 3);
  for (size_t i = 0; i < 3; i++)
    CHECK_SAME(tree.processes[i].pid, 42 + i);
}

static pmi_code read_tree_42(void) {
  pmi_tree_free(&tree);
  return pmi_read_tree(42, 0, &tree, &error);
}

TEST(reports_failures_during_a_scan) {
  scene_write("self", ""); /* as in a real one */
  write_process(42, 1);    /* an orphan, whose parent is read again */
  write_process(43, 42);
  fault_exhaust(read_tree_42, &error, FAULT_OPEN, EMFILE, PMI_EMFILE, 8);
  fault_exhaust(read_tree_42, &error, FAULT_READ, ENOMEM, PMI_ENOMEM, 6);
  fault_exhaust(read_tree_42, &error, FAULT_LIST, EIO, PMI_EIO, 2);
  fault_exhaust(read_tree_42, &error, FAULT_ALLOCATION, ENOMEM, PMI_ENOMEM, 9);
}

TEST(leaves_out_exited_processes_and_lists_refused_ones) {
  const char *files[] = {"43/stat", "43/status"};
  write_process(42, 1);
  write_process(43, 42);
  for (int listed = 0; listed < 2; listed++) {
    for (size_t i = 0; i < 2; i++) {
      fault_open(files[i], EPERM);
      CHECK_SAME(read_tree_42(), PMI_OK);
      CHECK_SAME(tree.count, 1);
      /* Without children files the parent is known from the status. */
      CHECK_SAME(tree.unreadable_count, listed == 1 || i == 0);
      if (tree.unreadable_count > 0) {
        CHECK_SAME(tree.unreadable[0].pid, 43);
        CHECK_SAME(tree.unreadable[0].error.code, PMI_EPERM);
      }
      fault_open(files[i], ENOENT);
      CHECK_SAME(read_tree_42(), PMI_OK);
      CHECK_SAME(tree.count, 1);
      CHECK_SAME(tree.unreadable_count, 0);
      fault_disarm();
    }
    scene_write("thread-self/children", "");
    scene_children(42, 42, "43 ");
    scene_children(43, 43, "");
  }
}

static void end_42(const char *path) {
  if (strcmp(path, "proc/43/status") != 0)
    return;
  CHECK_SAME(unlink("proc/42/stat"), 0);
  write_process(42, 1); /* 43 may be its child */
}

TEST(fails_if_the_root_has_exited_at_the_end) {
  write_process(42, 1);
  write_process(43, 42);
  scene_write("thread-self/children", "");
  scene_children(42, 42, "43 ");
  scene_children(43, 43, "");
  fault_before_open(end_42);
  CHECK_SAME(read_tree_42(), PMI_ESRCH);
  CHECK_TEXT(error.path, "proc/42/stat");
  CHECK_SAME(tree.count, 0);
}

/* With children files: 42 has 43 and 44, and 43 has 45; 44 is a zombie or not. */
static void write_family(bool zombie_44) {
  write_process(42, 1);
  for (uint32_t pid = 43; pid <= 45; pid++)
    write_process(pid, pid == 45 ? 43 : 42);
  if (zombie_44)
    scene_write("44/status", "State:\tZ (zombie)\nTgid:\t44\nPPid:\t42\nThreads:\t1\n");
  scene_write("thread-self/children", "");
  scene_write("42/task/42/children", "43 44 ");
  scene_write("43/task/43/children", "45 ");
  scene_write("44/task/44/children", "");
  scene_write("45/task/45/children", "");
}

static void expect_family(void) {
  static const uint32_t pids[] = {42, 43, 45, 44};
  CHECK_SAME(tree.count, 4);
  for (size_t i = 0; i < 4; i++)
    CHECK_SAME(tree.processes[i].pid, pids[i]);
  CHECK_SAME(tree.unreadable_count, 0);
}

TEST(walks_from_parents_to_children) {
  for (int zombie = 0; zombie < 2; zombie++) {
    write_family(zombie == 1);
    write_process(46, 42); /* only a scan would find it */
    CHECK_SAME(read_tree_42(), PMI_OK);
    expect_family();
  }
}

/* While 45 is read, its parent 43 exits and 42 adopts it, whose children were listed before. */
static void hand_45_on(const char *path) {
  if (strcmp(path, "proc/45/status") != 0)
    return;
  fault_before_open(NULL);
  scene_children(42, 42, "44 45 ");
  scene_process(45, 42, 145, 1);
  CHECK_SAME(unlink("proc/43/stat"), 0);
}

TEST(loses_no_process_that_is_reparented_after_the_listing) {
  write_family(false);
  fault_before_open(hand_45_on);
  CHECK_SAME(read_tree_42(), PMI_OK);
  CHECK_SAME(tree.count, 3);
  CHECK_SAME(tree.processes[2].pid, 45);
  CHECK_SAME(tree.processes[2].ppid, 42);
}

TEST(loses_no_process_if_a_file_is_missing_once) {
  write_family(false);
  for (int skip = 0;; skip++) {
    fault_arm(FAULT_OPEN, skip, ENOENT);
    pmi_code code = read_tree_42();
    if (!fault_disarm())
      break;
    if (code == PMI_OK)
      expect_family();
    else
      CHECK_BYTES(error.path, "proc/42/", strlen("proc/42/")); /* the root itself had exited */
  }
}

TEST(lists_each_process_once_even_if_it_is_found_twice) {
  write_family(false);
  scene_children(42, 42, "43 44 43 ");
  CHECK_SAME(read_tree_42(), PMI_OK);
  expect_family();
  scene_children(42, 42, "43 44 99 "); /* 99 has exited each time */
  CHECK_SAME(read_tree_42(), PMI_OK);
  expect_family();
}

static int listings_of_42;

static void shuffle_children_of_42(const char *path) {
  if (strcmp(path, "proc/42/task/42/children") == 0)
    scene_children(42, 42, listings_of_42++ % 2 ? "43 44 " : "44 43 ");
}

TEST(loses_no_process_of_a_tree_that_keeps_changing) {
  write_family(false);
  write_process(46, 42); /* which is in none of the lists */
  fault_before_open(shuffle_children_of_42);
  CHECK_SAME(read_tree_42(), PMI_OK);
  CHECK_SAME(tree.count, 5);
}

TEST(finds_children_that_may_not_be_listed) {
  const int os_errors[] = {EACCES, EPERM};
  for (size_t i = 0; i < 2; i++) {
    write_family(false);
    fault_open("children", os_errors[i]);
    CHECK_SAME(read_tree_42(), PMI_OK);
    expect_family();
    fault_arm(FAULT_LIST, 0, os_errors[i]); /* nor all processes */
    CHECK_SAME(read_tree_42(), os_errors[i] == EPERM ? PMI_EPERM : PMI_EACCES);
    CHECK_TEXT(error.path, "proc");
    CHECK(fault_disarm());
  }
}

/* In a time namespace: the kernel prints a negative start time as an unsigned number. */
static void write_older_than_the_clock(uint32_t pid, uint32_t ppid, int64_t nanoseconds) {
  const uint64_t start = (uint64_t)nanoseconds / (1000000000 / (uint64_t)sysconf(_SC_CLK_TCK));
  write_process(pid, ppid);
  scene_stat((scene_fields){.pid = pid, .ppid = ppid, .start = start});
}

TEST(loses_no_process_whose_parent_is_older_than_the_clock) {
  const int64_t second = 1000000000;
  for (int64_t offset = -5 * second; offset <= 0; offset += second) {
    write_family(false);
    write_older_than_the_clock(42, 1, offset);
    write_older_than_the_clock(43, 42, offset + second);
    write_older_than_the_clock(44, 42, offset + 2 * second);
    write_older_than_the_clock(45, 43, offset + 3 * second);
    CHECK_SAME(read_tree_42(), PMI_OK);
    expect_family();
    const int64_t early_by = pmi_boot_time() * 1000 + offset / 1000000 - (int64_t)tree.processes[0].creation_time_ms;
    CHECK(early_by == 0 || early_by == 10); /* 2^64 is not a multiple of a tick */
  }
}

/* Its status has 9 KiB. */
static void expect_forked(bool expected, uint32_t flags, const char *resident) {
  write_process(42, 1);
  scene_stat((scene_fields){.pid = 42, .ppid = 1, .start = 142, .flags = flags, .resident = resident});
  CHECK_SAME(read_tree_42(), PMI_OK);
  CHECK_SAME(tree.processes[0].forked, expected);
}

TEST(tells_whether_a_process_may_have_its_parents_memory) {
  const uint32_t executed = 0x400100;
  const uint32_t forked = executed | 0x40;
  expect_forked(false, executed, "3");
  expect_forked(true, forked, "3");
  expect_forked(true, executed, "1");        /* it had more when its status was read */
  expect_forked(true, executed, "0");        /* the kernel's counts are inexact: it may have some pages */
  expect_forked(false, executed | 0x4, "0"); /* it is exiting */
  expect_forked(false, forked | 0x4, "3");
  expect_forked(false, forked | 0x200000, "3"); /* a kernel thread */
}

static void name_process(uint32_t pid, const char *name) {
  write_process(pid, 1);
  scene_stat((scene_fields){.pid = pid, .ppid = 1, .start = 142, .name = name});
}

static void link_executable(const char *target) {
  unlink("proc/42/exe");
  CHECK_SAME(symlink(target, "proc/42/exe"), 0);
}

static void expect_name(const char *expected) {
  CHECK_SAME(read_tree_42(), PMI_OK);
  CHECK_SAME(tree.processes[0].name_length, strlen(expected));
  CHECK_BYTES(tree.names + tree.processes[0].name_offset, expected, strlen(expected));
}

TEST(names_the_program_if_comm_is_a_thread_name) {
  const char *names[] = {"MainThread", "node-MainThread"};
  for (size_t i = 0; i < 2; i++) {
    name_process(42, names[i]);
    link_executable("/usr/bin/node");
    expect_name("node");
    link_executable("/usr/bin/node (deleted)");
    expect_name("node");
    link_executable("/opt/a program of a long name (deleted)");
    expect_name("a program of a ");
  }
  name_process(42, "MainThread2");
  expect_name("MainThread2");
  name_process(42, "");
  expect_name("");
}

TEST(names_the_program_by_its_command_line_if_exe_is_refused) {
  name_process(42, "MainThread");
  expect_name("MainThread"); /* a zombie has no command line and no exe */
  scene_write("42/cmdline", "");
  expect_name("MainThread");
  scene_write("42/cmdline", "node");
  expect_name("node");
  scene_write("42/cmdline", "/opt/electron/electron --type=renderer --user-data-dir=/home/a");
  expect_name("electron");
  fault_open("cmdline", EACCES);
  expect_name("MainThread");
  fault_open("cmdline", EMFILE);
  CHECK_SAME(read_tree_42(), PMI_EMFILE);
}

static void rename_42(const char *path) {
  if (strstr(path, "cmdline") != NULL)
    name_process(42, "another");
}

TEST(uses_the_last_name_of_a_process) {
  name_process(42, "MainThread");
  scene_write("42/cmdline", "node");
  fault_before_open(rename_42);
  expect_name("another");
}

static int most_descriptors;

static void count_descriptors(const char *path) {
  (void)path;
  const int count = scene_open_descriptors();
  if (count > most_descriptors)
    most_descriptors = count;
}

TEST(reads_a_tree_deeper_than_it_holds_descriptors) {
  enum { DEPTH = 150 };
  scene_write("thread-self/children", "");
  for (uint32_t pid = 42; pid < 42 + DEPTH; pid++) {
    char child[16] = "";
    if (pid + 1 < 42 + DEPTH)
      snprintf(child, sizeof child, "%" PRIu32 " ", pid + 1);
    write_process(pid, pid - 1);
    scene_children(pid, pid, child);
  }
  const int before = scene_open_descriptors();
  most_descriptors = 0;
  fault_before_open(count_descriptors);
  CHECK_SAME(read_tree_42(), PMI_OK);
  CHECK_SAME(tree.count, DEPTH);
  CHECK(most_descriptors > before && most_descriptors <= before + 67); /* 64, /proc, and those in use */
  fault_disarm();
  CHECK_SAME(scene_open_descriptors(), before);
}

TEST(reads_the_children_of_all_threads) {
  write_family(false);
  scene_process(43, 42, 143, 2);
  scene_write("43/task/43/children", "");
  scene_write("43/task/47/children", "45 ");
  CHECK_SAME(read_tree_42(), PMI_OK);
  expect_family();
}

TEST(converts_ticks_to_milliseconds) {
  const uint64_t hz = (uint64_t)sysconf(_SC_CLK_TCK);
  const uint64_t booted = (uint64_t)pmi_boot_time() * 1000;
  const uint64_t many = (uint64_t)1 << 40;
  CHECK(pmi_creation_time_ms(0) == booted);
  CHECK(pmi_creation_time_ms(3 * hz + hz / 2) == booted + 3500);
  CHECK(pmi_creation_time_ms(many * hz) == booted + many * 1000);
}
