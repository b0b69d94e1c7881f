/* The machine's memory, and the limits of jobs. */
#include "check.h"
#include "fake.h"
#include "pmi.h"
#include "suites.h"
#include "values.h"

enum { OWN = 100, OTHER = 400 };

static pmi_error error;

static void tells_commit_apart_from_swap(void) {
  pmi_values system = {0};
  fake_begin();
  CHECK_SAME(pmi_read_system(&system, &error), PMI_OK);
  CHECK_SAME(value_of(&system, "total"), UINT64_C(64) << 30);
  CHECK_SAME(value_of(&system, "free"), UINT64_C(40) << 30);
  CHECK_SAME(value_of(&system, "available"), UINT64_C(40) << 30);
  CHECK_TEXT(names_of(&system), "total free available commitLimit commitUsed");
  CHECK_SAME(value_of(&system, "commitLimit"), UINT64_C(20000000) * 4096);
  CHECK_SAME(value_of(&system, "commitUsed"), UINT64_C(5000000) * 4096);
}

static void does_without_commit_figures(void) {
  pmi_values system = {0};
  fake_begin();
  fake.performance_failure = PMI_ERROR_ACCESS_DENIED;
  CHECK_SAME(pmi_read_system(&system, &error), PMI_OK);
  CHECK_TEXT(names_of(&system), "total free available");
  fake_begin();
  fake.performance.commit_total = UINT64_MAX;
  CHECK_SAME(pmi_read_system(&system, &error), PMI_OK);
  CHECK_TEXT(names_of(&system), "total free available");
  fake.memory_failure = PMI_ERROR_NOT_SUPPORTED;
  CHECK_SAME(pmi_read_system(&system, &error), PMI_ENOSYS);
  CHECK_TEXT(error.syscall, "GlobalMemoryStatusEx");
}

static pmi_limit read(uint32_t pid) {
  pmi_limit limit = {.values.count = 77};
  CHECK_SAME(pmi_read_limit(pid, &limit, &error), PMI_OK);
  CHECK(limit.complete);
  CHECK_SAME(fake.open_handles, 0);
  return limit;
}

static void begin(void) {
  fake_begin();
  fake_add(OWN, 4, 1000);
  fake_add(OTHER, 4, 1000);
}

static void finds_no_limit_without_a_job(void) {
  begin();
  fake.job_failure = PMI_ERROR_ACCESS_DENIED;
  for (int i = 0; i < 2; i++) {
    pmi_limit limit = read(i == 0 ? OWN : OTHER);
    CHECK_SAME(limit.values.count, 0);
  }
}

static void asks_with_more_rights_where_it_takes_them(void) {
  pmi_limit limit;
  begin();
  fake.processes[1].job_is_private = true;
  CHECK_SAME(read(OTHER).values.count, 0);
  fake.processes[1].rights = PMI_PROCESS_QUERY_LIMITED_INFORMATION;
  CHECK_SAME(pmi_read_limit(OTHER, &limit, &error), PMI_EPERM);
  CHECK_TEXT(error.syscall, "OpenProcess");
  CHECK_SAME(fake.open_handles, 0);
}

static void finds_the_tighter_limit_of_the_own_job(void) {
  begin();
  fake.processes[0].in_job = true;
  CHECK_SAME(read(OWN).values.count, 0);

  fake.job = (pmi_os_job_limits){.has_job_limit = true, .job_limit = UINT64_C(9) << 30};
  pmi_limit limit = read(OWN);
  CHECK_SAME(value_of(&limit.values, "limit"), UINT64_C(9) << 30);
  CHECK_TEXT(names_of(&limit.values), "limit"); /* what the others have committed is not known */

  fake.job.has_process_limit = true;
  fake.job.process_limit = 100 * 4096;
  limit = read(OWN);
  CHECK_SAME(value_of(&limit.values, "limit"), 100 * 4096);
  CHECK_SAME(value_of(&limit.values, "usage"), 70 * 4096);
  CHECK_SAME(value_of(&limit.values, "usageWithoutCache"), 70 * 4096);
  CHECK_SAME(value_of(&limit.values, "available"), 30 * 4096);
  CHECK_TEXT(names_of(&limit.values), "limit usage usageWithoutCache available");
  fake.job.process_limit = 60 * 4096;
  limit = read(OWN);
  CHECK_SAME(value_of(&limit.values, "available"), 0);

  fake.job.process_limit = UINT64_C(9) << 30;
  limit = read(OWN);
  CHECK_TEXT(names_of(&limit.values), "limit"); /* all share it: the job's is as tight, and binds first */
  CHECK_TEXT(limit.source, "");
}

static void cannot_tell_the_limit_of_another_job(void) {
  pmi_limit limit;
  begin();
  fake.processes[1].in_job = true;
  CHECK_SAME(pmi_read_limit(OTHER, &limit, &error), PMI_ENOSYS);
  CHECK_TEXT(error.syscall, "QueryInformationJobObject");
  fake.processes[1].rights = 0;
  CHECK_SAME(pmi_read_limit(OTHER, &limit, &error), PMI_EPERM);
  CHECK_SAME(pmi_read_limit(404, &limit, &error), PMI_ESRCH);
  fake.processes[0].in_job = true;
  fake.job_failure = PMI_ERROR_ACCESS_DENIED;
  CHECK_SAME(pmi_read_limit(OWN, &limit, &error), PMI_EPERM);
  CHECK_SAME(fake.open_handles, 0);
}

void machine_suite(void) {
  RUN(tells_commit_apart_from_swap);
  RUN(does_without_commit_figures);
  RUN(finds_no_limit_without_a_job);
  RUN(asks_with_more_rights_where_it_takes_them);
  RUN(finds_the_tighter_limit_of_the_own_job);
  RUN(cannot_tell_the_limit_of_another_job);
}
