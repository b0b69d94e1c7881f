/*
 * The core's contract: what is asked of an operating system, and in which units it answers.
 *
 * src/<platform>/ implements the functions under "Given by each platform"; the others are shared and
 * make no system call. Every function may be called from any thread: the core keeps no mutable globals but, on Linux,
 * the time of boot, which is read once.
 *
 * Convention: a function that can fail returns a pmi_code and writes its answer through `out`. On failure `out` is
 * untouched and `error` tells which call failed; on success `error` is untouched.
 */
#ifndef PMI_H
#define PMI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Named as errno names them; pmi_code_name() gives the text. */
typedef enum pmi_code {
  PMI_OK = 0,
  PMI_ESRCH,  /* no such process: never existed, or exited */
  PMI_EPERM,  /* the OS refused */
  PMI_EACCES, /* the OS refused, by file permission */
  PMI_EMFILE, /* the caller has no descriptor left */
  PMI_ENFILE, /* the system has no descriptor left */
  PMI_ENOMEM,
  PMI_ENOSYS, /* this operating system has no such counter, or this package no code for it */
  PMI_EIO     /* the OS failed in another way, or its answer could not be understood */
} pmi_code;

enum { PMI_PATH_SIZE = 128 };

typedef struct pmi_error {
  pmi_code code;
  int64_t os_error;         /* errno, GetLastError() or NTSTATUS as the OS gave it; 0 where it gave none */
  const char *syscall;      /* static storage; the call's own name, such as "open" */
  char path[PMI_PATH_SIZE]; /* what the call was about, cut to fit; empty where it was no file */
} pmi_error;

/* Bits of pmi_memory.known. The working set is always known. */
enum { PMI_PEAK = 1, PMI_PRIVATE = 2, PMI_SHARED = 4 };

/* One process's memory. Bytes. A value whose bit in `known` is unset could not be had, and is 0 here. */
typedef struct pmi_memory {
  uint64_t working_set;
  uint64_t peak_working_set;
  uint64_t private_bytes;
  uint64_t shared_bytes;
  uint32_t known;
} pmi_memory;

typedef enum pmi_unit { PMI_BYTES, PMI_COUNT } pmi_unit;

typedef struct pmi_value {
  const char *name; /* static storage; the public name, such as "peakRss" */
  pmi_unit unit;
  uint64_t value;
} pmi_value;

enum { PMI_MAX_VALUES = 32 }; /* more than any platform has */

/* Figures by their public names, in the order in which they are shown. One that could not be had is not listed. */
typedef struct pmi_values {
  size_t count;
  pmi_value items[PMI_MAX_VALUES];
} pmi_values;

/*
 * What a process costs, exactly. The values, of which "footprint" is always known:
 *   uss        unique set size: what would be free if the process exited now
 *   pss        proportional set size: a page that n processes map counts 1/n
 *   swap       swapped out
 *   swapPss    swapped out, a page that n processes share counting 1/n
 *   hugetlb    Linux: huge pages of hugetlbfs
 *   footprint  the one figure that may be added up over processes
 */
typedef struct pmi_footprint {
  pmi_values values;
  const char *method;  /* static storage; where the figures come from, such as "smaps_rollup" */
  uint64_t memory_key; /* for the platform: processes share their memory only if this is equal; 0 if it knows of none */
} pmi_footprint;

typedef struct pmi_process {
  uint32_t pid;
  uint32_t ppid;
  uint64_t creation_time_ms; /* since the Unix epoch; with pid, the identity */
  size_t name_offset;        /* into pmi_tree.names */
  size_t name_length;        /* bytes, mostly UTF-8, but another process chose them */
  bool alive;                /* a zombie, or a process that is exiting, is not */
  pmi_memory memory;
  size_t footprint;        /* 1 + its index in pmi_tree.footprints; 0 where there is none: see pmi_tree_footprint() */
  pmi_code footprint_code; /* why it is an estimate, or may count what another one counts; PMI_OK if it is exact */
  uint32_t shares_memory_with; /* an earlier process with the same address space, which counts it; 0 if there is none */
} pmi_process;

