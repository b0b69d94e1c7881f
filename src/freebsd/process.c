/*
 * FreeBSD's record of a process: struct kinfo_proc from sysctl kern.proc (sysctl(3), <sys/user.h>). Anyone may read it,
 * unless security.bsd.see_other_uids is 0 or the caller is in a jail: other processes then seem not to exist. As in
 * ps(1), resident memory includes the kernel stacks of the threads, so it is not 0 for a kernel process.
 *
 * Its private memory comes from kern.proc.vmmap: the kernel walks the whole map, and requires the right to debug the
 * process.
 */
#include "../record/sysctl.h"

#include <sys/param.h>

#include <sys/sysctl.h>
#include <sys/user.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LEAST_PROCESS = PMI_UP_TO(struct kinfo_proc, ki_rusage) };
enum { LEAST_ENTRY = PMI_UP_TO(struct kinfo_vmentry, kve_shadow_count) };

/*
 * Copies the structure at `*at` in a list to `out`, and advances to the next. Each begins with its own size, which
 * differs from kernel to kernel. EIO if that is less than `least` or more than the rest of the list. ESRCH at the end.
 */
static pmi_code next(const pmi_sysctl_list *list, size_t *at, void *out, size_t size, size_t least, pmi_error *error) {
  int structure_size = 0;
  size_t rest = list->length - *at;
  if (rest >= sizeof structure_size)
    memcpy(&structure_size, list->bytes + *at, sizeof structure_size);
  if (rest == 0 || (structure_size == 0 && rest >= sizeof structure_size))
    return pmi_fail(error, PMI_ESRCH, 0, pmi_list_call, NULL); /* the rest of the buffer is unused */
  if (structure_size < 0 || (size_t)structure_size < least || (size_t)structure_size > rest)
    return pmi_fail(error, PMI_EIO, 0, pmi_list_call, NULL);
  memset(out, 0, size);
  memcpy(out, list->bytes + *at, (size_t)structure_size < size ? (size_t)structure_size : size);
  *at += (size_t)structure_size;
  return PMI_OK;
}

static pmi_record record_of(const struct kinfo_proc *process) {
  const uint64_t page_size = (uint64_t)getpagesize();
  pmi_record record = {
      .pid = (uint32_t)process->ki_pid,
      .ppid = (uint32_t)process->ki_ppid,
      .started_us = pmi_scale(process->ki_start.tv_sec, 1000000) + pmi_scale(process->ki_start.tv_usec, 1),
      .is_zombie = process->ki_stat == SZOMB,
      .known = PMI_RECORD_PEAK | PMI_RECORD_SEGMENTS | PMI_RECORD_FAULTS,
      .rss = pmi_scale(process->ki_rssize, page_size),
      .peak_rss = pmi_scale(process->ki_rusage.ru_maxrss, 1024),
      .vms = process->ki_size,
      .text = pmi_scale(process->ki_tsize, page_size),
      .data = pmi_scale(process->ki_dsize, page_size),
      .stack = pmi_scale(process->ki_ssize, page_size),
      .minor_faults = pmi_scale(process->ki_rusage.ru_minflt, 1),
      .major_faults = pmi_scale(process->ki_rusage.ru_majflt, 1),
  };
  pmi_record_set_name(&record, process->ki_comm, sizeof process->ki_comm);
  pmi_record_normalize(&record);
  return record;
}

static pmi_code add_all(const pmi_sysctl_list *list, pmi_records *records, pmi_error *error) {
  struct kinfo_proc process;
  pmi_code code;
  size_t at = 0;
  while ((code = next(list, &at, &process, sizeof process, LEAST_PROCESS, error)) == PMI_OK) {
    pmi_record record = record_of(&process);
    code = pmi_records_add(records, &record, error);
    if (code != PMI_OK)
      return code;
  }
  return code == PMI_ESRCH ? PMI_OK : code;
}

pmi_code pmi_read_record(uint32_t pid, pmi_record *out, pmi_error *error) {
  const int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_PID, (int)pid};
  struct kinfo_proc process;
  pmi_code code = pmi_sysctl(name, 4, &process, sizeof process, LEAST_PROCESS, error);
  if (code != PMI_OK)
    return code;
  if (process.ki_structsize < LEAST_PROCESS)
    return pmi_fail(error, PMI_EIO, 0, pmi_list_call, NULL);
  /* Given the id of a thread, the kernel returns the record of its process. */
  if ((uint32_t)process.ki_pid != pid)
    return pmi_fail(error, PMI_ESRCH, 0, pmi_list_call, NULL);
  *out = record_of(&process);
  return PMI_OK;
}

pmi_code pmi_read_records(pmi_records *out, pmi_error *error) {
  const int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_PROC}; /* without their threads */
  return pmi_sysctl_read_records(name, 3, 0, add_all, out, error);
}

/* The kernel stores start times relative to the boot. */
uint64_t pmi_boot_time_us(void) { return pmi_sysctl_boot_time_us(); }

const char pmi_private_method[] = "vmmap_lower_bound";

/*
 * Whether the resident pages that the kernel counts for a map entry belong to this process alone. The kernel counts the
 * pages of the entry's object, which other processes may map too. The sum is a lower bound: memory that is copied on
 * write counts as 0.
 */
static bool is_private(const struct kinfo_vmentry *entry) {
  return (entry->kve_type == KVME_TYPE_DEFAULT || entry->kve_type == KVME_TYPE_SWAP) && entry->kve_ref_count == 1 &&
         entry->kve_shadow_count == 0;
}

static pmi_code add_up(const pmi_sysctl_list *list, uint64_t *out, pmi_error *error) {
  struct kinfo_vmentry entry = {0}; /* the kernel may fill in less than all of it */
  pmi_code code;
  uint64_t pages = 0;
  size_t at = 0;
  while ((code = next(list, &at, &entry, sizeof entry, LEAST_ENTRY, error)) == PMI_OK)
    if (is_private(&entry))
      pages += pmi_scale(entry.kve_private_resident, 1);
  if (code != PMI_ESRCH)
    return code;
  *out = pages * (uint64_t)getpagesize();
  return PMI_OK;
}

pmi_code pmi_read_private(uint32_t pid, uint64_t *out, pmi_error *error) {
  const int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_VMMAP, (int)pid};
  pmi_sysctl_list list = {0};
  pmi_code code = pmi_sysctl_read_list(name, 4, 0, &list, error);
  if (code == PMI_OK)
    code = add_up(&list, out, error);
  free(list.bytes);
  return code;
}
