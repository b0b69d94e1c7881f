/* Which members of which structure count as filled in. */
#include "check.h"
#include "fake.h"
#include "pmi.h"
#include "values.h"

#include <string.h>

enum { PID = 400 };

static pmi_error error;

static const pmi_value *find(const pmi_values *counters, const char *name) {
  for (size_t i = 0; i < counters->count; i++)
    if (strcmp(counters->items[i].name, name) == 0)
      return &counters->items[i];
  return NULL;
}

static pmi_values read_counters(void) {
  pmi_values counters = {0};
  CHECK_SAME(pmi_read_counters(PID, &counters, &error), PMI_OK);
  CHECK_SAME(fake.open_handles, 0);
  return counters;
}

static pmi_memory read_memory(void) {
  pmi_memory memory = {0};
  CHECK_SAME(pmi_read_memory(PID, &memory, &error), PMI_OK);
  CHECK_SAME(fake.open_handles, 0);
  return memory;
}

static fake_process *begin(void) {
  fake_begin();
  return fake_add(PID, 4, 1000);
}

TEST(lists_every_counter_in_order) {
  static const char *const names[] = {"pageFaultCount",
                                      "peakWorkingSetSize",
                                      "workingSetSize",
                                      "quotaPeakPagedPoolUsage",
                                      "quotaPagedPoolUsage",
                                      "quotaPeakNonPagedPoolUsage",
                                      "quotaNonPagedPoolUsage",
                                      "pagefileUsage",
                                      "peakPagefileUsage",
                                      "privateUsage",
                                      "privateWorkingSetSize",
                                      "sharedCommitUsage",
                                      "virtualSize",
                                      "peakVirtualSize"};
  static const uint64_t values[] = {11,        60 * 4096, 50 * 4096, 12,        13, 14,         15,
                                    70 * 4096, 80 * 4096, 70 * 4096, 30 * 4096, 16, 900 * 4096, 950 * 4096};
  begin();
  pmi_values counters = read_counters();
  CHECK_SAME(counters.count, 14);
  for (size_t i = 0; i < 14; i++) {
    CHECK_TEXT(counters.items[i].name, names[i]);
    CHECK_SAME(counters.items[i].value, values[i]);
    CHECK_SAME(counters.items[i].unit, i == 0 ? PMI_COUNT : PMI_BYTES);
  }
  CHECK_SAME(fake.calls, 4); /* open, read twice, check for its exit */
}

TEST(leaves_out_virtual_sizes_if_ntdll_refuses) {
  begin()->nt_failure = PMI_STATUS_ACCESS_DENIED;
  pmi_values counters = read_counters();
  CHECK_SAME(counters.count, 12);
  CHECK(find(&counters, "virtualSize") == NULL);
}

TEST(reports_hard_faults_if_the_list_is_read) {
  begin()->rights = 0;
  pmi_values counters = read_counters();
  CHECK_SAME(value_of(&counters, "hardFaultCount"), 17);
  CHECK_SAME(value_of(&counters, "virtualSize"), 900 * 4096);
  CHECK_SAME(value_of(&counters, "peakVirtualSize"), 950 * 4096);
  CHECK(find(&counters, "sharedCommitUsage") == NULL); /* the list has none */
  CHECK_SAME(counters.count, 14);
}

TEST(reads_its_own_process_without_opening_it) {
  fake_begin();
  fake_add(fake.own_pid, 4, 1000);
  pmi_memory memory = {0};
  pmi_footprint footprint;
  pmi_handle *handle = NULL;
  bool alive = false;
  CHECK_SAME(pmi_read_memory(fake.own_pid, &memory, &error), PMI_OK);
  CHECK_SAME(memory.working_set, 50 * 4096);
  CHECK_SAME(fake.calls, 1);
  CHECK_SAME(pmi_read_footprint(fake.own_pid, &footprint, &error), PMI_OK);
  CHECK_SAME(value_of(&footprint.values, "uss"), 0); /* its pages can be queried; it has none */
  CHECK_SAME(pmi_open_handle(fake.own_pid, &handle, &error), PMI_OK);
  CHECK_SAME(pmi_handle_creation_time_ms(handle), 1000000);
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
  CHECK(alive);
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_OK);
  pmi_close_handle(handle);
  CHECK_SAME(fake.opens, 0);
}

