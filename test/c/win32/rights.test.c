/* Which rights each query requires, and which pids have a process. */
#include "check.h"
#include "fake.h"
#include "pmi.h"

#include <stdlib.h>

enum { PID = 400 };

static pmi_error error;

static pmi_code read(uint32_t pid) {
  pmi_memory memory;
  pmi_code code = pmi_read_memory(pid, &memory, &error);
  CHECK_SAME(fake.open_handles, 0);
  return code;
}

TEST(works_without_the_right_to_wait) {
  fake_begin();
  fake_process *process = fake_add(PID, 4, 1000);
  process->rights = PMI_PROCESS_QUERY_LIMITED_INFORMATION;
  CHECK_SAME(read(PID), PMI_OK);
  process->exit_code = 0;
  CHECK_SAME(read(PID), PMI_ESRCH);
  CHECK_TEXT(error.syscall, "GetExitCodeProcess");
}

TEST(reads_a_refused_process_from_the_list) {
  fake_begin();
  fake_process *process = fake_add(PID, 4, 1000);
  process->rights = 0;
  pmi_memory memory;
  pmi_values counters;
  CHECK_SAME(pmi_read_memory(PID, &memory, &error), PMI_OK);
  CHECK_SAME(memory.shared_bytes, 20 * 4096);
  CHECK_SAME(pmi_read_counters(PID, &counters, &error), PMI_OK);
  CHECK_SAME(counters.count, 14);
  fake.list_failure = PMI_STATUS_ACCESS_DENIED;
  CHECK_SAME(read(PID), PMI_EPERM);
  CHECK_TEXT(error.syscall, "OpenProcess");
  CHECK_SAME(error.os_error, PMI_ERROR_ACCESS_DENIED);
  CHECK_TEXT(error.path, "");
}

TEST(lists_once_for_all_refused_processes) {
  enum { COUNT = 1000, GONE = 7, OPEN = 8 };
  static uint32_t pids[COUNT];
  static pmi_memory memories[COUNT];
  pmi_failures failures = {0};
  fake_begin();
  for (uint32_t i = 0; i < COUNT; i++) {
    pids[i] = 1000 + 4 * i;
    fake_process *process = fake_add(pids[i], 4, 1000);
    process->rights = i == OPEN ? FAKE_ALL_RIGHTS : 0;
    process->unlisted = i == GONE;
    memories[i].working_set = 77;
  }
  CHECK_SAME(pmi_read_memories(pids, COUNT, memories, &failures, &error), PMI_OK);
  CHECK_SAME(fake.lists, 1);
  CHECK_SAME(failures.count, 1);
  CHECK_SAME(failures.items[0].index, GONE);
  CHECK_SAME(failures.items[0].error.code, PMI_ESRCH);
  for (size_t i = 0; i < COUNT; i++)
    CHECK_SAME(memories[i].working_set, i == GONE ? 0 : 50 * 4096);
  free(failures.items);

  failures = (pmi_failures){0};
  CHECK_SAME(pmi_read_memories(&pids[OPEN], 1, memories, &failures, &error), PMI_OK);
  CHECK_SAME(fake.lists, 1);
  CHECK_SAME(failures.count, 0);
}

TEST(fails_with_esrch_for_a_refused_process_that_is_not_listed) {
  fake_begin();
  fake_process *process = fake_add(PID, 4, 1000);
  process->rights = 0;
  process->unlisted = true;
  fake_add(4, 0, 0);
  CHECK_SAME(read(PID), PMI_ESRCH);
}

TEST(knows_the_idle_process_and_the_system) {
  fake_begin();
  fake_process *idle = fake_add(0, 0, 0);
  idle->name_units = 0;
  idle->counters.ex.base.working_set_size = 8192;
  idle->listed_private = 8192;
  fake_add(4, 0, 0)->rights = 0;
  pmi_memory memory;
  CHECK_SAME(pmi_read_memory(0, &memory, &error), PMI_OK);
  CHECK_SAME(memory.working_set, 8192);
  CHECK_SAME(read(4), PMI_OK);
  pmi_handle *handle = NULL;
  CHECK_SAME(pmi_open_handle(0, &handle, &error), PMI_EPERM);
  CHECK_SAME(pmi_open_handle(4, &handle, &error), PMI_EPERM);
  CHECK(handle == NULL);
  fake.opens = 0;
  fake_begin();
  fake_add(4, 0, 0);
  CHECK_SAME(read(0), PMI_ESRCH); /* as in Wine, which does not list it */
  CHECK_SAME(pmi_open_handle(0, &handle, &error), PMI_EPERM);
  CHECK_SAME(fake.opens, 0);
}

