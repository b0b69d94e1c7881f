/*
 * Which processes are under a root: found on a walk from parents to children, or, where the tree will not hold still or
 * the kernel was built without telling children (CONFIG_PROC_CHILDREN), by a scan of all that there are.
 */
#ifndef PMI_LINUX_DESCENDANTS_H
#define PMI_LINUX_DESCENDANTS_H

#include "process.h"

/*
 * A walk down a tree: which processes were met, and what has to hold when it is over. Starts as {0}, with the root
 * added to `processes`; ends with pmi_walk_free().
 */
typedef struct pmi_walk {
  pmi_ids processes; /* parents before children; each is to be visited in its turn */
  pmi_ids parents;   /* those of them that had a child or several threads */
  pmi_ids trace;     /* these threads and children, in the order in which they were seen */
  bool unsure;       /* the others have to be looked at again, too */
  bool disturbed;    /* something exited under our hands, or could not be read */
} pmi_walk;

void pmi_walk_free(pmi_walk *walk);

/* Whether the kernel tells children. */
bool pmi_walk_possible(void);

/*
 * Adds the children of a process to walk->processes. `dir` is as pmi_open() takes it. `threads` is how many the process
 * was seen to have before; 0 if it is not known. EPERM and EACCES are no failure: what may not be looked at has no
 * children for us.
 */
pmi_code pmi_walk_visit(pmi_walk *walk, int dir, uint32_t pid, uint32_t threads, pmi_error *error);

/* Takes note of how a process was found after its visit, and of one that had exited. */
void pmi_walk_leave(pmi_walk *walk, uint32_t threads, const pmi_status *status);
void pmi_walk_miss(pmi_walk *walk);

/* Sets *settled if nothing moved during the walk, and walk->processes is therefore all. Leaves these in disorder. */
pmi_code pmi_walk_end(pmi_walk *walk, bool *settled, pmi_error *error);

/*
 * Lists the root and its descendants by looking at every process there is. EPERM and EACCES are no failure. What cannot
 * be read for another reason is listed if it is among `met`, those that a walk met; `met` is sorted. ESRCH if the root
 * exited. `out` starts as {0}.
 */
pmi_code pmi_scan_descendants(uint32_t root, pmi_ids *met, pmi_ids *out, pmi_error *error);

#endif
