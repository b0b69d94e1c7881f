/* Private working sets, and unshared pages. */
#include "blocks.h"
#include "check.h"
#include "fake.h"
#include "pmi.h"
#include "values.h"

enum { PID = 400, MANY = 100000 };

#define PAGE(number, shared, count)                                                                                    \
  ((uintptr_t)(number) << 12 | (uintptr_t)(shared) << 8 | (uintptr_t)(count) << 5 | (uintptr_t)4)

static const uintptr_t pages[] = {
    PAGE(1, 0, 0), PAGE(2, 0, 1), PAGE(3, 1, 0), PAGE(4, 1, 1), PAGE(5, 1, 2), PAGE(6, 1, 7), PAGE(7, 0, 7),
}; /* five of them unshared */

static pmi_error error;

static fake_process *begin(void) {
  fake_begin();
  fake_process *process = fake_add(PID, 4, 1000);
  process->pages = pages;
  process->page_count = sizeof pages / sizeof *pages;
  return process;
}

static pmi_footprint read(void) {
  pmi_footprint footprint = {0};
  CHECK_SAME(pmi_read_footprint(PID, &footprint, &error), PMI_OK);
  CHECK_SAME(fake.open_handles, 0);
  CHECK_SAME(blocks_live(), 0);
  return footprint;
}

static uint64_t read_value(const char *name) {
  pmi_footprint footprint = read();
  return value_of(&footprint.values, name);
}

static pmi_code fail(void) {
  pmi_footprint footprint;
  pmi_code code = pmi_read_footprint(PID, &footprint, &error);
  CHECK_SAME(fake.open_handles, 0);
  CHECK_SAME(blocks_live(), 0);
  return code;
}

static void make_private_unknown(fake_process *process) {
  process->counters.private_working_set_size = 0;
  process->listed_private = 0;
}

TEST(reports_both_if_permitted) {
  begin();
  pmi_footprint footprint = read();
  CHECK_SAME(value_of(&footprint.values, "footprint"), 30 * 4096);
  CHECK_TEXT(footprint.method, "private_working_set");
  CHECK_SAME(value_of(&footprint.values, "uss"), 5 * 4096);
  CHECK_TEXT(names_of(&footprint.values), "uss footprint");
  CHECK_SAME(fake.lists, 0);
}

TEST(counts_in_pages_of_the_machine) {
  begin();
  fake.page_size = 65536;
  CHECK_SAME(read_value("uss"), 5 * 65536);
}

TEST(leaves_out_uss_if_reading_is_refused) {
  fake_process *process = begin();
  process->rights = PMI_PROCESS_QUERY_LIMITED_INFORMATION | PMI_SYNCHRONIZE | PMI_PROCESS_QUERY_INFORMATION;
  pmi_footprint footprint = read();
  CHECK_TEXT(names_of(&footprint.values), "footprint");
  CHECK_SAME(value_of(&footprint.values, "footprint"), 30 * 4096);
  process->rights = 0; /* then the list has it */
  CHECK_SAME(read_value("footprint"), 30 * 4096);
}

TEST(finds_the_private_working_set_in_the_list) {
  fake_process *process = begin();
  process->counters.private_working_set_size = 0;
  process->listed_private = 29 * 4096;
  pmi_footprint footprint = read();
  CHECK_SAME(value_of(&footprint.values, "footprint"), 29 * 4096);
  CHECK_TEXT(footprint.method, "private_working_set");
  CHECK_SAME(fake.lists, 1);
}

TEST(uses_uss_if_the_private_working_set_is_unknown) {
  make_private_unknown(begin());
  pmi_footprint footprint = read();
  CHECK_SAME(value_of(&footprint.values, "footprint"), 5 * 4096);
  CHECK_TEXT(names_of(&footprint.values), "uss footprint");
  CHECK_TEXT(footprint.method, "working_set");
}

TEST(reports_why_there_is_no_footprint) {
  fake_process *process = begin();
  make_private_unknown(process);
  process->pages_failure = PMI_ERROR_INVALID_PARAMETER;
  CHECK_SAME(fail(), PMI_ENOSYS);
  CHECK_TEXT(error.syscall, "QueryWorkingSet");
  process->pages_failure = PMI_ERROR_ACCESS_DENIED;
  CHECK_SAME(fail(), PMI_EPERM);
  process->rights = PMI_PROCESS_QUERY_LIMITED_INFORMATION | PMI_SYNCHRONIZE;
  CHECK_SAME(fail(), PMI_EPERM);
  CHECK_TEXT(error.syscall, "OpenProcess");
  process->rights = 0;
  CHECK_SAME(fail(), PMI_EPERM);
}

