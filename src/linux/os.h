/*
 * The system calls on Linux: opening, reading and listing files below /proc, with descriptors that close on exec and
 * errors that name the call. There, both ENOENT and ESRCH mean "no such process".
 */
#ifndef PMI_LINUX_OS_H
#define PMI_LINUX_OS_H

#include "ids.h"

#include <stdbool.h>

/* Tests build the platform with a directory of their own. */
#ifndef PMI_PROC
#define PMI_PROC "/proc"
#endif

/* Room for "/proc/4294967295/task/4294967295/children" over any PMI_PROC of reasonable length. */
enum { PMI_PROC_PATH = 112 };

/* The contents of a file. Small ones need no allocation. Starts with pmi_text_init(), ends with pmi_text_free(). */
typedef struct pmi_text {
  char *bytes;
  size_t length;
  size_t capacity;
  char fixed[4096];
} pmi_text;

void pmi_text_init(pmi_text *text);
void pmi_text_free(pmi_text *text);

/*
 * Parses what it needs from a text. False while the text is incomplete; true saves the read that would find the end of
 * file.
 */
typedef bool (*pmi_reader)(const char *bytes, size_t length, void *out);

/*
 * Opens `path` for reading; `flags` are added to O_RDONLY | O_CLOEXEC. `dir` is AT_FDCWD, or a descriptor of the
 * /proc/PID that `path` begins with: then only the rest of `path` is looked up, relative to it. Such a descriptor stays
 * bound to that process, even if the pid is reused.
 */
pmi_code pmi_open(int dir, const char *path, int flags, int *out, pmi_error *error);

/* Writes "/proc/PID/<name>"; or "/proc/PID/task/TID/<name>". */
void pmi_process_path(char path[PMI_PROC_PATH], uint32_t pid, const char *name);
void pmi_thread_path(char path[PMI_PROC_PATH], uint32_t pid, uint32_t tid, const char *name);

/* Opens the directory of a process, for use as `dir` of pmi_open(). */
pmi_code pmi_open_process_dir(uint32_t pid, int *out, pmi_error *error);

/*
 * True also if access is denied: opening the file reports that. Checks the effective user as open(2) does; access(2)
 * would check the real user.
 */
bool pmi_file_exists(const char *path);

/* Closes a descriptor that was opened for reading, so the result does not matter. */
void pmi_close(int fd);

/*
 * Reads `fd` to the end of file, or until `reader` (may be NULL) succeeds, which writes to `out`. Fails with EIO if it
 * never does. `path` is only for the error.
 */
pmi_code pmi_read_whole(int fd, const char *path, pmi_reader reader, void *out, pmi_text *text, pmi_error *error);

/*
 * Reads an open file of /proc from its beginning, in one call, so that all of it is from one moment. Fails with EIO if
 * `reader` does. The error has no path.
 */
pmi_code pmi_reread(int fd, pmi_reader reader, void *out, pmi_text *text, pmi_error *error);

/* Opens as pmi_open() does, reads as pmi_read_whole() does, and closes. */
pmi_code pmi_slurp(int dir, const char *path, pmi_reader reader, void *out, pmi_text *text, pmi_error *error);

/* Adds every entry of the directory at `path`, opened as by pmi_open(), whose name is a number. */
pmi_code pmi_list_ids(int dir, const char *path, pmi_ids *out, pmi_error *error);

/*
 * Boot time in seconds since the epoch, by the clock at the first call. It stays the same from then on, in all threads
 * and forked processes, so that creation times do not change when the clock is set.
 */
int64_t pmi_boot_time(void);

#endif
