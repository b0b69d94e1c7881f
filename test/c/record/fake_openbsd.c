/* OpenBSD's sysctl() over the simulated machine, and tests for OpenBSD only. */
#include "check.h"
#include "fake_sysctl.h"

#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/sysctl.h>
#include <uvm/uvmexp.h>

#include <errno.h>
#include <string.h>

#include "pmi.h"
#include "values.h"

const fake_abilities fake_can = {.peak = true, .segments = true, .starts_since_boot = true};

static int32_t pages(uint64_t bytes) { return (int32_t)(bytes / (uint64_t)fake.page_size); }

/* The record of a zombie lacks the fields of the user structure. */
static struct kinfo_proc record_of(const fake_process *process, int tid, uint64_t peak) {
  struct kinfo_proc record = {
      .p_pid = (int32_t)process->pid,
      .p_ppid = (int32_t)process->ppid,
      .p_vm_rssize = pages(process->rss),
      .p_vm_tsize = pages(process->text),
      .p_vm_dsize = pages(process->data),
      .p_vm_ssize = pages(process->stack),
      .p_ustart_sec = fake_started_us(process) / 1000000,
      .p_ustart_usec = (uint32_t)(fake_started_us(process) % 1000000),
      .p_uru_maxrss = peak / 1024,
      .p_uru_minflt = process->minor_faults,
      .p_uru_majflt = process->major_faults,
      .p_psflags = process->zombie ? PS_ZOMBIE : 0,
      .p_tid = tid,
  };
  strncpy(record.p_comm, process->name, KI_MAXCOMLEN - 1);
  return record;
}

/* The process, with the figures of its first thread; that thread; and another one with equal figures. */
static size_t write_process(const fake_process *process, size_t size, unsigned char *out) {
  const struct kinfo_proc records[] = {record_of(process, -1, process->peak), record_of(process, 5001, process->peak),
                                       record_of(process, 5002, process->other_peak)};
  size_t count = process->other_peak == 0 ? 2 : 3;
  for (size_t i = 0; i < count; i++)
    memcpy(out + i * size, &records[i], size);
  return count * size;
}

/* `size` bytes, or more or fewer if the kernel's structure differs. */
static int answer_with(const void *structure, size_t size, void *old, size_t *old_size) {
  unsigned char answer[FAKE_ROOM] = {0};
  memcpy(answer, structure, size);
  return fake_answer(old, old_size, answer, size + (size_t)fake.longer);
}

static int answer_vm(int what, void *old, size_t *old_size) {
  const struct uvmexp counts = {.pagesize = 4096, .free = 1000, .inactive = 200, .swpages = 2000, .swpginuse = 200};
  CHECK_SAME(what, VM_UVMEXP);
  return answer_with(&counts, sizeof counts, old, old_size);
}

static int answer_processes(const int *name, void *old, size_t *old_size) {
  size_t size = (size_t)name[4];
  if (size > sizeof(struct kinfo_proc) + (size_t)fake.longer)
    return fake_fail(EINVAL);
  CHECK_SAME(name[2] & KERN_PROC_SHOW_THREADS, KERN_PROC_SHOW_THREADS);
  if ((name[2] & ~KERN_PROC_SHOW_THREADS) == KERN_PROC_ALL)
    return fake_all(write_process, size, name[5], old, old_size);
  return fake_one((uint32_t)name[3], write_process, size, false, old, old_size);
}

static bool has_buffers = true;

int sysctl(const int *name, u_int length, void *old, size_t *old_size, void *new, size_t new_size) {
  CHECK(new == NULL);
  CHECK_SAME(new_size, 0);
  if (name[0] == CTL_HW) {
    int64_t physical = INT64_C(8) << 30;
    CHECK_SAME(name[1], HW_PHYSMEM64);
    return fake.refuse != 0 ? fake_fail(fake.refuse) : fake_answer(old, old_size, &physical, sizeof physical);
  }
  if (name[0] == CTL_VM)
    return answer_vm(name[1], old, old_size);
  if (name[0] == CTL_VFS) {
    const struct bcachestats buffers = {.numbufpages = 150, .numdirtypages = 50, .numcleanpages = 100};
    CHECK_SAME(name[1], VFS_GENERIC);
    CHECK_SAME(name[2], VFS_BCACHESTAT);
    return has_buffers ? answer_with(&buffers, sizeof buffers, old, old_size) : fake_fail(EPERM);
  }
  if (name[1] == KERN_BOOTTIME)
    return fake_boot_time(old, old_size);
  CHECK_SAME(name[1], KERN_PROC);
  CHECK_SAME(length, 6);
  return answer_processes(name, old, old_size);
}

void fake_publish(void) {}

TEST(reads_the_machine) {
  pmi_values system;
  pmi_error error;
  fake_check_machine();
  fake.refuse = EPERM;
  CHECK_SAME(pmi_read_system(&system, &error), PMI_EPERM);
}

TEST(leaves_out_available_memory_without_the_buffers) {
  pmi_values system;
  pmi_error error;
  has_buffers = false;
  CHECK_SAME(pmi_read_system(&system, &error), PMI_OK);
  CHECK_TEXT(names_of(&system), "total free swapTotal swapFree");
  has_buffers = true;
}

TEST(has_the_largest_peak_and_all_faults_of_the_threads) {
  pmi_memory memory;
  pmi_values counters;
  pmi_tree tree = {0};
  pmi_error error;
  fake.processes[1].other_peak = 90 << 20;
  CHECK_SAME(pmi_read_memory(100, &memory, &error), PMI_OK);
  CHECK_SAME(memory.peak_working_set, 90 << 20);
  CHECK_SAME(pmi_read_counters(100, &counters, &error), PMI_OK);
  CHECK_SAME(value_of(&counters, "minorFaults"), 2 * 7);
  CHECK_SAME(value_of(&counters, "majorFaults"), 2 * 3);
  CHECK_SAME(pmi_read_tree(100, 0, &tree, &error), PMI_OK);
  CHECK_SAME(tree.count, 3); /* threads are not processes */
  CHECK_SAME(tree.processes[0].memory.peak_working_set, 90 << 20);
  CHECK_SAME(tree.processes[1].memory.peak_working_set, 50 << 20);
  pmi_tree_free(&tree);
}
