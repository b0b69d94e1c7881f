/* The machine's memory, and the limits of jobs. */
#include "check.h"
#include "fake.h"
#include "pmi.h"
#include "values.h"

enum { OWN = 100, OTHER = 400 };

static pmi_error error;

TEST(distinguishes_swap_from_commit) {
  pmi_values system = {0};
  fake_begin();
  CHECK_SAME(pmi_read_system(&system, &error), PMI_OK);
  CHECK_SAME(value_of(&system, "total"), UINT64_C(64) << 30);
  CHECK_SAME(value_of(&system, "free"), UINT64_C(40) << 30);
  CHECK_SAME(value_of(&system, "available"), UINT64_C(40) << 30);
  CHECK_TEXT(names_of(&system), "total free available swapTotal swapFree commitLimit commitUsed");
  CHECK_SAME(value_of(&system, "swapTotal"), UINT64_C(3000000) * 4096);
  CHECK_SAME(value_of(&system, "swapFree"), UINT64_C(2000000) * 4096);
  CHECK_SAME(value_of(&system, "commitLimit"), UINT64_C(20000000) * 4096);
  CHECK_SAME(value_of(&system, "commitUsed"), UINT64_C(5000000) * 4096);
}

TEST(works_without_commit_figures) {
  pmi_values system = {0};
  fake_begin();
  fake.performance_failure = PMI_ERROR_ACCESS_DENIED;
  CHECK_SAME(pmi_read_system(&system, &error), PMI_OK);
  CHECK_TEXT(names_of(&system), "total free available swapTotal swapFree");
  fake_begin();
  fake.performance.commit_total = UINT64_MAX;
  CHECK_SAME(pmi_read_system(&system, &error), PMI_OK);
  CHECK_TEXT(names_of(&system), "total free available swapTotal swapFree");
  fake.memory_failure = PMI_ERROR_NOT_SUPPORTED;
  CHECK_SAME(pmi_read_system(&system, &error), PMI_ENOSYS);
  CHECK_TEXT(error.syscall, "GlobalMemoryStatusEx");
}

TEST(reports_page_files_as_swap) {
  pmi_values system = {0};
  fake_begin();
  fake.page_files = (pmi_os_page_files){0}; /* a machine may have none */
  CHECK_SAME(pmi_read_system(&system, &error), PMI_OK);
  CHECK_SAME(value_of(&system, "swapTotal"), 0);
  CHECK_SAME(value_of(&system, "swapFree"), 0);
  for (int i = 0; i < 3; i++) {
    fake_begin();
    fake.page_files_failure = i == 0 ? PMI_ERROR_CALL_NOT_IMPLEMENTED : 0;
    fake.page_files.in_use = i == 1 ? fake.page_files.total + 1 : 0;
    fake.page_files.total = i == 2 ? UINT64_MAX : fake.page_files.total;
    CHECK_SAME(pmi_read_system(&system, &error), PMI_OK);
    CHECK_TEXT(names_of(&system), "total free available commitLimit commitUsed");
  }
}

static pmi_limit read(uint32_t pid, bool complete) {
  pmi_limit limit = {.values.count = 77};
  CHECK_SAME(pmi_read_limit(pid, &limit, &error), PMI_OK);
  CHECK_SAME(limit.complete, complete);
  CHECK_TEXT(limit.source, "");
  CHECK_SAME(fake.open_handles, 0);
  return limit;
}

static const uint64_t gib = UINT64_C(1) << 30;
static fake_job job;
static fake_job outer;
static fake_process *own;
static fake_process *other;

/* This process is in a job, the other is not. */
static void begin(void) {
  fake_begin();
  job = (fake_job){.memory = {.available_commit = UINT64_MAX, .private_commit_usage = 1000 * 4096}};
  outer = (fake_job){0};
  own = fake_add(OWN, 4, 1000);
  other = fake_add(OTHER, 4, 1000);
  own->job = &job;
}

TEST(finds_no_limit_without_a_job) {
  begin();
  own->job = NULL;
  fake.job_failure = PMI_ERROR_ACCESS_DENIED;
  fake.job_memory_failure = PMI_ERROR_ACCESS_DENIED;
  CHECK_SAME(read(OWN, true).values.count, 0);
  CHECK_SAME(read(OTHER, true).values.count, 0);
}

