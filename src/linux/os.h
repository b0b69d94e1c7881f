/*
 * The system calls on Linux: opening, reading and listing below /proc, with descriptors that close on exec and every
 * error named after its call. ENOENT and ESRCH are both "no such process" there.
 */
#ifndef PMI_LINUX_OS_H
#define PMI_LINUX_OS_H

#include "ids.h"

#include <stdbool.h>

/* Tests build the platform over a directory of their own. */
#ifndef PMI_PROC
#define PMI_PROC "/proc"
#endif

/* Room for "/proc/4294967295/task/4294967295/children" over any PMI_PROC of reasonable length. */
enum { PMI_PROC_PATH = 112 };

/* A file's text. Small ones need no allocation. Starts as pmi_text_init() leaves it, ends with pmi_text_free(). */
typedef struct pmi_text {
  char *bytes;
  size_t length;
  size_t capacity;
  char fixed[4096];
} pmi_text;

void pmi_text_init(pmi_text *text);
void pmi_text_free(pmi_text *text);

/*
 * Takes what it needs out of a text. False while the text does not hold all of that; true saves the read that would
 * find the end of file.
 */
typedef bool (*pmi_reader)(const char *bytes, size_t length, void *out);

/*
 * Opens `path` for reading; `flags` are added to O_RDONLY | O_CLOEXEC. `dir` is AT_FDCWD, or a descriptor of the
 * /proc/PID that `path` begins with: then only the rest of `path` is looked up, below it. Such a descriptor stays with
 * that one process, whoever bears the pid later.
 */
pmi_code pmi_open(int dir, const char *path, int flags, int *out, pmi_error *error);

/* Writes "/proc/PID/<name>"; or "/proc/PID/task/TID/<name>". */
void pmi_process_path(char path[PMI_PROC_PATH], uint32_t pid, const char *name);
void pmi_thread_path(char path[PMI_PROC_PATH], uint32_t pid, uint32_t tid, const char *name);

/* Opens the directory of a process, for pmi_open() to look below. */
pmi_code pmi_open_process_dir(uint32_t pid, int *out, pmi_error *error);

/*
 * True also where the system will not say, which is for opening the file to find out. Goes by the rights that opening
 * goes by; access(2) goes by those of the real user instead.
 */
bool pmi_file_exists(const char *path);

/* Closes a descriptor that was opened for reading: there is nothing to learn from the result. */
void pmi_close(int fd);

/*
 * Reads from `fd` to the end of file; or until `reader` (may be NULL) has what it needs, in `out`. EIO if it does not
 * find that. `path` is for the error only.
 */
pmi_code pmi_read_whole(int fd, const char *path, pmi_reader reader, void *out, pmi_text *text, pmi_error *error);

/*
 * Reads an open file of /proc from its beginning, in one read, so that all of it is of one rendering. EIO if `reader`
 * does not find there what it needs. Which file it is the error does not say.
 */
pmi_code pmi_reread(int fd, pmi_reader reader, void *out, pmi_text *text, pmi_error *error);

/* Opens as pmi_open() does, reads as pmi_read_whole() does, and closes. */
pmi_code pmi_slurp(int dir, const char *path, pmi_reader reader, void *out, pmi_text *text, pmi_error *error);

/* Adds every entry of the directory at `path`, opened as by pmi_open(), whose name is a number. */
pmi_code pmi_list_ids(int dir, const char *path, pmi_ids *out, pmi_error *error);

/*
 * When the machine was booted, in seconds since the epoch, as the clock says when this is first asked. It stays the
 * same from then on, in all threads and in what they fork(2), so that a process keeps its creation time when the clock
 * is set.
 */
int64_t pmi_boot_time(void);

#endif
