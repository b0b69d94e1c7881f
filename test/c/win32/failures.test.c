/* Each system call and each allocation fails in turn: nothing leaks, and no answer is partial. */
#include "blocks.h"
#include "check.h"
#include "command.h"
#include "fake.h"
#include "pmi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OWN = 100, ROOT = 400 };

static pmi_error error;

/* Sets up a system on which a query makes many calls. */
static void begin(void) {
  static const uintptr_t pages[6000];
  static const uint16_t name[300];
  static const fake_job job = {
      .limits = {.has_process_limit = true, .process_limit = 100 * 4096},
      .memory = {.available_commit = 50 * 4096},
  };
  fake_begin();
  for (uint32_t i = 0; i < 3; i++) {
    fake.clock_step = i == 2 ? -500 : 0;
    fake_process *process = fake_add(ROOT + 4 * i, i == 0 ? 4 : ROOT, 1000 + (int64_t)i);
    process->psapi_written = sizeof(pmi_psapi_counters);
    process->nt_largest = sizeof(pmi_nt_counters);
    process->listed_private = 0;
    process->counters.private_working_set_size = 0;
    process->pages = pages;
    process->page_count = 6000;
    process->name = name;
    process->name_units = 300;
    process->job = &job;
  }
  fake_add(OWN, 4, 1000)->job = &job;
}

static pmi_code ask_memory(void) {
  pmi_memory memory;
  return pmi_read_memory(ROOT, &memory, &error);
}

static pmi_code ask_several(void) {
  static const uint32_t pids[] = {ROOT, 9999, ROOT + 4};
  pmi_memory memories[3];
  pmi_failures failures = {0};
  fake.processes[1].rights = 0;
  pmi_code code = pmi_read_memories(pids, 3, memories, &failures, &error);
  CHECK(code == PMI_OK || code == PMI_ENOMEM);
  CHECK(code != PMI_OK || failures.count > 0);
  for (size_t i = 0; code == PMI_OK && i < failures.count; i++)
    if (failures.items[i].error.code == PMI_ENOMEM) { /* of one process, which does not fail the batch */
      error = failures.items[i].error;
      code = PMI_ENOMEM;
    }
  free(failures.items);
  return code;
}

static pmi_code ask_idle(void) {
  pmi_memory memory;
  pmi_code code = pmi_read_memory(0, &memory, &error);
  CHECK(code != PMI_OK);
  return code == PMI_ESRCH ? PMI_OK : code;
}

static pmi_code ask_unaligned(void) {
  pmi_memory memory;
  pmi_code code = pmi_read_memory(ROOT + 1, &memory, &error);
  CHECK(code != PMI_OK);
  return code == PMI_ESRCH ? PMI_OK : code;
}

static pmi_code ask_counters(void) {
  pmi_values counters;
  return pmi_read_counters(ROOT, &counters, &error);
}

static pmi_code ask_footprint(void) {
  pmi_footprint footprint;
  return pmi_read_footprint(ROOT, &footprint, &error);
}

static pmi_code ask_system(void) {
  pmi_values system;
  return pmi_read_system(&system, &error);
}

static pmi_code ask_limit(void) {
  pmi_limit limit;
  return pmi_read_limit(ROOT, &limit, &error);
}

static pmi_code ask_job(void) {
  pmi_job *job = NULL;
  uint64_t peak;
  pmi_code code = pmi_open_job(ROOT, &job, &error);
  if (code != PMI_OK)
    return code;
  code = pmi_read_job_peak(job, &peak, &error);
  pmi_close_job(job);
  return code;
}

static pmi_code ask_own_limit(void) {
  pmi_limit limit;
  return pmi_read_limit(OWN, &limit, &error);
}

static pmi_code ask_tree(void) {
  pmi_tree tree = {0};
  pmi_code code = pmi_read_tree(ROOT, PMI_TREE_FOOTPRINT, &tree, &error);
  if (code == PMI_OK)
    CHECK(tree.count > 0);
  else
    CHECK(tree.processes == NULL);
  pmi_tree_free(&tree);
  return code;
}

