/*
 * See command.h. Interfaces: prctl(2) PR_SET_CHILD_SUBREAPER, wait4(2), and the cgroup.procs files of control groups,
 * where "0" stands for the writer.
 *
 * libuv is not used to start the command. It would reap the child and discard its resource usage, would report the
 * termination by a realtime signal as success, and cannot add the child to a control group before it runs.
 */
#include "../command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Sent by the child between fork and exec. The exec closes the pipe. Pointers are valid here as well: the child is a
 * copy of the caller.
 */
typedef struct report {
  int failed;          /* errno; 0 if nothing failed */
  const char *call;    /* that failed */
  const char *path;    /* of that call */
  uint64_t peak_bytes; /* of the child as a copy of the caller */
} report;

static uint64_t to_bytes(long kib) { return (uint64_t)kib * 1024; }

static void reset_signals(void) {
  sigset_t none;
  struct sigaction standard = {.sa_handler = SIG_DFL};
  for (int number = 1; number <= SIGRTMAX; number++)
    (void)sigaction(number, &standard, NULL); /* fails for SIGKILL, SIGSTOP and signals of the C library */
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Node.js sets close-on-exec on all descriptors that it was started with, including these three. */
static void keep_standard_streams(void) {
  for (int fd = 0; fd <= 2; fd++)
    (void)fcntl(fd, F_SETFD, 0);
}

/* Returns the call that failed, or NULL. */
static const char *join_group(const char *group) {
  int fd = open(group, O_WRONLY | O_CLOEXEC);
  if (fd == -1)
    return "open";
  return write(fd, "0", 1) == 1 ? NULL : "write";
}

/* In the child, where only async-signal-safe functions may be called: other threads may have held locks. */
static _Noreturn void become_command(char *const argv[], const char *group, int pipe) {
  report sent = {.path = group};
  struct rusage usage;
  reset_signals();
  keep_standard_streams();
  if (group != NULL)
    sent.call = join_group(group);
  if (sent.call == NULL) {
    if (getrusage(RUSAGE_SELF, &usage) == 0)
      sent.peak_bytes = to_bytes(usage.ru_maxrss);
    if (write(pipe, &sent, sizeof sent) == (ssize_t)sizeof sent)
      execvp(argv[0], argv);
    sent.call = "execvp";
    sent.path = argv[0];
  }
  sent.failed = errno;
  if (write(pipe, &sent, sizeof sent) != (ssize_t)sizeof sent)
    _exit(126);
  _exit(127);
}

/* The last report of the child; false if there was none. */
static bool receive(int pipe, report *out) {
  report next;
  bool received = false;
  for (;;) {
    ssize_t count = read(pipe, &next, sizeof next); /* shorter than PIPE_BUF, so atomic */
    if (count == -1 && errno == EINTR)
      continue;
    if (count != (ssize_t)sizeof next)
      return received;
    *out = next;
    received = true;
  }
}

/* No handler of the caller may run in the child, so signals are blocked until all handlers are reset. */
static pid_t fork_without_signals(void) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t child = fork();
  int failed = errno;
  if (child != 0)
    pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = failed;
  return child;
}

static void await(pid_t child) {
  while (waitpid(child, NULL, 0) == -1 && errno == EINTR)
    ;
}

pmi_code pmi_start_command(char *const argv[], const char *group, uint32_t *pid, uint64_t *handed_down,
                           pmi_error *error) {
  int ends[2];
  report last = {0};
  if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == -1)
    return pmi_fail_errno(error, errno, "prctl", NULL);
  if (pipe2(ends, O_CLOEXEC) == -1)
    return pmi_fail_errno(error, errno, "pipe2", NULL);
  pid_t child = fork_without_signals();
  if (child == 0)
    become_command(argv, group, ends[1]);
  int failed = errno;
  close(ends[1]);
  bool reported = child != -1 && receive(ends[0], &last);
  close(ends[0]);
  if (child == -1)
    return pmi_fail_errno(error, failed, "fork", NULL);
  if (last.failed != 0) {
    await(child);
    return pmi_fail_errno(error, last.failed, last.call, last.path);
  }
  *handed_down =
      reported ? last.peak_bytes : UINT64_MAX; /* killed before it sent a report: its whole peak is inherited */
  *pid = (uint32_t)child;
  return PMI_OK;
}

pmi_code pmi_reap_child(pmi_ended *out, pmi_error *error) {
  int status;
  struct rusage usage;
  pid_t child;
  do {
    child = wait4(-1, &status, WNOHANG, &usage);
  } while (child == -1 && errno == EINTR);
  if (child == -1 && errno != ECHILD)
    return pmi_fail_errno(error, errno, "wait4", NULL);
  *out = (pmi_ended){0};
  if (child <= 0)
    return PMI_OK;
  out->pid = (uint32_t)child;
  out->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  out->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  out->peak_working_set = to_bytes(usage.ru_maxrss);
  return PMI_OK;
}

void pmi_die_by(int signal) {
  sigset_t only;
  struct sigaction standard = {.sa_handler = SIG_DFL};
  const struct rlimit none = {0, 0};
  (void)setrlimit(RLIMIT_CORE, &none);
  (void)sigaction(signal, &standard, NULL);
  sigemptyset(&only);
  sigaddset(&only, signal);
  pthread_sigmask(SIG_UNBLOCK, &only, NULL);
  (void)raise(signal);
}
