/*
 * All processes of the machine, as sysctl(KERN_PROC_ALL) lists them.
 */
#ifndef PMI_DARWIN_LISTING_H
#define PMI_DARWIN_LISTING_H

#include "process.h"

/* Owns its memory. Starts as {0}; ends with pmi_listing_free(). */
typedef struct pmi_listing {
  unsigned char *bytes;
  size_t capacity;
  size_t count; /* of processes */
} pmi_listing;

/* Reads all processes of all users, including zombies. */
pmi_code pmi_listing_read(pmi_listing *out, pmi_error *error);
void pmi_listing_free(pmi_listing *listing);

void pmi_listing_get(const pmi_listing *listing, size_t index, pmi_os_process *out);

enum { PMI_NAME_SIZE = 256 };

/*
 * The terminated name of a process listed as `comm`: the whole name if available, otherwise `comm`. Returns its length.
 */
size_t pmi_name_of(uint32_t pid, const char comm[PMI_COMM_SIZE], char out[PMI_NAME_SIZE]);

#endif
