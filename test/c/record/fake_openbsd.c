/* OpenBSD's sysctl() over the made-up machine, and what only OpenBSD has. */
#include <setjmp.h>
#include <stdarg.h>

#include "fake_sysctl.h"

#include <sys/proc.h>
#include <sys/sysctl.h>
#include <uvm/uvmexp.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "pmi.h"

const fake_abilities fake_can = {.peak = true, .segments = true, .starts_since_boot = true};

static int32_t pages(uint64_t bytes) { return (int32_t)(bytes / (uint64_t)fake.page_size); }

/* The kernel leaves what it has of the user structure out of a zombie's. */
static void write_process(const fake_process *process, void *out) {
  struct kinfo_proc record = {
      .p_pid = (int32_t)process->pid,
      .p_ppid = (int32_t)process->ppid,
      .p_vm_rssize = pages(process->rss),
      .p_vm_tsize = pages(process->text),
      .p_vm_dsize = pages(process->data),
      .p_vm_ssize = pages(process->stack),
      .p_ustart_sec = fake_started_us(process) / 1000000,
      .p_ustart_usec = (uint32_t)(fake_started_us(process) % 1000000),
      .p_uru_maxrss = process->peak / 1024,
      .p_uru_minflt = process->minor_faults,
      .p_uru_majflt = process->major_faults,
      .p_psflags = process->zombie ? PS_ZOMBIE : 0,
  };
  strncpy(record.p_comm, process->name, KI_MAXCOMLEN - 1);
  memcpy(out, &record, sizeof record);
}

int sysctl(const int *name, u_int length, void *old, size_t *old_size, void *new, size_t new_size) {
  assert_null(new);
  assert_int_equal(new_size, 0);
  if (name[0] == CTL_HW) {
    int64_t physical = INT64_C(8) << 30;
    assert_int_equal(name[1], HW_PHYSMEM64);
    return fake.refuse != 0 ? fake_fail(fake.refuse) : fake_answer(old, old_size, &physical, sizeof physical);
  }
  if (name[0] == CTL_VM) {
    struct uvmexp counts = {.pagesize = 4096, .free = 1000, .inactive = 300, .swpages = 2000, .swpginuse = 200};
    assert_int_equal(name[1], VM_UVMEXP);
    return fake_answer(old, old_size, &counts, sizeof counts);
  }
  if (name[1] == KERN_BOOTTIME)
    return fake_boot_time(old, old_size);
  assert_int_equal(name[1], KERN_PROC);
  assert_int_equal(length, 6);
  assert_int_equal(name[4], sizeof(struct kinfo_proc));
  if (name[2] == KERN_PROC_ALL)
    return fake_all(write_process, sizeof(struct kinfo_proc), name[5], old, old_size);
  assert_int_equal(name[5], 1);
  return fake_one((uint32_t)name[3], write_process, sizeof(struct kinfo_proc), false, old, old_size);
}

void fake_publish(void) {}

static void reads_the_machine(void **state) {
  (void)state;
  pmi_values system;
  pmi_error error;
  fake_check_machine();
  fake.refuse = EPERM;
  assert_int_equal(pmi_read_system(&system, &error), PMI_EPERM);
}

void (*const fake_own_tests[])(void **) = {reads_the_machine, NULL};
