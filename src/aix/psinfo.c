/*
 * struct psinfo of AIX, the same for 32- and 64-bit programs (<sys/procfs.h>). A zombie has no threads.
 */
#include "../record/psinfo.h"

enum {
  PR_NLWP = 8,
  PR_PID = 48,
  PR_PPID = 56,
  PR_SIZE = 96,    /* KiB */
  PR_RSSIZE = 104, /* KiB */
  PR_START = 112,  /* seconds in 8 bytes, nanoseconds in 4, and 4 of padding */
  PR_FNAME = 168,
  PRFNSZ = 16,
  LEAST = PR_FNAME + PRFNSZ
};

bool pmi_psinfo_parse(const unsigned char *bytes, size_t length, pmi_record *out) {
  if (length < LEAST)
    return false;
  *out = (pmi_record){
      .pid = (uint32_t)pmi_psinfo_u64(bytes, PR_PID),
      .ppid = (uint32_t)pmi_psinfo_u64(bytes, PR_PPID),
      .started_us = pmi_psinfo_time_us(pmi_psinfo_u64(bytes, PR_START), pmi_psinfo_u32(bytes, PR_START + 8)),
      .is_zombie = pmi_psinfo_u32(bytes, PR_NLWP) == 0,
      .rss = pmi_psinfo_kib(pmi_psinfo_u64(bytes, PR_RSSIZE)),
      .vms = pmi_psinfo_kib(pmi_psinfo_u64(bytes, PR_SIZE)),
  };
  pmi_record_set_name(out, (const char *)bytes + PR_FNAME, PRFNSZ);
  pmi_record_normalize(out);
  return true;
}