TEST(reopens_with_more_rights_if_needed) {
  pmi_limit limit;
  begin();
  other->job_is_private = true;
  CHECK_SAME(read(OTHER, true).values.count, 0);
  other->rights = PMI_PROCESS_QUERY_LIMITED_INFORMATION;
  CHECK_SAME(pmi_read_limit(OTHER, &limit, &error), PMI_EPERM);
  CHECK_TEXT(error.syscall, "OpenProcess");

  job.memory.available_commit = gib;
  other->job = &job;
  other->job_is_private = false;
  other->job_memory_is_private = true;
  CHECK_SAME(pmi_read_limit(OTHER, &limit, &error), PMI_EPERM);
  other->rights = FAKE_ALL_RIGHTS;
  limit = read(OTHER, false);
  CHECK_SAME(value_of(&limit.values, "available"), gib);
}

TEST(finds_the_limit_of_its_whole_job) {
  begin();
  job.limits = (pmi_os_job_limits){.has_job_limit = true, .job_limit = 9 * gib};
  job.memory.available_commit = 10 * gib;
  pmi_limit limit = read(OWN, false);
  CHECK_TEXT(names_of(&limit.values), "limit usage usageWithoutCache available");
  CHECK_SAME(value_of(&limit.values, "limit"), 9 * gib);
  CHECK_SAME(value_of(&limit.values, "usage"), 1000 * 4096);
  CHECK_SAME(value_of(&limit.values, "usageWithoutCache"), 1000 * 4096);
  CHECK_SAME(value_of(&limit.values, "available"), 9 * gib - 1000 * 4096);

  job.memory.available_commit = 2 * gib;
  limit = read(OWN, false);
  CHECK_SAME(value_of(&limit.values, "available"), 2 * gib);

  fake.job_memory_failure = PMI_ERROR_CALL_NOT_IMPLEMENTED;
  limit = read(OWN, false);
  CHECK_TEXT(names_of(&limit.values), "limit"); /* what the other processes have committed is unknown */
}

TEST(finds_the_limit_per_process_of_its_own_job) {
  begin();
  job.limits = (pmi_os_job_limits){.has_process_limit = true, .process_limit = 100 * 4096};
  pmi_limit limit = read(OWN, false);
  CHECK_TEXT(names_of(&limit.values), "limit usage usageWithoutCache available");
  CHECK_SAME(value_of(&limit.values, "limit"), 100 * 4096);
  CHECK_SAME(value_of(&limit.values, "usage"), 70 * 4096);
  CHECK_SAME(value_of(&limit.values, "available"), 30 * 4096);
  job.limits.process_limit = 60 * 4096;
  limit = read(OWN, false);
  CHECK_SAME(value_of(&limit.values, "available"), 0);

  /* All processes share the job's limit, so it is reached first if both are equal. */
  job.limits = (pmi_os_job_limits){true, true, 9 * gib, 9 * gib};
  job.memory.available_commit = 5 * gib;
  limit = read(OWN, false);
  CHECK_SAME(value_of(&limit.values, "usage"), 1000 * 4096);
}

/* libuv assigns every child of Node.js to its own job, which has no limit. */
TEST(never_reports_no_limit_for_a_process_in_a_job) {
  pmi_limit limit;
  begin();
  outer.limits = (pmi_os_job_limits){.has_job_limit = true, .job_limit = 300 * 4096};
  job.outer = &outer;
  for (int i = 0; i < 2; i++) {
    CHECK_SAME(pmi_read_limit(OWN, &limit, &error), PMI_ENOSYS);
    CHECK_TEXT(error.syscall, "GetProcessInformation");
    fake.job_memory_failure = PMI_ERROR_CALL_NOT_IMPLEMENTED;
  }
}

TEST(reports_available_memory_without_a_limit) {
  begin();
  job.memory.available_commit = 200 * 4096;
  other->job = &job;
  for (int i = 0; i < 2; i++) {
    pmi_limit limit = read(i == 0 ? OWN : OTHER, false);
    CHECK_TEXT(names_of(&limit.values), "usage usageWithoutCache available");
    CHECK_SAME(value_of(&limit.values, "usage"), 1000 * 4096);
    CHECK_SAME(value_of(&limit.values, "available"), 200 * 4096);
  }
}

TEST(reports_why_the_limit_of_a_job_is_unknown) {
  pmi_limit limit;
  begin();
  other->job = &job;
  CHECK_SAME(pmi_read_limit(OTHER, &limit, &error), PMI_ENOSYS);
  CHECK_TEXT(error.syscall, "GetProcessInformation");
  other->rights = 0;
  CHECK_SAME(pmi_read_limit(OTHER, &limit, &error), PMI_EPERM);
  CHECK_SAME(pmi_read_limit(404, &limit, &error), PMI_ESRCH);
  fake.job_failure = PMI_ERROR_ACCESS_DENIED;
  CHECK_SAME(pmi_read_limit(OWN, &limit, &error), PMI_EPERM);
  CHECK_TEXT(error.syscall, "QueryInformationJobObject");
}
