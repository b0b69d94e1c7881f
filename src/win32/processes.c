/*
 * A process and its descendants, from one list of the whole machine. No process is opened, so none can be refused.
 *
 * A parent pid is never updated and may be reused: a process that is older than its parent is not its child. Creation
 * times come from the wall clock, though, which can be set. So if a child seems to be older, both processes are opened
 * and their sequence numbers are compared, which do not depend on a clock.
 *
 * The list has the private working sets for footprints. Where it lacks them, each process of the tree is queried.
 */
#include "../process_list.h"
#include "listing.h"

#include <stdlib.h>

const char pmi_list_call[] = "NtQuerySystemInformation";

static pmi_code add(const pmi_listed *listed, uint32_t options, pmi_tree *tree, pmi_error *error) {
  static const char idle[] = "System Idle Process"; /* the system gives it no name */
  pmi_process process = {
      .pid = listed->pid,
      .ppid = listed->ppid,
      .creation_time_ms = listed->creation_time_ms,
      .alive = true, /* one that has exited is not listed */
      .memory = pmi_memory_of_vm(&listed->vm),
  };
  if ((options & PMI_TREE_FOOTPRINT) != 0 && (listed->vm.known & PMI_PRIVATE_WORKING_SET) != 0) {
    const pmi_footprint footprint = pmi_footprint_of(listed->vm.private_working_set, "private_working_set");
    pmi_code added = pmi_tree_add_footprint(tree, &process, &footprint, error);
    if (added != PMI_OK)
      return added;
  }
  if (listed->pid == 0 && listed->name_length == 0)
    return pmi_tree_add(tree, &process, idle, sizeof idle - 1, error);

  char fixed[PMI_UTF8_PER_UNIT * 256];
  char *name = fixed;
  if (listed->name_length > sizeof fixed / PMI_UTF8_PER_UNIT) {
    name = malloc(listed->name_length * PMI_UTF8_PER_UNIT); /* cannot overflow: the length has 16 bits */
    if (name == NULL)
      return pmi_fail_nomem(error);
  }
  size_t length = pmi_utf8_of_utf16(listed->name, listed->name_length, name);
  pmi_code code = pmi_tree_add(tree, &process, name, length, error);
  if (name != fixed)
    free(name);
  return code;
}

static pmi_code add_all(const pmi_listing *listing, uint32_t options, pmi_tree *tree, pmi_error *error) {
  size_t at = 0;
  for (;;) {
    pmi_listed listed;
    bool more = false;
    pmi_code code = pmi_listing_next(listing, &at, &listed, &more, error);
    if (code == PMI_OK && more)
      code = add(&listed, options, tree, error);
    if (code != PMI_OK || !more)
      return code;
  }
}

/* Opens a process if it is still the one in the list. */
static pmi_code open_listed(const pmi_process *process, pmi_target *out, pmi_error *error) {
  pmi_target target;
  uint64_t creation_time_ms;
  pmi_code code = pmi_target_open(process->pid, &target, error);
  if (code != PMI_OK)
    return code;
  code = pmi_target_creation_time_ms(&target, &creation_time_ms, error);
  if (code == PMI_OK && creation_time_ms != process->creation_time_ms)
    code = pmi_fail(error, PMI_ESRCH, 0, "GetProcessTimes", NULL);
  if (code == PMI_OK)
    *out = target;
  else
    pmi_target_close(&target);
  return code;
}

static pmi_code read_sequence_number(const pmi_process *process, uint64_t *out, pmi_error *error) {
  pmi_target target;
  pmi_code code = open_listed(process, &target, error);
  if (code != PMI_OK)
    return code;
  uint32_t status = pmi_os_sequence_number(target.process, out);
  pmi_target_close(&target);
  return status == 0 ? PMI_OK : pmi_fail_nt(error, status, "NtQueryInformationProcess");
}

/* Without sequence numbers, the creation times decide. */
static pmi_code is_child_by_sequence(const pmi_process *child, const pmi_process *parent, bool *out, pmi_error *error) {
  uint64_t of_child = 0;
  uint64_t of_parent = 0;
  pmi_code code = read_sequence_number(child, &of_child, error);
  if (code == PMI_OK)
    code = read_sequence_number(parent, &of_parent, error);
  if (pmi_is_shortage(code))
    return code;
  *out = code == PMI_OK && of_child > of_parent;
  return PMI_OK;
}

pmi_tree_judge *const pmi_list_judge = is_child_by_sequence;

static pmi_code read_exact(const pmi_process *process, pmi_footprint *out, pmi_error *error) {
  pmi_target target;
  pmi_code code = open_listed(process, &target, error);
  if (code != PMI_OK)
    return code;
  code = pmi_unique_set_at(&target, out, error);
  pmi_target_close(&target);
  return code;
}

/* An upper bound: a footprint is at most the private memory, and at most the resident memory. */
static pmi_footprint estimate(const pmi_memory *memory) {
  if ((memory->known & PMI_PRIVATE) != 0 && memory->private_bytes < memory->working_set)
    return pmi_footprint_of(memory->private_bytes, "private_usage");
  return pmi_footprint_of(memory->working_set, "working_set_size");
}

pmi_code pmi_list_processes(uint32_t options, pmi_tree *list, pmi_error *error) {
  pmi_listing listing = {0};
  pmi_code code = pmi_listing_read(&listing, error);
  if (code == PMI_OK)
    code = add_all(&listing, options, list, error);
  pmi_listing_free(&listing);
  return code;
}

pmi_code pmi_complete_process(pmi_tree *list, pmi_process *process, uint32_t options, pmi_error *error) {
  pmi_footprint footprint;
  if ((options & PMI_TREE_FOOTPRINT) == 0 || process->footprint != 0)
    return PMI_OK;
  pmi_code code = read_exact(process, &footprint, error);
  return pmi_add_footprint(list, process, code, &footprint, estimate(&process->memory), error);
}
