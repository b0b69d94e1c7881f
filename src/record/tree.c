/*
 * A process and its descendants, from the list of all processes: no process is opened, so none can be refused.
 * src/tree.c recognizes a reused parent pid by the start times.
 */
#include "../process_list.h"
#include "record.h"

static pmi_process process_of(const pmi_record *record) {
  return (pmi_process){
      .pid = record->pid,
      .ppid = record->ppid,
      .creation_time_ms = record->started_us / 1000,
      .alive = !record->is_zombie,
      .memory = pmi_memory_of_record(record),
  };
}

static pmi_code add_all(const pmi_records *records, pmi_tree *tree, pmi_error *error) {
  for (size_t i = 0; i < records->count; i++) {
    const pmi_record *record = &records->items[i];
    pmi_process process = process_of(record);
    pmi_code code = pmi_tree_add(tree, &process, record->name, record->name_length, error);
    if (code != PMI_OK)
      return code;
  }
  return PMI_OK;
}

/* Reads the record again, since the list is older than the footprint. Zombies may be found in the list only. */
static pmi_code read_exact(const pmi_process *process, pmi_footprint *out, pmi_error *error) {
  pmi_record record = {.is_zombie = !process->alive};
  if (record.is_zombie)
    return pmi_footprint_of_record(&record, out, error);
  pmi_code code = pmi_read_record(process->pid, &record, error);
  if (code == PMI_OK && record.started_us / 1000 != process->creation_time_ms)
    code = pmi_fail(error, PMI_ESRCH, 0, pmi_list_call, NULL);
  return code == PMI_OK ? pmi_footprint_of_record(&record, out, error) : code;
}

pmi_tree_judge *const pmi_list_judge = NULL;

pmi_code pmi_list_processes(uint32_t options, pmi_tree *list, pmi_error *error) {
  (void)options;
  pmi_records records = {0};
  pmi_code code = pmi_read_records(&records, error);
  if (code == PMI_OK)
    code = add_all(&records, list, error);
  pmi_records_free(&records);
  return code;
}

pmi_code pmi_complete_process(pmi_tree *list, pmi_process *process, uint32_t options, pmi_error *error) {
  pmi_footprint footprint;
  if ((options & PMI_TREE_FOOTPRINT) == 0)
    return PMI_OK;
  pmi_code code = read_exact(process, &footprint, error);
  return pmi_add_footprint(list, process, code, &footprint, pmi_footprint_of(process->memory.working_set, "rss"),
                           error);
}
