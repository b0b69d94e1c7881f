/*
 * The tightest memory limit on a process: cgroup.c finds its cgroups; their limits and those of all ancestors are read
 * here. Interfaces: Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst.
 *
 * - The memory controller belongs to one version of cgroups at a time. /proc/PID/cgroup lists it if that is version 1.
 *   The other hierarchy may be mounted nevertheless (systemd calls this hybrid); it is read, too, but errors in it are
 *   ignored.
 * - In version 2 memory.max is missing in the real root and where memory is not controlled: there is no limit then.
 * - In version 1 memory.stat has the effective limit of a cgroup, including ancestors above the mount. Version 2 has
 *   none.
 * - In version 1 a cgroup whose memory.use_hierarchy is 0 does not limit its descendants (kernels before 5.11).
 */
#include "cgroup.h"
#include "process.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* For a process that moves to another cgroup meanwhile. */
enum { MAX_ATTEMPTS = 64 };

/* Memory used by a group of processes. */
typedef struct group_usage {
  bool has_whole;
  bool has_without_cache;
  uint64_t whole;
  uint64_t without_cache;
} group_usage;

/* The tightest limit found so far. */
typedef struct tightest_limit {
  uint64_t limit;    /* PMI_UNLIMITED if not set */
  uint64_t high;     /* likewise */
  const char *file;  /* that states the limit, in... */
  pmi_cgroup cgroup; /* ...which cgroup */
  group_usage usage; /* of that cgroup */
  uint64_t left;     /* the minimum left under any of the limits */
  bool left_unknown; /* unknown for one of them */
  pmi_error unseen;  /* the first error for a possible limit that was not read; code PMI_OK if all were read */
  bool vanished;     /* a cgroup was removed meanwhile */
} tightest_limit;

/* Records why a possible limit was not read. */
static void miss(tightest_limit *tightest, const pmi_error *why) {
  if (tightest->unseen.code == PMI_OK)
    tightest->unseen = *why;
}

/* Reads a file of a cgroup. */
static pmi_code read_file(tightest_limit *tightest, const pmi_cgroup *cgroup, const char *name, pmi_text *text,
                          pmi_error *error) {
  char path[PMI_CGROUP_FILE];
  pmi_cgroup_file(cgroup, name, path);
  pmi_code code = pmi_slurp(path, text, error);
  if (code != PMI_OK && (error->os_error == ENODEV || !pmi_cgroup_exists(cgroup)))
    tightest->vanished = true;
  return code;
}

/*
 * Reads a limit: PMI_UNLIMITED if there is none, and also if it cannot be read, which is recorded. A missing file means
 * no limit if it is `optional`.
 */
static pmi_code read_limit_file(tightest_limit *tightest, const pmi_cgroup *cgroup, const char *name, bool optional,
                                uint64_t *out, pmi_error *error) {
  pmi_text text;
  pmi_error why;
  pmi_text_init(&text);
  pmi_code code = read_file(tightest, cgroup, name, &text, &why);
  if (code == PMI_OK && !pmi_parse_limit(text.bytes, text.length, out)) {
    char path[PMI_CGROUP_FILE];
    pmi_cgroup_file(cgroup, name, path);
    code = pmi_fail(&why, PMI_EIO, EIO, "read", path);
  }
  pmi_text_free(&text);
  if (code == PMI_OK)
    return PMI_OK;

  *out = PMI_UNLIMITED;
  if (pmi_is_shortage(code)) {
    *error = why;
    return code;
  }
  if (optional && why.os_error == ENOENT && pmi_cgroup_exists(cgroup))
    return PMI_OK;
  if (code == PMI_ESRCH)
    why.code = PMI_EIO; /* the file is gone, not the process */
  miss(tightest, &why);
  return PMI_OK;
}

static bool parse_only_figure(const char *bytes, size_t length, uint64_t *out) {
  return length > 0 && bytes[length - 1] == '\n' && pmi_parse_number(bytes, length - 1, out);
}

/* Reads a value, and whether it is present: a field of memory.stat; or the only one of a file, if `field` is NULL. */
static pmi_code read_figure(tightest_limit *tightest, const pmi_cgroup *cgroup, const char *name, const char *field,
                            uint64_t *out, bool *known, pmi_error *error) {
  pmi_text text;
  pmi_error why;
  pmi_text_init(&text);
  pmi_code code = read_file(tightest, cgroup, name, &text, &why);
  *known = code == PMI_OK && (field == NULL ? parse_only_figure(text.bytes, text.length, out)
                                            : pmi_parse_memory_stat(text.bytes, text.length, field, out));
  pmi_text_free(&text);
  if (!pmi_is_shortage(code))
    return PMI_OK;
  *error = why;
  return code;
}

