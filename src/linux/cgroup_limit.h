/* The memory limits of a cgroup and its ancestors up to the mount point, and how much of them is used. */
#ifndef PMI_LINUX_CGROUP_LIMIT_H
#define PMI_LINUX_CGROUP_LIMIT_H

#include "cgroup.h"

/* Memory used by a group of processes. */
typedef struct pmi_usage {
  bool has_whole;
  bool has_without_cache;
  uint64_t whole;
  uint64_t without_cache;
} pmi_usage;

/* The tightest limit found so far. */
typedef struct pmi_tightest {
  uint64_t limit;    /* PMI_UNLIMITED if not set */
  uint64_t high;     /* likewise */
  const char *file;  /* that states the limit, in... */
  pmi_cgroup cgroup; /* ...which cgroup */
  pmi_usage usage;   /* of that cgroup */
  uint64_t left;     /* the minimum left under any of the limits */
  bool left_unknown; /* unknown for one of them */
  pmi_error unseen;  /* the first error for a possible limit that was not read; code PMI_OK if all were read */
  bool vanished;     /* a cgroup was removed meanwhile */
} pmi_tightest;

void pmi_tightest_init(pmi_tightest *tightest);

/* Records why a possible limit was not read. */
void pmi_tightest_miss(pmi_tightest *tightest, const pmi_error *why);

/*
 * Reads the limits of `cgroup` and its ancestors. It is the cgroup of the process, or one of its ancestors with
 * PMI_VIEW_TOP. Of equal limits the nearest is used. Fails only if resources run out; other errors are recorded in
 * `unseen`.
 */
pmi_code pmi_read_cgroup_limits(pmi_tightest *tightest, pmi_hierarchy hierarchy, const pmi_cgroup *cgroup,
                                pmi_view view, pmi_error *error);

/* Adds the used and available memory, if known. */
void pmi_tightest_usage(const pmi_tightest *tightest, pmi_values *values);

#endif
