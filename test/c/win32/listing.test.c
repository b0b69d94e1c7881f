/* Trees out of the list of all processes. */
#include "win32/listing.h"
#include "blocks.h"
#include "check.h"
#include "fake.h"
#include "pmi.h"
#include "suites.h"

#include <string.h>

enum { ROOT = 100 };

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

static void lists_a_tree_in_one_call(void) {
  static const uint32_t pids[] = {ROOT, 200, 300, 204};
  begin_family();
  pmi_tree tree = read_tree(ROOT);
  if (CHECK_SAME(tree.count, 4)) {
    for (size_t i = 0; i < 4; i++)
      CHECK_SAME(tree.processes[i].pid, pids[i]);
    CHECK_SAME(tree.processes[2].ppid, 200);
    CHECK_SAME(tree.processes[2].creation_time_ms, 1003000);
    CHECK_SAME(tree.processes[2].memory.working_set, 50 * 4096);
    CHECK_SAME(tree.processes[2].memory.peak_working_set, 60 * 4096);
    CHECK_SAME(tree.processes[2].memory.private_bytes, 70 * 4096);
    CHECK_SAME(tree.processes[2].memory.shared_bytes, 20 * 4096);
    CHECK_SAME(tree.processes[0].name_length, 5);
    CHECK(memcmp(tree.names + tree.processes[0].name_offset, "a.exe", 5) == 0);
  }
  CHECK_SAME(fake.calls, 1);
  CHECK_SAME(tree.unreadable_count, 0);
  pmi_tree_free(&tree);
}

static void lists_all_below_the_idle_process(void) {
  begin_family();
  pmi_tree tree = read_tree(0);
  CHECK_SAME(tree.count, 7);
  CHECK_SAME(tree.processes[0].name_length, 19);
  CHECK(memcmp(tree.names + tree.processes[0].name_offset, "System Idle Process", 19) == 0);
  pmi_tree_free(&tree);
}

static void rejects_a_root_that_is_not_listed(void) {
  begin_family();
  pmi_tree tree = {0};
  CHECK_SAME(pmi_read_tree(ROOT + 1, 0, &tree, &error), PMI_ESRCH);
  CHECK_TEXT(error.syscall, "NtQuerySystemInformation");
  CHECK(tree.processes == NULL);
}

static void leaves_out_children_of_an_earlier_owner_of_the_pid(void) {
  begin_family();
  fake_add(600, ROOT, 999);
  fake_add(604, ROOT, 1000); /* within the same millisecond */
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.count, 5);
  pmi_tree_free(&tree);
}

static void leaves_out_what_has_exited_but_is_held(void) {
  begin_family();
  fake_process *process = fake_add(600, ROOT, 1005);
  process->threads = 0;
  process->counters.ex.base.working_set_size = 0;
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.count, 4);
  pmi_tree_free(&tree);
}

static void lists_5000_processes(void) {
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

static void keeps_up_with_a_list_that_grows(void) {
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
  CHECK_SAME(blocks_live(), 0);
}

static void writes_names_in_utf8(void) {
  static const uint16_t name[] = {'a', 0xe4, 0x20ac, 0xd83d, 0xde00, 0xd800, 'b', 0xdc00, 0xd83d};
  static const char expected[] = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbd"
                                 "b\xef\xbf\xbd\xef\xbf\xbd";
  begin_family();
  fake.processes[2].name = name;
  fake.processes[2].name_units = sizeof name / sizeof *name;
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.processes[0].name_length, sizeof expected - 1);
  CHECK(memcmp(tree.names + tree.processes[0].name_offset, expected, sizeof expected - 1) == 0);
  pmi_tree_free(&tree);
}

static void ends_a_name_inside_a_pair(void) {
  static const uint16_t pair[] = {0xd83d, 0xde00};
  char out[2 * PMI_UTF8_PER_UNIT];
  CHECK_SAME(pmi_utf8_of_utf16((const unsigned char *)pair, 1, out), 3);
  CHECK(memcmp(out, "\xef\xbf\xbd", 3) == 0);
}

