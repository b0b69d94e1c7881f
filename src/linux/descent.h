/*
 * Reading a process and all that is below it, depth first.
 *
 * The pid of a process may be that of another one soon. But a descriptor of its `stat` stays its own: reading that
 * fails once the process is gone. So a process is read between opening its `stat` and reading it, and each ancestor of
 * the process being read is held open. When everything below an ancestor has been read, its children are listed once
 * more:
 *
 * - The same children: none was missed, and all that named it as their parent meanwhile are its children.
 * - New children: they are read, and then the children are listed again. After some attempts, or where they cannot be
 *   listed, the table of all processes says who they are.
 * - It has exited: what was read below it is read again. The kernel hands orphans on before it frees the pid, so those
 *   that live on name an ancestor that is still held.
 *
 * A process with one thread and no child is read once: it gets no child that it did not fork.
 */
#ifndef PMI_LINUX_DESCENT_H
#define PMI_LINUX_DESCENT_H

#include "ids.h"
#include "table.h"

enum { PMI_MAX_HELD = 64 /* descriptors; ancestors below are known by their start times */ };

/* How much was there at some time of what grows while a tree is read. */
typedef struct pmi_extent {
  size_t pending;
  size_t listings;
  size_t members;
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
  bool one_thread; /* as it was last seen: only the main thread can have children */
  bool complete;   /* the last listing of its children met no error */
  bool refused;    /* the caller may not list them */
  bool in_table;   /* they were taken from the table */
  int attempts;
  pmi_extent before; /* it was added */
} pmi_ancestor;

/* A process of the tree, whether or not it could be read. */
typedef struct pmi_member {
  uint32_t pid;
  size_t depth; /* its place among the ancestors plus 1 while it is one of them; 0 if it never was */
} pmi_member;

typedef struct pmi_descent {
  uint32_t options;
  pmi_tree *tree;          /* what was read, parents before their children */
  pmi_ancestor *ancestors; /* the root first */
  size_t depth;
  size_t ancestors_capacity;
  pmi_ids pending;  /* pids still to be read, the next one last */
  pmi_ids listings; /* of the ancestors, one after the other: thread ids, each followed by those of its children */
  pmi_member *members;
  size_t members_count;
  size_t members_capacity;
  pmi_id_map numbers; /* of the members */
  pmi_table table;
  bool has_table;
  bool table_failed;
  bool no_children_files; /* the kernel has none */
  bool alone;             /* whatever is below the processes */
} pmi_descent;

/* Starts with `options`, and {0} otherwise; ends with pmi_descent_free(). */
void pmi_descent_free(pmi_descent *descent);

/*
 * Reads `root` and everything below it into `tree`, which is empty. Fails as pmi_read_tree() does. May be called again,
 * for another root: the table of all processes is read once.
 */
pmi_code pmi_descend(pmi_descent *descent, uint32_t root, pmi_tree *tree, pmi_error *error);

/* Reads one process into descent->tree, which is set, and none below it. */
pmi_code pmi_read_alone(pmi_descent *descent, uint32_t pid, pmi_error *error);

/* ---- children.c ---- */

/* The member with that pid, or NULL. */
pmi_member *pmi_find_member(const pmi_descent *descent, uint32_t pid);
pmi_code pmi_add_member(pmi_descent *descent, uint32_t pid, pmi_error *error);

/*
 * Adds the children of an ancestor to the end of the listings, and those that are no members to what is pending. The
 * first listing may miss some. Fails only where the caller ran out of something, or may not read the table either.
 */
pmi_code pmi_list_children(pmi_descent *descent, pmi_ancestor *ancestor, bool first, pmi_error *error);

/* Adds those that the table has, which is read when it is first needed. */
pmi_code pmi_list_children_from_table(pmi_descent *descent, pmi_ancestor *ancestor, pmi_error *error);
pmi_code pmi_add_table_children(pmi_descent *descent, uint32_t ppid, pmi_error *error);

#endif
