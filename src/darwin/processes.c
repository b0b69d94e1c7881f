/*
 * A process and everything under it. One list of the whole machine says which processes; each is then read, and its
 * start time tells whether it is still the one in the list.
 */
#include "listing.h"

static pmi_code add_all(const pmi_listing *listing, pmi_tree *tree, pmi_error *error) {
  pmi_code code = PMI_OK;
  for (size_t i = 0; i < listing->count && code == PMI_OK; i++) {
    pmi_os_process listed;
    pmi_listing_get(listing, i, &listed);
    pmi_process process = {
        .pid = listed.pid,
        .ppid = listed.ppid,
        .creation_time_ms = pmi_creation_time_ms(&listed),
    };
    code = pmi_tree_add(tree, &process, listed.comm, sizeof listed.comm, error);
  }
  return code;
}

/* The root and its descendants, without their memory. Names are as long as the list's, filled up with zeros. */
static pmi_code list(uint32_t root, pmi_tree *tree, pmi_error *error) {
  pmi_listing listing = {0};
  pmi_code code = pmi_listing_read(&listing, error);
  if (code == PMI_OK)
    code = add_all(&listing, tree, error);
  pmi_listing_free(&listing);
  if (code == PMI_OK)
    code = pmi_tree_select(tree, root, "sysctl", error);
  return code;
}

/* Fills in a process that was listed. Who is refused the footprint was refused the memory before. */
static pmi_code read(pmi_process *process, uint32_t options, pmi_tree *tree, pmi_error *error) {
  pmi_target target = {.pid = process->pid, .creation_time_ms = process->creation_time_ms};
  pmi_code code = pmi_memory_at(&target, &process->memory, error);
  if (code != PMI_OK || (options & PMI_TREE_FOOTPRINT) == 0)
    return code;
  pmi_footprint footprint;
  code = pmi_footprint_at(&target, &footprint, error);
  return code == PMI_OK ? pmi_tree_add_footprint(tree, process, &footprint, error) : code;
}

static pmi_code add(const pmi_tree *listed, size_t index, uint32_t options, pmi_tree *tree, pmi_error *error) {
  pmi_process process = listed->processes[index];
  pmi_error why;
  char name[PMI_NAME_SIZE];
  size_t length = pmi_name_of(process.pid, listed->names + process.name_offset, name);
  pmi_code code = read(&process, options, tree, &why);
  if (code == PMI_OK)
    return pmi_tree_add(tree, &process, name, length, error);
  if (index == 0 || pmi_is_shortage(code)) {
    *error = why;
    return code;
  }
  return code == PMI_ESRCH ? PMI_OK : pmi_tree_add_unreadable(tree, process.pid, &why, error);
}

pmi_code pmi_read_tree(uint32_t root, uint32_t options, pmi_tree *out, pmi_error *error) {
  pmi_tree listed = {0};
  pmi_tree tree = {0};
  pmi_code code = list(root, &listed, error);
  for (size_t i = 0; i < listed.count && code == PMI_OK; i++)
    code = add(&listed, i, options, &tree, error);
  if (code == PMI_OK)
    *out = tree;
  else
    pmi_tree_free(&tree);
  pmi_tree_free(&listed);
  return code;
}
