/*
 * Replaces src/darwin/os.c on Linux: answers the system calls of macOS from /proc, so that the tests of the package run
 * over the core for macOS. It is not macOS: the figures are those of Linux that mean about the same.
 *
 * As on macOS, the counters of other users' processes are refused, except to root. The tests are not run as root there,
 * so the kernel and launchd are refused here even to root. A name is that of the program.
 */
#include "os.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { KIB = 1024, TEXT_SIZE = 16 * KIB, HOST = 1, KERNEL = 0, LAUNCHD = 1 };

/* Reads a file of the process `pid`, or of the machine if that is 0. False if there is no such process. */
static bool read_text(uint32_t pid, const char *name, char *out) {
  char path[64];
  if (pid == 0)
    (void)snprintf(path, sizeof path, "/proc/%s", name);
  else
    (void)snprintf(path, sizeof path, "/proc/%" PRIu32 "/%s", pid, name);
  FILE *file = fopen(path, "re");
  size_t length = file == NULL ? 0 : fread(out, 1, TEXT_SIZE - 2, file);
  out[length] = '\0';
  if (file != NULL)
    (void)fclose(file);
  return length > 0;
}

/* The number after "\nNAME:"; 0 if there is none, as for the memory of a zombie. */
static uint64_t field(const char *text, const char *name) {
  char key[32];
  (void)snprintf(key, sizeof key, "\n%s:", name);
  const char *found = strstr(text, key);
  return found == NULL ? 0 : strtoull(found + strlen(key), NULL, 10);
}

static uint64_t bytes(const char *text, const char *name) { return field(text, name) * KIB; }

/* The numbered field of /proc/PID/stat, from 3, which follows the name: "PID (NAME) STATE PPID...". */
static uint64_t stat_field(const char *stat, int number) {
  const char *at = strrchr(stat, ')');
  for (int i = 2; at != NULL && i < number; i++)
    at = strchr(at + 1, ' ');
  return at == NULL ? 0 : strtoull(at, NULL, 10);
}

static bool path_of(uint32_t pid, char out[PMI_PATH_MAX]) {
  char link[64];
  (void)snprintf(link, sizeof link, "/proc/%" PRIu32 "/exe", pid);
  ssize_t length = readlink(link, out, PMI_PATH_MAX - 1);
  out[length > 0 ? length : 0] = '\0';
  return length > 0;
}

/* The name of the program; that of the process if the program cannot be told, as for a zombie. */
static void name_process(uint32_t pid, const char *status, char *out, size_t size) {
  char path[PMI_PATH_MAX];
  if (path_of(pid, path)) {
    (void)snprintf(out, size, "%s", strrchr(path, '/') + 1);
  } else {
    const char *name = strchr(status, '\t') + 1;
    (void)snprintf(out, size, "%.*s", (int)strcspn(name, "\n"), name);
  }
}

/* Whether this is a process that exists, and not another thread of one. */
static bool status_of(uint32_t pid, char status[TEXT_SIZE]) {
  return pid != 0 && read_text(pid, "status", status) && field(status, "Tgid") == pid;
}

static bool is_zombie(const char *status) { return strstr(status, "\nState:\tZ") || strstr(status, "\nState:\tX"); }

/* errno of a call for the counters. */
static int counted(uint32_t pid, char status[TEXT_SIZE]) {
  if (pid == KERNEL || pid == LAUNCHD)
    return EPERM;
  if (!status_of(pid, status))
    return ESRCH;
  return geteuid() == 0 || geteuid() == field(status, "Uid") ? 0 : EPERM;
}

/* The same of those calls that need a task, which a zombie no longer has. */
static int has_task(uint32_t pid, char status[TEXT_SIZE]) {
  int failure = counted(pid, status);
  return failure == 0 && is_zombie(status) ? ESRCH : failure;
}

/* The same of those calls that also read its stat. */
static int with_stat(int failure, uint32_t pid, char stat[TEXT_SIZE]) {
  return failure == 0 && !read_text(pid, "stat", stat) ? ESRCH : failure;
}

/* Since the epoch. It is read once: if the clock is set, it changes, but no start time on macOS does. */
static int64_t boot_time(void) {
  static _Atomic int64_t seconds;
  char line[TEXT_SIZE];
  FILE *file = seconds != 0 ? NULL : fopen("/proc/stat", "re");
  for (int64_t found = 0; file != NULL && fgets(line, sizeof line, file) != NULL;)
    if (sscanf(line, "btime %" SCNd64, &found) == 1)
      seconds = found;
  if (file != NULL)
    (void)fclose(file);
  return seconds;
}

