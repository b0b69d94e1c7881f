/*
 * Reads a process and its descendants, depth first.
 *
 * A pid may be reused at any time, but a descriptor of `stat` stays bound to its process: reading it fails once the
 * process has exited. So each process is read between opening its `stat` and reading it, and the ancestors of the
 * process being read are held open. When everything below an ancestor has been read, its children are listed once more:
 *
 * - The same children: none was missed, and all processes that had it as their parent meanwhile are its children.
 * - New children: they are read, and then the children are listed again. After several attempts, or if they cannot be
 *   listed, the table of all processes is used.
 * - It has exited: what was read below it is read again. The kernel reparents orphans before it frees the pid, so those
 *   still alive have a parent that is still held.
 *
 * A process with one thread and no child is read once: it cannot have gained a child without forking.
 */
#ifndef PMI_LINUX_DESCENT_H
#define PMI_LINUX_DESCENT_H

#include "ids.h"
#include "process.h"

enum { PMI_MAX_HELD = 64 /* descriptors of processes; deeper ancestors are identified by their start times */ };

/* Sizes at some point of all that grows while a tree is read, to return to them. */
typedef struct pmi_extent {
  size_t pending;
  size_t listings;
  size_t processes;
  size_t names;
  size_t footprints;
  size_t unreadable;
} pmi_extent;

/* An ancestor of the process that is being read. */
typedef struct pmi_ancestor {
  uint32_t pid;
  int stat_fd; /* -1 if it is not held open */
  uint64_t start_ticks;
  bool one_thread; /* when last read: only the main thread can have children */
  bool complete;   /* the last listing of its children had no error */
  bool refused;    /* the caller may not list them */
  bool in_table;   /* they were taken from the table */
  int attempts;
  pmi_extent before; /* it was added */
} pmi_ancestor;

typedef struct pmi_table_entry {
  uint32_t pid;
  uint32_t ppid;
} pmi_table_entry;

/*
 * All processes of the machine and their parents, from one pass over /proc: for kernels without `children` files
 * (CONFIG_PROC_CHILDREN), for callers that may not list threads, and for a process whose children keep changing while
 * they are listed. Starts as {0}, ends with pmi_table_free().
 */
typedef struct pmi_table {
  pmi_table_entry *entries; /* by parent, then by pid */
  size_t count;
  size_t capacity;
} pmi_table;

typedef struct pmi_descent {
  uint32_t options;
  pmi_base proc; /* /proc, while it is held */
  pmi_closing closing;
  bool frugal;             /* no descriptor more than necessary: they have run out */
  pmi_tree *tree;          /* what was read, parents before their children */
  pmi_ancestor *ancestors; /* the root first */
  size_t depth;
  size_t ancestors_capacity;
  pmi_ids pending;  /* pids to be read, the next one last */
  pmi_ids listings; /* of the ancestors in order: thread ids, each followed by its children */
  pmi_id_map known; /* where each process of the tree is, whether or not it could be read */
  pmi_table table;
  bool has_table;
  bool table_failed;
  bool no_children_files; /* the kernel does not have them */
  bool alone;             /* each process is read without descendants */
} pmi_descent;

/* Starts as {0} with `options` set; ends with pmi_descent_free(). */
void pmi_descent_free(pmi_descent *descent);

/*
 * Reads `root` and its descendants into the empty `tree`. Fails as pmi_read_tree() does. May be called again for
 * another root: the table of all processes is read once.
 */
pmi_code pmi_descend(pmi_descent *descent, uint32_t root, pmi_tree *tree, pmi_error *error);

/* Holds /proc open, if it can, so that paths are looked up from there. */
void pmi_hold_proc(pmi_descent *descent);

/* Reads one process into descent->tree, which must be set; without descendants if it is to be read alone. */
pmi_code pmi_visit_root(pmi_descent *descent, uint32_t pid, pmi_error *error);

/* ---- table.c ---- */

void pmi_table_free(pmi_table *table);

/*
 * Reads all processes, with the descriptors of `any`. Fails if /proc cannot be listed, and with EIO if the parents of
 * processes keep changing.
 */
pmi_code pmi_table_read(const pmi_proc_dir *any, pmi_table *table, pmi_error *error);

/* The index of the first child of a process; the others follow it. */
size_t pmi_table_first_child(const pmi_table *table, uint32_t ppid);

#endif
