/* For systems where libuv starts commands; see command.h. */
#include "command.h"

/* The parameters are those of the contract. NOLINTNEXTLINE(readability-non-const-parameter) */
pmi_code pmi_start_command(char *const argv[], const char *group, uint32_t *pid, uint64_t *handed_down,
                           pmi_error *error) {
  (void)argv;
  (void)group;
  (void)pid;
  (void)handed_down;
  return pmi_fail(error, PMI_ENOSYS, 0, "fork", NULL);
}

pmi_code pmi_reap_child(pmi_ended *out, pmi_error *error) {
  (void)out;
  return pmi_fail(error, PMI_ENOSYS, 0, "wait4", NULL);
}

void pmi_die_by(int signal) { (void)signal; }
