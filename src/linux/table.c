/*
 * See descent.h. /proc is listed in the order of pids, so a process that keeps running cannot be missed. Parents are
 * read from `status`: reading `stat` blocks while the process is in exec(2), which may block as well.
 */
#include "descent.h"

#include <errno.h>
#include <stdlib.h>

enum { MAX_READINGS = 8 };

void pmi_table_free(pmi_table *table) {
  free(table->entries);
  *table = (pmi_table){0};
}

/* Reads the parent of a process. Sets *found unless the process has exited, or is hidden from the caller. */
static pmi_code read_entry(const pmi_proc_dir *any, uint32_t pid, pmi_table_entry *out, bool *found, pmi_error *error) {
  pmi_proc_dir proc = *any;
  pmi_status status;
  proc.pid = pid;
  pmi_code code = pmi_read_thread_status(-1, &proc, PMI_WANT_PARENT, &status, error);
  *found = code == PMI_OK;
  if (*found)
    *out = (pmi_table_entry){.pid = pid, .ppid = status.ppid};
  return pmi_is_shortage(code) ? code : PMI_OK;
}

static pmi_code read_entries(const pmi_proc_dir *any, pmi_table *table, pmi_error *error) {
  pmi_ids pids = {0};
  pmi_code code = pmi_list_ids((pmi_base){0}, PMI_PROC, &pids, error);
  if (code == PMI_OK && !pmi_grow(&table->entries, &table->capacity, pids.count, sizeof *table->entries))
    code = pmi_fail_nomem(error);
  for (size_t i = 0; code == PMI_OK && i < pids.count; i++) {
    bool found = false;
    code = read_entry(any, pids.ids[i], &table->entries[table->count], &found, error);
    table->count += found;
  }
  pmi_ids_free(&pids);
  return code;
}

static int by_pid(const void *left, const void *right) {
  const pmi_table_entry *a = left;
  const pmi_table_entry *b = right;
  return a->pid < b->pid ? -1 : a->pid > b->pid;
}

static int by_parent(const void *left, const void *right) {
  const pmi_table_entry *a = left;
  const pmi_table_entry *b = right;
  if (a->ppid != b->ppid)
    return a->ppid < b->ppid ? -1 : 1;
  return by_pid(a, b);
}

/*
 * Whether the parent was read before the child. If not, it may have exited in between, so that the child was
 * reparented: the entry of the parent is missing, or belongs to another process that reuses the pid.
 */
static bool parent_was_read_first(const pmi_table *table, const pmi_table_entry *child) {
  const pmi_table_entry parent = {.pid = child->ppid};
  return child->ppid == 0 ||
         (child->ppid < child->pid && bsearch(&parent, table->entries, table->count, sizeof parent, by_pid) != NULL);
}

/* Reads an entry again. Sets *moved if the process has another parent now. */
static pmi_code read_again(const pmi_proc_dir *any, pmi_table_entry *entry, bool *moved, pmi_error *error) {
  pmi_table_entry now;
  bool found = false;
  pmi_code code = read_entry(any, entry->pid, &now, &found, error);
  *moved = found && now.ppid != entry->ppid;
  if (*moved)
    *entry = now;
  return code;
}

/* Rereads entries that were read before those of their parents, until they do not change any more. */
static pmi_code verify_parents(const pmi_proc_dir *any, pmi_table *table, pmi_error *error) {
  pmi_code code = PMI_OK;
  for (size_t i = 0; code == PMI_OK && i < table->count; i++) {
    pmi_table_entry *entry = &table->entries[i];
    bool moved = !parent_was_read_first(table, entry);
    for (int reading = 0; code == PMI_OK && moved; reading++)
      code = reading < MAX_READINGS ? read_again(any, entry, &moved, error)
                                    : pmi_fail(error, PMI_EIO, EIO, "getdents64", PMI_PROC);
  }
  return code;
}

pmi_code pmi_table_read(const pmi_proc_dir *any, pmi_table *table, pmi_error *error) {
  table->count = 0;
  pmi_code code = read_entries(any, table, error);
  if (table->count > 0)
    qsort(table->entries, table->count, sizeof *table->entries, by_pid);
  if (code == PMI_OK)
    code = verify_parents(any, table, error);
  if (table->count > 0)
    qsort(table->entries, table->count, sizeof *table->entries, by_parent);
  return code;
}

size_t pmi_table_first_child(const pmi_table *table, uint32_t ppid) {
  return table->count == 0 ? 0 : pmi_lower_bound(&table->entries->ppid, table->count, sizeof *table->entries, ppid);
}
