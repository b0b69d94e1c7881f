/* See parse_cgroup.h. */
#include "parse_cgroup.h"

#include "parse.h"

#include <string.h>

/* Cuts the text before the next `separator` off `rest`, or all of it if there is none. False if nothing is left. */
static bool cut(pmi_slice *rest, char separator, pmi_slice *out) {
  if (rest->bytes == NULL)
    return false;
  const char *found = memchr(rest->bytes, separator, rest->length);
  out->bytes = rest->bytes;
  out->length = found == NULL ? rest->length : (size_t)(found - rest->bytes);
  rest->length -= found == NULL ? rest->length : out->length + 1;
  rest->bytes = found == NULL ? NULL : found + 1;
  return true;
}

static bool equals(pmi_slice slice, const char *text) {
  return slice.length == strlen(text) && memcmp(slice.bytes, text, slice.length) == 0;
}

static bool lists(pmi_slice list, const char *word) {
  pmi_slice item;
  while (cut(&list, ',', &item)) {
    if (equals(item, word))
      return true;
  }
  return false;
}

/* "35 31 0:32 /docker/x /sys/fs/cgroup/memory rw,relatime shared:1 master:2 - cgroup cgroup rw,memory" */
static bool parse_mount(pmi_slice line, pmi_mount *out) {
  pmi_slice id, parent, field, type, options;
  if (!cut(&line, ' ', &id) || !pmi_parse_id(id.bytes, id.length, &out->id) || !cut(&line, ' ', &parent) ||
      !pmi_parse_id(parent.bytes, parent.length, &out->parent) || !cut(&line, ' ', &field) ||
      !cut(&line, ' ', &out->root) || !cut(&line, ' ', &out->point) || !cut(&line, ' ', &field))
    return false;
  do {
    if (!cut(&line, ' ', &field))
      return false;
  } while (!equals(field, "-"));
  if (!cut(&line, ' ', &type) || !cut(&line, ' ', &field) || !cut(&line, ' ', &options))
    return false;

  out->hierarchy = PMI_CGROUP_NONE;
  if (equals(type, "cgroup2"))
    out->hierarchy = PMI_CGROUP_V2;
  else if (equals(type, "cgroup") && lists(options, "memory"))
    out->hierarchy = PMI_CGROUP_V1;
  return true;
}

bool pmi_next_mount(const char *bytes, size_t length, size_t *at, pmi_mount *out) {
  while (*at < length) {
    pmi_slice rest = {bytes + *at, length - *at};
    pmi_slice line = {0};
    cut(&rest, '\n', &line);
    *at = length - rest.length;
    if (parse_mount(line, out))
      return true;
  }
  return false;
}

static bool octal(const char *bytes, unsigned *out) {
  *out = 0;
  for (int i = 0; i < 3; i++) {
    if (bytes[i] < '0' || bytes[i] > '7')
      return false;
    *out = *out * 8 + (unsigned)(bytes[i] - '0');
  }
  return *out <= 0xff;
}

bool pmi_unescape(pmi_slice text, char *out, size_t size, size_t *length) {
  size_t used = 0;
  for (size_t i = 0; i < text.length; i++) {
    unsigned value;
    if (used + 1 >= size)
      return false;
    if (text.bytes[i] == '\\' && text.length - i > 3 && octal(text.bytes + i + 1, &value)) {
      out[used++] = (char)value;
      i += 3;
    } else {
      out[used++] = text.bytes[i];
    }
  }
  out[used] = '\0';
  *length = used;
  return true;
}

bool pmi_parse_cgroup(const char *bytes, size_t length, pmi_hierarchy hierarchy, pmi_slice *path) {
  pmi_slice text = {bytes, length};
  pmi_slice line;
  while (cut(&text, '\n', &line)) {
    /* "4:cpu,memory:/a:b" or "0::/a:b". The path may contain colons, but no newline: mkdir(2) refuses it. */
    pmi_slice number, controllers;
    if (!cut(&line, ':', &number) || !cut(&line, ':', &controllers) || line.length == 0 || line.bytes[0] != '/')
      continue;
    bool unified = equals(number, "0") && controllers.length == 0;
    if (hierarchy == PMI_CGROUP_V2 ? unified : lists(controllers, "memory")) {
      *path = line;
      return true;
    }
  }
  return false;
}

/* Counts the leading "/.." of a path, and cuts them off. */
static size_t cut_ups(pmi_slice *path) {
  size_t count = 0;
  while (path->length >= 3 && memcmp(path->bytes, "/..", 3) == 0 && (path->length == 3 || path->bytes[3] == '/')) {
    path->bytes += 3;
    path->length -= 3;
    count++;
  }
  return count;
}

bool pmi_cgroup_find_route(pmi_slice root, pmi_slice path, pmi_cgroup_route *out) {
  size_t root_ups = cut_ups(&root);
  size_t path_ups = cut_ups(&path);
  if (root.length == 1)
    root.length = 0;
  if (path.length == 1)
    path.length = 0;

  /*
   * The kernel goes up only as far as necessary. So a path that goes up further than the root is outside it. A root
   * that goes up further contains the path if it ends there, but not if it goes down again.
   */
  if (path_ups > root_ups || (path_ups < root_ups && root.length > 0))
    return false;
  out->hidden = root_ups - path_ups;
  if (path.length < root.length || memcmp(path.bytes, root.bytes, root.length) != 0)
    return false;
  out->rest = (pmi_slice){path.bytes + root.length, path.length - root.length};
  return out->rest.length == 0 || out->rest.bytes[0] == '/';
}

bool pmi_cgroup_is_top(pmi_slice root) {
  cut_ups(&root);
  return root.length <= 1;
}

uint64_t pmi_real_limit(uint64_t bytes) {
  /*
   * Version 1 writes "no limit" as the maximum of the kernel's counter: LONG_MAX rounded down to the page size, or
   * LONG_MAX pages in a 32-bit kernel. Older kernels wrote LLONG_MAX.
   */
  const uint64_t least = sizeof(long) > 4 ? UINT64_C(1) << 62 : UINT64_C(0x7fffffff) << 12;
  return bytes >= least ? PMI_UNLIMITED : bytes;
}

bool pmi_parse_limit(const char *bytes, size_t length, uint64_t *out) {
  pmi_slice text = {bytes, length};
  if (length == 0 || bytes[length - 1] != '\n')
    return false;
  text.length--;
  if (equals(text, "max")) {
    *out = PMI_UNLIMITED;
    return true;
  }
  if (!pmi_parse_number(text.bytes, text.length, out))
    return false;
  *out = pmi_real_limit(*out);
  return true;
}

bool pmi_parse_memory_stat(const char *bytes, size_t length, const char *name, uint64_t *out) {
  pmi_slice text = {bytes, length};
  pmi_slice line, word;
  while (cut(&text, '\n', &line)) {
    if (cut(&line, ' ', &word) && equals(word, name))
      return text.bytes != NULL && line.bytes != NULL && pmi_parse_number(line.bytes, line.length, out);
  }
  return false;
}

bool pmi_has_pid(const char *bytes, size_t length, uint32_t pid) {
  pmi_slice text = {bytes, length};
  pmi_slice line;
  while (cut(&text, '\n', &line)) {
    uint32_t id;
    if (pmi_parse_id(line.bytes, line.length, &id) && id == pid)
      return true;
  }
  return false;
}
