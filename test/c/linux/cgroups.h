/*
 * Simulated cgroups in the scene. They are below proc/cg; the simulated mountinfo uses that relative path. Also the
 * checks that the tests of limits share.
 */
#ifndef CGROUPS_H
#define CGROUPS_H

#include <stdint.h>

#include "pmi.h"

#define V2_MOUNT "30 20 0:26 / proc/cg rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
#define V1_MOUNT "31 20 0:27 / proc/cg rw,nosuid shared:9 - cgroup cgroup rw,memory\n"

enum { PID = 42 };

/* Begins a scene in which PID is in the cgroups that `memberships` lists, with `mountinfo` as the mounts. */
void cgroups_begin(const char *mountinfo, const char *memberships);

/* Adds a process. */
void cgroups_add_process(uint32_t pid, const char *memberships);

/* Makes the cgroup proc/<path> and those above it, all without members, and a file in it. */
void cgroups_put(const char *path, const char *file, const char *text);

/* Sets a limit; in version 1 also the other files that every cgroup has, with nothing used. */
void cgroups_limit_v2(const char *path, const char *text);
void cgroups_limit_v1(const char *path, const char *text, const char *hierarchical);

/* Reads the limit of PID, which must succeed. */
pmi_limit cgroups_read(void);

/* Reads it, and expects this failure. */
pmi_error cgroups_fail(pmi_code code);

/* Reads it, and expects this limit and a complete answer; `source` is relative to proc. */
pmi_limit cgroups_expect(uint64_t limit, const char *source);

/* The same, but expects that a tighter one may exist. */
pmi_limit cgroups_expect_partial(uint64_t limit, const char *source);

/* Reads it, and expects no limit. */
void cgroups_expect_none(void);

#endif
