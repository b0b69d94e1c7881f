/*
 * NetBSD's record of a process: struct kinfo_proc2 from sysctl kern.proc2 (sysctl(7)). Anyone may read it, unless
 * security.models.extensions.curtain is set: other users' processes then seem not to exist. All kernel threads are one
 * process, pid 0. The record of a zombie, or of a process that is about to be one, lacks the fields of the user
 * structure, such as the start time.
 */
#include "../record/sysctl.h"

#include <sys/param.h>

#include <sys/proc.h>
#include <sys/sysctl.h>

#include <string.h>
#include <unistd.h>

/* The part of the structure that is used: the kernel copies as much as is requested. */
enum { PROCESS_SIZE = PMI_UP_TO(struct kinfo_proc2, p_vm_msize) };

/* Kernels up to NetBSD 8 report the peak of a running process as 0. */
static uint32_t known(const struct kinfo_proc2 *process) {
  return PMI_RECORD_SEGMENTS | PMI_RECORD_FAULTS | (process->p_uru_maxrss != 0 ? PMI_RECORD_PEAK : 0);
}

static pmi_record record_of(const struct kinfo_proc2 *process) {
  const uint64_t page_size = (uint64_t)getpagesize();
  pmi_record record = {
      .pid = (uint32_t)process->p_pid,
      .ppid = (uint32_t)process->p_ppid,
      .started_us = (uint64_t)process->p_ustart_sec * 1000000 + process->p_ustart_usec,
      .is_zombie = process->p_realstat == SZOMB || process->p_realstat == SDYING || process->p_realstat == SDEAD,
      .known = known(process),
      .rss = pmi_scale(process->p_vm_rssize, page_size),
      .peak_rss = pmi_scale((int64_t)process->p_uru_maxrss, 1024),
      .vms = pmi_scale(process->p_vm_msize, page_size), /* without the part of the stack that is only reserved */
      .text = pmi_scale(process->p_vm_tsize, page_size),
      .data = pmi_scale(process->p_vm_dsize, page_size),
      .stack = pmi_scale(process->p_vm_ssize, page_size),
      .minor_faults = process->p_uru_minflt,
      .major_faults = process->p_uru_majflt,
  };
  pmi_record_set_name(&record, process->p_comm, sizeof process->p_comm);
  pmi_record_normalize(&record);
  return record;
}

static pmi_code add_all(const pmi_sysctl_list *list, pmi_records *records, pmi_error *error) {
  pmi_code code = PMI_OK;
  for (size_t at = 0; code == PMI_OK && at < list->length; at += PROCESS_SIZE) {
    struct kinfo_proc2 process = {0};
    memcpy(&process, list->bytes + at, PROCESS_SIZE);
    pmi_record record = record_of(&process);
    code = pmi_records_add(records, &record, error);
  }
  return code;
}

pmi_code pmi_read_record(uint32_t pid, pmi_record *out, pmi_error *error) {
  const int name[] = {CTL_KERN, KERN_PROC2, KERN_PROC_PID, (int)pid, PROCESS_SIZE, 1};
  struct kinfo_proc2 process;
  pmi_code code = pmi_sysctl(name, 6, &process, sizeof process, PROCESS_SIZE, error);
  if (code == PMI_OK)
    *out = record_of(&process);
  return code;
}

pmi_code pmi_read_records(pmi_records *out, pmi_error *error) {
  const int name[] = {CTL_KERN, KERN_PROC2, KERN_PROC_ALL, 0, 0, 0};
  return pmi_sysctl_read_records(name, 6, PROCESS_SIZE, add_all, out, error);
}

/* Start times do not change when the clock is set. */
uint64_t pmi_boot_time_us(void) { return 0; }
