/*
 * Trees where the system lists all processes at once: the list is read once, each process is read once, and every tree
 * is chosen out of the same list. process_list.c answers pmi_read_tree(), pmi_read_trees() and pmi_read_all() there,
 * out of what the platform gives.
 */
#ifndef PMI_PROCESS_LIST_H
#define PMI_PROCESS_LIST_H

#include "pmi.h"

/* ---- Given by each platform ---- */

/* The call that lists processes, for errors. */
extern const char pmi_list_call[];

/* For processes that seem older than their parent; NULL where creation times decide. */
extern pmi_tree_judge *const pmi_list_judge;

/* Lists all processes, in any order, with as much of each as the list has. */
pmi_code pmi_list_processes(uint32_t options, pmi_tree *out, pmi_error *error);

/*
 * Reads what the list does not have of one of its processes. A process that fails with ESRCH is left out, one that
 * fails otherwise is unreadable, and where the caller ran out of something everything fails. The list must not gain
 * processes.
 */
pmi_code pmi_complete_process(pmi_tree *list, pmi_process *process, uint32_t options, pmi_error *error);

#endif
