/*
 * sysctl(3) of the BSDs: reads one record, or a list that may grow between the query of its size and the reading.
 *
 * The kernel's structures may be longer or shorter than in the headers that this was compiled with: new members are
 * added at the end. So only the part up to the last member in use is required.
 */
#ifndef PMI_RECORD_SYSCTL_H
#define PMI_RECORD_SYSCTL_H

#include "record.h"

#include <sys/types.h>

/* The number of bytes from the beginning of a structure to the end of a member. */
#define PMI_UP_TO(type, member) (offsetof(type, member) + sizeof(((type *)NULL)->member))

/*
 * Reads one answer into `out`, which has `size` bytes. A longer answer is truncated, a shorter one filled with zeros.
 * ESRCH if the answer is empty, which on the BSDs means that there is no such process. EIO if it is shorter than
 * `least`. ENOSYS if this kernel lacks the name.
 */
pmi_code pmi_sysctl(const int *mib, unsigned int length, void *out, size_t size, size_t least, pmi_error *error);

/* Initialize with {0}; the caller frees `bytes`, also after a failure. */
typedef struct pmi_sysctl_list {
  unsigned char *bytes;
  size_t length;
  size_t capacity;
} pmi_sysctl_list;

/*
 * Reads a list of unknown length. If `item_size` is not 0, the last two numbers of the name are that size and the
 * number of items that there is room for; both are filled in here.
 */
pmi_code pmi_sysctl_read_list(const int *mib, unsigned int length, size_t item_size, pmi_sysctl_list *list,
                              pmi_error *error);

/* Converts the structures in a list to records. */
typedef pmi_code (*pmi_sysctl_add)(const pmi_sysctl_list *list, pmi_records *records, pmi_error *error);

/* Reads a list as above and converts it to records. */
pmi_code pmi_sysctl_read_records(const int *mib, unsigned int length, size_t item_size, pmi_sysctl_add add_all,
                                 pmi_records *out, pmi_error *error);

/* When the machine was booted, in microseconds since the Unix epoch. Changes when the clock is set. 0 if unknown. */
uint64_t pmi_sysctl_boot_time_us(void);

#endif