/* Reads the memory used by a group, as far as it is known. */
static pmi_code read_usage(tightest_limit *tightest, const pmi_cgroup *cgroup, pmi_hierarchy hierarchy,
                           group_usage *out, pmi_error *error) {
  const bool unified = hierarchy == PMI_CGROUP_V2;
  /* The cache that Kubernetes and Docker subtract: that of the whole group, which version 1 counts separately. */
  const char *cache_field = unified ? "inactive_file" : "total_inactive_file";
  uint64_t usage;
  uint64_t cache;
  bool known;
  *out = (group_usage){0};
  pmi_code code =
      read_figure(tightest, cgroup, unified ? "memory.current" : "memory.usage_in_bytes", NULL, &usage, &known, error);
  if (!known)
    return code;
  out->has_whole = true;
  out->whole = usage;
  code = read_figure(tightest, cgroup, "memory.stat", cache_field, &cache, &known, error);
  if (!known)
    return code;
  out->has_without_cache = true;
  out->without_cache = usage > cache ? usage - cache : 0; /* the two files are not read at one instant */
  return PMI_OK;
}

/* Records a limit of `cgroup` and what is left under it. The tightest is kept; of equal ones the first. */
static pmi_code add_limit(tightest_limit *tightest, uint64_t limit, const pmi_cgroup *cgroup, const char *file,
                          pmi_hierarchy hierarchy, pmi_error *error) {
  group_usage usage;
  if (limit == PMI_UNLIMITED)
    return PMI_OK;
  pmi_code code = read_usage(tightest, cgroup, hierarchy, &usage, error);
  if (code != PMI_OK)
    return code;
  if (limit < tightest->limit) {
    tightest->limit = limit;
    tightest->cgroup = *cgroup;
    tightest->file = file;
    tightest->usage = usage;
  }
  uint64_t left = limit > usage.without_cache ? limit - usage.without_cache : 0;
  if (!usage.has_without_cache)
    tightest->left_unknown = true;
  else if (left < tightest->left)
    tightest->left = left;
  return PMI_OK;
}

/* Likewise for the limit of a cgroup that is not visible, known only through `file`. */
static void add_hidden_limit(tightest_limit *tightest, uint64_t limit, const pmi_cgroup *cgroup, const char *file) {
  if (limit >= tightest->limit)
    return;
  tightest->limit = limit;
  tightest->cgroup = *cgroup;
  tightest->file = file;
  tightest->usage = (group_usage){0};
  tightest->left_unknown = true;
}

static pmi_code read_v2(tightest_limit *tightest, const pmi_cgroup *cgroup, pmi_error *error) {
  pmi_cgroup at = *cgroup;
  do {
    uint64_t limit;
    uint64_t high;
    pmi_code code = read_limit_file(tightest, &at, "memory.max", true, &limit, error);
    if (code == PMI_OK)
      code = read_limit_file(tightest, &at, "memory.high", true, &high, error);
    if (code == PMI_OK)
      code = add_limit(tightest, limit, &at, "memory.max", PMI_CGROUP_V2, error);
    if (code != PMI_OK)
      return code;
    if (high < tightest->high)
      tightest->high = high;
  } while (pmi_cgroup_up(&at));
  return PMI_OK;
}

/* Whether the limit of a cgroup applies to its descendants. */
static pmi_code read_binds_below(tightest_limit *tightest, const pmi_cgroup *cgroup, bool *out, pmi_error *error) {
  uint64_t flag;
  bool known;
  pmi_code code = read_figure(tightest, cgroup, "memory.use_hierarchy", NULL, &flag, &known, error);
  *out = code == PMI_OK && (!known || flag != 0);
  return code;
}

static pmi_code walk_v1(tightest_limit *tightest, const pmi_cgroup *cgroup, pmi_error *error) {
  static const char name[] = "memory.limit_in_bytes";
  pmi_cgroup at = *cgroup;
  pmi_code code = PMI_OK;
  for (bool binds = true; binds;) {
    uint64_t limit;
    code = read_limit_file(tightest, &at, name, false, &limit, error);
    if (code == PMI_OK)
      code = add_limit(tightest, limit, &at, name, PMI_CGROUP_V1, error);
    if (code != PMI_OK || !pmi_cgroup_up(&at))
      break;
    code = read_binds_below(tightest, &at, &binds, error);
  }
  return code;
}

