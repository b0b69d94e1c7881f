/*
 * A process held open by a HANDLE. While it is open, the system keeps the process object and does not reuse its pid.
 * It also keeps reporting the counters of a process that has exited, so each reading checks for that.
 */
#include "vm.h"

#include <stdlib.h>

struct pmi_handle {
  pmi_target target;
  uint64_t creation_time_ms;
};

pmi_code pmi_open_handle(uint32_t pid, pmi_handle **out, pmi_error *error) {
  pmi_handle *handle = calloc(1, sizeof *handle);
  if (handle == NULL)
    return pmi_fail_nomem(error);
  pmi_code code = pmi_target_open(pid, &handle->target, error);
  if (code != PMI_OK) {
    free(handle);
    return code;
  }
  code = pmi_target_creation_time_ms(&handle->target, &handle->creation_time_ms, error);
  code = pmi_target_verify(&handle->target, code, error);
  if (code == PMI_OK)
    *out = handle;
  else
    pmi_close_handle(handle);
  return code;
}

void pmi_close_handle(pmi_handle *handle) {
  pmi_target_close(&handle->target);
  free(handle);
}

uint32_t pmi_handle_pid(const pmi_handle *handle) { return handle->target.pid; }

uint64_t pmi_handle_creation_time_ms(const pmi_handle *handle) { return handle->creation_time_ms; }

pmi_code pmi_handle_is_alive(const pmi_handle *handle, bool *alive, pmi_error *error) {
  bool exited;
  pmi_code code = pmi_target_has_exited(&handle->target, &exited, error);
  if (code == PMI_OK)
    *alive = !exited;
  return code;
}

pmi_code pmi_handle_read_memory(const pmi_handle *handle, pmi_memory *out, pmi_error *error) {
  return pmi_memory_at(&handle->target, out, error);
}

pmi_code pmi_handle_read_counters(const pmi_handle *handle, pmi_values *out, pmi_error *error) {
  return pmi_counters_at(&handle->target, out, error);
}

pmi_code pmi_handle_read_footprint(const pmi_handle *handle, pmi_footprint *out, pmi_error *error) {
  return pmi_footprint_at(&handle->target, out, error);
}
