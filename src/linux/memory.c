/*
 * The memory of one process, from a single read of /proc/PID/status, so that its values are consistent. Kernels before
 * 4.5 do not split the resident size there; statm does (its "shared" is file-backed + shmem, too).
 */
#include "process.h"

static pmi_code split_by_statm(const pmi_proc_dir *proc, pmi_memory *memory, pmi_error *error) {
  pmi_statm statm;
  pmi_code code = pmi_read_statm(-1, proc, &statm, error);
  if (code != PMI_OK)
    return code;
  if (statm.shared > statm.resident || pmi_bytes_of_pages(statm.resident) == UINT64_MAX)
    return PMI_OK; /* implausible: private and shared stay unknown */
  memory->private_bytes = pmi_bytes_of_pages(statm.resident - statm.shared);
  memory->shared_bytes = pmi_bytes_of_pages(statm.shared);
  memory->known |= PMI_PRIVATE | PMI_SHARED;
  return PMI_OK;
}

static pmi_code fill(const pmi_proc_dir *proc, const pmi_status *status, pmi_memory *out, pmi_error *error) {
  *out = (pmi_memory){.working_set = pmi_bytes_of_kib(status->kib[PMI_VM_RSS])};
  if (pmi_status_has(status, PMI_VM_HWM)) {
    out->peak_working_set = pmi_bytes_of_kib(status->kib[PMI_VM_HWM]);
    out->known |= PMI_PEAK;
  }
  if (!pmi_status_has(status, PMI_RSS_ANON))
    return split_by_statm(proc, out, error);
  out->private_bytes = pmi_bytes_of_kib(status->kib[PMI_RSS_ANON]);
  out->known |= PMI_PRIVATE;
  if (pmi_status_has(status, PMI_RSS_FILE) && pmi_status_has(status, PMI_RSS_SHMEM)) {
    out->shared_bytes = pmi_bytes_of_kib(pmi_saturating_sum(status->kib[PMI_RSS_FILE], status->kib[PMI_RSS_SHMEM]));
    out->known |= PMI_SHARED;
  }
  return PMI_OK;
}

/*
 * For a status without sizes, of a process without memory. A kernel thread never had any; the peak of a zombie or
 * exiting process is unknown. False for any other process.
 */
static bool fill_zeros(const pmi_status *status, pmi_memory *out) {
  if (pmi_is_alive(status) && !status->kernel_thread)
    return false;
  *out = (pmi_memory){.known = PMI_PRIVATE | PMI_SHARED | (status->kernel_thread ? PMI_PEAK : 0)};
  return true;
}

/* Any other process has memory, even if an emulation of /proc leaves it out of the status. */
static pmi_code fill_without(const pmi_proc_dir *proc, const pmi_status *status, pmi_memory *out, pmi_error *error) {
  pmi_statm statm;
  if (fill_zeros(status, out))
    return PMI_OK;
  pmi_code code = pmi_read_statm(-1, proc, &statm, error);
  if (code != PMI_OK)
    return code;
  *out = (pmi_memory){.working_set = pmi_bytes_of_pages(statm.resident)};
  if (statm.resident > 0)
    return split_by_statm(proc, out, error);
  out->known = PMI_PRIVATE | PMI_SHARED;
  return PMI_OK;
}

/* Kernels before 6.11 do not have it in the status. */
static pmi_code find_kernel_thread(const pmi_proc_dir *proc, pmi_status *status, pmi_error *error) {
  pmi_stat stat;
  if (status->kernel_thread || !pmi_is_alive(status))
    return PMI_OK;
  pmi_code code = pmi_read_stat(-1, proc, &stat, error);
  status->kernel_thread = code == PMI_OK && (stat.flags & PMI_KERNEL_THREAD) != 0;
  return code;
}

/* Reads the memory of one process; what the status lacks is read in the same directory. */
static pmi_code read_thoroughly(int status_fd, pmi_proc_dir *proc, unsigned wanted, pmi_status *status, pmi_memory *out,
                                pmi_error *error) {
  pmi_memory memory;
  int attempts = PMI_THREAD_ATTEMPTS;
  pmi_code code;
  do {
    code = pmi_read_status(status_fd, proc, wanted, status, error);
    if (code == PMI_OK)
      code = pmi_status_has(status, PMI_VM_RSS) ? fill(proc, status, &memory, error)
                                                : fill_without(proc, status, &memory, error);
  } while (pmi_lost_thread(proc, code, &attempts));
  if (code == PMI_OK)
    *out = memory;
  return code;
}

pmi_code pmi_memory_at(int status_fd, pmi_proc_dir *proc, unsigned wanted, pmi_status *status, pmi_memory *out,
                       pmi_error *error) {
  pmi_code code = pmi_read_thread_status(status_fd, proc, wanted, status, error);
  if (code != PMI_OK)
    return code;
  if ((status->found & PMI_STATUS_MEMORY) == PMI_STATUS_MEMORY)
    return fill(proc, status, out, error);
  if (!pmi_status_has(status, PMI_VM_RSS) && status->threads == 1) {
    code = find_kernel_thread(proc, status, error);
    if (code != PMI_OK || fill_zeros(status, out))
      return code;
  }
  pmi_proc_dir held = *proc;
  const bool is_bound = pmi_is_bound(proc);
  if (!is_bound)
    code = pmi_bind(proc->pid, &held, error);
  if (code == PMI_OK)
    code = read_thoroughly(status_fd, &held, wanted, status, out, error);
  proc->tid = held.tid;
  if (!is_bound)
    pmi_let_go(&held.base);
  return code;
}

pmi_code pmi_read_memory(uint32_t pid, pmi_memory *out, pmi_error *error) {
  pmi_status status;
  pmi_proc_dir proc = {.pid = pid};
  return pmi_memory_at(-1, &proc, PMI_WANT_MEMORY, &status, out, error);
}
