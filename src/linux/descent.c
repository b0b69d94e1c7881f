/* See descent.h. */
#include "descent.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ATTEMPTS = 8 /* for an ancestor whose children keep changing */ };

void pmi_descent_free(pmi_descent *d) {
  free(d->ancestors);
  pmi_ids_free(&d->pending);
  pmi_ids_free(&d->listings);
  pmi_id_map_free(&d->known);
  pmi_table_free(&d->table);
  pmi_let_go(&d->proc);
  pmi_close_together(&d->closing);
}

/* A process, or one of its threads if `tid` is not 0, as it is read during the descent. */
static pmi_proc_dir proc_of(pmi_descent *d, uint32_t pid, uint32_t tid) {
  const bool collect = !d->frugal && d->depth + PMI_CLOSING_MAX <= PMI_MAX_HELD;
  if (!collect)
    pmi_close_together(&d->closing);
  return (pmi_proc_dir){.base = d->proc, .closing = collect ? &d->closing : NULL, .pid = pid, .tid = tid};
}

static void close_stat(pmi_descent *d, pmi_ancestor *a) {
  if (a->stat_fd != -1)
    pmi_close_with(proc_of(d, a->pid, 0).closing, a->stat_fd);
  a->stat_fd = -1;
}

static pmi_extent extent(const pmi_descent *d) {
  return (pmi_extent){
      .pending = d->pending.count,
      .listings = d->listings.count,
      .processes = d->tree->count,
      .names = d->tree->names_length,
      .footprints = d->tree->footprints_count,
      .unreadable = d->tree->unreadable_count,
  };
}

static void shrink(pmi_descent *d, const pmi_extent *to) {
  d->pending.count = to->pending;
  d->listings.count = to->listings;
  d->tree->count = to->processes;
  d->tree->names_length = to->names;
  d->tree->footprints_count = to->footprints;
  d->tree->unreadable_count = to->unreadable;
}

/* The map is not updated when the tree shrinks, so another process may be at that place by now. */
static bool is_known(const pmi_descent *d, uint32_t pid) {
  const pmi_tree *tree = d->tree;
  uint32_t at;
  return pmi_id_map_get(&d->known, pid, &at) && ((at < tree->count && tree->processes[at].pid == pid) ||
                                                 (at < tree->unreadable_count && tree->unreadable[at].pid == pid));
}

static bool is_ancestor(const pmi_descent *d, uint32_t pid) {
  size_t depth = d->depth;
  while (depth > 0 && d->ancestors[depth - 1].pid != pid)
    depth--;
  return depth > 0;
}

/* ---- Listing children ---- */

static pmi_code add_pending(pmi_descent *d, uint32_t pid, pmi_error *error) {
  return is_known(d, pid) ? PMI_OK : pmi_ids_add(&d->pending, pid, error);
}

static pmi_code add_table_children(pmi_descent *d, uint32_t ppid, pmi_error *error) {
  const pmi_table *table = &d->table;
  pmi_code code = PMI_OK;
  size_t at = pmi_table_first_child(table, ppid);
  for (; code == PMI_OK && at < table->count && table->entries[at].ppid == ppid; at++)
    code = add_pending(d, table->entries[at].pid, error);
  return code;
}

/* Adds the children in the table, which is read when first needed. */
static pmi_code list_children_from_table(pmi_descent *d, pmi_ancestor *a, pmi_error *error) {
  const pmi_proc_dir any = proc_of(d, 0, 0);
  pmi_code code = d->has_table ? PMI_OK : pmi_table_read(&any, &d->table, error);
  d->has_table = code == PMI_OK;
  d->table_failed = code != PMI_OK;
  a->in_table = true;
  return code == PMI_OK ? add_table_children(d, a->pid, error) : code;
}

/* Any failure but a shortage of resources leaves the listing incomplete. */
static pmi_code note_failure(pmi_descent *d, pmi_ancestor *a, pmi_code code, const pmi_error *error) {
  if (code == PMI_OK || pmi_is_shortage(code))
    return code;
  a->complete = false;
  a->refused = a->refused || code == PMI_EPERM || code == PMI_EACCES;
  if (error->os_error == ENOENT && !pmi_file_exists(PMI_PROC "/thread-self/children"))
    d->no_children_files = true;
  return PMI_OK;
}

/* True unless the text is cut off inside an id. */
static bool ends_with_space(const char *bytes, size_t length, void *unused) {
  (void)unused;
  return length == 0 || bytes[length - 1] == ' ';
}

