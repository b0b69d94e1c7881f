#include "nest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

const nest_version nest_v1 = {"cgroup", "%*d:memory:%4095s", "memory.limit_in_bytes"};
const nest_version nest_v2 = {"cgroup2", "0::%4095s", "memory.max"};

/* Finds the first line of a file that `accept` accepts. False if there is none. */
static int find_line(const char *path, int (*accept)(const char *line, const nest_version *version, char *a, char *b),
                     const nest_version *version, char *a, char *b) {
  char line[2 * PATH_MAX];
  int found = 0;
  FILE *file = fopen(path, "r");
  if (file == NULL)
    return 0;
  while (!found && fgets(line, sizeof line, file) != NULL)
    found = accept(line, version, a, b);
  fclose(file);
  return found;
}

static int is_membership(const char *line, const nest_version *version, char *path, char *unused) {
  (void)unused;
  return sscanf(line, version->membership, path) == 1;
}

static int is_mount(const char *line, const nest_version *version, char *root, char *point) {
  char mark[32];
  snprintf(mark, sizeof mark, " - %s ", version->filesystem);
  return strstr(line, mark) != NULL && (version == &nest_v2 || strstr(line, ",memory") != NULL) &&
         sscanf(line, "%*d %*d %*s %4095s %4095s", root, point) == 2;
}

/* Finds the directory of this process's cgroup, by a simpler reading of /proc than the core's. */
static int find_own(const nest_version *version, char *point, char *out) {
  char path[PATH_MAX];
  char root[PATH_MAX];
  if (!find_line("/proc/self/cgroup", is_membership, version, path, NULL) ||
      !find_line("/proc/self/mountinfo", is_mount, version, root, point))
    return 0;
  size_t above = strcmp(root, "/") == 0 ? 0 : strlen(root);
  if (strncmp(path, root, above) != 0)
    return 0;
  const char *rest = path + above;
  snprintf(out, PATH_MAX, "%.2000s%.2000s", point, strcmp(rest, "/") == 0 ? "" : rest);
  return 1;
}

static FILE *open_file(const char *directory, const char *name, const char *mode) {
  char path[2 * PATH_MAX];
  snprintf(path, sizeof path, "%s/%s", directory, name);
  return fopen(path, mode);
}

int nest_put_text(const char *directory, const char *name, const char *text) {
  FILE *file = open_file(directory, name, "w");
  if (file == NULL)
    return 0;
  int written = fputs(text, file) >= 0;
  return fclose(file) == 0 && written;
}

int nest_put(const char *directory, const char *name, long value) {
  char text[32];
  snprintf(text, sizeof text, "%ld", value);
  return nest_put_text(directory, name, text);
}

/* In version 2 a cgroup may not delegate the controller. The test does not change that for its own cgroup. */
static int hands_down_memory(const char *own) {
  char text[256] = "";
  FILE *file = open_file(own, "cgroup.subtree_control", "r");
  if (file == NULL)
    return 0;
  int found = fgets(text, sizeof text, file) != NULL && strstr(text, "memory") != NULL;
  fclose(file);
  return found;
}

const char *nest_make(const nest_version *version, nest *out) {
  char own[PATH_MAX];
  if (!find_own(version, out->mount, own)) {
    errno = ENOSYS;
    return "this version of cgroups, mounted with the memory controller";
  }
  if (version == &nest_v2 && !hands_down_memory(own)) {
    errno = ENOSYS;
    return "the memory controller, handed down to this cgroup's children";
  }
  snprintf(out->outer, sizeof out->outer, "%.4000s/pmi-test-%ld", own, (long)getpid());
  snprintf(out->inner, sizeof out->inner, "%.4080s/inner", out->outer);
  snprintf(out->other, sizeof out->other, "%.4080s/other", out->outer);
  if (mkdir(out->outer, 0755) != 0) {
    *out = (nest){0};
    return "mkdir of a cgroup";
  }
  if ((version == &nest_v2 && !nest_put_text(out->outer, "cgroup.subtree_control", "+memory")) ||
      mkdir(out->inner, 0755) != 0) {
    int os_error = errno;
    nest_remove(out);
    errno = os_error;
    return "a cgroup in a cgroup";
  }
  return NULL;
}

static int remove_patiently(const char *path) {
  for (int i = 0; i < 500; i++) {
    if (path[0] == '\0' || rmdir(path) == 0 || errno == ENOENT)
      return 1;
    nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
  }
  return 0;
}

int nest_remove(nest *cgroups) {
  int removed =
      remove_patiently(cgroups->other) && remove_patiently(cgroups->inner) && remove_patiently(cgroups->outer);
  *cgroups = (nest){0};
  return removed;
}