static pmi_code read_v1(tightest_limit *tightest, const pmi_cgroup *cgroup, pmi_view view, pmi_error *error) {
  pmi_code code = PMI_OK;
  bool binds = true;
  if (view == PMI_VIEW_TOP)
    code = read_binds_below(tightest, cgroup, &binds, error);
  if (code != PMI_OK || !binds)
    return code;
  code = walk_v1(tightest, cgroup, error);
  if (code != PMI_OK)
    return code;

  /* If no visible limit is as tight as the effective one, an ancestor that is not visible sets it. */
  uint64_t limit;
  bool known;
  code = read_figure(tightest, cgroup, "memory.stat", "hierarchical_memory_limit", &limit, &known, error);
  if (known) {
    add_hidden_limit(tightest, pmi_real_limit(limit), cgroup, "memory.stat");
    if (view >= PMI_VIEW_PART)
      tightest->unseen.code = PMI_OK;
  }
  return code;
}

/*
 * Reads the limits of `cgroup` and its ancestors. It is the cgroup of the process, or one of its ancestors with
 * PMI_VIEW_TOP. Of equal limits the nearest is used. Fails only if resources run out; other errors are recorded in
 * `unseen`.
 */
static pmi_code read_limits(tightest_limit *tightest, pmi_hierarchy hierarchy, const pmi_cgroup *cgroup, pmi_view view,
                            pmi_error *error) {
  return hierarchy == PMI_CGROUP_V2 ? read_v2(tightest, cgroup, error) : read_v1(tightest, cgroup, view, error);
}

/* Reads the limits of one hierarchy; `path` is the cgroup of the process in it. */
static pmi_code read_hierarchy(uint32_t pid, const pmi_text *mounts, pmi_hierarchy hierarchy, pmi_slice path,
                               tightest_limit *tightest, pmi_error *error) {
  pmi_cgroup cgroup;
  pmi_view view;
  pmi_error unseen = {0};
  pmi_code code = pmi_find_cgroup(mounts, hierarchy, path, pid, &cgroup, &view, &unseen, error);
  if (code != PMI_OK)
    return code;
  if (view != PMI_VIEW_WHOLE) {
    if (unseen.code == PMI_OK)
      pmi_fail(&unseen, PMI_ENOSYS, 0, "open", PMI_PROC "/self/mountinfo");
    miss(tightest, &unseen);
  }
  return view == PMI_VIEW_NONE ? PMI_OK : read_limits(tightest, hierarchy, &cgroup, view, error);
}

/* Whether a process is in other cgroups than in `before`, the text of its cgroup file. False if it has exited. */
static bool has_moved(pmi_proc_dir *proc, const pmi_text *before) {
  pmi_text now;
  pmi_error unused;
  pmi_text_init(&now);
  pmi_code code = pmi_read_file(-1, proc, "cgroup", NULL, NULL, &now, &unused);
  bool moved = code == PMI_OK && (now.length != before->length || memcmp(now.bytes, before->bytes, now.length) != 0);
  pmi_text_free(&now);
  return moved;
}

static pmi_code read_hierarchies(pmi_proc_dir *proc, const pmi_text *mounts, tightest_limit *tightest,
                                 pmi_error *error) {
  pmi_text text;
  pmi_slice name;
  pmi_text_init(&text);
  pmi_code code = pmi_read_file(-1, proc, "cgroup", NULL, NULL, &text, error);
  if (code == PMI_ESRCH && error->os_error == ENOENT) {
    /* The process exists, but this /proc has no cgroup files, so whether it is in a cgroup is unknown. */
    pmi_status status;
    pmi_error why = *error;
    code = pmi_read_status(-1, proc, PMI_WANT_ALL, &status, error);
    why.code = PMI_ENOSYS;
    if (code == PMI_OK)
      miss(tightest, &why);
  } else if (code == PMI_OK) {
    if (pmi_parse_cgroup(text.bytes, text.length, PMI_CGROUP_V2, &name))
      code = read_hierarchy(proc->pid, mounts, PMI_CGROUP_V2, name, tightest, error);
    if (code == PMI_OK && pmi_parse_cgroup(text.bytes, text.length, PMI_CGROUP_V1, &name)) {
      tightest->unseen.code = PMI_OK;
      code = read_hierarchy(proc->pid, mounts, PMI_CGROUP_V1, name, tightest, error);
    }
    /* A missing cgroup may have been removed after the process had left it. */
    if (code == PMI_OK && tightest->unseen.code != PMI_OK && has_moved(proc, &text))
      tightest->vanished = true;
  }
  pmi_text_free(&text);
  return code;
}

