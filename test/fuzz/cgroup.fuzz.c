/* /proc/PID/cgroup, and the path from one cgroup down to another. */
#include "fuzz.h"

#include "linux/parse_cgroup.h"

static bool names_memory(const char *controllers) {
  size_t length = strlen("memory");
  for (const char *at = controllers; (at = strstr(at, "memory")) != NULL; at += length)
    if ((at == controllers || at[-1] == ',') && (at[length] == ',' || at[length] == '\0'))
      return true;
  return false;
}

/* The path in the first line for the hierarchy; NULL if there is none. */
static char *find_slowly(const char *text, size_t length, pmi_hierarchy hierarchy) {
  size_t at = 0;
  bool whole;
  for (char *line; (line = fuzz_line(text, length, &at, &whole)) != NULL; free(line)) {
    char *first = strchr(line, ':');
    char *second = first == NULL ? NULL : strchr(first + 1, ':');
    if (second == NULL || second[1] != '/')
      continue;
    *first = *second = '\0';
    bool unified = strcmp(line, "0") == 0 && first[1] == '\0';
    if (hierarchy == PMI_CGROUP_V2 ? unified : names_memory(first + 1)) {
      char *path = strdup(second + 1);
      free(line);
      return path;
    }
  }
  return NULL;
}

static void check_membership(const char *text, size_t size, pmi_hierarchy hierarchy) {
  pmi_slice path;
  bool found = pmi_parse_cgroup(text, size, hierarchy, &path);
  if (found) {
    MUST(path.bytes > text && path.length > 0 && path.bytes + path.length <= text + size);
    MUST(path.bytes[0] == '/' && path.bytes[-1] == ':' && memchr(path.bytes, '\n', path.length) == NULL);
  }
  if (memchr(text, '\0', size) != NULL)
    return;
  char *slow = find_slowly(text, size, hierarchy);
  MUST(found == (slow != NULL));
  MUST(!found || (strlen(slow) == path.length && memcmp(slow, path.bytes, path.length) == 0));
  free(slow);
}

/* The input up to its first newline is the root, the rest the path. */
static void check_descent(const char *text, size_t size) {
  pmi_cgroup_route route;
  const char *newline = memchr(text, '\n', size);
  if (newline == NULL)
    return;
  pmi_slice root = {text, (size_t)(newline - text)};
  pmi_slice path = {newline + 1, size - root.length - 1};
  MUST(!pmi_cgroup_find_route(root, root, &route) || (route.hidden == 0 && route.rest.length == 0));
  if (!pmi_cgroup_find_route(root, path, &route))
    return;
  MUST(route.rest.bytes >= path.bytes && route.rest.length <= path.length);
  MUST(route.rest.bytes + route.rest.length <= path.bytes + path.length);
  MUST(route.rest.length == 0 || route.rest.bytes[0] == '/');
  MUST(route.hidden <= root.length / 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  check_membership((const char *)data, size, PMI_CGROUP_V1);
  check_membership((const char *)data, size, PMI_CGROUP_V2);
  check_descent((const char *)data, size);
  return 0;
}