TEST(reads_all_from_ex2_without_another_call) {
  begin();
  pmi_memory memory = read_memory();
  CHECK_SAME(memory.working_set, 50 * 4096);
  CHECK_SAME(memory.peak_working_set, 60 * 4096);
  CHECK_SAME(memory.private_bytes, 70 * 4096);
  CHECK_SAME(memory.shared_bytes, 20 * 4096);
  CHECK_SAME(memory.known, PMI_PEAK | PMI_PRIVATE | PMI_SHARED);
  CHECK_SAME(fake.calls, 3); /* open, read, check for its exit */
}

TEST(retries_with_smaller_structures) {
  fake_process *process = begin();
  process->nt_failure = PMI_STATUS_ACCESS_DENIED;
  process->psapi_largest = sizeof(pmi_psapi_counters_ex);
  pmi_values counters = read_counters();
  CHECK_SAME(counters.count, 10);
  CHECK(find(&counters, "privateUsage") != NULL);
  CHECK_SAME(read_memory().known, PMI_PEAK | PMI_PRIVATE);
  CHECK_SAME(fake.lists, 0);

  process->psapi_largest = sizeof(pmi_psapi_counters);
  fake.list_failure = PMI_STATUS_ACCESS_DENIED;
  CHECK_SAME(read_counters().count, 9);
  CHECK_SAME(read_memory().known, PMI_PEAK);
}

TEST(never_reports_unwritten_members) {
  fake_process *process = begin();
  process->nt_failure = PMI_STATUS_ACCESS_DENIED;
  fake.list_failure = PMI_STATUS_ACCESS_DENIED;
  /* As in Wine: succeeds for any size and fills in the base, regardless of the size that it reports. */
  process->psapi_written = sizeof(pmi_psapi_counters);
  for (int i = 0; i < 2; i++) {
    pmi_values counters = read_counters();
    CHECK_SAME(counters.count, 9);
    CHECK(find(&counters, "privateUsage") == NULL);
    CHECK_SAME(read_memory().known, PMI_PEAK);
    process->psapi_leaves_cb = true;
  }
  process->psapi_written = sizeof(pmi_psapi_counters_ex);
  pmi_values counters = read_counters();
  CHECK_SAME(counters.count, 10);
  CHECK(find(&counters, "privateWorkingSetSize") == NULL);
}

TEST(accepts_a_zero_only_if_cb_covers_it) {
  fake_process *process = begin();
  process->nt_failure = PMI_STATUS_ACCESS_DENIED;
  fake.list_failure = PMI_STATUS_ACCESS_DENIED;
  process->counters.ex.private_usage = 0;
  process->psapi_cb = sizeof(pmi_psapi_counters);
  pmi_values counters = read_counters();
  CHECK(find(&counters, "privateUsage") == NULL);
  CHECK(find(&counters, "privateWorkingSetSize") != NULL); /* not 0, so it was written */
  process->psapi_cb = sizeof(pmi_psapi_counters_ex2);
  counters = read_counters();
  CHECK(find(&counters, "privateUsage") != NULL);
}

TEST(ignores_a_private_working_set_of_0) {
  fake_process *process = begin();
  process->nt_failure = PMI_STATUS_ACCESS_DENIED;
  process->counters.private_working_set_size = 0;
  pmi_values counters = read_counters();
  CHECK(find(&counters, "privateWorkingSetSize") == NULL);
  CHECK_SAME(read_memory().known, PMI_PEAK | PMI_PRIVATE);
  process->counters.ex.base.working_set_size = 0;
  CHECK_SAME(read_memory().known, PMI_PEAK | PMI_PRIVATE | PMI_SHARED);
}

TEST(leaves_out_shared_if_private_exceeds_the_total) {
  begin()->counters.private_working_set_size = 51 * 4096;
  CHECK_SAME(read_memory().known, PMI_PEAK | PMI_PRIVATE);
}

TEST(falls_back_to_ntdll_for_private_usage) {
  fake_process *process = begin();
  process->psapi_written = sizeof(pmi_psapi_counters);
  process->nt_largest = sizeof(pmi_nt_counters_ex);
  pmi_memory memory = read_memory();
  CHECK_SAME(memory.known, PMI_PEAK | PMI_PRIVATE);
  CHECK_SAME(memory.private_bytes, 70 * 4096);
  CHECK_SAME(fake.lists, 0);
  process->nt_largest = sizeof(pmi_nt_counters_ex2);
  CHECK_SAME(read_memory().shared_bytes, 20 * 4096);
  CHECK_SAME(read_counters().count, 14);
  CHECK_SAME(fake.lists, 0);
}

