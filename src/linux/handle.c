/*
 * A process held open. A descriptor of /proc/PID, and of a file in it, belongs to the process that it was opened for:
 * once that is gone, every read fails with ESRCH, whoever bears the pid. Reading an open status again saves opening and
 * closing it.
 */
#include "own.h"

#include <stdlib.h>

struct pmi_handle {
  pmi_place place;
  int status_fd;
  int statm_fd; /* -1 but for the caller's own process */
  uint64_t creation_time_ms;
  pmi_own own;
};

static pmi_code read_creation_time(const pmi_place *place, uint64_t *out, pmi_error *error) {
  uint64_t boot_time;
  pmi_stat stat;
  pmi_text text;
  pmi_text_init(&text);
  pmi_code code = pmi_boot_time(&boot_time, error);
  if (code == PMI_OK)
    code = pmi_read_stat(place, &text, &stat, error);
  if (code == PMI_OK)
    *out = pmi_creation_time_ms(boot_time, stat.start_ticks);
  pmi_text_free(&text);
  return code;
}

static pmi_code open_file(const pmi_place *place, const char *name, int *out, pmi_error *error) {
  char path[PMI_PROC_PATH];
  pmi_process_path(path, place->pid, name);
  return pmi_open(place->dir, path, 0, out, error);
}

/* The shorter way for the caller's own process. */
static pmi_code open_statm(pmi_handle *handle, const pmi_status *status, pmi_error *error) {
  handle->own = pmi_own_begin(handle->place.pid, status);
  if (handle->own.state != PMI_OWN_SHORT_WAY)
    return PMI_OK;
  return open_file(&handle->place, "statm", &handle->statm_fd, error);
}

pmi_code pmi_open_handle(uint32_t pid, pmi_handle **out, pmi_error *error) {
  pmi_status status;
  pmi_handle *handle = malloc(sizeof *handle);
  if (handle == NULL)
    return pmi_fail_memory(error);
  *handle = (pmi_handle){.place = {.dir = -1, .pid = pid}, .status_fd = -1, .statm_fd = -1};

  pmi_code code = pmi_open_process_dir(pid, &handle->place.dir, error);
  if (code == PMI_OK)
    code = read_creation_time(&handle->place, &handle->creation_time_ms, error);
  if (code == PMI_OK)
    code = open_file(&handle->place, "status", &handle->status_fd, error);
  if (code == PMI_OK) {
    pmi_place place = handle->place;
    code = pmi_read_open_status(handle->status_fd, &place, pmi_take_status, &status, error);
  }
  if (code == PMI_OK)
    code = open_statm(handle, &status, error);
  if (code == PMI_OK)
    *out = handle;
  else
    pmi_close_handle(handle);
  return code;
}

void pmi_close_handle(pmi_handle *handle) {
  const int descriptors[] = {handle->statm_fd, handle->status_fd, handle->place.dir};
  for (size_t i = 0; i < sizeof descriptors / sizeof *descriptors; i++)
    if (descriptors[i] != -1)
      pmi_close(descriptors[i]);
  free(handle);
}

uint64_t pmi_handle_creation_time_ms(const pmi_handle *handle) { return handle->creation_time_ms; }

pmi_code pmi_handle_is_alive(const pmi_handle *handle, int *alive, pmi_error *error) {
  pmi_status status;
  pmi_code code = pmi_read_main_status(handle->status_fd, &handle->place, pmi_take_status, &status, error);
  if (code == PMI_OK)
    *alive = status.threads > 1 || (status.state != 'Z' && status.state != 'X');
  if (code == PMI_ESRCH) {
    *alive = 0;
    code = PMI_OK;
  }
  return code;
}

pmi_code pmi_handle_read_memory(const pmi_handle *handle, pmi_memory *out, pmi_error *error) {
  pmi_place place = handle->place;
  bool done = false;
  pmi_code code = pmi_own_memory(&handle->own, handle->statm_fd, &place, out, &done, error);
  if (code != PMI_OK || done)
    return code;
  return pmi_memory_at(handle->status_fd, &place, NULL, out, error);
}

pmi_code pmi_handle_read_counters(const pmi_handle *handle, pmi_counters *out, pmi_error *error) {
  pmi_place place = handle->place;
  return pmi_counters_at(&place, out, error);
}

pmi_code pmi_handle_read_footprint(const pmi_handle *handle, pmi_footprint *out, pmi_error *error) {
  pmi_place place = handle->place;
  return pmi_footprint_at(&place, out, error);
}
