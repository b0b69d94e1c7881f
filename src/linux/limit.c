/*
 * The tightest memory limit on a process: cgroup.c finds its cgroups, cgroup_limit.c reads their limits and those of
 * all ancestors.
 *
 * The memory controller belongs to one version of cgroups at a time. /proc/PID/cgroup lists it if that is version 1.
 * The other hierarchy may be mounted nevertheless (systemd calls this hybrid); it is read, too, but errors in it are
 * ignored.
 */
#include "cgroup_limit.h"
#include "process.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* For a process that moves to another cgroup meanwhile. */
enum { MAX_ATTEMPTS = 64 };

/* Reads the limits of one hierarchy; `path` is the cgroup of the process in it. */
static pmi_code read_hierarchy(uint32_t pid, const pmi_text *mounts, pmi_hierarchy hierarchy, pmi_slice path,
                               pmi_tightest *tightest, pmi_error *error) {
  pmi_cgroup cgroup;
  pmi_view view;
  pmi_error unseen = {0};
  pmi_code code = pmi_find_cgroup(mounts, hierarchy, path, pid, &cgroup, &view, &unseen, error);
  if (code != PMI_OK)
    return code;
  if (view != PMI_VIEW_WHOLE) {
    if (unseen.code == PMI_OK)
      pmi_fail(&unseen, PMI_ENOSYS, 0, "open", PMI_PROC "/self/mountinfo");
    pmi_tightest_miss(tightest, &unseen);
  }
  return view == PMI_VIEW_NONE ? PMI_OK : pmi_read_cgroup_limits(tightest, hierarchy, &cgroup, view, error);
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

static pmi_code read_hierarchies(pmi_proc_dir *proc, const pmi_text *mounts, pmi_tightest *tightest, pmi_error *error) {
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
      pmi_tightest_miss(tightest, &why);
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

static pmi_code fill_answer(const pmi_tightest *tightest, pmi_limit *answer, pmi_error *error) {
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
    pmi_tightest_usage(tightest, &answer->values);
    /* The file was opened by this path, so it is shorter than PATH_MAX. */
    (void)snprintf(answer->source, sizeof answer->source, "%.*s", PMI_SOURCE_SIZE - 1, source);
  }
  return PMI_OK;
}

static pmi_code read_tightest(pmi_proc_dir *proc, const pmi_text *mounts, pmi_limit *out, pmi_error *error) {
  pmi_tightest tightest;
  pmi_limit answer = {0};
  bool again = true;
  bool confirmed = false;
  for (int i = 0; again && i < MAX_ATTEMPTS; i++) {
    pmi_tightest_init(&tightest);
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
