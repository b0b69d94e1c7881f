/*
 * The counters of an open process: from GetProcessMemoryInfo, and from NtQueryInformationProcess(ProcessVmCounters) if
 * that fails or lacks a figure.
 *
 * Both structures have gained members with new versions of Windows. A call fills in those it knows; Wine silently
 * ignores the others. So the structure is filled with a pattern first. A member counts only if the pattern was
 * overwritten and, if the value is 0, the returned size covers it.
 */
#include "vm.h"

#include <string.h>

/* Read as a number, it is not a multiple of the page size, so it cannot be a value of the later members. */
enum { UNWRITTEN = 0xa5 };

static bool is_written(const void *member, size_t size) {
  const unsigned char *bytes = member;
  for (size_t i = 0; i < size; i++)
    if (bytes[i] != UNWRITTEN)
      return true;
  return false;
}

static bool is_given(const void *all, const void *member, size_t size, uint64_t value, size_t answered) {
  size_t end = (size_t)((const unsigned char *)member - (const unsigned char *)all) + size;
  return is_written(member, size) && (value != 0 || end <= answered);
}

/* The members from the second on are all pointer-sized. */
static bool all_written(const size_t *first, const size_t *last) {
  for (; first <= last; first++)
    if (!is_written(first, sizeof *first))
      return false;
  return true;
}

void pmi_vm_set_private_working_set(pmi_vm *vm, uint64_t bytes) {
  /* A system that does not count it reports 0, as Wine does; every process with resident pages has private ones. */
  if (bytes == 0 && vm->working_set != 0)
    return;
  vm->private_working_set = bytes;
  vm->known |= PMI_PRIVATE_WORKING_SET;
}

void pmi_vm_of_nt_counters(const pmi_nt_counters *counters, pmi_vm *out) {
  *out = (pmi_vm){
      .page_fault_count = counters->page_fault_count,
      .peak_working_set = counters->peak_working_set_size,
      .working_set = counters->working_set_size,
      .quota_peak_paged_pool = counters->quota_peak_paged_pool_usage,
      .quota_paged_pool = counters->quota_paged_pool_usage,
      .quota_peak_non_paged_pool = counters->quota_peak_non_paged_pool_usage,
      .quota_non_paged_pool = counters->quota_non_paged_pool_usage,
      .pagefile_usage = counters->pagefile_usage,
      .peak_pagefile_usage = counters->peak_pagefile_usage,
      .virtual_size = counters->virtual_size,
      .peak_virtual_size = counters->peak_virtual_size,
      .known = PMI_VIRTUAL_SIZE,
  };
}

static void add_later(pmi_vm *vm, const void *all, size_t answered, const size_t *private_usage,
                      const size_t *private_working_set, const void *shared_commit, size_t shared_commit_size) {
  uint64_t shared = 0;
  memcpy(&shared, shared_commit, shared_commit_size); /* Windows is always little-endian */
  if (is_given(all, private_usage, sizeof *private_usage, *private_usage, answered)) {
    vm->private_usage = *private_usage;
    vm->known |= PMI_PRIVATE_USAGE;
  }
  if (is_given(all, private_working_set, sizeof *private_working_set, *private_working_set, answered))
    pmi_vm_set_private_working_set(vm, *private_working_set);
  if (is_given(all, shared_commit, shared_commit_size, shared, answered)) {
    vm->shared_commit = shared;
    vm->known |= PMI_SHARED_COMMIT;
  }
}

static pmi_code fill_from_psapi(const pmi_psapi_counters_ex2 *counters, pmi_vm *out, pmi_error *error) {
  const pmi_psapi_counters *base = &counters->ex.base;
  if (!all_written(&base->peak_working_set_size, &base->peak_pagefile_usage))
    return pmi_fail(error, PMI_EIO, 0, "GetProcessMemoryInfo", NULL);
  *out = (pmi_vm){
      .page_fault_count = base->page_fault_count,
      .peak_working_set = base->peak_working_set_size,
      .working_set = base->working_set_size,
      .quota_peak_paged_pool = base->quota_peak_paged_pool_usage,
      .quota_paged_pool = base->quota_paged_pool_usage,
      .quota_peak_non_paged_pool = base->quota_peak_non_paged_pool_usage,
      .quota_non_paged_pool = base->quota_non_paged_pool_usage,
      .pagefile_usage = base->pagefile_usage,
      .peak_pagefile_usage = base->peak_pagefile_usage,
  };
  add_later(out, counters, base->cb, &counters->ex.private_usage, &counters->private_working_set_size,
            &counters->shared_commit_usage, sizeof counters->shared_commit_usage);
  return PMI_OK;
}

