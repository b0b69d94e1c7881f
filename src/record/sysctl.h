/* sysctl(3) as the BSDs have it: one record, or a list that may grow between asking for its size and reading it. */
#ifndef PMI_RECORD_SYSCTL_H
#define PMI_RECORD_SYSCTL_H

#include "record.h"

#include <sys/types.h>

/*
 * Reads exactly `size` bytes. ESRCH if there is nothing: that is how the BSDs say that there is no such process. EIO if
 * it is another size, which means another version of the system.
 */
pmi_code pmi_sysctl(const int *mib, unsigned int length, void *out, size_t size, pmi_error *error);

/* Starts as {0}; the caller frees `bytes`. */
typedef struct pmi_sysctl_list {
  unsigned char *bytes;
  size_t length;
  size_t capacity;
} pmi_sysctl_list;

/*
 * Reads a list of unknown length. Where `item_size` is not 0, the last number of the name is how many items there is
 * room for, and is filled in here.
 */
pmi_code pmi_sysctl_read_list(const int *mib, unsigned int length, size_t item_size, pmi_sysctl_list *out,
                              pmi_error *error);

/* Makes a record of the kernel's structure at `process`. EIO if that is one of another version of the kernel. */
typedef pmi_code (*pmi_sysctl_fill)(const void *process, pmi_record *out, pmi_error *error);

/* Reads a list as above, of structures of `size` bytes, and makes a record of each. */
pmi_code pmi_sysctl_read_records(const int *mib, unsigned int length, size_t item_size, size_t size,
                                 pmi_sysctl_fill fill, pmi_records *out, pmi_error *error);

/* When the machine was booted, in microseconds since the Unix epoch. It moves as the clock is set. 0 if unknown. */
uint64_t pmi_sysctl_boot_time_us(void);

#endif
