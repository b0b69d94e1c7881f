/*
 * What the kernel itself takes, in nanoseconds a file, as the median of batches.
 *
 *   bare open FILE...    open, read and close of one file after the other
 *   bare pread FILE...   pread of files that are open
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static int open_file(const char *file) {
  int fd = open(file, O_RDONLY | O_CLOEXEC);
  if (fd == -1) {
    perror(file);
    exit(1);
  }
  return fd;
}

static void read_file(const char *file, int fd) {
  char text[4096];
  if (pread(fd, text, sizeof text, 0) <= 0) {
    perror(file);
    exit(1);
  }
}

int main(int argc, char **argv) {
  double times[BATCHES];
  int files = argc - 2;
  if (files < 1)
    return 2;
  int keeps_open = strcmp(argv[1], "pread") == 0;
  int *descriptors = calloc((size_t)files, sizeof *descriptors);
  for (int i = 0; keeps_open && i < files; i++)
    descriptors[i] = open_file(argv[2 + i]);
  for (int batch = 0; batch < BATCHES; batch++) {
    double begin = now();
    for (int i = 0; i < CALLS; i++) {
      const char *file = argv[2 + i % files];
      int fd = keeps_open ? descriptors[i % files] : open_file(file);
      read_file(file, fd);
      if (!keeps_open)
        close(fd);
    }
    times[batch] = (now() - begin) / CALLS;
  }
  qsort(times, BATCHES, sizeof *times, ascending);
  printf("%.1f\n", times[BATCHES / 2]);
  free(descriptors);
}
