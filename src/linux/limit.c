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
  pmi_error unseen;  /* why a possible limit was not read: see pmi_note(); code PMI_OK if all were read */
  bool vanished;     /* a cgroup was removed meanwhile */
} tightest_limit;

/* Reads a file of a cgroup. */
static pmi_code read_file(tightest_limit *tightest, const pmi_cgroup *cgroup, const char *name, pmi_text *text,
                          pmi_error *why) {
  char path[PMI_CGROUP_FILE];
  pmi_cgroup_file(cgroup, name, path);
  pmi_code code = pmi_slurp(path, text, why);
  if (code != PMI_OK && (why->os_error == ENODEV || !pmi_cgroup_exists(cgroup)))
    tightest->vanished = true;
  if (pmi_is_shortage(code))
    pmi_note(&tightest->unseen, why);
  return code;
}

/*
 * Reads a limit: PMI_UNLIMITED if there is none, and also if it cannot be read, which is recorded. A missing file means
 * no limit if it is `optional`.
 */
static uint64_t read_limit_file(tightest_limit *tightest, const pmi_cgroup *cgroup, const char *name, bool optional) {
  pmi_text text;
  pmi_error why;
  uint64_t limit;
  pmi_code code = read_file(tightest, cgroup, name, &text, &why);
  if (code == PMI_OK && !pmi_parse_limit(text.bytes, text.length, &limit)) {
    char path[PMI_CGROUP_FILE];
    pmi_cgroup_file(cgroup, name, path);
    code = pmi_fail(&why, PMI_EIO, EIO, "read", path);
  }
  pmi_text_free(&text);
  if (code == PMI_OK)
    return limit;
  if (optional && why.os_error == ENOENT && pmi_cgroup_exists(cgroup))
    return PMI_UNLIMITED;
  if (code == PMI_ESRCH)
    why.code = PMI_EIO; /* the file is gone, not the process */
  pmi_note(&tightest->unseen, &why);
  return PMI_UNLIMITED;
}

static bool parse_only_figure(const char *bytes, size_t length, uint64_t *out) {
  return length > 0 && bytes[length - 1] == '\n' && pmi_parse_number(bytes, length - 1, out);
}

/* Reads a field of memory.stat; or the only value of a file, if `field` is NULL. False if it is not known. */
static bool read_figure(tightest_limit *tightest, const pmi_cgroup *cgroup, const char *name, const char *field,
                        uint64_t *out) {
  pmi_text text;
  pmi_error why;
  bool known = read_file(tightest, cgroup, name, &text, &why) == PMI_OK &&
               (field == NULL ? parse_only_figure(text.bytes, text.length, out)
                              : pmi_parse_memory_stat(text.bytes, text.length, field, out));
  pmi_text_free(&text);
  return known;
}

/* Reads the memory used by a group, as far as it is known. */
static group_usage read_usage(tightest_limit *tightest, const pmi_cgroup *cgroup) {
  const bool unified = cgroup->hierarchy == PMI_CGROUP_V2;
  /* The cache that Kubernetes and Docker subtract: that of the whole group, which version 1 counts separately. */
  const char *cache_field = unified ? "inactive_file" : "total_inactive_file";
  group_usage usage = {0};
  uint64_t cache;
  usage.has_whole =
      read_figure(tightest, cgroup, unified ? "memory.current" : "memory.usage_in_bytes", NULL, &usage.whole);
  if (usage.has_whole && read_figure(tightest, cgroup, "memory.stat", cache_field, &cache)) {
    usage.has_without_cache = true;
    usage.without_cache = usage.whole > cache ? usage.whole - cache : 0; /* the files are not read at one instant */
  }
  return usage;
}

/* Keeps the tightest limit; of equal ones the first. */
static void keep_tightest(tightest_limit *tightest, uint64_t limit, const pmi_cgroup *cgroup, const char *file,
                          group_usage usage) {
  if (limit >= tightest->limit)
    return;
  tightest->limit = limit;
  tightest->cgroup = *cgroup;
  tightest->file = file;
  tightest->usage = usage;
}

