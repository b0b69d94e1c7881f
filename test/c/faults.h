/*
 * Makes a call of the core fail: the linker sends malloc, calloc, realloc, openat, read, pread and syscall (which
 * lists directories) through faults.c. A test arms one fault, runs the core, and disarms it. Reading a file that has
 * been deleted fails with ESRCH, as reading one of a process that is gone does.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <stdbool.h>

#include "pmi.h"

typedef enum fault_kind { FAULT_NONE, FAULT_ALLOCATION, FAULT_OPEN, FAULT_READ, FAULT_LIST } fault_kind;

/* The next call but `skip` of this kind fails with `os_error`, once. For allocations ENOMEM is meant. */
void fault_arm(fault_kind kind, int skip, int os_error);

/* From here on opening a file whose path ends with `suffix` fails with `os_error`. */
void fault_open(const char *suffix, int os_error);

/* From here on `act` is called with the path before each openat(). */
void fault_before_open(void (*act)(const char *path));

/* From here on read() and pread() give at most `bytes` at a time; 0 for no limit. */
void fault_short_reads(int bytes);

/*
 * Fails each call of one kind that `ask` makes in turn, until none is left to fail: each time `expected` must be the
 * answer, with `os_error` in *error, and no descriptor may be left open. There must be `at_least` so many calls.
 */
void fault_exhaust(pmi_code (*ask)(void), const pmi_error *error, fault_kind kind, int os_error, pmi_code expected,
                   int at_least);

/* Ends all faults. True if the armed one came to pass. */
bool fault_disarm(void);

#endif
