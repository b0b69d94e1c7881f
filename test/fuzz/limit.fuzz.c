/* The files of a cgroup: a limit, memory.stat, cgroup.procs. */
#include "fuzz.h"

#include "linux/parse_cgroup.h"

static void check_limit(const char *text, size_t size) {
  static regex_t compiled;
  uint64_t limit;
  uint64_t number;
  bool range;
  bool parsed = pmi_parse_limit(text, size, &limit);
  char *string = strndup(text, size);
  if (strlen(string) == size) {
    bool none = strcmp(string, "max\n") == 0;
    bool matched = fuzz_match(&compiled, "^([0-9]+)\n$", string, &number, 1, &range) && range;
    MUST(parsed == (none || matched));
    if (parsed)
      MUST(limit == PMI_UNLIMITED ? none || number >= UINT64_C(1) << 62 : !none && limit == number);
  }
  free(string);
}

/* The figure of the first line with the name. */
static bool figure_slowly(const char *text, size_t length, const char *name, uint64_t *out) {
  static regex_t compiled;
  size_t at = 0;
  bool whole;
  bool range = false;
  for (char *line; (line = fuzz_line(text, length, &at, &whole)) != NULL; free(line)) {
    size_t count = strcspn(line, " ");
    if (count != strlen(name) || strncmp(line, name, count) != 0)
      continue;
    bool matched = whole && fuzz_match(&compiled, "^ ([0-9]+)$", line + count, out, 1, &range) && range;
    free(line);
    return matched;
  }
  return false;
}

static void check_figures(const char *text, size_t size) {
  const char *names[] = {"inactive_file", "total_inactive_file", "hierarchical_memory_limit"};
  for (size_t i = 0; i < 3; i++) {
    uint64_t figure;
    uint64_t slow;
    bool parsed = pmi_parse_memory_stat(text, size, names[i], &figure);
    if (memchr(text, '\0', size) == NULL)
      MUST(parsed == figure_slowly(text, size, names[i], &slow) && (!parsed || figure == slow));
  }
}

static void check_members(const char *text, size_t size) {
  bool expected = false;
  bool whole;
  size_t at = 0;
  for (char *line; (line = fuzz_line(text, size, &at, &whole)) != NULL; free(line)) {
    const char *digits = line + strspn(line, "0");
    bool number = line[0] != '\0' && strspn(line, "0123456789") == strlen(line);
    expected = expected || (number && strcmp(digits, "42") == 0);
  }
  bool found = pmi_has_pid(text, size, 42);
  if (memchr(text, '\0', size) == NULL)
    MUST(found == expected);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  check_limit((const char *)data, size);
  check_figures((const char *)data, size);
  check_members((const char *)data, size);
  return 0;
}
