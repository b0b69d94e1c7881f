/*
 * The core on a real kernel: this program is its first process, and the only one besides those that it starts. It
 * prints which tests passed, runs the program of the next build if there is one, and powers the machine off.
 */
#include "suite.h"

#include "calls.h"
#include "check.h"
#include "scene.h"
#include "values.h"

#include <sys/types.h>

#include <sys/mman.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM "/sbin/init"
#define NEXT_PROGRAM "/next/init"
#define OTHER "other" /* the argument that makes it another program, which only uses some memory */

static pmi_error error;
static char *memory;

static void nothing(void) {}

static void hold_64_mib(void) { touch(map(64 * MIB, MAP_PRIVATE), 64 * MIB); }

/* Long enough for the kernels to notice, since they update the peak only from time to time. */
static void hold_and_let_go(void) {
  memory = map(64 * MIB, MAP_PRIVATE);
  for (int i = 0; i < 10; i++)
    touch(memory, 64 * MIB);
  munmap(memory, 64 * MIB);
}

TEST(reads_its_own_memory) {
  pmi_memory own = memory_of(getpid());
  CHECK_BETWEEN(own.working_set, 16 * KIB, 4 * MIB);
  CHECK_SAME(own.known & (PMI_PRIVATE | PMI_SHARED), 0);
  CHECK_BETWEEN(counter_of(getpid(), "rss"), 16 * KIB, 4 * MIB);
  CHECK_BETWEEN(counter_of(getpid(), "vms"), 16 * KIB, 64 * MIB);
  CHECK_BETWEEN(counter_of(getpid(), "text"), 4 * KIB, 1 * MIB);
  CHECK_BETWEEN(counter_of(getpid(), "minorFaults"), 1, 1000000);
}

TEST(reads_64_mib_of_a_child) {
  pid_t child = start(hold_64_mib);
  pmi_memory held = memory_of(child);
  CHECK_BETWEEN(held.working_set, 64 * MIB, 65 * MIB);
  if (kernel_can.peaks)
    CHECK_BETWEEN(held.peak_working_set, held.working_set, 65 * MIB);
  CHECK_BETWEEN(counter_of(child, "vms"), 64 * MIB, 66 * MIB);
  CHECK_BETWEEN(counter_of(child, "minorFaults"), 16384, 20000);
  end(child);
}

TEST(reads_a_past_peak_if_the_kernel_keeps_it) {
  pid_t child = start(hold_and_let_go);
  pmi_memory now = memory_of(child);
  CHECK_BETWEEN(now.working_set, 4 * KIB, 1 * MIB);
  if (kernel_can.peaks) {
    CHECK_SAME(now.known, PMI_PEAK);
    CHECK_BETWEEN(now.peak_working_set, 63 * MIB, 65 * MIB);
  } else {
    CHECK_SAME(now.known, 0);
    CHECK_SAME(counter_of(child, "peakRss"), NOT_LISTED);
  }
  end(child);
}

static void hold_let_go_and_exec(void) {
  char *const arguments[] = {PROGRAM, OTHER, NULL};
  hold_and_let_go();
  part_is_over();
  execve(PROGRAM, arguments, arguments + 2);
}

_Noreturn static void be_other_program(void) {
  touch(map(8 * MIB, MAP_PRIVATE), 8 * MIB);
  for (;;)
    nap_ms(1000);
}

TEST(the_peak_is_per_process_and_survives_exec) {
  if (!kernel_can.peaks)
    return;
  pid_t child = start(hold_let_go_and_exec);
  for (int i = 0; i < 3000 && memory_of(child).working_set < 8 * MIB; i++)
    nap_ms(20);
  CHECK_BETWEEN(memory_of(child).working_set, 8 * MIB, 9 * MIB);
  CHECK_BETWEEN(memory_of(child).peak_working_set, 63 * MIB, 65 * MIB);
  end(child);
}

TEST(fails_with_esrch_for_a_pid_without_a_process) {
  pid_t reaped = start(nothing);
  end(reaped);
  const uint32_t pids[] = {(uint32_t)reaped, 99999, 0x7fffffff, 0x80000000, 0xffffffff};
  for (size_t i = 0; i < sizeof pids / sizeof *pids; i++) {
    pmi_tree tree = {0};
    CHECK_SAME(memory_failure(pids[i]), PMI_ESRCH);
    CHECK_SAME(pmi_read_tree(pids[i], 0, &tree, &error), PMI_ESRCH);
    CHECK_TEXT(error.syscall, "sysctl");
  }
}

