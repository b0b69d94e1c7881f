/*
 * Which processes are under a root, by looking at every process that there is. See descendants.h.
 *
 * /proc lists by pid and cannot lose a process, and /proc/PID/stat tells its parent.
 */
#include "descendants.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

enum { MAX_ADOPTIONS = 8 };

/* What tree.c needs to know of a process; ticks serve as its age. */
static pmi_code read_entry(uint32_t pid, pmi_process *out, pmi_error *error) {
  pmi_text text;
  pmi_stat stat;
  pmi_text_init(&text);
  pmi_place own = {.dir = AT_FDCWD, .pid = pid};
  pmi_code code = pmi_read_stat(&own, &text, &stat, error);
  if (code == PMI_OK)
    *out = (pmi_process){.pid = pid, .ppid = stat.ppid, .creation_time_ms = stat.start_ticks};
  pmi_text_free(&text);
  return code;
}

/* Lists every process but those that exited or are hidden from us, and, in `puzzling`, those that failed otherwise. */
static pmi_code scan_once(uint32_t root, pmi_tree *listed, pmi_ids *puzzling, pmi_error *error) {
  pmi_ids pids = {0};
  pmi_code code = pmi_list_ids(AT_FDCWD, PMI_PROC, &pids, error);
  for (size_t i = 0; code == PMI_OK && i < pids.count; i++) {
    pmi_process entry;
    code = read_entry(pids.ids[i], &entry, error);
    if (code == PMI_OK)
      code = pmi_tree_add(listed, &entry, NULL, 0, error);
    else if (pids.ids[i] == root || pmi_is_shortage(code))
      break;
    else if (code == PMI_ESRCH || code == PMI_EPERM || code == PMI_EACCES)
      code = PMI_OK;
    else
      code = pmi_ids_add(puzzling, pids.ids[i], error);
  }
  pmi_ids_free(&pids);
  return code;
}

static int by_pid(const void *left, const void *right) {
  uint32_t a = ((const pmi_process *)left)->pid;
  uint32_t b = ((const pmi_process *)right)->pid;
  return a < b ? -1 : a > b;
}

/* False also where another one, which is younger than the child, got the parent's pid meanwhile. */
static bool has_parent(const pmi_tree *sorted, const pmi_process *child) {
  const pmi_process wanted = {.pid = child->ppid};
  const pmi_process *parent = bsearch(&wanted, sorted->processes, sorted->count, sizeof wanted, by_pid);
  return parent != NULL && parent->creation_time_ms <= child->creation_time_ms;
}

/*
 * A process may have been read before its parent exited, and the parent looked for afterwards. Such orphans are asked
 * again who their parent is. Sets *moved if any had a new one.
 */
static pmi_code adopt_orphans(pmi_tree *listed, bool *moved, pmi_error *error) {
  pmi_code code = PMI_OK;
  *moved = false;
  if (listed->count > 0)
    qsort(listed->processes, listed->count, sizeof *listed->processes, by_pid);
  for (size_t i = 0; code == PMI_OK && i < listed->count; i++) {
    pmi_process *process = &listed->processes[i];
    if (process->ppid == 0 || has_parent(listed, process))
      continue;
    pmi_process again;
    code = read_entry(process->pid, &again, error);
    if (code == PMI_OK) {
      *moved = *moved || again.ppid != process->ppid;
      *process = again;
    } else if (!pmi_is_shortage(code)) {
      code = PMI_OK;
    }
  }
  return code;
}

/* Adds those of a list that a walk met below the root: what is wrong with them is for their reader to say. */
static pmi_code add_met(pmi_ids *met, const pmi_ids *list, pmi_ids *out, pmi_error *error) {
  pmi_code code = PMI_OK;
  pmi_ids_sort(met);
  for (size_t i = 0; code == PMI_OK && i < list->count; i++)
    if (pmi_ids_find(met, list->ids[i]))
      code = pmi_ids_add(out, list->ids[i], error);
  return code;
}

pmi_code pmi_scan_descendants(uint32_t root, pmi_ids *met, pmi_ids *out, pmi_error *error) {
  pmi_tree listed = {0};
  pmi_ids puzzling = {0};
  bool moved = true;
  pmi_code code = scan_once(root, &listed, &puzzling, error);
  for (int i = 0; code == PMI_OK && moved && i < MAX_ADOPTIONS; i++)
    code = adopt_orphans(&listed, &moved, error);
  if (code == PMI_OK && moved)
    code = pmi_fail(error, PMI_EIO, EIO, "getdents64", PMI_PROC); /* nobody knows who is below whom */
  if (code == PMI_OK)
    code = pmi_tree_select(&listed, root, "getdents64", error);
  for (size_t i = 0; code == PMI_OK && i < listed.count; i++)
    code = pmi_ids_add(out, listed.processes[i].pid, error);
  if (code == PMI_OK)
    code = add_met(met, &puzzling, out, error);
  pmi_ids_free(&puzzling);
  pmi_tree_free(&listed);
  return code;
}
