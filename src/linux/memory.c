/*
 * One process's memory, from one rendering of /proc/PID/status, so that its figures agree with each other.
 *
 * - Kernels before 4.5 do not split the resident size there; statm does (its "shared" is file-backed + shmem, too).
 * - /proc/TID answers for a thread although it is not listed: its Tgid tells.
 * - A process whose main thread has exited shows as a zombie without memory while its other threads run on: then any
 *   of those tells what the process has.
 */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static pmi_code unintelligible(const char *path, pmi_error *error) {
  return pmi_fail(error, PMI_EIO, EIO, "read", path);
}

static pmi_code read_status(int dir, const char *path, pmi_status *out, pmi_error *error) {
  pmi_text text;
  pmi_text_init(&text);
  pmi_code code = pmi_slurp(dir, path, pmi_status_complete, &text, error);
  if (code == PMI_OK && !pmi_parse_status(text.bytes, text.length, out))
    code = unintelligible(path, error);
  pmi_text_free(&text);
  return code;
}

static pmi_code read_statm(int dir, uint32_t pid, pmi_statm *out, pmi_error *error) {
  char path[PMI_PROC_PATH];
  pmi_text text;
  pmi_text_init(&text);
  pmi_process_path(path, pid, "statm");
  pmi_code code = pmi_slurp(dir, path, pmi_statm_complete, &text, error);
  if (code == PMI_OK && !pmi_parse_statm(text.bytes, text.length, out))
    code = unintelligible(path, error);
  pmi_text_free(&text);
  return code;
}

/* Puts the status of a thread that still has memory into `status`; leaves it alone where there is none. */
static pmi_code read_live_thread(int dir, uint32_t pid, pmi_status *status, pmi_error *error) {
  char path[PMI_PROC_PATH];
  pmi_ids threads = {0};
  pmi_process_path(path, pid, "task");
  pmi_code code = pmi_list_ids(dir, path, &threads, error);
  for (size_t i = 0; code == PMI_OK && i < threads.count; i++) {
    pmi_status thread;
    pmi_thread_path(path, pid, threads.ids[i], "status");
    code = read_status(dir, path, &thread, error);
    if (code == PMI_ESRCH) {
      code = PMI_OK; /* that thread exited; the next may not have */
    } else if (code == PMI_OK && (thread.found & PMI_VM_RSS) != 0) {
      *status = thread;
      break;
    }
  }
  pmi_ids_free(&threads);
  return code;
}

static pmi_code split_by_statm(int dir, uint32_t pid, pmi_memory *memory, pmi_error *error) {
  pmi_statm statm;
  pmi_code code = read_statm(dir, pid, &statm, error);
  if (code != PMI_OK)
    return code;
  uint64_t page_size = (uint64_t)sysconf(_SC_PAGESIZE);
  if (statm.shared_pages > statm.resident_pages || statm.resident_pages > UINT64_MAX / page_size)
    return PMI_OK; /* not to be believed: private and shared stay unknown */
  memory->private_bytes = (statm.resident_pages - statm.shared_pages) * page_size;
  memory->shared_bytes = statm.shared_pages * page_size;
  memory->known |= PMI_PRIVATE | PMI_SHARED;
  return PMI_OK;
}

static uint64_t bytes_of_kib(uint64_t kib) { return kib > UINT64_MAX / 1024 ? UINT64_MAX : kib * 1024; }

static pmi_code memory_of_status(int dir, uint32_t pid, const pmi_status *status, pmi_memory *out, pmi_error *error) {
  pmi_memory memory = {.working_set = bytes_of_kib(status->vm_rss_kib)};
  pmi_code code = PMI_OK;

  if ((status->found & PMI_VM_RSS) == 0) {
    /* No memory at all: a zombie, a kernel thread, or a process on its way out. */
    memory.known = PMI_PEAK | PMI_PRIVATE | PMI_SHARED;
  } else {
    if ((status->found & PMI_VM_HWM) != 0) {
      memory.peak_working_set = bytes_of_kib(status->vm_hwm_kib);
      memory.known |= PMI_PEAK;
    }
    if ((status->found & PMI_RSS_ANON) != 0) {
      memory.private_bytes = bytes_of_kib(status->rss_anon_kib);
      memory.shared_bytes = bytes_of_kib(status->rss_file_kib) + bytes_of_kib(status->rss_shmem_kib);
      memory.known |= PMI_PRIVATE | PMI_SHARED;
    } else {
      code = split_by_statm(dir, pid, &memory, error);
    }
  }
  if (code == PMI_OK)
    *out = memory;
  return code;
}

pmi_code pmi_read_memory_at(int dir, uint32_t pid, pmi_memory *out, pmi_error *error) {
  char path[PMI_PROC_PATH];
  pmi_status status;
  pmi_process_path(path, pid, "status");
  pmi_code code = read_status(dir, path, &status, error);
  if (code == PMI_OK && status.tgid != pid)
    code = pmi_fail(error, PMI_ESRCH, ESRCH, "open", path);
  if (code == PMI_OK && (status.found & PMI_VM_RSS) == 0 && status.threads > 1)
    code = read_live_thread(dir, pid, &status, error);
  if (code == PMI_OK)
    code = memory_of_status(dir, pid, &status, out, error);
  return code;
}

pmi_code pmi_read_memory(uint32_t pid, pmi_memory *out, pmi_error *error) {
  return pmi_read_memory_at(AT_FDCWD, pid, out, error);
}
