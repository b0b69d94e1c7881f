/* A data race, to check that ThreadSanitizer works here. */
#include <pthread.h>
#include <stddef.h>

static int shared;

static void *count(void *unused) {
  shared++;
  return unused;
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, count, NULL) != 0)
    return 0;
  shared++;
  return pthread_join(thread, NULL);
}
