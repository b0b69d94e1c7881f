/* NetBSD's sysctl() over the simulated machine, and tests for NetBSD only. */
#include "check.h"
#include "fake_sysctl.h"

#include <sys/proc.h>
#include <sys/sysctl.h>
#include <uvm/uvm_extern.h>

#include <errno.h>
#include <string.h>

#include "pmi.h"
#include "values.h"

const fake_abilities fake_can = {.peak = true, .segments = true};

static int zombie_state = SZOMB;

static int32_t pages(uint64_t bytes) { return (int32_t)(bytes / (uint64_t)fake.page_size); }

/* The record of a zombie lacks the fields of the user structure. */
static size_t write_process(const fake_process *process, size_t size, unsigned char *out) {
  struct kinfo_proc2 record = {
      .p_pid = (int32_t)process->pid,
      .p_ppid = (int32_t)process->ppid,
      .p_vm_rssize = pages(process->rss),
      .p_vm_tsize = pages(process->text),
      .p_vm_dsize = pages(process->data),
      .p_vm_ssize = pages(process->stack),
      .p_ustart_sec = (uint32_t)(fake_started_us(process) / 1000000),
      .p_ustart_usec = (uint32_t)(fake_started_us(process) % 1000000),
      .p_uru_maxrss = process->peak / 1024,
      .p_uru_minflt = process->minor_faults,
      .p_uru_majflt = process->major_faults,
      .p_realstat = process->zombie ? (uint64_t)zombie_state : 2,
      .p_vm_msize = (int64_t)(process->vms / (uint64_t)fake.page_size),
  };
  strncpy(record.p_comm, process->name, KI_MAXCOMLEN - 1);
  memcpy(out, &record, size);
  return size;
}

int sysctl(const int *name, u_int length, void *old, size_t *old_size, const void *new, size_t new_size) {
  CHECK(new == NULL);
  CHECK_SAME(new_size, 0);
  if (name[0] == CTL_HW) {
    int64_t physical = INT64_C(8) << 30;
    CHECK_SAME(name[1], HW_PHYSMEM64);
    return fake.refuse != 0 ? fake_fail(fake.refuse) : fake_answer(old, old_size, &physical, sizeof physical);
  }
  if (name[0] == CTL_VM) {
    struct uvmexp_sysctl counts = {.pagesize = 4096, .free = 1000, .inactive = 300, .swpages = 2000, .swpginuse = 200};
    CHECK_SAME(name[1], VM_UVMEXP2);
    size_t size = sizeof counts + (size_t)fake.longer; /* the kernel truncates it to the buffer */
    if (old == NULL || *old_size > size)
      *old_size = size;
    if (old != NULL)
      memcpy(old, &counts, *old_size < sizeof counts ? *old_size : sizeof counts);
    return 0;
  }
  CHECK_SAME(name[1], KERN_PROC2);
  CHECK_SAME(length, 6);
  size_t size = (size_t)name[4];
  if (size > sizeof(struct kinfo_proc2) + (size_t)fake.longer)
    return fake_fail(EINVAL);
  if (name[2] == KERN_PROC_ALL)
    return fake_all(write_process, size, name[5], old, old_size);
  CHECK_SAME(name[5], 1);
  return fake_one((uint32_t)name[3], write_process, size, false, old, old_size);
}

void fake_publish(void) {}

TEST(reads_the_machine) {
  pmi_values system;
  pmi_error error;
  fake_check_machine();
  fake.refuse = EPERM;
  CHECK_SAME(pmi_read_system(&system, &error), PMI_EPERM);
}

TEST(reports_zeros_for_a_process_about_to_be_a_zombie) {
  pmi_memory memory;
  pmi_error error;
  const int states[] = {SDYING, SDEAD};
  for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
    zombie_state = states[i];
    fake.processes[1].zombie = true;
    CHECK_SAME(pmi_read_memory(100, &memory, &error), PMI_OK);
    CHECK_SAME(memory.working_set, 0);
    CHECK_SAME(memory.known, PMI_PRIVATE | PMI_SHARED);
  }
  zombie_state = SZOMB;
}

TEST(leaves_out_a_peak_that_the_kernel_does_not_keep) {
  pmi_memory memory;
  pmi_values counters;
  pmi_error error;
  fake.processes[1].peak = 0;
  CHECK_SAME(pmi_read_memory(100, &memory, &error), PMI_OK);
  CHECK_SAME(memory.known, 0);
  CHECK_SAME(pmi_read_counters(100, &counters, &error), PMI_OK);
  CHECK_TEXT(names_of(&counters), "rss vms text data stack minorFaults majorFaults");
}
