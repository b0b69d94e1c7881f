/* A process in one of the cgroups of nest.h, and the checks that the tests of its limit share. */
#ifndef NEST_PROCESS_H
#define NEST_PROCESS_H

#include <sys/types.h>

#include "nest.h"
#include "pmi.h"

enum { MIB = 1024 * 1024, TOUCHED = 16 * MIB, OUTER_LIMIT = 128 * MIB, INNER_LIMIT = 256 * MIB };

/* The answer of a process about a limit. */
typedef struct nest_answer {
  int os_error; /* why it could not ask; 0 if it could */
  pmi_code code;
  pmi_limit limit;
} nest_answer;

/* The cgroups of the running test. */
extern nest nest_cgroups;
extern pid_t nest_child;

/* Set up and tear down a test, in a scene over the real /proc. */
void nest_setup(void);
void nest_teardown(void);

/* Creates the cgroups with their limits, or skips the test. */
void nest_begin(const nest_version *which);

/* Skips the test if this machine does not permit it; any other error fails it. */
void nest_skip(const char *what, int os_error);

nest_answer nest_ask(pid_t pid);

/* Forks a process that joins a cgroup, uses some memory, reports the answer of `ask` (may be NULL), and waits. */
nest_answer nest_run_in(const char *directory, nest_answer (*ask)(void));

/* Ends it. */
void nest_end_child(void);

/* Asks from a process in the inner cgroup, which `ask` may give a view of its own; or skips the test. */
nest_answer nest_ask_inside(const nest_version *which, nest_answer (*ask)(void));

/* Such views. In a new namespace the host's mounts begin at "/../..": the names in between are hidden. */
nest_answer nest_ask_from_a_namespace(void);

/* Only the own cgroup is mounted. */
nest_answer nest_ask_from_a_bind_mount(void);

/* Fails unless that file is the source of `limit`. */
void nest_expect_source(const pmi_limit *limit, const char *directory, const char *file);

/* Fails unless it is the limit of the outer cgroup, with the memory that the process uses. */
void nest_expect_outer_limit(const pmi_limit *limit, const nest_version *which);

/* Fails unless every answer is right while the process moves and the cgroup that it leaves is removed. */
void nest_check_moves(const nest_version *which);

#endif
