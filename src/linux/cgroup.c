/*
 * See cgroup.h. If the path does not lead to the cgroup of the process, the directory whose cgroup.procs lists the pid
 * is searched for. Every cgroup has that file, so it also distinguishes a cgroup from a plain directory.
 */
#include "cgroup.h"

#include <string.h>

void pmi_cgroup_file(const pmi_cgroup *cgroup, const char *name, char out[PMI_CGROUP_FILE]) {
  memcpy(out, cgroup->path, cgroup->length);
  out[cgroup->length] = '/';
  stpcpy(out + cgroup->length + 1, name);
}

static void shorten(pmi_cgroup *cgroup, size_t length) {
  cgroup->length = length;
  cgroup->path[length] = '\0';
}

/* False, with nothing appended, if the path would be too long. */
static bool append(pmi_cgroup *cgroup, const char *bytes, size_t length) {
  if (length >= sizeof cgroup->path - cgroup->length)
    return false;
  memcpy(cgroup->path + cgroup->length, bytes, length);
  shorten(cgroup, cgroup->length + length);
  return true;
}

bool pmi_cgroup_up(pmi_cgroup *cgroup) {
  if (cgroup->length <= cgroup->top)
    return false;
  const char *slash = memrchr(cgroup->path + cgroup->top, '/', cgroup->length - cgroup->top);
  shorten(cgroup, slash == NULL ? cgroup->top : (size_t)(slash - cgroup->path));
  return true;
}

bool pmi_cgroup_exists(const pmi_cgroup *cgroup) {
  char file[PMI_CGROUP_FILE];
  pmi_cgroup_file(cgroup, "cgroup.procs", file);
  return pmi_file_exists(file);
}

void pmi_note(pmi_error *unseen, const pmi_error *why) {
  if (unseen->code == PMI_OK || (pmi_is_shortage(why->code) && !pmi_is_shortage(unseen->code)))
    *unseen = *why;
}

void pmi_excuse(pmi_error *unseen) {
  if (!pmi_is_shortage(unseen->code))
    unseen->code = PMI_OK;
}

/* Whether a process is in exactly that cgroup; false if the file cannot be read. One that was removed is no error. */
static bool has_member(const pmi_cgroup *cgroup, uint32_t pid, pmi_error *unseen) {
  char file[PMI_CGROUP_FILE];
  pmi_text text;
  pmi_error why;
  pmi_cgroup_file(cgroup, "cgroup.procs", file);
  pmi_code code = pmi_slurp(file, &text, &why);
  if (code != PMI_OK && code != PMI_ESRCH)
    pmi_note(unseen, &why);
  bool found = code == PMI_OK && pmi_has_pid(text.bytes, text.length, pid);
  pmi_text_free(&text);
  return found;
}

/* A search for the cgroup of a process: down all cgroups on the hidden levels of the route, and then its rest. */
typedef struct cgroup_search {
  pmi_cgroup *at; /* where it is, and in the end the cgroup that was found */
  pmi_cgroup_route route;
  uint32_t pid;
  bool found;
  pmi_error *unseen;
} cgroup_search;

static void search(cgroup_search *s);

/* Searches a directory. The hidden levels are few: those from the host's root to a container. */
static pmi_code search_below(const char *name, bool may_be_directory, void *to, pmi_error *error) {
  cgroup_search *s = to;
  const size_t begin = s->at->length;
  (void)error;
  if (s->found || !may_be_directory || name[0] == '.')
    return PMI_OK;
  if (append(s->at, "/", 1) && append(s->at, name, strlen(name))) {
    s->route.hidden--;
    search(s);
    s->route.hidden++;
  }
  if (!s->found)
    shorten(s->at, begin);
  return PMI_OK;
}

/* If nothing is found, s->at is unchanged. */
static void search(cgroup_search *s) {
  const size_t begin = s->at->length;
  pmi_error why;
  if (s->route.hidden > 0) {
    pmi_code code = pmi_list((pmi_base){0}, begin == 0 ? "/" : s->at->path, search_below, s, &why);
    if (code != PMI_OK && code != PMI_ESRCH)
      pmi_note(s->unseen, &why);
    return;
  }
  s->found = append(s->at, s->route.rest.bytes, s->route.rest.length) && has_member(s->at, s->pid, s->unseen);
  if (!s->found)
    shorten(s->at, begin);
}