/* Adds a thread and its children to the listings, and children that were not read yet to the pending ones. */
static pmi_code list_thread(pmi_descent *d, pmi_ancestor *a, uint32_t tid, bool first, pmi_error *error) {
  const pmi_proc_dir thread = proc_of(d, a->pid, tid);
  pmi_text text;
  uint32_t child;
  size_t at = 0;
  pmi_text_init(&text);
  pmi_code code = pmi_ids_add(&d->listings, tid, error);
  if (code == PMI_OK)
    code = note_failure(
        d, a, pmi_read_file(-1, &thread, "children", first ? ends_with_space : NULL, NULL, &text, error), error);
  while (code == PMI_OK && pmi_next_id(text.bytes, text.length, &at, &child)) {
    code = pmi_ids_add(&d->listings, child, error);
    if (code == PMI_OK)
      code = add_pending(d, child, error);
  }
  if (at < text.length)
    a->complete = false;
  pmi_text_free(&text);
  return code;
}

static pmi_code list_threads(pmi_descent *d, pmi_ancestor *a, pmi_error *error) {
  char path[PMI_PROC_PATH];
  pmi_ids tids = {0};
  pmi_process_path(path, a->pid, 0, "task");
  pmi_code code = note_failure(d, a, pmi_list_ids(d->proc, path, &tids, error), error);
  for (size_t i = 0; code == PMI_OK && i < tids.count; i++)
    code = list_thread(d, a, tids.ids[i], false, error);
  pmi_ids_free(&tids);
  return code;
}

/*
 * Appends the children of an ancestor to the listings, and those that are not known to the pending ones. The first
 * listing may be incomplete. Fails only if resources run out, or if the table is needed and cannot be read.
 */
static pmi_code list_children(pmi_descent *d, pmi_ancestor *a, bool first, pmi_error *error) {
  a->complete = true;
  if (d->no_children_files)
    return list_children_from_table(d, a, error);
  pmi_code code = a->one_thread ? list_thread(d, a, a->pid, first, error) : list_threads(d, a, error);
  if (code == PMI_OK && (a->refused || d->no_children_files))
    code = list_children_from_table(d, a, error);
  return code;
}

/* ---- Reading a process ---- */

/* Reads the footprint, or estimates it from the status: private memory, resident or swapped out. */
static pmi_code read_footprint(pmi_proc_dir *proc, const pmi_status *status, pmi_process *process, pmi_tree *tree,
                               pmi_error *error) {
  pmi_footprint footprint;
  pmi_code code = pmi_footprint_at(proc, &footprint, error);
  process->footprint_code = code;
  if (code == PMI_EPERM || code == PMI_EACCES || code == PMI_ENOSYS) {
    const uint64_t swap = pmi_bytes_of_kib(status->kib[PMI_VM_SWAP]);
    footprint = (pmi_footprint){.method = "status"};
    pmi_values_add(&footprint.values, "swap", PMI_BYTES, swap);
    pmi_values_add(&footprint.values, "footprint", PMI_BYTES, pmi_saturating_sum(process->memory.private_bytes, swap));
  } else if (code != PMI_OK) {
    return code;
  }
  return pmi_tree_add_footprint(tree, process, &footprint, error);
}

/* Adds the process as an ancestor of the pending ones; it keeps the descriptor. */
static pmi_code add_ancestor(pmi_descent *d, pmi_ancestor *a, pmi_error *error) {
  if (!pmi_grow(&d->ancestors, &d->ancestors_capacity, d->depth + 1, sizeof *a))
    return pmi_fail_nomem(error);
  if (d->depth >= PMI_MAX_HELD || (d->frugal && d->depth > 0))
    close_stat(d, a);
  d->ancestors[d->depth++] = *a;
  return PMI_OK;
}

/*
 * Reads the stat: everything read since it was opened belongs to one process. If the process has only the name of its
 * main thread, the name of its program is read in between.
 */
static pmi_code read_stat(const pmi_ancestor *a, pmi_stat *stat, pmi_error *error) {
  const pmi_proc_dir proc = {.pid = a->pid};
  char program[PMI_NAME_SIZE];
  pmi_code code = pmi_read_stat(a->stat_fd, &proc, stat, error);
  if (code != PMI_OK || !pmi_is_named_as_thread(stat))
    return code;
  code = pmi_read_program_name(a->pid, program, error);
  if (code != PMI_OK || program[0] == '\0')
    return code;
  code = pmi_read_stat(a->stat_fd, &proc, stat, error);
  if (code == PMI_OK && pmi_is_named_as_thread(stat)) {
    stat->name_length = strlen(program);
    memcpy(stat->name, program, stat->name_length);
  }
  return code;
}

/*
 * True if the memory that was read before may be that of the parent. A program that was executed in between is smaller
 * than a large parent.
 */
static bool is_forked(const pmi_stat *stat, const pmi_memory *memory) {
  const bool has_shrunk = pmi_bytes_of_pages(stat->resident) < memory->working_set / 2;
  return (stat->flags & (PMI_EXITING | PMI_KERNEL_THREAD)) == 0 && ((stat->flags & PMI_FORKED) != 0 || has_shrunk);
}

