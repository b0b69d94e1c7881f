/*
 * The core's contract: what each platform implements, and in which units it returns results.
 *
 * src/<platform>/ implements the functions under "Given by each platform"; the others are shared and make no system
 * call. Every function may be called from any thread: the core keeps no mutable globals but, on Linux, the time of
 * boot, which is read once.
 *
 * Convention: a function that can fail returns a pmi_code and writes its result to `out`. On failure `out` is unchanged
 * and `error` describes the call that failed; on success `error` is unspecified.
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
  PMI_ENOSYS, /* not available on this operating system, or not implemented here */
  PMI_EIO     /* another failure of the OS, or a result that could not be parsed */
} pmi_code;

enum { PMI_PATH_SIZE = 128 };

typedef struct pmi_error {
  pmi_code code;
  int64_t os_error;         /* errno, GetLastError() or NTSTATUS from the OS; 0 if there was none */
  const char *syscall;      /* static storage; the name of the call, such as "open" */
  char path[PMI_PATH_SIZE]; /* the file, truncated to fit; empty if the call had none */
} pmi_error;

/* Bits of pmi_memory.known. The working set is always known. */
enum { PMI_PEAK = 1, PMI_PRIVATE = 2, PMI_SHARED = 4 };

/* One process's memory. Bytes. A value whose bit in `known` is unset is not available, and is 0. */
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

/* Values with their public names, in the order in which they are shown. Unavailable ones are left out. */
typedef struct pmi_values {
  size_t count;
  pmi_value items[PMI_MAX_VALUES];
} pmi_values;

/*
 * The exact cost of a process. Values, of which "footprint" is always present:
 *   uss        unique set size: what would be freed if the process exited now
 *   pss        proportional set size: a page that n processes map counts 1/n
 *   swap       swapped out
 *   swapPss    swapped out, a page that n processes share counting 1/n
 *   hugetlb    Linux: huge pages of hugetlbfs
 *   footprint  the one figure that may be added up over processes
 */
typedef struct pmi_footprint {
  pmi_values values;
  const char *method;  /* static storage; the source, such as "smaps_rollup" */
  uint64_t memory_key; /* for the platform: only processes with equal keys can share an address space; 0 if unknown */
} pmi_footprint;

typedef struct pmi_process {
  uint32_t pid;
  uint32_t ppid;
  uint64_t creation_time_ms; /* since the Unix epoch; identifies the process together with the pid */
  size_t name_offset;        /* into pmi_tree.names */
  size_t name_length;        /* bytes; usually UTF-8, but chosen by the process */
  bool alive;                /* false for a zombie, and for a process that is exiting */
  bool forked;               /* Linux: has executed no program since it was forked, or had not when it was measured */
  pmi_memory memory;
  size_t footprint;            /* 1 + its index in pmi_tree.footprints; 0 if it has none: see pmi_tree_footprint() */
  pmi_code footprint_code;     /* why it is an estimate, or may count memory twice; PMI_OK if it is exact */
  uint32_t shares_memory_with; /* pid of an earlier process that counts the same address space; 0 if none does */
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
  char *names; /* all names, concatenated without terminators */
  size_t names_length;
  size_t names_capacity;
  pmi_footprint *footprints; /* in any order; processes refer to them by index */
  size_t footprints_count;
  size_t footprints_capacity;
} pmi_tree;

/* Stays bound to one process, even if its pid is reused. May be used from several threads at once. */
typedef struct pmi_handle pmi_handle;

enum { PMI_SOURCE_SIZE = 4096 };

/*
 * The tightest memory limit on a process. Values, all absent if nothing limits the process:
 *   limit              beyond this the group is out of memory; not listed if only `high` is set, or where the OS
 *                      tells what is available and not what the limit is
 *   high               beyond this the group is slowed down and reclaimed from; may be more than `limit`
 *   usage              as the OS charges it to the group that has the limit, file cache included
 *   usageWithoutCache  without the cache that the OS would drop first
 *   available          the least that is left of any of the limits on the process, cache not counted
 *
 * Limit, usage and available memory belong to a group of processes, such as a container, and are shared by all of them.
 * The limit is returned as set, even if it exceeds the memory of the machine.
 */
