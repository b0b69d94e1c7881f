/* FreeBSD's sysctl() over the simulated machine, and tests for FreeBSD only. */
#include "check.h"
#include "fake_sysctl.h"

#include <sys/sysctl.h>
#include <sys/user.h>
#include <vm/vm_param.h>

#include <errno.h>
#include <string.h>

#include "pmi.h"
#include "values.h"

const fake_abilities fake_can = {
    .peak = true, .segments = true, .private_pages = true, .reads_start_of_zombies = true, .starts_since_boot = true};

static int wrong_size; /* the size that a structure reports, or 0 for the true one */
static int entry_size; /* the size that the first entry of a map reports, or 0 for the true one */
static int devices = 2;
static int no_more_devices = ENOENT;
static const char *missing = "none";

enum { THREAD_OF_100 = 100500 };
static bool hides_zombies; /* except in the list, as in FreeBSD 10 */
static int device_version = XSWDEV_VERSION;

static size_t write_process(const fake_process *process, size_t size, unsigned char *out) {
  struct kinfo_proc record = {
      .ki_structsize = wrong_size != 0 ? wrong_size : (int)size,
      .ki_pid = (pid_t)process->pid,
      .ki_ppid = (pid_t)process->ppid,
      .ki_size = process->vms,
      .ki_rssize = (long)process->rss / fake.page_size,
      .ki_tsize = (long)process->text / fake.page_size,
      .ki_dsize = (long)process->data / fake.page_size,
      .ki_ssize = (long)process->stack / fake.page_size,
      .ki_start = {.tv_sec = (long)(fake_started_us(process) / 1000000),
                   .tv_usec = (long)(fake_started_us(process) % 1000000)},
      .ki_stat = process->zombie ? SZOMB : 2,
      .ki_rusage = {.ru_maxrss = (long)process->peak / 1024,
                    .ru_minflt = (long)process->minor_faults,
                    .ru_majflt = (long)process->major_faults},
  };
  strncpy(record.ki_comm, process->name, COMMLEN);
  memset(out, 0xff, size);
  memcpy(out, &record, size < sizeof record ? size : sizeof record);
  return size;
}

static size_t add_entry(unsigned char *answer, size_t at, struct kinfo_vmentry entry, size_t size) {
  entry.kve_structsize = (int)size;
  memcpy(answer + at, &entry, size < sizeof entry ? size : sizeof entry);
  return at + size;
}

/*
 * The private pages are in two entries of different length, which the kernel truncates after the path. The other
 * entries have pages that are shared: files, objects of several maps, and memory of forks.
 */
static int write_map(const fake_process *process, void *old, size_t *old_size) {
  unsigned char answer[FAKE_ROOM * 2] = {0};
  const size_t cut = offsetof(struct kinfo_vmentry, kve_path) + 8;
  const int pages = (int)(process->private_bytes / (uint64_t)fake.page_size);
  struct kinfo_vmentry entry = {.kve_type = KVME_TYPE_DEFAULT, .kve_resident = 100, .kve_ref_count = 1};
  entry.kve_private_resident = 1;
  size_t at = add_entry(answer, 0, entry, sizeof entry);
  entry.kve_type = KVME_TYPE_SWAP;
  entry.kve_private_resident = pages - 1;
  at = add_entry(answer, at, entry, cut);
  entry.kve_type = KVME_TYPE_VNODE;
  at = add_entry(answer, at, entry, cut);
  entry.kve_type = KVME_TYPE_DEFAULT;
  entry.kve_ref_count = 2;
  at = add_entry(answer, at, entry, cut);
  entry.kve_ref_count = 1;
  entry.kve_shadow_count = 1;
  at = add_entry(answer, at, entry, cut);
  if (entry_size != 0)
    memcpy(answer, &entry_size, sizeof entry_size);
  return fake_answer(old, old_size, answer, at);
}

int sysctl(const int *name, u_int length, void *old, size_t *old_size, const void *new, size_t new_size) {
  CHECK(new == NULL);
  CHECK_SAME(new_size, 0);
  if (length == 2 && name[0] == 77) { /* vm.swap_info */
    struct xswdev device = {.xsw_version = (u_int)device_version, .xsw_nblks = 1000, .xsw_used = 100};
    return name[1] < devices ? fake_answer(old, old_size, &device, sizeof device) : fake_fail(no_more_devices);
  }
  CHECK_SAME(name[0], CTL_KERN);
  if (name[1] == KERN_BOOTTIME)
    return fake_boot_time(old, old_size);
  CHECK_SAME(name[1], KERN_PROC);
  const size_t size = sizeof(struct kinfo_proc) + (size_t)fake.longer;
  if (name[2] == KERN_PROC_PROC)
    return fake_all(write_process, size, -1, old, old_size);
  CHECK_SAME(length, 4);
  if (name[2] == KERN_PROC_PID && hides_zombies && fake.processes[1].zombie && name[3] == 100)
    return fake_fail(ESRCH);
  if (name[2] == KERN_PROC_PID)
    return fake_one(name[3] == THREAD_OF_100 ? 100 : (uint32_t)name[3], write_process, size, true, old, old_size);
  CHECK_SAME(name[2], KERN_PROC_VMMAP);
  if (fake.refuse_pages != 0)
    return fake_fail(fake.refuse_pages);
  const fake_process *process = fake_ask((uint32_t)name[3]);
  return process == NULL ? fake_fail(ESRCH) : write_map(process, old, old_size);
}

