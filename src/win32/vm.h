/*
 * The memory counters of a process on Windows, from any of the calls that report them.
 */
#ifndef PMI_WIN32_VM_H
#define PMI_WIN32_VM_H

#include "process.h"

/* Bits of pmi_vm.known. The other members are always known. */
enum {
  PMI_PRIVATE_USAGE = 1,
  PMI_PRIVATE_WORKING_SET = 2,
  PMI_SHARED_COMMIT = 4,
  PMI_VIRTUAL_SIZE = 8, /* and its peak */
  PMI_HARD_FAULTS = 16
};

/* In bytes, except for the faults. */
typedef struct pmi_vm {
  uint64_t page_fault_count;
  uint64_t hard_fault_count;
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
  uint64_t virtual_size;
  uint64_t peak_virtual_size;
  uint32_t known;
} pmi_vm;

/* The part that NtQueryInformationProcess and the list of all processes have in common. */
void pmi_vm_of_nt_counters(const pmi_nt_counters *counters, pmi_vm *out);

/* Sets the private working set, unless the value cannot be right. The working set has to be set before. */
void pmi_vm_set_private_working_set(pmi_vm *vm, uint64_t bytes);

/* Reads an open process; makes a second call only if the first does not report all that is `wanted`. ESRCH if the
 * process has exited. */
pmi_code pmi_vm_at(const pmi_target *target, uint32_t wanted, pmi_vm *out, pmi_error *error);

/* ---- memory.c ---- */

struct pmi_listing;

/*
 * Reads an open process, and the list of all processes if the process itself lacks what is `needed`. Figures that are
 * only `wanted` may be missing. `listing` is read at most once, if it is needed; the caller keeps it.
 */
pmi_code pmi_vm_of_target(const pmi_target *target, uint32_t needed, uint32_t wanted, struct pmi_listing *listing,
                          pmi_vm *out, pmi_error *error);

pmi_memory pmi_memory_of_vm(const pmi_vm *vm);

/* Like the functions of these names in pmi.h. */
pmi_code pmi_memory_at(const pmi_target *target, pmi_memory *out, pmi_error *error);
pmi_code pmi_counters_at(const pmi_target *target, pmi_values *out, pmi_error *error);

/* ---- footprint.c ---- */

/* Like pmi_read_footprint() in pmi.h. */
pmi_code pmi_footprint_at(const pmi_target *target, pmi_footprint *out, pmi_error *error);

/* The footprint from the pages that are not shared. It never reads the list of all processes. */
pmi_code pmi_unique_set_at(const pmi_target *target, pmi_footprint *out, pmi_error *error);

#endif
