/* One process's memory: where each figure comes from, and what is left out if it is refused. */
#include "check.h"
#include "fake.h"
#include "pmi.h"

#include <errno.h>

enum { OWN = 100, PID = 400 };

static pmi_error error;

static fake_process *begin(void) {
  fake_begin();
  fake_add(OWN, 1, 900);
  return fake_add(PID, 1, 1000);
}

static pmi_memory read(void) {
  pmi_memory memory = {0};
  CHECK_SAME(pmi_read_memory(PID, &memory, &error), PMI_OK);
  check_nothing_left();
  return memory;
}

/* Expects a failure that leaves the output untouched. */
static pmi_code fail(void) {
  pmi_memory memory = {.working_set = 77};
  pmi_code code = pmi_read_memory(PID, &memory, &error);
  CHECK(code != PMI_OK);
  CHECK_SAME(error.code, code);
  CHECK_SAME(memory.working_set, 77);
  check_nothing_left();
  return code;
}

TEST(reports_all_four_sizes) {
  begin();
  pmi_memory memory = read();
  CHECK_SAME(memory.working_set, 50 * MIB);
  CHECK_SAME(memory.peak_working_set, 80 * MIB);
  CHECK_SAME(memory.private_bytes, 30 * MIB);
  CHECK_SAME(memory.shared_bytes, 25 * MIB);
  CHECK_SAME(memory.known, PMI_PEAK | PMI_PRIVATE | PMI_SHARED);
}

TEST(counts_compressed_memory_as_private) {
  fake_process *process = begin();
  process->task_vm.internal = 2 * MIB;
  process->task_vm.compressed = 400 * MIB;
  process->usage.phys_footprint = 402 * MIB;
  pmi_memory memory = read();
  CHECK_SAME(memory.private_bytes, 402 * MIB);
  CHECK_SAME(memory.working_set, 50 * MIB);
}

TEST(reads_its_own_task_without_requesting_a_port) {
  pmi_memory memory;
  begin();
  CHECK_SAME(pmi_read_memory(OWN, &memory, &error), PMI_OK);
  CHECK_SAME(memory.peak_working_set, 80 * MIB);
  CHECK_SAME(fake.opens, 0);
}

TEST(supports_sizes_beyond_4_gib) {
  fake_process *process = begin();
  process->usage.resident_size = 5 * GIB + 1;
  process->task_vm.resident_size_peak = 9 * GIB;
  process->usage.phys_footprint = 5 * GIB;
  process->task_vm.external = 6 * GIB;
  pmi_memory memory = read();
  CHECK_SAME(memory.working_set, 5 * GIB + 1);
  CHECK_SAME(memory.peak_working_set, 9 * GIB);
  CHECK_SAME(memory.private_bytes, 5 * GIB);
  CHECK_SAME(memory.shared_bytes, 6 * GIB);
}

TEST(leaves_out_the_figures_of_a_refused_task) {
  static const pmi_os_port ports[] = {PMI_PORT_DEAD, PMI_PORT_NULL};
  fake_process *process = begin();
  process->port_failure = PMI_KERN_FAILURE;
  pmi_memory memory = read();
  CHECK_SAME(memory.known, PMI_PRIVATE);
  CHECK_SAME(memory.working_set, 50 * MIB);
  CHECK_SAME(memory.private_bytes, 30 * MIB);
  CHECK_SAME(memory.peak_working_set | memory.shared_bytes, 0);
  process->port_failure = 0;
  process->gives_null = true;
  for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
    process->port = ports[i];
    CHECK_SAME(read().known, PMI_PRIVATE);
  }
}

TEST(falls_back_to_other_sources_for_the_peak) {
  fake_process *process = begin();
  process->task_vm_failure = PMI_KERN_FAILURE;
  pmi_memory memory = read();
  CHECK_SAME(memory.known, PMI_PEAK | PMI_PRIVATE);
  CHECK_SAME(memory.peak_working_set, 70 * MIB);
  process->task_vm_failure = 0;
  process->task_vm.resident_size_peak = 0;
  memory = read();
  CHECK_SAME(memory.known, PMI_PEAK | PMI_PRIVATE | PMI_SHARED);
  CHECK_SAME(memory.peak_working_set, 70 * MIB);
  process->resident_max_failure = PMI_KERN_FAILURE;
  CHECK_SAME(read().known, PMI_PRIVATE | PMI_SHARED);
}

TEST(ignores_a_task_without_pages) {
  fake_process *process = begin();
  process->task_vm = (pmi_os_task_vm){0};
  process->resident_max = 0;
  CHECK_SAME(read().known, PMI_PRIVATE);
  process->usage.resident_size = 0; /* all swapped out */
  process->resident_max = 70 * MIB;
  pmi_memory memory = read();
  CHECK_SAME(memory.known, PMI_PEAK | PMI_PRIVATE | PMI_SHARED);
  CHECK_SAME(memory.shared_bytes, 0);
}

