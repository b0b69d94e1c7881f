/* The kernel's counters, by name. */
#include "check.h"
#include "fake.h"
#include "pmi.h"

#include <errno.h>
#include <string.h>

enum { PID = 400 };

static pmi_error error;

static fake_process *begin(void) {
  fake_begin();
  return fake_add(PID, 1, 1000);
}

static pmi_values read(void) {
  pmi_values counters = {0};
  CHECK_SAME(pmi_read_counters(PID, &counters, &error), PMI_OK);
  check_nothing_left();
  return counters;
}

/* Whether the counter exists with this unit and value. */
static bool has(const pmi_values *counters, const char *name, pmi_unit unit, uint64_t value) {
  for (size_t i = 0; i < counters->count; i++)
    if (strcmp(counters->items[i].name, name) == 0)
      return counters->items[i].unit == unit && counters->items[i].value == value;
  return false;
}

static bool lacks(const pmi_values *counters, const char *name) {
  for (size_t i = 0; i < counters->count; i++)
    if (strcmp(counters->items[i].name, name) == 0)
      return false;
  return true;
}

TEST(reports_each_counter_by_name) {
  begin();
  pmi_values counters = read();
  CHECK_SAME(counters.count, 13);
  CHECK(has(&counters, "rss", PMI_BYTES, 50 * MIB));
  CHECK(has(&counters, "vms", PMI_BYTES, 400 * GIB));
  CHECK(has(&counters, "pageFaults", PMI_COUNT, 12000));
  CHECK(has(&counters, "pageins", PMI_COUNT, 340));
  CHECK(has(&counters, "copyOnWriteFaults", PMI_COUNT, 560));
  CHECK(has(&counters, "footprint", PMI_BYTES, 30 * MIB));
  CHECK(has(&counters, "peakFootprint", PMI_BYTES, 90 * MIB));
  CHECK(has(&counters, "wired", PMI_BYTES, MIB));
  CHECK(has(&counters, "peakRss", PMI_BYTES, 80 * MIB));
  CHECK(has(&counters, "internal", PMI_BYTES, 20 * MIB));
  CHECK(has(&counters, "external", PMI_BYTES, 25 * MIB));
  CHECK(has(&counters, "reusable", PMI_BYTES, 3 * MIB));
  CHECK(has(&counters, "compressed", PMI_BYTES, 10 * MIB));
}

TEST(lists_only_reported_counters) {
  fake_process *process = begin();
  process->port_failure = PMI_KERN_FAILURE;
  pmi_values counters = read();
  CHECK_SAME(counters.count, 8);
  CHECK(lacks(&counters, "peakRss"));
  CHECK(lacks(&counters, "internal"));
  CHECK(lacks(&counters, "compressed"));
}

/* Signed counters of 32 bits, which stop at the largest number. */
TEST(leaves_out_saturated_counts) {
  fake_process *process = begin();
  process->task.faults = INT32_MAX;
  process->task.cow_faults = INT32_MAX - 1;
  process->usage.pageins = UINT64_C(5000000000);
  pmi_values counters = read();
  CHECK(lacks(&counters, "pageFaults"));
  CHECK(has(&counters, "copyOnWriteFaults", PMI_COUNT, INT32_MAX - 1));
  CHECK(has(&counters, "pageins", PMI_COUNT, UINT64_C(5000000000)));
  process->task.cow_faults = INT32_MAX;
  counters = read();
  CHECK(lacks(&counters, "copyOnWriteFaults"));
}

TEST(reports_zeros_and_no_peak_for_a_zombie) {
  fake_exit(begin());
  pmi_values counters = read();
  CHECK_SAME(counters.count, 11);
  CHECK(lacks(&counters, "peakRss"));
  CHECK(lacks(&counters, "peakFootprint"));
  for (size_t i = 0; i < counters.count; i++)
    CHECK_SAME(counters.items[i].value, 0);
}

static int when;

static void exit_then(int call) {
  if (call == when)
    fake_exit(&fake.processes[0]);
}

TEST(never_mixes_a_zombie_with_a_running_process) {
  for (when = 1;; when++) {
    begin();
    fake.before_call = exit_then;
    pmi_values counters = read();
    if (fake.calls < when)
      break;
    for (size_t i = 0; i < counters.count; i++)
      CHECK_SAME(counters.items[i].value, 0);
  }
  CHECK_SAME(when, 7);
}

TEST(reports_which_call_was_refused) {
  pmi_values counters = {.count = 77};
  fake_process *process = begin();
  process->task_failure = EPERM;
  CHECK_SAME(pmi_read_counters(PID, &counters, &error), PMI_EPERM);
  CHECK_TEXT(error.syscall, "proc_pidinfo");
  process->gone = true;
  CHECK_SAME(pmi_read_counters(PID, &counters, &error), PMI_ESRCH);
  CHECK_SAME(counters.count, 77);
}
