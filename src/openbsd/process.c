/*
 * OpenBSD's record of a process: struct kinfo_proc by sysctl kern.proc (sysctl(2)). Everybody may read it. What it has
 * of the user structure, the start among it, is left out of a zombie's. Kernel threads are not listed.
 */
#include "../record/sysctl.h"

#include <sys/param.h>

#include <sys/proc.h>
#include <sys/sysctl.h>

#include <unistd.h>

static pmi_code fill(const void *structure, pmi_record *out, pmi_error *error) {
  const struct kinfo_proc *process = structure;
  const uint64_t page_size = (uint64_t)getpagesize();
  (void)error; /* its size is part of the question */
  const int64_t pages = (int64_t)process->p_vm_tsize + process->p_vm_dsize + process->p_vm_ssize;
  *out = (pmi_record){
      .pid = (uint32_t)process->p_pid,
      .ppid = (uint32_t)process->p_ppid,
      .started_us = process->p_ustart_sec * 1000000 + process->p_ustart_usec,
      .is_zombie = (process->p_psflags & PS_ZOMBIE) != 0,
      .known = PMI_RECORD_PEAK | PMI_RECORD_SEGMENTS | PMI_RECORD_FAULTS,
      .rss = pmi_bytes_of(process->p_vm_rssize, page_size),
      .peak_rss = pmi_bytes_of((int64_t)process->p_uru_maxrss, 1024),
      .vms = pmi_bytes_of(pages, page_size), /* as ps(1) has it: p_vm_map_size is not filled in */
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
  const int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_PID, (int)pid, (int)sizeof(struct kinfo_proc), 1};
  struct kinfo_proc process;
  pmi_code code = pmi_sysctl(name, 6, &process, sizeof process, error);
  return code == PMI_OK ? fill(&process, out, error) : code;
}

pmi_code pmi_read_records(pmi_records *out, pmi_error *error) {
  const int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_ALL, 0, (int)sizeof(struct kinfo_proc), 0};
  return pmi_sysctl_read_records(name, 6, sizeof(struct kinfo_proc), sizeof(struct kinfo_proc), fill, out, error);
}

/* The kernel counts the start of a process from the boot. */
uint64_t pmi_boot_time_us(void) { return pmi_sysctl_boot_time_us(); }
