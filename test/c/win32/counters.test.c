/* Which members of which structure count as filled in. */
#include "check.h"
#include "fake.h"
#include "pmi.h"
#include "suites.h"
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

static void lists_every_counter_in_order(void) {
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
  if (!CHECK_SAME(counters.count, 14))
    return;
  for (size_t i = 0; i < 14; i++) {
    CHECK_TEXT(counters.items[i].name, names[i]);
    CHECK_SAME(counters.items[i].value, values[i]);
    CHECK_SAME(counters.items[i].unit, i == 0 ? PMI_COUNT : PMI_BYTES);
  }
  CHECK_SAME(fake.calls, 4); /* open, read twice, check for its exit */
}

static void leaves_out_virtual_sizes_if_ntdll_refuses(void) {
  begin()->nt_failure = PMI_STATUS_ACCESS_DENIED;
  pmi_values counters = read_counters();
  CHECK_SAME(counters.count, 12);
  CHECK(find(&counters, "virtualSize") == NULL);
}

static void reports_hard_faults_if_the_list_is_read(void) {
  begin()->rights = 0;
  pmi_values counters = read_counters();
  CHECK_SAME(value_of(&counters, "hardFaultCount"), 17);
  CHECK_SAME(value_of(&counters, "virtualSize"), 900 * 4096);
  CHECK_SAME(value_of(&counters, "peakVirtualSize"), 950 * 4096);
  CHECK(find(&counters, "sharedCommitUsage") == NULL); /* the list has none */
  CHECK_SAME(counters.count, 14);
}

static void reads_its_own_process_without_opening_it(void) {
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
  if (CHECK_SAME(pmi_open_handle(fake.own_pid, &handle, &error), PMI_OK)) {
    CHECK_SAME(pmi_handle_creation_time_ms(handle), 1000000);
    CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
    CHECK(alive);
    CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_OK);
    pmi_close_handle(handle);
  }
  CHECK_SAME(fake.opens, 0);
  CHECK_SAME(fake.open_handles, 0);
}

static void reads_all_from_ex2_without_another_call(void) {
  begin();
  pmi_memory memory = read_memory();
  CHECK_SAME(memory.working_set, 50 * 4096);
  CHECK_SAME(memory.peak_working_set, 60 * 4096);
  CHECK_SAME(memory.private_bytes, 70 * 4096);
  CHECK_SAME(memory.shared_bytes, 20 * 4096);
  CHECK_SAME(memory.known, PMI_PEAK | PMI_PRIVATE | PMI_SHARED);
  CHECK_SAME(fake.calls, 3); /* open, read, check for its exit */
}

static void retries_with_smaller_structures(void) {
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

static void never_reports_unwritten_members(void) {
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

static void accepts_a_zero_only_if_cb_covers_it(void) {
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

static void ignores_a_private_working_set_of_0(void) {
  fake_process *process = begin();
  process->nt_failure = PMI_STATUS_ACCESS_DENIED;
  process->counters.private_working_set_size = 0;
  pmi_values counters = read_counters();
  CHECK(find(&counters, "privateWorkingSetSize") == NULL);
  CHECK_SAME(read_memory().known, PMI_PEAK | PMI_PRIVATE);
  process->counters.ex.base.working_set_size = 0;
  CHECK_SAME(read_memory().known, PMI_PEAK | PMI_PRIVATE | PMI_SHARED);
}

static void leaves_out_shared_if_private_exceeds_the_total(void) {
  begin()->counters.private_working_set_size = 51 * 4096;
  CHECK_SAME(read_memory().known, PMI_PEAK | PMI_PRIVATE);
}

static void falls_back_to_ntdll_for_private_usage(void) {
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

static void accepts_either_status_for_a_structure_that_is_too_large(void) {
  fake_process *process = begin();
  process->psapi_written = sizeof(pmi_psapi_counters);
  process->nt_largest = sizeof(pmi_nt_counters_ex);
  fake.too_small = PMI_STATUS_BUFFER_TOO_SMALL;
  CHECK_SAME(read_memory().private_bytes, 70 * 4096);
  CHECK_SAME(fake.lists, 0);
}

static void ignores_returned_lengths_of_64_bit_structures(void) {
  fake_process *process = begin();
  fake.is_wow64 = true;
  process->psapi_failure = PMI_ERROR_ACCESS_DENIED;
  process->nt_written = sizeof(pmi_nt_counters_ex);
  pmi_values counters = read_counters();
  CHECK(find(&counters, "privateUsage") != NULL);
  CHECK(find(&counters, "privateWorkingSetSize") == NULL);
  CHECK(find(&counters, "sharedCommitUsage") == NULL);
}

static void falls_back_to_the_list_for_private_usage(void) {
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

static void falls_back_if_psapi_is_refused(void) {
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
  CHECK_SAME(fake.open_handles, 0);
}

static void rejects_partial_answers_of_psapi(void) {
  fake_process *process = begin();
  process->psapi_written = 24;
  CHECK_SAME(read_memory().working_set, 50 * 4096);
  process->nt_failure = PMI_STATUS_NOT_SUPPORTED;
  fake.list_failure = PMI_STATUS_NOT_SUPPORTED;
  pmi_memory memory;
  CHECK_SAME(pmi_read_memory(PID, &memory, &error), PMI_EIO);
}

static void supports_sizes_beyond_4_gib(void) {
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

void counters_suite(void) {
  RUN(lists_every_counter_in_order);
  RUN(leaves_out_virtual_sizes_if_ntdll_refuses);
  RUN(reports_hard_faults_if_the_list_is_read);
  RUN(reads_its_own_process_without_opening_it);
  RUN(reads_all_from_ex2_without_another_call);
  RUN(retries_with_smaller_structures);
  RUN(never_reports_unwritten_members);
  RUN(accepts_a_zero_only_if_cb_covers_it);
  RUN(ignores_a_private_working_set_of_0);
  RUN(leaves_out_shared_if_private_exceeds_the_total);
  RUN(falls_back_to_ntdll_for_private_usage);
  RUN(accepts_either_status_for_a_structure_that_is_too_large);
  RUN(ignores_returned_lengths_of_64_bit_structures);
  RUN(falls_back_to_the_list_for_private_usage);
  RUN(falls_back_if_psapi_is_refused);
  RUN(rejects_partial_answers_of_psapi);
  RUN(supports_sizes_beyond_4_gib);
}
