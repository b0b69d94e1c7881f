/*
 * The name of a process. The list has its first 16 bytes, proc_name the first 31 of the caller's own processes, and the
 * last part of the program's path, which anybody is told, is mostly the name as a whole. (It is not where the process
 * is a script, or has been renamed; then it does not begin with what the others say.)
 */
#include "listing.h"

#include <string.h>

enum { REGISTERED_SIZE = 32 };

/* Takes the longer name if it goes on from the shorter. */
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
