/*
 * Processes of every kind that the tests look at: zoo KIND [ARGUMENT]. Prints "ready" and any pids to know, and keeps
 * the processes until its standard input ends, as it does when the starter dies; then all of them go at once, by
 * killing the process group that they are. For Linux.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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

static pid_t fork_sleeper(void) {
  pid_t pid = fork_or_die();
  while (pid == 0)
    pause();
  return pid;
}

static void say(const char *line) {
  printf("%s\n", line);
  fflush(stdout);
}

static void ready(void) { say("ready"); }

static void until_end_of_input(void) {
  char line[16];
  while (fgets(line, sizeof line, stdin) != NULL)
    ;
  kill(0, SIGKILL);
}

/* Each process is the only child of the one before; the last one says ready. */
static void chain(int length) {
  for (int i = 1; i < length; i++) {
    if (fork_or_die() != 0) {
      if (i == 1)
        until_end_of_input();
      for (;;)
        pause();
    }
  }
  ready();
  for (;;)
    pause();
}

static void fan(int children) {
  for (int i = 0; i < children; i++)
    fork_sleeper();
  ready();
}

/* Each line of input is a number of children to fork; "more" is said when they are there. */
static void multiply(void) {
  char line[16];
  ready();
  while (fgets(line, sizeof line, stdin) != NULL) {
    for (int i = atoi(line); i > 0; i--)
      fork_sleeper();
    say("more");
  }
}

static void *fork_in_thread(void *stays) {
  printf("%d\n", fork_sleeper());
  ready();
  while (stays != NULL)
    pause();
  return NULL;
}

/* A child forked by a thread that is not the main one, and which lives on or ends. */
static void thread_fork(int stays) {
  pthread_t thread;
  pthread_create(&thread, NULL, fork_in_thread, stays ? &thread : NULL);
  if (!stays)
    pthread_join(thread, NULL);
}

static char *touch(size_t mib, int flags, int fd) {
  char *memory = mmap(NULL, mib << 20, PROT_READ | PROT_WRITE, flags, fd, 0);
  if (memory == MAP_FAILED)
    die("mmap");
  for (size_t i = 0; i < mib << 20; i += 4096)
    memory[i] = 1;
  return memory;
}

