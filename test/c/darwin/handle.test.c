/* A handle stays bound to its process, even if the pid is reused. */
#include "check.h"
#include "fake.h"
#include "pmi.h"
#include "values.h"

#include <errno.h>

enum { PID = 400 };

static pmi_error error;

static fake_process *begin(void) {
  fake_begin();
  return fake_add(PID, 1, 1000);
}

static pmi_handle *open_handle(void) {
  pmi_handle *handle = NULL;
  CHECK_SAME(pmi_open_handle(PID, &handle, &error), PMI_OK);
  return handle;
}

static bool is_alive(const pmi_handle *handle) {
  bool alive = -1;
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
  return alive == 1;
}

static void close_handle(pmi_handle *handle) {
  pmi_close_handle(handle);
  check_nothing_left();
}

static void check_all(const pmi_handle *handle, pmi_code expected) {
  pmi_memory memory = {.working_set = 77};
  pmi_values counters = {.count = 77};
  pmi_footprint footprint = {.values.count = 77};
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), expected);
  CHECK_SAME(pmi_handle_read_counters(handle, &counters, &error), expected);
  CHECK_SAME(pmi_handle_read_footprint(handle, &footprint, &error), expected);
  CHECK_SAME(memory.working_set, expected == PMI_OK ? 50 * MIB : 77);
  CHECK_SAME(counters.count, expected == PMI_OK ? 13 : 77);
  if (expected == PMI_OK)
    CHECK_SAME(value_of(&footprint.values, "footprint"), 30 * MIB);
  else
    CHECK_SAME(footprint.values.count, 77);
}

TEST(answers_every_question) {
  begin();
  pmi_handle *handle = open_handle();
  CHECK_SAME(pmi_handle_creation_time_ms(handle), 1000007);
  CHECK(is_alive(handle));
  check_all(handle, PMI_OK);
  CHECK_SAME(fake.open_ports, 0); /* also between queries */
  close_handle(handle);
}

TEST(stays_with_its_process_if_the_pid_is_reused) {
  fake_process *process = begin();
  pmi_handle *handle = open_handle();
  fake_replace(process);
  CHECK(!is_alive(handle));
  int calls = fake.calls;
  check_all(handle, PMI_ESRCH);
  CHECK_SAME(fake.calls - calls, 3); /* the new process was not queried */
  process->refusal = EPERM;
  check_all(handle, PMI_ESRCH);
  close_handle(handle);
}

TEST(distinguishes_processes_started_a_millisecond_apart) {
  fake_process *process = begin();
  pmi_handle *handle = open_handle();
  process->listed.start_microseconds += 1000;
  CHECK(!is_alive(handle));
  close_handle(handle);
}

TEST(fails_after_the_process_has_exited) {
  fake_process *process = begin();
  pmi_handle *handle = open_handle();
  process->gone = true;
  CHECK(!is_alive(handle));
  check_all(handle, PMI_ESRCH);
  close_handle(handle);
}

TEST(reports_zeros_for_a_zombie) {
  fake_process *process = begin();
  pmi_handle *handle = open_handle();
  pmi_memory memory;
  fake_exit(process);
  CHECK(!is_alive(handle));
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_OK);
  CHECK_SAME(memory.working_set, 0);
  close_handle(handle);
  handle = open_handle();
  CHECK(!is_alive(handle));
  close_handle(handle);
}

static int when;

static void replace_then(int call) {
  if (call == when)
    fake_replace(&fake.processes[0]);
}

TEST(notices_that_the_pid_is_reused_meanwhile) {
  for (int question = 0; question < 3; question++) {
    for (int after = 1;; after++) {
      pmi_memory memory = {.working_set = 77};
      pmi_values counters = {.count = 77};
      pmi_footprint footprint = {.values.count = 77};
      begin();
      pmi_handle *handle = open_handle();
      when = fake.calls + after;
      fake.before_call = replace_then;
      pmi_code code = question == 0   ? pmi_handle_read_memory(handle, &memory, &error)
                      : question == 1 ? pmi_handle_read_counters(handle, &counters, &error)
                                      : pmi_handle_read_footprint(handle, &footprint, &error);
      bool happened = fake.calls >= when;
      close_handle(handle);
      if (!happened)
        break;
      CHECK_SAME(code, PMI_ESRCH);
      CHECK(memory.working_set == 77 && counters.count == 77 && footprint.values.count == 77);
    }
  }
}

TEST(does_not_open_refused_or_missing_processes) {
  pmi_handle *handle = NULL;
  fake_process *process = begin();
  process->refusal = EPERM;
  CHECK_SAME(pmi_open_handle(PID, &handle, &error), PMI_EPERM);
  process->gone = true;
  CHECK_SAME(pmi_open_handle(PID, &handle, &error), PMI_ESRCH);
  CHECK(handle == NULL);
}

TEST(reports_that_it_could_not_find_out) {
  bool alive = true;
  begin();
  pmi_handle *handle = open_handle();
  fake.fail_at = 1;
  fake.fail_with = EPERM;
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_EPERM);
  CHECK(alive);
  close_handle(handle);
}
