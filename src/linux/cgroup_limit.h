/* What limits memory on the way from a cgroup up to the mount point, and how much of that is used. */
#ifndef PMI_LINUX_CGROUP_LIMIT_H
#define PMI_LINUX_CGROUP_LIMIT_H

#include "cgroup.h"

/* The tightest limit of those looked at so far. */
typedef struct pmi_bound {
  uint64_t limit;       /* PMI_UNLIMITED if there is none */
  uint64_t high;        /* likewise */
  const char *file;     /* that states the limit, in... */
  pmi_cgroup cgroup;    /* ...which cgroup */
  pmi_hierarchy bearer; /* of that cgroup; PMI_CGROUP_NONE if it only passes on what an ancestor out of view bears */
  pmi_error unseen;     /* the first reason why something that may bind was not seen; code PMI_OK if all was */
  bool vanished;        /* a cgroup was removed under our hands */
} pmi_bound;

void pmi_bound_init(pmi_bound *bound);

/* Takes note of why something was not seen. */
void pmi_bound_miss(pmi_bound *bound, const pmi_error *why);

/*
 * Looks at the cgroups from `cgroup` up. It is the process's own, or, in PMI_VIEW_TOP, one of its ancestors. Of equal
 * limits the nearest one is taken. Fails only where the caller ran out of something; all else goes to `unseen`.
 */
pmi_code pmi_bound_walk(pmi_bound *bound, pmi_hierarchy hierarchy, const pmi_cgroup *cgroup, pmi_view view,
                        pmi_error *error);

/* Fills in what is used of the limit and what is left, with their bits, as far as it can be had. Fails likewise. */
pmi_code pmi_bound_usage(pmi_bound *bound, pmi_limit *answer, pmi_error *error);

#endif
