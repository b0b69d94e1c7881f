/*
 * Parsers of files below /proc: pure functions of (bytes, length) that never read past the end and validate everything.
 * Each returns false if the text is malformed or incomplete; `out` is then unspecified. Formats: man 5 proc.
 */
#ifndef PMI_LINUX_PARSE_H
#define PMI_LINUX_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The sizes in /proc/PID/status that are used, in the order of its lines. */
typedef enum pmi_status_size {
  PMI_VM_PEAK,
  PMI_VM_SIZE,
  PMI_VM_LCK,
  PMI_VM_PIN,
  PMI_VM_HWM,
  PMI_VM_RSS,
  PMI_RSS_ANON,
  PMI_RSS_FILE,
  PMI_RSS_SHMEM,
  PMI_VM_STK,
  PMI_VM_PTE,
  PMI_VM_SWAP,
  PMI_HUGETLB_PAGES,
  PMI_STATUS_SIZES
} pmi_status_size;

/* The sizes that pmi_memory is made of. */
enum {
  PMI_STATUS_MEMORY =
      1U << PMI_VM_HWM | 1U << PMI_VM_RSS | 1U << PMI_RSS_ANON | 1U << PMI_RSS_FILE | 1U << PMI_RSS_SHMEM
};

/* /proc/PID/status. A kernel, or an emulation of /proc, may leave out any of the sizes. */
typedef struct pmi_status {
  char state; /* 'Z' for a zombie; '\0' if there is no such line */
  uint32_t tgid;
  uint32_t ppid;
  uint32_t threads;
  bool kernel_thread; /* since Linux 6.11; not known before */
  uint32_t found;     /* a bit for each size that is present: 1 << PMI_VM_RSS */
  uint64_t kib[PMI_STATUS_SIZES];
} pmi_status;

static inline bool pmi_status_has(const pmi_status *status, pmi_status_size size) {
  return (status->found & (1U << size)) != 0;
}

enum { PMI_STAT_NAME = 64 /* the most that a kernel writes; more is cut off */ };

/* Flags of a process: PF_EXITING, PF_FORKNOEXEC and PF_KTHREAD of the kernel. */
enum { PMI_EXITING = 0x4, PMI_FORKED = 0x40, PMI_KERNEL_THREAD = 0x200000 };

/* /proc/PID/stat. */
typedef struct pmi_stat {
  char name[PMI_STAT_NAME]; /* not terminated; may contain any byte but NUL */
  size_t name_length;
  uint32_t ppid;
  uint32_t flags; /* PMI_EXITING and others */
  uint64_t minor_faults;
  uint64_t major_faults;
  uint32_t threads;     /* 0 for a process that has been reaped */
  uint64_t start_ticks; /* since boot, in units of sysconf(_SC_CLK_TCK) */
  uint64_t resident;    /* pages */
} pmi_stat;

/* /proc/PID/statm, in pages and in the order of its columns. */
typedef struct pmi_statm {
  uint64_t size;
  uint64_t resident;
  uint64_t shared; /* file-backed and shared memory, whether or not another process maps it */
  uint64_t text;
  uint64_t lib; /* always 0 since Linux 2.6 */
  uint64_t data;
  uint64_t dirty; /* always 0 since Linux 2.6 */
} pmi_statm;

/* The sizes in /proc/PID/smaps_rollup, or /proc/PID/smaps, that are used. */
typedef enum pmi_smaps_size {
  PMI_SMAPS_PSS,
  PMI_SMAPS_PRIVATE,        /* Private_Clean and Private_Dirty: pages that no other process maps */
  PMI_SMAPS_SHARED_HUGETLB, /* since Linux 4.4, as the next */
  PMI_SMAPS_PRIVATE_HUGETLB,
  PMI_SMAPS_SWAP,
  PMI_SMAPS_SWAP_PSS, /* since Linux 4.3 */
  PMI_SMAPS_SIZES
} pmi_smaps_size;

/* Sums over all regions. */
typedef struct pmi_smaps {
  uint32_t found; /* a bit for each size that is present; all bits for a process without regions */
  uint64_t kib[PMI_SMAPS_SIZES];
  uint64_t end; /* end address of the last region */
} pmi_smaps;

/* The sizes in /proc/meminfo that are used, in the order of its lines. */
typedef enum pmi_meminfo_size {
  PMI_MEM_TOTAL,
  PMI_MEM_FREE,
  PMI_MEM_AVAILABLE, /* since Linux 3.14 */
  PMI_SWAP_TOTAL,
  PMI_SWAP_FREE,
  PMI_MEMINFO_SIZES
} pmi_meminfo_size;

typedef struct pmi_meminfo {
  uint32_t found; /* a bit for each size that is present */
  uint64_t kib[PMI_MEMINFO_SIZES];
} pmi_meminfo;

/* True once the "Threads:" line, which follows all lines about memory, is complete. `out` is a pmi_status. */
bool pmi_parse_status(const char *bytes, size_t length, void *out);

/* What is wanted of a status, besides the state and the Tgid. */
enum { PMI_WANT_MEMORY = 1, PMI_WANT_PARENT = 2, PMI_WANT_THREADS = 4, PMI_WANT_ALL = 8 };

/*
 * Parses only what is wanted, but not all, exactly as the kernel formats it. False for any other format and for a
 * process without memory, for which pmi_parse_status() must be used. The sizes are adjacent and in the kernel's order,
 * and a name cannot contain a line break.
 */
bool pmi_parse_status_fast(const char *bytes, size_t length, unsigned wanted, pmi_status *out);

/* False also while the newline at the end is missing. `out` is a pmi_stat. */
bool pmi_parse_stat(const char *bytes, size_t length, void *out);

/* `out` is a pmi_statm. */
bool pmi_parse_statm(const char *bytes, size_t length, void *out);

/* Sums over all regions. A text without regions must be empty. */
bool pmi_parse_smaps(const char *bytes, size_t length, pmi_smaps *out);

/* False without MemTotal and MemFree. */
bool pmi_parse_meminfo(const char *bytes, size_t length, pmi_meminfo *out);

/* An overflow, which no kernel reports, becomes the maximum instead of wrapping around. */
static inline uint64_t pmi_saturating_sum(uint64_t a, uint64_t b) { return a > UINT64_MAX - b ? UINT64_MAX : a + b; }

/*
 * Reads the next id of a text such as "12 345 " (/proc/PID/task/TID/children). *at is moved behind it. False at the
 * end, where *at becomes `length`, and at anything but a number.
 */
bool pmi_next_id(const char *bytes, size_t length, size_t *at, uint32_t *id);

/* True if all of (bytes, length) is one decimal number of 64 or of 32 bits. */
bool pmi_parse_number(const char *bytes, size_t length, uint64_t *out);
bool pmi_parse_id(const char *bytes, size_t length, uint32_t *id);

#endif
