/*
 * What FreeBSD, OpenBSD, NetBSD, SunOS and AIX have in common: the kernel keeps one record of each process, which tells
 * its memory, its parent and when it began, all at one instant. The files of this folder make the answers of pmi.h out
 * of it; the folder of each system reads it.
 */
#ifndef PMI_RECORD_RECORD_H
#define PMI_RECORD_RECORD_H

#include "../pmi.h"

/* Bits of pmi_record.known. The resident and the virtual size are always known. */
enum {
  PMI_RECORD_PEAK = 1,
  PMI_RECORD_SEGMENTS = 2, /* text, data, stack */
  PMI_RECORD_FAULTS = 4
};

enum { PMI_RECORD_NAME = 64 }; /* more than any of the kernels keeps */

/* Bytes, but for the faults. A zombie has no memory. */
typedef struct pmi_record {
  uint32_t pid;
  uint32_t ppid;
  uint64_t started_us; /* since the Unix epoch; with pid, the identity; 0 is unknown */
  bool is_zombie;
  uint32_t known;
  uint64_t rss;
  uint64_t peak_rss;
  uint64_t vms;
  uint64_t text;
  uint64_t data;
  uint64_t stack;
  uint64_t minor_faults;
  uint64_t major_faults;
  char name[PMI_RECORD_NAME];
  size_t name_length;
} pmi_record;

/* Starts as {0}, ends with pmi_records_free(). */
typedef struct pmi_records {
  pmi_record *items;
  size_t count;
  size_t capacity;
} pmi_records;

/* ---- Given by the folder of each system ---- */

/* The call that reads the list, for errors. */
extern const char pmi_list_call[];

/* Reads the record of one process. Fails as pmi_read_memory() does. */
pmi_code pmi_read_record(uint32_t pid, pmi_record *out, pmi_error *error);

/* Reads the records of all processes, in any order. */
pmi_code pmi_read_records(pmi_records *out, pmi_error *error);

/*
 * When the machine was booted, in microseconds since the Unix epoch, where the kernel counts the times of start from
 * that: setting the clock then moves both. 0 where times of start stay as they are.
 */
uint64_t pmi_boot_time_us(void);

/* Reads how much of a process's resident memory nobody shares. ENOSYS where the system does not count that. */
pmi_code pmi_read_private(uint32_t pid, uint64_t *out, pmi_error *error);

/* Static storage; where the figure of pmi_read_private() comes from. */
extern const char pmi_private_method[];

/* ---- record.c ---- */

/* A count as a kernel gives it, in units: negative is 0, and what does not fit the most that does. */
uint64_t pmi_scale(int64_t count, uint64_t unit);

/* Copies a name that ends with a NUL or with its field. */
void pmi_record_set_name(pmi_record *record, const char *name, size_t size);

/* Takes away what a zombie has left, its peak is not known any more; and lifts a peak that lags behind what is
 * resident. */
void pmi_record_normalize(pmi_record *record);

/* Adds a record. ENOMEM leaves the list as it was. */
pmi_code pmi_records_add(pmi_records *records, const pmi_record *record, pmi_error *error);
void pmi_records_free(pmi_records *records);

/*
 * True if both records, of which `now` is the later, are about one process, whatever became of its memory. A zombie
 * whose start the system does not tell may be any that had its pid: all that is said of it is that it has ended.
 */
bool pmi_is_same_process(const pmi_record *before, const pmi_record *now);

/* ---- memory.c and footprint.c: the answers of pmi.h, out of a record ---- */

pmi_memory pmi_memory_of_record(const pmi_record *record);
pmi_values pmi_counters_of_record(const pmi_record *record);

/*
 * Reads the footprint of the process that `record` is about. The system is asked by the pid; so ESRCH if a second
 * reading of the record finds another process there.
 */
pmi_code pmi_footprint_of_record(const pmi_record *record, pmi_footprint *out, pmi_error *error);

#endif
