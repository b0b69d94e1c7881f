/* Reads /proc/PID/psinfo, of one process or of all. See psinfo.h. */
#include "psinfo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

uint32_t pmi_psinfo_u32(const unsigned char *bytes, size_t offset) {
  uint32_t value;
  memcpy(&value, bytes + offset, sizeof value);
  return value;
}

uint64_t pmi_psinfo_u64(const unsigned char *bytes, size_t offset) {
  uint64_t value;
  memcpy(&value, bytes + offset, sizeof value);
  return value;
}

uint64_t pmi_psinfo_kib(uint64_t kib) { return pmi_scale(kib > INT64_MAX ? INT64_MAX : (int64_t)kib, 1024); }

uint64_t pmi_psinfo_time_us(uint64_t seconds, uint64_t nanoseconds) {
  if (seconds >= INT64_MAX / 1000000)
    return 0;
  return seconds * 1000000 + (nanoseconds < 1000000000 ? nanoseconds / 1000 : 0);
}

const char pmi_list_call[] = "open";

enum { PATH = 64 };

static pmi_code read_file(int fd, const char *path, unsigned char *bytes, size_t *length, pmi_error *error) {
  *length = 0;
  while (*length < PMI_PSINFO_MAX) {
    ssize_t got = read(fd, bytes + *length, PMI_PSINFO_MAX - *length);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return pmi_fail_errno(error, errno, "read", path);
    if (got == 0)
      break;
    *length += (size_t)got;
  }
  return PMI_OK;
}

pmi_code pmi_read_record(uint32_t pid, pmi_record *out, pmi_error *error) {
  char path[PATH];
  unsigned char bytes[PMI_PSINFO_MAX];
  size_t length;
  pmi_record record;
  (void)snprintf(path, sizeof path, "%s/%lu/psinfo", PMI_PROC, (unsigned long)pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return pmi_fail_errno(error, errno, "open", path);
  pmi_code code = read_file(fd, path, bytes, &length, error);
  close(fd);
  if (code != PMI_OK)
    return code;
  if (length == 0)
    return pmi_fail(error, PMI_ESRCH, 0, "read", path); /* it exited after the file was opened */
  if (!pmi_psinfo_parse(bytes, length, &record) || record.pid != pid)
    return pmi_fail(error, PMI_EIO, 0, "read", path);
  *out = record;
  return PMI_OK;
}

/* Parses a name in /proc as a pid; false for other names. */
static bool parse_pid(const char *name, uint32_t *out) {
  char *end;
  const unsigned long long value = strtoull(name, &end, 10);
  *out = (uint32_t)value;
  return name[0] >= '0' && name[0] <= '9' && *end == '\0' && value <= UINT32_MAX;
}

/* Adds a process, unless it has exited meanwhile or the caller may not see it. */
static pmi_code add(uint32_t pid, pmi_records *records, pmi_error *error) {
  pmi_record record;
  pmi_code code = pmi_read_record(pid, &record, error);
  if (code == PMI_OK)
    return pmi_records_add(records, &record, error);
  return code == PMI_ESRCH || code == PMI_EPERM || code == PMI_EACCES ? PMI_OK : code;
}

static pmi_code add_all(DIR *directory, pmi_records *records, pmi_error *error) {
  for (;;) {
    uint32_t pid;
    errno = 0;
    const struct dirent *entry = readdir(directory); /* NOLINT(concurrency-mt-unsafe): the stream is this thread's */
    if (entry == NULL)
      return errno == 0 ? PMI_OK : pmi_fail_errno(error, errno, "readdir", PMI_PROC);
    pmi_code code = parse_pid(entry->d_name, &pid) ? add(pid, records, error) : PMI_OK;
    if (code != PMI_OK)
      return code;
  }
}

pmi_code pmi_read_records(pmi_records *out, pmi_error *error) {
  DIR *directory = opendir(PMI_PROC);
  if (directory == NULL)
    return pmi_fail_errno(error, errno, "opendir", PMI_PROC);
  pmi_code code = add_all(directory, out, error);
  closedir(directory);
  return code;
}

/* pr_start does not change when the clock is set. */
uint64_t pmi_boot_time_us(void) { return 0; }
