/*
 * Which processes are under a root.
 *
 * /proc/PID/task/TID/children names what each thread forked, so that the cost follows the size of the tree. The kernel
 * promises that file to be right only while nothing moves: a sibling, a parent or a thread that exits meanwhile may
 * hide a child. So the walk is repeated until two walks in a row saw the same; if the tree will not hold still, or the
 * kernel was built without these files (CONFIG_PROC_CHILDREN), all of /proc is scanned, which lists by pid and cannot
 * lose a process.
 */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WALKS = 4, MAX_ADOPTIONS = 8 };

/* One walk down the tree. `processes` is its answer, parents first; `trace` is all that was seen, for comparison. */
typedef struct walk {
  pmi_ids processes;
  pmi_ids trace;
  bool disturbed; /* something exited under our hands, or could not be read */
} walk;

static void walk_free(walk *w) {
  pmi_ids_free(&w->processes);
  pmi_ids_free(&w->trace);
}

/*
 * What may not be looked at has no children for us. What exits or fails in another way while it is looked at disturbs
 * the walk, but is no reason for the whole tree to fail.
 */
static pmi_code excuse(pmi_code code, walk *w) {
  if (pmi_is_shortage(code))
    return code;
  if (code != PMI_OK && code != PMI_EPERM && code != PMI_EACCES)
    w->disturbed = true;
  return PMI_OK;
}

static pmi_code walk_thread(uint32_t pid, uint32_t tid, walk *w, pmi_error *error) {
  char path[PMI_PROC_PATH];
  pmi_text text;
  pmi_text_init(&text);
  pmi_thread_path(path, pid, tid, "children");
  pmi_code code = excuse(pmi_slurp(AT_FDCWD, path, NULL, &text, error), w);
  if (code == PMI_OK)
    code = pmi_ids_add(&w->trace, tid, error);
  uint32_t child;
  size_t at = 0;
  while (code == PMI_OK && pmi_next_id(text.bytes, text.length, &at, &child)) {
    code = pmi_ids_add(&w->processes, child, error);
    if (code == PMI_OK)
      code = pmi_ids_add(&w->trace, child, error);
  }
  if (code == PMI_OK && at < text.length)
    w->disturbed = true;
  pmi_text_free(&text);
  return code;
}

static pmi_code walk_process(uint32_t pid, walk *w, pmi_error *error) {
  char path[PMI_PROC_PATH];
  pmi_ids threads = {0};
  pmi_process_path(path, pid, "task");
  pmi_code code = excuse(pmi_list_ids(AT_FDCWD, path, &threads, error), w);
  for (size_t i = 0; code == PMI_OK && i < threads.count; i++)
    code = walk_thread(pid, threads.ids[i], w, error);
  pmi_ids_free(&threads);
  return code;
}

static pmi_code walk_tree(uint32_t root, walk *w, pmi_error *error) {
  *w = (walk){0};
  pmi_code code = pmi_ids_add(&w->processes, root, error);
  for (size_t i = 0; code == PMI_OK && i < w->processes.count; i++)
    code = walk_process(w->processes.ids[i], w, error);
  return code;
}

static int by_id(const void *left, const void *right) {
  uint32_t a = *(const uint32_t *)left;
  uint32_t b = *(const uint32_t *)right;
  return a < b ? -1 : a > b;
}

/* A process that moved from one parent to another may have been met twice. Sorts the list. */
static bool has_duplicates(pmi_ids *list) {
  qsort(list->ids, list->count, sizeof *list->ids, by_id);
  for (size_t i = 1; i < list->count; i++)
    if (list->ids[i] == list->ids[i - 1])
      return true;
  return false;
}

static bool same_ids(const pmi_ids *a, const pmi_ids *b) {
  return a->count == b->count && (a->count == 0 || memcmp(a->ids, b->ids, a->count * sizeof *a->ids) == 0);
}

/* Asked of this thread, which will not exit meanwhile. */
static bool children_files_exist(void) { return pmi_file_exists(PMI_PROC "/thread-self/children"); }

/* Fills `out` with the processes of the last walk, and sets *settled if it agreed with the one before. */
static pmi_code list_by_walks(uint32_t root, pmi_ids *out, bool *settled, pmi_error *error) {
  walk last;
  pmi_code code = walk_tree(root, &last, error);
  for (int i = 1; code == PMI_OK && !*settled && i < MAX_WALKS; i++) {
    walk next;
    code = walk_tree(root, &next, error);
    *settled = code == PMI_OK && !last.disturbed && !next.disturbed && same_ids(&last.trace, &next.trace) &&
               !has_duplicates(&last.processes);
    walk_free(&last);
    last = next;
  }
  *out = last.processes;
  last.processes = (pmi_ids){0};
  walk_free(&last);
  return code;
}

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
  return by_id(&((const pmi_process *)left)->pid, &((const pmi_process *)right)->pid);
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
    pmi_process parent = {.pid = process->ppid};
    if (process->ppid == 0 || bsearch(&parent, listed->processes, listed->count, sizeof parent, by_pid) != NULL)
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
  if (met->count > 0)
    qsort(met->ids, met->count, sizeof *met->ids, by_id);
  for (size_t i = 0; code == PMI_OK && met->count > 0 && i < list->count; i++)
    if (bsearch(&list->ids[i], met->ids, met->count, sizeof *met->ids, by_id) != NULL)
      code = pmi_ids_add(out, list->ids[i], error);
  return code;
}

/* `met` are those that a walk met, if there was one; it is sorted. */
static pmi_code list_by_scan(uint32_t root, pmi_ids *met, pmi_ids *out, pmi_error *error) {
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

pmi_code pmi_list_descendants(uint32_t root, pmi_ids *out, pmi_error *error) {
  bool settled = false;
  pmi_ids met = {0};
  pmi_code code = PMI_OK;
  if (children_files_exist())
    code = list_by_walks(root, &met, &settled, error);
  if (code == PMI_OK && !settled)
    code = list_by_scan(root, &met, out, error);
  if (settled)
    *out = met;
  else
    pmi_ids_free(&met);
  return code;
}
