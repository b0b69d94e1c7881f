/*
 * NetBSD's record of a process: struct kinfo_proc2 by sysctl kern.proc2 (sysctl(7)). Everybody may read it, unless
 * security.models.extensions.curtain is set: then there is no process of somebody else. Kernel threads are all one
 * process, pid 0. What it has of the user structure, the start among it, is left out of a zombie's, and so of one that
 * is about to be one.
 */
#include "../record/sysctl.h"

#include <sys/param.h>

#include <sys/proc.h>
#include <sys/sysctl.h>

#include <unistd.h>

static pmi_code fill(const void *structure, pmi_record *out, pmi_error *error) {
  const struct kinfo_proc2 *process = structure;
  const uint64_t page_size = (uint64_t)getpagesize();
  (void)error; /* its size is part of the question */
  *out = (pmi_record){
      .pid = (uint32_t)process->p_pid,
      .ppid = (uint32_t)process->p_ppid,
      .started_us = (uint64_t)process->p_ustart_sec * 1000000 + process->p_ustart_usec,
      .is_zombie = process->p_realstat == SZOMB || process->p_realstat == SDYING || process->p_realstat == SDEAD,
      .known = PMI_RECORD_PEAK | PMI_RECORD_SEGMENTS | PMI_RECORD_FAULTS,
      .rss = pmi_bytes_of(process->p_vm_rssize, page_size),
      .peak_rss = pmi_bytes_of((int64_t)process->p_uru_maxrss, 1024),
      .vms = pmi_bytes_of(process->p_vm_msize, page_size), /* without the part of the stack that is only reserved */
      .text = pmi_bytes_of(process->p_vm_tsize, page_size),
      .data = pmi_bytes_of(process->p_vm_dsize, page_size),
      .stack = pmi_bytes_of(process->p_vm_ssize, page_size),
      .minor_faults = process->p_uru_minflt,
      .major_faults = process->p_uru_majflt,
  };
  pmi_record_set_name(out, process->p_comm, sizeof process->p_comm);
  pmi_record_settle(out);
  return PMI_OK;
}

pmi_code pmi_read_record(uint32_t pid, pmi_record *out, pmi_error *error) {
  const int name[] = {CTL_KERN, KERN_PROC2, KERN_PROC_PID, (int)pid, (int)sizeof(struct kinfo_proc2), 1};
  struct kinfo_proc2 process;
  pmi_code code = pmi_sysctl(name, 6, &process, sizeof process, error);
  return code == PMI_OK ? fill(&process, out, error) : code;
}

pmi_code pmi_read_records(pmi_records *out, pmi_error *error) {
  const int name[] = {CTL_KERN, KERN_PROC2, KERN_PROC_ALL, 0, (int)sizeof(struct kinfo_proc2), 0};
  return pmi_sysctl_read_records(name, 6, sizeof(struct kinfo_proc2), sizeof(struct kinfo_proc2), fill, out, error);
}

/* The time is the clock's when the process began, and stays. */
uint64_t pmi_boot_time_us(void) { return 0; }
