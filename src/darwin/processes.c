/*
 * A process and its descendants, selected from one list of all processes, as sysctl(KERN_PROC_ALL) lists them: those of
 * all users, including zombies. Each is then read, and its start time shows whether it is still the one in the list.
 *
 * The system returns the size of the list with some slack. If more processes start before it is read, it fails with
 * ENOMEM and is tried again.
 *
 * The list has the first 16 bytes of a name, and proc_name the first 31 for the caller's own processes. The last part
 * of the program's path, which any caller may read, is usually the whole name. (It is not if the process is a script or
 * was renamed; then it does not start with the shorter names.)
 */
#include "../process_list.h"
#include "process.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ATTEMPTS = 16, NAME_SIZE = 256, REGISTERED_SIZE = 32 };

static const size_t max_size = (size_t)1 << 30;

const char pmi_list_call[] = "sysctl";
pmi_tree_judge *const pmi_list_judge = NULL;

/* Owns its memory. */
typedef struct listing {
  unsigned char *bytes;
  size_t capacity;
  size_t count; /* of processes */
} listing;

/*
 * Makes room for the size that the system returned, but more than the last time, plus an eighth for processes that
 * start meanwhile.
 */
static pmi_code make_room(listing *list, pmi_error *error) {
  size_t wanted = 0;
  int failure = pmi_os_list_processes(NULL, &wanted);
  if (failure != 0)
    return pmi_fail_errno(error, failure, pmi_list_call, NULL);
  if (wanted <= list->capacity)
    wanted = list->capacity + 1;
  if (wanted > max_size)
    return pmi_fail(error, PMI_EIO, 0, pmi_list_call, NULL);
  wanted += wanted / 8;
  return pmi_renew(&list->bytes, &list->capacity, wanted, 1) ? PMI_OK : pmi_fail_nomem(error);
}

static pmi_code read_into(listing *list, pmi_error *error) {
  size_t entry_size = pmi_os_listed_size();
  for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    pmi_code code = make_room(list, error);
    if (code != PMI_OK)
      return code;
    size_t length = list->capacity;
    int failure = pmi_os_list_processes(list->bytes, &length);
    if (failure == 0 && length <= list->capacity && length % entry_size == 0) {
      list->count = length / entry_size;
      return PMI_OK;
    }
    if (failure != ENOMEM)
      return pmi_fail_errno(error, failure == 0 ? EIO : failure, pmi_list_call, NULL);
  }
  return pmi_fail(error, PMI_EIO, ENOMEM, pmi_list_call, NULL);
}

static pmi_code add_all(const listing *all, pmi_tree *tree, pmi_error *error) {
  pmi_code code = PMI_OK;
  for (size_t i = 0; i < all->count && code == PMI_OK; i++) {
    pmi_os_process listed;
    pmi_os_listed(all->bytes, i, &listed);
    pmi_process process = {
        .pid = listed.pid,
        .ppid = listed.ppid,
        .creation_time_ms = pmi_creation_time_ms(&listed),
        .alive = !listed.is_zombie,
    };
    code = pmi_tree_add(tree, &process, listed.comm, sizeof listed.comm, error);
  }
  return code;
}

/* Processes without their memory. Names are as in the list, padded with zeros. */
pmi_code pmi_list_processes(uint32_t options, pmi_tree *list, pmi_error *error) {
  (void)options;
  listing all = {0};
  pmi_code code = read_into(&all, error);
  if (code == PMI_OK)
    code = add_all(&all, list, error);
  free(all.bytes);
  return code;
}

/* Uses the longer name if it starts with the shorter one. */
static void extend(char name[NAME_SIZE], const char *longer) {
  size_t known = strlen(name);
  size_t length = strlen(longer);
  if (length > known && length < NAME_SIZE && memcmp(name, longer, known) == 0)
    memcpy(name, longer, length + 1);
}

static const char *last_part(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

/* The terminated name of a process listed as `comm`: the whole name if available. Returns its length. */
static size_t name_of(uint32_t pid, const char comm[PMI_COMM_SIZE], char out[NAME_SIZE]) {
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

/* The memory needs the same rights as the footprint, and was read before. */
pmi_code pmi_complete_process(pmi_tree *list, pmi_process *process, uint32_t options, pmi_error *error) {
  pmi_target target = {.pid = process->pid, .creation_time_ms = process->creation_time_ms};
  char name[NAME_SIZE];
  size_t length = name_of(process->pid, list->names + process->name_offset, name);
  pmi_code code = pmi_tree_rename(list, process, name, length, error);
  if (code == PMI_OK)
    code = pmi_memory_at(&target, &process->memory, error);
  if (code != PMI_OK || (options & PMI_TREE_FOOTPRINT) == 0)
    return code;
  pmi_footprint footprint;
  code = pmi_footprint_at(&target, &footprint, error);
  return code == PMI_OK ? pmi_tree_add_footprint(list, process, &footprint, error) : code;
}
