/*
 * A process, identified by its pid and start time: these systems have no way to hold a process. Each reading is one
 * record, which has both the figures and the identity of the process.
 *
 * Some kernels store the start time relative to the boot and add the time of the boot, which changes when the clock is
 * set. The difference between the two stays the same.
 */
#include "record.h"

#include <stdlib.h>

struct pmi_handle {
  pmi_record opened; /* as it was then */
  uint64_t boot_us;  /* as it was then */
};

/* For differences in rounding; no pid is reused that soon. */
enum { TOLERANCE_US = 1000, MAX_ATTEMPTS = 4 };

static bool is_handles(const pmi_handle *handle, const pmi_record *now) {
  if (pmi_is_same_process(&handle->opened, now))
    return true;
  uint64_t moved_us = pmi_boot_time_us() - handle->boot_us; /* modulo 2^64: backwards, too */
  uint64_t expected_us = handle->opened.started_us + moved_us;
  return moved_us != 0 && now->pid == handle->opened.pid &&
         now->started_us - expected_us + TOLERANCE_US <= 2 * (uint64_t)TOLERANCE_US;
}

/* The record as it is now; ESRCH if another process has the pid. */
static pmi_code read_again(const pmi_handle *handle, pmi_record *out, pmi_error *error) {
  pmi_record record;
  pmi_code code = pmi_read_record(handle->opened.pid, &record, error);
  if (code != PMI_OK)
    return code;
  if (!is_handles(handle, &record))
    return pmi_fail(error, PMI_ESRCH, 0, pmi_list_call, NULL);
  *out = record;
  return PMI_OK;
}

pmi_code pmi_open_handle(uint32_t pid, pmi_handle **out, pmi_error *error) {
  pmi_handle *handle = calloc(1, sizeof *handle);
  if (handle == NULL)
    return pmi_fail_nomem(error);
  pmi_code code;
  int attempts = MAX_ATTEMPTS;
  do { /* both must be read under the same clock setting */
    handle->boot_us = pmi_boot_time_us();
    code = pmi_read_record(pid, &handle->opened, error);
  } while (code == PMI_OK && handle->boot_us != pmi_boot_time_us() && --attempts > 0);
  if (code == PMI_OK)
    *out = handle;
  else
    free(handle);
  return code;
}

void pmi_close_handle(pmi_handle *handle) { free(handle); }

uint32_t pmi_handle_pid(const pmi_handle *handle) { return handle->opened.pid; }

uint64_t pmi_handle_creation_time_ms(const pmi_handle *handle) { return handle->opened.started_us / 1000; }

pmi_code pmi_handle_is_alive(const pmi_handle *handle, bool *alive, pmi_error *error) {
  pmi_record record = {0};
  pmi_code code = read_again(handle, &record, error);
  if (code != PMI_OK && code != PMI_ESRCH)
    return code;
  *alive = code == PMI_OK && !record.is_zombie;
  return PMI_OK;
}

pmi_code pmi_handle_read_memory(const pmi_handle *handle, pmi_memory *out, pmi_error *error) {
  pmi_record record;
  pmi_code code = read_again(handle, &record, error);
  if (code == PMI_OK)
    *out = pmi_memory_of_record(&record);
  return code;
}

pmi_code pmi_handle_read_counters(const pmi_handle *handle, pmi_values *out, pmi_error *error) {
  pmi_record record;
  pmi_code code = read_again(handle, &record, error);
  if (code == PMI_OK)
    *out = pmi_counters_of_record(&record);
  return code;
}

pmi_code pmi_handle_read_footprint(const pmi_handle *handle, pmi_footprint *out, pmi_error *error) {
  pmi_record record;
  pmi_code code = read_again(handle, &record, error);
  return code == PMI_OK ? pmi_footprint_of_record(&record, out, error) : code;
}
