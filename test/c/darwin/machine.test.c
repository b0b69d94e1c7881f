/* The machine's memory, and limits. */
#include "check.h"
#include "fake.h"
#include "pmi.h"
#include "values.h"

#include <errno.h>

static pmi_error error;

static const pmi_values *read(void) {
  static pmi_values system;
  CHECK_SAME(pmi_read_system(&system, &error), PMI_OK);
  check_nothing_left();
  return &system;
}

static pmi_code fail(void) {
  pmi_values system = {.count = 77};
  pmi_code code = pmi_read_system(&system, &error);
  CHECK_SAME(system.count, 77);
  check_nothing_left();
  return code;
}

TEST(reports_the_machine_in_bytes) {
  fake_begin();
  const pmi_values *system = read();
  CHECK_SAME(value_of(system, "total"), 64 * GIB);
  CHECK_SAME(value_of(system, "free"), 900 * FAKE_PAGE);
  CHECK_SAME(value_of(system, "available"), 3000 * FAKE_PAGE);
  CHECK_SAME(value_of(system, "fileBacked"), 4000 * FAKE_PAGE);
  CHECK_SAME(value_of(system, "purgeable"), 30 * FAKE_PAGE);
  CHECK_SAME(value_of(system, "swapTotal"), 2 * GIB);
  CHECK_SAME(value_of(system, "swapFree"), GIB);
  CHECK_TEXT(names_of(system), "total free available fileBacked purgeable swapTotal swapFree");
}

TEST(supports_both_page_sizes) {
  fake_begin();
  fake.page_size = 4096;
  CHECK_SAME(value_of(read(), "free"), 900 * 4096);
  fake.page_size = 0;
  CHECK_SAME(fail(), PMI_EIO);
  fake.page_size = UINT64_MAX;
  CHECK_SAME(fail(), PMI_EIO);
}

TEST(supports_more_pages_than_32_bits) {
  fake_begin();
  fake.statistics.free_count = UINT32_MAX;
  fake.statistics.inactive_count = UINT32_MAX;
  CHECK_SAME(value_of(read(), "available"), 2 * (uint64_t)UINT32_MAX * FAKE_PAGE);
}

TEST(is_never_negative) {
  fake_begin();
  fake.statistics.speculative_count = 1001;
  CHECK_SAME(value_of(read(), "free"), 0);
}

TEST(leaves_out_swap_if_it_is_not_reported) {
  fake_begin();
  fake.swap_failure = EPERM;
  CHECK_TEXT(names_of(read()), "total free available fileBacked purgeable");
}

TEST(names_the_call_that_failed) {
  fake_begin();
  fake.memory_failure = EPERM;
  CHECK_SAME(fail(), PMI_EPERM);
  CHECK_TEXT(error.syscall, "sysctlbyname");
  fake_begin();
  fake.statistics_failure = PMI_KERN_FAILURE;
  CHECK_SAME(fail(), PMI_EPERM);
  CHECK_TEXT(error.syscall, "host_statistics64");
  CHECK_SAME(error.os_error, PMI_KERN_FAILURE);
  fake.statistics_failure = PMI_KERN_RESOURCE_SHORTAGE;
  CHECK_SAME(fail(), PMI_ENOMEM);
  fake.statistics_failure = 4; /* KERN_INVALID_ARGUMENT */
  CHECK_SAME(fail(), PMI_EIO);
}

TEST(reports_limits_as_unknown) {
  pmi_limit limit;
  fake_begin();
  fake_add(400, 1, 1000);
  CHECK_SAME(pmi_read_limit(400, &limit, &error), PMI_ENOSYS);
  CHECK_TEXT(error.syscall, "memorystatus_control");
  CHECK_SAME(pmi_read_limit(401, &limit, &error), PMI_ESRCH);
}