uint32_t pmi_os_own_pid(void) { return (uint32_t)getpid(); }

int pmi_os_process_of(uint32_t pid, pmi_os_process *out, bool *found) {
  char status[TEXT_SIZE];
  char stat[TEXT_SIZE];
  *found = true;
  if (pid == KERNEL) {
    *out = (pmi_os_process){.comm = "kernel_task"};
    return 0;
  }
  *found = status_of(pid, status) && read_text(pid, "stat", stat);
  if (!*found)
    return 0;
  int64_t ticks = (int64_t)stat_field(stat, 22);
  int64_t per_second = sysconf(_SC_CLK_TCK);
  *out = (pmi_os_process){
      .pid = pid,
      .ppid = (uint32_t)field(status, "PPid"),
      .start_seconds = boot_time() + ticks / per_second,
      .start_microseconds = (int32_t)(ticks % per_second * (1000000 / per_second)),
      .is_zombie = is_zombie(status),
  };
  name_process(pid, status, out->comm, sizeof out->comm);
  return 0;
}

int pmi_os_list_processes(void *buffer, size_t *size) {
  enum { SLACK = 16 };
  size_t count = 0;
  DIR *folder = opendir("/proc");
  if (folder == NULL)
    return errno;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    pmi_os_process process;
    bool found = isdigit((unsigned char)*entry->d_name) != 0;
    if (buffer != NULL && found)
      (void)pmi_os_process_of((uint32_t)strtoul(entry->d_name, NULL, 10), &process, &found);
    if (!found)
      continue;
    if (buffer != NULL && (count + 1) * sizeof process > *size) {
      (void)closedir(folder);
      return ENOMEM;
    }
    if (buffer != NULL)
      memcpy((char *)buffer + count * sizeof process, &process, sizeof process);
    count++;
  }
  (void)closedir(folder);
  *size = (buffer == NULL ? count + SLACK : count) * sizeof(pmi_os_process);
  return 0;
}

size_t pmi_os_listed_size(void) { return sizeof(pmi_os_process); }

void pmi_os_listed(const void *list, size_t index, pmi_os_process *out) {
  memcpy(out, (const char *)list + index * sizeof *out, sizeof *out);
}

/* The anonymous memory, also if it is shared or swapped out. */
static uint64_t footprint_of(const char *status) {
  return bytes(status, "RssAnon") + bytes(status, "RssShmem") + bytes(status, "VmSwap");
}

/* Linux keeps the largest resident size, but not the largest footprint: the difference is taken to be that of now. */
int pmi_os_rusage_of(uint32_t pid, pmi_os_rusage *out) {
  char status[TEXT_SIZE];
  char stat[TEXT_SIZE];
  int failure = with_stat(counted(pid, status), pid, stat);
  if (failure == 0)
    *out = (pmi_os_rusage){
        .pageins = stat_field(stat, 12),
        .wired_size = bytes(status, "VmLck"),
        .resident_size = bytes(status, "VmRSS"),
        .phys_footprint = footprint_of(status),
        .lifetime_max_phys_footprint = bytes(status, "VmHWM") - bytes(status, "RssFile") + bytes(status, "VmSwap"),
    };
  return failure;
}

int pmi_os_task_of(uint32_t pid, pmi_os_task *out) {
  char status[TEXT_SIZE];
  char stat[TEXT_SIZE];
  int failure = with_stat(has_task(pid, status), pid, stat);
  if (failure == 0)
    *out = (pmi_os_task){
        .virtual_size = bytes(status, "VmSize"),
        .faults = (int32_t)(stat_field(stat, 10) + stat_field(stat, 12)),
    };
  return failure;
}

int pmi_os_cpu_type_of(uint32_t pid, int32_t *out) {
  char status[TEXT_SIZE];
  int failure = has_task(pid, status);
  if (failure == 0)
    *out = sizeof(void *) == 8 ? PMI_CPU_TYPE_X86_64 : 0;
  return failure;
}

/*
 * The regions, which Linux tells all at once, when the first of a process is asked for. Each is copied on write, and
 * mapped by others, too; so its private pages are those that only it has.
 */
static _Thread_local pmi_os_region *regions;
static _Thread_local size_t region_count;

static void forget_regions(void) {
  free(regions);
  regions = NULL;
  region_count = 0;
}