static pmi_code ask_trees(void) {
  static const uint32_t roots[] = {ROOT + 4, 9999, ROOT};
  pmi_tree trees[3] = {{0}};
  pmi_error errors[3] = {{0}};
  pmi_code code = pmi_read_trees(roots, 3, PMI_TREE_FOOTPRINT, trees, errors, &error);
  for (size_t i = 0; i < 3; i++) {
    CHECK(trees[i].processes == NULL || (code == PMI_OK && errors[i].code == PMI_OK));
    pmi_tree_free(&trees[i]);
  }
  return code;
}

static pmi_code ask_all(void) {
  pmi_tree tree = {0};
  pmi_code code = pmi_read_all(PMI_TREE_FOOTPRINT, &tree, &error);
  CHECK(code == PMI_OK || tree.processes == NULL);
  pmi_tree_free(&tree);
  return code;
}

static pmi_code ask_handle_tree(void) {
  pmi_handle *handle = NULL;
  pmi_tree tree = {0};
  pmi_code code = pmi_open_handle(ROOT, &handle, &error);
  if (code != PMI_OK)
    return code;
  code = pmi_handle_read_tree(handle, 0, &tree, &error);
  CHECK(code == PMI_OK || tree.processes == NULL);
  pmi_tree_free(&tree);
  pmi_close_handle(handle);
  return code;
}

static pmi_code ask_handle(void) {
  pmi_handle *handle = NULL;
  pmi_memory memory;
  pmi_footprint footprint;
  bool alive;
  pmi_code code = pmi_open_handle(ROOT, &handle, &error);
  if (code != PMI_OK) {
    CHECK(handle == NULL);
    return code;
  }
  code = pmi_handle_is_alive(handle, &alive, &error);
  if (code == PMI_OK)
    code = pmi_handle_read_memory(handle, &memory, &error);
  if (code == PMI_OK)
    code = pmi_handle_read_footprint(handle, &footprint, &error);
  pmi_close_handle(handle);
  return code;
}

static pmi_code (*const questions[])(void) = {ask_memory,    ask_several, ask_idle,  ask_unaligned,   ask_counters,
                                              ask_footprint, ask_system,  ask_limit, ask_own_limit,   ask_tree,
                                              ask_handle,    ask_trees,   ask_all,   ask_handle_tree, ask_job};
enum { QUESTIONS = sizeof questions / sizeof *questions };

static void check_nothing_left(void) {
  CHECK_SAME(fake.open_handles, 0);
  CHECK_SAME(blocks_live(), 0);
}

TEST(leaves_nothing_open_whichever_call_fails) {
  static const uint32_t failures[] = {
      PMI_ERROR_ACCESS_DENIED,     PMI_ERROR_NOT_ENOUGH_MEMORY, 31,
      PMI_ERROR_INVALID_PARAMETER, PMI_STATUS_ACCESS_DENIED,    PMI_STATUS_INFO_LENGTH_MISMATCH,
      PMI_STATUS_NO_MEMORY,        PMI_STATUS_INVALID_CID};
  for (size_t q = 0; q < QUESTIONS; q++) {
    for (size_t f = 0; f < sizeof failures / sizeof *failures; f++) {
      for (int at = 1;; at++) {
        begin();
        fake.fail_at = at;
        fake.fail_with = failures[f];
        memset(&error, 0, sizeof error);
        pmi_code code = questions[q]();
        check_nothing_left();
        CHECK(code == PMI_OK || (error.code == code && error.syscall != NULL));
        if (fake.fail_at > 0)
          break; /* all calls have failed once */
        CHECK(at < 100);
      }
    }
  }
}

TEST(fails_with_enomem_whichever_allocation_fails) {
  int all = 0;
  for (size_t q = 0; q < QUESTIONS; q++) {
    int failures = blocks_exhaust(begin, questions[q], check_nothing_left);
    CHECK(failures < 100);
    all += failures;
  }
  CHECK(all > 12);
}

TEST(reports_that_the_caller_ran_out) {
  begin();
  fake.fail_at = 1;
  fake.fail_with = PMI_ERROR_TOO_MANY_OPEN_FILES;
  CHECK_SAME(ask_memory(), PMI_EMFILE);
  begin();
  fake.fail_at = 2; /* opening the root for its pages */
  fake.fail_with = PMI_ERROR_TOO_MANY_OPEN_FILES;
  CHECK_SAME(ask_tree(), PMI_EMFILE);
}
