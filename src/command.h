/*
 * For a program that runs a command and watches its memory. On Linux: starting it, and all that ends below it. On
 * Windows: a job that counts its memory. Elsewhere all of it is PMI_ENOSYS. Functions leave their results alone when
 * they fail.
 */
#ifndef PMI_COMMAND_H
#define PMI_COMMAND_H

#include "pmi.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Starts argv[0], looked up in PATH, as a child of the caller with the caller's environment and every signal at its
 * default. argv ends with NULL. From now on orphans below the caller become its children. `group` is the cgroup.procs
 * file of a control group that the child is in from its first instruction, or NULL.
 *
 * *handed_down is what the child's peak began with, in bytes: that of the caller's memory, which it was a copy of. If
 * the program cannot be executed, the error's call is "execvp"; if the group cannot be joined, "open" or "write".
 */
pmi_code pmi_start_command(char *const argv[], const char *group, uint32_t *pid, uint64_t *handed_down,
                           pmi_error *error);

/* A child that has ended. */
typedef struct pmi_ended {
  uint32_t pid; /* 0: none has */
  int exit_code;
  int signal;                /* that ended it; 0 if it exited by itself */
  uint64_t peak_working_set; /* bytes; the largest of it and of those below it that were waited for */
} pmi_ended;

/*
 * Takes leave of one child that has ended, whichever it is, without waiting for any. Processes that libuv started are
 * libuv's to wait for: who calls this starts none by it.
 */
pmi_code pmi_reap_child(pmi_ended *out, pmi_error *error);

/* Ends the caller by that signal, as if nothing handled it, and without a core dump. Returns if it did not. */
void pmi_die_by(int signal);

/* A job object of Windows. */
typedef struct pmi_job pmi_job;

/*
 * Makes a job, and puts a process into it: from now on the system counts the memory of that process and of all that it
 * starts. ESRCH if it has exited. The caller closes the job.
 */
pmi_code pmi_open_job(uint32_t pid, pmi_job **out, pmi_error *error);

/* The largest sum of memory that the processes of the job had committed at once, in bytes. */
pmi_code pmi_read_job_peak(pmi_job *job, uint64_t *out, pmi_error *error);

void pmi_close_job(pmi_job *job);

#ifdef __cplusplus
}
#endif

#endif
