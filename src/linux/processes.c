/*
 * A process and everything under it.
 *
 * descendants.c says which processes; each is then read through a descriptor of its /proc/PID, parents first. A parent
 * that has gone when its turn comes has by then handed its children on, and they say so themselves; tree.c puts
 * together what is left.
 */
#include "process.h"

/* The footprint, or what status tells of it: what is the process's alone, in memory or swapped out. */
static pmi_code read_footprint(pmi_place *place, pmi_process *process, pmi_error *error) {
  pmi_error why;
  pmi_code code = pmi_footprint_at(place, &process->footprint, &why);
  process->footprint_code = code;
  if (code == PMI_EPERM || code == PMI_EACCES) {
    pmi_status status;
    code = pmi_read_status(place, &status, error);
    if (code == PMI_OK)
      process->footprint = (pmi_footprint){
          .swap = pmi_bytes_of_kib(status.kib[PMI_VM_SWAP]),
          .footprint = process->memory.private_bytes + pmi_bytes_of_kib(status.kib[PMI_VM_SWAP]),
          .known = PMI_SWAP,
          .method = "status",
      };
  } else if (code != PMI_OK) {
    *error = why;
  }
  return code;
}

/* Adds one process to the tree, all of it read through one descriptor of its directory. */
static pmi_code read_process(int dir, uint32_t pid, uint32_t options, uint64_t boot_time, pmi_tree *tree,
                             pmi_error *error) {
  pmi_process process = {.pid = pid};
  pmi_place place = {.dir = dir, .pid = pid};
  pmi_stat stat;
  pmi_text text;
  pmi_text_init(&text);
  pmi_code code = pmi_read_stat(&place, &text, &stat, error);
  if (code == PMI_OK)
    code = pmi_memory_at(-1, &place, &process.memory, error);
  if (code == PMI_OK && (options & PMI_TREE_FOOTPRINT) != 0)
    code = read_footprint(&place, &process, error);
  if (code == PMI_OK) {
    process.ppid = stat.ppid;
    process.creation_time_ms = pmi_creation_time_ms(boot_time, stat.start_ticks);
    code = pmi_tree_add(tree, &process, stat.name, stat.name_length, error);
  }
  pmi_text_free(&text);
  return code;
}

static pmi_code open_and_read(uint32_t pid, uint32_t options, uint64_t boot_time, pmi_tree *tree, pmi_error *error) {
  int dir = -1;
  pmi_code code = pmi_open_process_dir(pid, &dir, error);
  if (code != PMI_OK)
    return code;
  code = read_process(dir, pid, options, boot_time, tree, error);
  pmi_close(dir);
  return code;
}

static pmi_code read_descendants(const pmi_ids *pids, uint32_t root, uint32_t options, uint64_t boot_time,
                                 pmi_tree *tree, pmi_error *error) {
  for (size_t i = 0; i < pids->count; i++) {
    pmi_error why;
    if (pids->ids[i] == root)
      continue;
    pmi_code code = open_and_read(pids->ids[i], options, boot_time, tree, &why);
    if (pmi_is_shortage(code)) {
      *error = why;
      return code;
    }
    if (code != PMI_OK && code != PMI_ESRCH) {
      code = pmi_tree_add_unreadable(tree, pids->ids[i], &why, error);
      if (code != PMI_OK)
        return code;
    }
  }
  return PMI_OK;
}

/* Fails if the root has gone: its pid may have a new bearer, and what was listed may be that one's children. */
static pmi_code still_there(int dir, uint32_t pid, pmi_error *error) {
  pmi_place place = {.dir = dir, .pid = pid};
  pmi_stat stat;
  pmi_text text;
  pmi_text_init(&text);
  pmi_code code = pmi_read_stat(&place, &text, &stat, error);
  pmi_text_free(&text);
  return code;
}

static pmi_code read_tree(int dir, uint32_t root, uint32_t options, pmi_tree *tree, pmi_error *error) {
  uint64_t boot_time;
  pmi_ids pids = {0};
  pmi_code code = pmi_boot_time(&boot_time, error);
  if (code == PMI_OK)
    code = read_process(dir, root, options, boot_time, tree, error);
  if (code == PMI_OK)
    code = pmi_list_descendants(root, &pids, error);
  if (code == PMI_OK)
    code = read_descendants(&pids, root, options, boot_time, tree, error);
  if (code == PMI_OK)
    code = still_there(dir, root, error);
  if (code == PMI_OK)
    code = pmi_tree_select(tree, root, "getdents64", error);
  pmi_ids_free(&pids);
  return code;
}

pmi_code pmi_read_tree(uint32_t root, uint32_t options, pmi_tree *out, pmi_error *error) {
  int dir = -1;
  pmi_tree tree = {0};
  pmi_code code = pmi_open_process_dir(root, &dir, error);
  if (code != PMI_OK)
    return code;
  code = read_tree(dir, root, options, &tree, error);
  if (code == PMI_OK)
    *out = tree;
  else
    pmi_tree_free(&tree);
  pmi_close(dir);
  return code;
}
