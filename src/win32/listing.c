/*
 * Reading and walking the list of all processes, and the names in it. See listing.h.
 *
 * The system writes the list into one buffer. If the buffer is too small, the call returns the size needed, which may
 * have grown by the next call. The length returned with a complete list is of no use: for a 32-bit process on 64-bit
 * Windows it is the length before the conversion. Each entry holds the offset of the next one; 0 marks the last.
 *
 * Names are UTF-16. Windows allows any sequence of units, also unpaired surrogates.
 */
#include "listing.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 512 * 1024, MAX_SIZE = 1024 * 1024 * 1024, MAX_ATTEMPTS = 16 };

static const char list_call[] = "NtQuerySystemInformation";

/* Makes room for the size that the system asked for, and an eighth more for processes that start meanwhile. */
static pmi_code make_room(pmi_listing *listing, uint32_t wanted, pmi_error *error) {
  size_t needed = listing->capacity + 1;
  if ((size_t)wanted + wanted / 8 > needed)
    needed = (size_t)wanted + wanted / 8;
  if (wanted > MAX_SIZE || needed > MAX_SIZE)
    return pmi_fail(error, PMI_EIO, PMI_STATUS_INFO_LENGTH_MISMATCH, list_call, NULL);
  return pmi_renew(&listing->bytes, &listing->capacity, needed, 1) ? PMI_OK : pmi_fail_nomem(error);
}

static pmi_code read_into(pmi_listing *listing, pmi_error *error) {
  uint32_t wanted = FIRST_SIZE;
  for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    uint32_t returned = 0;
    pmi_code code = make_room(listing, wanted, error);
    if (code != PMI_OK)
      return code;
    /* The capacity is at most twice MAX_SIZE, which fits 32 bits. */
    uint32_t status = pmi_os_list_processes(listing->bytes, (uint32_t)listing->capacity, &returned);
    if (!pmi_is_too_small(status))
      return status == 0 ? PMI_OK : pmi_fail_nt(error, status, list_call);
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

/* Finds the name inside the buffer; false if it points outside. */
static bool locate_name(const pmi_listing *listing, const pmi_unicode_string *name, pmi_listed *out) {
  uintptr_t begin = (uintptr_t)listing->bytes;
  uintptr_t where = (uintptr_t)name->buffer;
  out->name = listing->bytes;
  out->name_length = name->length / 2U;
  if (name->length == 0)
    return true;
  if (where < begin || where - begin > listing->capacity || listing->capacity - (where - begin) < name->length)
    return false;
  out->name = listing->bytes + (where - begin);
  return true;
}

static void fill(const pmi_system_process *process, pmi_listed *out) {
  out->pid = (uint32_t)process->unique_process_id; /* OpenProcess takes pids of 32 bits */
  out->ppid = (uint32_t)process->inherited_from_unique_process_id;
  out->creation_time_ms = pmi_unix_ms(process->create_time);
  pmi_vm_of_nt_counters(&process->counters.base, &out->vm);
  out->vm.hard_fault_count = process->hard_fault_count;
  out->vm.known |= PMI_HARD_FAULTS;
  /* Wine leaves one of the two members 0, Windows 7 the other; where both are filled in they are equal. */
  out->vm.private_usage = process->counters.private_usage;
  if (out->vm.private_usage == 0)
    out->vm.private_usage = out->vm.pagefile_usage;
  if (out->vm.private_usage != 0 || out->vm.working_set == 0)
    out->vm.known |= PMI_PRIVATE_USAGE;
  if (process->working_set_private_size >= 0)
    pmi_vm_set_private_working_set(&out->vm, (uint64_t)process->working_set_private_size);
}

/* A process that has exited but is still held open has no threads and no pages. The idle process is an exception. */
static bool has_exited(const pmi_system_process *process) {
  return process->number_of_threads == 0 && process->counters.base.working_set_size == 0 &&
         process->unique_process_id != 0;
}

pmi_code pmi_listing_next(const pmi_listing *listing, size_t *at, pmi_listed *out, bool *more, pmi_error *error) {
  while (*at < listing->capacity) {
    pmi_system_process process;
    size_t rest = listing->capacity - *at;
    if (rest < sizeof process)
      return pmi_fail(error, PMI_EIO, 0, list_call, NULL);
    memcpy(&process, listing->bytes + *at, sizeof process);
    /* The next entry must not begin inside this one, or at the end of the buffer. */
    if (process.next_entry_offset != 0 &&
        (process.next_entry_offset < sizeof process || process.next_entry_offset >= rest))
      return pmi_fail(error, PMI_EIO, 0, list_call, NULL);
    *at = process.next_entry_offset == 0 ? listing->capacity : *at + process.next_entry_offset;
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

pmi_code pmi_listing_find(pmi_listing *listing, uint32_t pid, pmi_listed *out, pmi_error *error) {
  size_t at = 0;
  pmi_code code = listing->bytes == NULL ? pmi_listing_read(listing, error) : PMI_OK;
  while (code == PMI_OK) {
    pmi_listed listed;
    bool more = false;
    code = pmi_listing_next(listing, &at, &listed, &more, error);
    if (code == PMI_OK && !more)
      return pmi_fail(error, PMI_ESRCH, 0, list_call, NULL);
    if (code == PMI_OK && listed.pid == pid) {
      *out = listed;
      break;
    }
  }
  return code;
}

static uint32_t unit_at(const unsigned char *units, size_t index) {
  uint16_t unit;
  memcpy(&unit, units + index * sizeof unit, sizeof unit);
  return unit;
}

static bool is_high(uint32_t unit) { return unit >= 0xd800 && unit <= 0xdbff; }

static bool is_low(uint32_t unit) { return unit >= 0xdc00 && unit <= 0xdfff; }

/* Continuation byte number `index` from the end. */
static char tail(uint32_t point, unsigned index) { return (char)(0x80 | (point >> (6 * index) & 0x3f)); }

static size_t put(uint32_t point, char *out) {
  if (point < 0x80) {
    out[0] = (char)point;
    return 1;
  }
  if (point < 0x800) {
    out[0] = (char)(0xc0 | point >> 6);
    out[1] = tail(point, 0);
    return 2;
  }
  if (point < 0x10000) {
    out[0] = (char)(0xe0 | point >> 12);
    out[1] = tail(point, 1);
    out[2] = tail(point, 0);
    return 3;
  }
  out[0] = (char)(0xf0 | point >> 18);
  out[1] = tail(point, 2);
  out[2] = tail(point, 1);
  out[3] = tail(point, 0);
  return 4;
}

size_t pmi_utf8_of_utf16(const unsigned char *units, size_t length, char *out) {
  size_t written = 0;
  for (size_t i = 0; i < length; i++) {
    uint32_t point = unit_at(units, i);
    if (is_high(point) && i + 1 < length && is_low(unit_at(units, i + 1))) {
      point = 0x10000 + ((point - 0xd800) << 10) + (unit_at(units, i + 1) - 0xdc00);
      i++;
    } else if (is_high(point) || is_low(point)) {
      point = 0xfffd;
    }
    written += put(point, out + written);
  }
  return written;
}
