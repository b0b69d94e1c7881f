/*
 * A process and its descendants, selected from one list of all processes. Each is then read, and its start time shows
 * whether it is still the one in the list.
 */
#include "listing.h"

const char pmi_list_call[] = "sysctl";
pmi_tree_judge *const pmi_list_judge = NULL;

static pmi_code add_all(const pmi_listing *listing, pmi_tree *tree, pmi_error *error) {
  pmi_code code = PMI_OK;
  for (size_t i = 0; i < listing->count && code == PMI_OK; i++) {
    pmi_os_process listed;
    pmi_listing_get(listing, i, &listed);
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
  pmi_listing listing = {0};
  pmi_code code = pmi_listing_read(&listing, error);
  if (code == PMI_OK)
    code = add_all(&listing, list, error);
  pmi_listing_free(&listing);
  return code;
}

/* The memory needs the same rights as the footprint, and was read before. */
pmi_code pmi_complete_process(pmi_tree *list, pmi_process *process, uint32_t options, pmi_error *error) {
  pmi_target target = {.pid = process->pid, .creation_time_ms = process->creation_time_ms};
  char name[PMI_NAME_SIZE];
  size_t length = pmi_name_of(process->pid, list->names + process->name_offset, name);
  pmi_code code = pmi_tree_rename(list, process, name, length, error);
  if (code == PMI_OK)
    code = pmi_memory_at(&target, &process->memory, error);
  if (code != PMI_OK || (options & PMI_TREE_FOOTPRINT) == 0)
    return code;
  pmi_footprint footprint;
  code = pmi_footprint_at(&target, &footprint, error);
  return code == PMI_OK ? pmi_tree_add_footprint(list, process, &footprint, error) : code;
}
