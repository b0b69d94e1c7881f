/*
 * Reads the list of all processes, and their names. See listing.h.
 *
 * The system returns the size of the list with some slack. If more processes start before it is read, it fails with
 * ENOMEM and is tried again.
 *
 * The list has the first 16 bytes of a name, and proc_name the first 31 for the caller's own processes. The last part
 * of the program's path, which any caller may read, is usually the whole name. (It is not if the process is a script or
 * was renamed; then it does not start with the shorter names.)
 */
#include "listing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ATTEMPTS = 16 };

static const size_t max_size = (size_t)1 << 30;
static const char list_call[] = "sysctl";

/*
 * Makes room for the size that the system returned, but more than the last time, plus an eighth for processes that
 * start meanwhile.
 */
static pmi_code make_room(pmi_listing *listing, pmi_error *error) {
  size_t wanted = 0;
  int failure = pmi_os_list_processes(NULL, &wanted);
  if (failure != 0)
    return pmi_fail_errno(error, failure, list_call, NULL);
  if (wanted <= listing->capacity)
    wanted = listing->capacity + 1;
  if (wanted > max_size)
    return pmi_fail(error, PMI_EIO, 0, list_call, NULL);
  wanted += wanted / 8;
  return pmi_grow(&listing->bytes, &listing->capacity, wanted, 1) ? PMI_OK : pmi_fail_nomem(error);
}

static pmi_code read_into(pmi_listing *listing, pmi_error *error) {
  size_t entry_size = pmi_os_listed_size();
  for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    pmi_code code = make_room(listing, error);
    if (code != PMI_OK)
      return code;
    size_t length = listing->capacity;
    int failure = pmi_os_list_processes(listing->bytes, &length);
    if (failure == 0 && length <= listing->capacity && length % entry_size == 0) {
      listing->count = length / entry_size;
      return PMI_OK;
    }
    if (failure != ENOMEM)
      return pmi_fail_errno(error, failure == 0 ? EIO : failure, list_call, NULL);
  }
  return pmi_fail(error, PMI_EIO, ENOMEM, list_call, NULL);
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

void pmi_listing_get(const pmi_listing *listing, size_t index, pmi_os_process *out) {
  pmi_os_listed(listing->bytes, index, out);
}

enum { REGISTERED_SIZE = 32 };

/* Uses the longer name if it starts with the shorter one. */
static void extend(char name[PMI_NAME_SIZE], const char *longer) {
  size_t known = strlen(name);
  size_t length = strlen(longer);
  if (length > known && length < PMI_NAME_SIZE && memcmp(name, longer, known) == 0)
    memcpy(name, longer, length + 1);
}

static const char *last_part(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

size_t pmi_name_of(uint32_t pid, const char comm[PMI_COMM_SIZE], char out[PMI_NAME_SIZE]) {
  char registered[REGISTERED_SIZE] = "";
  char path[PMI_PATH_MAX] = "";
  memcpy(out, comm, PMI_COMM_SIZE);
  if (strlen(out) < PMI_COMM_SIZE - 1)
    return strlen(out);
  if (pmi_os_name_of(pid, registered, sizeof registered) == 0)
    extend(out, registered);
  bool may_be_cut = strlen(out) == PMI_COMM_SIZE - 1 || strlen(out) == REGISTERED_SIZE - 1;
  if (may_be_cut && pmi_os_path_of(pid, path) == 0)
    extend(out, last_part(path));
  return strlen(out);
}
