/*
 * What the files of this folder share about one process. `dir` is AT_FDCWD or a descriptor of /proc/PID, as pmi_open()
 * takes it.
 */
#ifndef PMI_LINUX_PROCESS_H
#define PMI_LINUX_PROCESS_H

#include "os.h"
#include "parse.h"

/* As pmi_read_memory(). */
pmi_code pmi_read_memory_at(int dir, uint32_t pid, pmi_memory *out, pmi_error *error);

/* Reads /proc/PID/stat. `text` keeps the bytes that the name points into; the caller frees it, after a failure too. */
pmi_code pmi_read_stat_at(int dir, uint32_t pid, pmi_text *text, pmi_stat *out, pmi_error *error);

/* A start time as /proc/PID/stat gives it, in milliseconds since the epoch. */
uint64_t pmi_creation_time_ms(uint64_t boot_time, uint64_t start_ticks);

/*
 * Lists the root and its descendants, parents before children. EPERM and EACCES are no failure: what may not be looked
 * at is listed, and has no children for us. ESRCH if the root exited. `out` starts as {0}.
 */
pmi_code pmi_list_descendants(uint32_t root, pmi_ids *out, pmi_error *error);

#endif
