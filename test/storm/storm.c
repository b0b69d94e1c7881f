/*
 * A storm of short-lived processes: storm FORKS. Prints the pids of those that stay, of the spawners and of the movers,
 * then "ready". Starts when it reads a line, prints "done" when all are forked, and ends with its standard input, like
 * the processes of fixture.c.
 *
 * The name of every short-lived process describes it: "<what><spawner>.<number>". /proc shows it in the same line as
 * the parent:
 *
 *   s  a child of that spawner, with the name that it was forked with: the spawner takes that name before it forks
 *   p  a child of that spawner, which has or had a child of its own
 *   o  that child: below the p of the same number, or an orphan, which the root of the storm adopts
 *   q  one of these two, while they are being separated
 *
 * A mover is a process at the end of a chain of others that exit one by one, so that it is reparented each time to the
 * next one above. If the kernel permits it, pids are reused as soon as they are free; and movers and some of the
 * orphans have lower pids than their parents, so that a reader that goes through all pids in order meets the child
 * first.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  STAYING = 10,
  SPAWNERS = 4,
  MOVERS = 2,
  MOVES = 50,
  MOVE_US = 30000,
  LOW_PID = 300,
  LONGEST = 600 /* seconds */
};

static void die(const char *what) {
  perror(what);
  kill(0, SIGKILL);
}

static pid_t fork_or_die(void) {
  pid_t pid = fork();
  if (pid == -1)
    die("fork");
  return pid;
}

static void wait_for_byte(int fd) {
  char byte;
  if (read(fd, &byte, 1) != 1)
    die("read");
}

static void put_byte(int fd) {
  if (write(fd, "", 1) != 1)
    die("write");
}

static void stay(void) {
  for (;;)
    pause();
}

static void take_name(char what, unsigned spawner, unsigned number) {
  char name[16];
  snprintf(name, sizeof name, "%c%u.%u", what, spawner, number);
  prctl(PR_SET_NAME, name);
}

/* Makes the kernel assign the first free pid after this one next. */
static void rewind_pids(pid_t pid) {
  FILE *last = fopen("/proc/sys/kernel/ns_last_pid", "w");
  if (last == NULL)
    return;
  fprintf(last, "%d", pid);
  fclose(last);
}

/* A process that exits at once, one that lives for a moment, or one that leaves an orphan. */
static void be_short_lived(unsigned spawner, unsigned number) {
  if (number % 3 == 1)
    usleep(number % 7 * 300);
  if (number % 3 == 2) {
    take_name('q', spawner, number);
    rewind_pids(number % 2 ? getpid() : LOW_PID);
    if (fork_or_die() == 0) {
      take_name('o', spawner, number);
      usleep(number % 13 < 6 ? number % 13 * 50 : number % 13 * 2500);
    } else {
      take_name('p', spawner, number);
      usleep(number % 5 * 300);
    }
  }
  _exit(0);
}

static void spawn(unsigned spawner, unsigned forks) {
  pid_t own = getpid();
  signal(SIGCHLD, SIG_DFL);
  for (unsigned number = 0; number < forks; number++) {
    rewind_pids(own);
    take_name('s', spawner, number);
    pid_t pid = fork_or_die();
    if (pid == 0)
      be_short_lived(spawner, number);
    waitpid(pid, NULL, 0);
  }
}

/* Forks the chain, whose links exit one after the other from its end, and writes the pid of the mover to `report`. */
static void be_chain(int go, int report) {
  int depth = 0;
  pid_t below = 0;
  while (depth < MOVES && below == 0) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (depth == MOVES - 1)
      rewind_pids(LOW_PID);
    below = fork_or_die();
    depth++;
  }
  if (below == 0) {
    pid_t own = getpid();
    if (write(report, &own, sizeof own) != sizeof own)
      die("write");
    stay();
  }
  if (depth == MOVES)
    wait_for_byte(go);
  else
    waitpid(below, NULL, 0);
  usleep(MOVE_US);
  _exit(0);
}

static pid_t start_mover(int go) {
  int report[2];
  pid_t mover;
  if (pipe(report) != 0)
    die("pipe");
  if (fork_or_die() == 0) {
    signal(SIGCHLD, SIG_DFL);
    prctl(PR_SET_NAME, "mover");
    be_chain(go, report[1]);
  }
  if (read(report[0], &mover, sizeof mover) != sizeof mover)
    die("read");
  close(report[0]);
  close(report[1]);
  return mover;
}

static void end_all(int number) {
  (void)number;
  kill(0, SIGKILL);
}

static void start_spawner(unsigned spawner, unsigned forks, int go, int done) {
  pid_t pid = fork_or_die();
  if (pid == 0) {
    wait_for_byte(go);
    spawn(spawner, forks);
    put_byte(done);
    stay();
  }
  printf("spawner %d\n", pid);
}

/* Ends everything if the standard input, in which nothing is said meanwhile, ends. */
static void wait_for_spawners(int done) {
  struct pollfd inputs[] = {{.fd = done, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
  for (int left = SPAWNERS; left > 0; left--) {
    if (poll(inputs, 2, -1) == -1)
      die("poll");
    if (inputs[1].revents != 0)
      kill(0, SIGKILL);
    wait_for_byte(done);
  }
}

int main(int argc, char **argv) {
  unsigned forks = argc > 1 ? (unsigned)atoi(argv[1]) : 0;
  int done[2];
  int go[2];
  char line[16];
  setpgid(0, 0);
  setvbuf(stdout, NULL, _IONBF, 0); /* otherwise forked processes would print it again */
  signal(SIGALRM, end_all);
  alarm(LONGEST);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  if (pipe(done) != 0 || pipe(go) != 0)
    die("pipe");
  for (int i = 0; i < STAYING; i++) {
    pid_t pid = fork_or_die();
    if (pid == 0)
      stay();
    printf("staying %d\n", pid);
  }
  for (int i = 0; i < MOVERS; i++)
    printf("mover %d\n", start_mover(go[0]));
  signal(SIGCHLD, SIG_IGN); /* orphans leave no zombie */
  for (unsigned i = 0; i < SPAWNERS; i++)
    start_spawner(i, forks / SPAWNERS, go[0], done[1]);
  printf("ready\n");
  if (fgets(line, sizeof line, stdin) == NULL)
    kill(0, SIGKILL);
  for (int i = 0; i < SPAWNERS + MOVERS; i++)
    put_byte(go[1]); /* each spawner reads one byte, and starts */
  wait_for_spawners(done[0]);
  printf("done\n");
  while (fgets(line, sizeof line, stdin) != NULL)
    ;
  kill(0, SIGKILL);
}
