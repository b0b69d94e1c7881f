/*
 * What the fuzz targets share. Each target is one NAME.fuzz.c with its seeds in corpus/NAME/. It asserts more than the
 * absence of crashes: mostly that a second, slower implementation gives the same result.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <errno.h>
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                                                \
  do {                                                                                                                 \
    if (!(condition)) {                                                                                                \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                                          \
      abort();                                                                                                         \
    }                                                                                                                  \
  } while (0)

/* A copy in a block of exactly its size, so that reads past the end are noticed. The caller frees it. */
static inline char *fuzz_copy(const void *bytes, size_t length) {
  char *copy = malloc(length == 0 ? 1 : length);
  MUST(copy != NULL);
  if (length > 0)
    memcpy(copy, bytes, length);
  return copy;
}

/* A number derived from the input, for choices that are reproducible. */
static inline size_t fuzz_choice(const uint8_t *data, size_t size, size_t count) {
  size_t sum = 0;
  for (size_t i = 0; i < size; i++)
    sum = sum * 31 + data[i];
  return count == 0 ? 0 : sum % count;
}

/* A copy of the next line, which the caller frees; *whole is whether a newline ended it. NULL at the end. */
static inline char *fuzz_line(const char *text, size_t length, size_t *at, bool *whole) {
  if (*at >= length)
    return NULL;
  size_t begin = *at;
  while (*at < length && text[*at] != '\n')
    ++*at;
  size_t count = *at - begin;
  char *line = malloc(count + 1);
  MUST(line != NULL);
  memcpy(line, text + begin, count);
  line[count] = '\0';
  *whole = *at < length;
  *at += *whole;
  return line;
}

/* Whether `pattern` matches all of a text; its groups are converted to `numbers`. ERANGE in *range if one is too large.
 */
static inline bool fuzz_match(regex_t *compiled, const char *pattern, const char *text, uint64_t *numbers, size_t count,
                              bool *range) {
  regmatch_t groups[10];
  if (compiled->re_nsub == 0)
    MUST(regcomp(compiled, pattern, REG_EXTENDED) == 0);
  MUST(count < 10 && compiled->re_nsub >= count);
  *range = true;
  if (regexec(compiled, text, 10, groups, 0) != 0)
    return false;
  for (size_t i = 0; i < count; i++) {
    errno = 0;
    numbers[i] = strtoull(text + groups[i + 1].rm_so, NULL, 10);
    *range = *range && errno == 0;
  }
  return true;
}

/* "<label>  1234 kB": whether the line has the label, and if so whether a size follows and which. */
typedef enum fuzz_size { FUZZ_OTHER, FUZZ_BAD, FUZZ_SIZE } fuzz_size;

static inline fuzz_size fuzz_size_line(const char *line, const char *label, uint64_t *kib) {
  static regex_t compiled;
  bool range;
  if (strncmp(line, label, strlen(label)) != 0)
    return FUZZ_OTHER;
  bool found = fuzz_match(&compiled, "^[ \t]*([0-9]+) kB[ \t]*$", line + strlen(label), kib, 1, &range);
  return found && range ? FUZZ_SIZE : FUZZ_BAD;
}

#endif
