/*
 * The cost of one process: phys_footprint, which Activity Monitor calls Memory. It counts the private memory of the
 * process, resident, compressed or swapped out, and so may exceed the resident size. The unique set size requires a
 * walk over all regions, and is left out if that fails.
 */
#include "process.h"

static const char method[] = "phys_footprint";

/* A failure of the walk is returned only if resources ran out. */
static pmi_code query(uint32_t pid, pmi_footprint *out, pmi_error *error) {
  pmi_os_rusage rusage;
  pmi_code code = pmi_rusage_of_pid(pid, &rusage, error);
  if (code != PMI_OK)
    return code;
  uint64_t uss;
  code = pmi_walk_regions(pid, &uss, error);
  if (pmi_is_shortage(code))
    return code;
  *out = (pmi_footprint){.method = method};
  if (code == PMI_OK)
    pmi_values_add(&out->values, "uss", PMI_BYTES, uss);
  pmi_values_add(&out->values, "footprint", PMI_BYTES, rusage.phys_footprint);
  return PMI_OK;
}

pmi_code pmi_footprint_at(const pmi_target *target, pmi_footprint *out, pmi_error *error) {
  pmi_footprint footprint = {0};
  bool zombie = false;
  pmi_code code = pmi_target_verify(target, query(target->pid, &footprint, error), &zombie, error);
  if (code != PMI_OK)
    return code;
  if (zombie) {
    footprint = (pmi_footprint){.method = method};
    pmi_values_add(&footprint.values, "uss", PMI_BYTES, 0);
    pmi_values_add(&footprint.values, "footprint", PMI_BYTES, 0);
  }
  *out = footprint;
  return PMI_OK;
}

pmi_code pmi_read_footprint(uint32_t pid, pmi_footprint *out, pmi_error *error) {
  pmi_target target;
  pmi_code code = pmi_target_open(pid, &target, error);
  return code == PMI_OK ? pmi_footprint_at(&target, out, error) : code;
}
