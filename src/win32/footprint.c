/*
 * The footprint of one process: its private working set, the figure that Task Manager shows. Where the process's own
 * counters lack it, the list of all processes has it, on every Windows since Vista.
 *
 * QueryWorkingSet lists every resident page and how many processes share it, up to seven. The pages that no other
 * process shares make up the unique set size. The call requires the right to read the process's memory; without it the
 * unique set size is left out.
 */
#include "listing.h"

#include <stdlib.h>

enum { FIRST_ENTRIES = 4096, MAX_ATTEMPTS = 16 };

static const char walk_call[] = "QueryWorkingSet";
static const char private_method[] = "private_working_set";

/* QueryWorkingSet turns an NTSTATUS for "no such information" into ERROR_INVALID_PARAMETER. */
static pmi_code fail_walk(uint32_t os_error, pmi_error *error) {
  if (os_error == PMI_ERROR_INVALID_PARAMETER)
    return pmi_fail(error, PMI_ENOSYS, os_error, walk_call, NULL);
  return pmi_fail_win32(error, os_error, walk_call);
}

static uint64_t count_unshared(const uintptr_t *blocks, size_t count) {
  uint64_t pages = 0;
  for (size_t i = 0; i < count; i++)
    if (!PMI_PAGE_SHARED(blocks[i]) || PMI_PAGE_SHARE_COUNT(blocks[i]) <= 1)
      pages++;
  return pages;
}

/* Reads the list of pages into an array. Its first item is the number of items that follow. */
static pmi_code read_pages(pmi_os_handle process, uintptr_t **entries, size_t *capacity, pmi_error *error) {
  size_t needed = 1 + FIRST_ENTRIES;
  for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (!pmi_renew(entries, capacity, needed, sizeof **entries))
      return pmi_fail_nomem(error);
    if (*capacity > UINT32_MAX / sizeof **entries)
      break;
    (*entries)[0] = 0;
    uint32_t failure = pmi_os_working_set(process, *entries, (uint32_t)(*capacity * sizeof **entries));
    if (failure == 0)
      return (*entries)[0] < *capacity ? PMI_OK : pmi_fail(error, PMI_EIO, 0, walk_call, NULL);
    if (failure != PMI_ERROR_BAD_LENGTH)
      return fail_walk(failure, error);
    /* The first item now holds the number of pages; leave room for those that are added before the next call. */
    needed = *capacity + 1;
    if ((*entries)[0] >= needed && (*entries)[0] <= SIZE_MAX / 2)
      needed = (*entries)[0] + (*entries)[0] / 8;
  }
  return pmi_fail(error, PMI_EIO, PMI_ERROR_BAD_LENGTH, walk_call, NULL);
}

static pmi_code read_uss(const pmi_target *target, uint64_t *out, pmi_error *error) {
  pmi_target readable;
  uintptr_t *entries = NULL;
  size_t capacity = 0;
  pmi_code code = pmi_target_reopen(target, PMI_PROCESS_QUERY_INFORMATION | PMI_PROCESS_VM_READ, &readable, error);
  if (code != PMI_OK)
    return code;
  code = read_pages(readable.process, &entries, &capacity, error);
  if (code == PMI_OK)
    *out = count_unshared(entries + 1, entries[0]) * pmi_os_page_size();
  free(entries);
  pmi_target_close(&readable);
  return code;
}

static pmi_footprint with_unique_set(uint64_t uss, uint64_t bytes, const char *method) {
  pmi_footprint footprint = {.method = method};
  pmi_values_add(&footprint.values, "uss", PMI_BYTES, uss);
  pmi_values_add(&footprint.values, "footprint", PMI_BYTES, bytes);
  return footprint;
}

pmi_code pmi_unique_set_at(const pmi_target *target, pmi_footprint *out, pmi_error *error) {
  uint64_t uss = 0;
  pmi_code code = pmi_target_verify(target, read_uss(target, &uss, error), error);
  if (code == PMI_OK)
    *out = with_unique_set(uss, uss, "working_set");
  return code;
}

/* Leaves *known false if neither the process nor the list reports the figure; that is not an error. */
static pmi_code read_private(const pmi_target *target, uint64_t *out, bool *known, pmi_error *error) {
  pmi_listing listing = {0};
  pmi_vm vm;
  pmi_code code = pmi_vm_of_target(target, PMI_PRIVATE_WORKING_SET, PMI_PRIVATE_WORKING_SET, &listing, &vm, error);
  pmi_listing_free(&listing);
  if (code != PMI_OK)
    return code;
  *known = (vm.known & PMI_PRIVATE_WORKING_SET) != 0;
  *out = vm.private_working_set;
  return PMI_OK;
}

static pmi_code read_both(const pmi_target *target, pmi_footprint *out, pmi_error *error) {
  uint64_t private = 0;
  uint64_t uss = 0;
  bool known = false;
  pmi_code code = read_private(target, &private, &known, error);
  if (code != PMI_OK)
    return code;
  code = read_uss(target, &uss, error);
  if (code != PMI_OK && (pmi_is_shortage(code) || !known))
    return code;
  if (code != PMI_OK) /* the list of pages was refused, the private working set was not */
    *out = pmi_footprint_of(private, private_method);
  else
    *out = known ? with_unique_set(uss, private, private_method) : with_unique_set(uss, uss, "working_set");
  return PMI_OK;
}

pmi_code pmi_footprint_at(const pmi_target *target, pmi_footprint *out, pmi_error *error) {
  pmi_footprint footprint;
  pmi_code code = pmi_target_verify(target, read_both(target, &footprint, error), error);
  if (code == PMI_OK)
    *out = footprint;
  return code;
}

/* For a process that may not be opened, as `error` says. */
static pmi_code read_listed(uint32_t pid, pmi_footprint *out, pmi_error *error) {
  pmi_listing listing = {0};
  pmi_listed listed;
  pmi_error why;
  pmi_code code = pmi_listing_find(&listing, pid, &listed, &why);
  pmi_listing_free(&listing);
  if (code == PMI_ESRCH || pmi_is_shortage(code)) {
    *error = why;
    return code;
  }
  if (code != PMI_OK || (listed.vm.known & PMI_PRIVATE_WORKING_SET) == 0)
    return error->code;
  *out = pmi_footprint_of(listed.vm.private_working_set, private_method);
  return PMI_OK;
}

pmi_code pmi_read_footprint(uint32_t pid, pmi_footprint *out, pmi_error *error) {
  pmi_target target;
  pmi_code code = pmi_target_open(pid, &target, error);
  if (code == PMI_EPERM)
    return read_listed(pid, out, error);
  if (code != PMI_OK)
    return code;
  code = pmi_footprint_at(&target, out, error);
  pmi_target_close(&target);
  return code;
}
