/*
 * See cgroup.h. If the path does not lead to the cgroup of the process, the directory whose cgroup.procs lists the pid
 * is searched for. Every cgroup has that file, so it also distinguishes a cgroup from a plain directory.
 */
#include "cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

void pmi_cgroup_file(const pmi_cgroup *cgroup, const char *name, char out[PMI_CGROUP_FILE]) {
  (void)snprintf(out, PMI_CGROUP_FILE, "%s/%s", cgroup->path, name);
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

/*
 * Fails only if resources run out. Other errors do not stop the search; `unseen` keeps the first of them. Files that
 * have been removed meanwhile are ignored.
 */
static pmi_code skip_unreadable(const pmi_error *why, pmi_error *unseen, pmi_error *error) {
  if (pmi_is_shortage(why->code)) {
    *error = *why;
    return why->code;
  }
  if (why->code != PMI_ESRCH && unseen->code == PMI_OK)
    *unseen = *why;
  return PMI_OK;
}

/* Whether a process is in exactly that cgroup; false if the file cannot be read. */
static pmi_code has_member(const pmi_cgroup *cgroup, uint32_t pid, bool *out, pmi_error *unseen, pmi_error *error) {
  char file[PMI_CGROUP_FILE];
  pmi_text text;
  pmi_error why;
  pmi_text_init(&text);
  pmi_cgroup_file(cgroup, "cgroup.procs", file);
  pmi_code code = pmi_slurp(file, &text, &why);
  *out = code == PMI_OK && pmi_has_pid(text.bytes, text.length, pid);
  pmi_text_free(&text);
  return code == PMI_OK ? PMI_OK : skip_unreadable(&why, unseen, error);
}

static pmi_code open_list(const char *path, DIR **out, pmi_error *unseen, pmi_error *error) {
  pmi_error why;
  do {
    *out = opendir(path[0] == '\0' ? "/" : path);
  } while (*out == NULL && errno == EINTR);
  if (*out != NULL)
    return PMI_OK;
  pmi_fail_errno(&why, errno, "opendir", path);
  return skip_unreadable(&why, unseen, error);
}

/* NULL at the end of the list, and after an error. */
static struct dirent *next_entry(DIR *list, const char *path, pmi_error *unseen, pmi_code *code, pmi_error *error) {
  pmi_error why;
  struct dirent *entry;
  do {
    errno = 0;
    entry = readdir(list);
  } while (entry == NULL && errno == EINTR);
  if (entry == NULL && errno != 0) {
    pmi_fail_errno(&why, errno, "readdir", path);
    *code = skip_unreadable(&why, unseen, error);
  }
  return entry;
}

/*
 * Follows `route` from `at` through all cgroups on the hidden levels to the one that contains `pid`. If *found, `at` is
 * that cgroup, otherwise it is unchanged. The hidden levels are few: those from the host's root to a container.
 */
static pmi_code search(pmi_cgroup *at, pmi_cgroup_route route, uint32_t pid, bool *found, pmi_error *unseen,
                       pmi_error *error) {
  const size_t begin = at->length;
  pmi_code code = PMI_OK;
  *found = false;
  if (route.hidden == 0) {
    if (append(at, route.rest.bytes, route.rest.length))
      code = has_member(at, pid, found, unseen, error);
    if (!*found)
      shorten(at, begin);
    return code;
  }
  DIR *list;
  code = open_list(at->path, &list, unseen, error);
  if (list == NULL)
    return code;
  route.hidden--;
  for (struct dirent *entry;
       code == PMI_OK && !*found && (entry = next_entry(list, at->path, unseen, &code, error)) != NULL;) {
    if (entry->d_name[0] == '.' || (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN))
      continue;
    if (append(at, "/", 1) && append(at, entry->d_name, strlen(entry->d_name)))
      code = search(at, route, pid, found, unseen, error);
    if (!*found)
      shorten(at, begin);
  }
  closedir(list);
  return code;
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

static pmi_view view_from(const pmi_mount *mount) {
  return pmi_cgroup_is_top(mount->root) ? PMI_VIEW_WHOLE : PMI_VIEW_PART;
}

/* Searches by pid if the path is not known: `route` is NULL if the mount does not seem to contain the process. */
static pmi_code track(const pmi_mount *mount, const pmi_cgroup_route *route, uint32_t pid, pmi_cgroup *out,
                      pmi_view *view, pmi_error *unseen, pmi_error *error) {
  static const pmi_cgroup_route nowhere = {0, {"", 0}};
  bool found = false;
  if (!enter(mount, out))
    return PMI_OK;
  pmi_code code = search(out, route == NULL ? nowhere : *route, pid, &found, unseen, error);
  if (code == PMI_OK && found)
    *view = view_from(mount);
  else if (code == PMI_OK && route != NULL && pmi_cgroup_exists(out))
    *view = PMI_VIEW_TOP;
  return code;
}

/* The next visible mount of that hierarchy, and whether and by which route it contains `path`. */
static bool next_candidate(const pmi_text *mounts, pmi_hierarchy hierarchy, pmi_slice path, size_t *at,
                           pmi_mount *mount, pmi_cgroup_route *route, bool *below) {
  char bytes[PATH_MAX];
  pmi_slice root = {bytes, 0};
  while (pmi_next_mount(mounts->bytes, mounts->length, at, mount)) {
    if (mount->hierarchy != hierarchy || is_covered(mounts, mount) ||
        !pmi_unescape(mount->root, bytes, sizeof bytes, &root.length))
      continue;
    *below = pmi_cgroup_find_route(root, path, route);
    return true;
  }
  return false;
}

pmi_code pmi_find_cgroup(const pmi_text *mounts, pmi_hierarchy hierarchy, pmi_slice path, uint32_t pid, pmi_cgroup *out,
                         pmi_view *view, pmi_error *unseen, pmi_error *error) {
  pmi_mount mount;
  pmi_cgroup_route route;
  pmi_cgroup here;
  bool below;
  size_t most = 0;
  *view = PMI_VIEW_NONE;
  for (size_t at = 0; next_candidate(mounts, hierarchy, path, &at, &mount, &route, &below);) {
    bool better = *view == PMI_VIEW_NONE || route.rest.length > most;
    if (below && route.hidden == 0 && better && follow(&mount, route.rest, &here)) {
      *out = here;
      *view = view_from(&mount);
      most = route.rest.length;
    }
  }
  pmi_code code = PMI_OK;
  for (size_t at = 0; code == PMI_OK && *view != PMI_VIEW_WHOLE &&
                      next_candidate(mounts, hierarchy, path, &at, &mount, &route, &below);) {
    pmi_view there = PMI_VIEW_NONE;
    if (below && route.hidden == 0)
      continue;
    code = track(&mount, below ? &route : NULL, pid, &here, &there, unseen, error);
    if (there > *view) {
      *out = here;
      *view = there;
    }
  }
  return code;
}
