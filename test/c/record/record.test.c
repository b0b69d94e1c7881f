/* The tests for all systems that keep one record per process, however it is read. */
#include "check.h"
#include "fake.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"
#include "pmi.h"
#include "scene.h"
#include "values.h"

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)

fake_machine fake;

static pmi_error error;
static fake_process reused;

/* The page size of the simulated machine may differ from that of this machine. */
int __wrap_getpagesize(void);
int __wrap_getpagesize(void) { return fake.page_size; }

static fake_process *add(uint32_t pid, uint32_t ppid, uint64_t started_us, const char *name) {
  fake_process process = {.pid = pid, .ppid = ppid, .started_us = started_us, .name = name};
  process.rss = 40 * MIB;
  process.peak = 50 * MIB;
  process.text = 1 * MIB;
  process.data = 98 * MIB;
  process.stack = 1 * MIB;
  process.vms = 100 * MIB;
  process.private_bytes = 30 * MIB;
  process.minor_faults = 7;
  process.major_faults = 3;
  CHECK(pmi_grow(&fake.processes, &fake.capacity, fake.count + 1, sizeof process));
  fake.processes[fake.count] = process;
  return &fake.processes[fake.count++];
}

const fake_process *fake_ask(uint32_t pid) {
  fake.questions++;
  for (size_t i = 0; i < fake.count; i++) {
    if (fake.processes[i].pid != pid)
      continue;
    if (fake.reuse_after != 0 && fake.questions > fake.reuse_after) {
      reused = fake.processes[i];
      reused.started_us += 1;
      fake.processes[i].started_us = reused.started_us;
      fake.reuse_after = 0;
    }
    return &fake.processes[i];
  }
  return NULL;
}

uint64_t fake_started_us(const fake_process *process) {
  if (process->zombie && !fake_can.reads_start_of_zombies)
    return 0;
  return process->started_us + (fake_can.starts_since_boot ? (uint64_t)fake.clock_set_us : 0);
}

void fake_check_machine(void) {
  pmi_values system;
  CHECK_SAME(pmi_read_system(&system, &error), PMI_OK);
  CHECK_SAME(value_of(&system, "total"), 8UL << 30);
  CHECK_SAME(value_of(&system, "free"), 1000 * 4096);
  CHECK_SAME(value_of(&system, "available"), 1300 * 4096);
  CHECK_SAME(value_of(&system, "swapTotal"), 2000 * 4096);
  CHECK_SAME(value_of(&system, "swapFree"), 1800 * 4096);
  CHECK_TEXT(names_of(&system), "total free available swapTotal swapFree");
}

void fake_grow(void) {
  if (fake.grow == 0)
    return;
  fake.grow--;
  /* More than any reader leaves room for. */
  for (uint32_t i = 0; i < 1000; i++)
    add(100000 + (uint32_t)fake.count, 1, 1000000, "more");
}

BEFORE(begin) {
  scene_begin();
  fake = (fake_machine){.page_size = 4096, .booted_us = UINT64_C(1600000000250000)};
  add(1, 0, 1000000, "init");
  add(100, 1, UINT64_C(1700000000123456), "parent");
  add(101, 100, UINT64_C(1700000001000000), "a child (1) x");
  add(102, 101, UINT64_C(1700000002000000), "grandchild");
  add(103, 100, UINT64_C(1600000000000000), "older"); /* than its parent: the child of an earlier one with that pid */
  add(200, 1, UINT64_C(1700000000000000), "other");
  fake_publish();
  memset(&error, 0, sizeof error);
}

AFTER(end) {
  fault_disarm();
  free(fake.processes);
  scene_end();
}

static fake_process *process_of(uint32_t pid) {
  for (size_t i = 0; i < fake.count; i++)
    if (fake.processes[i].pid == pid)
      return &fake.processes[i];
  return NULL;
}

static pmi_memory memory_of(uint32_t pid) {
  pmi_memory memory;
  fake_publish();
  CHECK_SAME(pmi_read_memory(pid, &memory, &error), PMI_OK);
  return memory;
}

TEST(reads_resident_memory_and_its_peak) {
  pmi_memory memory = memory_of(100);
  CHECK_SAME(memory.working_set, 40 * MIB);
  CHECK_SAME(memory.peak_working_set, fake_can.peak ? 50 * MIB : 0);
  CHECK_SAME(memory.known, fake_can.peak ? PMI_PEAK : 0);
}

