/*
 * What the files of this folder share about one process.
 */
#ifndef PMI_WIN32_PROCESS_H
#define PMI_WIN32_PROCESS_H

#include "../pmi.h"
#include "os.h"

/* A process that is open. While it is, nobody else gets its pid. Starts with pmi_target_open(). */
typedef struct pmi_target {
  uint32_t pid;
  pmi_os_handle process;
  bool can_wait; /* the system gave the right to ask whether it has exited */
} pmi_target;

/*
 * Opens a process with the least rights that its counters take. ESRCH if there is none of that pid; EPERM if the system
 * refuses. It may have exited all the same: pmi_target_settle() tells.
 */
pmi_code pmi_target_open(uint32_t pid, pmi_target *out, pmi_error *error);
void pmi_target_close(const pmi_target *target);

pmi_code pmi_target_has_exited(const pmi_target *target, bool *out, pmi_error *error);

/*
 * Returns `code`, what a reading came to, if the process has not exited; else ESRCH. To be called after the reading:
 * the system goes on to answer for a process that has exited, as long as somebody holds it open.
 */
pmi_code pmi_target_settle(const pmi_target *target, pmi_code code, pmi_error *error);

/* Milliseconds since the epoch. */
pmi_code pmi_target_creation_time_ms(const pmi_target *target, uint64_t *out, pmi_error *error);

/* From 100 ns since 1601 to milliseconds since the epoch; 0, unknown, for what is before the epoch. */
uint64_t pmi_unix_ms(int64_t filetime);

/* Bits of pmi_vm.known. The others are always known. */
enum { PMI_PRIVATE_USAGE = 1, PMI_PRIVATE_WORKING_SET = 2, PMI_SHARED_COMMIT = 4 };

/* All that Windows counts of a process's memory, whichever call told it. Bytes, but for the page faults. */
typedef struct pmi_vm {
  uint64_t page_fault_count;
  uint64_t peak_working_set;
  uint64_t working_set;
  uint64_t quota_peak_paged_pool;
  uint64_t quota_paged_pool;
  uint64_t quota_peak_non_paged_pool;
  uint64_t quota_non_paged_pool;
  uint64_t pagefile_usage;
  uint64_t peak_pagefile_usage;
  uint64_t private_usage;
  uint64_t private_working_set;
  uint64_t shared_commit;
  uint32_t known;
} pmi_vm;

/* Sets the private working set, unless it is not to be believed. The working set has to be there. */
void pmi_vm_set_private_working_set(pmi_vm *vm, uint64_t bytes);

/* The part that the system tells everywhere. */
void pmi_vm_of_nt_counters(const pmi_nt_counters *counters, pmi_vm *out);

/* Reads the counters of an open process; ESRCH if it has exited. */
pmi_code pmi_vm_at(const pmi_target *target, pmi_vm *out, pmi_error *error);

/* Likewise by the pid; of a process that cannot be opened, from the list of all. */
pmi_code pmi_vm_of_pid(uint32_t pid, pmi_vm *out, pmi_error *error);

/* The answers of pmi.h, out of the counters. */
pmi_memory pmi_memory_of_vm(const pmi_vm *vm);
pmi_values pmi_counters_of_vm(const pmi_vm *vm);

/* As its namesake in pmi.h. */
pmi_code pmi_footprint_at(const pmi_target *target, pmi_footprint *out, pmi_error *error);

/* The footprint by the pages that nobody shares, and no other way: it lists no other process. */
pmi_code pmi_unique_set_at(const pmi_target *target, pmi_footprint *out, pmi_error *error);

/* Fills `error` for a Win32 call that failed with this GetLastError(), and returns its code. */
pmi_code pmi_fail_win32(pmi_error *error, uint32_t os_error, const char *syscall);

/* Likewise for a call that answers with an NTSTATUS. */
pmi_code pmi_fail_nt(pmi_error *error, uint32_t status, const char *syscall);

#endif
