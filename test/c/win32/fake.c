/* See fake.h. */
#include "fake.h"

#include "blocks.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

typedef struct fake_handle {
  fake_process *process;
  uint32_t access;
} fake_handle;

enum { THREAD_SIZE = 80 };

fake_windows fake;
static fake_process processes[FAKE_MAX_PROCESSES];

void fake_begin(void) {
  fake = (fake_windows){
      .processes = processes,
      .own_pid = 100,
      .page_size = 4096,
      .memory = {.total_physical = UINT64_C(64) << 30, .available_physical = UINT64_C(40) << 30},
      .performance = {.commit_total = 5000000, .commit_limit = 20000000, .page_size = 4096},
      .page_files = {.total = 3000000, .in_use = 1000000},
      .too_small = PMI_STATUS_INFO_LENGTH_MISMATCH,
  };
  memset(processes, 0, sizeof processes);
}

BEFORE(count_blocks) { blocks_count_from_here(); }

AFTER(leave_nothing) {
  CHECK_SAME(fake.open_handles, 0);
  CHECK_SAME(blocks_live(), 0);
}

fake_process *fake_add(uint32_t pid, uint32_t ppid, int64_t seconds) {
  static const uint16_t name[] = {'a', '.', 'e', 'x', 'e'};
  fake_process *process = &processes[fake.count++];
  *process = (fake_process){
      .pid = pid,
      .ppid = ppid,
      .create_time = INT64_C(116444736000000000) + (seconds + fake.clock_step) * 10000000,
      .sequence = 10 * fake.count,
      .threads = 2,
      .name = name,
      .name_units = 5,
      .rights = FAKE_ALL_RIGHTS,
      .exit_code = PMI_STILL_ACTIVE,
      .psapi_written = sizeof(pmi_psapi_counters_ex2),
      .nt_largest = sizeof(pmi_nt_counters_ex2),
      .nt_written = sizeof(pmi_nt_counters_ex2),
      .listed_private = 30 * 4096,
      .virtual_size = 900 * 4096,
      .peak_virtual_size = 950 * 4096,
      .hard_faults = 17,
      .counters = {{{0, 11, 60 * 4096, 50 * 4096, 12, 13, 14, 15, 70 * 4096, 80 * 4096}, 70 * 4096}, 30 * 4096, 16},
  };
  return process;
}

/* Counts the system calls. Each can be made to fail. */
static uint32_t begin_call(void) {
  fake.calls++;
  if (fake.fail_at == 0 || --fake.fail_at > 0)
    return 0;
  return fake.fail_with;
}

static fake_process *find(uint32_t pid) {
  for (size_t i = 0; i < fake.count; i++)
    if (fake.processes[i].pid == pid)
      return &fake.processes[i];
  return NULL;
}

/* The pseudo handle is -1, as on Windows. */
static bool is_own(pmi_os_handle handle) { return (intptr_t)handle == -1; }

static fake_process *of(pmi_os_handle handle) {
  return is_own(handle) ? find(fake.own_pid) : ((fake_handle *)handle)->process;
}

static bool may(pmi_os_handle handle, uint32_t access) {
  return is_own(handle) || (((fake_handle *)handle)->access & access) == access;
}

uint32_t pmi_os_open_process(uint32_t access, uint32_t pid, pmi_os_handle *out) {
  uint32_t failure = begin_call();
  fake.opens++;
  if (failure != 0)
    return failure;
  fake_process *process = pid == 0 ? NULL : find(pid & ~UINT32_C(3));
  if (process == NULL)
    return PMI_ERROR_INVALID_PARAMETER;
  if (process->open_failure != 0)
    return process->open_failure;
  if ((process->rights & access) != access)
    return PMI_ERROR_ACCESS_DENIED;
  fake_handle *handle = __real_malloc(sizeof *handle);
  *handle = (fake_handle){process, access};
  fake.open_handles++;
  *out = handle;
  return 0;
}

void pmi_os_close(pmi_os_handle process) {
  fake.open_handles--;
  __real_free(process);
}

pmi_os_handle pmi_os_own_process(void) { return (pmi_os_handle)(intptr_t)-1; }

uint32_t pmi_os_process_id(pmi_os_handle process) { return begin_call() == 0 ? of(process)->pid : 0; }

uint32_t pmi_os_current_pid(void) { return fake.own_pid; }

uint32_t pmi_os_has_exited(pmi_os_handle process, bool *out) {
  uint32_t failure = begin_call();
  if (failure != 0)
    return failure;
  if (!may(process, PMI_SYNCHRONIZE))
    return PMI_ERROR_ACCESS_DENIED;
  *out = of(process)->exited;
  return 0;
}

uint32_t pmi_os_exit_code(pmi_os_handle process, uint32_t *out) {
  uint32_t failure = begin_call();
  if (failure == 0)
    *out = of(process)->exit_code;
  return failure;
}

