/*
 * For unsupported operating systems: everything compiles and loads, but fails with ENOSYS. No handle can be opened, so
 * the functions of handles are never called.
 */
#include "pmi.h"

static pmi_code refuse(pmi_error *error, const char *function) {
  return pmi_fail(error, PMI_ENOSYS, 0, function, NULL);
}

pmi_code pmi_read_memory(uint32_t pid, pmi_memory *out, pmi_error *error) {
  (void)pid;
  (void)out;
  return refuse(error, "pmi_read_memory");
}

pmi_code pmi_read_counters(uint32_t pid, pmi_values *out, pmi_error *error) {
  (void)pid;
  (void)out;
  return refuse(error, "pmi_read_counters");
}

pmi_code pmi_read_footprint(uint32_t pid, pmi_footprint *out, pmi_error *error) {
  (void)pid;
  (void)out;
  return refuse(error, "pmi_read_footprint");
}

pmi_code pmi_read_limit(uint32_t pid, pmi_limit *out, pmi_error *error) {
  (void)pid;
  (void)out;
  return refuse(error, "pmi_read_limit");
}

pmi_code pmi_read_trees(const uint32_t *roots, size_t count, uint32_t options, pmi_tree *trees, pmi_error *errors,
                        pmi_error *error) {
  (void)roots;
  (void)count;
  (void)options;
  (void)trees;
  (void)errors;
  return refuse(error, "pmi_read_trees");
}

pmi_code pmi_read_all(uint32_t options, pmi_tree *out, pmi_error *error) {
  (void)options;
  (void)out;
  return refuse(error, "pmi_read_all");
}

pmi_code pmi_read_system(pmi_values *out, pmi_error *error) {
  (void)out;
  return refuse(error, "pmi_read_system");
}

pmi_code pmi_open_handle(uint32_t pid, pmi_handle **out, pmi_error *error) {
  (void)pid;
  (void)out;
  return refuse(error, "pmi_open_handle");
}

void pmi_close_handle(pmi_handle *handle) { (void)handle; }

uint32_t pmi_handle_pid(const pmi_handle *handle) {
  (void)handle;
  return 0;
}

uint64_t pmi_handle_creation_time_ms(const pmi_handle *handle) {
  (void)handle;
  return 0;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): other platforms write to it */
pmi_code pmi_handle_is_alive(const pmi_handle *handle, bool *alive, pmi_error *error) {
  (void)handle;
  (void)alive;
  return refuse(error, "pmi_handle_is_alive");
}

pmi_code pmi_handle_read_memory(const pmi_handle *handle, pmi_memory *out, pmi_error *error) {
  (void)handle;
  (void)out;
  return refuse(error, "pmi_handle_read_memory");
}

pmi_code pmi_handle_read_counters(const pmi_handle *handle, pmi_values *out, pmi_error *error) {
  (void)handle;
  (void)out;
  return refuse(error, "pmi_handle_read_counters");
}

pmi_code pmi_handle_read_footprint(const pmi_handle *handle, pmi_footprint *out, pmi_error *error) {
  (void)handle;
  (void)out;
  return refuse(error, "pmi_handle_read_footprint");
}