int sysctlnametomib(const char *name, int *mib, size_t *length) {
  CHECK_TEXT(name, "vm.swap_info");
  if (strstr(name, missing) != NULL)
    return fake_fail(ENOENT);
  mib[0] = 77;
  *length = 1;
  return 0;
}

int sysctlbyname(const char *name, void *old, size_t *old_size, const void *new, size_t new_size) {
  (void)new;
  (void)new_size;
  unsigned long physical = 8UL << 30;
  u_int pages = strstr(name, "free") != NULL ? 1000 : 300;
  if (strstr(name, missing) != NULL)
    return fake_fail(ENOENT);
  if (fake.refuse != 0)
    return fake_fail(fake.refuse);
  if (strcmp(name, "hw.physmem") == 0)
    return fake_answer(old, old_size, &physical, sizeof physical);
  return fake_answer(old, old_size, &pages, sizeof pages);
}

void fake_publish(void) {}

TEST(reads_the_machine_and_each_swap_device) {
  pmi_values system;
  pmi_error error;
  fake_check_machine();
  device_version = 3;
  CHECK_SAME(pmi_read_system(&system, &error), PMI_OK);
  CHECK_TEXT(names_of(&system), "total free available");
  device_version = XSWDEV_VERSION;
  fake.refuse = EPERM;
  CHECK_SAME(pmi_read_system(&system, &error), PMI_EPERM);
  CHECK_TEXT(error.syscall, "sysctlbyname");
  CHECK_TEXT(error.path, "hw.physmem");
}

TEST(leaves_out_figures_the_machine_does_not_report) {
  pmi_values system;
  pmi_error error;
  missing = "v_free_count";
  CHECK_SAME(pmi_read_system(&system, &error), PMI_EIO);
  CHECK_TEXT(error.path, "vm.stats.vm.v_free_count");
  missing = "v_inactive_count";
  CHECK_SAME(pmi_read_system(&system, &error), PMI_OK);
  CHECK_TEXT(names_of(&system), "total free swapTotal swapFree");
  missing = "vm.swap_info";
  CHECK_SAME(pmi_read_system(&system, &error), PMI_OK);
  CHECK_TEXT(names_of(&system), "total free available");
  missing = "none";
  no_more_devices = EPERM; /* so it is unknown whether there are more */
  CHECK_SAME(pmi_read_system(&system, &error), PMI_OK);
  CHECK_TEXT(names_of(&system), "total free available");
  no_more_devices = ENOENT;
}

TEST(a_thread_is_not_a_process) {
  pmi_memory memory;
  pmi_error error;
  CHECK_SAME(pmi_read_memory(THREAD_OF_100, &memory, &error), PMI_ESRCH);
}

TEST(rejects_structures_that_are_too_short_or_too_long) {
  pmi_memory memory;
  pmi_tree tree = {0};
  pmi_error error;
  const int sizes[] = {-1, 1, 64, 1 << 20};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    wrong_size = sizes[i];
    CHECK_SAME(pmi_read_tree(100, 0, &tree, &error), PMI_EIO);
    if (wrong_size < 1 << 20)
      CHECK_SAME(pmi_read_memory(100, &memory, &error), PMI_EIO);
  }
  wrong_size = 0;
  CHECK_SAME(pmi_read_memory(100, &memory, &error), PMI_OK);
}

TEST(rejects_a_malformed_map) {
  pmi_footprint footprint;
  pmi_error error;
  const int sizes[] = {-1, 1, 8, 1 << 20};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    entry_size = sizes[i];
    CHECK_SAME(pmi_read_footprint(100, &footprint, &error), PMI_EIO);
  }
  entry_size = 0;
  CHECK_SAME(pmi_read_footprint(100, &footprint, &error), PMI_OK);
}

TEST(a_tree_includes_zombies_that_are_only_listed) {
  pmi_tree tree = {0};
  pmi_error error;
  fake.processes[1].zombie = true;
  hides_zombies = true;
  CHECK_SAME(pmi_read_tree(100, PMI_TREE_FOOTPRINT, &tree, &error), PMI_OK);
  CHECK_SAME(tree.count, 3);
  CHECK_SAME(value_of(&pmi_tree_footprint(&tree, &tree.processes[0])->values, "footprint"), 0);
  pmi_tree_free(&tree);
  hides_zombies = false;
}