TEST(accepts_either_status_for_a_structure_that_is_too_large) {
  fake_process *process = begin();
  process->psapi_written = sizeof(pmi_psapi_counters);
  process->nt_largest = sizeof(pmi_nt_counters_ex);
  fake.too_small = PMI_STATUS_BUFFER_TOO_SMALL;
  CHECK_SAME(read_memory().private_bytes, 70 * 4096);
  CHECK_SAME(fake.lists, 0);
}

TEST(ignores_returned_lengths_of_64_bit_structures) {
  fake_process *process = begin();
  fake.is_wow64 = true;
  process->psapi_failure = PMI_ERROR_ACCESS_DENIED;
  process->nt_written = sizeof(pmi_nt_counters_ex);
  pmi_values counters = read_counters();
  CHECK(find(&counters, "privateUsage") != NULL);
  CHECK(find(&counters, "privateWorkingSetSize") == NULL);
  CHECK(find(&counters, "sharedCommitUsage") == NULL);
}

TEST(falls_back_to_the_list_for_private_usage) {
  fake_process *process = begin();
  process->psapi_written = sizeof(pmi_psapi_counters);
  process->nt_largest = sizeof(pmi_nt_counters);
  pmi_memory memory = read_memory();
  CHECK_SAME(memory.known, PMI_PEAK | PMI_PRIVATE | PMI_SHARED);
  CHECK_SAME(memory.private_bytes, 70 * 4096);
  CHECK_SAME(fake.lists, 1);
  process->nt_written = sizeof(pmi_nt_counters) / 2; /* an incomplete structure is discarded */
  CHECK_SAME(read_memory().known, PMI_PEAK | PMI_PRIVATE | PMI_SHARED);
  CHECK_SAME(fake.lists, 2);
}

TEST(falls_back_if_psapi_is_refused) {
  fake_process *process = begin();
  process->psapi_failure = PMI_ERROR_ACCESS_DENIED;
  CHECK_SAME(read_counters().count, 14);
  CHECK_SAME(fake.lists, 0);
  process->nt_failure = PMI_STATUS_ACCESS_DENIED;
  CHECK_SAME(read_counters().count, 14); /* the list has hard faults, and no shared commit */
  CHECK_SAME(fake.lists, 1);
  fake.list_failure = PMI_STATUS_ACCESS_DENIED;
  pmi_values counters;
  CHECK_SAME(pmi_read_counters(PID, &counters, &error), PMI_EPERM);
  CHECK_TEXT(error.syscall, "GetProcessMemoryInfo");
  CHECK_SAME(error.os_error, PMI_ERROR_ACCESS_DENIED);
}

TEST(rejects_partial_answers_of_psapi) {
  fake_process *process = begin();
  process->psapi_written = 24;
  CHECK_SAME(read_memory().working_set, 50 * 4096);
  process->nt_failure = PMI_STATUS_NOT_SUPPORTED;
  fake.list_failure = PMI_STATUS_NOT_SUPPORTED;
  pmi_memory memory;
  CHECK_SAME(pmi_read_memory(PID, &memory, &error), PMI_EIO);
}

TEST(supports_sizes_beyond_4_gib) {
#if UINTPTR_MAX > 0xffffffffU
  fake_process *process = begin();
  const uint64_t gib = UINT64_C(1) << 30;
  process->counters.ex.base.working_set_size = 9 * gib;
  process->counters.ex.base.peak_working_set_size = 4096 * gib;
  process->counters.ex.private_usage = 12 * gib + 4096;
  process->counters.private_working_set_size = 4 * gib;
  pmi_memory memory = read_memory();
  CHECK_SAME(memory.working_set, 9 * gib);
  CHECK_SAME(memory.peak_working_set, 4096 * gib);
  CHECK_SAME(memory.private_bytes, 12 * gib + 4096);
  CHECK_SAME(memory.shared_bytes, 5 * gib);
  process->rights = 0;
  process->listed_private = (int64_t)(5 * gib);
  memory = read_memory();
  CHECK_SAME(memory.private_bytes, 12 * gib + 4096);
  CHECK_SAME(memory.shared_bytes, 4 * gib);
#endif
}
