/* Finds the children of a process, from `children` files or from the table of all processes. See descent.h. */
#include "descent.h"

#include <errno.h>

/* The map is not updated when members are dropped, so their number may belong to another member by now. */
pmi_member *pmi_find_member(const pmi_descent *d, uint32_t pid) {
  uint32_t number;
  if (!pmi_id_map_get(&d->numbers, pid, &number) || number >= d->members_count || d->members[number].pid != pid)
    return NULL;
  return &d->members[number];
}

pmi_code pmi_add_member(pmi_descent *d, uint32_t pid, pmi_error *error) {
  if (!pmi_grow(&d->members, &d->members_capacity, d->members_count + 1, sizeof *d->members))
    return pmi_fail_nomem(error);
  pmi_code code = pmi_id_map_put(&d->numbers, pid, (uint32_t)d->members_count, error);
  if (code == PMI_OK)
    d->members[d->members_count++] = (pmi_member){.pid = pid};
  return code;
}

static pmi_code add_pending(pmi_descent *d, uint32_t pid, pmi_error *error) {
  return pmi_find_member(d, pid) != NULL ? PMI_OK : pmi_ids_add(&d->pending, pid, error);
}

pmi_code pmi_add_table_children(pmi_descent *d, uint32_t ppid, pmi_error *error) {
  size_t count;
  const pmi_table_entry *children = pmi_table_children(&d->table, ppid, &count);
  pmi_code code = PMI_OK;
  for (size_t i = 0; code == PMI_OK && i < count; i++)
    code = add_pending(d, children[i].pid, error);
  return code;
}

pmi_code pmi_list_children_from_table(pmi_descent *d, pmi_ancestor *a, pmi_error *error) {
  const pmi_proc_dir any = pmi_proc_of(d, 0, 0);
  pmi_code code = d->has_table ? PMI_OK : pmi_table_read(&any, &d->table, error);
  d->has_table = code == PMI_OK;
  d->table_failed = code != PMI_OK;
  a->in_table = true;
  return code == PMI_OK ? pmi_add_table_children(d, a->pid, error) : code;
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
  const pmi_proc_dir thread = pmi_proc_of(d, a->pid, tid);
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

pmi_code pmi_list_children(pmi_descent *d, pmi_ancestor *a, bool first, pmi_error *error) {
  a->complete = true;
  if (d->no_children_files)
    return pmi_list_children_from_table(d, a, error);
  pmi_code code = a->one_thread ? list_thread(d, a, a->pid, first, error) : list_threads(d, a, error);
  if (code == PMI_OK && (a->refused || d->no_children_files))
    code = pmi_list_children_from_table(d, a, error);
  return code;
}
