/*
 * The cost of the kernel alone: reads the same files by bare system calls, without JavaScript and without parsing.
 * Prints nanoseconds per file, as the median of short batches, so that a batch that another process interrupts does not
 * count.
 *
 *   bare open FILE…             open, read and close each file
 *   bare pread FILE             read a file that is open
 *   bare watch SECONDS FILE…    open, read and close all files each second; print the processor time of a round
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SAMPLES = 400, READS = 32 };

static char text[1 << 20];

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

static void need(int ok, const char *what) {
  if (!ok) {
    perror(what);
    exit(1);
  }
}

static void open_and_read(const char *file) {
  int fd = open(file, O_RDONLY | O_CLOEXEC);
  need(fd != -1 && read(fd, text, 4096) > 0, file);
  close(fd);
}

static double processor_time(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void watch(int seconds, int files, char **names) {
  double begin = processor_time();
  for (int second = 0; second < seconds; second++) {
    for (int i = 0; i < files; i++)
      open_and_read(names[i]);
    sleep(1);
  }
  printf("%.1f\n", (processor_time() - begin) / seconds);
}

int main(int argc, char **argv) {
  static double times[SAMPLES];
  need(argc > 2, "bare open|pread FILE…");
  if (strcmp(argv[1], "watch") == 0) {
    watch(atoi(argv[2]), argc - 3, argv + 3);
    return 0;
  }
  const int files = argc - 2;
  const int reads = files > READS ? files : READS;
  const int samples = reads > READS ? SAMPLES / 8 : SAMPLES;
  const int again = strcmp(argv[1], "pread") == 0 ? open(argv[2], O_RDONLY | O_CLOEXEC) : -1;
  for (int sample = 0; sample < samples; sample++) {
    double begin = now();
    for (int i = 0; i < reads; i++) {
      if (again == -1)
        open_and_read(argv[2 + i % files]);
      else
        need(pread(again, text, 4096, 0) > 0, argv[2]);
    }
    times[sample] = (now() - begin) / reads;
  }
  qsort(times, (size_t)samples, sizeof *times, ascending);
  printf("%.1f\n", times[samples / 2]);
}