/* Reads the stat of a process and adds it, unless it has left the tree. */
static pmi_code add_process(pmi_descent *d, pmi_ancestor *a, pmi_process *process, pmi_error *error) {
  pmi_stat stat;
  pmi_code code = read_stat(a, &stat, error);
  if (code == PMI_OK && d->depth > 0 && !is_ancestor(d, stat.ppid))
    code = pmi_fail(error, PMI_ESRCH, 0, "read", NULL);
  if (code == PMI_OK)
    code = pmi_id_map_put(&d->known, a->pid, (uint32_t)d->tree->count, error);
  if (code == PMI_OK) {
    a->start_ticks = stat.start_ticks;
    process->ppid = stat.ppid;
    process->forked = is_forked(&stat, &process->memory);
    process->creation_time_ms = pmi_creation_time_ms(stat.start_ticks);
    code = pmi_tree_add(d->tree, process, stat.name, stat.name_length, error);
  }
  return code;
}

/* Reads what the options require, and lists the children. */
static pmi_code read_process(pmi_descent *d, pmi_ancestor *a, pmi_error *error) {
  pmi_process process = {.pid = a->pid};
  pmi_proc_dir proc = proc_of(d, a->pid, 0);
  pmi_status status;
  const bool with_footprint = (d->options & PMI_TREE_FOOTPRINT) != 0;
  const unsigned wanted = with_footprint ? PMI_WANT_ALL : PMI_WANT_MEMORY | PMI_WANT_THREADS;
  pmi_code code = pmi_memory_at(-1, &proc, wanted, &status, &process.memory, error);
  process.alive = code == PMI_OK && pmi_is_alive(&status);
  a->one_thread = d->alone || (code == PMI_OK && status.threads == 1);
  a->complete = true;
  if (code == PMI_OK && !d->alone)
    code = list_children(d, a, true, error);
  if (code == PMI_OK && with_footprint)
    code = read_footprint(&proc, &status, &process, d->tree, error);
  return code == PMI_OK ? add_process(d, a, &process, error) : code;
}

static pmi_code visit(pmi_descent *d, uint32_t pid, pmi_error *error) {
  const pmi_proc_dir proc = proc_of(d, pid, 0);
  pmi_ancestor a = {.pid = pid, .stat_fd = -1, .before = extent(d)};
  pmi_code code = pmi_open_file(&proc, "stat", &a.stat_fd, error);
  if (code == PMI_OK)
    code = read_process(d, &a, error);
  if (code == PMI_OK && (d->pending.count > a.before.pending || (!a.in_table && !(a.complete && a.one_thread)))) {
    code = add_ancestor(d, &a, error);
    if (code == PMI_OK)
      return PMI_OK;
  }
  close_stat(d, &a);
  if (code != PMI_OK)
    shrink(d, &a.before);
  else
    d->listings.count = a.before.listings;
  return code;
}

/* `error` is why it is unreadable; on failure, why it could not be added. */
static pmi_code add_unreadable(pmi_descent *d, uint32_t pid, pmi_error *error) {
  pmi_code code = pmi_tree_add_unreadable(d->tree, pid, error, error);
  return code == PMI_OK ? pmi_id_map_put(&d->known, pid, (uint32_t)d->tree->unreadable_count - 1, error) : code;
}

/* Reads the next pending process. One that cannot be read does not fail the tree. */
static pmi_code visit_next(pmi_descent *d, pmi_error *error) {
  const uint32_t pid = d->pending.ids[--d->pending.count];
  if (is_known(d, pid))
    return PMI_OK;
  pmi_code code = visit(d, pid, error);
  if (code == PMI_OK)
    return PMI_OK;
  if (code == PMI_ESRCH)
    return d->has_table ? add_table_children(d, pid, error) : PMI_OK;
  if (pmi_is_shortage(code) || d->table_failed) {
    d->pending.count++; /* still pending, to be tried again */
    return code;
  }
  return add_unreadable(d, pid, error);
}

/* ---- Checking again ---- */

static void pop(pmi_descent *d) {
  pmi_ancestor *a = &d->ancestors[--d->depth];
  d->listings.count = a->before.listings;
  close_stat(d, a);
}

/* Drops the last ancestor. Everything that was read below it becomes pending again. */
static pmi_code drop(pmi_descent *d, pmi_error *error) {
  const pmi_tree *tree = d->tree;
  size_t process = tree->count;
  size_t unreadable = tree->unreadable_count;
  pmi_code code = PMI_OK;
  pop(d);
  pmi_extent kept = d->ancestors[d->depth].before;
  kept.pending = d->pending.count;
  shrink(d, &kept);
  while (code == PMI_OK && unreadable-- > kept.unreadable)
    code = pmi_ids_add(&d->pending, tree->unreadable[unreadable].pid, error);
  while (code == PMI_OK && process-- > kept.processes)
    code = pmi_ids_add(&d->pending, tree->processes[process].pid, error);
  return code;
}

