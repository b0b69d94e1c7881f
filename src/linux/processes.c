/*
 * A process and everything under it.
 *
 * descendants.c says which processes; each is then read through a descriptor of its /proc/PID, parents first. A parent
 * that has gone when its turn comes has by then handed its children on, and they say so themselves; tree.c puts
 * together what is left.
 */
#include "process.h"

#include <errno.h>
#include <unistd.h>

pmi_code pmi_read_stat_at(int dir, uint32_t pid, pmi_text *text, pmi_stat *out, pmi_error *error) {
  char path[PMI_PROC_PATH];
  pmi_process_path(path, pid, "stat");
  pmi_code code = pmi_slurp(dir, path, pmi_stat_complete, text, error);
  if (code == PMI_OK && !pmi_parse_stat(text->bytes, text->length, out))
    code = pmi_fail(error, PMI_EIO, EIO, "read", path);
  return code;
}

uint64_t pmi_creation_time_ms(uint64_t boot_time, uint64_t start_ticks) {
  uint64_t ticks_per_second = (uint64_t)sysconf(_SC_CLK_TCK);
  return (boot_time + start_ticks / ticks_per_second) * 1000 + start_ticks % ticks_per_second * 1000 / ticks_per_second;
}

/* Adds one process to the tree, all of it read from one identity. */
static pmi_code read_process(uint32_t pid, uint64_t boot_time, pmi_tree *tree, pmi_error *error) {
  int dir = -1;
  pmi_process process = {.pid = pid};
  pmi_stat stat;
  pmi_text text;
  pmi_code code = pmi_open_process_dir(pid, &dir, error);
  if (code != PMI_OK)
    return code;
  pmi_text_init(&text);
  code = pmi_read_stat_at(dir, pid, &text, &stat, error);
  if (code == PMI_OK)
    code = pmi_read_memory_at(dir, pid, &process.memory, error);
  if (code == PMI_OK) {
    process.ppid = stat.ppid;
    process.creation_time_ms = pmi_creation_time_ms(boot_time, stat.start_ticks);
    code = pmi_tree_add(tree, &process, stat.name, stat.name_length, error);
  }
  pmi_text_free(&text);
  pmi_close(dir);
  return code;
}

static pmi_code read_descendants(const pmi_ids *pids, uint32_t root, uint64_t boot_time, pmi_tree *tree,
                                 pmi_error *error) {
  for (size_t i = 0; i < pids->count; i++) {
    pmi_error why;
    if (pids->ids[i] == root)
      continue;
    pmi_code code = read_process(pids->ids[i], boot_time, tree, &why);
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

pmi_code pmi_read_tree(uint32_t root, pmi_tree *out, pmi_error *error) {
  uint64_t boot_time;
  pmi_ids pids = {0};
  pmi_tree tree = {0};
  pmi_code code = pmi_boot_time(&boot_time, error);
  if (code == PMI_OK)
    code = read_process(root, boot_time, &tree, error);
  if (code == PMI_OK)
    code = pmi_list_descendants(root, &pids, error);
  if (code == PMI_OK)
    code = read_descendants(&pids, root, boot_time, &tree, error);
  if (code == PMI_OK)
    code = pmi_tree_select(&tree, root, "getdents64", error);
  if (code == PMI_OK)
    *out = tree;
  else
    pmi_tree_free(&tree);
  pmi_ids_free(&pids);
  return code;
}
