/*
 * What the kernel itself takes: open, read and close of one file, in nanoseconds a time, as the median of batches.
 *
 *   bare FILE
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { BATCHES = 15, CALLS = 4096 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a;
  double y = *(const double *)b;
  return (x > y) - (x < y);
}

static void read_once(const char *file) {
  char text[4096];
  int fd = open(file, O_RDONLY | O_CLOEXEC);
  if (fd == -1 || read(fd, text, sizeof text) <= 0) {
    perror(file);
    exit(1);
  }
  close(fd);
}

int main(int argc, char **argv) {
  double times[BATCHES];
  if (argc != 2)
    return 2;
  for (int batch = 0; batch < BATCHES; batch++) {
    double begin = now();
    for (int i = 0; i < CALLS; i++)
      read_once(argv[1]);
    times[batch] = (now() - begin) / CALLS;
  }
  qsort(times, BATCHES, sizeof *times, ascending);
  printf("%.1f\n", times[BATCHES / 2]);
}
