/*
 * A process held open. A descriptor of /proc/PID, or of a file in it, stays bound to its process: once that has exited,
 * every read fails with ESRCH, even if the pid is reused. Rereading an open status saves opening and closing it.
 *
 * The caller's own process has a fast path: reading statm takes a tenth of the time of status, and it has everything
 * but the peak. getrusage(2) has the peak, but over all programs that the process has executed, including that of its
 * parent when it forked. It belongs to this program only if it did not exceed VmHWM when the handle was opened, or has
 * risen since.
 */
#include "process.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

struct pmi_handle {
  pmi_proc_dir proc;
  int status_fd;
  int statm_fd;                /* -1 except for the caller's own process */
  uint64_t inherited_peak_kib; /* of the caller's own process: a peak that may be inherited; 0 if there is none */
  uint64_t creation_time_ms;
};

/*
 * The peak is always that of the process. With RUSAGE_THREAD the kernel does not sum up the other values over all
 * threads.
 */
static uint64_t peak_kib(void) {
  struct rusage usage;
  return getrusage(RUSAGE_THREAD, &usage) == 0 ? (uint64_t)usage.ru_maxrss : 0;
}

/* In a /proc of another pid namespace our pid may be another process, but "self" is always the caller. */
static bool is_own(uint32_t pid) {
  char self[16];
  uint32_t id;
  ssize_t length = readlink(PMI_PROC "/self", self, sizeof self);
  return pid == (uint32_t)getpid() && length > 0 && pmi_parse_id(self, (size_t)length, &id) && id == pid;
}

static pmi_code open_statm_if_own(pmi_handle *handle, const pmi_status *status, pmi_error *error) {
  if (!is_own(handle->proc.pid) || !pmi_status_has(status, PMI_VM_HWM))
    return PMI_OK;
  uint64_t peak = peak_kib();
  if (peak > status->kib[PMI_VM_HWM])
    handle->inherited_peak_kib = peak;
  return pmi_open_file(&handle->proc, "statm", &handle->statm_fd, error);
}

/* The fast path for the caller's own process. If it has no result, *done is false and status must be read. */
static pmi_code read_own_memory(const pmi_handle *handle, pmi_memory *out, bool *done, pmi_error *error) {
  pmi_statm statm;
  *done = false;
  if (handle->statm_fd == -1)
    return PMI_OK;
  uint64_t peak = peak_kib();
  if (peak <= handle->inherited_peak_kib)
    return PMI_OK;
  pmi_code code = pmi_read_statm(handle->statm_fd, &handle->proc, &statm, error);
  if (code != PMI_OK || statm.shared > statm.resident)
    return code;
  uint64_t resident = pmi_bytes_of_pages(statm.resident);
  uint64_t highest = pmi_bytes_of_kib(peak);
  *out = (pmi_memory){
      .working_set = resident,
      .peak_working_set = highest > resident ? highest : resident, /* it may have grown in between */
      .private_bytes = pmi_bytes_of_pages(statm.resident - statm.shared),
      .shared_bytes = pmi_bytes_of_pages(statm.shared),
      .known = PMI_PEAK | PMI_PRIVATE | PMI_SHARED,
  };
  *done = true;
  return PMI_OK;
}

pmi_code pmi_open_handle(uint32_t pid, pmi_handle **out, pmi_error *error) {
  pmi_stat stat;
  pmi_status status;
  pmi_handle *handle = malloc(sizeof *handle);
  if (handle == NULL)
    return pmi_fail_nomem(error);
  *handle = (pmi_handle){.status_fd = -1, .statm_fd = -1};

  pmi_code code = pmi_bind(pid, &handle->proc, error);
  if (code == PMI_OK)
    code = pmi_read_stat(-1, &handle->proc, &stat, error);
  if (code == PMI_OK)
    code = pmi_open_file(&handle->proc, "status", &handle->status_fd, error);
  if (code == PMI_OK) {
    pmi_proc_dir proc = handle->proc;
    code = pmi_read_status(handle->status_fd, &proc, PMI_WANT_ALL, &status, error);
  }
  if (code == PMI_OK)
    code = open_statm_if_own(handle, &status, error);
  if (code != PMI_OK) {
    pmi_close_handle(handle);
    return code;
  }
  handle->creation_time_ms = pmi_creation_time_ms(stat.start_ticks);
  *out = handle;
  return PMI_OK;
}

void pmi_close_handle(pmi_handle *handle) {
  if (handle->statm_fd != -1)
    pmi_close(handle->statm_fd);
  if (handle->status_fd != -1)
    pmi_close(handle->status_fd);
  pmi_let_go(&handle->proc.base);
  free(handle);
}

uint32_t pmi_handle_pid(const pmi_handle *handle) { return handle->proc.pid; }

uint64_t pmi_handle_creation_time_ms(const pmi_handle *handle) { return handle->creation_time_ms; }

pmi_code pmi_handle_is_alive(const pmi_handle *handle, bool *alive, pmi_error *error) {
  pmi_status status;
  pmi_proc_dir proc = handle->proc;
  pmi_code code = pmi_read_thread_status(handle->status_fd, &proc, PMI_WANT_MEMORY | PMI_WANT_THREADS, &status, error);
  *alive = code == PMI_OK && pmi_is_alive(&status);
  if (code == PMI_OK && !*alive && status.threads != 1) {
    code = pmi_read_status(handle->status_fd, &proc, PMI_WANT_MEMORY | PMI_WANT_THREADS, &status, error);
    *alive = code == PMI_EIO ||
             (code == PMI_OK && pmi_is_alive(&status)); /* there are other threads, but each exits too soon */
    if (code == PMI_EIO)
      code = PMI_OK;
  }
  return code == PMI_ESRCH ? PMI_OK : code;
}

pmi_code pmi_handle_read_memory(const pmi_handle *handle, pmi_memory *out, pmi_error *error) {
  pmi_status status;
  pmi_proc_dir proc = handle->proc;
  bool done;
  pmi_code code = read_own_memory(handle, out, &done, error);
  if (code != PMI_OK || done)
    return code;
  return pmi_memory_at(handle->status_fd, &proc, PMI_WANT_MEMORY, &status, out, error);
}

pmi_code pmi_handle_read_counters(const pmi_handle *handle, pmi_values *out, pmi_error *error) {
  pmi_proc_dir proc = handle->proc;
  return pmi_counters_at(&proc, out, error);
}

pmi_code pmi_handle_read_footprint(const pmi_handle *handle, pmi_footprint *out, pmi_error *error) {
  pmi_proc_dir proc = handle->proc;
  return pmi_footprint_at(&proc, out, error);
}
