/* For an operating system that this package has no code for: no handle can be opened, so none is ever asked. */
#include "../pmi.h"

pmi_code pmi_open_handle(uint32_t pid, pmi_handle **out, pmi_error *error) {
  (void)pid;
  (void)out;
  return pmi_fail(error, PMI_ENOSYS, 0, "pmi_open_handle", NULL);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): it is one to be written through, elsewhere */
pmi_code pmi_handle_is_alive(const pmi_handle *handle, int *alive, pmi_error *error) {
  (void)handle;
  (void)alive;
  return pmi_fail(error, PMI_ENOSYS, 0, "pmi_handle_is_alive", NULL);
}

pmi_code pmi_handle_read_memory(const pmi_handle *handle, pmi_memory *out, pmi_error *error) {
  (void)handle;
  (void)out;
  return pmi_fail(error, PMI_ENOSYS, 0, "pmi_handle_read_memory", NULL);
}

pmi_code pmi_handle_read_counters(const pmi_handle *handle, pmi_counters *out, pmi_error *error) {
  (void)handle;
  (void)out;
  return pmi_fail(error, PMI_ENOSYS, 0, "pmi_handle_read_counters", NULL);
}

pmi_code pmi_handle_read_footprint(const pmi_handle *handle, pmi_footprint *out, pmi_error *error) {
  (void)handle;
  (void)out;
  return pmi_fail(error, PMI_ENOSYS, 0, "pmi_handle_read_footprint", NULL);
}

void pmi_close_handle(pmi_handle *handle) { (void)handle; }

uint64_t pmi_handle_creation_time_ms(const pmi_handle *handle) {
  (void)handle;
  return 0;
}
