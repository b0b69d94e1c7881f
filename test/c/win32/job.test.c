/* The job that counts the memory of a command. */
#include "check.h"
#include "command.h"
#include "fake.h"

enum { COMMAND = 400 };

static pmi_error error;

TEST(counts_what_a_process_commits) {
  pmi_job *job = NULL;
  uint64_t peak = 0;
  fake_begin();
  fake_process *command = fake_add(COMMAND, 100, 1000);
  CHECK_SAME(pmi_open_job(COMMAND, &job, &error), PMI_OK);
  CHECK_SAME(fake.open_handles, 1);
  CHECK_SAME(pmi_read_job_peak(job, &peak, &error), PMI_OK);
  CHECK_SAME(peak, command->counters.ex.base.peak_pagefile_usage);
  pmi_close_job(job);
}

TEST(reports_why_it_failed) {
  pmi_job *job = NULL;
  fake_begin();
  CHECK_SAME(pmi_open_job(COMMAND, &job, &error), PMI_ESRCH);
  fake_process *command = fake_add(COMMAND, 100, 1000);
  command->rights = PMI_PROCESS_QUERY_LIMITED_INFORMATION | PMI_SYNCHRONIZE;
  CHECK_SAME(pmi_open_job(COMMAND, &job, &error), PMI_EPERM);
  CHECK_TEXT(error.syscall, "OpenProcess");
  command->rights = FAKE_ALL_RIGHTS;
  fake.assign_failure = PMI_ERROR_ACCESS_DENIED; /* as on systems where jobs cannot be nested */
  CHECK_SAME(pmi_open_job(COMMAND, &job, &error), PMI_EPERM);
  CHECK_TEXT(error.syscall, "AssignProcessToJobObject");
  CHECK_SAME(fake.open_handles, 0);
  CHECK(job == NULL);
}
