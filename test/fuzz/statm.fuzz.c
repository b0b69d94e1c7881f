/* /proc/PID/statm, and the list of /proc/PID/task/TID/children. */
#include "fuzz.h"

#include "linux/parse.h"

static void check_statm(const char *text, size_t size) {
  static regex_t compiled;
  uint64_t n[7];
  pmi_statm statm;
  bool range;
  bool parsed = pmi_parse_statm(text, size, &statm);
  char *string = strndup(text, size);
  if (strlen(string) == size) {
    bool matched = fuzz_match(&compiled,
                              "^([0-9]+) [ \t]*([0-9]+) [ \t]*([0-9]+) [ \t]*([0-9]+) [ \t]*([0-9]+) [ \t]*([0-9]+) "
                              "[ \t]*([0-9]+)\n",
                              string, n, 7, &range);
    MUST(parsed == (matched && range));
    if (parsed)
      MUST(statm.size == n[0] && statm.resident == n[1] && statm.shared == n[2] && statm.text == n[3] &&
           statm.lib == n[4] && statm.data == n[5] && statm.dirty == n[6]);
  }
  free(string);
}

static void check_ids(const char *text, size_t size) {
  size_t at = 0;
  uint32_t id;
  char *string = strndup(text, size);
  for (;;) {
    size_t before = at;
    bool found = pmi_next_id(text, size, &at, &id);
    MUST(at >= before && at <= size);
    if (!found) {
      /* Either only blanks were left, or it stopped at something that is not a number. */
      const char *rest = string + before;
      if (strlen(string) == size)
        MUST((at == size) == (rest[strspn(rest, " \t")] == '\0'));
      MUST(at == size || at == before);
      break;
    }
    MUST(at > before && (at == size || text[at] == ' '));
    if (strlen(string) == size)
      MUST(strtoull(string + before, NULL, 10) == id);
  }
  free(string);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  check_statm((const char *)data, size);
  check_ids((const char *)data, size);
  return 0;
}
