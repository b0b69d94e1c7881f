#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cgroups.h"
#include "check.h"
#include "scene.h"
#include "values.h"

void cgroups_add_process(uint32_t pid, const char *memberships) {
  char path[64];
  char status[64];
  snprintf(path, sizeof path, "%" PRIu32 "/status", pid);
  snprintf(status, sizeof status, "Tgid:\t%" PRIu32 "\nThreads:\t1\n", pid);
  scene_write(path, status);
  snprintf(path, sizeof path, "%" PRIu32 "/cgroup", pid);
  scene_write(path, memberships);
}

void cgroups_begin(const char *mountinfo, const char *memberships) {
  scene_begin();
  scene_write("self/mountinfo", mountinfo);
  cgroups_add_process(PID, memberships);
}

static void put(const char *path, const char *file, const char *text) {
  char full[PATH_MAX];
  snprintf(full, sizeof full, "%.4000s/%s", path, file);
  scene_write(full, text);
}

void cgroups_put(const char *path, const char *file, const char *text) {
  char above[PATH_MAX];
  snprintf(above, sizeof above, "%.4000s/", path);
  for (char *slash = strchr(above, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    put(above, "cgroup.procs", "");
    *slash = '/';
  }
  put(path, file, text);
}

void cgroups_limit_v2(const char *path, const char *text) { cgroups_put(path, "memory.max", text); }

void cgroups_limit_v1(const char *path, const char *text, const char *hierarchical) {
  char stat[128];
  snprintf(stat, sizeof stat, "cache 0\nhierarchical_memory_limit %s\ntotal_inactive_file 0\n", hierarchical);
  cgroups_put(path, "memory.limit_in_bytes", text);
  put(path, "memory.use_hierarchy", "1\n");
  put(path, "memory.usage_in_bytes", "0\n");
  put(path, "memory.stat", stat);
}

pmi_limit cgroups_read(void) {
  pmi_limit limit;
  pmi_error error;
  CHECK_SAME(pmi_read_limit(PID, &limit, &error), PMI_OK);
  return limit;
}

pmi_error cgroups_fail(pmi_code code) {
  pmi_limit untouched;
  pmi_limit limit;
  pmi_error error;
  memset(&untouched, 0x5a, sizeof untouched);
  limit = untouched;
  CHECK_SAME(pmi_read_limit(PID, &limit, &error), code);
  CHECK_SAME(error.code, code);
  CHECK_BYTES(&limit, &untouched, sizeof limit);
  return error;
}

static pmi_limit expect(uint64_t limit, const char *source, bool complete) {
  char full[PATH_MAX];
  pmi_limit read = cgroups_read();
  CHECK_SAME(read.complete, complete);
  CHECK_SAME(value_of(&read.values, "limit"), limit);
  snprintf(full, sizeof full, "proc/%.4000s", source);
  CHECK_TEXT(read.source, full);
  return read;
}

pmi_limit cgroups_expect(uint64_t limit, const char *source) { return expect(limit, source, true); }

pmi_limit cgroups_expect_partial(uint64_t limit, const char *source) { return expect(limit, source, false); }

void cgroups_expect_none(void) {
  pmi_limit read = cgroups_read();
  CHECK_SAME(read.values.count, 0);
  CHECK(read.complete);
  CHECK_TEXT(read.source, "");
}
