/* Real processes that share an address space, by vfork() and CLONE_VM, in a tree with footprints. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "faults.h"
#include "pmi.h"
#include "scene.h"
#include "values.h"

enum { MIB = 1024 * 1024, MEMORY = 32 * MIB, STACK = 65536 };

static pmi_error error;
static pmi_tree tree;
static pid_t root = -1;
static char *memory;

BEFORE(begin) { scene_begin(); }

AFTER(end) {
  fault_disarm();
  pmi_tree_free(&tree);
  if (root > 0) {
    kill(-root, SIGKILL);
    while (waitpid(root, NULL, 0) == -1 && errno == EINTR)
      ;
  }
  root = -1;
  scene_end();
}

static int wait_in_clone(void *unused) {
  (void)unused;
  for (;;)
    pause();
  return 0;
}

static void clone_memory(void) {
  char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack == MAP_FAILED || clone(wait_in_clone, stack + STACK, CLONE_VM | SIGCHLD, NULL) == -1)
    _exit(1);
}

/* Two clones, and a fork, which has its own memory and releases most of it. */
static void make_clones(int ready) {
  clone_memory();
  clone_memory();
  if (fork() == 0) {
    munmap(memory, MEMORY);
    if (write(ready, "", 1) == 1)
      wait_in_clone(NULL);
    _exit(1);
  }
  if (write(ready, "", 1) != 1)
    _exit(1);
  wait_in_clone(NULL);
}

/* The child of a vfork() that has not called exec() yet. */
static void make_vfork(int ready) {
  if (vfork() == 0) {
    if (write(ready, "", 1) != 1)
      _exit(1);
    for (;;)
      pause();
  }
  _exit(1);
}

/* Starts a process whose memory `make` shares with others, and waits until they have started. */
static void start(void (*make)(int ready), int readies) {
  int ends[2];
  char byte;
  CHECK_SAME(pipe(ends), 0);
  root = fork();
  CHECK(root != -1);
  if (root == 0) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
      _exit(1);
    memset(memory, 1, MEMORY);
    make(ends[1]);
  }
  close(ends[1]);
  for (; readies > 0; readies--)
    CHECK_SAME(read(ends[0], &byte, 1), 1);
  close(ends[0]);
}

static void read_tree(void) {
  pmi_tree_free(&tree);
  CHECK_SAME(pmi_read_tree((uint32_t)root, PMI_TREE_FOOTPRINT, &tree, &error), PMI_OK);
}

/* The sum of the footprints of the tree. */
static uint64_t total(void) {
  uint64_t sum = 0;
  for (size_t i = 0; i < tree.count; i++)
    if (tree.processes[i].shares_memory_with == 0)
      sum += footprint_value(&tree, i, "footprint");
  return sum;
}

TEST(counts_memory_of_clones_once) {
  scene_real_proc();
  start(make_clones, 2);
  read_tree();
  CHECK_SAME(tree.count, 4);
  size_t sharing = 0;
  for (size_t i = 0; i < tree.count; i++) {
    sharing += tree.processes[i].shares_memory_with == (uint32_t)root;
    CHECK_SAME(tree.processes[i].footprint_code, PMI_OK);
  }
  CHECK_SAME(tree.processes[0].shares_memory_with, 0);
  CHECK_SAME(sharing, 2);
  CHECK_BETWEEN(total(), MEMORY, MEMORY + 8 * MIB);
}

TEST(counts_memory_of_a_vfork_once) {
  scene_real_proc();
  start(make_vfork, 1);
  read_tree();
  CHECK_SAME(tree.count, 2);
  CHECK_SAME(tree.processes[1].shares_memory_with, root);
  CHECK_BETWEEN(total(), MEMORY, MEMORY + 8 * MIB);
}

/* If comparing is refused, processes with equal figures report that. */
TEST(reports_equal_figures_if_comparing_is_refused) {
  scene_real_proc();
  const int refusals[] = {EPERM, ENOSYS};
  const pmi_code codes[] = {PMI_EPERM, PMI_ENOSYS};
  start(make_vfork, 1);
  for (size_t i = 0; i < 2; i++) {
    bool refused = false;
    for (int skip = 0; !refused && skip < 100; skip++) {
      fault_arm(FAULT_LIST, skip, refusals[i]); /* of syscall(): some calls list directories, one compares */
      pmi_tree_free(&tree);
      pmi_code code = pmi_read_tree((uint32_t)root, PMI_TREE_FOOTPRINT, &tree, &error);
      bool fired = fault_disarm();
      CHECK(fired);
      refused = code == PMI_OK && tree.count == 2 && tree.processes[1].footprint_code == codes[i];
    }
    CHECK(refused);
    CHECK_SAME(tree.processes[1].shares_memory_with, 0);
    CHECK_SAME(tree.processes[0].footprint_code, PMI_OK);
  }
}

TEST(does_not_suspect_processes_with_different_figures) {
  scene_real_proc();
  start(make_clones, 2);
  for (int skip = 0;; skip++) {
    fault_arm(FAULT_LIST, skip, EPERM);
    pmi_tree_free(&tree);
    pmi_code code = pmi_read_tree((uint32_t)root, PMI_TREE_FOOTPRINT, &tree, &error);
    if (!fault_disarm())
      break;
    if (code != PMI_OK || tree.count != 4)
      continue;
    for (size_t i = 0; i < tree.count; i++)
      if (footprint_value(&tree, i, "uss") < MEMORY / 2) /* the fork */
        CHECK_SAME(tree.processes[i].footprint_code, PMI_OK);
  }
}