TEST(never_reports_a_peak_below_the_current_size) {
  fake_process *process = begin();
  process->task_vm.resident_size_peak = 49 * MIB;
  CHECK_SAME(read().peak_working_set, 50 * MIB);
}

TEST(reports_which_call_was_refused) {
  fake_process *process = begin();
  process->refusal = EPERM;
  CHECK_SAME(fail(), PMI_EPERM);
  CHECK_TEXT(error.syscall, "proc_pid_rusage");
  CHECK_SAME(error.os_error, EPERM);
  CHECK_SAME(fake.opens, 0);
}

TEST(fails_with_esrch_if_there_is_no_such_process) {
  pmi_memory memory;
  begin()->gone = true;
  CHECK_SAME(fail(), PMI_ESRCH);
  CHECK_TEXT(error.syscall, "sysctl");
  /* A pid beyond pid_t does not exist, and must not wrap to another one. */
  CHECK_SAME(pmi_read_memory(UINT32_MAX, &memory, &error), PMI_ESRCH);
  CHECK_SAME(pmi_read_memory((uint32_t)INT32_MAX + 1, &memory, &error), PMI_ESRCH);
  CHECK_SAME(fake.calls, 1);
}

TEST(reports_zeros_and_no_peak_for_a_zombie) {
  fake_process *process = begin();
  fake_exit(process);
  pmi_memory memory = read();
  CHECK_SAME(memory.working_set | memory.peak_working_set | memory.private_bytes | memory.shared_bytes, 0);
  CHECK_SAME(memory.known, PMI_PRIVATE | PMI_SHARED);
  process->refusal = ESRCH; /* older kernels */
  CHECK_SAME(read().known, PMI_PRIVATE | PMI_SHARED);
}

static int when;
static void (*what)(fake_process *process);

static void happen(int call) {
  if (call == when)
    what(&fake.processes[1]);
}

static void vanish(fake_process *process) { process->gone = true; }

/* Runs `event` before each call in turn, and returns the number of calls. */
static int meanwhile(void (*event)(fake_process *process), void (*judge)(pmi_code code, const pmi_memory *memory)) {
  what = event;
  for (when = 1;; when++) {
    pmi_memory memory = {0};
    begin();
    fake.before_call = happen;
    pmi_code code = pmi_read_memory(PID, &memory, &error);
    check_nothing_left();
    if (fake.calls < when)
      return when - 1;
    judge(code, &memory);
  }
}

static void is_gone(pmi_code code, const pmi_memory *memory) {
  (void)memory;
  CHECK_SAME(code, PMI_ESRCH);
  CHECK_TEXT(error.syscall, "sysctl");
}

static void is_zero(pmi_code code, const pmi_memory *memory) {
  CHECK_SAME(code, PMI_OK);
  CHECK_SAME(memory->working_set | memory->private_bytes, 0);
  CHECK_SAME(memory->known, PMI_PRIVATE | PMI_SHARED);
}

/* An event before the first call means that the new process is queried from the start. */
static void is_no_mixture(pmi_code code, const pmi_memory *memory) {
  CHECK_SAME(code, when == 1 ? PMI_OK : PMI_ESRCH);
  CHECK_SAME(memory->working_set, when == 1 ? 50 * MIB : 0);
}

TEST(notices_that_it_exits_meanwhile) {
  CHECK_SAME(meanwhile(vanish, is_gone), 5);
  CHECK_SAME(meanwhile(fake_exit, is_zero), 5);
}

TEST(notices_that_the_pid_is_reused) { CHECK_SAME(meanwhile(fake_replace, is_no_mixture), 5); }

static void refuse_to_all(fake_process *process) {
  fake_replace(process);
  process->refusal = EPERM;
}

TEST(does_not_report_the_refusal_of_another_process) {
  begin();
  what = refuse_to_all;
  when = 2;
  fake.before_call = happen;
  CHECK_SAME(fail(), PMI_ESRCH);
}

TEST(reports_that_the_caller_ran_out) {
  static const int failures[] = {PMI_KERN_RESOURCE_SHORTAGE, PMI_KERN_NO_SPACE};
  for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
    begin()->port_failure = failures[i];
    CHECK_SAME(fail(), PMI_ENOMEM);
    CHECK_TEXT(error.syscall, "task_name_for_pid");
  }
  begin()->task_vm_failure = PMI_KERN_RESOURCE_SHORTAGE;
  CHECK_SAME(fail(), PMI_ENOMEM);
  CHECK_TEXT(error.syscall, "task_info");
}

TEST(leaves_out_figures_it_cannot_verify) {
  begin();
  fake.fail_at = 5; /* the check, after the reading, of which process has the pid */
  fake.fail_with = EPERM;
  CHECK_SAME(fail(), PMI_EPERM);
  CHECK_TEXT(error.syscall, "sysctl");
}

TEST(releases_every_port_right) {
  begin();
  for (int i = 0; i < 1000; i++)
    read();
  CHECK_SAME(fake.opens, 1000);
}
