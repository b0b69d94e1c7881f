/*
 * struct psinfo of Solaris and illumos, as 64-bit programs see it (proc(4), <sys/procfs.h>). A zombie has no threads,
 * but still a name.
 */
#include "../record/psinfo.h"

enum {
  PR_NLWP = 4,
  PR_PID = 8,
  PR_PPID = 12,
  PR_SIZE = 48,   /* KiB */
  PR_RSSIZE = 56, /* KiB */
  PR_START = 88,  /* seconds and nanoseconds, 8 bytes each */
  PR_FNAME = 136,
  PRFNSZ = 16,
  LEAST = PR_FNAME + PRFNSZ
};

bool pmi_psinfo_parse(const unsigned char *bytes, size_t length, pmi_record *out) {
  if (length < LEAST)
    return false;
  *out = (pmi_record){
      .pid = pmi_psinfo_u32(bytes, PR_PID),
      .ppid = pmi_psinfo_u32(bytes, PR_PPID),
      .started_us = pmi_psinfo_time_us(pmi_psinfo_u64(bytes, PR_START), pmi_psinfo_u64(bytes, PR_START + 8)),
      .is_zombie = pmi_psinfo_u32(bytes, PR_NLWP) == 0,
      .rss = pmi_psinfo_kib(pmi_psinfo_u64(bytes, PR_RSSIZE)),
      .vms = pmi_psinfo_kib(pmi_psinfo_u64(bytes, PR_SIZE)),
  };
  pmi_record_set_name(out, (const char *)bytes + PR_FNAME, PRFNSZ);
  pmi_record_normalize(out);
  return true;
}
