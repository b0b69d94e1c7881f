/* See scene.h. */
#include "scene.h"

#include "check.h"
#include "values.h"

#include <sys/mman.h>
#include <sys/wait.h>

#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, OTHER_USER = 1000, POLL_MS = 10 };

static volatile bool *is_over; /* the part of the last child; shared by all processes */

void scene_begin(void) { is_over = (volatile bool *)map(PAGE, MAP_SHARED); }

void nap_ms(long ms) {
  struct timespec wanted = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
  nanosleep(&wanted, NULL);
}

pid_t start(void (*play)(void)) {
  *is_over = false;
  pid_t pid = fork();
  if (pid == 0) {
    play();
    part_is_over();
    for (;;)
      nap_ms(1000);
  }
  for (; !*is_over; nap_ms(POLL_MS))
    CHECK(waitpid(pid, NULL, WNOHANG) == 0);
  return pid;
}

void part_is_over(void) { *is_over = true; }

int run(int (*play)(void)) {
  int status = -1;
  pid_t pid = fork();
  if (pid == 0)
    _exit(play());
  CHECK(waitpid(pid, &status, 0) == pid);
  return status;
}

pid_t start_zombie(void) {
  pid_t pid = fork();
  if (pid == 0)
    _exit(0);
  nap_ms(200);
  return pid;
}

void reap(pid_t pid) { CHECK(waitpid(pid, NULL, 0) == pid); }

void end(pid_t pid) {
  kill(pid, SIGKILL);
  reap(pid);
}

/* Keeps mappings apart: kernels merge adjacent ones. */
char *map(size_t size, int flags) {
  static uintptr_t wanted = UINT64_C(1) << 36;
  wanted += UINT64_C(1) << 30;
  char *memory = mmap((void *)wanted, size, PROT_READ | PROT_WRITE, MAP_ANON | flags, -1, 0);
  CHECK(memory != MAP_FAILED);
  return memory;
}

void touch(volatile char *memory, size_t size) {
  for (size_t at = 0; at < size; at += PAGE)
    memory[at] = 1;
}

void read_through(const volatile char *memory, size_t size) {
  for (size_t at = 0; at < size; at += PAGE)
    (void)memory[at];
}

void become_other_user(void) {
  CHECK(setgid(OTHER_USER) == 0);
  CHECK(setuid(OTHER_USER) == 0);
}

/* If a query failed, so does the test, after the error has been printed. */
static void check_answered(pmi_code code, const pmi_error *error) {
  if (code != PMI_OK)
    printf("    %s by %s, errno %d\n", pmi_code_name(code), error->syscall, (int)error->os_error);
  CHECK_SAME(code, PMI_OK);
}

pmi_memory memory_of(pid_t pid) {
  pmi_memory memory = {0};
  pmi_error error;
  check_answered(pmi_read_memory((uint32_t)pid, &memory, &error), &error);
  return memory;
}

uint64_t counter_of(pid_t pid, const char *name) {
  pmi_values counters = {0};
  pmi_error error;
  check_answered(pmi_read_counters((uint32_t)pid, &counters, &error), &error);
  return value_of(&counters, name);
}

uint64_t footprint_of(pid_t pid) {
  pmi_footprint footprint = {0};
  pmi_error error;
  check_answered(pmi_read_footprint((uint32_t)pid, &footprint, &error), &error);
  CHECK_SAME(value_of(&footprint.values, "uss"), value_of(&footprint.values, "footprint"));
  return value_of(&footprint.values, "footprint");
}

uint64_t machine_has(const char *name) {
  pmi_values machine = {0};
  pmi_error error;
  check_answered(pmi_read_system(&machine, &error), &error);
  return value_of(&machine, name);
}

pmi_code memory_failure(uint32_t pid) {
  pmi_memory memory;
  pmi_error error;
  return pmi_read_memory(pid, &memory, &error);
}

pmi_code footprint_failure(pid_t pid) {
  pmi_footprint footprint;
  pmi_error error;
  return pmi_read_footprint((uint32_t)pid, &footprint, &error);
}

pmi_tree tree_of(pid_t root, uint32_t options) {
  pmi_tree tree = {0};
  pmi_error error;
  check_answered(pmi_read_tree((uint32_t)root, options, &tree, &error), &error);
  return tree;
}

const pmi_process *find_in(const pmi_tree *tree, pid_t pid) {
  for (size_t i = 0; i < tree->count; i++)
    if (tree->processes[i].pid == (uint32_t)pid)
      return &tree->processes[i];
  CHECK(!"it is in the tree");
  return NULL;
}
