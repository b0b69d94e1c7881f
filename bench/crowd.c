/*
 * Processes to measure: crowd CHILDREN [MIB]. Forks that many sleeping children, allocates that much memory itself and
 * writes to each page, prints "ready" and the children's pids, one per line, and keeps them until its standard input
 * ends. For Linux.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

static void need(int ok, const char *what) {
  if (!ok) {
    perror(what);
    kill(0, SIGKILL);
  }
}

static void take(size_t bytes) {
  void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  need(memory != MAP_FAILED, "mmap");
  madvise(memory, bytes, MADV_NOHUGEPAGE); /* as many pages to walk as possible */
  memset(memory, 1, bytes);
}

int main(int argc, char **argv) {
  const int children = argc > 1 ? atoi(argv[1]) : 0;
  char end;
  for (int i = 0; i < children; i++) {
    pid_t pid = fork();
    need(pid != -1, "fork");
    if (pid == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      for (;;)
        pause();
    }
    printf("%d\n", pid);
  }
  if (argc > 2)
    take((size_t)atoi(argv[2]) << 20);
  puts("ready");
  fflush(stdout);
  while (read(STDIN_FILENO, &end, 1) > 0)
    ;
  kill(0, SIGKILL);
}
