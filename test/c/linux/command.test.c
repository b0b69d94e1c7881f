/* Real commands: how they end, what happens to their orphans, and what may fail. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "command.h"

static pmi_error error;
static uint32_t pid;
static uint64_t handed_down;
static bool fail_fork, fail_prctl;

pid_t __real_fork(void);
pid_t __wrap_fork(void) {
  errno = EAGAIN;
  return fail_fork ? -1 : __real_fork();
}

int __real_prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d);
int __wrap_prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d) {
  errno = EINVAL;
  return fail_prctl ? -1 : __real_prctl(option, a, b, c, d);
}

static pmi_code start(const char *script) {
  char command[512];
  snprintf(command, sizeof command, "%s", script);
  char *argv[] = {(char[]){"sh"}, (char[]){"-c"}, command, NULL};
  return pmi_start_command(argv, NULL, &pid, &handed_down, &error);
}

static pmi_code start_program(const char *program, const char *group) {
  char name[64];
  snprintf(name, sizeof name, "%s", program);
  char *argv[] = {name, NULL};
  return pmi_start_command(argv, group, &pid, &handed_down, &error);
}

/* Waits up to ten seconds for the next child to end. */
static pmi_ended reap(void) {
  pmi_ended ended = {0};
  for (int i = 0; ended.pid == 0 && i < 10000; i++) {
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    CHECK_SAME(pmi_reap_child(&ended, &error), PMI_OK);
  }
  CHECK(ended.pid != 0);
  return ended;
}

static void assert_childless(void) {
  CHECK_SAME(waitpid(-1, NULL, WNOHANG), -1);
  CHECK_SAME(errno, ECHILD);
}

TEST(reports_the_exit_code) {
  CHECK_SAME(start("exit 42"), PMI_OK);
  pmi_ended ended = reap();
  CHECK_SAME(ended.pid, pid);
  CHECK_SAME(ended.exit_code, 42);
  CHECK_SAME(ended.signal, 0);
  assert_childless();
}

TEST(reports_the_signal_that_ended_a_command) {
  const int signals[] = {SIGTERM, SIGKILL, SIGRTMIN + 3};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
    char script[32];
    snprintf(script, sizeof script, "kill -%d $$", signals[i]);
    CHECK_SAME(start(script), PMI_OK);
    pmi_ended ended = reap();
    CHECK_SAME(ended.exit_code, 0);
    CHECK_SAME(ended.signal, signals[i]);
  }
}

/* The command has the default signal handling, even if the caller ignores, blocks or handles signals. */
TEST(starts_a_command_with_default_signal_handling) {
  sigset_t set, before;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigprocmask(SIG_BLOCK, &set, &before);
  void (*pipe)(int) = signal(SIGPIPE, SIG_IGN);
  CHECK_SAME(start("grep -Eq '^SigBlk:\\s0+$' /proc/self/status && kill -PIPE $$"), PMI_OK);
  signal(SIGPIPE, pipe);
  sigprocmask(SIG_SETMASK, &before, NULL);
  CHECK_SAME(reap().signal, SIGPIPE);
}

TEST(reaps_orphans) {
  CHECK_SAME(start("(sh -c 'sleep 0.1; exit 7' &); exit 0"), PMI_OK);
  for (int i = 0; i < 2; i++) {
    pmi_ended ended = reap();
    CHECK_SAME(ended.exit_code, ended.pid == pid ? 0 : 7);
  }
  assert_childless();
}

TEST(reports_the_peak_of_a_command) {
  CHECK_SAME(start("head -c 50000000 /dev/zero | tail -n 1 | wc -c >/dev/null"), PMI_OK);
  pmi_ended ended = reap();
  CHECK(ended.peak_working_set > 50000000);
  CHECK(handed_down > 0);
  CHECK(handed_down < ended.peak_working_set);
}

TEST(reports_why_a_command_could_not_be_executed) {
  const struct {
    const char *program;
    int os_error;
  } cases[] = {{"no-such-program", ENOENT}, {"/etc/passwd", EACCES}, {"/etc/passwd/x", ENOTDIR}, {"/", EACCES}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    pid = 1;
    CHECK(start_program(cases[i].program, NULL) != PMI_OK);
    CHECK_TEXT(error.syscall, "execvp");
    CHECK_TEXT(error.path, cases[i].program);
    CHECK_SAME(error.os_error, cases[i].os_error);
    CHECK_SAME(pid, 1);
    assert_childless();
  }
}

TEST(puts_a_command_into_a_control_group) {
  CHECK(start_program("true", "/no/such/group") != PMI_OK);
  CHECK_TEXT(error.syscall, "open");
  CHECK_SAME(error.os_error, ENOENT);
  CHECK(start_program("true", "/dev/full") != PMI_OK);
  CHECK_TEXT(error.syscall, "write");
  CHECK_SAME(error.os_error, ENOSPC);
  assert_childless();
  CHECK_SAME(start_program("true", "/dev/null"), PMI_OK);
  CHECK_SAME(reap().exit_code, 0);
}

TEST(reports_failures_to_start) {
  fail_fork = true;
  CHECK(start("true") != PMI_OK);
  fail_fork = false;
  CHECK_TEXT(error.syscall, "fork");
  CHECK_SAME(error.os_error, EAGAIN);

  fail_prctl = true;
  CHECK(start("true") != PMI_OK);
  fail_prctl = false;
  CHECK_TEXT(error.syscall, "prctl");

  struct rlimit before, few;
  getrlimit(RLIMIT_NOFILE, &before);
  few = (struct rlimit){0, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &few);
  pmi_code code = start("true");
  setrlimit(RLIMIT_NOFILE, &before);
  CHECK_SAME(code, PMI_EMFILE);
  CHECK_TEXT(error.syscall, "pipe2");
}

TEST(reports_that_there_is_nothing_to_reap) {
  pmi_ended ended = {.pid = 1};
  CHECK_SAME(pmi_reap_child(&ended, &error), PMI_OK);
  CHECK_SAME(ended.pid, 0);
}

TEST(ends_by_the_signal_of_the_command) {
  const int signals[] = {SIGTERM, SIGPIPE, SIGQUIT, SIGRTMIN + 3};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
    pid_t child = __real_fork();
    if (child == 0) {
      signal(signals[i], SIG_IGN);
      pmi_die_by(signals[i]);
      _exit(0);
    }
    int status;
    CHECK_SAME(waitpid(child, &status, 0), child);
    CHECK(WIFSIGNALED(status) && !WCOREDUMP(status));
    CHECK_SAME(WTERMSIG(status), signals[i]);
  }
}
