/* Trees from the list of all processes. */
#include "win32/listing.h"
#include "blocks.h"
#include "check.h"
#include "fake.h"
#include "pmi.h"

#include <string.h>

enum { ROOT = 104 };

static pmi_error error;

static void begin_family(void) {
  fake_begin();
  fake_add(0, 0, 0)->name_units = 0;
  fake_add(4, 0, 0);
  fake_add(ROOT, 4, 1000);
  fake_add(204, ROOT, 1002);
  fake_add(200, ROOT, 1001);
  fake_add(300, 200, 1003);
  fake_add(500, 4, 900);
}

static pmi_tree read_tree(uint32_t root) {
  pmi_tree tree = {0};
  CHECK_SAME(pmi_read_tree(root, 0, &tree, &error), PMI_OK);
  CHECK_SAME(fake.open_handles, 0);
  return tree;
}

TEST(lists_a_tree_in_one_call) {
  static const uint32_t pids[] = {ROOT, 200, 300, 204};
  begin_family();
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.count, 4);
  for (size_t i = 0; i < 4; i++)
    CHECK_SAME(tree.processes[i].pid, pids[i]);
  CHECK_SAME(tree.processes[2].ppid, 200);
  CHECK_SAME(tree.processes[2].creation_time_ms, 1003000);
  CHECK_SAME(tree.processes[2].memory.working_set, 50 * 4096);
  CHECK_SAME(tree.processes[2].memory.peak_working_set, 60 * 4096);
  CHECK_SAME(tree.processes[2].memory.private_bytes, 70 * 4096);
  CHECK_SAME(tree.processes[2].memory.shared_bytes, 20 * 4096);
  CHECK_SAME(tree.processes[0].name_length, 5);
  CHECK_BYTES(tree.names + tree.processes[0].name_offset, "a.exe", 5);
  CHECK_SAME(fake.calls, 1);
  CHECK_SAME(tree.unreadable_count, 0);
  pmi_tree_free(&tree);
}

TEST(lists_all_below_the_idle_process) {
  begin_family();
  pmi_tree tree = read_tree(0);
  CHECK_SAME(tree.count, 7);
  CHECK_SAME(tree.processes[0].name_length, 19);
  CHECK_BYTES(tree.names + tree.processes[0].name_offset, "System Idle Process", 19);
  pmi_tree_free(&tree);
}

TEST(rejects_a_root_that_is_not_listed) {
  begin_family();
  pmi_tree tree = {0};
  CHECK_SAME(pmi_read_tree(ROOT + 1, 0, &tree, &error), PMI_ESRCH);
  CHECK_TEXT(error.syscall, "NtQuerySystemInformation");
  CHECK(tree.processes == NULL);
}

TEST(leaves_out_children_of_an_earlier_owner_of_the_pid) {
  begin_family();
  fake_add(600, ROOT, 999)->sequence = 1;
  fake_add(604, ROOT, 1000); /* within the same millisecond */
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.count, 5);
  pmi_tree_free(&tree);
}

TEST(leaves_out_exited_processes_that_are_held_open) {
  begin_family();
  fake_process *process = fake_add(600, ROOT, 1005);
  process->threads = 0;
  process->counters.ex.base.working_set_size = 0;
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.count, 4);
  pmi_tree_free(&tree);
}

TEST(lists_5000_processes) {
  begin_family();
  for (uint32_t i = 0; i < 5000; i++) {
    fake_process *process = fake_add(1000 + 4 * i, i % 7 == 0 ? ROOT : 1000 + 4 * (i - 1), 2000 + (int64_t)i);
    process->threads = 8;
  }
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.count, 5004);
  CHECK_SAME(fake.lists, 2);
  pmi_tree_free(&tree);
}

TEST(reads_a_list_that_grows) {
  begin_family();
  fake.list_grows = 5;
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.count, 4);
  CHECK_SAME(fake.lists, 6);
  pmi_tree_free(&tree);
  fake.list_grows = 1000;
  CHECK_SAME(pmi_read_tree(ROOT, 0, &tree, &error), PMI_EIO);
  CHECK_SAME(error.os_error, PMI_STATUS_INFO_LENGTH_MISMATCH);
  CHECK(fake.lists <= 6 + 16);
}

