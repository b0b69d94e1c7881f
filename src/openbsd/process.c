/*
 * OpenBSD's record of a process: struct kinfo_proc from sysctl kern.proc (sysctl(2)). Anyone may read it. The record of
 * a zombie lacks the fields of the user structure, such as the start time. Kernel threads are not listed, but can be
 * read.
 *
 * The kernel counts peaks and faults per thread, and the record of a process has only those of its first thread. So the
 * threads are requested as well: their records follow that of the process.
 */
#include "../record/sysctl.h"

#include <sys/param.h>

#include <sys/proc.h>
#include <sys/sysctl.h>

#include <string.h>
#include <unistd.h>

/* The part of the structure that is used: the kernel copies as much as is requested. */
enum { PROCESS_SIZE = PMI_UP_TO(struct kinfo_proc, p_tid), NO_THREAD = -1 };

static pmi_record record_of(const struct kinfo_proc *process) {
  const uint64_t page_size = (uint64_t)getpagesize();
  const int64_t pages = (int64_t)process->p_vm_tsize + process->p_vm_dsize + process->p_vm_ssize;
  pmi_record record = {
      .pid = (uint32_t)process->p_pid,
      .ppid = (uint32_t)process->p_ppid,
      .started_us = process->p_ustart_sec * 1000000 + process->p_ustart_usec,
      .is_zombie = (process->p_psflags & PS_ZOMBIE) != 0,
      .known = PMI_RECORD_PEAK | PMI_RECORD_SEGMENTS | PMI_RECORD_FAULTS,
      .rss = pmi_scale(process->p_vm_rssize, page_size),
      .peak_rss = pmi_scale((int64_t)process->p_uru_maxrss, 1024),
      .vms = pmi_scale(pages, page_size), /* as in ps(1): p_vm_map_size is not filled in */
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

/* The sum of the faults of a process's threads that were read so far. */
typedef struct faults {
  uint64_t minor;
  uint64_t major;
} faults;

static uint64_t larger(uint64_t left, uint64_t right) { return left > right ? left : right; }

static void add_thread(const struct kinfo_proc *thread, faults *sum, pmi_record *record) {
  sum->minor += thread->p_uru_minflt;
  sum->major += thread->p_uru_majflt;
  record->peak_rss = larger(record->peak_rss, pmi_scale((int64_t)thread->p_uru_maxrss, 1024));
  record->minor_faults = larger(record->minor_faults, sum->minor);
  record->major_faults = larger(record->major_faults, sum->major);
}

static pmi_code add_all(const pmi_sysctl_list *list, pmi_records *records, pmi_error *error) {
  faults sum = {0};
  pmi_code code = PMI_OK;
  for (size_t at = 0; code == PMI_OK && at < list->length; at += PROCESS_SIZE) {
    struct kinfo_proc item = {0};
    memcpy(&item, list->bytes + at, PROCESS_SIZE);
    if (item.p_tid == NO_THREAD) {
      pmi_record record = record_of(&item);
      code = pmi_records_add(records, &record, error);
      sum = (faults){0};
    } else if (records->count > 0 && !records->items[records->count - 1].is_zombie) {
      add_thread(&item, &sum, &records->items[records->count - 1]);
    }
  }
  return code;
}

pmi_code pmi_read_record(uint32_t pid, pmi_record *out, pmi_error *error) {
  const int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_PID | KERN_PROC_SHOW_THREADS, (int)pid, 0, 0};
  pmi_records records = {0};
  pmi_code code = pmi_sysctl_read_records(name, 6, PROCESS_SIZE, add_all, &records, error);
  if (code == PMI_OK && records.count == 0)
    code = pmi_fail(error, PMI_ESRCH, 0, pmi_list_call, NULL);
  if (code == PMI_OK)
    *out = records.items[0];
  pmi_records_free(&records);
  return code;
}

pmi_code pmi_read_records(pmi_records *out, pmi_error *error) {
  const int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_ALL | KERN_PROC_SHOW_THREADS, 0, 0, 0};
  return pmi_sysctl_read_records(name, 6, PROCESS_SIZE, add_all, out, error);
}

/* The kernel stores start times relative to the boot. */
uint64_t pmi_boot_time_us(void) { return pmi_sysctl_boot_time_us(); }
