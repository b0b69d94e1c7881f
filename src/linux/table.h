/*
 * All processes of the machine and their parents, from one pass over /proc: for kernels without `children` files
 * (CONFIG_PROC_CHILDREN), for callers that may not list threads, and for a process whose children keep changing while
 * they are listed.
 */
#ifndef PMI_LINUX_TABLE_H
#define PMI_LINUX_TABLE_H

#include "process.h"

typedef struct pmi_table_entry {
  uint32_t pid;
  uint32_t ppid;
} pmi_table_entry;

/* Starts as {0}, ends with pmi_table_free(). */
typedef struct pmi_table {
  pmi_table_entry *entries; /* by parent, then by pid */
  size_t count;
  size_t capacity;
} pmi_table;

void pmi_table_free(pmi_table *table);

/* Reads processes in the way of `any`. Fails if /proc cannot be listed, and with EIO if the parents of processes
 * keep changing. */
pmi_code pmi_table_read(const pmi_proc_dir *any, pmi_table *table, pmi_error *error);

/* The entries of the children of a process; *count is their number. */
const pmi_table_entry *pmi_table_children(const pmi_table *table, uint32_t ppid, size_t *count);

#endif
