/*
 * Makes a call of the core fail: the linker sends malloc, calloc, realloc, openat, read, pread and syscall (which
 * lists directories) through faults.c. A test arms one fault, runs the core, and disarms it.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <stdbool.h>

typedef enum fault_kind { FAULT_NONE, FAULT_ALLOCATION, FAULT_OPEN, FAULT_READ, FAULT_LIST } fault_kind;

/* The next call but `skip` of this kind fails with `os_error`, once. For allocations ENOMEM is meant. */
void fault_arm(fault_kind kind, int skip, int os_error);

/* From here on read() gives at most `bytes` at a time; 0 for no limit. */
void fault_short_reads(int bytes);

/* Ends all faults. True if the armed one came to pass. */
bool fault_disarm(void);

#endif
