/*
 * Bun's build for musl takes Alpine's libstdc++, which Debian does not have. Debian's own, made for glibc, does under
 * musl with these few functions of glibc added, well enough to run a test: musl heeds no versions of symbols. This is
 * linked as the loader that Debian's libstdc++ asks for by name, and so comes in with it.
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

/* What threads would clean up at their end stays. */
int __cxa_thread_atexit_impl(void (*destructor)(void *), void *object, void *library) {
  (void)destructor;
  (void)object;
  (void)library;
  return 0;
}

/* "Not known", so that the unwinder asks dl_iterate_phdr(). */
int _dl_find_object(void *address, void *result) {
  (void)address;
  (void)result;
  return -1;
}
