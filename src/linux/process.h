/*
 * What the files of this folder share about one process.
 */
#ifndef PMI_LINUX_PROCESS_H
#define PMI_LINUX_PROCESS_H

#include "os.h"
#include "parse.h"

/*
 * Where a process is read. Mostly in its own directory; one whose main thread has exited shows its memory only in the
 * directories of its other threads.
 */
typedef struct pmi_proc_dir {
  int dir; /* AT_FDCWD, or a descriptor of /proc/PID, as pmi_open() takes it */
  uint32_t pid;
  uint32_t tid; /* 0 for the process's own directory */
} pmi_proc_dir;

/* Reads one of its files, as pmi_slurp() does. The caller frees `text`, after a failure too. */
pmi_code pmi_read_file(const pmi_proc_dir *proc, const char *name, pmi_reader reader, void *out, pmi_text *text,
                       pmi_error *error);

/* Fills `error` for a file whose text is not what it should be. */
pmi_code pmi_unintelligible(const pmi_proc_dir *proc, const char *name, pmi_error *error);

/* Readers of a status: all of it; or, of a process that has memory, no more than is asked for. See parse.h. */
bool pmi_parse_whole_status(const char *bytes, size_t length, void *out);
bool pmi_parse_status_memory(const char *bytes, size_t length, void *out);
bool pmi_parse_status_member(const char *bytes, size_t length, void *out); /* memory and the number of threads */
bool pmi_parse_status_parent(const char *bytes, size_t length, void *out);

/*
 * Reads the status of the main thread, by a descriptor of it, or, if that is -1, anew. ESRCH if it is no process's. The
 * text is always read from its beginning, by one of the above.
 */
pmi_code pmi_read_main_status(int fd, const pmi_proc_dir *proc, pmi_reader reader, pmi_status *out, pmi_error *error);

/*
 * Likewise, but if the main thread has exited, proc->tid becomes that of a thread which lives, and the status is that
 * one's. A process of several threads of which none has memory is dying.
 */
pmi_code pmi_read_open_status(int fd, pmi_proc_dir *proc, pmi_reader reader, pmi_status *out, pmi_error *error);
pmi_code pmi_read_status(pmi_proc_dir *proc, pmi_status *out, pmi_error *error);

/* Whether a process runs, or may: one that was read by the above, and is neither a zombie nor dying. */
bool pmi_is_alive(const pmi_status *status);

/*
 * True if a question failed because the thread in proc->tid exited, while the process may live on in others: it can be
 * asked again, from the process's own directory. *attempts counts down.
 */
bool pmi_lost_thread(pmi_proc_dir *proc, pmi_code code, int *attempts);
enum { PMI_THREAD_ATTEMPTS = 64 };

/* From a descriptor of the process's statm, or -1 to open it anew. */
pmi_code pmi_read_statm(int fd, const pmi_proc_dir *proc, pmi_statm *out, pmi_error *error);

/* Reads /proc/PID/stat. `text` keeps the bytes that the name points into; the caller frees it, after a failure too. */
pmi_code pmi_read_stat(const pmi_proc_dir *proc, pmi_text *text, pmi_stat *out, pmi_error *error);

/*
 * A descriptor of the stat of a process is that process's: once it is gone, reading fails with ESRCH, whoever has the
 * pid then. What was read of the pid between opening and reading it is of that one process, too.
 */
pmi_code pmi_open_stat(uint32_t pid, int *out, pmi_error *error);
pmi_code pmi_read_open_stat(int fd, uint32_t pid, pmi_text *text, pmi_stat *out, pmi_error *error);

/* Whether a process has the name that Node.js 23 and later give their main thread, instead of its program's. */
bool pmi_is_named_as_thread(const pmi_stat *stat);

enum { PMI_NAME_SIZE = 16 /* of the kernel's names, with the terminator */ };

/* Reads the name of the program that a process runs; empty where that cannot be known. Fails in a shortage only. */
pmi_code pmi_read_program_name(uint32_t pid, char name[PMI_NAME_SIZE], pmi_error *error);

/*
 * Reads the ids of the children of a thread. With `first` by one read only, which may not give all of them, but always
 * one if there is any.
 */
pmi_code pmi_read_children(const pmi_proc_dir *thread, bool first, pmi_text *text, pmi_error *error);

/* A start time as /proc/PID/stat gives it, in milliseconds since the epoch. */
uint64_t pmi_creation_time_ms(uint64_t start_ticks);

/* Sizes beyond 64 bits of bytes, which no kernel means, become the largest there is. */
uint64_t pmi_bytes_of_kib(uint64_t kib);
uint64_t pmi_bytes_of_pages(uint64_t pages);

/*
 * As their namesakes in pmi.h. `status_fd` is a descriptor of the process's status, or -1 to open it anew; `status` is
 * what `reader` took of it.
 */
pmi_code pmi_memory_at(int status_fd, pmi_proc_dir *proc, pmi_reader reader, pmi_status *status, pmi_memory *out,
                       pmi_error *error);
pmi_code pmi_counters_at(pmi_proc_dir *proc, pmi_values *out, pmi_error *error);
pmi_code pmi_footprint_at(pmi_proc_dir *proc, pmi_footprint *out, pmi_error *error);

/*
 * Finds the processes of a tree, whose footprints were read, that share an address space (address_space.c): sets their
 * shares_memory_with, or their footprint_code where the kernel refuses to compare those that may.
 */
pmi_code pmi_find_shared_memory(pmi_tree *tree, pmi_error *error);

#endif