typedef struct pmi_limit {
  pmi_values values;
  bool complete;                /* everything visible to the caller that may limit the process was read */
  char source[PMI_SOURCE_SIZE]; /* the file that contains the limit; empty if there is no file */
} pmi_limit;

/* ---- Given by each platform ---- */

/*
 * Reads the memory of one process. Fails with ESRCH if the process has exited or the id is not that of a process (such
 * as a thread id), and with EPERM or EACCES if the OS refuses. A zombie has no memory: its sizes are known and 0. So
 * are those of a kernel thread of Linux; for a kernel process FreeBSD counts its stacks.
 */
pmi_code pmi_read_memory(uint32_t pid, pmi_memory *out, pmi_error *error);

/* Processes of a batch that could not be read. Starts as {0}; the caller frees `items`. */
typedef struct pmi_failure {
  size_t index; /* of the pid in the batch */
  pmi_error error;
} pmi_failure;

typedef struct pmi_failures {
  pmi_failure *items;
  size_t count;
  size_t capacity;
} pmi_failures;

/*
 * Reads several processes as pmi_read_memory() does: out[i] is the result for pids[i], or zeros if that is in
 * `failures`. The list of all processes is read at most once. Fails as a whole only with ENOMEM.
 */
pmi_code pmi_read_memories(const uint32_t *pids, size_t count, pmi_memory *out, pmi_failures *failures,
                           pmi_error *error);

/*
 * Reads a process and all its descendants, in pre-order: the root first, each parent before its children, siblings by
 * age. A process that exits meanwhile is left out; one that the OS refuses to show is listed in `unreadable`. Fails as
 * pmi_read_memory() does if the root cannot be read, and with ENOMEM, EMFILE or ENFILE if resources run out. The caller
 * frees `out` with pmi_tree_free().
 *
 * With PMI_TREE_FOOTPRINT the footprint of each process is read, too. If the OS refuses it, it is estimated from other
 * counters, and footprint_code is the reason. A shared address space is counted by the first process that has it.
 */
enum { PMI_TREE_FOOTPRINT = 1 };
pmi_code pmi_read_tree(uint32_t root, uint32_t options, pmi_tree *out, pmi_error *error);

/*
 * Reads the trees of several roots in one pass; roots may be in each other's trees, and may be repeated. For each root,
 * either trees[i] is the result of pmi_read_tree() and errors[i].code is PMI_OK, or trees[i] is unchanged and errors[i]
 * is the reason why the root could not be read. `trees` start as {0}; the caller frees each.
 *
 * Fails as a whole, without any tree, if resources run out (ENOMEM, EMFILE or ENFILE) or processes cannot be listed.
 */
pmi_code pmi_read_trees(const uint32_t *roots, size_t count, uint32_t options, pmi_tree *trees, pmi_error *errors,
                        pmi_error *error);

/*
 * Reads every process visible to the caller, in ascending order of pid, kernel threads and zombies included; otherwise
 * as pmi_read_tree().
 */
pmi_code pmi_read_all(uint32_t options, pmi_tree *out, pmi_error *error);

/* Reads the memory counters of one process, named as on the OS. Fails as pmi_read_memory() does. */
pmi_code pmi_read_counters(uint32_t pid, pmi_values *out, pmi_error *error);

/*
 * Reads the exact cost of one process. Expensive: the OS walks the pages of the process, and may block the process
 * meanwhile. Fails as pmi_read_memory() does, but needs more rights.
 */
pmi_code pmi_read_footprint(uint32_t pid, pmi_footprint *out, pmi_error *error);

