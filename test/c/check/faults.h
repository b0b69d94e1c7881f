/*
 * Makes a call of the core fail: the linker redirects malloc, calloc, realloc, openat, read, pread and syscall (which
 * lists directories) to faults.c. A test arms one fault, runs the core, and disarms it. Reading a deleted file fails
 * with ESRCH, like reading a file of a process that has exited.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <stdbool.h>

#include "pmi.h"

typedef enum fault_kind { FAULT_NONE, FAULT_ALLOCATION, FAULT_OPEN, FAULT_READ, FAULT_LIST } fault_kind;

/* Makes one call of this kind, after `skip` others, fail with `os_error`. Allocations fail with ENOMEM. */
void fault_arm(fault_kind kind, int skip, int os_error);

/* From now on, opening a file whose path ends with `suffix` fails with `os_error`. */
void fault_open(const char *suffix, int os_error);

/* From now on, `act` is called with the path before each openat(). */
void fault_before_open(void (*act)(const char *path));

/* From now on, read() and pread() return at most `bytes` at a time; 0 for no limit. */
void fault_short_reads(int bytes);

/*
 * Makes each call of one kind that `ask` makes fail in turn. Each time it must return `expected`, with `os_error` in
 * *error, and no descriptor may be left open. It must make `at_least` as many calls.
 */
void fault_exhaust(pmi_code (*ask)(void), const pmi_error *error, fault_kind kind, int os_error, pmi_code expected,
                   int at_least);

/* Ends all faults. True if the armed one has occurred. */
bool fault_disarm(void);

#endif
