/*
 * The memory and counters of one process.
 *
 * The working set is resident_size. Private is phys_footprint, as in Activity Monitor and Electron: it includes
 * compressed and swapped memory, so it may exceed the working set, and it counts anonymous memory shared by several
 * processes in each of them. Shared is external, the part of the working set that is backed by files. The three are not
 * read at one instant, and may not add up.
 */
#include "process.h"

pmi_code pmi_memory_at(const pmi_target *target, pmi_memory *out, pmi_error *error) {
  pmi_usage usage;
  pmi_code code = pmi_usage_at(target, &usage, NULL, error);
  if (code != PMI_OK)
    return code;
  pmi_memory memory = {
      .working_set = usage.rusage.resident_size,
      .private_bytes = usage.rusage.phys_footprint,
      .known = PMI_PRIVATE,
  };
  if ((usage.known & PMI_PEAK_RESIDENT) != 0) {
    /* Read first, so it may be less than the resident size by now. */
    uint64_t peak = usage.task_vm.resident_size_peak;
    memory.peak_working_set = peak > memory.working_set ? peak : memory.working_set;
    memory.known |= PMI_PEAK;
  }
  if ((usage.known & PMI_TASK_VM) != 0) {
    memory.shared_bytes = usage.task_vm.external;
    memory.known |= PMI_SHARED;
  }
  *out = memory;
  return PMI_OK;
}

pmi_code pmi_read_memory(uint32_t pid, pmi_memory *out, pmi_error *error) {
  pmi_target target;
  pmi_code code = pmi_target_open(pid, &target, error);
  return code == PMI_OK ? pmi_memory_at(&target, out, error) : code;
}

/* A saturated count is unknown. */
static void add_faults(pmi_values *counters, const char *name, int32_t count) {
  if (count >= 0 && count < INT32_MAX)
    pmi_values_add(counters, name, PMI_COUNT, (uint64_t)count);
}

static void add_task_vm(const pmi_usage *usage, pmi_values *counters) {
  if ((usage->known & PMI_PEAK_RESIDENT) != 0)
    pmi_values_add(counters, "peakRss", PMI_BYTES, usage->task_vm.resident_size_peak);
  if ((usage->known & PMI_TASK_VM) == 0)
    return;
  pmi_values_add(counters, "internal", PMI_BYTES, usage->task_vm.internal);
  pmi_values_add(counters, "external", PMI_BYTES, usage->task_vm.external);
  pmi_values_add(counters, "reusable", PMI_BYTES, usage->task_vm.reusable);
  pmi_values_add(counters, "compressed", PMI_BYTES, usage->task_vm.compressed);
}

/* Named as in psutil and in the kernel. proc_pidinfo(PROC_PIDTASKINFO) needs the same rights as proc_pid_rusage. */
pmi_code pmi_counters_at(const pmi_target *target, pmi_values *out, pmi_error *error) {
  pmi_usage usage;
  pmi_os_task task = {0};
  pmi_values counters = {0};
  pmi_code code = pmi_usage_at(target, &usage, &task, error);
  if (code != PMI_OK)
    return code;
  pmi_values_add(&counters, "rss", PMI_BYTES, usage.rusage.resident_size);
  pmi_values_add(&counters, "vms", PMI_BYTES, task.virtual_size);
  add_faults(&counters, "pageFaults", task.faults);
  pmi_values_add(&counters, "pageins", PMI_COUNT, usage.rusage.pageins);
  add_faults(&counters, "copyOnWriteFaults", task.cow_faults);
  pmi_values_add(&counters, "footprint", PMI_BYTES, usage.rusage.phys_footprint);
  if ((usage.known & PMI_PEAK_FOOTPRINT) != 0)
    pmi_values_add(&counters, "peakFootprint", PMI_BYTES, usage.rusage.lifetime_max_phys_footprint);
  pmi_values_add(&counters, "wired", PMI_BYTES, usage.rusage.wired_size);
  add_task_vm(&usage, &counters);
  *out = counters;
  return PMI_OK;
}

pmi_code pmi_read_counters(uint32_t pid, pmi_values *out, pmi_error *error) {
  pmi_target target;
  pmi_code code = pmi_target_open(pid, &target, error);
  return code == PMI_OK ? pmi_counters_at(&target, out, error) : code;
}
