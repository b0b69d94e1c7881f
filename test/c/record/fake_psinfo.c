#include "fake_psinfo.h"
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/psinfo.h"

void fake_put32(unsigned char *out, size_t offset, uint32_t value) { memcpy(out + offset, &value, sizeof value); }
void fake_put64(unsigned char *out, size_t offset, uint64_t value) { memcpy(out + offset, &value, sizeof value); }

static void write_file(const char *path, const void *bytes, size_t length) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  CHECK(fd >= 0);
  CHECK_SAME(write(fd, bytes, length), length);
  close(fd);
}

void fake_publish(void) {
  char path[64];
  CHECK_SAME(system("rm -rf proc && mkdir -p proc/self proc/0x10"), 0);
  for (size_t i = 0; i < fake.count; i++) {
    unsigned char bytes[FAKE_PSINFO_SIZE] = {0};
    snprintf(path, sizeof path, "proc/%u", fake.processes[i].pid);
    mkdir(path, 0700);
    strcat(path, "/psinfo");
    fake_write_psinfo(&fake.processes[i], bytes);
    write_file(path, bytes, fake.cut ? fake.cut_to : sizeof bytes);
  }
}

/* Tests make open() fail, which the linker redirects here. */
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);

int __wrap_open(const char *path, int flags, ...) {
  if (strncmp(path, "proc/", 5) == 0 && strstr(path, "psinfo") != NULL && (flags & O_CREAT) == 0) {
    if (fake.refuse != 0) {
      errno = fake.refuse;
      return -1;
    }
    uint32_t pid = (uint32_t)strtoul(path + 5, NULL, 10);
    if (fake_ask(pid) != NULL)
      fake_publish(); /* as of this query */
  }
  return __real_open(path, flags, 0600);
}

/* opendir() begins the list. */
void *__real_opendir(const char *path);
void *__wrap_opendir(const char *path);

void *__wrap_opendir(const char *path) {
  if (fake.refuse_list != 0) {
    errno = fake.refuse_list;
    return NULL;
  }
  return __real_opendir(path);
}

TEST(rejects_truncated_files) {
  unsigned char bytes[FAKE_PSINFO_SIZE] = {0};
  pmi_record record;
  fake_write_psinfo(&fake.processes[0], bytes);
  for (size_t length = 0; length < 152; length++) {
    unsigned char *exact = malloc(length + 1); /* exact, so that a sanitizer reports reads past the end */
    memcpy(exact, bytes, length);
    CHECK(!pmi_psinfo_parse(exact, length, &record));
    free(exact);
  }
  CHECK(pmi_psinfo_parse(bytes, sizeof bytes, &record));
  CHECK_SAME(record.pid, fake.processes[0].pid);
}

TEST(treats_only_numbers_as_pids) {
  pmi_records records = {0};
  pmi_error error;
  CHECK_SAME(system("mkdir -p proc/4294967296 proc/12a proc/-5"), 0);
  CHECK_SAME(pmi_read_records(&records, &error), PMI_OK);
  CHECK_SAME(records.count, fake.count);
  pmi_records_free(&records);
}