/* Whether another mount on the same mount point hides this one. */
static bool is_covered(const pmi_text *mounts, const pmi_mount *mount) {
  pmi_mount other;
  for (size_t at = 0; pmi_next_mount(mounts->bytes, mounts->length, &at, &other);) {
    if (other.parent == mount->id && other.point.length == mount->point.length &&
        memcmp(other.point.bytes, mount->point.bytes, mount->point.length) == 0)
      return true;
  }
  return false;
}

/* Enters the mount point. False if it is too long to be one. */
static bool enter(const pmi_mount *mount, pmi_cgroup *out) {
  if (!pmi_unescape(mount->point, out->path, sizeof out->path, &out->length))
    return false;
  if (out->length == 1 && out->path[0] == '/')
    shorten(out, 0);
  out->top = out->length;
  out->hierarchy = mount->hierarchy;
  out->view = pmi_cgroup_is_top(mount->root) ? PMI_VIEW_WHOLE : PMI_VIEW_PART;
  return true;
}

/*
 * The cgroup of a zombie may have been removed: version 2 marks the path then. Uses the nearest ancestor that still
 * exists.
 */
static bool leave_deleted(pmi_cgroup *cgroup) {
  static const char mark[] = " (deleted)";
  const size_t length = sizeof mark - 1;
  if (cgroup->length - cgroup->top <= length || strcmp(cgroup->path + cgroup->length - length, mark) != 0)
    return false;
  while (pmi_cgroup_up(cgroup)) {
    if (pmi_cgroup_exists(cgroup))
      return true;
  }
  return false;
}

/* Follows the path down. */
static bool follow(const pmi_mount *mount, pmi_slice rest, pmi_cgroup *out) {
  return enter(mount, out) && append(out, rest.bytes, rest.length) && (pmi_cgroup_exists(out) || leave_deleted(out));
}

/* Searches by pid, since the path is not known or, if the mount is not `above` it, may not be what it seems. */
static bool track(const pmi_mount *mount, pmi_cgroup_route route, bool above, uint32_t pid, pmi_cgroup *out,
                  pmi_error *unseen) {
  cgroup_search s = {.at = out, .route = route, .pid = pid, .unseen = unseen};
  if (!enter(mount, out))
    return false;
  search(&s);
  if (!s.found)
    out->view = PMI_VIEW_TOP;
  return s.found || (above && pmi_cgroup_exists(out));
}

/* The next visible mount of that hierarchy, and whether it is `above` the path and how it leads there. */
static bool next_candidate(const pmi_text *mounts, pmi_hierarchy hierarchy, pmi_slice path, size_t *at,
                           pmi_mount *mount, pmi_cgroup_route *route, bool *above) {
  char bytes[PATH_MAX];
  pmi_slice root = {bytes, 0};
  while (pmi_next_mount(mounts->bytes, mounts->length, at, mount)) {
    if (mount->hierarchy != hierarchy || is_covered(mounts, mount) ||
        !pmi_unescape(mount->root, bytes, sizeof bytes, &root.length))
      continue;
    *above = pmi_cgroup_find_route(root, path, route);
    if (!*above)
      *route = (pmi_cgroup_route){0, {"", 0}};
    return true;
  }
  return false;
}

void pmi_find_cgroup(const pmi_text *mounts, pmi_hierarchy hierarchy, pmi_slice path, uint32_t pid, pmi_cgroup *out,
                     pmi_error *unseen) {
  pmi_mount mount;
  pmi_cgroup_route route;
  pmi_cgroup here;
  bool above;
  size_t most = 0;
  out->view = PMI_VIEW_NONE;
  for (size_t at = 0; next_candidate(mounts, hierarchy, path, &at, &mount, &route, &above);) {
    bool better = out->view == PMI_VIEW_NONE || route.rest.length > most;
    if (above && route.hidden == 0 && better && follow(&mount, route.rest, &here)) {
      *out = here;
      most = route.rest.length;
    }
  }
  for (size_t at = 0;
       out->view != PMI_VIEW_WHOLE && next_candidate(mounts, hierarchy, path, &at, &mount, &route, &above);) {
    if ((!above || route.hidden > 0) && track(&mount, route, above, pid, &here, unseen) && here.view > out->view)
      *out = here;
  }
}
