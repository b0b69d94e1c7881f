/*
 * A Windows made up in memory, in the place of src/win32/os.c. It begins empty, by fake_begin(); a test puts processes
 * into it, and says how much of each question it answers.
 */
#ifndef FAKE_H
#define FAKE_H

#include "win32/os.h"

#include <stddef.h>

enum { FAKE_ALL_RIGHTS = 0x1fffff, FAKE_MAX_PROCESSES = 5200 };

/* Limits what its processes commit, and is limited by the job around it. */
typedef struct fake_job {
  pmi_os_job_limits limits;
  pmi_os_app_memory memory;
  const struct fake_job *outer;
} fake_job;

typedef struct fake_process {
  uint32_t pid;
  uint32_t ppid;
  int64_t create_time;
  bool is_another;   /* who is opened by the pid was created later than who is listed */
  uint64_t sequence; /* later processes have larger numbers, whatever the clock does */
  uint32_t sequence_failure;
  uint32_t threads;
  const uint16_t *name;
  uint16_t name_units;
  bool unlisted;

  uint32_t open_failure; /* of OpenProcess, whatever it asks for */
  uint32_t rights;       /* those that are given */
  bool exited;
  uint32_t exit_code;
  const fake_job *job;        /* the innermost that it is in; NULL for none */
  bool job_is_private;        /* PMI_PROCESS_QUERY_INFORMATION is what it takes to ask */
  bool job_memory_is_private; /* likewise for what the job has committed */

  pmi_psapi_counters_ex2 counters; /* what there is to tell */
  uint32_t psapi_failure;
  uint32_t psapi_largest; /* a size beyond is refused; 0 for any */
  uint32_t psapi_written; /* how many bytes are filled, at most */
  uint32_t psapi_cb;      /* the cb that comes back; 0 for as many as were filled */
  bool psapi_leaves_cb;   /* the cb that comes back is the one that was passed */
  uint32_t nt_failure;
  uint32_t nt_largest; /* a size beyond is a mismatch */
  uint32_t nt_written;
  size_t virtual_size;
  size_t peak_virtual_size;
  uint32_t hard_faults;
  int64_t listed_private; /* the private working set in the list */
  bool lists_no_usage;    /* nor the private usage */

  const uintptr_t *pages;
  size_t page_count;
  uint32_t pages_failure;
  size_t pages_claimed;  /* told as their number; 0 for the true one */
  bool pages_hide_count; /* ERROR_BAD_LENGTH does not tell how many there are */
} fake_process;

typedef struct fake_windows {
  fake_process *processes;
  size_t count;
  uint32_t own_pid;
  uint32_t page_size;
  uint32_t list_failure;
  int list_grows;     /* how often there is more than the last time */
  uint32_t too_small; /* the NTSTATUS for a buffer of the wrong size */
  bool is_wow64;      /* lengths that come back are those of the 64-bit structures: about twice as long */
  int64_t clock_step; /* in seconds; processes that are added from now on are created by a clock that was set so */
  void (*spoil)(unsigned char *list, uint32_t room); /* of the whole buffer */
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
  int fail_at; /* which call from now fails, 1 for the next; 0 for none */
  uint32_t fail_with;
} fake_windows;

extern fake_windows fake;

void fake_begin(void);

/* Adds a process that may be asked for anything and knows everything; its counters are all different. */
fake_process *fake_add(uint32_t pid, uint32_t ppid, int64_t seconds);

#endif
