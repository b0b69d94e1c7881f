/* Two cgroups of this machine, one inside the other, below the one that the test runs in; and a process in the inner.
 */
#ifndef NEST_H
#define NEST_H

#include <limits.h>

typedef struct nest_version {
  const char *filesystem;
  const char *membership; /* for sscanf() of a line of /proc/self/cgroup */
  const char *limit_file;
} nest_version;

extern const nest_version nest_v1;
extern const nest_version nest_v2;

/* Their directories; empty where there is none. Starts as {0}. */
typedef struct nest {
  char outer[PATH_MAX];
  char inner[PATH_MAX];
  char other[PATH_MAX]; /* a sibling of inner; not made */
  char mount[PATH_MAX]; /* where the hierarchy is mounted */
} nest;

/* NULL, or what could not be had and errno why: ENOSYS where it is not there. Then nothing was made. */
const char *nest_make(const nest_version *version, nest *out);

/* Writes to a file of a cgroup. False if the kernel refuses. */
int nest_put(const char *directory, const char *name, long value);
int nest_put_text(const char *directory, const char *name, const char *text);

/* Waits for their last process to be gone. False if they could not be removed. */
int nest_remove(nest *cgroups);

#endif
