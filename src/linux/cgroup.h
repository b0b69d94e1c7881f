/*
 * Finds the directory where the caller can read the cgroup of a process.
 *
 * /proc/PID/cgroup names the cgroup, and /proc/self/mountinfo the mount points of the hierarchy. Both match on a host
 * and in a container with its own cgroup namespace. Elsewhere the mount may begin below the root of the hierarchy or
 * above the root of our namespace, or may not contain the cgroup at all.
 */
#ifndef PMI_LINUX_CGROUP_H
#define PMI_LINUX_CGROUP_H

#include "os.h"
#include "parse_cgroup.h"

#include <limits.h>

/* Which cgroups are visible, from that of a process up to the root of the caller's cgroup namespace. */
typedef enum pmi_view {
  PMI_VIEW_NONE,
  PMI_VIEW_TOP,  /* the mount point only: the names below it are hidden */
  PMI_VIEW_PART, /* from the process's cgroup up to the mount point, which has ancestors */
  PMI_VIEW_WHOLE /* all of it */
} pmi_view;

/* A directory of a cgroup file system. */
typedef struct pmi_cgroup {
  pmi_hierarchy hierarchy;
  pmi_view view;
  char path[PATH_MAX]; /* terminated; empty for "/" */
  size_t length;
  size_t top; /* length of the mount point, which begins the path */
} pmi_cgroup;

/* Room for the path of a file in it. Paths longer than PATH_MAX cannot be opened. */
enum { PMI_CGROUP_FILE = PATH_MAX + 32 };

void pmi_cgroup_file(const pmi_cgroup *cgroup, const char *name, char out[PMI_CGROUP_FILE]);

/* Goes to the parent. False at the mount point. */
bool pmi_cgroup_up(pmi_cgroup *cgroup);

/* True also if access is denied: reading reports that. */
bool pmi_cgroup_exists(const pmi_cgroup *cgroup);

/*
 * An error does not end the reading of limits. `unseen`, which starts as {0}, keeps the first, but one for a shortage
 * of resources before any other: then the reading fails as a whole.
 */
void pmi_note(pmi_error *unseen, const pmi_error *why);

/* Forgets an error that does not matter; a shortage does. */
void pmi_excuse(pmi_error *unseen);

/*
 * Finds the directory of the cgroup that /proc/PID/cgroup calls `path`, using `mounts`, the text of
 * /proc/self/mountinfo. If several mounts contain the path, the one that shows the most ancestors is used; if none
 * does, the cgroup is searched for by `pid`. If nothing is visible of it, only the view of `out` is set.
 */
void pmi_find_cgroup(const pmi_text *mounts, pmi_hierarchy hierarchy, pmi_slice path, uint32_t pid, pmi_cgroup *out,
                     pmi_error *unseen);

#endif
