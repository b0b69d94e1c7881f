/*
 * One process's memory and counters. A process that may not be opened, or whose own counters lack a figure, is looked
 * up in the list of all processes. That costs a walk over every thread of the machine, but requires no rights.
 *
 * The shared size is the working set minus the private working set, and unknown without the latter. "Private" means
 * committed private memory, in physical memory or not, as in Windows and Electron.
 */
#include "listing.h"

/* The list of the whole machine is not read for the private working set alone: see footprint.c. */
enum { NEEDED = PMI_PRIVATE_USAGE, WANTED = PMI_PRIVATE_USAGE | PMI_PRIVATE_WORKING_SET };
enum { WANTED_OF_COUNTERS = WANTED | PMI_SHARED_COMMIT | PMI_VIRTUAL_SIZE };

/*
 * Uses the list's figures if `code` is a failure, which `error` describes, so that there are none yet, or if the list
 * has all that is needed. A process that is not in the list has exited.
 */
static pmi_code query_list(uint32_t pid, uint32_t needed, pmi_listing *listing, pmi_code code, pmi_vm *vm,
                           pmi_error *error) {
  pmi_listed listed;
  pmi_error why;
  pmi_code list_code = pmi_listing_find(listing, pid, &listed, &why);
  if (list_code != PMI_OK) {
    if (!pmi_is_shortage(list_code) && (list_code != PMI_ESRCH || code == PMI_OK))
      return code;
    *error = why;
    return list_code;
  }
  if (code != PMI_OK || (listed.vm.known & needed) == needed)
    *vm = listed.vm;
  return PMI_OK;
}

pmi_code pmi_vm_of_target(const pmi_target *target, uint32_t needed, uint32_t wanted, pmi_listing *listing, pmi_vm *out,
                          pmi_error *error) {
  pmi_vm vm;
  pmi_code code = pmi_vm_at(target, wanted, &vm, error);
  bool is_enough = code == PMI_OK && (vm.known & needed) == needed;
  if (!is_enough && code != PMI_ESRCH && !pmi_is_shortage(code))
    code = query_list(target->pid, needed, listing, code, &vm, error);
  if (code == PMI_OK)
    *out = vm;
  return code;
}

static pmi_code vm_of_pid(uint32_t pid, uint32_t wanted, pmi_listing *listing, pmi_vm *out, pmi_error *error) {
  pmi_target target;
  pmi_code code = pmi_target_open(pid, &target, error);
  if (code == PMI_EPERM)
    return query_list(pid, NEEDED, listing, code, out, error);
  if (code != PMI_OK)
    return code;
  code = pmi_vm_of_target(&target, NEEDED, wanted, listing, out, error);
  pmi_target_close(&target);
  return code;
}

pmi_memory pmi_memory_of_vm(const pmi_vm *vm) {
  pmi_memory memory = {
      .working_set = vm->working_set,
      .peak_working_set = vm->peak_working_set,
      .known = PMI_PEAK,
  };
  if ((vm->known & PMI_PRIVATE_USAGE) != 0) {
    memory.private_bytes = vm->private_usage;
    memory.known |= PMI_PRIVATE;
  }
  /* The two are not counted at the same instant, so the private one may be larger. */
  if ((vm->known & PMI_PRIVATE_WORKING_SET) != 0 && vm->private_working_set <= vm->working_set) {
    memory.shared_bytes = vm->working_set - vm->private_working_set;
    memory.known |= PMI_SHARED;
  }
  return memory;
}

