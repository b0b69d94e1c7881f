/*
 * Makes the calls of one shared object fail: it is preloaded into a process and replaces functions of libc. Only calls
 * whose return address is in that object are affected, so other code in the process, such as V8, is not. The test
 * controls the shim, and reads the results, through a file: the shim maps it, the test reads and writes it. For glibc.
 *
 * It also counts the descriptors and allocations of the object that were not released yet, by any code.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* test/faults/control.js writes the first part of this and reads the second. */
struct control {
  uint64_t begin; /* the object's addresses */
  uint64_t end;
  uint32_t armed; /* a mask of `calls`; 0 for none */
  uint32_t skip;  /* how many of them succeed first */
  uint32_t os_error;
  uint32_t lasting;  /* all later calls fail, too */
  uint32_t at_most;  /* if not 0: instead of failing, reads return at most this many bytes */
  uint32_t counting; /* allocations and descriptors */

  _Atomic uint32_t met; /* calls of the kind since it was armed */
  _Atomic uint32_t fired;
  _Atomic int32_t allocations;
  _Atomic int32_t descriptors;
};

enum calls { OPEN = 1, READ = 2, LIST = 4, CLOSE = 8, ALLOCATE = 16, DIRECTORY = 32, LOOK = 64 };

static struct control idle;
static struct control *control = &idle;

__attribute__((constructor)) static void map_control(void) {
  const char *path = getenv("PMI_FAULTS");
  int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (fd == -1)
    return;
  void *shared = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (shared != MAP_FAILED)
    control = shared;
}

#define CALLER ((uint64_t)(uintptr_t)__builtin_return_address(0))

static bool is_meant(uint64_t caller) { return caller >= control->begin && caller < control->end; }

/* Whether this call is to fail. */
static bool is_hit(enum calls call, uint64_t caller) {
  if ((control->armed & call) == 0 || !is_meant(caller))
    return false;
  uint32_t number = control->met++;
  if (number < control->skip || (number > control->skip && !control->lasting))
    return false;
  control->fired = 1;
  return true;
}

static bool fails(enum calls call, uint64_t caller) {
  if (control->at_most != 0 || !is_hit(call, caller))
    return false;
  errno = (int)control->os_error;
  return true;
}

/* Finds a function of libc, and caches it in `where`. */
static void *next(void *_Atomic *where, const char *name) {
  void *found = *where;
  if (found == NULL)
    *where = found = dlsym(RTLD_NEXT, name);
  return found;
}

/* The function of libc with the name of the enclosing function. */
#define REAL(type)                                                                                                     \
  ({                                                                                                                   \
    static void *_Atomic where;                                                                                        \
    (type) next(&where, __func__);                                                                                     \
  })

/* ---- Allocations. Those of the object are recorded until they are freed. ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void __libc_free(void *memory);

enum { CLOSE_RANGE = 436 /* of the kernel; older headers lack SYS_close_range */ };

enum { SLOTS = 4096 };
static void *_Atomic remembered[SLOTS];
static _Atomic int32_t remembered_count;

static void *remember(void *memory, uint64_t caller) {
  if (memory == NULL || !control->counting || !is_meant(caller))
    return memory;
  for (size_t i = 0; i < SLOTS; i++) {
    void *empty = NULL;
    if (atomic_compare_exchange_strong(&remembered[i], &empty, memory)) {
      remembered_count++;
      control->allocations++;
      return memory;
    }
  }
  abort(); /* more than any query needs */
}

static void forget(void *memory) {
  if (memory == NULL || remembered_count == 0)
    return;
  for (size_t i = 0; i < SLOTS; i++) {
    void *expected = memory;
    if (atomic_compare_exchange_strong(&remembered[i], &expected, NULL)) {
      remembered_count--;
      control->allocations--;
      return;
    }
  }
}

void *malloc(size_t size) { return fails(ALLOCATE, CALLER) ? NULL : remember(__libc_malloc(size), CALLER); }

