/*
 * Bun's build for musl needs Alpine's libstdc++, which Debian does not have. Debian's libstdc++ for glibc works with
 * musl well enough for a test if these few functions of glibc are added: musl ignores symbol versions. This library is
 * named like the loader that Debian's libstdc++ depends on, so it is loaded with it.
 */
#include <stddef.h>
#include <sys/random.h>
#include <time.h>

char __libc_single_threaded = 0;
unsigned __cpu_model[4];

int __cpu_indicator_init(void) { return 0; }

unsigned arc4random(void) {
  unsigned value = 0;
  (void)!getrandom(&value, sizeof value, 0);
  return value;
}

size_t __strftime_l(char *out, size_t size, const char *format, const struct tm *time, void *locale) {
  (void)locale;
  return strftime(out, size, format, time);
}

/* Destructors of threads do not run. */
int __cxa_thread_atexit_impl(void (*destructor)(void *), void *object, void *library) {
  (void)destructor;
  (void)object;
  (void)library;
  return 0;
}

/* Reports "unknown", so that the unwinder uses dl_iterate_phdr(). */
int _dl_find_object(void *address, void *result) {
  (void)address;
  (void)result;
  return -1;
}
