/*
 * The exact cost of one process: its proportional and unique set size, for which the kernel walks the page tables under
 * the mmap lock. /proc/PID/smaps_rollup (Linux 4.14) has the sums, /proc/PID/smaps every region. Both need the right to
 * trace the process (man 2 ptrace, PTRACE_MODE_READ), and fail with ESRCH for a process without memory. A kernel
 * without CONFIG_PROC_PAGE_MONITOR has neither.
 */
#include "process.h"

#include <errno.h>

static pmi_code read_smaps(const pmi_proc_dir *proc, const char *name, pmi_smaps *out, pmi_error *error) {
  pmi_text text;
  pmi_code code = pmi_read_file(-1, proc, name, NULL, NULL, &text, error);
  if (code == PMI_OK && !pmi_parse_smaps(text.bytes, text.length, out))
    code = pmi_unintelligible(proc, name, error);
  pmi_text_free(&text);
  return code;
}

static bool has(const pmi_smaps *smaps, pmi_smaps_size size) { return (smaps->found & 1U << size) != 0; }

/* Adds the sum of two sizes, either of which may be missing, but not both. */
static void add(pmi_values *values, const char *name, const pmi_smaps *smaps, pmi_smaps_size a, pmi_smaps_size b) {
  if (has(smaps, a) || has(smaps, b))
    pmi_values_add(values, name, PMI_BYTES,
                   pmi_bytes_of_kib(pmi_saturating_sum(smaps->kib[a], a == b ? 0 : smaps->kib[b])));
}

static void fill(const pmi_smaps *smaps, const char *method, pmi_footprint *out) {
  pmi_values values = {0};
  add(&values, "uss", smaps, PMI_SMAPS_PRIVATE, PMI_SMAPS_PRIVATE_HUGETLB);
  add(&values, "pss", smaps, PMI_SMAPS_PSS, PMI_SMAPS_PSS);
  add(&values, "swap", smaps, PMI_SMAPS_SWAP, PMI_SMAPS_SWAP);
  add(&values, "swapPss", smaps, PMI_SMAPS_SWAP_PSS, PMI_SMAPS_SWAP_PSS);
  add(&values, "hugetlb", smaps, PMI_SMAPS_SHARED_HUGETLB, PMI_SMAPS_PRIVATE_HUGETLB);
  add(&values, "footprint", smaps, PMI_SMAPS_PSS, PMI_SMAPS_SWAP_PSS);
  *out = (pmi_footprint){.values = values, .method = method, .memory_key = smaps->end};
}

/* Reads smaps_rollup, or smaps if that is missing. */
static pmi_code read_either(const pmi_proc_dir *proc, pmi_footprint *out, pmi_error *error) {
  pmi_smaps smaps;
  const char *method = "smaps_rollup";
  pmi_code code = read_smaps(proc, method, &smaps, error);
  if (code == PMI_ESRCH && error->os_error == ENOENT) {
    method = "smaps";
    code = read_smaps(proc, method, &smaps, error);
  }
  if (code == PMI_OK)
    fill(&smaps, method, out);
  return code;
}

/* Neither file exists: ENOSYS if the process still does. */
static pmi_code refuse_if_alive(pmi_proc_dir *proc, pmi_error *error) {
  pmi_error why;
  pmi_status status;
  pmi_code code = pmi_read_status(-1, proc, PMI_WANT_ALL, &status, &why);
  if (code == PMI_OK)
    return error->code = pmi_status_has(&status, PMI_VM_RSS) ? PMI_ENOSYS : PMI_ESRCH;
  *error = why;
  return code;
}

static pmi_code read_anywhere(pmi_proc_dir *proc, pmi_footprint *out, pmi_error *error) {
  pmi_status status;
  pmi_code code = read_either(proc, out, error);
  if (code != PMI_ESRCH || proc->tid != 0)
    return code;

  /* It may have exited, or have no memory, or only its main thread has exited. */
  code = pmi_read_status(-1, proc, PMI_WANT_ALL, &status, error);
  if (code != PMI_OK)
    return code;
  if (pmi_status_has(&status, PMI_VM_RSS)) {
    code = read_either(proc, out, error);
    return code == PMI_ESRCH && error->os_error == ENOENT ? refuse_if_alive(proc, error) : code;
  }
  fill(&(pmi_smaps){.found = UINT32_MAX}, "smaps_rollup", out);
  return PMI_OK;
}

pmi_code pmi_footprint_at(pmi_proc_dir *proc, pmi_footprint *out, pmi_error *error) {
  pmi_code code;
  int attempts = PMI_THREAD_ATTEMPTS;
  do {
    code = read_anywhere(proc, out, error);
  } while (pmi_lost_thread(proc, code, &attempts));
  return code;
}

pmi_code pmi_read_footprint(uint32_t pid, pmi_footprint *out, pmi_error *error) {
  pmi_proc_dir proc;
  pmi_status status;
  pmi_code code = pmi_bind(pid, &proc, error);
  if (code == PMI_OK)
    code = pmi_read_status(-1, &proc, PMI_WANT_ALL, &status, error); /* a thread's directory has smaps, too */
  if (code == PMI_OK)
    code = pmi_footprint_at(&proc, out, error);
  pmi_let_go(&proc.base);
  return code;
}