TEST(raises_a_peak_that_lags_behind) {
  process_of(100)->peak = 39 * MIB;
  CHECK_SAME(memory_of(100).peak_working_set, fake_can.peak ? 40 * MIB : 0);
}

TEST(reads_sizes_beyond_4_gib_in_pages_of_16_kib) {
  fake.page_size = 16384;
  process_of(100)->rss = 5 * GIB;
  process_of(100)->peak = 6 * GIB;
  pmi_memory memory = memory_of(100);
  CHECK_SAME(memory.working_set, 5 * GIB);
  CHECK_SAME(memory.peak_working_set, fake_can.peak ? 6 * GIB : 0);
}

TEST(reports_zeros_and_no_peak_for_a_zombie) {
  process_of(100)->zombie = true;
  pmi_memory memory = memory_of(100);
  CHECK_SAME(memory.working_set + memory.peak_working_set + memory.private_bytes + memory.shared_bytes, 0);
  CHECK_SAME(memory.known, PMI_PRIVATE | PMI_SHARED);
  pmi_footprint footprint;
  CHECK_SAME(pmi_read_footprint(100, &footprint, &error), PMI_OK);
  CHECK_SAME(value_of(&footprint.values, "footprint"), 0);
}

TEST(fails_with_esrch_for_a_pid_without_a_process) {
  pmi_memory memory;
  pmi_values counters;
  pmi_footprint footprint;
  pmi_limit *limit = malloc(sizeof *limit);
  pmi_handle *handle = NULL;
  pmi_tree tree = {0};
  CHECK_SAME(pmi_read_memory(999, &memory, &error), PMI_ESRCH);
  CHECK_SAME(pmi_read_counters(999, &counters, &error), PMI_ESRCH);
  CHECK_SAME(pmi_read_footprint(999, &footprint, &error), PMI_ESRCH);
  CHECK_SAME(pmi_read_limit(999, limit, &error), PMI_ESRCH);
  CHECK_SAME(pmi_open_handle(999, &handle, &error), PMI_ESRCH);
  CHECK_SAME(pmi_read_tree(999, 0, &tree, &error), PMI_ESRCH);
  CHECK(strlen(error.syscall) > 0);
  free(limit);
}

TEST(names_what_was_refused) {
  pmi_memory memory;
  pmi_tree tree = {0};
  const struct {
    int os_error;
    pmi_code code;
  } all[] = {{EPERM, PMI_EPERM}, {EACCES, PMI_EACCES}, {ENOMEM, PMI_ENOMEM}, {EIO, PMI_EIO}, {ENOSYS, PMI_ENOSYS}};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    fake.refuse = all[i].os_error;
    CHECK_SAME(pmi_read_memory(100, &memory, &error), all[i].code);
    CHECK_SAME(error.os_error, all[i].os_error);
    fake.refuse = 0;
    fake.refuse_list = all[i].os_error;
    CHECK_SAME(pmi_read_tree(100, 0, &tree, &error), all[i].code);
    fake.refuse_list = 0;
  }
}

static uint64_t counter(const pmi_values *counters, const char *name) {
  for (size_t i = 0; i < counters->count; i++)
    if (strcmp(counters->items[i].name, name) == 0)
      return counters->items[i].value;
  CHECK(!"it is listed");
  return 0;
}

TEST(has_the_counters_of_psutil) {
  pmi_values counters;
  CHECK_SAME(pmi_read_counters(100, &counters, &error), PMI_OK);
  CHECK_SAME(counter(&counters, "rss"), 40 * MIB);
  CHECK_SAME(counter(&counters, "vms"), 100 * MIB);
  CHECK_SAME(counters.count, fake_can.segments ? 8 : 2);
  if (!fake_can.segments)
    return;
  CHECK_SAME(counter(&counters, "text"), 1 * MIB);
  CHECK_SAME(counter(&counters, "data"), 98 * MIB);
  CHECK_SAME(counter(&counters, "stack"), 1 * MIB);
  CHECK_SAME(counter(&counters, "peakRss"), 50 * MIB);
  CHECK_SAME(counter(&counters, "minorFaults"), 7);
  CHECK_SAME(counter(&counters, "majorFaults"), 3);
}

static void expect_name(const pmi_tree *tree, size_t index, const char *name) {
  const pmi_process *process = &tree->processes[index];
  CHECK_SAME(process->name_length, strlen(name));
  CHECK_BYTES(tree->names + process->name_offset, name, strlen(name));
}

