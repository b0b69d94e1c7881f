/*
 * A process with COUNT children that do nothing, each with MIB of memory: a tree to look at, or a crowd of processes
 * that have nothing to do with it. Prints their pids, and ends, with all of them, when its standard input does.
 *
 *   crowd COUNT [MIB]
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void rest(size_t bytes) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (bytes > 0) {
    char *memory = malloc(bytes);
    if (memory == NULL)
      _exit(1);
    memset(memory, 1, bytes);
  }
  for (;;)
    pause();
}

int main(int argc, char **argv) {
  int count = argc > 1 ? atoi(argv[1]) : 0;
  size_t bytes = argc > 2 ? (size_t)atol(argv[2]) << 20 : 0;
  for (int i = 0; i < count; i++) {
    pid_t child = fork();
    if (child == -1) {
      perror("fork");
      return 1;
    }
    if (child == 0)
      rest(bytes);
    printf("%d ", child);
  }
  printf("\n");
  fflush(stdout);
  while (getchar() != EOF)
    ;
}
