/* See check.h. */
#include "check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void (*check_start)(int count, char **arguments);

static check_function *functions; /* in the order in which they run */
static void *before_function[5];  /* where __builtin_longjmp() returns to, which needs no C library */
static int runner;                /* this process */

/* The running test. Volatile, since the compiler does not see where __builtin_longjmp() continues. */
static volatile bool failed, skipped;

void check_add(check_function *added) {
  check_function **place = &functions;
  while (*place != NULL) {
    int order = strcmp((*place)->file, added->file);
    if (order > 0 || (order == 0 && (*place)->line > added->line))
      break;
    place = &(*place)->next;
  }
  added->next = *place;
  *place = added;
}

_Noreturn static void leave(void) {
  fflush(stdout);
  if (getpid() != runner)
    _exit(1);
  __builtin_longjmp(before_function, 1);
}

_Noreturn static void fail(void) {
  failed = true;
  leave();
}

void check_skip(const char *why) {
  printf("  %s\n", why);
  skipped = true;
  leave();
}

static void print_failure(const char *text, const char *file, int line) {
  printf("  %s:%d: not so: %s\n", file, line, text);
}

void check_that(bool condition, const char *text, const char *file, int line) {
  if (condition)
    return;
  print_failure(text, file, line);
  fail();
}

/* In two halves, since msvcrt's printf() does not know %llx. */
static void print_number(const char *before, uint64_t number) {
  printf("%s0x%08lx%08lx", before, (unsigned long)(number >> 32), (unsigned long)(number & 0xffffffffU));
}

void check_same(uint64_t actual, uint64_t expected, const char *text, const char *file, int line) {
  check_between(actual, expected, expected, text, file, line);
}

void check_between(uint64_t value, uint64_t least, uint64_t most, const char *text, const char *file, int line) {
  if (value >= least && value <= most)
    return;
  print_failure(text, file, line);
  print_number("    ", value);
  print_number(", not ", least);
  if (most != least)
    print_number(" to ", most);
  printf("\n");
  fail();
}

void check_text(const char *actual, const char *expected, const char *text, const char *file, int line) {
  if (actual != NULL && strcmp(actual, expected) == 0)
    return;
  print_failure(text, file, line);
  printf("    \"%s\", not \"%s\"\n", actual == NULL ? "" : actual, expected);
  fail();
}

void check_bytes(const void *actual, const void *expected, size_t size, const char *text, const char *file, int line) {
  check_that(size == 0 || memcmp(actual, expected, size) == 0, text, file, line);
}

/* Runs a function until it returns or leaves. */
static void run(void (*function)(void)) {
  if (__builtin_setjmp(before_function) == 0)
    function();
}

static void run_all(check_kind kind) {
  for (check_function *function = functions; function != NULL && !failed; function = function->next)
    if (function->kind == kind)
      run(function->run);
}

static void run_test(const check_function *test) {
  failed = skipped = false;
  run_all(CHECK_BEFORE);
  if (!failed)
    run(test->run);
  const bool failed_itself = failed;
  failed = false;
  run_all(CHECK_AFTER);
  failed = failed || failed_itself;
  printf("%s %s\n", failed ? "FAILED" : skipped ? "skipped" : "ok", test->name);
  fflush(stdout);
}

int check_main(int count, char **arguments) {
  int passes = 0, failures = 0;
  runner = getpid();
  if (check_start != NULL)
    check_start(count, arguments);
  for (const check_function *test = functions; test != NULL; test = test->next) {
    if (test->kind != CHECK_TEST)
      continue;
    run_test(test);
    failures += failed;
    passes += !failed && !skipped;
  }
  printf("%d passed, %d failed\n", passes, failures);
  return failures == 0 ? 0 : 1;
}
