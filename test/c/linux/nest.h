/* Two nested cgroups of this machine, below the one that the test runs in, and a process in the inner one. */
#ifndef NEST_H
#define NEST_H

#include <limits.h>

typedef struct nest_version {
  const char *filesystem;
  const char *membership; /* the format to scan a line of /proc/self/cgroup with */
  const char *limit_file;
} nest_version;

extern const nest_version nest_v1;
extern const nest_version nest_v2;

/* Their directories; empty for those that do not exist. Initialize with {0}. */
typedef struct nest {
  char outer[PATH_MAX];
  char inner[PATH_MAX];
  char other[PATH_MAX]; /* a sibling of inner; not created */
  char mount[PATH_MAX]; /* where the hierarchy is mounted */
} nest;

/* Returns NULL, or what is missing, with errno set: ENOSYS if it does not exist. Then nothing was created. */
const char *nest_make(const nest_version *version, nest *out);

/* Writes to a file of a cgroup. False if the kernel refuses. */
int nest_put(const char *directory, const char *name, long value);
int nest_put_text(const char *directory, const char *name, const char *text);

/* Waits until their last process has exited. False if they could not be removed. */
int nest_remove(nest *cgroups);

#endif
