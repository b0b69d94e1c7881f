/* For systems without jobs; see command.h. */
#include "command.h"

static const char call[] = "CreateJobObject";

pmi_code pmi_open_job(uint32_t pid, pmi_job **out, pmi_error *error) {
  (void)pid;
  (void)out;
  return pmi_fail(error, PMI_ENOSYS, 0, call, NULL);
}

/* The parameters are those of the contract. NOLINTNEXTLINE(readability-non-const-parameter) */
pmi_code pmi_read_job_peak(pmi_job *job, uint64_t *out, pmi_error *error) {
  (void)job;
  (void)out;
  return pmi_fail(error, PMI_ENOSYS, 0, call, NULL);
}

void pmi_close_job(pmi_job *job) { (void)job; }
