/*
 * One process's memory, from one rendering of /proc/PID/status, so that its figures agree with each other. Kernels
 * before 4.5 do not split the resident size there; statm does (its "shared" is file-backed + shmem, too).
 */
#include "process.h"

#include <fcntl.h>

static pmi_code split_by_statm(const pmi_place *place, pmi_memory *memory, pmi_error *error) {
  pmi_statm statm;
  pmi_code code = pmi_read_statm(-1, place, &statm, error);
  if (code != PMI_OK)
    return code;
  if (statm.shared > statm.resident || pmi_bytes_of_pages(statm.resident) == UINT64_MAX)
    return PMI_OK; /* not to be believed: private and shared stay unknown */
  memory->private_bytes = pmi_bytes_of_pages(statm.resident - statm.shared);
  memory->shared_bytes = pmi_bytes_of_pages(statm.shared);
  memory->known |= PMI_PRIVATE | PMI_SHARED;
  return PMI_OK;
}

static pmi_code memory_of_status(const pmi_place *place, const pmi_status *status, pmi_memory *out, pmi_error *error) {
  pmi_memory memory = {.working_set = pmi_bytes_of_kib(status->kib[PMI_VM_RSS])};
  pmi_code code = PMI_OK;

  if (!pmi_status_has(status, PMI_VM_RSS)) {
    /* No memory at all: a zombie, a kernel thread, or a process on its way out. */
    memory.known = PMI_PEAK | PMI_PRIVATE | PMI_SHARED;
  } else {
    if (pmi_status_has(status, PMI_VM_HWM)) {
      memory.peak_working_set = pmi_bytes_of_kib(status->kib[PMI_VM_HWM]);
      memory.known |= PMI_PEAK;
    }
    if (pmi_status_has(status, PMI_RSS_ANON)) {
      memory.private_bytes = pmi_bytes_of_kib(status->kib[PMI_RSS_ANON]);
      memory.shared_bytes = pmi_bytes_of_kib(status->kib[PMI_RSS_FILE] + status->kib[PMI_RSS_SHMEM]);
      memory.known |= PMI_PRIVATE | PMI_SHARED;
    } else {
      code = split_by_statm(place, &memory, error);
    }
  }
  if (code == PMI_OK)
    *out = memory;
  return code;
}

pmi_code pmi_memory_at(int status_fd, pmi_place *place, pmi_status *status, pmi_memory *out, pmi_error *error) {
  pmi_status read;
  pmi_reader reader = status == NULL ? pmi_take_memory : pmi_take_status;
  pmi_code code;
  int attempts = PMI_THREAD_ATTEMPTS;
  do {
    code = pmi_read_open_status(status_fd, place, reader, &read, error);
    if (code == PMI_OK)
      code = memory_of_status(place, &read, out, error);
  } while (pmi_lost_thread(place, code, &attempts));
  if (code == PMI_OK && status != NULL)
    *status = read;
  return code;
}

pmi_code pmi_read_memory(uint32_t pid, pmi_memory *out, pmi_error *error) {
  pmi_place place = {.dir = AT_FDCWD, .pid = pid};
  return pmi_memory_at(-1, &place, NULL, out, error);
}
