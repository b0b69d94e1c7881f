/* The OpenBSD kernel: the entry point of a program, and tests for OpenBSD only. */
#include "calls.h"
#include "check.h"
#include "scene.h"
#include "suite.h"

#include <sys/types.h>

#include <sys/mman.h>
#include <sys/sysctl.h>

#include <fcntl.h>
#include <unistd.h>

/* Those of 5.8; later kernels have another mmap(). */
const call_numbers calls = {.exit = 1,
                            .fork = 2,
                            .write = 4,
                            .open = 5,
                            .wait4 = 11,
                            .getpid = 20,
                            .setuid = 23,
                            .kill = 37,
                            .reboot = 55,
                            .power_off = 4,
                            .execve = 59,
                            .settimeofday = 68,
                            .munmap = 73,
                            .dup2 = 90,
                            .nanosleep = 91,
                            .setgid = 181,
                            .mmap = 197,
                            .sysctl = 202};

const abilities kernel_can = {.peaks = true, .zombies_by_pid = true};

/* The kernel recognizes its own programs by this note. */
__asm__(".section .note.openbsd.ident, \"a\", @note\n"
        "  .p2align 2\n"
        "  .long 8, 4, 1\n"
        "  .ascii \"OpenBSD\\0\"\n"
        "  .long 0\n"
        ".text\n"
        ".globl _start\n"
        "_start:\n"
        "  xor %ebp, %ebp\n"
        "  mov (%rsp), %rdi\n"
        "  lea 8(%rsp), %rsi\n"
        "  and $-16, %rsp\n"
        "  call begin\n");

/* long start_thread(void (*run)(void), void *stack_top): uses __tfork(), number 8, which takes three pointers. */
__asm__(".globl start_thread\n"
        "start_thread:\n"
        "  push %rbx\n"
        "  sub $32, %rsp\n"
        "  mov %rdi, %rbx\n"
        "  movq $0, (%rsp)\n"
        "  movq $0, 8(%rsp)\n"
        "  mov %rsi, 16(%rsp)\n"
        "  mov %rsp, %rdi\n"
        "  mov $24, %esi\n"
        "  mov $8, %eax\n"
        "  syscall\n"
        "  jc 2f\n"
        "  test %eax, %eax\n"
        "  jz 3f\n"
        "1: add $32, %rsp\n"
        "  pop %rbx\n"
        "  ret\n"
        "2: neg %rax\n"
        "  jmp 1b\n"
        "3: and $-16, %rsp\n"
        "  call *%rbx\n");
long start_thread(void (*run)(void), void *stack_top);

int *__errno(void) { return errno_place(); }

int sysctl(const int *name, u_int length, void *old, size_t *old_size, void *new, size_t new_size) {
  return (int)call(calls.sysctl, (long)name, length, (long)old, (long)old_size, (long)new, (long)new_size);
}

enum { STACK = 65536 };

static char *memory;
static volatile bool thread_is_done;

static void use_memory(void) {
  for (int i = 0; i < 40; i++)
    touch(memory, 64 * MIB);
  thread_is_done = true;
  for (;;)
    nap_ms(1000);
}

static void let_a_second_thread_use_memory(void) {
  memory = map(64 * MIB, MAP_PRIVATE);
  CHECK(start_thread(use_memory, map(STACK, MAP_PRIVATE) + STACK - 64) > 0);
  while (!thread_is_done)
    nap_ms(50);
  munmap(memory, 64 * MIB);
}

TEST(peaks_and_faults_include_all_threads) {
  pid_t child = start(let_a_second_thread_use_memory);
  CHECK_BETWEEN(memory_of(child).working_set, 4 * KIB, 1 * MIB);
  CHECK_BETWEEN(memory_of(child).peak_working_set, 63 * MIB, 65 * MIB);
  CHECK_BETWEEN(counter_of(child, "minorFaults"), 16384, 20000);
  pmi_tree tree = tree_of(getpid(), 0);
  const pmi_process *listed = find_in(&tree, child);
  CHECK_SAME(tree.count, 2); /* its threads are not processes */
  if (listed != NULL)
    CHECK_BETWEEN(listed->memory.peak_working_set, 63 * MIB, 65 * MIB);
  pmi_tree_free(&tree);
  end(child);
}

static void map_file(void) {
  memory = mmap(NULL, 16 * MIB, PROT_READ, MAP_SHARED, open("/big", O_RDONLY), 0);
  read_through(memory, 16 * MIB);
}

TEST(the_virtual_size_excludes_mapped_files) {
  pid_t child = start(map_file);
  CHECK_BETWEEN(memory_of(child).working_set, 16 * MIB, 17 * MIB);
  CHECK_BETWEEN(counter_of(child, "vms"), 4 * KIB, 1 * MIB);
  end(child);
}

/* The kernel keeps a file of 16 MiB twice: in inactive pages, and in its buffers. */
TEST(cached_files_count_as_available) {
  end(start(map_file));
  CHECK_BETWEEN(machine_has("available") - machine_has("free"), 30 * MIB, 64 * MIB);
}

TEST(kernel_threads_can_be_read_but_are_not_listed) {
  pmi_tree tree = {0};
  pmi_error error;
  CHECK_BETWEEN(memory_of(0).working_set, 1 * MIB, 64 * MIB); /* the kernel's own memory */
  CHECK_SAME(pmi_read_tree(0, 0, &tree, &error), PMI_ESRCH);
}
