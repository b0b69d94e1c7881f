/*
 * Where the caller can look at the cgroup of a process.
 *
 * /proc/PID/cgroup names a cgroup, /proc/self/mountinfo where a part of the hierarchy is mounted. The two fit together
 * on a host and in a container with a cgroup namespace of its own; elsewhere the mount may begin below the hierarchy's
 * root, or above the root of our namespace, or hold other cgroups than the one in question.
 */
#ifndef PMI_LINUX_CGROUP_H
#define PMI_LINUX_CGROUP_H

#include "os.h"
#include "parse_cgroup.h"

#include <limits.h>

/* A directory of a cgroup file system. */
typedef struct pmi_cgroup {
  char path[PATH_MAX]; /* terminated; empty for "/" */
  size_t length;
  size_t top; /* length of the mount point, which begins the path */
} pmi_cgroup;

/* Room for a file in it. What is longer than PATH_MAX cannot be opened. */
enum { PMI_CGROUP_FILE = PATH_MAX + 32 };

void pmi_cgroup_file(const pmi_cgroup *cgroup, const char *name, char out[PMI_CGROUP_FILE]);

/* Goes to the parent. False at the mount point, above which is nothing to see. */
bool pmi_cgroup_up(pmi_cgroup *cgroup);

/* True also where we may not look, which is for the reading to find out. */
bool pmi_cgroup_exists(const pmi_cgroup *cgroup);

/* How much of the way from a process's cgroup up to the root of the caller's cgroup namespace can be looked at. */
typedef enum pmi_view {
  PMI_VIEW_NONE,
  PMI_VIEW_TOP,  /* the mount point only: the names below it are hidden */
  PMI_VIEW_PART, /* from the process's cgroup up to the mount point, which has ancestors */
  PMI_VIEW_WHOLE /* all of it */
} pmi_view;

/*
 * Finds the directory of the cgroup that /proc/PID/cgroup calls `path`, by `mounts`, the text of
 * /proc/self/mountinfo. Of several mounts by which it has a name, the one that shows the most ancestors; without any
 * it is searched for by `pid`, where it may be. PMI_VIEW_NONE in *view leaves `out` unspecified. Where something that
 * the search came by could not be looked into, *unseen says why; it starts as {0}. Fails only where the caller ran out
 * of something.
 */
pmi_code pmi_find_cgroup(const pmi_text *mounts, pmi_hierarchy hierarchy, pmi_slice path, uint32_t pid, pmi_cgroup *out,
                         pmi_view *view, pmi_error *unseen, pmi_error *error);

#endif
