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
  int dir; /* AT_FDCWD, or a descriptor of /proc/PID, as pmi_open() takes it */
  uint32_t pid;
  uint32_t tid; /* 0 for the process's own directory */
} pmi_proc_dir;

/* Reads one of its files, as pmi_slurp() does. The caller frees `text`, also after a failure. */
pmi_code pmi_read_file(const pmi_proc_dir *proc, const char *name, pmi_reader reader, void *out, pmi_text *text,
                       pmi_error *error);

/* Fills `error` for a file that cannot be parsed. */
pmi_code pmi_unintelligible(const pmi_proc_dir *proc, const char *name, pmi_error *error);

/* Parsers of a status: of all of it; or, for a process that has memory, of a part. See parse.h. */
bool pmi_parse_whole_status(const char *bytes, size_t length, void *out);
bool pmi_parse_status_memory(const char *bytes, size_t length, void *out);
bool pmi_parse_status_member(const char *bytes, size_t length, void *out); /* memory and the number of threads */
bool pmi_parse_status_parent(const char *bytes, size_t length, void *out);

/*
 * Reads the status of the main thread from `fd`, or opens it if that is -1. Fails with ESRCH if the id is not that of a
 * process. The text is read from its beginning, by one of the above parsers.
 */
pmi_code pmi_read_main_status(int fd, const pmi_proc_dir *proc, pmi_reader reader, pmi_status *out, pmi_error *error);

/*
 * Likewise, but if the main thread has exited, proc->tid is set to a live thread, whose status is returned. A process
 * with several threads of which none has memory is exiting.
 */
pmi_code pmi_read_open_status(int fd, pmi_proc_dir *proc, pmi_reader reader, pmi_status *out, pmi_error *error);
pmi_code pmi_read_status(pmi_proc_dir *proc, pmi_status *out, pmi_error *error);

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
 * Reads /proc/PID/stat. `text` contains the bytes that the name points to; the caller frees it, also after a failure.
 */
pmi_code pmi_read_stat(const pmi_proc_dir *proc, pmi_text *text, pmi_stat *out, pmi_error *error);

/*
 * A descriptor of `stat` is bound to its process: once that has exited, reading fails with ESRCH, even if the pid is
 * reused. So everything read of the pid between opening and reading `stat` belongs to that process.
 */
pmi_code pmi_open_stat(uint32_t pid, int *out, pmi_error *error);
pmi_code pmi_read_open_stat(int fd, uint32_t pid, pmi_text *text, pmi_stat *out, pmi_error *error);

/* Whether a process has the name that Node.js 23 and later give to their main thread. */
bool pmi_is_named_as_thread(const pmi_stat *stat);

enum { PMI_NAME_SIZE = 16 /* of names in the kernel, with the terminator */ };

/* Reads the name of the program that a process runs; empty if unknown. Fails only if resources run out. */
pmi_code pmi_read_program_name(uint32_t pid, char name[PMI_NAME_SIZE], pmi_error *error);

/*
 * Reads the ids of the children of a thread. With `first` in a single read, which may return only some of them, but at
 * least one if there is any.
 */
pmi_code pmi_read_children(const pmi_proc_dir *thread, bool first, pmi_text *text, pmi_error *error);

/* Converts a start time of /proc/PID/stat to milliseconds since the epoch. */
uint64_t pmi_creation_time_ms(uint64_t start_ticks);

/* Sizes of more than 64 bits, which no kernel reports, become the maximum. */
uint64_t pmi_bytes_of_kib(uint64_t kib);
uint64_t pmi_bytes_of_pages(uint64_t pages);

/*
 * As the functions in pmi.h. `status_fd` is a descriptor of the status, or -1 to open it; `status` is set by `reader`.
 */
pmi_code pmi_memory_at(int status_fd, pmi_proc_dir *proc, pmi_reader reader, pmi_status *status, pmi_memory *out,
                       pmi_error *error);
pmi_code pmi_counters_at(pmi_proc_dir *proc, pmi_values *out, pmi_error *error);
pmi_code pmi_footprint_at(pmi_proc_dir *proc, pmi_footprint *out, pmi_error *error);

/*
 * Finds the processes with footprints that share an address space (address_space.c). Sets shares_memory_with, or
 * footprint_code if the kernel refuses to compare likely candidates.
 */
pmi_code pmi_find_shared_memory(pmi_tree *tree, pmi_error *error);

#endif
