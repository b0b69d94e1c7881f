/*
 * A process identified by pid and start time, since macOS has no descriptor for a process: each read verifies that the
 * pid still belongs to the same process.
 */
#include "process.h"

#include <stdlib.h>

struct pmi_handle {
  pmi_target target;
};

pmi_code pmi_open_handle(uint32_t pid, pmi_handle **out, pmi_error *error) {
  bool zombie;
  pmi_os_rusage rusage;
  pmi_handle *handle = calloc(1, sizeof *handle);
  if (handle == NULL)
    return pmi_fail_nomem(error);
  pmi_code code = pmi_target_open(pid, &handle->target, error);
  if (code == PMI_OK) /* fails early if access is denied */
    code = pmi_target_verify(&handle->target, pmi_rusage_of_pid(pid, &rusage, error), &zombie, error);
  if (code == PMI_OK)
    *out = handle;
  else
    free(handle);
  return code;
}

void pmi_close_handle(pmi_handle *handle) { free(handle); }

uint32_t pmi_handle_pid(const pmi_handle *handle) { return handle->target.pid; }

uint64_t pmi_handle_creation_time_ms(const pmi_handle *handle) { return handle->target.creation_time_ms; }

pmi_code pmi_handle_is_alive(const pmi_handle *handle, bool *alive, pmi_error *error) {
  bool zombie = false;
  pmi_code code = pmi_target_state(&handle->target, &zombie, error);
  if (code != PMI_OK && code != PMI_ESRCH)
    return code;
  *alive = code == PMI_OK && !zombie;
  return PMI_OK;
}

/* Verifies first, so that neither values nor errors of another process are returned. */
static pmi_code check(const pmi_handle *handle, pmi_error *error) {
  bool zombie = false;
  return pmi_target_state(&handle->target, &zombie, error);
}

pmi_code pmi_handle_read_memory(const pmi_handle *handle, pmi_memory *out, pmi_error *error) {
  pmi_code code = check(handle, error);
  return code == PMI_OK ? pmi_memory_at(&handle->target, out, error) : code;
}

pmi_code pmi_handle_read_counters(const pmi_handle *handle, pmi_values *out, pmi_error *error) {
  pmi_code code = check(handle, error);
  return code == PMI_OK ? pmi_counters_at(&handle->target, out, error) : code;
}

pmi_code pmi_handle_read_footprint(const pmi_handle *handle, pmi_footprint *out, pmi_error *error) {
  pmi_code code = check(handle, error);
  return code == PMI_OK ? pmi_footprint_at(&handle->target, out, error) : code;
}