/* Records the limit of `cgroup` that `file` contains, and what is left under it. */
static void add_limit(tightest_limit *tightest, const pmi_cgroup *cgroup, const char *file, bool optional) {
  uint64_t limit = read_limit_file(tightest, cgroup, file, optional);
  if (limit == PMI_UNLIMITED)
    return;
  group_usage usage = read_usage(tightest, cgroup);
  keep_tightest(tightest, limit, cgroup, file, usage);
  uint64_t left = limit > usage.without_cache ? limit - usage.without_cache : 0;
  if (!usage.has_without_cache)
    tightest->left_unknown = true;
  else if (left < tightest->left)
    tightest->left = left;
}

static void read_v2(tightest_limit *tightest, const pmi_cgroup *cgroup) {
  pmi_cgroup at = *cgroup;
  do {
    add_limit(tightest, &at, "memory.max", true);
    uint64_t high = read_limit_file(tightest, &at, "memory.high", true);
    if (high < tightest->high)
      tightest->high = high;
  } while (pmi_cgroup_up(&at));
}

/* Whether the limit of a cgroup applies to its descendants. */
static bool binds_below(tightest_limit *tightest, const pmi_cgroup *cgroup) {
  uint64_t flag;
  return !read_figure(tightest, cgroup, "memory.use_hierarchy", NULL, &flag) || flag != 0;
}

static void read_v1(tightest_limit *tightest, const pmi_cgroup *cgroup) {
  pmi_cgroup at = *cgroup;
  uint64_t effective;
  if (cgroup->view == PMI_VIEW_TOP && !binds_below(tightest, cgroup))
    return;
  do {
    add_limit(tightest, &at, "memory.limit_in_bytes", false);
  } while (pmi_cgroup_up(&at) && binds_below(tightest, &at));

  /* If no visible limit is as tight as the effective one, an ancestor that is not visible sets it. */
  if (!read_figure(tightest, cgroup, "memory.stat", "hierarchical_memory_limit", &effective))
    return;
  effective = pmi_real_limit(effective);
  if (effective < tightest->limit)
    tightest->left_unknown = true;
  keep_tightest(tightest, effective, cgroup, "memory.stat", (group_usage){0});
  if (cgroup->view >= PMI_VIEW_PART)
    pmi_excuse(&tightest->unseen);
}

/*
 * Reads the limits of one hierarchy; `path` is the cgroup of the process in it. Of equal limits the nearest is used.
 */
static void read_hierarchy(uint32_t pid, const pmi_text *mounts, pmi_hierarchy hierarchy, pmi_slice path,
                           tightest_limit *tightest) {
  pmi_cgroup cgroup;
  pmi_error unseen = {0};
  pmi_find_cgroup(mounts, hierarchy, path, pid, &cgroup, &unseen);
  if (cgroup.view == PMI_VIEW_WHOLE)
    pmi_excuse(&unseen);
  else if (unseen.code == PMI_OK)
    pmi_fail(&unseen, PMI_ENOSYS, 0, "open", PMI_PROC "/self/mountinfo");
  pmi_note(&tightest->unseen, &unseen);
  if (cgroup.view == PMI_VIEW_NONE)
    return;
  if (hierarchy == PMI_CGROUP_V2)
    read_v2(tightest, &cgroup);
  else
    read_v1(tightest, &cgroup);
}

/* Whether a process is in other cgroups than in `before`, the text of its cgroup file. False if it has exited. */
static bool has_moved(pmi_proc_dir *proc, const pmi_text *before) {
  pmi_text now;
  pmi_error unused;
  pmi_code code = pmi_read_file(-1, proc, "cgroup", NULL, NULL, &now, &unused);
  bool moved = code == PMI_OK && (now.length != before->length || memcmp(now.bytes, before->bytes, now.length) != 0);
  pmi_text_free(&now);
  return moved;
}