typedef struct pmi_unreadable {
  uint32_t pid;
  pmi_error error;
} pmi_unreadable;

/* Owns its arrays. Starts as {0}; ends with pmi_tree_free(). */
typedef struct pmi_tree {
  pmi_process *processes;
  size_t count;
  size_t capacity;
  pmi_unreadable *unreadable;
  size_t unreadable_count;
  size_t unreadable_capacity;
  char *names; /* all names, one behind the other, without terminators */
  size_t names_length;
  size_t names_capacity;
  pmi_footprint *footprints; /* of those processes that refer to one, in any order */
  size_t footprints_count;
  size_t footprints_capacity;
} pmi_tree;

/* One process, whatever becomes of its pid. May be used from several threads at once. */
typedef struct pmi_handle pmi_handle;

enum { PMI_SOURCE_SIZE = 4096 };

/*
 * The tightest memory limit on a process. The values, none of which there is where nothing limits the process:
 *   limit              beyond this the group is out of memory; not listed if only `high` is set, or where the OS
 *                      tells what is available and not what the limit is
 *   high               beyond this the group is slowed down and reclaimed from; may be more than `limit`
 *   usage              as the OS charges it to the group that has the limit, file cache included
 *   usageWithoutCache  without the cache that the OS would drop first
 *   available          the least that is left of any of the limits on the process, cache not counted
 *
 * The limit is the one of a group of processes, such as a container, and so are the usage and what is available: others
 * use it up, too. It is given as it is set, even if it is more than the machine has.
 */
typedef struct pmi_limit {
  pmi_values values;
  bool complete;                /* all that may limit the process and that the caller has in view was read */
  char source[PMI_SOURCE_SIZE]; /* the file that states the limit; empty where it is no file */
} pmi_limit;

/* ---- Given by each platform ---- */

/*
 * Reads one process's counters. ESRCH if it exited or is no process (a thread id is none), EPERM or EACCES if the OS
 * refused. A zombie has no memory: zeros, and they are known. Nor has a kernel thread of Linux; a kernel process of
 * FreeBSD has the stacks that its kernel counts.
 */
pmi_code pmi_read_memory(uint32_t pid, pmi_memory *out, pmi_error *error);

/* What could not be read of several processes. Starts as {0}; the caller frees `items`. */
typedef struct pmi_failure {
  size_t index; /* of the pid among those that were asked for */
  pmi_error error;
} pmi_failure;

typedef struct pmi_failures {
  pmi_failure *items;
  size_t count;
  size_t capacity;
} pmi_failures;

/*
 * Reads several processes as pmi_read_memory() does: out[i] is the answer for pids[i], or zeros where that is among the
 * failures. What lists all processes is asked once at most. Fails as a whole with ENOMEM alone.
 */
pmi_code pmi_read_memories(const uint32_t *pids, size_t count, pmi_memory *out, pmi_failures *failures,
                           pmi_error *error);

/*
 * Reads a process and all its descendants, in pre-order: the root first, each parent before its children, siblings by
 * age. A process that exits meanwhile is left out; one that the OS refuses stands in `unreadable`. Fails as
 * pmi_read_memory() does if the root itself cannot be read, and with ENOMEM, EMFILE or ENFILE if the caller ran out.
 * The caller frees `out` with pmi_tree_free().
 *
 * With PMI_TREE_FOOTPRINT each process's footprint is read too; where that is refused, it is estimated from what the
 * OS does tell, and footprint_code says why. Of processes that share one address space the first counts it.
 */
enum { PMI_TREE_FOOTPRINT = 1 };
pmi_code pmi_read_tree(uint32_t root, uint32_t options, pmi_tree *out, pmi_error *error);

/*
 * Reads the trees of several roots in one pass; the roots may lie in each other's trees, and be repeated. Each root has
 * an answer of its own: trees[i] is what pmi_read_tree() gives, and errors[i].code is PMI_OK; or trees[i] is untouched,
 * and errors[i] says why the root could not be read. `trees` begin as {0}; the caller frees each.
 *
 * Fails as a whole, without any tree, where pmi_read_tree() fails for the caller's or the system's sake: with ENOMEM,
 * EMFILE or ENFILE, or because processes cannot be listed.
 */
