/* Real commands: how they end, what happens to their orphans, and what may fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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
    assert_int_equal(pmi_reap_child(&ended, &error), PMI_OK);
  }
  assert_int_not_equal(ended.pid, 0);
  return ended;
}

static void assert_childless(void) {
  assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
  assert_int_equal(errno, ECHILD);
}

static void reports_the_exit_code(void **state) {
  (void)state;
  assert_int_equal(start("exit 42"), PMI_OK);
  pmi_ended ended = reap();
  assert_int_equal(ended.pid, pid);
  assert_int_equal(ended.exit_code, 42);
  assert_int_equal(ended.signal, 0);
  assert_childless();
}

static void reports_the_signal_that_ended_a_command(void **state) {
  (void)state;
  const int signals[] = {SIGTERM, SIGKILL, SIGRTMIN + 3};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
    char script[32];
    snprintf(script, sizeof script, "kill -%d $$", signals[i]);
    assert_int_equal(start(script), PMI_OK);
    pmi_ended ended = reap();
    assert_int_equal(ended.exit_code, 0);
    assert_int_equal(ended.signal, signals[i]);
  }
}

/* The command has the default signal handling, even if the caller ignores, blocks or handles signals. */
static void starts_a_command_with_default_signal_handling(void **state) {
  (void)state;
  sigset_t set, before;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigprocmask(SIG_BLOCK, &set, &before);
  void (*pipe)(int) = signal(SIGPIPE, SIG_IGN);
  assert_int_equal(start("grep -Eq '^SigBlk:\\s0+$' /proc/self/status && kill -PIPE $$"), PMI_OK);
  signal(SIGPIPE, pipe);
  sigprocmask(SIG_SETMASK, &before, NULL);
  assert_int_equal(reap().signal, SIGPIPE);
}

static void reaps_orphans(void **state) {
  (void)state;
  assert_int_equal(start("(sh -c 'sleep 0.1; exit 7' &); exit 0"), PMI_OK);
  for (int i = 0; i < 2; i++) {
    pmi_ended ended = reap();
    assert_int_equal(ended.exit_code, ended.pid == pid ? 0 : 7);
  }
  assert_childless();
}

static void reports_the_peak_of_a_command(void **state) {
  (void)state;
  assert_int_equal(start("head -c 50000000 /dev/zero | tail -n 1 | wc -c >/dev/null"), PMI_OK);
  pmi_ended ended = reap();
  assert_true(ended.peak_working_set > 50000000);
  assert_true(handed_down > 0);
  assert_true(handed_down < ended.peak_working_set);
}

static void reports_why_a_command_could_not_be_executed(void **state) {
  (void)state;
  const struct {
    const char *program;
    int os_error;
  } cases[] = {{"no-such-program", ENOENT}, {"/etc/passwd", EACCES}, {"/etc/passwd/x", ENOTDIR}, {"/", EACCES}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    pid = 1;
    assert_int_not_equal(start_program(cases[i].program, NULL), PMI_OK);
    assert_string_equal(error.syscall, "execvp");
    assert_string_equal(error.path, cases[i].program);
    assert_int_equal(error.os_error, cases[i].os_error);
    assert_int_equal(pid, 1);
    assert_childless();
  }
}

static void puts_a_command_into_a_control_group(void **state) {
  (void)state;
  assert_int_not_equal(start_program("true", "/no/such/group"), PMI_OK);
  assert_string_equal(error.syscall, "open");
  assert_int_equal(error.os_error, ENOENT);
  assert_int_not_equal(start_program("true", "/dev/full"), PMI_OK);
  assert_string_equal(error.syscall, "write");
  assert_int_equal(error.os_error, ENOSPC);
  assert_childless();
  assert_int_equal(start_program("true", "/dev/null"), PMI_OK);
  assert_int_equal(reap().exit_code, 0);
}

static void reports_failures_to_start(void **state) {
  (void)state;
  fail_fork = true;
  assert_int_not_equal(start("true"), PMI_OK);
  fail_fork = false;
  assert_string_equal(error.syscall, "fork");
  assert_int_equal(error.os_error, EAGAIN);

  fail_prctl = true;
  assert_int_not_equal(start("true"), PMI_OK);
  fail_prctl = false;
  assert_string_equal(error.syscall, "prctl");

  struct rlimit before, few;
  getrlimit(RLIMIT_NOFILE, &before);
  few = (struct rlimit){0, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &few);
  pmi_code code = start("true");
  setrlimit(RLIMIT_NOFILE, &before);
  assert_int_equal(code, PMI_EMFILE);
  assert_string_equal(error.syscall, "pipe2");
}

static void reports_that_there_is_nothing_to_reap(void **state) {
  (void)state;
  pmi_ended ended = {.pid = 1};
  assert_int_equal(pmi_reap_child(&ended, &error), PMI_OK);
  assert_int_equal(ended.pid, 0);
}

static void ends_by_the_signal_of_the_command(void **state) {
  (void)state;
  const int signals[] = {SIGTERM, SIGPIPE, SIGQUIT, SIGRTMIN + 3};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
    pid_t child = __real_fork();
    if (child == 0) {
      signal(signals[i], SIG_IGN);
      pmi_die_by(signals[i]);
      _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && !WCOREDUMP(status));
    assert_int_equal(WTERMSIG(status), signals[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reports_the_exit_code),
      cmocka_unit_test(reports_the_signal_that_ended_a_command),
      cmocka_unit_test(starts_a_command_with_default_signal_handling),
      cmocka_unit_test(reaps_orphans),
      cmocka_unit_test(reports_the_peak_of_a_command),
      cmocka_unit_test(reports_why_a_command_could_not_be_executed),
      cmocka_unit_test(puts_a_command_into_a_control_group),
      cmocka_unit_test(reports_failures_to_start),
      cmocka_unit_test(reports_that_there_is_nothing_to_reap),
      cmocka_unit_test(ends_by_the_signal_of_the_command),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