TEST(reads_many_pages) {
  static uintptr_t many[MANY];
  for (size_t i = 0; i < MANY; i++)
    many[i] = PAGE(i, i % 2, 3);
  fake_process *process = begin();
  process->pages = many;
  process->page_count = MANY;
  CHECK_SAME(read_value("uss"), (uint64_t)MANY / 2 * 4096);
  CHECK_SAME(fake.walks, 2);
  process->pages_hide_count = true;
  CHECK_SAME(read_value("uss"), (uint64_t)MANY / 2 * 4096);
  make_private_unknown(process);
  process->pages_failure = PMI_ERROR_BAD_LENGTH; /* always */
  fake.walks = 0;
  CHECK_SAME(fail(), PMI_EIO);
  CHECK(fake.walks <= 16);
}

TEST(rejects_more_pages_than_fit) {
  fake_process *process = begin();
  make_private_unknown(process);
  process->pages_claimed = 1000000;
  CHECK_SAME(fail(), PMI_EIO);
  process->pages_claimed = SIZE_MAX;
  CHECK_SAME(fail(), PMI_EIO);
}

static pmi_tree read_tree(void) {
  pmi_tree tree = {0};
  CHECK_SAME(pmi_read_tree(PID, PMI_TREE_FOOTPRINT, &tree, &error), PMI_OK);
  CHECK_SAME(fake.open_handles, 0);
  return tree;
}

TEST(reads_a_tree_without_opening_processes) {
  begin();
  fake_add(404, PID, 1001);
  pmi_tree tree = read_tree();
  CHECK_SAME(tree.count, 2);
  CHECK_SAME(footprint_value(&tree, 1, "footprint"), 30 * 4096);
  CHECK_SAME(tree.processes[1].footprint_code, PMI_OK);
  CHECK_TEXT(pmi_tree_footprint(&tree, &tree.processes[1])->method, "private_working_set");
  CHECK_SAME(fake.calls, 1);
  pmi_tree_free(&tree);
}

TEST(reads_each_process_of_a_tree_if_the_list_lacks_it) {
  make_private_unknown(begin());
  fake_process *refused = fake_add(404, PID, 1001);
  make_private_unknown(refused);
  refused->rights = 0;
  refused->counters.ex.private_usage = 40 * 4096;
  fake_process *larger = fake_add(412, PID, 1003);
  make_private_unknown(larger);
  larger->rights = 0;
  fake_process *exited = fake_add(408, PID, 1002);
  make_private_unknown(exited);
  exited->exited = true;
  fake_process *another = fake_add(416, PID, 1004);
  make_private_unknown(another);
  another->is_another = true;
  pmi_tree tree = read_tree();
  CHECK_SAME(tree.count, 3);
  CHECK_TEXT(pmi_tree_footprint(&tree, &tree.processes[0])->method, "working_set");
  CHECK_SAME(footprint_value(&tree, 0, "footprint"), 5 * 4096);
  CHECK_SAME(tree.processes[0].footprint_code, PMI_OK);
  CHECK_TEXT(pmi_tree_footprint(&tree, &tree.processes[1])->method, "private_usage");
  CHECK_SAME(footprint_value(&tree, 1, "footprint"), 40 * 4096);
  CHECK_SAME(footprint_value(&tree, 1, "uss"), NOT_LISTED);
  CHECK_SAME(tree.processes[1].footprint_code, PMI_EPERM);
  CHECK_TEXT(pmi_tree_footprint(&tree, &tree.processes[2])->method, "working_set_size");
  CHECK_SAME(footprint_value(&tree, 2, "footprint"), 50 * 4096);
  CHECK_SAME(fake.lists, 1);
  pmi_tree_free(&tree);
}

TEST(fails_if_the_root_exits_meanwhile) {
  fake_process *process = begin();
  make_private_unknown(process);
  process->exited = true;
  pmi_tree tree = {0};
  CHECK_SAME(pmi_read_tree(PID, PMI_TREE_FOOTPRINT, &tree, &error), PMI_ESRCH);
}
