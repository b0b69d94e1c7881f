/*
 * What the files of this folder share about one process.
 */
#ifndef PMI_DARWIN_PROCESS_H
#define PMI_DARWIN_PROCESS_H

#include "../pmi.h"
#include "os.h"

/*
 * A process, and not just a pid. Nothing is held open: macOS has nothing to hold. Pids go up to 99999 and around, so
 * that the same one is not given away twice within a millisecond.
 */
typedef struct pmi_target {
  uint32_t pid;
  uint64_t creation_time_ms;
} pmi_target;

/* Finds out which process has the pid. ESRCH if none has. */
pmi_code pmi_target_open(uint32_t pid, pmi_target *out, pmi_error *error);

/* Sets *zombie if the process is there; ESRCH if it is not, whatever has its pid now. */
pmi_code pmi_target_state(const pmi_target *target, bool *zombie, pmi_error *error);

/*
 * To be called after a reading: returns `code`, what it came to, if it was one of the process; ESRCH if the pid has
 * become another's, or free. Where the process has become a zombie it sets *zombie and returns PMI_OK: then nothing
 * of the reading counts, for the system goes on to tell the figures that the process had.
 */
pmi_code pmi_target_verify(const pmi_target *target, pmi_code code, bool *zombie, pmi_error *error);

/* Milliseconds since the epoch; 0, unknown, for what is before. */
uint64_t pmi_creation_time_ms(const pmi_os_process *process);

/* Bits of pmi_usage.known. The other figures are always known, and the counts where they were asked for. */
enum { PMI_PEAK_RESIDENT = 1, PMI_TASK_VM = 2, PMI_PEAK_FOOTPRINT = 4 };

/* What is counted of a process. Bytes, but for what are counts. */
typedef struct pmi_usage {
  pmi_os_rusage rusage;   /* the largest footprint by PMI_PEAK_FOOTPRINT */
  pmi_os_task_vm task_vm; /* the peak by PMI_PEAK_RESIDENT, the others by PMI_TASK_VM */
  pmi_os_task task;
  uint32_t known;
} pmi_usage;

/* What to ask besides proc_pid_rusage. */
enum { PMI_ASK_TASK_VM = 1, PMI_ASK_TASK = 2 };

/* Asks for the counters of a process. A zombie has zeros, and no peaks. */
pmi_code pmi_usage_at(const pmi_target *target, uint32_t questions, pmi_usage *out, pmi_error *error);

/* Likewise, of whichever process has the pid. `usage` is zeros before. To be verified by the caller, who drops it on
 * failure. */
pmi_code pmi_usage_of_pid(uint32_t pid, uint32_t questions, pmi_usage *usage, pmi_error *error);

/*
 * The unique set size, by a walk over all regions of a process. To be verifyd by the caller. EPERM if the system
 * refuses, EIO if the walk did not come to an end.
 */
pmi_code pmi_walk_regions(uint32_t pid, uint64_t *out, pmi_error *error);

/* As their namesakes in pmi.h. */
pmi_code pmi_memory_at(const pmi_target *target, pmi_memory *out, pmi_error *error);
pmi_code pmi_counters_at(const pmi_target *target, pmi_values *out, pmi_error *error);
pmi_code pmi_footprint_at(const pmi_target *target, pmi_footprint *out, pmi_error *error);

/* Fills `error` for a call that failed with this kern_return_t, and returns its code. */
pmi_code pmi_fail_mach(pmi_error *error, int kern_return, const char *syscall);

#endif
