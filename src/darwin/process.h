/*
 * Functions for one process, shared by the files of this folder.
 */
#ifndef PMI_DARWIN_PROCESS_H
#define PMI_DARWIN_PROCESS_H

#include "../pmi.h"
#include "os.h"

/*
 * A process, identified by pid and start time. Nothing is held open: macOS has no descriptor for a process. Pids wrap
 * around at 99999, so none is reused within a millisecond.
 */
typedef struct pmi_target {
  uint32_t pid;
  uint64_t creation_time_ms;
} pmi_target;

/* Identifies the process that has the pid. Fails with ESRCH if there is none. */
pmi_code pmi_target_open(uint32_t pid, pmi_target *out, pmi_error *error);

/* Sets *zombie if the process exists; otherwise fails with ESRCH, even if its pid was reused. */
pmi_code pmi_target_state(const pmi_target *target, bool *zombie, pmi_error *error);

/*
 * To be called after a read: returns its result `code` if the pid still belongs to the process, and fails with ESRCH
 * otherwise. If the process has become a zombie, sets *zombie and returns PMI_OK: the values must be discarded then,
 * since the system still reports those from before.
 */
pmi_code pmi_target_verify(const pmi_target *target, pmi_code code, bool *zombie, pmi_error *error);

/* Milliseconds since the epoch; 0, which means unknown, for times before it. */
uint64_t pmi_creation_time_ms(const pmi_os_process *process);

/* Bits of pmi_usage.known. The other values are always known. */
enum { PMI_PEAK_RESIDENT = 1, PMI_TASK_VM = 2, PMI_PEAK_FOOTPRINT = 4 };

/* The counters of a process, in bytes. */
typedef struct pmi_usage {
  pmi_os_rusage rusage;   /* the largest footprint by PMI_PEAK_FOOTPRINT */
  pmi_os_task_vm task_vm; /* the peak by PMI_PEAK_RESIDENT, the others by PMI_TASK_VM */
  uint32_t known;
} pmi_usage;

/* Reads the counters of a process. Those of a zombie are 0, and its peaks unknown. `task` may be NULL. */
pmi_code pmi_usage_at(const pmi_target *target, pmi_usage *out, pmi_os_task *task, pmi_error *error);

/* Reads a part of them, of any process that has the pid. The caller verifies the process. */
pmi_code pmi_rusage_of_pid(uint32_t pid, pmi_os_rusage *out, pmi_error *error);

/*
 * Reads the unique set size, by a walk over all regions of a process, which the caller verifies. Fails with EPERM if
 * the system refuses, and with EIO if the walk does not end.
 */
pmi_code pmi_walk_regions(uint32_t pid, uint64_t *out, pmi_error *error);

/* As the functions in pmi.h. */
pmi_code pmi_memory_at(const pmi_target *target, pmi_memory *out, pmi_error *error);
pmi_code pmi_counters_at(const pmi_target *target, pmi_values *out, pmi_error *error);
pmi_code pmi_footprint_at(const pmi_target *target, pmi_footprint *out, pmi_error *error);

/* Fills `error` for a call that failed with this kern_return_t, and returns its code. */
pmi_code pmi_fail_mach(pmi_error *error, int kern_return, const char *syscall);

#endif