static void writes_the_longest_name(void) {
  static uint16_t name[32767];
  for (size_t i = 0; i < 32767; i++)
    name[i] = 0x20ac;
  begin_family();
  fake.processes[2].name = name;
  fake.processes[2].name_units = 32767;
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.processes[0].name_length, 3 * 32767);
  pmi_tree_free(&tree);
  CHECK_SAME(blocks_live(), 0);
}

static void put_next(unsigned char *list, uint32_t next) { memcpy(list, &next, sizeof next); }

static void beyond_the_end(unsigned char *list, uint32_t size) { put_next(list, size + 8); }
static void to_the_end(unsigned char *list, uint32_t size) { put_next(list, size); }
static void into_the_last_bytes(unsigned char *list, uint32_t size) { put_next(list, size - 8); }
static void into_itself(unsigned char *list, uint32_t size) { put_next(list, size > 8 ? 8 : 0); }
static void to_the_largest(unsigned char *list, uint32_t size) { put_next(list, size > 8 ? 0xfffffff8 : 0); }

static void put_name(unsigned char *list, uint16_t length, const void *where) {
  pmi_unicode_string name = {.length = length, .buffer = where};
  memcpy(list + offsetof(pmi_system_process, image_name), &name, sizeof name);
}

static void name_before(unsigned char *list, uint32_t size) { put_name(list, 2, size > 8 ? list - 2 : list); }
static void name_across_the_end(unsigned char *list, uint32_t size) { put_name(list, 4, list + size - 2); }
static void name_behind(unsigned char *list, uint32_t size) { put_name(list, 2, list + size + 2); }
static void name_nowhere(unsigned char *list, uint32_t size) { put_name(list, size > 8 ? 2 : 4, NULL); }

static void rejects_a_list_that_makes_no_sense(void) {
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
  for (uint32_t i = 1; i < 3; i++) {
    pmi_tree tree = {0};
    begin_family();
    fake.list_returned = i == 1 ? 100 : UINT32_MAX;
    CHECK_SAME(pmi_read_tree(ROOT, 0, &tree, &error), PMI_EIO);
    CHECK_SAME(blocks_live(), 0);
  }
}

static void never_shows_a_private_usage_that_is_not_kept(void) {
  begin_family();
  for (size_t i = 2; i < 4; i++)
    fake.processes[i].lists_no_usage = true;
  fake.processes[3].counters.ex.base.pagefile_usage = 0;
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.processes[0].memory.private_bytes, 70 * 4096); /* the page file usage is the same */
  CHECK_SAME(tree.processes[3].memory.known, PMI_PEAK | PMI_SHARED);
  pmi_tree_free(&tree);
}

static void counts_no_time_before_1970(void) {
  begin_family();
  fake.processes[2].create_time = 5;
  fake.processes[3].create_time = INT64_MIN;
  pmi_tree tree = read_tree(ROOT);
  CHECK_SAME(tree.processes[0].creation_time_ms, 0);
  pmi_tree_free(&tree);
}

void listing_suite(void) {
  RUN(lists_a_tree_in_one_call);
  RUN(lists_all_below_the_idle_process);
  RUN(rejects_a_root_that_is_not_listed);
  RUN(leaves_out_children_of_an_earlier_owner_of_the_pid);
  RUN(leaves_out_what_has_exited_but_is_held);
  RUN(lists_5000_processes);
  RUN(keeps_up_with_a_list_that_grows);
  RUN(writes_names_in_utf8);
  RUN(ends_a_name_inside_a_pair);
  RUN(writes_the_longest_name);
  RUN(rejects_a_list_that_makes_no_sense);
  RUN(never_shows_a_private_usage_that_is_not_kept);
  RUN(counts_no_time_before_1970);
}