/* Reads the stat of an ancestor again. Fails with ESRCH if it has exited, even if its pid was reused. */
static pmi_code read_again(const pmi_ancestor *a, pmi_stat *stat, pmi_error *error) {
  const pmi_proc_dir proc = {.pid = a->pid};
  pmi_code code = pmi_read_stat(a->stat_fd, &proc, stat, error);
  if (code == PMI_OK && stat->start_ticks != a->start_ticks)
    code = pmi_fail(error, PMI_ESRCH, 0, "read", NULL);
  return code;
}

/* Lists the children of the last ancestor again, replacing the last listing. Sets *same if both are equal. */
static pmi_code list_again(pmi_descent *d, pmi_ancestor *a, bool *same, pmi_error *error) {
  uint32_t *ids;
  const size_t begin = a->before.listings;
  const size_t end = d->listings.count;
  const bool was_complete = a->complete;
  pmi_code code = list_children(d, a, false, error);
  const size_t count = d->listings.count - end;
  if (code != PMI_OK) {
    d->listings.count = end;
    return code;
  }
  ids = d->listings.ids;
  *same =
      was_complete && a->complete && count == end - begin && memcmp(ids + begin, ids + end, count * sizeof *ids) == 0;
  memmove(ids + begin, ids + end, count * sizeof *ids);
  d->listings.count = begin + count;
  return PMI_OK;
}

/* The last ancestor is alive but cannot be read any more, which `error` describes: its descendants are unknown. */
static pmi_code give_up(pmi_descent *d, pmi_error *error) {
  const uint32_t pid = d->ancestors[d->depth - 1].pid;
  pmi_error why = *error;
  pmi_code code = drop(d, error);
  if (code != PMI_OK)
    return code;
  *error = why;
  return add_unreadable(d, pid, error);
}

/* Checks the last ancestor again, once everything below it has been read. Pops it if nothing has changed. */
static pmi_code check_again(pmi_descent *d, pmi_error *error) {
  pmi_ancestor *a = &d->ancestors[d->depth - 1];
  pmi_stat stat;
  bool same = true;
  pmi_code code = a->in_table ? PMI_OK : list_again(d, a, &same, error);
  if (code != PMI_OK)
    return code;
  code = read_again(a, &stat, error);
  if (code == PMI_OK) {
    const bool none_pending = d->pending.count == a->before.pending;
    if (none_pending && (a->in_table || (same && (!a->one_thread || stat.threads == 1)))) {
      pop(d);
      return PMI_OK;
    }
    a->one_thread = false;
    return ++a->attempts < MAX_ATTEMPTS || a->in_table ? PMI_OK : list_children_from_table(d, a, error);
  }
  if (pmi_is_shortage(code) || d->depth == 1)
    return code;
  if (code == PMI_ESRCH)
    return drop(d, error);
  return ++a->attempts < MAX_ATTEMPTS ? PMI_OK : give_up(d, error);
}

/* ---- The whole tree ---- */

/*
 * When descriptors have run out: closes all but that of the root, and holds no others from then on, so that ancestors
 * are identified by their start times. True if it is worth trying again.
 */
static bool economize(pmi_descent *d, pmi_code code) {
  if (d->frugal || (code != PMI_EMFILE && code != PMI_ENFILE))
    return false;
  d->frugal = true;
  pmi_let_go(&d->proc);
  pmi_close_together(&d->closing);
  for (size_t i = 1; i < d->depth; i++)
    close_stat(d, &d->ancestors[i]);
  return true;
}

pmi_code pmi_visit_root(pmi_descent *d, uint32_t pid, pmi_error *error) {
  pmi_code code = visit(d, pid, error);
  return economize(d, code) ? visit(d, pid, error) : code;
}

static pmi_code step(pmi_descent *d, pmi_error *error) {
  return d->pending.count > d->ancestors[d->depth - 1].before.pending ? visit_next(d, error) : check_again(d, error);
}

void pmi_hold_proc(pmi_descent *d) {
  pmi_error unused;
  if (!d->frugal && d->proc.length == 0)
    (void)pmi_hold(PMI_PROC "/", &d->proc, &unused);
}

pmi_code pmi_descend(pmi_descent *d, uint32_t root, pmi_tree *tree, pmi_error *error) {
  d->tree = tree;
  d->pending.count = 0;
  d->listings.count = 0;
  pmi_code code = pmi_visit_root(d, root, error);
  if (d->depth > 0)
    pmi_hold_proc(d);
  while (code == PMI_OK && d->depth > 0) {
    code = step(d, error);
    if (economize(d, code))
      code = step(d, error);
  }
  while (d->depth > 0)
    pop(d);
  return code;
}
