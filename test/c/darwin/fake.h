/*
 * A simulated macOS in memory, which replaces src/darwin/os.c. fake_begin() empties it; a test adds processes and
 * chooses how much of each query it answers.
 */
#ifndef FAKE_H
#define FAKE_H

#include "darwin/os.h"

enum { FAKE_MAX_PROCESSES = 5200, FAKE_CPU_TYPE_ARM64 = 0x0100000c };

#define FAKE_PAGE UINT64_C(16384)
#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)

typedef struct fake_process {
  pmi_os_process listed;
  bool gone;     /* no process has the pid */
  bool unlisted; /* started after the list was made */

  int refusal; /* errno of libproc's calls for the counters; 0 if they succeed */
  pmi_os_rusage usage;
  pmi_os_task task;
  int task_failure; /* errno of PROC_PIDTASKINFO alone */

  int port_failure; /* kern_return_t of task_name_for_pid */
  pmi_os_port port; /* returned instead of a real port if there is no failure; 0 for a real port */
  bool gives_null;  /* PMI_PORT_NULL without a failure */
  pmi_os_task_vm task_vm;
  int task_vm_failure;
  uint64_t resident_max;
  int resident_max_failure;

  int32_t cpu_type;
  const pmi_os_region *regions; /* by address */
  size_t region_count;
  size_t fail_region; /* which query for a region fails: 1 for the first; 0 for none */
  int region_failure;
  bool endless; /* there are always more regions */
  bool stands_still;

  const char *name; /* for proc_name; refused if NULL */
  const char *path; /* for proc_pidpath; refused if NULL */
} fake_process;

typedef struct fake_macos {
  fake_process *processes;
  size_t count;
  uint32_t own_pid;
  uint64_t uptime_ns;
  uint64_t region_ns; /* the duration of a query for a region */
  uint64_t page_size;
  uint64_t own_page_size;
  uint64_t memory_size;
  pmi_os_vm_statistics statistics;
  pmi_os_swap swap;
  int memory_failure;
  int statistics_failure;
  int swap_failure;

  int list_grows;        /* how often there are more processes when the list is read than before */
  size_t list_estimate;  /* reported as its size; 0 for the true one */
  size_t list_cut;       /* how many bytes are missing at its end */
  size_t list_overstate; /* how many bytes too many are reported as written */

  int open_ports;
  int rights_to_self; /* those of mach_task_self, which must not be released */
  int calls;
  int lists;
  int opens;
  int regions_asked;
  int fail_at; /* which call fails: 1 for the next; 0 for none */
  int fail_with;
  void (*before_call)(int call); /* runs before each call; calls are counted from 1 */
} fake_macos;

extern fake_macos fake;

void fake_begin(void);

/* No port right is left, none of the process's own was released, no memory is held. Also checked after each test. */
void check_nothing_left(void);

/* Adds a process that answers every query; all of its counters are different. */
fake_process *fake_add(uint32_t pid, uint32_t ppid, int64_t seconds);

/* Replaces the process by another one with the same pid. */
void fake_replace(fake_process *process);

/* Makes it a zombie: proc_pid_rusage keeps returning the last figures, but there is no task. */
void fake_exit(fake_process *process);

#endif
