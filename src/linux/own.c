/* See own.h. */
#include "own.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

/* The peak is the whole process's, whoever is asked for; one thread's other figures are not gathered from all. */
static uint64_t peak_kib(void) {
  struct rusage usage;
  return getrusage(RUSAGE_THREAD, &usage) == 0 ? (uint64_t)usage.ru_maxrss : 0;
}

/* A /proc of another pid namespace has our pid for somebody else: its "self" says whom it takes us for. */
static bool is_own(uint32_t pid) {
  char self[16];
  uint32_t id;
  ssize_t length = readlink(PMI_PROC "/self", self, sizeof self);
  return pid == (uint32_t)getpid() && length > 0 && pmi_parse_id(self, (size_t)length, &id) && id == pid;
}

pmi_own pmi_own_begin(uint32_t pid, const pmi_status *status) {
  pmi_own own = {.state = PMI_OWN_LONG_WAY};
  if (!is_own(pid) || !pmi_status_has(status, PMI_VM_HWM))
    return own;
  uint64_t peak = peak_kib();
  own.state = PMI_OWN_SHORT_WAY;
  if (peak > status->kib[PMI_VM_HWM])
    own.inherited_peak_kib = peak;
  return own;
}

pmi_code pmi_own_memory(const pmi_own *own, int statm_fd, const pmi_place *place, pmi_memory *out, bool *done,
                        pmi_error *error) {
  pmi_statm statm;
  *done = false;
  if (own->state != PMI_OWN_SHORT_WAY)
    return PMI_OK;
  uint64_t peak = peak_kib();
  if (peak <= own->inherited_peak_kib)
    return PMI_OK;
  pmi_code code = pmi_read_statm(statm_fd, place, &statm, error);
  if (code != PMI_OK || statm.shared > statm.resident)
    return code;
  uint64_t resident = pmi_bytes_of_pages(statm.resident);
  uint64_t highest = pmi_bytes_of_kib(peak);
  *out = (pmi_memory){
      .working_set = resident,
      .peak_working_set = highest > resident ? highest : resident, /* it may have risen in between */
      .private_bytes = pmi_bytes_of_pages(statm.resident - statm.shared),
      .shared_bytes = pmi_bytes_of_pages(statm.shared),
      .known = PMI_PEAK | PMI_PRIVATE | PMI_SHARED,
  };
  *done = true;
  return PMI_OK;
}

pmi_code pmi_read_own_memory(uint32_t pid, pmi_own *own, pmi_memory *out, pmi_error *error) {
  pmi_place place = {.dir = AT_FDCWD, .pid = pid};
  bool done = false;
  if (own->state == PMI_OWN_UNKNOWN) {
    pmi_status status;
    pmi_code code = pmi_read_status(&place, &status, error);
    if (code != PMI_OK)
      return code;
    *own = pmi_own_begin(pid, &status);
  }
  pmi_code code = pmi_own_memory(own, -1, &place, out, &done, error);
  return code != PMI_OK || done ? code : pmi_read_memory(pid, out, error);
}
