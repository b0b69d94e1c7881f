/*
 * The memory limits of jobs. They apply to committed memory, not to resident memory: of each process of the job, or of
 * all of them together.
 *
 * QueryInformationJobObject reports the limits of the job that the caller itself is in. For any process,
 * GetProcessInformation reports how much its job has committed and how much more it may commit. Jobs can be nested
 * since Windows 8, and neither call covers the outer jobs or says whether there are any. So the limit of a process in a
 * job is never complete: an outer one may be tighter.
 */
#include "vm.h"

/* Larger than any memory. The values that mean "no limit" are not below it. */
static const uint64_t unlimited = INT64_MAX;

static const char memory_call[] = "GetProcessInformation";

typedef struct job_state {
  bool exists;
  bool has_memory; /* `memory` is filled in */
  pmi_os_app_memory memory;
} job_state;

static pmi_code query(pmi_os_handle process, job_state *out, pmi_error *error) {
  uint32_t failure = pmi_os_is_in_job(process, &out->exists);
  if (failure != 0)
    return pmi_fail_win32(error, failure, "IsProcessInJob");
  if (!out->exists)
    return PMI_OK;
  failure = pmi_os_app_memory_of(process, &out->memory);
  if (failure == PMI_ERROR_ACCESS_DENIED)
    return pmi_fail_win32(error, failure, memory_call);
  out->has_memory = failure == 0 && out->memory.available_commit < unlimited;
  return PMI_OK;
}

/*
 * Queries with the rights that the target was opened with. If they are not enough, reopens the process with the full
 * right to query; its pid is not reused while the target is open. Windows accepts the former, Wine does not.
 */
static pmi_code ask_for_job(const pmi_target *target, job_state *out, pmi_error *error) {
  pmi_target queried;
  pmi_code code = query(target->process, out, error);
  if (code == PMI_EPERM) {
    code = pmi_target_reopen(target, PMI_PROCESS_QUERY_INFORMATION, &queried, error);
    if (code == PMI_OK) {
      code = query(queried.process, out, error);
      pmi_target_close(&queried);
    }
  }
  return code;
}

static void add(uint64_t usage, uint64_t available, pmi_values *values) {
  pmi_values_add(values, "usage", PMI_BYTES, usage);
  pmi_values_add(values, "usageWithoutCache", PMI_BYTES, usage); /* committed memory includes no cache */
  pmi_values_add(values, "available", PMI_BYTES, available);
}

/* `available` is the rest of this limit, or what the system reports if that is less. */
static void add_limit(uint64_t limit, bool usage_known, uint64_t usage, const job_state *job, pmi_values *values) {
  uint64_t available = limit > usage ? limit - usage : 0;
  pmi_values_add(values, "limit", PMI_BYTES, limit);
  if (job->has_memory && job->memory.available_commit < available)
    available = job->memory.available_commit;
  if (usage_known)
    add(usage, available, values);
}

static pmi_code read_own(const pmi_target *target, const job_state *job, pmi_values *values, pmi_error *error) {
  pmi_os_job_limits limits;
  pmi_vm vm;
  uint32_t failure = pmi_os_own_job_limits(&limits);
  if (failure != 0)
    return pmi_fail_win32(error, failure, "QueryInformationJobObject");
  /* If both are equal, the job's limit is reached first: all of its processes share it. */
  if (limits.has_process_limit && (!limits.has_job_limit || limits.process_limit < limits.job_limit)) {
    pmi_code code = pmi_vm_at(target, 0, &vm, error);
    if (code == PMI_OK)
      add_limit(limits.process_limit, true, vm.pagefile_usage, job, values);
    return code;
  }
  if (limits.has_job_limit)
    add_limit(limits.job_limit, job->has_memory, job->memory.private_commit_usage, job, values);
  return PMI_OK;
}

static pmi_code read_job_limit(const pmi_target *target, pmi_limit *limit, pmi_error *error) {
  job_state job = {0};
  pmi_code code = ask_for_job(target, &job, error);
  limit->complete = !job.exists;
  if (code != PMI_OK || !job.exists)
    return code;
  if (target->is_own)
    code = read_own(target, &job, &limit->values, error);
  if (code != PMI_OK || limit->values.count > 0)
    return code;
  if (!job.has_memory)
    return pmi_fail(error, PMI_ENOSYS, 0, memory_call, NULL);
  add(job.memory.private_commit_usage, job.memory.available_commit, &limit->values);
  return PMI_OK;
}

pmi_code pmi_read_limit(uint32_t pid, pmi_limit *out, pmi_error *error) {
  pmi_target target;
  pmi_limit limit = {0};
  pmi_code code = pmi_target_open(pid, &target, error);
  if (code != PMI_OK)
    return code;
  code = pmi_target_verify(&target, read_job_limit(&target, &limit, error), error);
  if (code == PMI_OK)
    *out = limit;
  pmi_target_close(&target);
  return code;
}
