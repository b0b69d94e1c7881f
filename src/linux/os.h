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

/* The contents of a file. Small ones need no allocation. Ends with pmi_text_free(), also if it could not be read. */
typedef struct pmi_text {
  char *bytes;
  size_t length;
  size_t capacity;
  char fixed[4096];
} pmi_text;

void pmi_text_init(pmi_text *text);
void pmi_text_free(pmi_text *text);

/*
 * The directory that a path begins with, held open, so that only the rest of the path is looked up. `length` is that of
 * its path, with the slash; {0} if none is held. That of /proc/PID stays bound to its process, even if the pid is
 * reused.
 */
typedef struct pmi_base {
  int fd;
  size_t length;
} pmi_base;

/* Opens a directory, whose path ends with a slash, to be held. pmi_let_go() closes it, if it is. */
pmi_code pmi_hold(const char *path, pmi_base *out, pmi_error *error);
void pmi_let_go(pmi_base *base);

/* Opens `path` for reading; `flags` are added to O_RDONLY | O_CLOEXEC. */
pmi_code pmi_open(pmi_base base, const char *path, int flags, int *out, pmi_error *error);

/* Closes a descriptor that was opened for reading, so the result does not matter. */
void pmi_close(int fd);

enum { PMI_CLOSING_MAX = 12 };

/*
 * Descriptors that are done with, in ascending order: a single call closes consecutive ones. Starts as {0}, ends with
 * pmi_close_together().
 */
typedef struct pmi_closing {
  int fds[PMI_CLOSING_MAX];
  size_t count;
} pmi_closing;

/* Closes a descriptor: later, together with others, or at once if `closing` is NULL. */
void pmi_close_with(pmi_closing *closing, int fd);
void pmi_close_together(pmi_closing *closing);

/* Writes "/proc/PID/<name>", or "/proc/PID/task/TID/<name>" if `tid` is not 0. */
void pmi_process_path(char path[PMI_PROC_PATH], uint32_t pid, uint32_t tid, const char *name);

/*
 * True also if access is denied: opening the file reports that. Checks the effective user as open(2) does; access(2)
 * would check the real user.
 */
bool pmi_file_exists(const char *path);

/*
 * Parses what it needs from a text. False while the text is incomplete; true saves the read that would find the end of
 * file.
 */
typedef bool (*pmi_reader)(const char *bytes, size_t length, void *out);

/*
 * Reads an open file from its beginning: until `reader` succeeds, which writes to `out`, or to the end of file if
 * `reader` is NULL. Fails with EIO if it never succeeds. It parses what a single read returned, so that all of it is
 * from one moment, unless reads are short. `text` is initialized; `path` is only for the error.
 */
pmi_code pmi_read(int fd, const char *path, pmi_reader reader, void *out, pmi_text *text, pmi_error *error);

/* Opens a file, reads all of it into a new text, and closes it. */
pmi_code pmi_slurp(const char *path, pmi_text *text, pmi_error *error);

/* Calls `each` for every entry of a directory, until it fails. */
typedef pmi_code (*pmi_each)(const char *name, bool may_be_directory, void *to, pmi_error *error);
pmi_code pmi_list(pmi_base base, const char *path, pmi_each each, void *to, pmi_error *error);

/* Adds every entry whose name is a number. */
pmi_code pmi_list_ids(pmi_base base, const char *path, pmi_ids *out, pmi_error *error);

/*
 * Boot time in seconds since the epoch, by the clock at the first call. It stays the same from then on, in all threads
 * and forked processes, so that creation times do not change when the clock is set.
 */
int64_t pmi_boot_time(void);

#endif