/* Without the file no mount is known, which pmi_find_cgroup() reports. */
static pmi_code read_mounts(pmi_text *mounts, pmi_error *error) {
  pmi_error why;
  pmi_code code = pmi_slurp(PMI_PROC "/self/mountinfo", mounts, &why);
  if (code == PMI_OK || code == PMI_ESRCH)
    return PMI_OK;
  *error = why;
  return code;
}

/* Adds the used and available memory, if known. */
static void add_usage(const tightest_limit *tightest, pmi_values *values) {
  if (tightest->usage.has_whole)
    pmi_values_add(values, "usage", PMI_BYTES, tightest->usage.whole);
  if (!tightest->usage.has_without_cache || tightest->left_unknown)
    return;
  pmi_values_add(values, "usageWithoutCache", PMI_BYTES, tightest->usage.without_cache);
  pmi_values_add(values, "available", PMI_BYTES, tightest->left);
}

static pmi_code fill_answer(const tightest_limit *tightest, pmi_limit *answer, pmi_error *error) {
  bool limited = tightest->limit != PMI_UNLIMITED;
  answer->complete = tightest->unseen.code == PMI_OK;
  if (!answer->complete && !limited) {
    *error = tightest->unseen;
    return error->code;
  }
  if (limited)
    pmi_values_add(&answer->values, "limit", PMI_BYTES, tightest->limit);
  if (tightest->high != PMI_UNLIMITED)
    pmi_values_add(&answer->values, "high", PMI_BYTES, tightest->high);
  if (limited) {
    char source[PMI_CGROUP_FILE];
    pmi_cgroup_file(&tightest->cgroup, tightest->file, source);
    add_usage(tightest, &answer->values);
    /* The file was opened by this path, so it is shorter than PATH_MAX. */
    (void)snprintf(answer->source, sizeof answer->source, "%.*s", PMI_SOURCE_SIZE - 1, source);
  }
  return PMI_OK;
}

static pmi_code read_tightest(pmi_proc_dir *proc, const pmi_text *mounts, pmi_limit *out, pmi_error *error) {
  tightest_limit tightest;
  pmi_limit answer = {0};
  bool again = true;
  bool confirmed = false;
  for (int i = 0; again && i < MAX_ATTEMPTS; i++) {
    tightest = (tightest_limit){.limit = PMI_UNLIMITED, .high = PMI_UNLIMITED, .left = UINT64_MAX};
    pmi_code code = read_hierarchies(proc, mounts, &tightest, error);
    if (code != PMI_OK)
      return code;
    /* The process may have left and come back, so a missing cgroup must be confirmed by a second attempt. */
    bool missing = tightest.unseen.code == PMI_ENOSYS || tightest.unseen.code == PMI_EIO;
    again = tightest.vanished || (missing && !confirmed);
    confirmed = missing;
  }
  pmi_code code = fill_answer(&tightest, &answer, error);
  if (code == PMI_OK)
    *out = answer;
  return code;
}

pmi_code pmi_read_limit(uint32_t pid, pmi_limit *out, pmi_error *error) {
  pmi_proc_dir proc;
  pmi_status status;
  pmi_text mounts;
  pmi_code code = pmi_bind(pid, &proc, error);
  if (code != PMI_OK)
    return code;
  pmi_text_init(&mounts);
  int attempts = PMI_THREAD_ATTEMPTS;
  do {
    /* The main thread may be a zombie, which has left its cgroup, unlike its other threads. */
    code = pmi_read_status(-1, &proc, PMI_WANT_ALL, &status, error);
    if (code == PMI_OK && mounts.length == 0)
      code = read_mounts(&mounts, error);
    if (code == PMI_OK)
      code = read_tightest(&proc, &mounts, out, error);
  } while (pmi_lost_thread(&proc, code, &attempts));
  pmi_text_free(&mounts);
  pmi_let_go(&proc.base);
  return code;
}
