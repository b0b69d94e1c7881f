/* The FreeBSD kernel: the entry point of a program, and tests for FreeBSD only. */
#include "calls.h"
#include "check.h"
#include "scene.h"
#include "suite.h"

#include <sys/types.h>

#include <sys/mman.h>
#include <sys/sysctl.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Those of 10.4, which later kernels still support. */
const call_numbers calls = {.exit = 1,
                            .fork = 2,
                            .write = 4,
                            .open = 5,
                            .wait4 = 7,
                            .getpid = 20,
                            .setuid = 23,
                            .kill = 37,
                            .reboot = 55,
                            .power_off = 0x4004,
                            .execve = 59,
                            .munmap = 73,
                            .dup2 = 90,
                            .settimeofday = 122,
                            .setgid = 181,
                            .sysctl = 202,
                            .nanosleep = 240,
                            .mmap = 477};
enum { CALL_JAIL = 338 };

const abilities kernel_can = {.peaks = true, .starts_of_zombies = true, .footprints = true};

__asm__(".globl _start\n"
        "_start:\n"
        "  xor %ebp, %ebp\n"
        "  mov (%rdi), %rax\n" /* the kernel passes the address of the arguments, which is not the stack */
        "  lea 8(%rdi), %rsi\n"
        "  mov %rax, %rdi\n"
        "  and $-16, %rsp\n"
        "  call begin\n");

int *__error(void) { return errno_place(); }

int sysctl(const int *name, u_int length, void *old, size_t *old_size, const void *new, size_t new_size) {
  return (int)call(calls.sysctl, (long)name, length, (long)old, (long)old_size, (long)new, (long)new_size);
}

int sysctlnametomib(const char *name, int *mib, size_t *length) {
  const int translate[] = {0, 3};
  size_t size = *length * sizeof *mib;
  int result = sysctl(translate, 2, mib, &size, name, strlen(name));
  *length = size / sizeof *mib;
  return result;
}

int sysctlbyname(const char *name, void *old, size_t *old_size, const void *new, size_t new_size) {
  int mib[24];
  size_t length = sizeof mib / sizeof *mib;
  if (sysctlnametomib(name, mib, &length) != 0)
    return -1;
  return sysctl(mib, (u_int)length, old, old_size, new, new_size);
}

static void set(const char *name, int value) { CHECK(sysctlbyname(name, NULL, NULL, &value, sizeof value) == 0); }

static char *memory;

static void hold_64_mib(void) { touch(map(64 * MIB, MAP_PRIVATE), 64 * MIB); }
static void touch_half(void) { touch(memory, 32 * MIB); }
static void read_all(void) { read_through(memory, 32 * MIB); }

static void map_file(void) {
  const char *file = mmap(NULL, 16 * MIB, PROT_READ, MAP_SHARED, open("/big", O_RDONLY), 0);
  read_through(file, 16 * MIB);
}

TEST(the_footprint_is_the_private_memory) {
  pid_t child = start(hold_64_mib);
  CHECK_BETWEEN(footprint_of(child), 64 * MIB, 65 * MIB);
  end(child);
}

TEST(the_footprint_excludes_files_that_others_map) {
  pid_t readers[3];
  for (int i = 0; i < 3; i++)
    readers[i] = start(map_file);
  for (int i = 0; i < 3; i++) {
    CHECK_BETWEEN(memory_of(readers[i]).working_set, 16 * MIB, 17 * MIB);
    CHECK_BETWEEN(footprint_of(readers[i]), 0, 512 * KIB);
  }
  for (int i = 0; i < 3; i++)
    end(readers[i]);
}

TEST(the_footprint_excludes_shared_memory) {
  memory = map(32 * MIB, MAP_SHARED);
  touch(memory, 32 * MIB);
  pid_t child = start(read_all);
  CHECK_BETWEEN(memory_of(child).working_set, 32 * MIB, 33 * MIB);
  CHECK_BETWEEN(footprint_of(child), 0, 512 * KIB);
  CHECK_BETWEEN(footprint_of(getpid()), 0, 512 * KIB);
  end(child);
  munmap(memory, 32 * MIB);
}

/* It is a lower bound: pages that are copied on write are in an object above the parent's, and are not counted. */
TEST(the_footprint_excludes_memory_shared_after_a_fork) {
  memory = map(64 * MIB, MAP_PRIVATE);
  touch(memory, 64 * MIB);
  CHECK_BETWEEN(footprint_of(getpid()), 64 * MIB, 65 * MIB);
  pid_t reader = start(read_all);
  pid_t writer = start(touch_half);
  CHECK_BETWEEN(footprint_of(getpid()), 0, 512 * KIB);
  CHECK_BETWEEN(footprint_of(reader), 0, 512 * KIB);
  CHECK_BETWEEN(footprint_of(writer), 0, 33 * MIB);
  end(reader);
  end(writer);
  munmap(memory, 64 * MIB);
}

TEST(kernel_processes_have_kernel_stacks) {
  CHECK_BETWEEN(memory_of(0).working_set, 4 * KIB, 16 * MIB);
  CHECK_SAME(footprint_of(0), 0);
}

TEST(a_thread_is_not_a_process) { CHECK_SAME(memory_failure(100001), PMI_ESRCH); }

static int see_nobody_else(void) {
  pmi_tree tree = {0};
  pmi_error error;
  become_other_user();
  CHECK_SAME(memory_failure(1), PMI_ESRCH);
  CHECK_SAME(pmi_read_tree(1, 0, &tree, &error), PMI_ESRCH);
  CHECK_BETWEEN(memory_of(getpid()).working_set, 4 * KIB, 1 * MIB);
  return 0;
}

TEST(other_users_are_hidden_if_see_other_uids_is_0) {
  set("security.bsd.see_other_uids", 0);
  CHECK_SAME(run(see_nobody_else), 0);
  set("security.bsd.see_other_uids", 1);
}

static int debug_nobody(void) {
  become_other_user();
  CHECK_SAME(footprint_failure(getpid()), PMI_EPERM);
  return 0;
}

TEST(footprints_are_refused_if_debugging_is_disabled) {
  set("security.bsd.unprivileged_proc_debug", 0);
  CHECK_SAME(run(debug_nobody), 0);
  set("security.bsd.unprivileged_proc_debug", 1);
}

static int look_out_of_a_jail(void) {
  struct {
    uint32_t version;
    const char *path, *host, *name;
    uint32_t ip4_count, ip6_count;
    const void *ip4, *ip6;
  } jail = {.version = 2, .path = "/", .host = "jail", .name = "jail"};
  CHECK(call(CALL_JAIL, (long)&jail, 0, 0, 0, 0, 0) > 0);
  CHECK_SAME(memory_failure(1), PMI_ESRCH);
  pmi_tree tree = tree_of(getpid(), 0);
  CHECK_SAME(tree.count, 1);
  return 0;
}

TEST(a_jail_hides_processes_outside) { CHECK_SAME(run(look_out_of_a_jail), 0); }
