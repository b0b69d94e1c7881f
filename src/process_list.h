/*
 * Trees on platforms that list all processes at once: the list and each process are read once, and every tree is
 * selected from the same list. process_list.c implements pmi_read_trees() and pmi_read_all() with the
 * functions below.
 */
#ifndef PMI_PROCESS_LIST_H
#define PMI_PROCESS_LIST_H

#include "pmi.h"

/* ---- Given by each platform ---- */

/* The name of the call that lists processes, for errors. */
extern const char pmi_list_call[];

/* Decides on processes that seem older than their parent; NULL if creation times do. */
extern pmi_tree_judge *const pmi_list_judge;

/*
 * Adds all processes to an empty list, in any order, with all fields that the system lists. The caller frees the list,
 * also after a failure.
 */
pmi_code pmi_list_processes(uint32_t options, pmi_tree *list, pmi_error *error);

/*
 * Reads the fields of a process that the list lacks. On ESRCH the process is left out, if resources run out everything
 * fails, and on any other error the process is listed as unreadable. Must not add processes to the list.
 */
pmi_code pmi_complete_process(pmi_tree *list, pmi_process *process, uint32_t options, pmi_error *error);

/* ---- process_list.c ---- */

/*
 * Adds the footprint that was `read` with the result `code`, which `error` describes; or an estimate, unless the
 * process has exited or resources ran out.
 */
pmi_code pmi_add_footprint(pmi_tree *list, pmi_process *process, pmi_code code, const pmi_footprint *read,
                           pmi_footprint estimate, pmi_error *error);

#endif
