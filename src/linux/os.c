/*
 * See os.h. Directories are listed with getdents64(2): readdir(3) would allocate 32 KiB for each of the many small
 * directories of a tree. Kernel reference: Documentation/filesystems/proc.rst, man 5 proc.
 */
#include "os.h"

#include "parse.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void pmi_text_init(pmi_text *text) {
  text->bytes = text->fixed;
  text->length = 0;
  text->capacity = sizeof text->fixed;
}

void pmi_text_free(pmi_text *text) {
  if (text->bytes != text->fixed)
    free(text->bytes);
  pmi_text_init(text);
}

static bool text_grow(pmi_text *text) {
  if (text->bytes != text->fixed)
    return pmi_grow(&text->bytes, &text->capacity, text->capacity + 1, 1);
  char *moved = malloc(2 * sizeof text->fixed);
  if (moved == NULL)
    return false;
  memcpy(moved, text->fixed, text->length);
  text->bytes = moved;
  text->capacity = 2 * sizeof text->fixed;
  return true;
}

/*
 * False if a path below /proc does not exist because /proc is not mounted, as in a chroot: a mounted /proc contains the
 * caller, unless it is a fake.
 */
static bool has_processes(const char *path) {
  struct stat info;
  pmi_ids ids = {0};
  pmi_error unused;
  if (strncmp(path, PMI_PROC "/", sizeof PMI_PROC) != 0 || lstat(PMI_PROC "/self", &info) == 0)
    return true;
  bool any = pmi_list_ids((pmi_base){0}, PMI_PROC, &ids, &unused) == PMI_OK ? ids.count > 0 : unused.os_error != ENOENT;
  pmi_ids_free(&ids);
  return any;
}

pmi_code pmi_open(pmi_base base, const char *path, int flags, int *out, pmi_error *error) {
  const bool held = base.length > 0;
  int fd;
  do {
    fd = openat(held ? base.fd : AT_FDCWD, path + base.length, O_RDONLY | O_CLOEXEC | flags);
  } while (fd == -1 && errno == EINTR);
  if (fd == -1) {
    const int os_error = errno;
    if (os_error == ENOENT && !held && !has_processes(path))
      return pmi_fail(error, PMI_ENOSYS, os_error, "open", path);
    return pmi_fail_errno(error, os_error, "open", path);
  }
  *out = fd;
  return PMI_OK;
}

pmi_code pmi_hold(const char *path, pmi_base *out, pmi_error *error) {
  pmi_base base = {.length = strlen(path)};
  pmi_code code = pmi_open((pmi_base){0}, path, O_DIRECTORY | O_PATH, &base.fd, error);
  if (code == PMI_OK)
    *out = base;
  return code;
}

void pmi_let_go(pmi_base *base) {
  if (base->length > 0)
    pmi_close(base->fd);
  base->length = 0;
}

/* Writes at `at` and returns the end. printf(3) would take a hundredth of the time of a whole read. */
static char *append_id(char *at, uint32_t id) {
  char digits[10];
  size_t count = 0;
  do {
    digits[count++] = (char)('0' + id % 10);
    id /= 10;
  } while (id > 0);
  while (count > 0)
    *at++ = digits[--count];
  return at;
}

void pmi_process_path(char path[PMI_PROC_PATH], uint32_t pid, uint32_t tid, const char *name) {
  char *at = append_id(stpcpy(path, PMI_PROC "/"), pid);
  if (tid != 0)
    at = append_id(stpcpy(at, "/task/"), tid);
  *at++ = '/';
  stpcpy(at, name);
}

bool pmi_file_exists(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 || (errno != ENOENT && errno != ENOTDIR && errno != ENAMETOOLONG);
}

/* Not repeated on EINTR: on Linux the descriptor is closed anyway, and may already be reused by another thread. */
void pmi_close(int fd) { close(fd); }

#ifdef __SANITIZE_THREAD__ /* it does not know close_range(2), and reports a race when a number is used again */
enum { CLOSES_RANGES = false };
#else
enum { CLOSES_RANGES = true };
#endif

/* All of the descriptors are ours, so no other thread can have got one of their numbers. */
static void close_run(const int *fds, size_t count) {
  enum { CLOSE_RANGE = 436 /* since Linux 5.9, for all processors; older headers lack SYS_close_range */ };
  if (CLOSES_RANGES && count > 1 && syscall(CLOSE_RANGE, fds[0], fds[count - 1], 0) == 0)
    return;
  for (size_t i = 0; i < count; i++)
    pmi_close(fds[i]);
}

void pmi_close_together(pmi_closing *closing) {
  for (size_t begin = 0, end; begin < closing->count; begin = end) {
    for (end = begin + 1; end < closing->count && closing->fds[end] == closing->fds[end - 1] + 1; end++)
      ;
    close_run(closing->fds + begin, end - begin);
  }
  closing->count = 0;
}

