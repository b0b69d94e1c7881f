/* For the systems that do not report how much memory of a process is unshared. */
#include "record.h"

/* Only for a zombie, which has no resident memory. */
const char pmi_private_method[] = "rss";

/* NOLINTNEXTLINE(readability-non-const-parameter): other systems write through it */
pmi_code pmi_read_private(uint32_t pid, uint64_t *out, pmi_error *error) {
  (void)pid;
  (void)out;
  return pmi_fail(error, PMI_ENOSYS, 0, pmi_list_call, NULL);
}
