/*
 * All memory counters of one process: the columns of /proc/PID/statm, named as in psutil, further sizes of
 * /proc/PID/status, and the page faults of /proc/PID/stat.
 */
#include "process.h"

static void add_statm(pmi_values *counters, const pmi_statm *statm) {
  pmi_values_add(counters, "rss", PMI_BYTES, pmi_bytes_of_pages(statm->resident));
  pmi_values_add(counters, "vms", PMI_BYTES, pmi_bytes_of_pages(statm->size));
  pmi_values_add(counters, "shared", PMI_BYTES, pmi_bytes_of_pages(statm->shared));
  pmi_values_add(counters, "text", PMI_BYTES, pmi_bytes_of_pages(statm->text));
  pmi_values_add(counters, "lib", PMI_BYTES, pmi_bytes_of_pages(statm->lib));
  pmi_values_add(counters, "data", PMI_BYTES, pmi_bytes_of_pages(statm->data));
  pmi_values_add(counters, "dirty", PMI_BYTES, pmi_bytes_of_pages(statm->dirty));
}

static const struct {
  const char *name;
  pmi_status_size size;
} status_counters[] = {
    {"anon", PMI_RSS_ANON},  {"file", PMI_RSS_FILE},   {"shmem", PMI_RSS_SHMEM},       {"swap", PMI_VM_SWAP},
    {"peakRss", PMI_VM_HWM}, {"peakVms", PMI_VM_PEAK}, {"stack", PMI_VM_STK},          {"pageTables", PMI_VM_PTE},
    {"locked", PMI_VM_LCK},  {"pinned", PMI_VM_PIN},   {"hugetlb", PMI_HUGETLB_PAGES},
};

/*
 * All sizes of a process without memory are 0, and its peaks unknown. Otherwise a size without a line is left out.
 */
static void add_status(pmi_values *counters, const pmi_status *status) {
  const bool has_memory = pmi_status_has(status, PMI_VM_RSS);
  for (size_t i = 0; i < sizeof status_counters / sizeof *status_counters; i++) {
    const pmi_status_size size = status_counters[i].size;
    const bool is_peak = size == PMI_VM_HWM || size == PMI_VM_PEAK;
    if (has_memory ? pmi_status_has(status, size) : !is_peak || pmi_is_alive(status))
      pmi_values_add(counters, status_counters[i].name, PMI_BYTES, pmi_bytes_of_kib(status->kib[size]));
  }
}

/*
 * Reads both files of the same thread. The process may exit or call exec(2) in between: if only one of them has memory,
 * both are read again.
 */
static pmi_code read_both(pmi_proc_dir *proc, pmi_status *status, pmi_statm *statm, pmi_error *error) {
  pmi_code code = PMI_OK;
  bool agree = false;
  for (int attempts = PMI_THREAD_ATTEMPTS; code == PMI_OK && !agree && attempts > 0;) {
    proc->tid = 0;
    code = pmi_read_status(-1, proc, PMI_WANT_ALL, status, error);
    if (code == PMI_OK)
      code = pmi_read_statm(-1, proc, statm, error);
    if (pmi_lost_thread(proc, code, &attempts)) {
      code = PMI_OK;
      continue;
    }
    agree = code == PMI_OK && pmi_status_has(status, PMI_VM_RSS) == (statm->size > 0);
    attempts--;
  }
  return code != PMI_OK || agree ? code : pmi_unintelligible(proc, "statm", error);
}

pmi_code pmi_counters_at(pmi_proc_dir *proc, pmi_values *out, pmi_error *error) {
  const pmi_proc_dir own = {.base = proc->base, .pid = proc->pid}; /* its stat has the faults of all threads */
  pmi_values counters = {0};
  pmi_status status;
  pmi_statm statm = {0};
  pmi_stat stat;
  pmi_code code = read_both(proc, &status, &statm, error);
  if (code == PMI_OK)
    code = pmi_read_stat(-1, &own, &stat, error);
  if (code == PMI_OK) {
    add_statm(&counters, &statm);
    add_status(&counters, &status);
    pmi_values_add(&counters, "minorFaults", PMI_COUNT, stat.minor_faults);
    pmi_values_add(&counters, "majorFaults", PMI_COUNT, stat.major_faults);
    *out = counters;
  }
  return code;
}

pmi_code pmi_read_counters(uint32_t pid, pmi_values *out, pmi_error *error) {
  pmi_proc_dir proc;
  pmi_code code = pmi_bind(pid, &proc, error);
  if (code == PMI_OK)
    code = pmi_counters_at(&proc, out, error);
  pmi_let_go(&proc.base);
  return code;
}