static void read_regions(FILE *file) {
  char line[2 * PMI_PATH_MAX];
  uint64_t begin;
  uint64_t end;
  uint64_t kib;
  while (fgets(line, sizeof line, file) != NULL) {
    pmi_os_region *last = regions + region_count - 1;
    if (sscanf(line, "%" SCNx64 "-%" SCNx64 " ", &begin, &end) == 2) {
      pmi_os_region *grown = realloc(regions, (region_count + 1) * sizeof *regions);
      if (grown == NULL)
        return;
      regions = grown;
      regions[region_count++] =
          (pmi_os_region){.address = begin, .size = end - begin, .share_mode = PMI_SM_COW, .ref_count = 2};
    } else if (sscanf(line, "Rss: %" SCNu64, &kib) == 1) {
      last->pages_resident = (uint32_t)(kib * KIB / pmi_os_page_size());
    } else if (sscanf(line, "Private_%*[^:]: %" SCNu64, &kib) == 1) {
      last->private_pages_resident += (uint32_t)(kib * KIB / pmi_os_page_size());
    }
  }
}

int pmi_os_region_of(uint32_t pid, uint64_t address, pmi_os_region *out) {
  char status[TEXT_SIZE];
  int failure = has_task(pid, status);
  if (failure != 0)
    return failure;
  if (address == 0) {
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%" PRIu32 "/smaps", pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
      return errno == ENOENT ? ESRCH : EPERM;
    forget_regions();
    read_regions(file);
    (void)fclose(file);
  }
  for (size_t i = 0; i < region_count; i++) {
    if (address < regions[i].address + regions[i].size) {
      *out = regions[i];
      return 0;
    }
  }
  forget_regions();
  return EINVAL;
}

int pmi_os_name_of(uint32_t pid, char *out, size_t size) {
  char status[TEXT_SIZE];
  int failure = counted(pid, status);
  if (failure == 0)
    name_process(pid, status, out, size);
  return failure;
}

int pmi_os_path_of(uint32_t pid, char out[PMI_PATH_MAX]) { return path_of(pid, out) ? 0 : ESRCH; }

/* The port of a task is its pid. */
pmi_os_port pmi_os_own_task(void) { return pmi_os_own_pid(); }

int pmi_os_open_task(uint32_t pid, pmi_os_port *out) {
  char status[TEXT_SIZE];
  if (has_task(pid, status) != 0)
    return PMI_KERN_FAILURE;
  *out = pid;
  return 0;
}

pmi_os_port pmi_os_open_host(void) { return HOST; }

void pmi_os_close_port(pmi_os_port port) { (void)port; }

int pmi_os_task_vm_of(pmi_os_port task, pmi_os_task_vm *out) {
  char status[TEXT_SIZE];
  if (has_task(task, status) != 0)
    return PMI_KERN_FAILURE;
  *out = (pmi_os_task_vm){
      .resident_size_peak = bytes(status, "VmHWM"),
      .internal = bytes(status, "RssAnon") + bytes(status, "RssShmem"),
      .external = bytes(status, "RssFile"),
      .compressed = bytes(status, "VmSwap"),
  };
  return 0;
}

int pmi_os_resident_max_of(pmi_os_port task, uint64_t *out) {
  pmi_os_task_vm info;
  int failure = pmi_os_task_vm_of(task, &info);
  if (failure == 0)
    *out = info.resident_size_peak;
  return failure;
}

static uint64_t of_machine(const char *name) {
  char text[TEXT_SIZE] = "\n"; /* before the first line, too */
  (void)read_text(0, "meminfo", text + 1);
  return bytes(text, name);
}

int pmi_os_vm_statistics_of(pmi_os_port host, pmi_os_vm_statistics *out) {
  uint64_t page = pmi_os_page_size();
  uint64_t available = of_machine("MemAvailable") / page;
  uint64_t unused = of_machine("MemFree") / page;
  if (host != HOST)
    return PMI_KERN_FAILURE;
  *out = (pmi_os_vm_statistics){
      .free_count = unused,
      .inactive_count = available > unused ? available - unused : 0,
      .external_page_count = of_machine("Cached") / page,
  };
  return 0;
}

uint64_t pmi_os_page_size(void) { return (uint64_t)sysconf(_SC_PAGESIZE); }

uint64_t pmi_os_own_page_size(void) { return pmi_os_page_size(); }

int pmi_os_memory_size(uint64_t *out) {
  *out = of_machine("MemTotal");
  return 0;
}

int pmi_os_swap_usage(pmi_os_swap *out) {
  *out = (pmi_os_swap){.total = of_machine("SwapTotal"), .available = of_machine("SwapFree")};
  return 0;
}

uint64_t pmi_os_uptime_ns(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