TEST(a_zombie_has_no_memory) {
  pid_t zombie = start_zombie();
  pmi_tree tree = tree_of(getpid(), PMI_TREE_FOOTPRINT);
  const pmi_process *listed = find_in(&tree, zombie);
  if (listed != NULL) {
    CHECK(!listed->alive);
    CHECK_SAME(listed->memory.working_set, 0);
    CHECK_SAME(listed->memory.known & PMI_PEAK, 0); /* its peak is no longer known */
    CHECK_SAME(listed->creation_time_ms != 0, kernel_can.starts_of_zombies);
  }
  pmi_tree_free(&tree);
  if (kernel_can.zombies_by_pid)
    CHECK_SAME(memory_of(zombie).working_set, 0);
  else
    CHECK_SAME(memory_failure((uint32_t)zombie), PMI_ESRCH);
  reap(zombie);
}

static void start_grandchild(void) {
  if (fork() == 0)
    for (;;)
      nap_ms(1000);
}

TEST(lists_a_tree_from_its_root) {
  pid_t child = start(start_grandchild);
  pmi_tree tree = tree_of(getpid(), PMI_TREE_FOOTPRINT);
  CHECK_SAME(tree.count, 3);
  CHECK_SAME(tree.unreadable_count, 0);
  for (size_t i = 0; i < tree.count; i++) {
    const pmi_process *process = &tree.processes[i];
    CHECK_SAME(process->ppid, i == 0 ? 0 : tree.processes[i - 1].pid);
    CHECK(process->name_length == 4 && memcmp(tree.names + process->name_offset, "init", 4) == 0);
    CHECK(i == 0 || process->creation_time_ms >= tree.processes[i - 1].creation_time_ms);
    CHECK_BETWEEN(process->memory.working_set, 4 * KIB, 1 * MIB);
    CHECK_SAME(process->footprint_code, kernel_can.footprints ? PMI_OK : PMI_ENOSYS);
  }
  pid_t grandchild = tree.count == 3 ? (pid_t)tree.processes[2].pid : 0;
  pmi_tree_free(&tree);
  tree = tree_of(child, 0);
  CHECK_SAME(tree.count, 2);
  pmi_tree_free(&tree);
  end(child);
  if (grandchild != 0)
    end(grandchild); /* which the first process has adopted */
}

static int read_the_first_process(void) {
  become_other_user();
  pmi_tree tree = {0};
  CHECK_BETWEEN(memory_of(1).working_set, 4 * KIB, 4 * MIB);
  CHECK_SAME(footprint_failure(1), kernel_can.footprints ? PMI_EPERM : PMI_ENOSYS);
  CHECK_SAME(pmi_read_tree(1, PMI_TREE_FOOTPRINT, &tree, &error), PMI_OK);
  CHECK_SAME(tree.count, 2);
  CHECK_SAME(tree.processes[0].footprint_code, kernel_can.footprints ? PMI_EPERM : PMI_ENOSYS);
  return 0;
}

TEST(reads_all_processes_and_several_trees_at_once) {
  pid_t child = start(start_grandchild);
  const uint32_t roots[] = {(uint32_t)child, 99999, 1};
  pmi_tree trees[3] = {{0}};
  pmi_tree all = {0};
  pmi_error errors[3];
  CHECK_SAME(pmi_read_trees(roots, 3, 0, trees, errors, &error), PMI_OK);
  CHECK_SAME(trees[0].count, 2);
  CHECK_SAME(errors[1].code, PMI_ESRCH);
  CHECK_SAME(trees[2].count, 3);
  CHECK_SAME(pmi_read_all(0, &all, &error), PMI_OK);
  CHECK_BETWEEN(all.count, 3, 100); /* FreeBSD and NetBSD have kernel processes, too */
  CHECK(find_in(&all, child) != NULL);
  pid_t grandchild = trees[0].count == 2 ? (pid_t)trees[0].processes[1].pid : 0;
  for (int i = 0; i < 3; i++)
    pmi_tree_free(&trees[i]);
  pmi_tree_free(&all);
  end(child);
  if (grandchild != 0)
    end(grandchild);
}

TEST(any_user_may_read_everything_except_footprints) { CHECK_SAME(run(read_the_first_process), 0); }

static void come_and_go(void) {
  enum { CROWD = 40 };
  if (fork() != 0)
    return;
  for (;;) {
    pid_t crowd[CROWD];
    for (int i = 0; i < CROWD; i++)
      if ((crowd[i] = fork()) == 0)
        _exit(0);
    for (int i = 0; i < CROWD; i++)
      waitpid(crowd[i], NULL, 0);
  }
}