/* Named after the members of PROCESS_MEMORY_COUNTERS_EX2 and SYSTEM_PROCESS_INFORMATION. */
static pmi_values counters_of_vm(const pmi_vm *vm) {
  pmi_values counters = {0};
  pmi_values_add(&counters, "pageFaultCount", PMI_COUNT, vm->page_fault_count);
  if ((vm->known & PMI_HARD_FAULTS) != 0)
    pmi_values_add(&counters, "hardFaultCount", PMI_COUNT, vm->hard_fault_count);
  pmi_values_add(&counters, "peakWorkingSetSize", PMI_BYTES, vm->peak_working_set);
  pmi_values_add(&counters, "workingSetSize", PMI_BYTES, vm->working_set);
  pmi_values_add(&counters, "quotaPeakPagedPoolUsage", PMI_BYTES, vm->quota_peak_paged_pool);
  pmi_values_add(&counters, "quotaPagedPoolUsage", PMI_BYTES, vm->quota_paged_pool);
  pmi_values_add(&counters, "quotaPeakNonPagedPoolUsage", PMI_BYTES, vm->quota_peak_non_paged_pool);
  pmi_values_add(&counters, "quotaNonPagedPoolUsage", PMI_BYTES, vm->quota_non_paged_pool);
  pmi_values_add(&counters, "pagefileUsage", PMI_BYTES, vm->pagefile_usage);
  pmi_values_add(&counters, "peakPagefileUsage", PMI_BYTES, vm->peak_pagefile_usage);
  if ((vm->known & PMI_PRIVATE_USAGE) != 0)
    pmi_values_add(&counters, "privateUsage", PMI_BYTES, vm->private_usage);
  if ((vm->known & PMI_PRIVATE_WORKING_SET) != 0)
    pmi_values_add(&counters, "privateWorkingSetSize", PMI_BYTES, vm->private_working_set);
  if ((vm->known & PMI_SHARED_COMMIT) != 0)
    pmi_values_add(&counters, "sharedCommitUsage", PMI_BYTES, vm->shared_commit);
  if ((vm->known & PMI_VIRTUAL_SIZE) != 0) {
    pmi_values_add(&counters, "virtualSize", PMI_BYTES, vm->virtual_size);
    pmi_values_add(&counters, "peakVirtualSize", PMI_BYTES, vm->peak_virtual_size);
  }
  return counters;
}

pmi_code pmi_memory_at(const pmi_target *target, pmi_memory *out, pmi_error *error) {
  pmi_listing listing = {0};
  pmi_vm vm;
  pmi_code code = pmi_vm_of_target(target, NEEDED, WANTED, &listing, &vm, error);
  pmi_listing_free(&listing);
  if (code == PMI_OK)
    *out = pmi_memory_of_vm(&vm);
  return code;
}

pmi_code pmi_counters_at(const pmi_target *target, pmi_values *out, pmi_error *error) {
  pmi_listing listing = {0};
  pmi_vm vm;
  pmi_code code = pmi_vm_of_target(target, NEEDED, WANTED_OF_COUNTERS, &listing, &vm, error);
  pmi_listing_free(&listing);
  if (code == PMI_OK)
    *out = counters_of_vm(&vm);
  return code;
}

pmi_code pmi_read_memory(uint32_t pid, pmi_memory *out, pmi_error *error) {
  pmi_listing listing = {0};
  pmi_vm vm;
  pmi_code code = vm_of_pid(pid, WANTED, &listing, &vm, error);
  pmi_listing_free(&listing);
  if (code == PMI_OK)
    *out = pmi_memory_of_vm(&vm);
  return code;
}

/* All processes that may not be opened are looked up in one list. */
pmi_code pmi_read_memories(const uint32_t *pids, size_t count, pmi_memory *out, pmi_failures *failures,
                           pmi_error *error) {
  pmi_listing listing = {0};
  pmi_code code = PMI_OK;
  for (size_t i = 0; i < count && code == PMI_OK; i++) {
    pmi_vm vm;
    out[i] = (pmi_memory){0};
    if (vm_of_pid(pids[i], WANTED, &listing, &vm, error) == PMI_OK)
      out[i] = pmi_memory_of_vm(&vm);
    else
      code = pmi_failures_add(failures, i, error, error);
  }
  pmi_listing_free(&listing);
  return code;
}

pmi_code pmi_read_counters(uint32_t pid, pmi_values *out, pmi_error *error) {
  pmi_listing listing = {0};
  pmi_vm vm;
  pmi_code code = vm_of_pid(pid, WANTED_OF_COUNTERS, &listing, &vm, error);
  pmi_listing_free(&listing);
  if (code == PMI_OK)
    *out = counters_of_vm(&vm);
  return code;
}
