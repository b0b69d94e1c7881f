#include "faults.h"
#include "check.h"

#include "scene.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

enum { CLOSE_RANGE = 436 };

static fault_kind armed;
static int calls_left;
static int failing_errno;
static bool fired;
static bool lasting;
static size_t most_per_read;
static const char *refused_suffix;
static int refused_errno;
static void (*before_open)(const char *path);

void fault_arm(fault_kind kind, int skip, int os_error) {
  armed = kind;
  calls_left = skip;
  failing_errno = os_error;
  fired = false;
  lasting = false;
}

void fault_short_reads(int bytes) { most_per_read = (size_t)bytes; }

void fault_open(const char *suffix, int os_error) {
  refused_suffix = suffix;
  refused_errno = os_error;
}

void fault_before_open(void (*act)(const char *path)) { before_open = act; }

bool fault_disarm(void) {
  armed = FAULT_NONE;
  before_open = NULL;
  refused_suffix = NULL;
  most_per_read = 0;
  return fired;
}

static bool fails(fault_kind kind) {
  if (armed != kind || (fired && !lasting) || (!fired && calls_left-- > 0))
    return false;
  fired = true;
  errno = failing_errno;
  return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
int __real_openat(int dir, const char *path, int flags, ...);
ssize_t __real_read(int fd, void *buffer, size_t size);
ssize_t __real_pread(int fd, void *buffer, size_t size, off_t offset);
long __real_syscall(long number, ...);

void *__wrap_malloc(size_t size) { return fails(FAULT_ALLOCATION) ? NULL : __real_malloc(size); }

void *__wrap_calloc(size_t count, size_t size) { return fails(FAULT_ALLOCATION) ? NULL : __real_calloc(count, size); }

void *__wrap_realloc(void *memory, size_t size) {
  return fails(FAULT_ALLOCATION) ? NULL : __real_realloc(memory, size);
}

static bool is_refused(const char *path) {
  if (refused_suffix == NULL || strlen(path) < strlen(refused_suffix) ||
      strcmp(path + strlen(path) - strlen(refused_suffix), refused_suffix) != 0)
    return false;
  errno = refused_errno;
  return true;
}

static bool is_gone(int fd) {
  struct stat info;
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_nlink > 0)
    return false;
  errno = ESRCH;
  return true;
}

static size_t shortened(size_t size) { return most_per_read > 0 && size > most_per_read ? most_per_read : size; }

/* The path of a file below /proc, whatever directory it is opened in. */
static void whole_path(int dir, const char *path, char out[256]) {
  struct stat proc, held;
  const bool below_proc = dir != AT_FDCWD && stat("proc", &proc) == 0 && fstat(dir, &held) == 0 &&
                          proc.st_dev == held.st_dev && proc.st_ino == held.st_ino;
  snprintf(out, 256, "%s%s", below_proc ? "proc/" : "", path);
}

int __wrap_openat(int dir, const char *path, int flags, ...) {
  char whole[256];
  whole_path(dir, path, whole);
  if (before_open != NULL)
    before_open(whole);
  return is_refused(path) || fails(FAULT_OPEN) ? -1 : __real_openat(dir, path, flags);
}

ssize_t __wrap_read(int fd, void *buffer, size_t size) {
  return is_gone(fd) || fails(FAULT_READ) ? -1 : __real_read(fd, buffer, shortened(size));
}

ssize_t __wrap_pread(int fd, void *buffer, size_t size, off_t offset) {
  return is_gone(fd) || fails(FAULT_READ) ? -1 : __real_pread(fd, buffer, shortened(size), offset);
}

/* The core's uses of syscall() that can fail are getdents64 and kcmp; of closing, nobody minds the result. */
long __wrap_syscall(long number, ...) {
  va_list arguments;
  va_start(arguments, number);
  long a = va_arg(arguments, long);
  long b = va_arg(arguments, long);
  long c = va_arg(arguments, long);
  long d = va_arg(arguments, long);
  long e = va_arg(arguments, long);
  va_end(arguments);
  return number != CLOSE_RANGE && fails(FAULT_LIST) ? -1 : __real_syscall(number, a, b, c, d, e);
}

void fault_exhaust(pmi_code (*ask)(void), const pmi_error *error, fault_kind kind, int os_error, pmi_code expected,
                   int at_least) {
  int open_before = scene_open_descriptors();
  int skip = 0;
  for (;; skip++) {
    fault_arm(kind, skip, os_error);
    lasting = os_error == EMFILE || os_error == ENFILE; /* if no descriptor is left, nor is there for the next call */
    pmi_code code = ask();
    if (!fault_disarm()) {
      CHECK_SAME(code, PMI_OK);
      break;
    }
    CHECK_SAME(code, expected);
    CHECK_SAME(error->os_error, os_error);
    CHECK_SAME(scene_open_descriptors(), open_before);
  }
  CHECK(skip >= at_least);
}