TEST(rejects_a_pid_without_a_process) {
  fake_begin();
  fake_add(PID, 4, 1000);
  CHECK_SAME(read(PID + 4), PMI_ESRCH);
  CHECK_TEXT(error.syscall, "OpenProcess");
  CHECK_SAME(error.os_error, PMI_ERROR_INVALID_PARAMETER);
  CHECK_SAME(fake.lists, 0);
}

TEST(rejects_a_pid_that_is_rounded_to_another) {
  fake_begin();
  fake_process *process = fake_add(PID, 4, 1000);
  for (uint32_t pid = PID + 1; pid < PID + 4; pid++)
    CHECK_SAME(read(pid), PMI_ESRCH);
  process->rights = 0;
  CHECK_SAME(read(PID + 1), PMI_ESRCH);
  pmi_handle *handle;
  CHECK_SAME(pmi_open_handle(PID + 1, &handle, &error), PMI_ESRCH);
}

TEST(rejects_an_exited_process_that_can_be_opened) {
  fake_begin();
  fake_process *process = fake_add(PID, 4, 1000);
  process->exited = true;
  pmi_values counters;
  pmi_footprint footprint;
  pmi_limit limit;
  pmi_handle *handle;
  CHECK_SAME(read(PID), PMI_ESRCH);
  CHECK_SAME(pmi_read_counters(PID, &counters, &error), PMI_ESRCH);
  CHECK_SAME(pmi_read_footprint(PID, &footprint, &error), PMI_ESRCH);
  CHECK_SAME(pmi_read_limit(PID, &limit, &error), PMI_ESRCH);
  CHECK_SAME(pmi_open_handle(PID, &handle, &error), PMI_ESRCH);
  process->psapi_failure = PMI_ERROR_ACCESS_DENIED; /* a failure for an exited process is not a refusal */
  CHECK_SAME(read(PID), PMI_ESRCH);
}

TEST(answers_through_a_handle_until_it_exits) {
  fake_begin();
  fake_process *process = fake_add(PID, 4, 1000);
  pmi_handle *handle = NULL;
  pmi_memory memory;
  pmi_values counters;
  pmi_footprint footprint;
  bool alive = false;
  CHECK_SAME(pmi_open_handle(PID, &handle, &error), PMI_OK);
  CHECK_SAME(pmi_handle_creation_time_ms(handle), 1000000);
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
  CHECK_SAME(alive, 1);
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_OK);
  CHECK_SAME(pmi_handle_read_counters(handle, &counters, &error), PMI_OK);
  CHECK_SAME(pmi_handle_read_footprint(handle, &footprint, &error), PMI_OK);
  CHECK_SAME(fake.open_handles, 1);
  process->exited = true;
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
  CHECK_SAME(alive, 0);
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_ESRCH);
  CHECK_SAME(pmi_handle_read_counters(handle, &counters, &error), PMI_ESRCH);
  CHECK_SAME(pmi_handle_read_footprint(handle, &footprint, &error), PMI_ESRCH);
  pmi_close_handle(handle);
}

TEST(maps_every_error) {
  static const struct {
    uint32_t os_error;
    pmi_code code;
  } expected[] = {
      {PMI_ERROR_TOO_MANY_OPEN_FILES, PMI_EMFILE},  {PMI_ERROR_NOT_ENOUGH_MEMORY, PMI_ENOMEM},
      {PMI_ERROR_OUTOFMEMORY, PMI_ENOMEM},          {PMI_ERROR_COMMITMENT_LIMIT, PMI_ENOMEM},
      {PMI_ERROR_NO_SYSTEM_RESOURCES, PMI_ENOMEM},  {PMI_ERROR_NOT_SUPPORTED, PMI_ENOSYS},
      {PMI_ERROR_CALL_NOT_IMPLEMENTED, PMI_ENOSYS}, {31, PMI_EIO},
  };
  fake_begin();
  fake_process *process = fake_add(PID, 4, 1000);
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    process->open_failure = expected[i].os_error;
    CHECK_SAME(read(PID), expected[i].code);
    CHECK_SAME(error.code, expected[i].code);
    CHECK_SAME(error.os_error, expected[i].os_error);
  }
}
