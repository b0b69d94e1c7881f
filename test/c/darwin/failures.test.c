/* Each system call and each allocation fails in turn: nothing leaks, and no answer is partial. */
#include "blocks.h"
#include "check.h"
#include "fake.h"
#include "pmi.h"

#include <errno.h>
#include <string.h>

enum { OWN = 100, CHILDREN = 40 };

static pmi_error error;

/* Sets up a system on which a query makes many calls and holds many resources. */
static void begin(void) {
  static pmi_os_region regions[40];
  for (uint32_t i = 0; i < 40; i++)
    regions[i] =
        (pmi_os_region){.address = (i + 1) * FAKE_PAGE, .size = FAKE_PAGE, .share_mode = PMI_SM_PRIVATE_ALIASED};
  fake_begin();
  for (uint32_t i = 0; i <= CHILDREN; i++) {
    fake_process *process = fake_add(OWN + i, i == 0 ? 1 : OWN, 1000 + i);
    memcpy(process->listed.comm, "a-name-of-16-byt", 16);
    process->regions = regions;
    process->region_count = 40;
    process->task_vm.resident_size_peak = 0;
  }
}

static pmi_code ask_own_memory(void) {
  pmi_memory memory;
  return pmi_read_memory(OWN, &memory, &error);
}

static pmi_code ask_memory(void) {
  pmi_memory memory;
  return pmi_read_memory(OWN + 1, &memory, &error);
}

static pmi_code ask_counters(void) {
  pmi_values counters;
  return pmi_read_counters(OWN + 1, &counters, &error);
}

static pmi_code ask_footprint(void) {
  pmi_footprint footprint;
  return pmi_read_footprint(OWN + 1, &footprint, &error);
}

static pmi_code ask_system(void) {
  pmi_values system;
  return pmi_read_system(&system, &error);
}

static pmi_code ask_tree(void) {
  pmi_tree tree = {0};
  pmi_code code = pmi_read_tree(OWN, PMI_TREE_FOOTPRINT, &tree, &error);
  if (code == PMI_OK)
    CHECK_SAME(tree.count + tree.unreadable_count > CHILDREN - 1, true);
  else
    CHECK(tree.processes == NULL);
  pmi_tree_free(&tree);
  return code;
}

static pmi_code ask_trees(void) {
  static const uint32_t roots[] = {OWN + 1, 9999, OWN};
  pmi_tree trees[3] = {{0}};
  pmi_error errors[3] = {{0}};
  pmi_code code = pmi_read_trees(roots, 3, 0, trees, errors, &error);
  for (size_t i = 0; i < 3; i++) {
    CHECK(trees[i].processes == NULL || (code == PMI_OK && errors[i].code == PMI_OK));
    pmi_tree_free(&trees[i]);
  }
  return code;
}

static pmi_code ask_all(void) {
  pmi_tree tree = {0};
  pmi_code code = pmi_read_all(0, &tree, &error);
  CHECK(code == PMI_OK || tree.processes == NULL);
  pmi_tree_free(&tree);
  return code;
}

static pmi_code ask_handle(void) {
  pmi_handle *handle = NULL;
  pmi_memory memory;
  pmi_values counters;
  pmi_footprint footprint;
  bool alive;
  pmi_code code = pmi_open_handle(OWN + 1, &handle, &error);
  if (code != PMI_OK) {
    CHECK(handle == NULL);
    return code;
  }
  code = pmi_handle_is_alive(handle, &alive, &error);
  if (code == PMI_OK)
    code = pmi_handle_read_memory(handle, &memory, &error);
  if (code == PMI_OK)
    code = pmi_handle_read_counters(handle, &counters, &error);
  if (code == PMI_OK)
    code = pmi_handle_read_footprint(handle, &footprint, &error);
  pmi_close_handle(handle);
  return code;
}

static pmi_code (*const questions[])(void) = {ask_own_memory, ask_memory, ask_counters, ask_footprint, ask_system,
                                              ask_tree,       ask_handle, ask_trees,    ask_all};
enum { QUESTIONS = sizeof questions / sizeof *questions };

TEST(leaks_nothing_whichever_call_fails) {
  /* errno, and the values of kern_return_t that differ from errno */
  static const int failures[] = {
      EPERM, ESRCH, ENOMEM, EINVAL, EIO, ENOSYS, PMI_KERN_NO_ACCESS, PMI_KERN_RESOURCE_SHORTAGE};
  int all = 0;
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
        all++;
      }
    }
  }
  CHECK(all > 1000);
}

TEST(fails_with_enomem_whichever_allocation_fails) {
  int all = 0;
  for (size_t q = 0; q < QUESTIONS; q++)
    all += blocks_exhaust(begin, questions[q], check_nothing_left);
  CHECK(all > 12);
}