/* Each line of input gives or takes the memory in turn: "more" and "less" are said when it is done. */
static void grow(int mib) {
  char line[16];
  ready();
  while (fgets(line, sizeof line, stdin) != NULL) {
    char *memory = touch((size_t)mib, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    say("more");
    if (fgets(line, sizeof line, stdin) == NULL)
      break;
    munmap(memory, (size_t)mib << 20);
    say("less");
  }
}

static void map_file(const char *path, int mib, int twice) {
  int fd = open(path, O_RDWR | O_CREAT, 0600);
  if (fd == -1 || ftruncate(fd, (off_t)mib << 20) == -1)
    die(path);
  char *memory = touch((size_t)mib, MAP_SHARED, fd);
  if (twice && fork_or_die() == 0) {
    for (size_t i = 0; i < (size_t)mib << 20; i += 4096)
      memory[i] = 2;
    ready();
    for (;;)
      pause();
  }
  if (!twice)
    ready();
}

/* Memory that the kernel was asked to swap out; `flags` make it private or shared. */
static void swapped(int mib, int flags) {
  char *memory = touch((size_t)mib, flags | MAP_ANONYMOUS, -1);
  if (madvise(memory, (size_t)mib << 20, 21 /* MADV_PAGEOUT, since Linux 5.4 */) == -1)
    die("madvise");
  ready();
}

/* The child of a vfork() has all the memory of its parent, until it calls exec(). */
static void vforks(int mib) {
  touch((size_t)mib, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  if (vfork() == 0) {
    ready();
    until_end_of_input();
  }
}

/* Many mappings of the same 64 MiB count as many times as much resident memory. */
static void large(int gib) {
  const size_t part = 64;
  int fd = memfd_create("large", 0);
  if (fd == -1 || ftruncate(fd, (off_t)part << 20) == -1)
    die("memfd_create");
  for (size_t mib = 0; mib < (size_t)gib << 10; mib += part)
    if (mmap(NULL, part << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0) == MAP_FAILED)
      die("mmap");
  ready();
}

/* With some memory; a line of input makes it another program, without. */
static void execs(const char *program, int mib) {
  char line[16];
  touch((size_t)mib, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  ready();
  if (fgets(line, sizeof line, stdin) != NULL)
    execl(program, program, "fan", "0", (char *)NULL);
}

/* Starts a process that has this pid, which belonged to one that is gone. The kernel gives the next pid after the last.
 */
static void reuse(int pid) {
  for (int attempt = 0; attempt < 10000; attempt++) {
    FILE *last = fopen("/proc/sys/kernel/ns_last_pid", "w");
    if (last == NULL || fprintf(last, "%d", pid - 1) < 0 || fclose(last) != 0)
      die("ns_last_pid");
    pid_t child = fork_sleeper();
    if (child == pid) {
      ready();
      return;
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
  }
}

static void *hold_memory(void *mib) {
  touch((size_t)mib, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  ready();
  until_end_of_input();
  return NULL;
}

/* The main thread exits, another one lives on. */
static void leaderless(int mib) {
  pthread_t thread;
  pthread_create(&thread, NULL, hold_memory, (void *)(size_t)mib);
  pthread_exit(NULL);
}

static void *hand_over(void *stays) {
  pthread_t next;
  usleep(200);
  while (pthread_create(&next, NULL, hand_over, stays) != 0)
    ;
  pthread_detach(next);
  return NULL;
}

/* The main thread has exited, and no other lives for more than a moment; a parent sees to the end. */
static void relay(int mib) {
  pid_t pid = fork_or_die();
  if (pid != 0) {
    printf("%d\n", pid);
    fflush(stdout);
    until_end_of_input();
  }
  touch((size_t)mib, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  hand_over(NULL);
  ready();
  pthread_exit(NULL);
}

static void zombie(void) {
  pid_t pid = fork_or_die();
  if (pid == 0)
    _exit(0);
  siginfo_t info;
  waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
  printf("%d\n", pid);
  ready();
}

/* Bears a name given in hexadecimal, as bytes that no argument could hold. */
static void named(const char *hex) {
  char name[17] = {0};
  for (size_t i = 0; i < 16 && hex[2 * i] != '\0'; i++) {
    char byte[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
    name[i] = (char)strtol(byte, NULL, 16);
  }
  prctl(PR_SET_NAME, name);
  ready();
}

/*
 * Long-lived children among many that come and go, some of which leave an orphan to this process: what a reader of the
 * tree must not lose sight of. Prints the pids of those that stay.
 */
static void churn(int staying) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  for (int i = 0; i < staying; i++) {
    pid_t pids[4];
    for (int k = 0; k < 4; k++) {
      pids[k] = fork_or_die();
      if (pids[k] == 0)
        _exit(0);
    }
    printf("%d\n", fork_sleeper());
    for (int k = 0; k < 4; k++)
      waitpid(pids[k], NULL, 0);
  }
  ready();
  signal(SIGCHLD, SIG_IGN); /* orphans leave no zombie */
  pid_t churner = fork_or_die();
  if (churner != 0)
    until_end_of_input();
  signal(SIGCHLD, SIG_DFL);
  for (;;) {
    pid_t pid = fork_or_die();
    if (pid == 0) {
      if (fork_or_die() == 0)
        usleep(1000);
      _exit(0);
    }
    waitpid(pid, NULL, 0);
  }
}

int main(int argc, char **argv) {
  const char *kind = argc > 1 ? argv[1] : "";
  const char *argument = argc > 2 ? argv[2] : "";
  int number = atoi(argument);
  setpgid(0, 0); /* the starter may have done so */

  if (strcmp(kind, "chain") == 0)
    chain(number);
  else if (strcmp(kind, "fan") == 0)
    fan(number);
  else if (strcmp(kind, "multiply") == 0)
    multiply();
  else if (strcmp(kind, "thread-fork") == 0)
    thread_fork(number);
  else if (strcmp(kind, "grow") == 0)
    grow(number);
  else if (strcmp(kind, "map-file") == 0)
    map_file(argument, argc > 3 ? atoi(argv[3]) : 0, argc > 4);
  else if (strcmp(kind, "hugetlb") == 0) {
    touch((size_t)number, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1);
    ready();
  } else if (strcmp(kind, "swapped") == 0)
    swapped(number, MAP_PRIVATE);
  else if (strcmp(kind, "swapped-shared") == 0)
    swapped(number, MAP_SHARED);
  else if (strcmp(kind, "vforks") == 0)
    vforks(number);
  else if (strcmp(kind, "large") == 0)
    large(number);
  else if (strcmp(kind, "execs") == 0)
    execs(argv[0], number);
  else if (strcmp(kind, "reuse") == 0)
    reuse(number);
  else if (strcmp(kind, "leaderless") == 0)
    leaderless(number);
  else if (strcmp(kind, "relay") == 0)
    relay(number);
  else if (strcmp(kind, "zombie") == 0)
    zombie();
  else if (strcmp(kind, "named") == 0)
    named(argument);
  else if (strcmp(kind, "churn") == 0)
    churn(number);
  else {
    fprintf(stderr, "zoo: no such kind: %s\n", kind);
    return 2;
  }
  until_end_of_input();
}
