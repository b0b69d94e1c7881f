/*
 * The harness of all tests in C:
 *
 *     TEST(states_a_fact) {
 *       CHECK_SAME(1 + 1, 2);
 *     }
 *
 * A test is known to its program by being written. Tests run in the order of their files' names and of their lines. It
 * needs little of a C library, since the programs of test/kernels have none.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEST(name) CHECK_FUNCTION(name, CHECK_TEST)

/* Run before each test of the program, and after each, even if it failed. */
#define BEFORE(name) CHECK_FUNCTION(name, CHECK_BEFORE)
#define AFTER(name) CHECK_FUNCTION(name, CHECK_AFTER)

/* Runs before all tests, with the arguments of the program. At most one. */
#define START(name)                                                                                                    \
  static void name(int count, char **arguments);                                                                       \
  __attribute__((constructor)) static void name##_is_known(void) { check_start = name; }                               \
  static void name(int count, char **arguments)

/* If it is not so, the test fails and ends; in a process that the test has forked, that process exits with status 1. */
#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)
#define CHECK_SAME(actual, expected)                                                                                   \
  check_same((uint64_t)(actual), (uint64_t)(expected), #actual " is " #expected, __FILE__, __LINE__)
#define CHECK_BETWEEN(value, least, most)                                                                              \
  check_between((uint64_t)(value), (uint64_t)(least), (uint64_t)(most), #value " is from " #least " to " #most,        \
                __FILE__, __LINE__)
#define CHECK_TEXT(actual, expected) check_text((actual), (expected), #actual, __FILE__, __LINE__)
#define CHECK_BYTES(actual, expected, size) check_bytes((actual), (expected), (size), #actual, __FILE__, __LINE__)

void check_that(bool condition, const char *text, const char *file, int line);
void check_same(uint64_t actual, uint64_t expected, const char *text, const char *file, int line);
void check_between(uint64_t value, uint64_t least, uint64_t most, const char *text, const char *file, int line);
void check_text(const char *actual, const char *expected, const char *text, const char *file, int line);
void check_bytes(const void *actual, const void *expected, size_t size, const char *text, const char *file, int line);

/* Ends the test, which has neither passed nor failed: the machine lacks what it needs. */
_Noreturn void check_skip(const char *why);

/* Runs all tests, and returns the exit status. The main() of each program, in main.c. */
int check_main(int count, char **arguments);

typedef enum check_kind { CHECK_TEST, CHECK_BEFORE, CHECK_AFTER } check_kind;

typedef struct check_function {
  void (*run)(void);
  const char *name;
  const char *file;
  int line;
  check_kind kind;
  struct check_function *next;
} check_function;

extern void (*check_start)(int count, char **arguments);
void check_add(check_function *function);

#define CHECK_FUNCTION(name, kind)                                                                                     \
  static void name(void);                                                                                              \
  __attribute__((constructor)) static void name##_is_known(void) {                                                     \
    static check_function function = {name, #name, __FILE__, __LINE__, kind, NULL};                                    \
    check_add(&function);                                                                                              \
  }                                                                                                                    \
  static void name(void)

#endif
