/*
 * A simulated Windows in memory, which replaces src/win32/os.c. fake_begin() empties it; a test adds processes and
 * chooses how much of each query it answers.
 */
#ifndef FAKE_H
#define FAKE_H

#include "win32/os.h"

#include <stddef.h>

enum { FAKE_ALL_RIGHTS = 0x1fffff, FAKE_MAX_PROCESSES = 5200 };

/* Limits the memory that its processes commit, and is limited by the job around it. */
typedef struct fake_job {
  pmi_os_job_limits limits;
  pmi_os_app_memory memory;
  const struct fake_job *outer;
} fake_job;

typedef struct fake_process {
  uint32_t pid;
  uint32_t ppid;
  int64_t create_time;
  bool is_another;   /* the process that the pid opens was created later than the listed one */
  uint64_t sequence; /* later processes have larger numbers, independent of the clock */
  uint32_t sequence_failure;
  uint32_t threads;
  const uint16_t *name;
  uint16_t name_units;
  bool unlisted;

  uint32_t open_failure; /* of OpenProcess, with any rights */
  uint32_t rights;       /* those that are granted */
  bool exited;
  uint32_t exit_code;
  const fake_job *job;        /* the innermost job that it is in; NULL for none */
  bool job_is_private;        /* querying it requires PMI_PROCESS_QUERY_INFORMATION */
  bool job_memory_is_private; /* the same for what the job has committed */

  pmi_psapi_counters_ex2 counters; /* what the calls return */
  uint32_t psapi_failure;
  uint32_t psapi_largest; /* larger sizes are refused; 0 for no limit */
  uint32_t psapi_written; /* the maximum number of bytes that are filled in */
  uint32_t psapi_cb;      /* the returned cb; 0 for the number of bytes that were filled in */
  bool psapi_leaves_cb;   /* the returned cb is the one that was passed */
  uint32_t nt_failure;
  uint32_t nt_largest; /* larger sizes are a mismatch */
  uint32_t nt_written;
  size_t virtual_size;
  size_t peak_virtual_size;
  uint32_t hard_faults;
  int64_t listed_private; /* the private working set in the list */
  bool lists_no_usage;    /* the list lacks the private usage */

  const uintptr_t *pages;
  size_t page_count;
  uint32_t pages_failure;
  size_t pages_claimed;  /* reported as their number; 0 for the true one */
  bool pages_hide_count; /* ERROR_BAD_LENGTH does not report their number */
} fake_process;

typedef struct fake_windows {
  fake_process *processes;
  size_t count;
  uint32_t own_pid;
  uint32_t page_size;
  uint32_t list_failure;
  int list_grows;     /* how often the list grows between two calls */
  uint32_t too_small; /* the NTSTATUS for a buffer of the wrong size */
  bool is_wow64;      /* returned lengths are those of the 64-bit structures: about twice as long */
  int64_t clock_step; /* in seconds: how far the clock was set for processes that are added from now on */
  void (*spoil)(unsigned char *list, uint32_t room); /* corrupts the whole buffer */
  pmi_os_memory_status memory;
  uint32_t memory_failure;
  pmi_os_performance performance;
  uint32_t performance_failure;
  pmi_os_page_files page_files;
  uint32_t page_files_failure;
  uint32_t job_failure;        /* of QueryInformationJobObject */
  uint32_t job_memory_failure; /* of GetProcessInformation */
  uint32_t assign_failure;     /* of AssignProcessToJobObject */

  int open_handles;
  int calls;
  int lists;
  int opens;
  int walks;
  int fail_at; /* which call fails: 1 for the next; 0 for none */
  uint32_t fail_with;
} fake_windows;

extern fake_windows fake;

/* After each test no handle may be open, and no memory held. */
void fake_begin(void);

/* Adds a process that answers every query; all of its counters are different. */
fake_process *fake_add(uint32_t pid, uint32_t ppid, int64_t seconds);

#endif