pmi_code pmi_read_trees(const uint32_t *roots, size_t count, uint32_t options, pmi_tree *trees, pmi_error *errors,
                        pmi_error *error);

/*
 * Reads every process that the caller may see, in ascending order of pid; otherwise as pmi_read_tree(). Kernel threads
 * and zombies are processes.
 */
pmi_code pmi_read_all(uint32_t options, pmi_tree *out, pmi_error *error);

/* Reads the OS's own counters of one process. Fails as pmi_read_memory() does. */
pmi_code pmi_read_counters(uint32_t pid, pmi_values *out, pmi_error *error);

/*
 * Reads what one process costs, exactly. Expensive: the OS walks the process's pages, and may hold up the process
 * meanwhile. Fails as pmi_read_memory() does; it takes more rights.
 */
pmi_code pmi_read_footprint(uint32_t pid, pmi_footprint *out, pmi_error *error);

/*
 * Reads the memory of the whole machine. The values, of which "total" and "free" are always known:
 *   available                what could be had without swapping
 *   swapTotal, swapFree      swap space, where the OS has it apart from memory
 *   fileBacked, purgeable    what macOS calls so
 *   commitLimit, commitUsed  Windows: what may be committed, memory and page files together, and what is
 */
pmi_code pmi_read_system(pmi_values *out, pmi_error *error);

/* Opens a process, to be asked repeatedly. Fails as pmi_read_memory() does. The caller closes it. */
pmi_code pmi_open_handle(uint32_t pid, pmi_handle **out, pmi_error *error);
void pmi_close_handle(pmi_handle *handle);

uint32_t pmi_handle_pid(const pmi_handle *handle);
uint64_t pmi_handle_creation_time_ms(const pmi_handle *handle);

/* Sets *alive; a zombie is not. Once the process is gone this is no failure. */
pmi_code pmi_handle_is_alive(const pmi_handle *handle, bool *alive, pmi_error *error);

/* As their namesakes above. ESRCH for good once the process is gone, whoever bears its pid now. */
pmi_code pmi_handle_read_memory(const pmi_handle *handle, pmi_memory *out, pmi_error *error);
pmi_code pmi_handle_read_counters(const pmi_handle *handle, pmi_values *out, pmi_error *error);
pmi_code pmi_handle_read_footprint(const pmi_handle *handle, pmi_footprint *out, pmi_error *error);

/*
 * Reads the tightest memory limit on a process. ESRCH as pmi_read_memory().
 *
 * That nothing limits the process is said only if all was seen: where a limit may be that the OS refuses to tell, the
 * answer is EPERM or EACCES; where it lies outside the caller's view (in a sandbox without these files, above the only
 * group that is mounted, or for a process of another container), ENOSYS; and EIO where it could not be understood. If a
 * limit was found nevertheless, that is the answer, without `complete`: a tighter one may exist. Limits above the
 * caller's view, such as those of the host on the container that the caller is in, are met only as far as the OS shows
 * them inside.
 */
pmi_code pmi_read_limit(uint32_t pid, pmi_limit *out, pmi_error *error);

/* ---- error.c ---- */

/* "ESRCH" for PMI_ESRCH, and so on. Static storage. */
const char *pmi_code_name(pmi_code code);

/* True where the caller or the system ran out of something: that says nothing about the process that was asked for. */
bool pmi_is_shortage(pmi_code code);

/* Fills `error` and returns its code. `path` may be NULL. */
pmi_code pmi_fail(pmi_error *error, pmi_code code, int64_t os_error, const char *syscall, const char *path);

/* Likewise for a call that reported through errno: the code follows from `os_error`. */
pmi_code pmi_fail_errno(pmi_error *error, int os_error, const char *syscall, const char *path);

/* Fills `error` for an allocation that failed. */
pmi_code pmi_fail_nomem(pmi_error *error);

/* ---- collections.c ---- */

/*
 * Makes room for `needed` items of `item_size` bytes in the array at *items, by doubling. False if memory ran out or
 * the size would overflow; the array is then as it was.
 */
bool pmi_grow(void *items, size_t *capacity, size_t needed, size_t item_size);

