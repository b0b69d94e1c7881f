/* See check.h. */
#include "check.h"

#include <stdio.h>
#include <string.h>

static int passed;
static int failed;
static bool failing;
static int reported; /* failures of the running test, of which not all are printed */

enum { MOST_REPORTED = 8 };

bool check_that(bool condition, const char *text, const char *file, int line) {
  if (!condition) {
    failing = true;
    if (++reported <= MOST_REPORTED)
      printf("  %s:%d: not so: %s\n", file, line, text);
  }
  return condition;
}

bool check_same(uint64_t actual, uint64_t expected, const char *text, const char *file, int line) {
  if (!check_that(actual == expected, text, file, line) && reported <= MOST_REPORTED)
    printf("    0x%08lx%08lx, not 0x%08lx%08lx\n", (unsigned long)(actual >> 32), (unsigned long)(actual & 0xffffffffU),
           (unsigned long)(expected >> 32), (unsigned long)(expected & 0xffffffffU));
  return actual == expected;
}

bool check_text(const char *actual, const char *expected, const char *text, const char *file, int line) {
  bool same = actual != NULL && strcmp(actual, expected) == 0;
  if (!check_that(same, text, file, line))
    printf("    \"%s\", not \"%s\"\n", actual == NULL ? "" : actual, expected);
  return same;
}

void check_run(const char *name, void (*test)(void)) {
  failing = false;
  reported = 0;
  test();
  printf("%s %s\n", failing ? "FAILED" : "ok", name);
  fflush(stdout);
  if (failing)
    failed++;
  else
    passed++;
}

int check_end(void) {
  printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
