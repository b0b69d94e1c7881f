/*
 * A job whose memory the system counts. See command.h. Interfaces: CreateJobObject, AssignProcessToJobObject, and
 * PeakJobMemoryUsed of QueryInformationJobObject, which Windows tracks with or without a limit. Children of a process
 * in the job are in the job as well. Since Windows 8 a process can be in several jobs, as every child of Node.js is.
 */
#include "../command.h"
#include "process.h"

pmi_code pmi_open_job(uint32_t pid, pmi_job **out, pmi_error *error) {
  pmi_target target;
  pmi_target assigned;
  pmi_os_handle job;
  pmi_code code = pmi_target_open(pid, &target, error);
  if (code != PMI_OK)
    return code;
  code = pmi_target_reopen(&target, PMI_PROCESS_SET_QUOTA | PMI_PROCESS_TERMINATE, &assigned, error);
  pmi_target_close(&target);
  if (code != PMI_OK)
    return code;
  uint32_t failure = pmi_os_create_job(&job);
  if (failure != 0)
    code = pmi_fail_win32(error, failure, "CreateJobObject");
  if (code == PMI_OK) {
    failure = pmi_os_assign_to_job(job, assigned.process);
    if (failure != 0) {
      code = pmi_fail_win32(error, failure, "AssignProcessToJobObject");
      pmi_os_close(job);
    }
  }
  pmi_target_close(&assigned);
  if (code == PMI_OK)
    *out = (pmi_job *)job;
  return code;
}

pmi_code pmi_read_job_peak(pmi_job *job, uint64_t *out, pmi_error *error) {
  uint32_t failure = pmi_os_job_peak(job, out);
  return failure == 0 ? PMI_OK : pmi_fail_win32(error, failure, "QueryInformationJobObject");
}

void pmi_close_job(pmi_job *job) { pmi_os_close(job); }
