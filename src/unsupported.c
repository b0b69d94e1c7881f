/* For unsupported operating systems: everything compiles and loads, but fails with ENOSYS. */
#include "record/record.h"

const char pmi_list_call[] = "pmi_read_record";

/* NOLINTNEXTLINE(readability-non-const-parameter): other platforms write to it */
pmi_code pmi_read_record(uint32_t pid, pmi_record *out, pmi_error *error) {
  (void)pid;
  (void)out;
  return pmi_fail(error, PMI_ENOSYS, 0, pmi_list_call, NULL);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): likewise */
pmi_code pmi_read_records(pmi_records *out, pmi_error *error) {
  (void)out;
  return pmi_fail(error, PMI_ENOSYS, 0, "pmi_read_records", NULL);
}

pmi_code pmi_read_system(pmi_values *out, pmi_error *error) {
  (void)out;
  return pmi_fail(error, PMI_ENOSYS, 0, "pmi_read_system", NULL);
}

uint64_t pmi_boot_time_us(void) { return 0; }
