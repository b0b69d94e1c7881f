#include "scene.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[64];

static void need(int ok, const char *what) {
  if (!ok) {
    perror(what);
    abort();
  }
}

void scene_begin(void) {
  scene_end();
  strcpy(directory, "/tmp/pmi-scene-XXXXXX");
  need(mkdtemp(directory) != NULL, "mkdtemp");
  need(chdir(directory) == 0, "chdir");
}

void scene_real_proc(void) { need(symlink("/proc", "proc") == 0, "symlink"); }

void scene_write(const char *path, const char *text) {
  char full[PATH_MAX];
  snprintf(full, sizeof full, "proc/%s", path);
  for (char *slash = strchr(full, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    need(mkdir(full, 0755) == 0 || errno == EEXIST, full);
    *slash = '/';
  }
  FILE *file = fopen(full, "w");
  need(file != NULL, full);
  need(fputs(text, file) >= 0, full);
  need(fclose(file) == 0, full);
}

void scene_stat(scene_fields process) {
  char path[64];
  char text[512];
  snprintf(path, sizeof path, "%" PRIu32 "/stat", process.pid);
  snprintf(text, sizeof text,
           "%" PRIu32 " (%s) S %" PRIu32 " 1 1 0 -1 %" PRIu32 " 101 0 303 0 31 17 0 0 20 0 %" PRIu32 " 0 %" PRIu64
           " 665600000 %s 18446744073709551615 4194304 5242880 140735 0 0 0 0 4096 16898 0 0 0 17 1 0 0 0 0 0 6000000 "
           "6100000 9000000 140735 140735 140735 140735 0\n",
           process.pid, process.name == NULL ? "p" : process.name, process.ppid,
           process.flags == 0 ? 4194560 : process.flags, process.threads == 0 ? 1 : process.threads, process.start,
           process.resident == NULL ? "12500" : process.resident);
  scene_write(path, text);
}

void scene_process(uint32_t pid, uint32_t ppid, uint32_t start, uint32_t threads) {
  char path[64];
  char text[256];
  scene_stat((scene_fields){.pid = pid, .ppid = ppid, .start = start, .threads = threads});
  snprintf(path, sizeof path, "%" PRIu32 "/status", pid);
  snprintf(text, sizeof text,
           "Name:\tp\nState:\tS (sleeping)\nTgid:\t%" PRIu32 "\nPid:\t%" PRIu32 "\nPPid:\t%" PRIu32
           "\nVmHWM:\t 9 kB\nVmRSS:\t 9 kB\nRssAnon:\t 9 kB\nRssFile:\t 0 kB\nRssShmem:\t 0 kB\nThreads:\t%" PRIu32
           "\n",
           pid, pid, ppid, threads);
  scene_write(path, text);
}

void scene_children(uint32_t pid, uint32_t tid, const char *children) {
  char path[64];
  snprintf(path, sizeof path, "%" PRIu32 "/task/%" PRIu32 "/children", pid, tid);
  scene_write(path, children);
}

static int delete_entry(const char *path, const struct stat *info, int kind, struct FTW *walk) {
  (void)info;
  (void)kind;
  (void)walk;
  return remove(path);
}

void scene_end(void) {
  if (directory[0] == '\0')
    return;
  need(chdir("/") == 0, "chdir");
  need(nftw(directory, delete_entry, 16, FTW_DEPTH | FTW_PHYS) == 0, directory);
  directory[0] = '\0';
}

int scene_open_descriptors(void) {
  int count = 0;
  DIR *open_files = opendir("/proc/self/fd");
  need(open_files != NULL, "/proc/self/fd");
  while (readdir(open_files) != NULL)
    count++;
  closedir(open_files);
  return count;
}