TEST(lists_a_tree_without_children_older_than_their_parents) {
  pmi_tree tree = {0};
  CHECK_SAME(pmi_read_tree(100, 0, &tree, &error), PMI_OK);
  CHECK_SAME(tree.count, 3);
  CHECK_SAME(tree.processes[0].pid, 100);
  CHECK_SAME(tree.processes[0].ppid, 1);
  CHECK_SAME(tree.processes[0].creation_time_ms, UINT64_C(1700000000123));
  CHECK_SAME(tree.processes[2].memory.working_set, 40 * MIB);
  expect_name(&tree, 0, "parent");
  expect_name(&tree, 1, "a child (1) x");
  expect_name(&tree, 2, "grandchild");
  pmi_tree_free(&tree);
}

TEST(reads_a_list_again_if_it_has_grown) {
  pmi_tree tree = {0};
  fake.grow = 3;
  CHECK_SAME(pmi_read_tree(1, 0, &tree, &error), PMI_OK);
  CHECK_SAME(tree.count, fake.count - 1); /* all except the one that is older than its parent */
  pmi_tree_free(&tree);
}

TEST(gives_up_on_a_list_that_keeps_growing) {
  pmi_tree tree = {0};
  fake.never_fits = true;
  pmi_code code = pmi_read_tree(1, 0, &tree, &error);
  /* /proc is a folder, whose size is not queried. */
  CHECK_SAME(code, fake_can.peak ? PMI_EIO : PMI_OK);
  pmi_tree_free(&tree);
}

TEST(reads_the_footprint_if_the_system_reports_it) {
  pmi_footprint footprint;
  pmi_code code = pmi_read_footprint(100, &footprint, &error);
  if (!fake_can.private_pages) {
    CHECK_SAME(code, PMI_ENOSYS);
    return;
  }
  CHECK_SAME(code, PMI_OK);
  CHECK_SAME(value_of(&footprint.values, "uss"), 30 * MIB);
  CHECK_SAME(value_of(&footprint.values, "footprint"), 30 * MIB);
  CHECK_TEXT(names_of(&footprint.values), "uss footprint");
  process_of(100)->private_bytes = 80 * MIB; /* more than is resident */
  CHECK_SAME(pmi_read_footprint(100, &footprint, &error), PMI_OK);
  CHECK_SAME(value_of(&footprint.values, "footprint"), 40 * MIB);
  fake.refuse_pages = EPERM;
  CHECK_SAME(pmi_read_footprint(100, &footprint, &error), PMI_EPERM);
}

TEST(estimates_refused_footprints_in_a_tree) {
  pmi_tree tree = {0};
  fake.refuse_pages = EPERM;
  CHECK_SAME(pmi_read_tree(100, PMI_TREE_FOOTPRINT, &tree, &error), PMI_OK);
  CHECK_SAME(tree.count, 3);
  for (size_t i = 0; i < tree.count; i++) {
    CHECK_SAME(footprint_value(&tree, i, "footprint"), 40 * MIB);
    CHECK_TEXT(pmi_tree_footprint(&tree, &tree.processes[i])->method, "rss");
    CHECK_SAME(tree.processes[i].footprint_code, fake_can.private_pages ? PMI_EPERM : PMI_ENOSYS);
  }
  pmi_tree_free(&tree);
  fake.refuse_pages = 0;
  CHECK_SAME(pmi_read_tree(100, PMI_TREE_FOOTPRINT, &tree, &error), PMI_OK);
  if (fake_can.private_pages)
    CHECK_TEXT(pmi_tree_footprint(&tree, &tree.processes[0])->method, "vmmap_lower_bound");
  pmi_tree_free(&tree);
}

TEST(never_mixes_two_processes_in_a_footprint) {
  pmi_footprint footprint;
  if (!fake_can.private_pages)
    return; /* nothing is read that could be about another process */
  for (int after = 1; after <= 2; after++) {
    end();
    begin();
    fake.reuse_after = after;
    CHECK_SAME(pmi_read_footprint(100, &footprint, &error), PMI_ESRCH);
  }
}

TEST(a_handle_stays_with_its_process) {
  pmi_handle *handle = NULL;
  pmi_memory memory;
  pmi_values counters;
  pmi_footprint footprint;
  bool alive = false;
  CHECK_SAME(pmi_open_handle(100, &handle, &error), PMI_OK);
  CHECK_SAME(pmi_handle_creation_time_ms(handle), UINT64_C(1700000000123));
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
  CHECK_SAME(alive, 1);
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_OK);
  CHECK_SAME(memory.working_set, 40 * MIB);
  CHECK_SAME(pmi_handle_read_counters(handle, &counters, &error), PMI_OK);
  CHECK_SAME(pmi_handle_read_footprint(handle, &footprint, &error), fake_can.private_pages ? PMI_OK : PMI_ENOSYS);
  process_of(100)->started_us += 1; /* the pid is reused */
  fake_publish();
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_ESRCH);
  CHECK_SAME(pmi_handle_read_counters(handle, &counters, &error), PMI_ESRCH);
  CHECK_SAME(pmi_handle_read_footprint(handle, &footprint, &error), PMI_ESRCH);
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
  CHECK_SAME(alive, 0);
  fake.refuse = EPERM;
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_EPERM);
  pmi_close_handle(handle);
}

