/*
 * The list of all processes of the machine. NtQuerySystemInformation(SystemProcessInformation) returns it in one call,
 * without opening any process.
 */
#ifndef PMI_WIN32_LISTING_H
#define PMI_WIN32_LISTING_H

#include "vm.h"

/* Initialize with {0}; release with pmi_listing_free(). */
typedef struct pmi_listing {
  unsigned char *bytes; /* NULL until it is read */
  size_t capacity;
} pmi_listing;

/* One of its processes. */
typedef struct pmi_listed {
  uint32_t pid;
  uint32_t ppid;
  uint64_t creation_time_ms;
  const unsigned char *name; /* UTF-16 in the order of this machine, inside the listing; not terminated */
  size_t name_length;        /* in units of 16 bits */
  pmi_vm vm;
} pmi_listed;

pmi_code pmi_listing_read(pmi_listing *out, pmi_error *error);
void pmi_listing_free(pmi_listing *listing);

/*
 * Returns the process at *at, which starts at 0, and advances it. *more is false after the last one. EIO if the list is
 * malformed.
 */
pmi_code pmi_listing_next(const pmi_listing *listing, size_t *at, pmi_listed *out, bool *more, pmi_error *error);

/* Finds a process in the list, which is read first if it has not been yet. ESRCH if there is no such process. */
pmi_code pmi_listing_find(pmi_listing *listing, uint32_t pid, pmi_listed *out, pmi_error *error);

/* Bytes of UTF-8 that one unit of UTF-16 takes at most. */
enum { PMI_UTF8_PER_UNIT = 3 };

/*
 * Writes `length` units of UTF-16 as UTF-8 and returns the number of bytes. An unpaired surrogate becomes U+FFFD. `out`
 * must have room for PMI_UTF8_PER_UNIT bytes per unit.
 */
size_t pmi_utf8_of_utf16(const unsigned char *units, size_t length, char *out);

#endif
