/*
 * Reading and walking the list of all processes. See listing.h.
 *
 * The system wants a buffer for all of it, and tells how much is missing; until the next call there may be more. Each
 * entry tells how far away the next is, and the threads in between are of no use here.
 */
#include "listing.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 512 * 1024, MAX_SIZE = 1024 * 1024 * 1024, MAX_ATTEMPTS = 16 };

static const char list_call[] = "NtQuerySystemInformation";

/* Makes room for what the system asked for, and an eighth for what is started meanwhile. */
static pmi_code make_room(pmi_listing *listing, uint32_t wanted, pmi_error *error) {
  size_t needed = listing->capacity + 1;
  if ((size_t)wanted + wanted / 8 > needed)
    needed = (size_t)wanted + wanted / 8;
  if (wanted > MAX_SIZE || needed > MAX_SIZE)
    return pmi_fail(error, PMI_EIO, PMI_STATUS_INFO_LENGTH_MISMATCH, list_call, NULL);
  return pmi_grow(&listing->bytes, &listing->capacity, needed, 1) ? PMI_OK : pmi_fail_nomem(error);
}

static pmi_code read_into(pmi_listing *listing, pmi_error *error) {
  uint32_t wanted = FIRST_SIZE;
  for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    uint32_t returned = 0;
    pmi_code code = make_room(listing, wanted, error);
    if (code != PMI_OK)
      return code;
    /* MAX_SIZE, doubled, is less than 32 bits hold. */
    uint32_t status = pmi_os_list_processes(listing->bytes, (uint32_t)listing->capacity, &returned);
    if (status == 0) {
      if (returned > listing->capacity)
        return pmi_fail(error, PMI_EIO, 0, list_call, NULL);
      listing->length = returned;
      return PMI_OK;
    }
    if (status != PMI_STATUS_INFO_LENGTH_MISMATCH)
      return pmi_fail_nt(error, status, list_call);
    wanted = returned;
  }
  return pmi_fail(error, PMI_EIO, PMI_STATUS_INFO_LENGTH_MISMATCH, list_call, NULL);
}

pmi_code pmi_listing_read(pmi_listing *out, pmi_error *error) {
  pmi_listing listing = {0};
  pmi_code code = read_into(&listing, error);
  if (code == PMI_OK)
    *out = listing;
  else
    pmi_listing_free(&listing);
  return code;
}

void pmi_listing_free(pmi_listing *listing) {
  free(listing->bytes);
  *listing = (pmi_listing){0};
}

/* Finds the name inside the buffer; false if it would be elsewhere. */
static bool locate_name(const pmi_listing *listing, const pmi_unicode_string *name, pmi_listed *out) {
  uintptr_t begin = (uintptr_t)listing->bytes;
  uintptr_t where = (uintptr_t)name->buffer;
  out->name = listing->bytes;
  out->name_length = name->length / 2U;
  if (name->length == 0)
    return true;
  if (where < begin || where - begin > listing->length || listing->length - (where - begin) < name->length)
    return false;
  out->name = listing->bytes + (where - begin);
  return true;
}

static void fill(const pmi_system_process *process, pmi_listed *out) {
  out->pid = (uint32_t)process->unique_process_id; /* pids have 32 bits wherever they are given to OpenProcess */
  out->ppid = (uint32_t)process->inherited_from_unique_process_id;
  out->creation_time_ms = pmi_unix_ms(process->create_time);
  pmi_vm_of_nt_counters(&process->counters.base, &out->vm);
  /* Wine leaves the one member of the two 0, Windows 7 the other; where both are told they are the same. */
  out->vm.private_usage = process->counters.private_usage;
  if (out->vm.private_usage == 0)
    out->vm.private_usage = out->vm.pagefile_usage;
  if (out->vm.private_usage != 0 || out->vm.working_set == 0)
    out->vm.known |= PMI_PRIVATE_USAGE;
  if (process->working_set_private_size >= 0)
    pmi_vm_set_private_working_set(&out->vm, (uint64_t)process->working_set_private_size);
}

/* What has exited, but is held open by somebody, has no thread and no page left. The idle process has its own rules. */
static bool has_exited(const pmi_system_process *process) {
  return process->number_of_threads == 0 && process->counters.base.working_set_size == 0 &&
         process->unique_process_id != 0;
}

pmi_code pmi_listing_next(const pmi_listing *listing, size_t *at, pmi_listed *out, bool *more, pmi_error *error) {
  while (*at < listing->length) {
    pmi_system_process process;
    size_t rest = listing->length - *at;
    if (rest < sizeof process)
      return pmi_fail(error, PMI_EIO, 0, list_call, NULL);
    memcpy(&process, listing->bytes + *at, sizeof process);
    /* An entry that begins inside the one before, or at the end, is none. */
    if (process.next_entry_offset != 0 &&
        (process.next_entry_offset < sizeof process || process.next_entry_offset >= rest))
      return pmi_fail(error, PMI_EIO, 0, list_call, NULL);
    *at = process.next_entry_offset == 0 ? listing->length : *at + process.next_entry_offset;
    if (has_exited(&process))
      continue;
    if (!locate_name(listing, &process.image_name, out))
      return pmi_fail(error, PMI_EIO, 0, list_call, NULL);
    fill(&process, out);
    *more = true;
    return PMI_OK;
  }
  *more = false;
  return PMI_OK;
}

pmi_code pmi_listing_find(const pmi_listing *listing, uint32_t pid, pmi_listed *out, pmi_error *error) {
  pmi_listed listed;
  size_t at = 0;
  for (;;) {
    bool more = false;
    pmi_code code = pmi_listing_next(listing, &at, &listed, &more, error);
    if (code != PMI_OK)
      return code;
    if (!more)
      return pmi_fail(error, PMI_ESRCH, 0, list_call, NULL);
    if (listed.pid == pid)
      break;
  }
  *out = listed;
  return PMI_OK;
}

pmi_code pmi_listing_vm(uint32_t pid, pmi_vm *out, pmi_error *error) {
  pmi_listing listing = {0};
  pmi_listed listed;
  pmi_code code = pmi_listing_read(&listing, error);
  if (code == PMI_OK)
    code = pmi_listing_find(&listing, pid, &listed, error);
  if (code == PMI_OK)
    *out = listed.vm;
  pmi_listing_free(&listing);
  return code;
}