/*
 * Reads the memory of the whole machine. Values, of which "total" and "free" are always present:
 *   available                what could be had without swapping
 *   swapTotal, swapFree      swap space, where the OS has it apart from memory
 *   fileBacked, purgeable    what macOS calls so
 *   commitLimit, commitUsed  Windows: what may be committed, memory and page files together, and what is
 */
pmi_code pmi_read_system(pmi_values *out, pmi_error *error);

/* Opens a process, to be read repeatedly. Fails as pmi_read_memory() does. The caller closes it. */
pmi_code pmi_open_handle(uint32_t pid, pmi_handle **out, pmi_error *error);
void pmi_close_handle(pmi_handle *handle);

uint32_t pmi_handle_pid(const pmi_handle *handle);
uint64_t pmi_handle_creation_time_ms(const pmi_handle *handle);

/* Sets *alive, to false for a zombie. Does not fail once the process has exited. */
pmi_code pmi_handle_is_alive(const pmi_handle *handle, bool *alive, pmi_error *error);

/* As the functions above. Fail with ESRCH once the process has exited, even if its pid is reused. */
pmi_code pmi_handle_read_memory(const pmi_handle *handle, pmi_memory *out, pmi_error *error);
pmi_code pmi_handle_read_counters(const pmi_handle *handle, pmi_values *out, pmi_error *error);
pmi_code pmi_handle_read_footprint(const pmi_handle *handle, pmi_footprint *out, pmi_error *error);

/*
 * Reads the tightest memory limit on a process. Fails with ESRCH as pmi_read_memory() does.
 *
 * Reports no limit only if everything that could set one was read. Otherwise fails with EPERM or EACCES if the OS
 * refuses to show a possible limit, with ENOSYS if it is not visible to the caller (in a sandbox without these files,
 * above the only group that is mounted, or for a process of another container), and with EIO if it cannot be parsed. If
 * a limit was found nevertheless, it is returned with `complete` false, since a tighter one may exist. Limits above the
 * caller's view, such as those of the host on the caller's container, are included only as far as the OS shows them
 * inside.
 */
pmi_code pmi_read_limit(uint32_t pid, pmi_limit *out, pmi_error *error);

/* ---- error.c ---- */

/* "ESRCH" for PMI_ESRCH, and so on. Static storage. */
const char *pmi_code_name(pmi_code code);

/* True if the caller or the system ran out of a resource, which says nothing about the process being read. */
bool pmi_is_shortage(pmi_code code);

/* Fills `error` and returns its code. `path` may be NULL. */
pmi_code pmi_fail(pmi_error *error, pmi_code code, int64_t os_error, const char *syscall, const char *path);

/* Likewise for a call that sets errno: the code follows from `os_error`. */
pmi_code pmi_fail_errno(pmi_error *error, int os_error, const char *syscall, const char *path);

/* Fills `error` for an allocation that failed. */
pmi_code pmi_fail_nomem(pmi_error *error);

/* ---- collections.c ---- */

/*
 * Makes room for `needed` items of `item_size` bytes in the array at *items, by doubling. False, with the array
 * unchanged, if memory ran out or the size would overflow.
 */
bool pmi_grow(void *items, size_t *capacity, size_t needed, size_t item_size);

/* The same for an array that is filled anew: its items are not copied, and if there is no room, it is empty. */
bool pmi_renew(void *items, size_t *capacity, size_t needed, size_t item_size);

/* The index of the first number that is not below `least`, of `count` in ascending order, `stride` bytes apart. */
size_t pmi_lower_bound(const uint32_t *first, size_t count, size_t stride, uint32_t least);

/* Adds a failure. `why` and `error` may be the same. On ENOMEM the list is unchanged. */
pmi_code pmi_failures_add(pmi_failures *failures, size_t index, const pmi_error *why, pmi_error *error);

/* Adds a value to the list. */
void pmi_values_add(pmi_values *values, const char *name, pmi_unit unit, uint64_t value);

