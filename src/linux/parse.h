/*
 * Readers of the texts below /proc: pure functions over (bytes, length) that never look past the end and take nothing
 * on trust. Each returns false where the text is not, or not yet, what it should be; `out` is then unspecified.
 * Formats: man 5 proc.
 */
#ifndef PMI_LINUX_PARSE_H
#define PMI_LINUX_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bits of pmi_status.found, a bit for each line that a kernel or an emulation of one may leave out. */
enum {
  PMI_VM_HWM = 1,
  PMI_VM_RSS = 2,
  PMI_RSS_ANON = 4,
  PMI_RSS_FILE = 8,
  PMI_RSS_SHMEM = 16,
};

/* /proc/PID/status. Sizes in KiB, as the kernel writes them; 0 for a line that is not there. */
typedef struct pmi_status {
  uint32_t tgid;
  uint32_t threads;
  uint64_t vm_hwm_kib;
  uint64_t vm_rss_kib;
  uint64_t rss_anon_kib;
  uint64_t rss_file_kib;
  uint64_t rss_shmem_kib;
  uint32_t found;
} pmi_status;

/* /proc/PID/stat. */
typedef struct pmi_stat {
  const char *name; /* inside the text; may hold any byte but NUL */
  size_t name_length;
  uint32_t ppid;
  uint64_t start_ticks; /* since boot, in units of sysconf(_SC_CLK_TCK) */
} pmi_stat;

/* /proc/PID/statm. */
typedef struct pmi_statm {
  uint64_t resident_pages;
  uint64_t shared_pages; /* file-backed and shared memory, whether or not another process has it too */
} pmi_statm;

/* True once the "Threads:" line, which follows all the lines about memory, is there in full. */
bool pmi_parse_status(const char *bytes, size_t length, pmi_status *out);
bool pmi_status_complete(const char *bytes, size_t length);

bool pmi_parse_stat(const char *bytes, size_t length, pmi_stat *out);
bool pmi_stat_complete(const char *bytes, size_t length);

bool pmi_parse_statm(const char *bytes, size_t length, pmi_statm *out);
bool pmi_statm_complete(const char *bytes, size_t length);

/* The "btime" line of /proc/stat, in seconds since the epoch. */
bool pmi_parse_btime(const char *bytes, size_t length, uint64_t *out);

/*
 * Reads the next id of a text such as "12 345 " (/proc/PID/task/TID/children). *at is moved behind it. False at the
 * end, and where something else than a number stands: *at then tells which.
 */
bool pmi_next_id(const char *bytes, size_t length, size_t *at, uint32_t *id);

/* True if all of (bytes, length) is one decimal number of 64 or of 32 bits. */
bool pmi_parse_number(const char *bytes, size_t length, uint64_t *out);
bool pmi_parse_id(const char *bytes, size_t length, uint32_t *id);

#endif
