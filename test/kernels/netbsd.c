/* The NetBSD kernel: the entry point of a program, and tests for NetBSD only. */
#include "calls.h"
#include "check.h"
#include "scene.h"
#include "suite.h"

#include <sys/types.h>

#include <sys/sysctl.h>

#include <string.h>
#include <unistd.h>

/* Those of 7.99.4, which later kernels still support. Several calls have more than one version. */
const call_numbers calls = {.exit = 1,
                            .fork = 2,
                            .write = 4,
                            .open = 5,
                            .getpid = 20,
                            .setuid = 23,
                            .kill = 37,
                            .execve = 59,
                            .munmap = 73,
                            .dup2 = 90,
                            .setgid = 181,
                            .mmap = 197,
                            .sysctl = 202,
                            .reboot = 208,
                            .power_off = 4,
                            .settimeofday = 419,
                            .nanosleep = 430,
                            .wait4 = 449};

/* This kernel keeps no peak of a running process. */
const abilities kernel_can = {.zombies_by_pid = true};

/* The kernel recognizes its own programs by this note. */
__asm__(".section .note.netbsd.ident, \"a\", @note\n"
        "  .long 7, 4, 1\n"
        "  .ascii \"NetBSD\\0\\0\"\n"
        "  .long 799000400\n"
        ".text\n"
        ".globl _start\n"
        "_start:\n"
        "  xor %ebp, %ebp\n"
        "  mov (%rsp), %rdi\n"
        "  lea 8(%rsp), %rsi\n"
        "  and $-16, %rsp\n"
        "  call begin\n");

int *__errno(void) { return errno_place(); }

int sysctl(const int *name, u_int length, void *old, size_t *old_size, const void *new, size_t new_size) {
  return (int)call(calls.sysctl, (long)name, length, (long)old, (long)old_size, (long)new, (long)new_size);
}

/* Looks up the number of a name below `above`, which has `length` numbers; -1 if the kernel does not have it. */
static int number_of(const int *above, size_t length, const char *name) {
  static struct sysctlnode nodes[256];
  struct sysctlnode query = {.sysctl_flags = SYSCTL_VERSION};
  size_t size = sizeof nodes;
  int mib[CTL_MAXNAME];
  memcpy(mib, above, length * sizeof *mib);
  mib[length] = CTL_QUERY;
  if (sysctl(mib, (u_int)length + 1, nodes, &size, &query, sizeof query) != 0)
    return -1;
  for (size_t i = 0; i < size / sizeof *nodes; i++)
    if (strcmp(nodes[i].sysctl_name, name) == 0)
      return nodes[i].sysctl_num;
  return -1;
}

static void set_curtain(int value) {
  const char *const names[] = {"security", "models", "extensions", "curtain"};
  int mib[4] = {0};
  for (size_t i = 0; i < 4; i++)
    mib[i] = number_of(mib, i, names[i]);
  CHECK(sysctl(mib, 4, NULL, NULL, &value, sizeof value) == 0);
}

static int see_nobody_else(void) {
  pmi_tree tree = {0};
  pmi_error error;
  become_other_user();
  CHECK_SAME(memory_failure(1), PMI_ESRCH);
  CHECK_SAME(pmi_read_tree(1, 0, &tree, &error), PMI_ESRCH);
  CHECK_BETWEEN(memory_of(getpid()).working_set, 4 * KIB, 1 * MIB);
  return 0;
}

TEST(other_users_are_hidden_behind_the_curtain) {
  set_curtain(1);
  CHECK_SAME(run(see_nobody_else), 0);
  set_curtain(0);
}

TEST(kernel_threads_are_one_process) {
  CHECK_BETWEEN(memory_of(0).working_set, 4 * KIB, 16 * MIB);
  pmi_tree tree = tree_of(0, 0);
  CHECK_SAME(tree.count, 2); /* the kernel and this program */
  pmi_tree_free(&tree);
}