/* Adds a failure. ENOMEM leaves the list as it was. */
pmi_code pmi_failures_add(pmi_failures *failures, size_t index, const pmi_error *why, pmi_error *error);

/* Adds a value to the list. */
void pmi_values_add(pmi_values *values, const char *name, pmi_unit unit, uint64_t value);

/* Adds a process; the name is copied. ENOMEM leaves the tree as it was. `process` need not have its name set. */
pmi_code pmi_tree_add(pmi_tree *tree, const pmi_process *process, const char *name, size_t name_length,
                      pmi_error *error);

/* Gives a process of the tree another name, which is copied. */
pmi_code pmi_tree_rename(pmi_tree *tree, pmi_process *process, const char *name, size_t name_length, pmi_error *error);

/* Adds a process that could not be read, and why. */
pmi_code pmi_tree_add_unreadable(pmi_tree *tree, uint32_t pid, const pmi_error *why, pmi_error *error);

/* A footprint of which no more is known than the one figure. */
pmi_footprint pmi_footprint_of(uint64_t bytes, const char *method);

/* Adds a footprint and makes the process, which may be in the tree already or not, refer to it. */
pmi_code pmi_tree_add_footprint(pmi_tree *tree, pmi_process *process, const pmi_footprint *footprint, pmi_error *error);

/* The footprint of a process in the tree; NULL where it has none. */
const pmi_footprint *pmi_tree_footprint(const pmi_tree *tree, const pmi_process *process);

/* Adds a process of another tree, with its name and footprint. */
pmi_code pmi_tree_copy(pmi_tree *tree, const pmi_tree *from, const pmi_process *process, pmi_error *error);

void pmi_tree_free(pmi_tree *tree);

/* ---- handle.c ---- */

/* As pmi_read_tree(), of the process that the handle is open on: ESRCH once that is gone, whatever has its pid then. */
pmi_code pmi_handle_read_tree(const pmi_handle *handle, uint32_t options, pmi_tree *out, pmi_error *error);

/* ---- tree.c ---- */

/*
 * Keeps the root and its descendants, in pre-order, and drops the other processes. A process that was created before
 * its parent is none of its children: the parent's pid was reused. A creation time of 0 is unknown and proves nothing.
 * ESRCH, blamed on `listed_by`, if the root is not there. Needs no order, stands cycles, and does not recurse.
 */
pmi_code pmi_tree_select(pmi_tree *tree, uint32_t root, const char *listed_by, pmi_error *error);

/*
 * As above, where creation times are of a clock that may have been set back: `judge` sets *is_child, false before, for
 * a process that was created before the one that has its ppid. An error ends the selection.
 */
typedef pmi_code pmi_tree_judge(const pmi_process *child, const pmi_process *parent, bool *is_child, pmi_error *error);
pmi_code pmi_tree_select_judged(pmi_tree *tree, uint32_t root, const char *listed_by, pmi_tree_judge *judge,
                                pmi_error *error);

/*
 * Finds one root after the other in the same list, by the same rules. Starts as {0}; ends with pmi_forest_free(). The
 * list, which stays the caller's, is sorted, and must not gain or lose processes meanwhile.
 */
typedef struct pmi_forest {
  const pmi_tree *list;
  struct pmi_pid_at *by_pid; /* where each pid stands in the list */
  size_t *seen;              /* by which walk each process was met last */
  size_t *pending;           /* the stack of a walk */
  size_t *chosen;            /* what the last walk chose: indices into list->processes, in pre-order */
  size_t walks;
  pmi_tree_judge *judge; /* NULL: creation times decide */
} pmi_forest;

pmi_code pmi_forest_init(pmi_forest *forest, pmi_tree *list, pmi_error *error);
void pmi_forest_free(pmi_forest *forest);

/* Writes the root and its descendants to forest->chosen. *count is 0 if the root is not in the list. */
pmi_code pmi_forest_walk(pmi_forest *forest, uint32_t root, size_t *count, pmi_error *error);

/* Where the nth process by ascending pid stands in the list. */
size_t pmi_forest_nth(const pmi_forest *forest, size_t n);

#ifdef __cplusplus
}
#endif

#endif
