/*
 * Which processes are under a root, by walking from parents to children. See descendants.h.
 *
 * /proc/PID/task/TID/children names what each thread forked, so that the cost follows the size of the tree. The kernel
 * promises that file to be right only while nothing moves: a sibling, a parent or a thread that exits meanwhile may
 * hide a child. So what had children, or several threads to hand them about, is looked at again when the walk is over,
 * and has to show the same. A process with one thread and no child cannot come by one that it did not fork, but by
 * outliving the child's parent; the dead are therefore a reason to look at all again.
 */
#include "descendants.h"

#include <fcntl.h>
#include <string.h>

void pmi_walk_free(pmi_walk *walk) {
  pmi_ids_free(&walk->processes);
  pmi_ids_free(&walk->parents);
  pmi_ids_free(&walk->trace);
  *walk = (pmi_walk){0};
}

/* Asked of this thread, which will not exit meanwhile. */
bool pmi_walk_possible(void) { return pmi_file_exists(PMI_PROC "/thread-self/children"); }

/*
 * What may not be looked at has no children for us, unless it may the next time. What exits or fails in another way
 * while it is looked at disturbs the walk, but is no reason for the whole tree to fail.
 */
static pmi_code excuse(pmi_code code, pmi_walk *walk) {
  if (pmi_is_shortage(code))
    return code;
  if (code == PMI_EPERM || code == PMI_EACCES)
    walk->unsure = true;
  else if (code != PMI_OK)
    walk->disturbed = true;
  return PMI_OK;
}

static pmi_code note_child(pmi_walk *walk, uint32_t child, pmi_error *error) {
  pmi_code code = pmi_ids_add(&walk->processes, child, error);
  return code == PMI_OK ? pmi_ids_add(&walk->trace, child, error) : code;
}

static pmi_code note_thread(pmi_walk *walk, const pmi_place *thread, pmi_error *error) {
  char path[PMI_PROC_PATH];
  pmi_text text;
  pmi_text_init(&text);
  pmi_thread_path(path, thread->pid, thread->tid, "children");
  pmi_code code = excuse(pmi_slurp(thread->dir, path, NULL, NULL, &text, error), walk);
  if (code == PMI_OK)
    code = pmi_ids_add(&walk->trace, thread->tid, error);
  uint32_t child;
  size_t at = 0;
  while (code == PMI_OK && pmi_next_id(text.bytes, text.length, &at, &child))
    code = note_child(walk, child, error);
  if (code == PMI_OK && at < text.length)
    walk->disturbed = true;
  pmi_text_free(&text);
  return code;
}

static pmi_code note_threads(pmi_walk *walk, const pmi_place *process, pmi_error *error) {
  char path[PMI_PROC_PATH];
  pmi_ids threads = {0};
  pmi_process_path(path, process->pid, "task");
  pmi_code code = excuse(pmi_list_ids(process->dir, path, &threads, error), walk);
  for (size_t i = 0; code == PMI_OK && i < threads.count; i++) {
    pmi_place thread = {.dir = process->dir, .pid = process->pid, .tid = threads.ids[i]};
    code = note_thread(walk, &thread, error);
  }
  pmi_ids_free(&threads);
  return code;
}

pmi_code pmi_walk_visit(pmi_walk *walk, int dir, uint32_t pid, uint32_t threads, pmi_error *error) {
  const pmi_place process = {.dir = dir, .pid = pid};
  const pmi_place thread = {.dir = dir, .pid = pid, .tid = pid};
  const size_t before = walk->trace.count;
  pmi_code code = threads == 1 ? note_thread(walk, &thread, error) : note_threads(walk, &process, error);
  if (code != PMI_OK)
    return code;
  if (walk->trace.count - before > 1)
    return pmi_ids_add(&walk->parents, pid, error);
  walk->trace.count = before; /* one thread without a child leaves no trace */
  return PMI_OK;
}

void pmi_walk_leave(pmi_walk *walk, uint32_t threads, const pmi_status *status) {
  if (status->state == 'Z' || status->state == 'X' || status->threads != threads)
    walk->unsure = true;
}

void pmi_walk_miss(pmi_walk *walk) { walk->disturbed = true; }

/* A process that moved from one parent to another may have been met twice. Sorts the list. */
static bool has_duplicates(pmi_ids *list) {
  pmi_ids_sort(list);
  for (size_t i = 1; i < list->count; i++)
    if (list->ids[i] == list->ids[i - 1])
      return true;
  return false;
}

static bool same_ids(const pmi_ids *a, const pmi_ids *b) {
  return a->count == b->count && (a->count == 0 || memcmp(a->ids, b->ids, a->count * sizeof *a->ids) == 0);
}

pmi_code pmi_walk_end(pmi_walk *walk, bool *settled, pmi_error *error) {
  const pmi_ids *doubtful = walk->unsure ? &walk->processes : &walk->parents;
  pmi_walk again = {0};
  pmi_code code = PMI_OK;
  *settled = false;
  for (size_t i = 0; code == PMI_OK && !walk->disturbed && i < doubtful->count; i++)
    code = pmi_walk_visit(&again, AT_FDCWD, doubtful->ids[i], 0, error);
  if (code == PMI_OK)
    *settled = !walk->disturbed && !again.disturbed && same_ids(&walk->trace, &again.trace) &&
               !has_duplicates(&walk->processes);
  pmi_walk_free(&again);
  return code;
}
