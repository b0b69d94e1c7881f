/*
 * The list of all processes of the machine, which NtQuerySystemInformation(SystemProcessInformation) gives in one call
 * and without opening any of them.
 */
#ifndef PMI_WIN32_LISTING_H
#define PMI_WIN32_LISTING_H

#include "vm.h"

/* Starts as {0}, ends with pmi_listing_free(). */
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
 * Gives the process at *at, which begins as 0 and is moved on. *more is false after the last one. EIO if the list
 * makes no sense.
 */
pmi_code pmi_listing_next(const pmi_listing *listing, size_t *at, pmi_listed *out, bool *more, pmi_error *error);

/* Finds a process in the list, which is read first if it has not been. ESRCH if there is no such process. */
pmi_code pmi_listing_find(pmi_listing *listing, uint32_t pid, pmi_listed *out, pmi_error *error);

/* Enough for any unit of UTF-16 in UTF-8. */
enum { PMI_UTF8_PER_UNIT = 3 };

/*
 * Writes `length` units of UTF-16 as UTF-8 and returns how many bytes that made. What is half a pair becomes U+FFFD.
 * `out` has room for PMI_UTF8_PER_UNIT bytes a unit.
 */
size_t pmi_utf8_of_utf16(const unsigned char *units, size_t length, char *out);

#endif
