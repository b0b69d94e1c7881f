/*
 * What the files of this folder share about one process.
 */
#ifndef PMI_LINUX_PROCESS_H
#define PMI_LINUX_PROCESS_H

#include "os.h"
#include "parse.h"

/*
 * The directory where a process is read: usually its own. If its main thread has exited, only the directories of its
 * other threads show its memory.
 */
typedef struct pmi_proc_dir {
  pmi_base base;        /* of its path: nothing, /proc/, or /proc/PID/ */
  pmi_closing *closing; /* where to collect the descriptors that are done with; NULL to close each at once */
  uint32_t pid;
  uint32_t tid; /* 0 for the process's own directory */
} pmi_proc_dir;

/* Opens the directory of a process, to which `out` is then bound: the caller lets its base go, also after a failure. */
pmi_code pmi_bind(uint32_t pid, pmi_proc_dir *out, pmi_error *error);

static inline bool pmi_is_bound(const pmi_proc_dir *proc) { return proc->base.length > sizeof PMI_PROC; }

pmi_code pmi_open_file(const pmi_proc_dir *proc, const char *name, int *out, pmi_error *error);

/*
 * Reads one of its files, as pmi_read() does, from `fd`, or opens it if that is -1. `text` is a new one for a caller
 * that needs it, and frees it, also after a failure; or NULL.
 */
pmi_code pmi_read_file(int fd, const pmi_proc_dir *proc, const char *name, pmi_reader reader, void *out, pmi_text *text,
                       pmi_error *error);

/* Fills `error` for a file that cannot be parsed. */
pmi_code pmi_unintelligible(const pmi_proc_dir *proc, const char *name, pmi_error *error);

/*
 * Reads the status of a thread, which is the main one if no other is named, from `fd`, or opens it if that is -1. Sets
 * what is `wanted`: see parse.h. Fails with ESRCH if the id is not that of a process.
 */
pmi_code pmi_read_thread_status(int fd, const pmi_proc_dir *proc, unsigned wanted, pmi_status *out, pmi_error *error);

/*
 * Likewise, but if the main thread has exited, proc->tid is set to a live thread, whose status is returned. A process
 * with several threads of which none has memory is exiting.
 */
pmi_code pmi_read_status(int fd, pmi_proc_dir *proc, unsigned wanted, pmi_status *out, pmi_error *error);

/* Whether a process, read by the above, is neither a zombie nor exiting. */
bool pmi_is_alive(const pmi_status *status);

/*
 * True if a read failed because the thread proc->tid exited, while other threads may still run: the caller tries again,
 * in the directory of the process. *attempts counts down.
 */
bool pmi_lost_thread(pmi_proc_dir *proc, pmi_code code, int *attempts);
enum { PMI_THREAD_ATTEMPTS = 64 };

/* Reads statm from `fd`, or opens it if that is -1. */
pmi_code pmi_read_statm(int fd, const pmi_proc_dir *proc, pmi_statm *out, pmi_error *error);

/*
 * Reads stat likewise. Its descriptor is bound to its process: once that has exited, reading fails with ESRCH, even if
 * the pid is reused. So everything read of the pid between opening and reading it belongs to that process.
 */
pmi_code pmi_read_stat(int fd, const pmi_proc_dir *proc, pmi_stat *out, pmi_error *error);

/* Whether a process has the name that Node.js 23 and later give to their main thread. */
bool pmi_is_named_as_thread(const pmi_stat *stat);

enum { PMI_NAME_SIZE = 16 /* of names in the kernel, with the terminator */ };

/* Reads the name of the program that a process runs; empty if unknown. Fails only if resources run out. */
pmi_code pmi_read_program_name(uint32_t pid, char name[PMI_NAME_SIZE], pmi_error *error);

/* Converts a start time of /proc/PID/stat to milliseconds since the epoch. */
uint64_t pmi_creation_time_ms(uint64_t start_ticks);

/* Sizes of more than 64 bits, which no kernel reports, become the maximum. */
uint64_t pmi_bytes_of_kib(uint64_t kib);
uint64_t pmi_bytes_of_pages(uint64_t pages);

/*
 * As the functions in pmi.h. `status_fd` is a descriptor of the status, or -1 to open it. Sets what is `wanted` of
 * `status`, besides the memory.
 */
pmi_code pmi_memory_at(int status_fd, pmi_proc_dir *proc, unsigned wanted, pmi_status *status, pmi_memory *out,
                       pmi_error *error);
pmi_code pmi_counters_at(pmi_proc_dir *proc, pmi_values *out, pmi_error *error);
pmi_code pmi_footprint_at(pmi_proc_dir *proc, pmi_footprint *out, pmi_error *error);

/*
 * Finds the processes with footprints that share an address space (address_space.c). Sets shares_memory_with, or
 * footprint_code if the kernel refuses to compare likely candidates.
 */
pmi_code pmi_find_shared_memory(pmi_tree *tree, pmi_error *error);

#endif
