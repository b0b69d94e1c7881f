/*
 * The memory limit of the job that the caller is in. It is on what is committed, not on what is resident.
 *
 * A job may limit each of its processes, and all of them together. Which job another process is in cannot be asked,
 * only whether it is in any. Jobs can be nested since Windows 8, and only the innermost can be asked: those around it
 * are out of the caller's view.
 */
#include "process.h"

/* What a process has committed is known, what all of a job have only to the job's owner. */
static pmi_code add_usage(const pmi_target *target, uint64_t bound, pmi_values *values, pmi_error *error) {
  pmi_vm vm;
  pmi_code code = pmi_vm_at(target, &vm, error);
  if (code != PMI_OK)
    return code;
  pmi_values_add(values, "usage", PMI_BYTES, vm.pagefile_usage);
  pmi_values_add(values, "usageWithoutCache", PMI_BYTES, vm.pagefile_usage);
  pmi_values_add(values, "available", PMI_BYTES, bound > vm.pagefile_usage ? bound - vm.pagefile_usage : 0);
  return PMI_OK;
}

static pmi_code read_own(const pmi_target *target, pmi_limit *limit, pmi_error *error) {
  pmi_os_job_limits job;
  uint32_t failure = pmi_os_own_job_limits(&job);
  if (failure != 0)
    return pmi_fail_win32(error, failure, "QueryInformationJobObject");
  limit->complete = true;
  if (job.has_process_limit && (!job.has_job_limit || job.process_limit < job.job_limit)) {
    pmi_values_add(&limit->values, "limit", PMI_BYTES, job.process_limit);
    return add_usage(target, job.process_limit, &limit->values, error);
  }
  if (job.has_job_limit)
    pmi_values_add(&limit->values, "limit", PMI_BYTES, job.job_limit);
  return PMI_OK;
}

/* Windows is content with the least right; Wine wants the full one, which is got by the pid while the target is open.
 */
static pmi_code ask_for_job(const pmi_target *target, bool *in_job, pmi_error *error) {
  uint32_t failure = pmi_os_is_in_job(target->process, in_job);
  if (failure == PMI_ERROR_ACCESS_DENIED) {
    pmi_os_handle process;
    uint32_t refusal = pmi_os_open_process(PMI_PROCESS_QUERY_INFORMATION, target->pid, &process);
    if (refusal != 0)
      return pmi_fail_win32(error, refusal, "OpenProcess");
    failure = pmi_os_is_in_job(process, in_job);
    pmi_os_close(process);
  }
  return failure == 0 ? PMI_OK : pmi_fail_win32(error, failure, "IsProcessInJob");
}

static pmi_code read_job_limit(const pmi_target *target, pmi_limit *limit, pmi_error *error) {
  bool in_job;
  *limit = (pmi_limit){0};
  pmi_code code = ask_for_job(target, &in_job, error);
  if (code != PMI_OK)
    return code;
  if (!in_job) {
    limit->complete = true;
    return PMI_OK;
  }
  if (target->pid == pmi_os_current_pid())
    return read_own(target, limit, error);
  return pmi_fail(error, PMI_ENOSYS, 0, "QueryInformationJobObject", NULL);
}

pmi_code pmi_read_limit(uint32_t pid, pmi_limit *out, pmi_error *error) {
  pmi_target target;
  pmi_limit limit;
  pmi_code code = pmi_target_open(pid, &target, error);
  if (code != PMI_OK)
    return code;
  code = pmi_target_settle(&target, read_job_limit(&target, &limit, error), error);
  if (code == PMI_OK)
    *out = limit;
  pmi_target_close(&target);
  return code;
}
