/* A minimal test harness, since there is no cmocka for mingw-w64. */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdint.h>

#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)
#define CHECK_SAME(actual, expected)                                                                                   \
  check_same((uint64_t)(actual), (uint64_t)(expected), #actual " is " #expected, __FILE__, __LINE__)
#define CHECK_TEXT(actual, expected) check_text((actual), (expected), #actual, __FILE__, __LINE__)

/* If the condition is false, reports a failure of the running test, which goes on. */
bool check_that(bool condition, const char *text, const char *file, int line);
bool check_same(uint64_t actual, uint64_t expected, const char *text, const char *file, int line);
bool check_text(const char *actual, const char *expected, const char *text, const char *file, int line);

/* Runs a test whose name states a fact. */
#define RUN(test) check_run(#test, test)
void check_run(const char *name, void (*test)(void));

/* Prints how many passed, and returns the exit status. */
int check_end(void);

#endif