void pmi_close_with(pmi_closing *closing, int fd) {
  if (closing == NULL) {
    pmi_close(fd);
    return;
  }
  size_t at = closing->count++;
  for (; at > 0 && closing->fds[at - 1] > fd; at--)
    closing->fds[at] = closing->fds[at - 1];
  closing->fds[at] = fd;
  if (closing->count == PMI_CLOSING_MAX)
    pmi_close_together(closing);
}

pmi_code pmi_read(int fd, const char *path, pmi_reader reader, void *out, pmi_text *text, pmi_error *error) {
  text->length = 0;
  for (;;) {
    if (text->length == text->capacity) {
      if (!text_grow(text))
        return pmi_fail_nomem(error);
      if (reader != NULL)
        text->length = 0; /* what is parsed is from one moment */
    }
    ssize_t count = pread(fd, text->bytes + text->length, text->capacity - text->length, (off_t)text->length);
    if (count == -1 && errno == EINTR)
      continue;
    if (count == -1)
      return pmi_fail_errno(error, errno, "read", path);
    text->length += (size_t)count;
    if (reader != NULL && reader(text->bytes, text->length, out))
      return PMI_OK;
    if (count == 0)
      return reader == NULL ? PMI_OK : pmi_fail(error, PMI_EIO, EIO, "read", path);
  }
}

pmi_code pmi_slurp(const char *path, pmi_text *text, pmi_error *error) {
  int fd = -1;
  pmi_text_init(text);
  pmi_code code = pmi_open((pmi_base){0}, path, 0, &fd, error);
  if (code != PMI_OK)
    return code;
  code = pmi_read(fd, path, NULL, NULL, text, error);
  pmi_close(fd);
  return code;
}

/* Written by getdents64(2). Declared by glibc only since 2.30, and never by musl. */
struct entry {
  uint64_t inode;
  int64_t offset;
  uint16_t length;
  uint8_t type;
  char name[];
};

static pmi_code visit_entries(const char *entries, size_t length, pmi_each each, void *to, pmi_error *error) {
  pmi_code code = PMI_OK;
  for (size_t at = 0; code == PMI_OK && at < length;) {
    struct entry entry;
    memcpy(&entry, entries + at, offsetof(struct entry, name));
    const char *name = entries + at + offsetof(struct entry, name);
    code = each(name, entry.type == DT_DIR || entry.type == DT_UNKNOWN, to, error);
    at += entry.length;
  }
  return code;
}

pmi_code pmi_list(pmi_base base, const char *path, pmi_each each, void *to, pmi_error *error) {
  char entries[8192];
  int fd = -1;
  pmi_code code = pmi_open(base, path, O_DIRECTORY, &fd, error);
  if (code != PMI_OK)
    return code;
  do {
    long length = syscall(SYS_getdents64, fd, entries, sizeof entries);
    if (length == 0)
      break;
    if (length == -1 && errno == EINTR)
      continue;
    code = length == -1 ? pmi_fail_errno(error, errno, "getdents64", path)
                        : visit_entries(entries, (size_t)length, each, to, error);
  } while (code == PMI_OK);
  pmi_close(fd);
  return code;
}

/* Skips "self", "meminfo", and so on. */
static pmi_code add_id(const char *name, bool may_be_directory, void *to, pmi_error *error) {
  uint32_t id;
  (void)may_be_directory;
  return pmi_parse_id(name, strlen(name), &id) ? pmi_ids_add(to, id, error) : PMI_OK;
}

pmi_code pmi_list_ids(pmi_base base, const char *path, pmi_ids *out, pmi_error *error) {
  return pmi_list(base, path, add_id, out, error);
}

static int64_t nanoseconds(clockid_t clock) {
  struct timespec time = {0};
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t floor_seconds(int64_t nanoseconds) { return nanoseconds / 1000000000 - (nanoseconds % 1000000000 < 0); }

static pthread_once_t boot_time_once = PTHREAD_ONCE_INIT;
static int64_t boot_time;

/*
 * The btime of /proc/stat: real time minus boot time, in whole seconds. The two clocks cannot be read at once, so one
 * is read between two readings of the other, and again if the result depends on which of the two is used. If the
 * machine was booted that close to a whole second, either result is correct.
 */
static void read_boot_time(void) {
  bool sure = false;
  for (int attempt = 0; !sure && attempt < 16; attempt++) {
    const int64_t before = nanoseconds(CLOCK_BOOTTIME);
    const int64_t now = nanoseconds(CLOCK_REALTIME);
    boot_time = floor_seconds(now - nanoseconds(CLOCK_BOOTTIME));
    sure = boot_time == floor_seconds(now - before);
  }
  if (boot_time < 0)
    boot_time = 0; /* a machine without a clock, which starts in 1970, and was suspended since */
}

int64_t pmi_boot_time(void) {
  pthread_once(&boot_time_once, read_boot_time);
  return boot_time;
}