TEST(writes_names_in_utf8) {
  static const uint16_t name[] = {'a', 0xe4, 0x20ac, 0xd83d, 0xde00, 0xd800, 'b', 0xdc00, 0xd83d};
  static const char expected[] = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbd"
                                 "b\xef\xbf\xbd\xef\xbf\xbd";
  begin_family();
  fake.processes[2].name = name;
  fake.processes[2].name_units = sizeof name / sizeof *name;
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.processes[0].name_length, sizeof expected - 1);
  CHECK_BYTES(tree.names + tree.processes[0].name_offset, expected, sizeof expected - 1);
  pmi_tree_free(&tree);
}

TEST(ends_a_name_inside_a_pair) {
  static const uint16_t pair[] = {0xd83d, 0xde00};
  char out[2 * PMI_UTF8_PER_UNIT];
  CHECK_SAME(pmi_utf8_of_utf16((const unsigned char *)pair, 1, out), 3);
  CHECK_BYTES(out, "\xef\xbf\xbd", 3);
}

TEST(writes_the_longest_name) {
  static uint16_t name[32767];
  for (size_t i = 0; i < 32767; i++)
    name[i] = 0x20ac;
  begin_family();
  fake.processes[2].name = name;
  fake.processes[2].name_units = 32767;
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.processes[0].name_length, 3 * 32767);
  pmi_tree_free(&tree);
}

static void put_next(unsigned char *list, uint32_t next) { memcpy(list, &next, sizeof next); }

/* An entry must end before the buffer does. */
static void beyond_the_end(unsigned char *list, uint32_t room) { put_next(list, room + 8); }
static void to_the_end(unsigned char *list, uint32_t room) { put_next(list, room); }
static void into_the_last_bytes(unsigned char *list, uint32_t room) { put_next(list, room - 8); }
static void into_itself(unsigned char *list, uint32_t room) { put_next(list, room > 8 ? 8 : 0); }
static void to_the_largest(unsigned char *list, uint32_t room) { put_next(list, room > 8 ? 0xfffffff8 : 0); }

static void put_name(unsigned char *list, uint16_t length, const void *where) {
  pmi_unicode_string name = {.length = length, .buffer = where};
  memcpy(list + offsetof(pmi_system_process, image_name), &name, sizeof name);
}

static void name_before(unsigned char *list, uint32_t room) { put_name(list, 2, room > 8 ? list - 2 : list); }
static void name_across_the_end(unsigned char *list, uint32_t room) { put_name(list, 4, list + room - 2); }
static void name_behind(unsigned char *list, uint32_t room) { put_name(list, 2, list + room + 2); }
static void name_nowhere(unsigned char *list, uint32_t room) { put_name(list, room > 8 ? 2 : 4, NULL); }

TEST(rejects_a_malformed_list) {
  void (*const spoils[])(unsigned char *, uint32_t) = {beyond_the_end,      to_the_end,     into_the_last_bytes,
                                                       into_itself,         to_the_largest, name_before,
                                                       name_across_the_end, name_behind,    name_nowhere};
  for (size_t i = 0; i < sizeof spoils / sizeof *spoils; i++) {
    pmi_tree tree = {0};
    begin_family();
    fake.spoil = spoils[i];
    CHECK_SAME(pmi_read_tree(ROOT, 0, &tree, &error), PMI_EIO);
    CHECK_TEXT(error.syscall, "NtQuerySystemInformation");
    CHECK_SAME(blocks_live(), 0);
  }
}

TEST(walks_a_list_regardless_of_the_returned_length) {
  begin_family();
  fake.is_wow64 = true;
  for (uint32_t i = 0; i < 1800; i++) /* the list fills more than half of the first buffer */
    fake_add(1000 + 4 * i, ROOT, 2000 + (int64_t)i);
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.count, 1804);
  CHECK_SAME(fake.lists, 1);
  pmi_tree_free(&tree);
}

TEST(accepts_either_status_for_a_buffer_that_is_too_small) {
  begin_family();
  fake.too_small = PMI_STATUS_BUFFER_TOO_SMALL;
  fake.list_grows = 3;
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.count, 4);
  CHECK_SAME(fake.lists, 4);
  pmi_tree_free(&tree);
}

/* The clock is set back, then the root starts a child, which starts another one. */
static void begin_clock_step(void) {
  begin_family();
  fake.clock_step = -1500;
  fake_add(700, ROOT, 2000);
  fake_add(704, 700, 2001);
}