static pmi_code read_hierarchies(pmi_proc_dir *proc, const pmi_text *mounts, tightest_limit *tightest,
                                 pmi_error *error) {
  pmi_text text;
  pmi_slice name;
  pmi_code code = pmi_read_file(-1, proc, "cgroup", NULL, NULL, &text, error);
  if (code == PMI_ESRCH && error->os_error == ENOENT) {
    /* The process exists, but this /proc has no cgroup files, so whether it is in a cgroup is unknown. */
    pmi_status status;
    pmi_error why = *error;
    why.code = PMI_ENOSYS;
    pmi_note(&tightest->unseen, &why);
    code = pmi_read_status(-1, proc, PMI_WANT_ALL, &status, error);
  } else if (code == PMI_OK) {
    if (pmi_parse_cgroup(text.bytes, text.length, PMI_CGROUP_V2, &name))
      read_hierarchy(proc->pid, mounts, PMI_CGROUP_V2, name, tightest);
    if (pmi_parse_cgroup(text.bytes, text.length, PMI_CGROUP_V1, &name)) {
      pmi_excuse(&tightest->unseen);
      read_hierarchy(proc->pid, mounts, PMI_CGROUP_V1, name, tightest);
    }
    /* A missing cgroup may have been removed after the process had left it. */
    if (tightest->unseen.code != PMI_OK && has_moved(proc, &text))
      tightest->vanished = true;
  }
  pmi_text_free(&text);
  return code;
}

/* Without the file no mount is known, which read_hierarchy() reports. */
static pmi_code read_mounts(pmi_text *mounts, pmi_error *error) {
  pmi_code code = pmi_slurp(PMI_PROC "/self/mountinfo", mounts, error);
  return code == PMI_ESRCH ? PMI_OK : code;
}

static pmi_code fill_answer(const tightest_limit *tightest, pmi_limit *out, pmi_error *error) {
  const group_usage *usage = &tightest->usage;
  pmi_limit answer = {.complete = tightest->unseen.code == PMI_OK};
  bool limited = tightest->limit != PMI_UNLIMITED;
  if (!answer.complete && (!limited || pmi_is_shortage(tightest->unseen.code))) {
    *error = tightest->unseen;
    return error->code;
  }
  if (limited) {
    char source[PMI_CGROUP_FILE];
    pmi_cgroup_file(&tightest->cgroup, tightest->file, source);
    /* The file was opened by this path, so it is shorter than PATH_MAX. */
    (void)snprintf(answer.source, sizeof answer.source, "%.*s", PMI_SOURCE_SIZE - 1, source);
    pmi_values_add(&answer.values, "limit", PMI_BYTES, tightest->limit);
  }
  if (tightest->high != PMI_UNLIMITED)
    pmi_values_add(&answer.values, "high", PMI_BYTES, tightest->high);
  if (limited && usage->has_whole)
    pmi_values_add(&answer.values, "usage", PMI_BYTES, usage->whole);
  if (limited && usage->has_without_cache && !tightest->left_unknown) {
    pmi_values_add(&answer.values, "usageWithoutCache", PMI_BYTES, usage->without_cache);
    pmi_values_add(&answer.values, "available", PMI_BYTES, tightest->left);
  }
  *out = answer;
  return PMI_OK;
}

static pmi_code read_tightest(pmi_proc_dir *proc, const pmi_text *mounts, pmi_limit *out, pmi_error *error) {
  tightest_limit tightest;
  bool again = true;
  bool confirmed = false;
  for (int i = 0; again && i < MAX_ATTEMPTS; i++) {
    tightest = (tightest_limit){.limit = PMI_UNLIMITED, .high = PMI_UNLIMITED, .left = UINT64_MAX};
    pmi_code code = read_hierarchies(proc, mounts, &tightest, error);
    if (code != PMI_OK)
      return code;
    /* The process may have left and come back, so a missing cgroup must be confirmed by a second quiet attempt. */
    bool missing = tightest.unseen.code == PMI_ENOSYS || tightest.unseen.code == PMI_EIO;
    again = !pmi_is_shortage(tightest.unseen.code) && (tightest.vanished || (missing && !confirmed));
    confirmed = missing && !tightest.vanished;
  }
  return fill_answer(&tightest, out, error);
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