static bool is_about_size(uint32_t os_error) {
  return os_error == PMI_ERROR_INSUFFICIENT_BUFFER || os_error == PMI_ERROR_BAD_LENGTH ||
         os_error == PMI_ERROR_INVALID_PARAMETER || os_error == PMI_ERROR_INVALID_USER_BUFFER;
}

static pmi_code query_psapi(const pmi_target *target, pmi_vm *out, pmi_error *error) {
  static const uint32_t sizes[] = {sizeof(pmi_psapi_counters_ex2), sizeof(pmi_psapi_counters_ex),
                                   sizeof(pmi_psapi_counters)};
  uint32_t failure = PMI_ERROR_INSUFFICIENT_BUFFER;
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes && is_about_size(failure); i++) {
    pmi_psapi_counters_ex2 counters;
    memset(&counters, UNWRITTEN, sizeof counters);
    counters.ex.base.cb = sizes[i];
    failure = pmi_os_memory_info(target->process, &counters, sizes[i]);
    if (failure == 0)
      return fill_from_psapi(&counters, out, error);
  }
  return pmi_fail_win32(error, failure, "GetProcessMemoryInfo");
}

static pmi_code fill_from_nt(const pmi_nt_counters_ex2 *counters, uint32_t returned, pmi_vm *out, pmi_error *error) {
  const pmi_nt_counters *base = &counters->ex.base;
  if (!all_written(&base->peak_working_set_size, &base->peak_pagefile_usage))
    return pmi_fail(error, PMI_EIO, 0, "NtQueryInformationProcess", NULL);
  pmi_vm_of_nt_counters(base, out);
  add_later(out, counters, returned, &counters->ex.private_usage, &counters->private_working_set_size,
            &counters->shared_commit_usage, sizeof counters->shared_commit_usage);
  return PMI_OK;
}

static pmi_code query_nt(const pmi_target *target, pmi_vm *out, pmi_error *error) {
  static const uint32_t sizes[] = {sizeof(pmi_nt_counters_ex2), sizeof(pmi_nt_counters_ex), sizeof(pmi_nt_counters)};
  uint32_t status = PMI_STATUS_INFO_LENGTH_MISMATCH;
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes && pmi_is_too_small(status); i++) {
    pmi_nt_counters_ex2 counters;
    uint32_t returned = 0;
    memset(&counters, UNWRITTEN, sizeof counters);
    status = pmi_os_vm_counters(target->process, &counters, sizes[i], &returned);
    if (status == 0)
      return fill_from_nt(&counters, returned, out, error);
  }
  return pmi_fail_nt(error, status, "NtQueryInformationProcess");
}

/* Answers are never mixed, so that the figures agree: one that knows all that `than` knows, and more, replaces it. */
static bool is_better(const pmi_vm *vm, const pmi_vm *than) {
  return vm->known != than->known && (vm->known & than->known) == than->known;
}

static pmi_code query(const pmi_target *target, uint32_t wanted, pmi_vm *vm, pmi_error *error) {
  pmi_vm other = {0};
  pmi_error why;
  pmi_code code = query_psapi(target, vm, error);
  if (pmi_is_shortage(code) || (code == PMI_OK && (vm->known & wanted) == wanted))
    return code;
  pmi_code nt_code = query_nt(target, &other, &why);
  if (pmi_is_shortage(nt_code)) {
    *error = why;
    return nt_code;
  }
  if (nt_code != PMI_OK || (code == PMI_OK && !is_better(&other, vm)))
    return code;
  *vm = other;
  return PMI_OK;
}

pmi_code pmi_vm_at(const pmi_target *target, uint32_t wanted, pmi_vm *out, pmi_error *error) {
  pmi_vm vm = {0};
  pmi_code code = pmi_target_verify(target, query(target, wanted, &vm, error), error);
  if (code == PMI_OK)
    *out = vm;
  return code;
}