uint32_t pmi_os_creation_time(pmi_os_handle process, int64_t *out) {
  uint32_t failure = begin_call();
  if (failure == 0)
    *out = of(process)->create_time + (of(process)->is_another ? 10000 : 0);
  return failure;
}

static uint32_t length_of(uint32_t bytes) { return fake.is_wow64 ? 2 * bytes : bytes; }

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

uint32_t pmi_os_memory_info(pmi_os_handle process, void *counters, uint32_t size) {
  const fake_process *asked = of(process);
  uint32_t failure = begin_call();
  if (failure != 0 || asked->psapi_failure != 0)
    return failure != 0 ? failure : asked->psapi_failure;
  if (asked->psapi_largest != 0 && size > asked->psapi_largest)
    return PMI_ERROR_INSUFFICIENT_BUFFER;
  pmi_psapi_counters_ex2 answer = asked->counters;
  uint32_t written = least(size, asked->psapi_written);
  answer.ex.base.cb = asked->psapi_leaves_cb ? size : asked->psapi_cb == 0 ? written : asked->psapi_cb;
  memcpy(counters, &answer, written);
  return 0;
}

static void to_nt(const fake_process *process, pmi_nt_counters_ex2 *out) {
  const pmi_psapi_counters_ex2 *from = &process->counters;
  const pmi_psapi_counters *base = &from->ex.base;
  *out = (pmi_nt_counters_ex2){
      .ex =
          {
              .base =
                  {
                      .peak_virtual_size = process->peak_virtual_size,
                      .virtual_size = process->virtual_size,
                      .page_fault_count = base->page_fault_count,
                      .peak_working_set_size = base->peak_working_set_size,
                      .working_set_size = base->working_set_size,
                      .quota_peak_paged_pool_usage = base->quota_peak_paged_pool_usage,
                      .quota_paged_pool_usage = base->quota_paged_pool_usage,
                      .quota_peak_non_paged_pool_usage = base->quota_peak_non_paged_pool_usage,
                      .quota_non_paged_pool_usage = base->quota_non_paged_pool_usage,
                      .pagefile_usage = base->pagefile_usage,
                      .peak_pagefile_usage = base->peak_pagefile_usage,
                  },
              .private_usage = from->ex.private_usage,
          },
      .private_working_set_size = from->private_working_set_size,
      .shared_commit_usage = (size_t)from->shared_commit_usage,
  };
}

uint32_t pmi_os_vm_counters(pmi_os_handle process, void *counters, uint32_t size, uint32_t *returned) {
  const fake_process *asked = of(process);
  uint32_t failure = begin_call();
  pmi_nt_counters_ex2 answer;
  *returned = 0;
  if (failure != 0 || asked->nt_failure != 0)
    return failure != 0 ? failure : asked->nt_failure;
  if (size > asked->nt_largest)
    return fake.too_small;
  to_nt(asked, &answer);
  uint32_t written = least(size, asked->nt_written);
  *returned = length_of(written);
  memcpy(counters, &answer, written);
  return 0;
}

uint32_t pmi_os_sequence_number(pmi_os_handle process, uint64_t *out) {
  uint32_t failure = begin_call();
  *out = of(process)->sequence;
  return failure != 0 ? failure : of(process)->sequence_failure;
}

static uint32_t entry_size(const fake_process *process) {
  uint32_t size = (uint32_t)sizeof(pmi_system_process) + process->threads * THREAD_SIZE + process->name_units * 2U;
  return (size + 7) & ~UINT32_C(7);
}

static void write_entry(const fake_process *process, unsigned char *at, bool last) {
  uint32_t name_offset = (uint32_t)sizeof(pmi_system_process) + process->threads * THREAD_SIZE;
  pmi_nt_counters_ex2 counters;
  to_nt(process, &counters);
  if (process->lists_no_usage)
    counters.ex.private_usage = 0;
  pmi_system_process entry = {
      .next_entry_offset = last ? 0 : entry_size(process),
      .number_of_threads = process->threads,
      .working_set_private_size = process->listed_private,
      .hard_fault_count = process->hard_faults,
      .create_time = process->create_time,
      .image_name = {.length = (uint16_t)(process->name_units * 2), .buffer = at + name_offset},
      .unique_process_id = process->pid,
      .inherited_from_unique_process_id = process->ppid,
      .counters = counters.ex,
  };
  memcpy(at, &entry, sizeof entry);
  if (process->name_units > 0)
    memcpy(at + name_offset, process->name, process->name_units * 2U);
}

