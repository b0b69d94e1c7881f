/*
 * FreeBSD's record of a process: struct kinfo_proc by sysctl kern.proc (sysctl(3), <sys/user.h>). Anybody may read it,
 * unless security.bsd.see_other_uids is 0 or a jail is in between: then there is no such process.
 */
#include "../record/sysctl.h"

#include <sys/param.h>

#include <sys/sysctl.h>
#include <sys/user.h>

#include <unistd.h>

static pmi_code fill(const void *structure, pmi_record *out, pmi_error *error) {
  const struct kinfo_proc *process = structure;
  const uint64_t page_size = (uint64_t)getpagesize();
  /* Another version of the kernel may have another structure, and says so in its first member. */
  if (process->ki_structsize != (int)sizeof *process)
    return pmi_fail(error, PMI_EIO, 0, pmi_list_call, NULL);
  *out = (pmi_record){
      .pid = (uint32_t)process->ki_pid,
      .ppid = (uint32_t)process->ki_ppid,
      .started_us = pmi_bytes_of(process->ki_start.tv_sec, 1000000) + pmi_bytes_of(process->ki_start.tv_usec, 1),
      .is_zombie = process->ki_stat == SZOMB,
      .known = PMI_RECORD_PEAK | PMI_RECORD_SEGMENTS | PMI_RECORD_FAULTS,
      .rss = pmi_bytes_of(process->ki_rssize, page_size),
      .peak_rss = pmi_bytes_of(process->ki_rusage.ru_maxrss, 1024),
      .vms = process->ki_size,
      .text = pmi_bytes_of(process->ki_tsize, page_size),
      .data = pmi_bytes_of(process->ki_dsize, page_size),
      .stack = pmi_bytes_of(process->ki_ssize, page_size),
      .minor_faults = pmi_bytes_of(process->ki_rusage.ru_minflt, 1),
      .major_faults = pmi_bytes_of(process->ki_rusage.ru_majflt, 1),
  };
  pmi_record_set_name(out, process->ki_comm, sizeof process->ki_comm);
  pmi_record_settle(out);
  return PMI_OK;
}

pmi_code pmi_read_record(uint32_t pid, pmi_record *out, pmi_error *error) {
  const int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_PID, (int)pid};
  struct kinfo_proc process;
  pmi_code code = pmi_sysctl(name, 4, &process, sizeof process, error);
  if (code != PMI_OK)
    return code;
  /* Asked for a thread's id, the kernel tells of its process. */
  if ((uint32_t)process.ki_pid != pid)
    return pmi_fail(error, PMI_ESRCH, 0, pmi_list_call, NULL);
  return fill(&process, out, error);
}

pmi_code pmi_read_records(pmi_records *out, pmi_error *error) {
  const int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_PROC}; /* without their threads */
  return pmi_sysctl_read_records(name, 3, 0, sizeof(struct kinfo_proc), fill, out, error);
}

/* The kernel counts the start of a process from the boot. */
uint64_t pmi_boot_time_us(void) { return pmi_sysctl_boot_time_us(); }
