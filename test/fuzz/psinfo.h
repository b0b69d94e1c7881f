/* /proc/PID/psinfo: properties of any bytes, parsed with the layout of either system. */
#ifndef FUZZ_PSINFO_H
#define FUZZ_PSINFO_H

#include "fuzz.h"

#include "record/psinfo.h"

/* The offsets of the sizes, in KiB, in that layout, and its length. */
static inline int fuzz_psinfo(const uint8_t *data, size_t size, size_t rss_at, size_t vms_at, size_t least) {
  pmi_record record;
  char *exact = fuzz_copy(data, size); /* aligned, and ends where the bytes end */
  const unsigned char *bytes = (const unsigned char *)exact;
  bool parsed = pmi_psinfo_parse(bytes, size, &record);
  MUST(parsed == (size >= least));
  if (parsed) {
    uint64_t rss;
    uint64_t vms;
    memcpy(&rss, bytes + rss_at, sizeof rss);
    memcpy(&vms, bytes + vms_at, sizeof vms);
    MUST(record.name_length <= 16 && memchr(record.name, '\0', record.name_length) == NULL);
    MUST(record.known == 0);
    if (record.is_zombie)
      MUST(record.rss == 0 && record.vms == 0);
    else
      MUST((rss >= UINT64_MAX / 1024 || record.rss == rss * 1024) &&
           (vms >= UINT64_MAX / 1024 || record.vms == vms * 1024));
  }
  free(exact);
  return 0;
}

#endif