TEST(a_zombie_is_not_alive) {
  pmi_handle *handle = NULL;
  pmi_memory memory;
  bool alive = 1;
  CHECK_SAME(pmi_open_handle(100, &handle, &error), PMI_OK);
  process_of(100)->zombie = true;
  fake_publish();
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
  CHECK_SAME(alive, 0);
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_OK);
  CHECK_SAME(memory.working_set, 0);
  pmi_close_handle(handle);
}

TEST(a_handle_stays_with_its_process_when_the_clock_is_set) {
  pmi_handle *handle = NULL;
  pmi_memory memory;
  CHECK_SAME(pmi_open_handle(100, &handle, &error), PMI_OK);
  const int64_t settings[] = {3600 * INT64_C(1000000), -3600 * INT64_C(1000000), 1};
  for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
    fake.clock_set_us = settings[i];
    fake_publish();
    CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_OK);
  }
  CHECK_SAME(pmi_handle_creation_time_ms(handle), UINT64_C(1700000000123));
  process_of(100)->started_us += 2000000; /* the pid is reused */
  fake_publish();
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_ESRCH);
  /* Not even if its start time is the one that the first process now seems to have. */
  process_of(100)->started_us -= 2000000;
  fake.clock_set_us = fake_can.starts_since_boot ? 3600 * INT64_C(1000000) : 0;
  process_of(100)->started_us -= fake_can.starts_since_boot ? 2000000 : 1;
  fake_publish();
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_ESRCH);
  pmi_close_handle(handle);
}

TEST(reports_limits_as_unknown) {
  pmi_limit *limit = malloc(sizeof *limit);
  CHECK_SAME(pmi_read_limit(100, limit, &error), PMI_ENOSYS);
  free(limit);
}

TEST(reads_several_trees_from_one_list) {
  const uint32_t roots[] = {101, 999, 100};
  pmi_tree trees[3] = {{0}};
  pmi_error errors[3];
  process_of(102)->zombie = true;
  CHECK_SAME(pmi_read_trees(roots, 3, 0, trees, errors, &error), PMI_OK);
  CHECK_SAME(trees[0].count, 2);
  CHECK_SAME(errors[1].code, PMI_ESRCH);
  CHECK(trees[1].processes == NULL);
  CHECK_SAME(trees[2].count, 3);
  CHECK(trees[2].processes[1].alive);
  CHECK(!trees[2].processes[2].alive);
  for (size_t i = 0; i < 3; i++)
    pmi_tree_free(&trees[i]);
  fake.refuse_list = EPERM;
  CHECK_SAME(pmi_read_trees(roots, 3, 0, trees, errors, &error), PMI_EPERM);
}

TEST(reads_all_processes_ordered_by_pid) {
  pmi_tree all = {0};
  CHECK_SAME(pmi_read_all(PMI_TREE_FOOTPRINT, &all, &error), PMI_OK);
  CHECK_SAME(all.count, fake.count);
  for (size_t i = 0; i < all.count; i++) {
    CHECK(i == 0 || all.processes[i - 1].pid < all.processes[i].pid);
    CHECK(pmi_tree_footprint(&all, &all.processes[i]) != NULL);
  }
  pmi_tree_free(&all);
}

TEST(reads_the_tree_of_a_handle) {
  pmi_tree tree = {0};
  pmi_handle *handle = NULL;
  CHECK_SAME(pmi_open_handle(100, &handle, &error), PMI_OK);
  CHECK_SAME(pmi_handle_read_tree(handle, 0, &tree, &error), PMI_OK);
  CHECK_SAME(tree.count, 3);
  pmi_tree_free(&tree);
  process_of(100)->started_us += 5000000; /* another process now */
  fake_publish();
  CHECK_SAME(pmi_handle_read_tree(handle, 0, &tree, &error), PMI_ESRCH);
  CHECK(tree.processes == NULL);
  pmi_close_handle(handle);
}
