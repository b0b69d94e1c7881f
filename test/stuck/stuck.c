/*
 * Preloaded: makes every open of a smaps_rollup wait for as long as the file $PMI_STUCK exists. The kernel makes
 * readers wait like that if the address space of the process is locked by a page fault on a network file system that
 * does not answer.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int (*openat_function)(int, const char *, int, ...);

/* The addon is compiled with offsets of 64 bits, and calls it by this name. */
int openat64(int directory, const char *path, int flags, ...) {
  static _Atomic(openat_function) real;
  const char *stuck = getenv("PMI_STUCK");
  va_list arguments;
  if (real == NULL)
    real = (openat_function)dlsym(RTLD_NEXT, "openat64");
  va_start(arguments, flags);
  mode_t mode = va_arg(arguments, mode_t);
  va_end(arguments);
  const char *name = strstr(path, "smaps_rollup");
  while (name != NULL && stuck != NULL && access(stuck, F_OK) == 0)
    usleep(2000);
  return real(directory, path, flags, mode);
}
