/*
 * Readers of the texts about cgroups, pure and distrustful as those of parse.h. Formats: man 7 cgroups, and man 5 proc
 * for mountinfo; Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst for the files of a cgroup.
 */
#ifndef PMI_LINUX_PARSE_CGROUP_H
#define PMI_LINUX_PARSE_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A part of a text, without terminator. */
typedef struct pmi_slice {
  const char *bytes;
  size_t length;
} pmi_slice;

/* The two that can limit memory: the unified hierarchy, and the one of version 1 with the memory controller. */
typedef enum pmi_hierarchy { PMI_CGROUP_NONE, PMI_CGROUP_V1, PMI_CGROUP_V2 } pmi_hierarchy;

/* A line of /proc/PID/mountinfo. Paths are escaped as they stand there; see pmi_unescape(). */
typedef struct pmi_mount {
  uint32_t id;
  uint32_t parent;
  pmi_slice root;  /* the directory of the file system that is mounted */
  pmi_slice point; /* where */
  pmi_hierarchy hierarchy;
} pmi_mount;

/* Reads the next mount; lines that are none are passed over. *at starts as 0. False at the end. */
bool pmi_next_mount(const char *bytes, size_t length, size_t *at, pmi_mount *out);

/* Undoes the \040 of mountinfo. False if `out` is too small; it is terminated otherwise. */
bool pmi_unescape(pmi_slice text, char *out, size_t size, size_t *length);

/* Finds the cgroup of a hierarchy in the text of /proc/PID/cgroup. */
bool pmi_parse_cgroup(const char *bytes, size_t length, pmi_hierarchy hierarchy, pmi_slice *path);

/*
 * How to get from one cgroup to another that is the same or below it: down `hidden` levels whose names are not known,
 * and on by `rest`, which is empty or begins with a slash.
 */
typedef struct pmi_cgroup_route {
  size_t hidden;
  pmi_slice rest;
} pmi_cgroup_route;

/*
 * False if `path` is not below `root`. Both are as the kernel names cgroups to a reader: seen from the root of the
 * reader's cgroup namespace, and beginning with "/.." for each level that they lie outside it.
 */
bool pmi_cgroup_find_route(pmi_slice root, pmi_slice path, pmi_cgroup_route *out);

/* True if a mount with that root holds all that is below the root of the reader's cgroup namespace. */
bool pmi_cgroup_is_top(pmi_slice root);

/* What pmi_parse_limit() makes of "max" and of the figures that stand for it in version 1. */
#define PMI_UNLIMITED UINT64_MAX

/* A file that is one number of bytes or "max". */
bool pmi_parse_limit(const char *bytes, size_t length, uint64_t *out);

/* Makes PMI_UNLIMITED of a size that no machine has. */
uint64_t pmi_real_limit(uint64_t bytes);

/* The figure that memory.stat gives under `name`. */
bool pmi_parse_memory_stat(const char *bytes, size_t length, const char *name, uint64_t *out);

/* True if a pid has a line of its own, as in cgroup.procs. */
bool pmi_has_pid(const char *bytes, size_t length, uint32_t pid);

#endif