void *calloc(size_t count, size_t size) {
  return fails(ALLOCATE, CALLER) ? NULL : remember(__libc_calloc(count, size), CALLER);
}

void *realloc(void *memory, size_t size) {
  if (fails(ALLOCATE, CALLER))
    return NULL;
  forget(memory); /* before another thread can get the same address */
  return remember(__libc_realloc(memory, size), CALLER);
}

void free(void *memory) {
  forget(memory);
  __libc_free(memory);
}

/* ---- Descriptors ---- */

static int opened(int fd, uint64_t caller) {
  if (fd != -1 && control->counting && is_meant(caller))
    control->descriptors++;
  return fd;
}

/* The addon only opens for reading, which takes no mode; other code in the process may use O_TMPFILE and O_CREAT. */
static mode_t mode_of(int flags, va_list arguments) {
  return (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

#define OPENAT(name)                                                                                                   \
  int name(int dir, const char *path, int flags, ...) {                                                                \
    va_list arguments;                                                                                                 \
    va_start(arguments, flags);                                                                                        \
    mode_t mode = mode_of(flags, arguments);                                                                           \
    va_end(arguments);                                                                                                 \
    return fails(OPEN, CALLER) ? -1                                                                                    \
                               : opened(REAL(int (*)(int, const char *, int, ...))(dir, path, flags, mode), CALLER);   \
  }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
  if (control->counting && is_meant(CALLER))
    control->descriptors--;
  int result = REAL(int (*)(int))(fd); /* the descriptor is closed even if that fails */
  return fails(CLOSE, CALLER) ? -1 : result;
}

DIR *opendir(const char *path) {
  if (fails(DIRECTORY, CALLER))
    return NULL;
  DIR *list = REAL(DIR * (*)(const char *))(path);
  opened(list == NULL ? -1 : 0, CALLER);
  return list;
}

int closedir(DIR *list) {
  if (control->counting && is_meant(CALLER))
    control->descriptors--;
  return REAL(int (*)(DIR *))(list);
}

struct dirent64 *readdir64(DIR *list) {
  return fails(DIRECTORY, CALLER) ? NULL : REAL(struct dirent64 * (*)(DIR *))(list);
}

/* ---- Reading ---- */

static size_t shortened(size_t size, uint64_t caller) {
  if (control->at_most == 0 || !is_hit(READ, caller))
    return size;
  return size < control->at_most ? size : control->at_most;
}

ssize_t read(int fd, void *buffer, size_t size) {
  if (fails(READ, CALLER))
    return -1;
  return REAL(ssize_t(*)(int, void *, size_t))(fd, buffer, shortened(size, CALLER));
}

ssize_t pread64(int fd, void *buffer, size_t size, off64_t offset) {
  if (fails(READ, CALLER))
    return -1;
  return REAL(ssize_t(*)(int, void *, size_t, off64_t))(fd, buffer, shortened(size, CALLER), offset);
}

long syscall(long number, ...) {
  long a[6];
  va_list arguments;
  va_start(arguments, number);
  for (size_t i = 0; i < 6; i++)
    a[i] = va_arg(arguments, long);
  va_end(arguments);
  if ((number == SYS_getdents64 && fails(LIST, CALLER)) || (number == CLOSE_RANGE && fails(CLOSE, CALLER)))
    return -1;
  if (number == CLOSE_RANGE && control->counting && is_meant(CALLER))
    control->descriptors -= (int32_t)(a[1] - a[0] + 1);
  return REAL(long (*)(long, ...))(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* ---- Looking without opening ---- */

int access(const char *path, int mode) {
  return fails(LOOK, CALLER) ? -1 : REAL(int (*)(const char *, int))(path, mode);
}

int stat64(const char *path, struct stat64 *out) {
  return fails(LOOK, CALLER) ? -1 : REAL(int (*)(const char *, struct stat64 *))(path, out);
}

ssize_t readlink(const char *path, char *buffer, size_t size) {
  return fails(LOOK, CALLER) ? -1 : REAL(ssize_t(*)(const char *, char *, size_t))(path, buffer, size);
}
