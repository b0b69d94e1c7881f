/* /proc/PID/status. */
#include "fuzz.h"

#include "linux/parse.h"

static const char *const labels[PMI_STATUS_SIZES] = {
    "VmPeak:",  "VmSize:",   "VmLck:", "VmPin:", "VmHWM:",  "VmRSS:",       "RssAnon:",
    "RssFile:", "RssShmem:", "VmStk:", "VmPTE:", "VmSwap:", "HugetlbPages:"};

/* "Tgid:" or "Threads:". */
static fuzz_size id_line(const char *line, const char *label, uint32_t *id) {
  static regex_t compiled;
  uint64_t number;
  bool range;
  if (strncmp(line, label, strlen(label)) != 0)
    return FUZZ_OTHER;
  if (!fuzz_match(&compiled, "^[ \t]*([0-9]+)$", line + strlen(label), &number, 1, &range) || !range ||
      number > UINT32_MAX)
    return FUZZ_BAD;
  *id = (uint32_t)number;
  return FUZZ_SIZE;
}

/* Parses one line; false if that ends the parsing, with *good set to the result. */
static bool take(const char *line, pmi_status *out, bool *good) {
  *good = true;
  for (size_t i = 0; i < PMI_STATUS_SIZES; i++) {
    fuzz_size found = fuzz_size_line(line, labels[i], &out->kib[i]);
    if (found != FUZZ_OTHER)
      out->found |= 1U << i;
    *good = *good && found != FUZZ_BAD;
  }
  if (strncmp(line, "State:", 6) == 0) {
    out->state = line[6 + strspn(line + 6, " \t")];
    *good = out->state != '\0';
  }
  *good = *good && id_line(line, "Tgid:", &out->tgid) != FUZZ_BAD && id_line(line, "PPid:", &out->ppid) != FUZZ_BAD;
  fuzz_size last = id_line(line, "Threads:", &out->threads);
  *good = *good && last != FUZZ_BAD;
  return *good && last == FUZZ_OTHER;
}

static bool parse_slowly(const char *text, size_t length, pmi_status *out) {
  size_t at = 0;
  bool whole;
  bool good = false;
  bool on = true;
  memset(out, 0, sizeof *out);
  while (on) {
    char *line = fuzz_line(text, length, &at, &whole);
    if (line == NULL || !whole) {
      free(line);
      return false;
    }
    on = take(line, out, &good);
    free(line);
  }
  return good;
}

static void must_equal(const pmi_status *a, const pmi_status *b) {
  MUST(a->state == b->state && a->tgid == b->tgid && a->threads == b->threads && a->found == b->found);
  MUST(memcmp(a->kib, b->kib, sizeof a->kib) == 0);
}

static size_t count_lines(const char *text, size_t length, const char *label) {
  size_t count = 0;
  size_t at = 0;
  bool whole;
  for (char *line; (line = fuzz_line(text, length, &at, &whole)) != NULL; free(line))
    count += strncmp(line, label, strlen(label)) == 0;
  return count;
}

static bool has_each_line_once(const char *text, size_t length) {
  static const char *const asked[] = {
      "State:", "Tgid:", "PPid:", "VmHWM:", "VmRSS:", "RssAnon:", "RssFile:", "RssShmem:", "Threads:"};
  for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
    if (count_lines(text, length, asked[i]) > 1)
      return false;
  return true;
}

/* In a well-formed text, the fast parser finds the same as the thorough one wherever it finds anything. */
static void check_fast(const char *text, size_t length, const pmi_status *thorough) {
  const char *last = memmem(text, length, "\nThreads:", 9); /* where the thorough one ends */
  if (last == NULL || !has_each_line_once(text, length))
    return;
  length = (size_t)((const char *)memchr(last + 1, '\n', length - (size_t)(last + 1 - text)) + 1 - text);
  for (unsigned wanted = 0; wanted <= (PMI_WANT_MEMORY | PMI_WANT_PARENT | PMI_WANT_THREADS); wanted++) {
    pmi_status fast;
    if (!pmi_parse_status_fast(text, length, wanted, &fast))
      continue;
    MUST(fast.state == thorough->state && fast.tgid == thorough->tgid);
    MUST((wanted & PMI_WANT_PARENT) == 0 || fast.ppid == thorough->ppid);
    MUST((wanted & PMI_WANT_THREADS) == 0 || fast.threads == thorough->threads);
    MUST(fast.found == ((wanted & PMI_WANT_MEMORY) != 0 ? PMI_STATUS_MEMORY : 0));
    MUST((thorough->found & fast.found) == fast.found);
    for (unsigned i = 0; i < PMI_STATUS_SIZES; i++)
      MUST((fast.found >> i & 1) == 0 || fast.kib[i] == thorough->kib[i]);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  pmi_status status;
  pmi_status slow;
  pmi_status early;
  bool parsed = pmi_parse_status((const char *)data, size, &status);
  if (memchr(data, '\0', size) == NULL) {
    MUST(parse_slowly((const char *)data, size, &slow) == parsed);
    if (parsed)
      must_equal(&status, &slow);
    if (parsed)
      check_fast((const char *)data, size, &status);
  }

  /* A reader that stops when everything seems to be there gets the same result as from the whole text. */
  size_t length = fuzz_choice(data, size, size + 1);
  char *part = fuzz_copy(data, length);
  if (pmi_parse_status(part, length, &early)) {
    MUST(parsed);
    must_equal(&status, &early);
  }
  free(part);
  return 0;
}