uint32_t pmi_os_list_processes(void *buffer, uint32_t size, uint32_t *returned) {
  uint32_t failure = begin_call();
  uint32_t needed = 0;
  size_t last = 0;
  fake.lists++;
  *returned = 0;
  if (failure != 0 || fake.list_failure != 0)
    return failure != 0 ? failure : fake.list_failure;
  for (size_t i = 0; i < fake.count; i++) {
    if (!fake.processes[i].unlisted) {
      needed += entry_size(&fake.processes[i]);
      last = i;
    }
  }
  *returned = length_of(needed);
  if (fake.list_grows > 0) {
    fake.list_grows--;
    *returned = size + 1;
    return fake.too_small;
  }
  if (needed > size)
    return fake.too_small;
  unsigned char *at = buffer;
  for (size_t i = 0; i < fake.count; i++) {
    if (!fake.processes[i].unlisted) {
      write_entry(&fake.processes[i], at, i == last);
      at += entry_size(&fake.processes[i]);
    }
  }
  if (fake.spoil != NULL)
    fake.spoil(buffer, size);
  return 0;
}

uint32_t pmi_os_working_set(pmi_os_handle process, uintptr_t *entries, uint32_t size) {
  const fake_process *asked = of(process);
  uint32_t failure = begin_call();
  fake.walks++;
  if (failure != 0 || asked->pages_failure != 0)
    return failure != 0 ? failure : asked->pages_failure;
  if (!may(process, PMI_PROCESS_QUERY_INFORMATION | PMI_PROCESS_VM_READ))
    return PMI_ERROR_ACCESS_DENIED;
  size_t room = size / sizeof *entries - 1;
  if (!asked->pages_hide_count || room >= asked->page_count)
    entries[0] = asked->page_count;
  if (room < asked->page_count)
    return PMI_ERROR_BAD_LENGTH;
  if (asked->page_count > 0)
    memcpy(entries + 1, asked->pages, asked->page_count * sizeof *entries);
  if (asked->pages_claimed != 0)
    entries[0] = asked->pages_claimed;
  return 0;
}

uint32_t pmi_os_page_size(void) { return fake.page_size; }

uint32_t pmi_os_memory_status_of_machine(pmi_os_memory_status *out) {
  uint32_t failure = begin_call();
  *out = fake.memory;
  return failure != 0 ? failure : fake.memory_failure;
}

uint32_t pmi_os_performance_of_machine(pmi_os_performance *out) {
  uint32_t failure = begin_call();
  *out = fake.performance;
  return failure != 0 ? failure : fake.performance_failure;
}

uint32_t pmi_os_page_files_of_machine(pmi_os_page_files *out) {
  uint32_t failure = begin_call();
  *out = fake.page_files;
  return failure != 0 ? failure : fake.page_files_failure;
}

uint32_t pmi_os_is_in_job(pmi_os_handle process, bool *out) {
  uint32_t failure = begin_call();
  if (failure == 0 && of(process)->job_is_private && !may(process, PMI_PROCESS_QUERY_INFORMATION))
    return PMI_ERROR_ACCESS_DENIED;
  *out = of(process)->job != NULL;
  return failure;
}

/* Reports the innermost job only, like the next function. */
uint32_t pmi_os_app_memory_of(pmi_os_handle process, pmi_os_app_memory *out) {
  uint32_t failure = begin_call();
  const fake_process *asked = of(process);
  if (failure != 0 || fake.job_memory_failure != 0)
    return failure != 0 ? failure : fake.job_memory_failure;
  if (asked->job_memory_is_private && !may(process, PMI_PROCESS_QUERY_INFORMATION))
    return PMI_ERROR_ACCESS_DENIED;
  if (asked->job != NULL)
    *out = asked->job->memory;
  return 0;
}

uint32_t pmi_os_own_job_limits(pmi_os_job_limits *out) {
  uint32_t failure = begin_call();
  if (failure != 0 || fake.job_failure != 0)
    return failure != 0 ? failure : fake.job_failure;
  *out = find(fake.own_pid)->job->limits;
  return 0;
}

/* The handle of a job is that of the process that was assigned to it, if any. */
uint32_t pmi_os_create_job(pmi_os_handle *out) {
  uint32_t failure = begin_call();
  if (failure != 0)
    return failure;
  fake_handle *job = __real_malloc(sizeof *job);
  *job = (fake_handle){0};
  fake.open_handles++;
  *out = job;
  return 0;
}

uint32_t pmi_os_assign_to_job(pmi_os_handle job, pmi_os_handle process) {
  uint32_t failure = begin_call();
  if (failure != 0 || fake.assign_failure != 0)
    return failure != 0 ? failure : fake.assign_failure;
  if (!may(process, PMI_PROCESS_SET_QUOTA | PMI_PROCESS_TERMINATE))
    return PMI_ERROR_ACCESS_DENIED;
  ((fake_handle *)job)->process = of(process);
  return 0;
}

uint32_t pmi_os_job_peak(pmi_os_handle job, uint64_t *out) {
  uint32_t failure = begin_call();
  if (failure == 0)
    *out = of(job)->counters.ex.base.peak_pagefile_usage;
  return failure;
}