TEST(keeps_children_that_seem_older_after_the_clock_is_set_back) {
  static const uint32_t pids[] = {ROOT, 700, 704, 200, 300, 204}; /* siblings ordered by creation time */
  begin_clock_step();
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.count, 6);
  for (size_t i = 0; i < 6; i++)
    CHECK_SAME(tree.processes[i].pid, pids[i]);
  CHECK_SAME(fake.opens, 2); /* of the process that seems to be older, and of its parent */
  pmi_tree_free(&tree);
}

TEST(recognizes_children_of_an_earlier_owner_by_sequence_number) {
  begin_clock_step();
  fake.processes[7].sequence = 1; /* created before the root; its parent had the root's pid */
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.count, 4);
  pmi_tree_free(&tree);
}

/* Cases in which the sequence numbers are unknown, so that the creation times decide. */
static void no_class(fake_process *child) { child->sequence_failure = PMI_STATUS_INVALID_INFO_CLASS; }
static void no_right(fake_process *child) { child->rights = 0; }
static void another_process(fake_process *child) { child->is_another = true; }
static void exited(fake_process *child) { child->open_failure = PMI_ERROR_INVALID_PARAMETER; }

TEST(uses_creation_times_without_sequence_numbers) {
  void (*const reasons[])(fake_process *) = {no_class, no_right, another_process, exited};
  for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
    begin_clock_step();
    reasons[i](&fake.processes[7]);
    pmi_tree tree = read_tree(ROOT);
    CHECK_SAME(tree.count, 4);
    pmi_tree_free(&tree);
  }
}

TEST(fails_if_the_caller_runs_out_while_asking_for_numbers) {
  pmi_tree tree = {0};
  begin_clock_step();
  fake.processes[7].open_failure = PMI_ERROR_TOO_MANY_OPEN_FILES;
  CHECK_SAME(pmi_read_tree(ROOT, 0, &tree, &error), PMI_EMFILE);
}

TEST(never_reports_a_private_usage_that_is_not_counted) {
  begin_family();
  for (size_t i = 2; i < 4; i++)
    fake.processes[i].lists_no_usage = true;
  fake.processes[3].counters.ex.base.pagefile_usage = 0;
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.processes[0].memory.private_bytes, 70 * 4096); /* from the page file usage, which is equal */
  CHECK_SAME(tree.processes[3].memory.known, PMI_PEAK | PMI_SHARED);
  pmi_tree_free(&tree);
}

TEST(treats_times_before_1970_as_unknown) {
  begin_family();
  fake.processes[2].create_time = 5;
  fake.processes[3].create_time = INT64_MIN;
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.processes[0].creation_time_ms, 0);
  pmi_tree_free(&tree);
}

TEST(lists_once_for_several_roots_and_for_all) {
  static const uint32_t roots[] = {200, 7, ROOT};
  pmi_tree trees[3] = {{0}};
  pmi_error errors[3];
  begin_family();
  CHECK_SAME(pmi_read_trees(roots, 3, PMI_TREE_FOOTPRINT, trees, errors, &error), PMI_OK);
  CHECK_SAME(fake.calls, 1);
  CHECK_SAME(trees[0].count, 2);
  CHECK_SAME(errors[0].code, PMI_OK);
  CHECK_SAME(errors[1].code, PMI_ESRCH);
  CHECK(trees[1].processes == NULL);
  CHECK_SAME(trees[2].count, 4);
  CHECK_SAME(trees[2].processes[1].pid, 200);
  CHECK(trees[2].processes[1].alive);
  for (size_t i = 0; i < 3; i++)
    pmi_tree_free(&trees[i]);

  pmi_tree all = {0};
  CHECK_SAME(pmi_read_all(0, &all, &error), PMI_OK);
  CHECK_SAME(fake.calls, 2);
  CHECK_SAME(all.count, 7);
  for (size_t i = 1; i < 7; i++)
    CHECK(all.processes[i - 1].pid < all.processes[i].pid);
  pmi_tree_free(&all);
}

TEST(reads_the_tree_of_a_handle) {
  pmi_tree tree = {0};
  pmi_handle *handle = NULL;
  begin_family();
  CHECK_SAME(pmi_open_handle(ROOT, &handle, &error), PMI_OK);
  CHECK_SAME(pmi_handle_read_tree(handle, 0, &tree, &error), PMI_OK);
  CHECK_SAME(tree.count, 4);
  pmi_tree_free(&tree);
  fake.processes[2].exited = true;
  CHECK_SAME(pmi_handle_read_tree(handle, 0, &tree, &error), PMI_ESRCH);
  CHECK(tree.processes == NULL);
  pmi_close_handle(handle);
}
