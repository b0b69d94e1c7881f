/*
 * NetBSD's record of a process: struct kinfo_proc2 by sysctl kern.proc2 (sysctl(7)). Everybody may read it, unless
 * security.models.extensions.curtain is set: then there is no process of somebody else. Kernel threads are all one
 * process, pid 0.
 */
#include "../bsd/sysctl.h"

#include <sys/param.h>

#include <sys/proc.h>
#include <sys/sysctl.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void fill(const struct kinfo_proc2 *process, uint64_t page_size, pmi_record *out) {
  *out = (pmi_record){
      .pid = (uint32_t)process->p_pid,
      .ppid = (uint32_t)process->p_ppid,
      .started_us = (uint64_t)process->p_ustart_sec * 1000000 + process->p_ustart_usec,
      .is_zombie = process->p_realstat == SZOMB || process->p_realstat == SDEAD,
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
}

pmi_code pmi_read_record(uint32_t pid, pmi_record *out, pmi_error *error) {
  const int name[] = {CTL_KERN, KERN_PROC2, KERN_PROC_PID, (int)pid, (int)sizeof(struct kinfo_proc2), 1};
  struct kinfo_proc2 process;
  pmi_code code = pmi_sysctl(name, 6, &process, sizeof process, error);
  if (code == PMI_OK)
    fill(&process, (uint64_t)getpagesize(), out);
  return code;
}

static pmi_code add_all(const pmi_sysctl_list *list, pmi_records *records, pmi_error *error) {
  uint64_t page_size = (uint64_t)getpagesize();
  for (size_t at = 0; list->length - at >= sizeof(struct kinfo_proc2); at += sizeof(struct kinfo_proc2)) {
    struct kinfo_proc2 process;
    pmi_record record;
    memcpy(&process, list->bytes + at, sizeof process);
    fill(&process, page_size, &record);
    pmi_code code = pmi_records_add(records, &record, error);
    if (code != PMI_OK)
      return code;
  }
  return PMI_OK;
}

pmi_code pmi_read_records(pmi_records *out, pmi_error *error) {
  const int name[] = {CTL_KERN, KERN_PROC2, KERN_PROC_ALL, 0, (int)sizeof(struct kinfo_proc2), 0};
  pmi_sysctl_list list = {0};
  pmi_records records = {0};
  pmi_code code = pmi_sysctl_read_list(name, 6, sizeof(struct kinfo_proc2), &list, error);
  if (code == PMI_OK)
    code = add_all(&list, &records, error);
  free(list.bytes);
  if (code == PMI_OK)
    *out = records;
  else
    pmi_records_free(&records);
  return code;
}
