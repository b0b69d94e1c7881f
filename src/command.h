/*
 * For a program that runs a command and measures its memory. On Linux it starts the command and reaps its descendants;
 * on Windows it uses a job that counts memory. Elsewhere all functions fail with ENOSYS. Results are unchanged on
 * failure.
 */
#ifndef PMI_COMMAND_H
#define PMI_COMMAND_H

#include "pmi.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Starts argv[0], found by PATH, as a child of the caller, with the caller's environment and default signal handlers.
 * argv ends with NULL. From then on orphaned descendants become children of the caller. `group` is NULL, or the
 * cgroup.procs file of a control group that the child joins before it executes the program.
 *
 * *handed_down is the initial peak of the child in bytes, which it inherits as a copy of the caller. If the program
 * cannot be executed, the failed call is "execvp"; if the group cannot be joined, "open" or "write".
 */
pmi_code pmi_start_command(char *const argv[], const char *group, uint32_t *pid, uint64_t *handed_down,
                           pmi_error *error);

/* A child that has ended. */
typedef struct pmi_ended {
  uint32_t pid; /* 0 if none has */
  int exit_code;
  int signal;                /* that terminated it; 0 if it exited */
  uint64_t peak_working_set; /* bytes; the maximum of the child and of its descendants that were waited for */
} pmi_ended;

/*
 * Reaps any one child that has ended, without blocking. It would steal the children of libuv, so the caller must not
 * start any through libuv.
 */
pmi_code pmi_reap_child(pmi_ended *out, pmi_error *error);

/*
 * Terminates the caller by the default action of that signal, without a core dump. Returns if the signal does not
 * terminate it.
 */
void pmi_die_by(int signal);

/* A job object of Windows. */
typedef struct pmi_job pmi_job;

/*
 * Creates a job and assigns a process to it: from then on the system counts the memory of that process and of all that
 * it starts. Fails with ESRCH if it has exited. The caller closes the job.
 */
pmi_code pmi_open_job(uint32_t pid, pmi_job **out, pmi_error *error);

/* The peak of the memory committed by all processes of the job together, in bytes. */
pmi_code pmi_read_job_peak(pmi_job *job, uint64_t *out, pmi_error *error);

void pmi_close_job(pmi_job *job);

#ifdef __cplusplus
}
#endif

#endif
