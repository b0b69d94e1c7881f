/* What limits memory on the way from a cgroup up to the mount point, and how much of that is used. */
#ifndef PMI_LINUX_CGROUP_LIMIT_H
#define PMI_LINUX_CGROUP_LIMIT_H

#include "cgroup.h"

/* What a group of processes has used. */
typedef struct pmi_usage {
  bool has_whole;
  bool has_without_cache;
  uint64_t whole;
  uint64_t without_cache;
} pmi_usage;

/* The tightest limit of those looked at so far. */
typedef struct pmi_tightest {
  uint64_t limit;    /* PMI_UNLIMITED if there is none */
  uint64_t high;     /* likewise */
  const char *file;  /* that states the limit, in... */
  pmi_cgroup cgroup; /* ...which cgroup */
  pmi_usage usage;   /* of that cgroup */
  uint64_t left;     /* the least that is left of any of the limits, the tightest or not */
  bool left_unknown; /* of one of them it is not known */
  pmi_error unseen;  /* the first reason why something that may bind was not seen; code PMI_OK if all was */
  bool vanished;     /* a cgroup was removed under our hands */
} pmi_tightest;

void pmi_tightest_init(pmi_tightest *tightest);

/* Takes note of why something was not seen. */
void pmi_tightest_miss(pmi_tightest *tightest, const pmi_error *why);

/*
 * Looks at the cgroups from `cgroup` up. It is the process's own, or, in PMI_VIEW_TOP, one of its ancestors. Of equal
 * limits the nearest one is taken. Fails only where the caller ran out of something; all else goes to `unseen`.
 */
pmi_code pmi_read_cgroup_limits(pmi_tightest *tightest, pmi_hierarchy hierarchy, const pmi_cgroup *cgroup,
                                pmi_view view, pmi_error *error);

/* Adds what is used of the limit and what is left, as far as it is known. */
void pmi_tightest_usage(const pmi_tightest *tightest, pmi_values *values);

#endif
