/*
 * Limits of jails, zones, projects and classes are not read yet; so whether one binds the process cannot be said, and
 * is not.
 */
#include "record.h"

pmi_code pmi_read_limit(uint32_t pid, pmi_limit *out, pmi_error *error) {
  pmi_record record;
  (void)out;
  pmi_code code = pmi_read_record(pid, &record, error);
  return code == PMI_OK ? pmi_fail(error, PMI_ENOSYS, 0, pmi_list_call, NULL) : code;
}
