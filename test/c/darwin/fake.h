/*
 * A macOS made up in memory, in the place of src/darwin/os.c. It begins empty, by fake_begin(); a test puts processes
 * into it, and says how much of each question it answers.
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
  bool gone;     /* nobody bears the pid */
  bool unlisted; /* started after the list was made */

  int refusal; /* errno of libproc's calls for the counters; 0 if it tells them */
  pmi_os_rusage usage;
  pmi_os_task task;
  int task_failure; /* errno of PROC_PIDTASKINFO alone */

  int port_failure; /* kern_return_t of task_name_for_pid */
  pmi_os_port port; /* what it gives instead of a port, if there is no failure; 0 for a port */
  bool gives_null;  /* PMI_PORT_NULL, and no failure */
  pmi_os_task_vm task_vm;
  int task_vm_failure;
  uint64_t resident_max;
  int resident_max_failure;

  int32_t cpu_type;
  const pmi_os_region *regions; /* by address */
  size_t region_count;
  size_t fail_region; /* the how manyth region asked for fails, 1 for the first; 0 for none */
  int region_failure;
  bool endless; /* after the last region there are more */
  bool stands_still;

  const char *name; /* of proc_name; refused if NULL */
  const char *path; /* of proc_pidpath; refused if NULL */
} fake_process;

typedef struct fake_macos {
  fake_process *processes;
  size_t count;
  uint32_t own_pid;
  uint64_t uptime_ns;
  uint64_t region_ns; /* how long it takes to tell of a region */
  uint64_t page_size;
  uint64_t own_page_size;
  uint64_t memory_size;
  pmi_os_vm_statistics statistics;
  pmi_os_swap swap;
  int memory_failure;
  int statistics_failure;
  int swap_failure;

  int list_grows;        /* how often there are more processes by the time that the list is read */
  size_t list_estimate;  /* told as its size instead of the true one; 0 for that */
  size_t list_cut;       /* how many bytes its end lacks */
  size_t list_overstate; /* how many bytes more are told to have been written */

  int open_ports;
  int rights_to_self; /* mach_task_self's own, which nobody is to give back */
  int calls;
  int lists;
  int opens;
  int regions_asked;
  int fail_at; /* which call from now fails, 1 for the next; 0 for none */
  int fail_with;
  void (*before_call)(int call); /* what happens meanwhile; calls are counted from 1 */
} fake_macos;

extern fake_macos fake;

void fake_begin(void);

/* Adds a process that may be asked for anything and knows everything; its counters are all different. */
fake_process *fake_add(uint32_t pid, uint32_t ppid, int64_t seconds);

/* Makes the process another of the same pid. */
void fake_replace(fake_process *process);

/* Makes it a zombie: proc_pid_rusage goes on to tell the last figures, the task is no more. */
void fake_exit(fake_process *process);

#endif