/*
 * Adds a process, with a copy of the name. On ENOMEM the tree is unchanged. The name fields of `process` are ignored.
 */
pmi_code pmi_tree_add(pmi_tree *tree, const pmi_process *process, const char *name, size_t name_length,
                      pmi_error *error);

/* Renames a process of the tree. The name is copied. */
pmi_code pmi_tree_rename(pmi_tree *tree, pmi_process *process, const char *name, size_t name_length, pmi_error *error);

/* Adds a process that could not be read, and why; likewise. */
pmi_code pmi_tree_add_unreadable(pmi_tree *tree, uint32_t pid, const pmi_error *why, pmi_error *error);

/* A footprint with a single value. */
pmi_footprint pmi_footprint_of(uint64_t bytes, const char *method);

/* Adds a footprint and sets the reference of `process`, which need not be in the tree yet. */
pmi_code pmi_tree_add_footprint(pmi_tree *tree, pmi_process *process, const pmi_footprint *footprint, pmi_error *error);

/* The footprint of a process in the tree, or NULL. */
const pmi_footprint *pmi_tree_footprint(const pmi_tree *tree, const pmi_process *process);

/* Adds a process of another tree, with its name and footprint. */
pmi_code pmi_tree_copy(pmi_tree *tree, const pmi_tree *from, const pmi_process *process, pmi_error *error);

void pmi_tree_free(pmi_tree *tree);

/* Moves a tree to `out` if `code` is PMI_OK, and frees it otherwise. Returns the code. */
pmi_code pmi_tree_finish(pmi_tree *tree, pmi_code code, pmi_tree *out);

/* ---- one_tree.c ---- */

/* As pmi_read_tree(), for the process of the handle. Fails with ESRCH once it has exited, even if its pid is reused. */
pmi_code pmi_handle_read_tree(const pmi_handle *handle, uint32_t options, pmi_tree *out, pmi_error *error);

/* ---- tree.c ---- */

/*
 * For creation times of a clock that may be set back: decides on a process that seems older than its parent. *is_child
 * is false initially. An error ends the selection.
 */
typedef pmi_code pmi_tree_judge(const pmi_process *child, const pmi_process *parent, bool *is_child, pmi_error *error);

/*
 * Keeps the root and its descendants, in pre-order, and drops the other processes. A process older than its parent is
 * excluded, unless there is a judge: the pid of its real parent was reused. A creation time of 0 is unknown and
 * excludes nothing. Fails with ESRCH, with `listed_by` as the call, if the root is missing. Accepts any order and
 * cycles, and does not recurse.
 */
pmi_code pmi_tree_select(pmi_tree *tree, uint32_t root, const char *listed_by, pmi_tree_judge *judge, pmi_error *error);

/*
 * Selects the trees of several roots from one list, by the same rules. Starts as {0}; ends with pmi_forest_free(). The
 * list remains owned by the caller; it is sorted, and must not gain or lose processes meanwhile.
 */
typedef struct pmi_forest {
  const pmi_tree *list;
  struct pmi_pid_at *by_pid; /* the index of each pid in the list */
  size_t *seen;              /* the last walk that reached each process */
  size_t *pending;           /* the stack of a walk */
  size_t *chosen;            /* the result of the last walk: indices into list->processes, in pre-order */
  size_t walks;
  pmi_tree_judge *judge; /* NULL: creation times decide */
} pmi_forest;

pmi_code pmi_forest_init(pmi_forest *forest, pmi_tree *list, pmi_error *error);
void pmi_forest_free(pmi_forest *forest);

/* Writes the root and its descendants to forest->chosen. *count is 0 if the root is not in the list. */
pmi_code pmi_forest_walk(pmi_forest *forest, uint32_t root, size_t *count, pmi_error *error);

/* The index in the list of the nth process by ascending pid. */
size_t pmi_forest_nth(const pmi_forest *forest, size_t n);

#ifdef __cplusplus
}
#endif

#endif
