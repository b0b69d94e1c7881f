/*
 * An open process, and the errors of the calls. The lowest layer of this folder above os.h.
 */
#ifndef PMI_WIN32_PROCESS_H
#define PMI_WIN32_PROCESS_H

#include "../pmi.h"
#include "os.h"

/* An open process. Its pid is not reused while it is open. Made by pmi_target_open(). */
typedef struct pmi_target {
  uint32_t pid;
  pmi_os_handle process;
  bool is_own;   /* the caller's own process, by its pseudo handle: it is never opened and has not exited */
  bool can_wait; /* opened with the right to wait for its exit */
} pmi_target;

/*
 * Opens a process with the least rights that reading its counters requires. ESRCH if no process has that pid; EPERM if
 * the system refuses, as it does for the idle process. A process that has exited may still open: use
 * pmi_target_verify().
 */
pmi_code pmi_target_open(uint32_t pid, pmi_target *out, pmi_error *error);

/* Opens the same process again, with these rights. The caller closes both. */
pmi_code pmi_target_reopen(const pmi_target *target, uint32_t access, pmi_target *out, pmi_error *error);

void pmi_target_close(const pmi_target *target);

pmi_code pmi_target_has_exited(const pmi_target *target, bool *out, pmi_error *error);

/*
 * Returns `code`, the result of a reading, if the process has not exited; else ESRCH. Call it after the reading: the
 * system keeps answering for a process that has exited for as long as it is held open.
 */
pmi_code pmi_target_verify(const pmi_target *target, pmi_code code, pmi_error *error);

/* Milliseconds since the epoch. */
pmi_code pmi_target_creation_time_ms(const pmi_target *target, uint64_t *out, pmi_error *error);

/* Converts 100 ns since 1601 to milliseconds since the epoch. 0, which is unknown, for times before the epoch. */
uint64_t pmi_unix_ms(int64_t filetime);

/* ---- error.c ---- */

/* Fills `error` for a Win32 call that failed with this GetLastError(), and returns its code. */
pmi_code pmi_fail_win32(pmi_error *error, uint32_t os_error, const char *syscall);

/* The same for a call that returns an NTSTATUS. */
pmi_code pmi_fail_nt(pmi_error *error, uint32_t status, const char *syscall);

/* Whether an NTSTATUS says that the buffer has the wrong size. */
bool pmi_is_too_small(uint32_t status);

#endif
