/*
 * sysctl(3) as the BSDs have it: one record, or a list that may grow between asking for its size and reading it.
 *
 * The kernel's structures may be longer or shorter than those of the headers that this was compiled with: new members
 * come at the end. So each question is about the part that is used, up to its last member.
 */
#ifndef PMI_RECORD_SYSCTL_H
#define PMI_RECORD_SYSCTL_H

#include "record.h"

#include <sys/types.h>

/* How many bytes of a structure there are up to the end of a member. */
#define PMI_UP_TO(type, member) (offsetof(type, member) + sizeof(((type *)NULL)->member))

/*
 * Reads one answer to `out`, which has `size` bytes: what the kernel has beyond them is dropped, what it lacks is
 * zeros. ESRCH if there is nothing, for that is how the BSDs say that there is no such process. EIO if there are fewer
 * bytes than `least`. ENOSYS if this kernel has no such name.
 */
pmi_code pmi_sysctl(const int *mib, unsigned int length, void *out, size_t size, size_t least, pmi_error *error);

/* Starts as {0}; the caller frees `bytes`. */
typedef struct pmi_sysctl_list {
  unsigned char *bytes;
  size_t length;
  size_t capacity;
} pmi_sysctl_list;

/*
 * Reads a list of unknown length. Where `item_size` is not 0, the last two numbers of the name are that size and how
 * many items there is room for, and are filled in here.
 */
pmi_code pmi_sysctl_read_list(const int *mib, unsigned int length, size_t item_size, pmi_sysctl_list *out,
                              pmi_error *error);

/* Makes records of the structures in a list. */
typedef pmi_code (*pmi_sysctl_add)(const pmi_sysctl_list *list, pmi_records *records, pmi_error *error);

/* Reads a list as above, and makes records of it. */
pmi_code pmi_sysctl_read_records(const int *mib, unsigned int length, size_t item_size, pmi_sysctl_add add_all,
                                 pmi_records *out, pmi_error *error);

/* When the machine was booted, in microseconds since the Unix epoch. It moves as the clock is set. 0 if unknown. */
uint64_t pmi_sysctl_boot_time_us(void);

#endif