TEST(lists_while_processes_come_and_go) {
  pid_t child = start(come_and_go);
  size_t most = 0;
  pid_t busy = 0;
  for (int i = 0; i < 100; i++) {
    pmi_tree tree = tree_of(1, 0);
    CHECK_BETWEEN(tree.count, 3, 100);
    if (tree.count > most)
      most = tree.count;
    for (size_t j = 0; j < tree.count; j++)
      if (tree.processes[j].ppid == (uint32_t)child)
        busy = (pid_t)tree.processes[j].pid;
    pmi_tree_free(&tree);
    nap_ms(1);
  }
  CHECK_BETWEEN(most, 4, 100);
  end(child);
  CHECK(busy != 0);
  kill(busy, SIGKILL);
  while (waitpid(-1, NULL, 0) > 0) /* the rest of the crowd */
    ;
}

TEST(reads_the_machine) {
  uint64_t total = machine_has("total");
  uint64_t free_before = machine_has("free");
  CHECK_BETWEEN(total, 480 * MIB, 512 * MIB);
  CHECK_BETWEEN(free_before, 200 * MIB, total);
  CHECK_BETWEEN(machine_has("available"), free_before - 1 * MIB, total);
  CHECK_SAME(machine_has("swapTotal"), 0); /* known to be 0 */
  CHECK_SAME(machine_has("swapFree"), 0);
  pid_t child = start(hold_64_mib);
  CHECK_BETWEEN(free_before - machine_has("free"), 60 * MIB, 72 * MIB);
  end(child);
}

static void read_with_16_mib_mapped(void) {
  int fd = open("/big", O_RDONLY);
  CHECK(fd >= 0);
  memory = mmap(NULL, 16 * MIB, PROT_READ, MAP_SHARED, fd, 0);
  read_through(memory, 16 * MIB);
}

TEST(a_mapped_file_is_in_the_working_set) {
  pid_t child = start(read_with_16_mib_mapped);
  CHECK_BETWEEN(memory_of(child).working_set, 16 * MIB, 17 * MIB);
  end(child);
}

TEST(reports_limits_as_unknown) {
  static pmi_limit limit;
  CHECK_SAME(pmi_read_limit(1, &limit, &error), PMI_ENOSYS);
  CHECK_SAME(pmi_read_limit(99999, &limit, &error), PMI_ESRCH);
}

/* Last, since it changes the time. */
TEST(a_handle_stays_with_its_process_when_the_clock_is_set) {
  pid_t child = start(nothing);
  pmi_handle *handle = NULL;
  pmi_memory now;
  bool alive = false;
  CHECK_SAME(pmi_open_handle((uint32_t)child, &handle, &error), PMI_OK);
  uint64_t created = pmi_handle_creation_time_ms(handle);
  CHECK_BETWEEN(created, 1, UINT64_C(4000000000000));
  for (long i = 1; i >= -1; i--) {
    CHECK(set_clock(1900000000 + i * 86400));
    CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
    CHECK(alive);
    CHECK_SAME(pmi_handle_read_memory(handle, &now, &error), PMI_OK);
    CHECK_SAME(pmi_handle_creation_time_ms(handle), created);
  }
  kill(child, SIGKILL);
  nap_ms(200);
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
  CHECK(!alive); /* it is a zombie */
  reap(child);
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
  CHECK(!alive);
  CHECK_SAME(pmi_handle_read_memory(handle, &now, &error), PMI_ESRCH);
  pmi_close_handle(handle);
}

static void open_console(void) {
  int console = open("/dev/console", O_RDWR);
  for (int fd = 0; fd <= 2; fd++)
    if (fd != console)
      dup2(console, fd);
}

/* Of the linker. */
extern void (*__init_array_start[])(void);
extern void (*__init_array_end[])(void);

void begin(int count, char **arguments) {
  if (count > 1 && strcmp(arguments[1], OTHER) == 0)
    be_other_program();
  open_console();
  scene_begin();
  printf("\n--- " KERNEL_HEADERS "\n");
  for (void (**constructor)(void) = __init_array_start; constructor < __init_array_end; constructor++)
    (*constructor)(); /* which make the tests known */
  check_main(count, arguments);
  char *const next[] = {NEXT_PROGRAM, NULL};
  if (strcmp(arguments[0], NEXT_PROGRAM) != 0)
    execve(NEXT_PROGRAM, next, next + 1);
  nap_ms(200); /* for the console to print everything */
  power_off();
}
