/* This system does not tell how much of a process nobody shares. */
#include "../unix/record.h"

const char pmi_private_method[] = "";

pmi_code pmi_read_private(uint32_t pid, uint64_t *out, pmi_error *error) {
  (void)pid;
  (void)out;
  return pmi_fail(error, PMI_ENOSYS, 0, pmi_list_call, NULL);
}
