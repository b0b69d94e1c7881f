/*
 * Made-up cgroups in the scene. They lie below proc/cg; a made-up mountinfo calls it by that relative path. And what
 * the tests of the limit ask of the answer.
 */
#ifndef CGROUPS_H
#define CGROUPS_H

#include <stdint.h>

#include "pmi.h"

#define V2_MOUNT "30 20 0:26 / proc/cg rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
#define V1_MOUNT "31 20 0:27 / proc/cg rw,nosuid shared:9 - cgroup cgroup rw,memory\n"

enum { PID = 42 };

/* Begins a scene where PID is in the cgroups that `memberships` lists, and the mounts are `mountinfo`. */
void cgroups_begin(const char *mountinfo, const char *memberships);

/* Adds a process. */
void cgroups_add_process(uint32_t pid, const char *memberships);

/* Makes the cgroup proc/<path>, it and all above it without members, and a file in it. */
void cgroups_put(const char *path, const char *file, const char *text);

/* Puts a limit, and in version 1 what every cgroup says of itself as well: nothing used. */
void cgroups_limit_v2(const char *path, const char *text);
void cgroups_limit_v1(const char *path, const char *text, const char *hierarchical);

/* Reads the limit of PID, which must succeed. */
pmi_limit cgroups_read(void);

/* Reads it, which must fail. */
pmi_error cgroups_fail(pmi_code code);

/* Reads it, and expects all to have been seen and this limit; `source` is relative to proc. */
pmi_limit cgroups_expect(uint64_t limit, const char *source);

/* Likewise, and that a tighter one may exist. */
pmi_limit cgroups_expect_partial(uint64_t limit, const char *source);

/* Reads it, and expects that nothing limits it. */
void cgroups_expect_none(void);

#endif
