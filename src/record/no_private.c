/* For the systems that do not tell how much of a process nobody shares. */
#include "record.h"

/* Of a zombie, which has no resident memory. */
const char pmi_private_method[] = "rss";

/* NOLINTNEXTLINE(readability-non-const-parameter): it is one to be written through, elsewhere */
pmi_code pmi_read_private(uint32_t pid, uint64_t *out, pmi_error *error) {
  (void)pid;
  (void)out;
  return pmi_fail(error, PMI_ENOSYS, 0, pmi_list_call, NULL);
}
