/*
 * See cgroup_limit.h. Interfaces: Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst.
 *
 * - In version 2 memory.max is missing in the real root and where memory is not controlled: there is no limit then.
 * - In version 1 memory.stat has the effective limit of a cgroup, including ancestors above the mount. Version 2 has
 *   none.
 * - In version 1 a cgroup whose memory.use_hierarchy is 0 does not limit its descendants (kernels before 5.11).
 */
#include "cgroup_limit.h"

#include "parse.h"

#include <errno.h>

void pmi_tightest_init(pmi_tightest *tightest) {
  *tightest = (pmi_tightest){.limit = PMI_UNLIMITED, .high = PMI_UNLIMITED, .left = UINT64_MAX};
}

void pmi_tightest_miss(pmi_tightest *tightest, const pmi_error *why) {
  if (tightest->unseen.code == PMI_OK)
    tightest->unseen = *why;
}

/* Reads a file of a cgroup. */
static pmi_code read_file(pmi_tightest *tightest, const pmi_cgroup *cgroup, const char *name, pmi_text *text,
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
static pmi_code read_limit_file(pmi_tightest *tightest, const pmi_cgroup *cgroup, const char *name, bool optional,
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
  pmi_tightest_miss(tightest, &why);
  return PMI_OK;
}

typedef bool (*figure_reader)(const char *bytes, size_t length, uint64_t *out);

static bool only_figure(const char *bytes, size_t length, uint64_t *out) {
  return length > 0 && bytes[length - 1] == '\n' && pmi_parse_number(bytes, length - 1, out);
}

static bool hierarchical_limit(const char *bytes, size_t length, uint64_t *out) {
  return pmi_parse_memory_stat(bytes, length, "hierarchical_memory_limit", out);
}

/* The cache that Kubernetes and Docker subtract: that of the whole group, which version 1 counts separately. */
static bool cache_v1(const char *bytes, size_t length, uint64_t *out) {
  return pmi_parse_memory_stat(bytes, length, "total_inactive_file", out);
}

static bool cache_v2(const char *bytes, size_t length, uint64_t *out) {
  return pmi_parse_memory_stat(bytes, length, "inactive_file", out);
}

/* Reads a value, and whether it is present. */
static pmi_code read_figure(pmi_tightest *tightest, const pmi_cgroup *cgroup, const char *name, figure_reader reader,
                            uint64_t *out, bool *known, pmi_error *error) {
  pmi_text text;
  pmi_error why;
  pmi_text_init(&text);
  pmi_code code = read_file(tightest, cgroup, name, &text, &why);
  *known = code == PMI_OK && reader(text.bytes, text.length, out);
  pmi_text_free(&text);
  if (!pmi_is_shortage(code))
    return PMI_OK;
  *error = why;
  return code;
}

/* Reads the memory used by a group, as far as it is known. */
static pmi_code read_usage(pmi_tightest *tightest, const pmi_cgroup *cgroup, pmi_hierarchy hierarchy, pmi_usage *out,
                           pmi_error *error) {
  const bool unified = hierarchy == PMI_CGROUP_V2;
  uint64_t usage;
  uint64_t cache;
  bool known;
  *out = (pmi_usage){0};
  pmi_code code = read_figure(tightest, cgroup, unified ? "memory.current" : "memory.usage_in_bytes", only_figure,
                              &usage, &known, error);
  if (!known)
    return code;
  out->has_whole = true;
  out->whole = usage;
  code = read_figure(tightest, cgroup, "memory.stat", unified ? cache_v2 : cache_v1, &cache, &known, error);
  if (!known)
    return code;
  out->has_without_cache = true;
  out->without_cache = usage > cache ? usage - cache : 0; /* the two files are not read at one instant */
  return PMI_OK;
}

/* Records a limit of `cgroup` and what is left under it. The tightest is kept; of equal ones the first. */
static pmi_code add_limit(pmi_tightest *tightest, uint64_t limit, const pmi_cgroup *cgroup, const char *file,
                          pmi_hierarchy hierarchy, pmi_error *error) {
  pmi_usage usage;
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
static void add_hidden_limit(pmi_tightest *tightest, uint64_t limit, const pmi_cgroup *cgroup, const char *file) {
  if (limit >= tightest->limit)
    return;
  tightest->limit = limit;
  tightest->cgroup = *cgroup;
  tightest->file = file;
  tightest->usage = (pmi_usage){0};
  tightest->left_unknown = true;
}

static pmi_code read_v2(pmi_tightest *tightest, const pmi_cgroup *cgroup, pmi_error *error) {
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
static pmi_code read_binds_below(pmi_tightest *tightest, const pmi_cgroup *cgroup, bool *out, pmi_error *error) {
  uint64_t flag;
  bool known;
  pmi_code code = read_figure(tightest, cgroup, "memory.use_hierarchy", only_figure, &flag, &known, error);
  *out = code == PMI_OK && (!known || flag != 0);
  return code;
}

static pmi_code walk_v1(pmi_tightest *tightest, const pmi_cgroup *cgroup, pmi_error *error) {
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

static pmi_code read_v1(pmi_tightest *tightest, const pmi_cgroup *cgroup, pmi_view view, pmi_error *error) {
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
  code = read_figure(tightest, cgroup, "memory.stat", hierarchical_limit, &limit, &known, error);
  if (known) {
    add_hidden_limit(tightest, pmi_real_limit(limit), cgroup, "memory.stat");
    if (view >= PMI_VIEW_PART)
      tightest->unseen.code = PMI_OK;
  }
  return code;
}

pmi_code pmi_read_cgroup_limits(pmi_tightest *tightest, pmi_hierarchy hierarchy, const pmi_cgroup *cgroup,
                                pmi_view view, pmi_error *error) {
  return hierarchy == PMI_CGROUP_V2 ? read_v2(tightest, cgroup, error) : read_v1(tightest, cgroup, view, error);
}

void pmi_tightest_usage(const pmi_tightest *tightest, pmi_values *values) {
  if (tightest->usage.has_whole)
    pmi_values_add(values, "usage", PMI_BYTES, tightest->usage.whole);
  if (!tightest->usage.has_without_cache || tightest->left_unknown)
    return;
  pmi_values_add(values, "usageWithoutCache", PMI_BYTES, tightest->usage.without_cache);
  pmi_values_add(values, "available", PMI_BYTES, tightest->left);
}
