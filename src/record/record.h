/*
 * What FreeBSD, OpenBSD, NetBSD, SunOS and AIX have in common: the kernel keeps one record per process, with its
 * memory, its parent and its start time as of one instant. Each system's folder reads the record; the files of this
 * folder derive the answers of pmi.h from it.
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

enum { PMI_RECORD_NAME = 64 }; /* longer than the names of any of the kernels */

/* In bytes, except for the faults. A zombie has no memory. */
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

/* Initialize with {0}; release with pmi_records_free(). */
typedef struct pmi_records {
  pmi_record *items;
  size_t count;
  size_t capacity;
} pmi_records;

/* ---- Implemented by each system's folder ---- */

/* The name of the call that reads the list, for errors. */
extern const char pmi_list_call[];

/* Reads the record of one process. Fails with the codes of pmi_read_memory(). */
pmi_code pmi_read_record(uint32_t pid, pmi_record *out, pmi_error *error);

/* Adds the records of all processes to an empty list, in any order. The caller frees it, also after a failure. */
pmi_code pmi_read_records(pmi_records *out, pmi_error *error);

/*
 * When the machine was booted, in microseconds since the Unix epoch, if the kernel stores start times relative to that:
 * setting the clock then moves both. 0 if setting the clock does not change start times.
 */
uint64_t pmi_boot_time_us(void);

/* Reads how much of a process's resident memory is not shared. ENOSYS if the system does not count that. */
pmi_code pmi_read_private(uint32_t pid, uint64_t *out, pmi_error *error);

/* Where the figure of pmi_read_private() comes from. Static storage. */
extern const char pmi_private_method[];

/* ---- record.c ---- */

/* Multiplies a kernel's count by its unit. A negative count is 0; an overflow is UINT64_MAX. */
uint64_t pmi_scale(int64_t count, uint64_t unit);

/* Copies a name, which ends at a NUL or at the end of its field. */
void pmi_record_set_name(pmi_record *record, const char *name, size_t size);

/* Clears the figures of a zombie, whose peak becomes unknown, and raises a peak that is below the resident size. */
void pmi_record_normalize(pmi_record *record);

/* Adds a record. ENOMEM leaves the list as it was. */
pmi_code pmi_records_add(pmi_records *records, const pmi_record *record, pmi_error *error);
void pmi_records_free(pmi_records *records);

/*
 * True if both records, of which `now` is the later one, are about the same process. A zombie without a start time
 * counts as the same: it might be a later process with that pid, but either way the first one has ended.
 */
bool pmi_is_same_process(const pmi_record *before, const pmi_record *now);

/* ---- memory.c and footprint.c: the answers of pmi.h, derived from a record ---- */

pmi_memory pmi_memory_of_record(const pmi_record *record);
pmi_values pmi_counters_of_record(const pmi_record *record);

/*
 * Reads the footprint of the process that `record` is about. The system is queried by pid, so the record is read again
 * afterwards: ESRCH if another process has the pid.
 */
pmi_code pmi_footprint_of_record(const pmi_record *record, pmi_footprint *out, pmi_error *error);

#endif
