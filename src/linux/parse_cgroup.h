/*
 * Parsers of the files about cgroups; the conventions of parse.h apply. Formats: man 7 cgroups, and man 5 proc for
 * mountinfo; Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst for the files of a cgroup.
 */
#ifndef PMI_LINUX_PARSE_CGROUP_H
#define PMI_LINUX_PARSE_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A part of a text, not terminated. */
typedef struct pmi_slice {
  const char *bytes;
  size_t length;
} pmi_slice;

/* Hierarchies that can limit memory: the unified one, and that of version 1 with the memory controller. */
typedef enum pmi_hierarchy { PMI_CGROUP_NONE, PMI_CGROUP_V1, PMI_CGROUP_V2 } pmi_hierarchy;

/* A line of /proc/PID/mountinfo. Paths are still escaped; see pmi_unescape(). */
typedef struct pmi_mount {
  uint32_t id;
  uint32_t parent;
  pmi_slice root;  /* the mounted directory of the file system */
  pmi_slice point; /* where */
  pmi_hierarchy hierarchy;
} pmi_mount;

/* Reads the next mount, skipping malformed lines. *at starts as 0. False at the end. */
bool pmi_next_mount(const char *bytes, size_t length, size_t *at, pmi_mount *out);

/* Undoes the \040 of mountinfo. False if `out` is too small; it is terminated otherwise. */
bool pmi_unescape(pmi_slice text, char *out, size_t size, size_t *length);

/* Finds the cgroup of a hierarchy in the text of /proc/PID/cgroup. */
bool pmi_parse_cgroup(const char *bytes, size_t length, pmi_hierarchy hierarchy, pmi_slice *path);

/*
 * The path from a cgroup to itself or a descendant: down `hidden` levels of unknown names, and then `rest`, which is
 * empty or begins with a slash.
 */
typedef struct pmi_cgroup_route {
  size_t hidden;
  pmi_slice rest;
} pmi_cgroup_route;

/*
 * False if `path` is not below `root`. Both are as the kernel shows them to a reader: relative to the root of the
 * reader's cgroup namespace, with a leading "/.." for each level outside it.
 */
bool pmi_cgroup_find_route(pmi_slice root, pmi_slice path, pmi_cgroup_route *out);

/* True if a mount with that root contains everything below the root of the reader's cgroup namespace. */
bool pmi_cgroup_is_top(pmi_slice root);

/* The result of pmi_parse_limit() for "max" and for the numbers that mean it in version 1. */
#define PMI_UNLIMITED UINT64_MAX

/* Parses a file that contains a number of bytes or "max". */
bool pmi_parse_limit(const char *bytes, size_t length, uint64_t *out);

/* Converts a size that no machine has to PMI_UNLIMITED. */
uint64_t pmi_real_limit(uint64_t bytes);

/* The value of `name` in memory.stat. */
bool pmi_parse_memory_stat(const char *bytes, size_t length, const char *name, uint64_t *out);

/* True if a pid has a line of its own, as in cgroup.procs. */
bool pmi_has_pid(const char *bytes, size_t length, uint32_t pid);

#endif
