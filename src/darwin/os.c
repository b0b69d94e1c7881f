/*
 * Makes the system calls. See os.h.
 *
 * All have been in libSystem since macOS 10.13 or earlier, so none is looked up at run time. The functions of libproc
 * (libproc.h, sys/proc_info.h) return the number of bytes written, and 0 on failure.
 */
#include "os.h"

#include <errno.h>
#include <libproc.h>
#include <mach/mach.h>
#include <mach/vm_page_size.h>
#include <string.h>
#include <sys/proc_info.h>
#include <sys/resource.h>
#include <sys/sysctl.h>
#include <time.h>
#include <unistd.h>

_Static_assert(PMI_KERN_PROTECTION_FAILURE == KERN_PROTECTION_FAILURE && PMI_KERN_NO_SPACE == KERN_NO_SPACE &&
                   PMI_KERN_FAILURE == KERN_FAILURE && PMI_KERN_RESOURCE_SHORTAGE == KERN_RESOURCE_SHORTAGE &&
                   PMI_KERN_NO_ACCESS == KERN_NO_ACCESS,
               "as the system has them");
_Static_assert(PMI_CPU_TYPE_X86_64 == CPU_TYPE_X86_64, "as the system has it");
_Static_assert(PMI_SM_COW == SM_COW && PMI_SM_PRIVATE == SM_PRIVATE && PMI_SM_EMPTY == SM_EMPTY &&
                   PMI_SM_SHARED == SM_SHARED && PMI_SM_TRUESHARED == SM_TRUESHARED &&
                   PMI_SM_PRIVATE_ALIASED == SM_PRIVATE_ALIASED && PMI_SM_SHARED_ALIASED == SM_SHARED_ALIASED &&
                   PMI_SM_LARGE_PAGE == SM_LARGE_PAGE,
               "as the system has them");
_Static_assert(sizeof((struct extern_proc *)0)->p_comm == PMI_COMM_SIZE, "as the system has it");
_Static_assert(sizeof(struct kinfo_proc) == 648, "as the kernel has it");
_Static_assert(PMI_PATH_MAX == PROC_PIDPATHINFO_MAXSIZE, "as the system has it");
_Static_assert(PMI_PORT_NULL == MACH_PORT_NULL && PMI_PORT_DEAD == MACH_PORT_DEAD, "as the system has them");

/* A call that fails without an error number is still a failure. */
static int last_error(void) { return errno == 0 ? EIO : errno; }

uint32_t pmi_os_own_pid(void) { return (uint32_t)getpid(); }

static void fill_process(const struct kinfo_proc *kinfo, pmi_os_process *out) {
  const struct extern_proc *process = &kinfo->kp_proc;
  *out = (pmi_os_process){
      .pid = (uint32_t)process->p_pid,
      .ppid = (uint32_t)kinfo->kp_eproc.e_ppid,
      .start_seconds = process->p_starttime.tv_sec,
      .start_microseconds = process->p_starttime.tv_usec,
      .is_zombie = process->p_stat == SZOMB,
  };
  memcpy(out->comm, process->p_comm, sizeof out->comm - 1);
}

int pmi_os_process_of(uint32_t pid, pmi_os_process *out, bool *found) {
  int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_PID, (int)pid};
  struct kinfo_proc kinfo;
  size_t size = sizeof kinfo;
  memset(&kinfo, 0, sizeof kinfo);
  errno = 0;
  if (sysctl(name, sizeof name / sizeof *name, &kinfo, &size, NULL, 0) != 0)
    return last_error();
  if (size != 0 && size != sizeof kinfo)
    return EIO;
  *found = size != 0;
  if (*found)
    fill_process(&kinfo, out);
  return 0;
}

int pmi_os_list_processes(void *buffer, size_t *size) {
  int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_ALL};
  errno = 0;
  return sysctl(name, sizeof name / sizeof *name, buffer, size, NULL, 0) == 0 ? 0 : last_error();
}

size_t pmi_os_listed_size(void) { return sizeof(struct kinfo_proc); }

void pmi_os_listed(const void *list, size_t index, pmi_os_process *out) {
  struct kinfo_proc kinfo;
  memcpy(&kinfo, (const char *)list + index * sizeof kinfo, sizeof kinfo);
  fill_process(&kinfo, out);
}

int pmi_os_rusage_of(uint32_t pid, pmi_os_rusage *out) {
  struct rusage_info_v4 usage;
  memset(&usage, 0, sizeof usage);
  errno = 0;
  if (proc_pid_rusage((int)pid, RUSAGE_INFO_V4, (rusage_info_t *)&usage) != 0)
    return last_error();
  *out = (pmi_os_rusage){
      .pageins = usage.ri_pageins,
      .wired_size = usage.ri_wired_size,
      .resident_size = usage.ri_resident_size,
      .phys_footprint = usage.ri_phys_footprint,
      .lifetime_max_phys_footprint = usage.ri_lifetime_max_phys_footprint,
  };
  return 0;
}

/* The whole structure, or nothing. */
static int pidinfo(uint32_t pid, int flavor, uint64_t argument, void *out, size_t size) {
  errno = 0;
  int written = proc_pidinfo((int)pid, flavor, argument, out, (int)size);
  if (written <= 0)
    return last_error();
  return (size_t)written == size ? 0 : EIO;
}

int pmi_os_task_of(uint32_t pid, pmi_os_task *out) {
  struct proc_taskinfo info;
  int failure = pidinfo(pid, PROC_PIDTASKINFO, 0, &info, sizeof info);
  if (failure != 0)
    return failure;
  *out = (pmi_os_task){
      .virtual_size = info.pti_virtual_size,
      .faults = info.pti_faults,
      .cow_faults = info.pti_cow_faults,
  };
  return 0;
}

int pmi_os_cpu_type_of(uint32_t pid, int32_t *out) {
  struct proc_archinfo info;
  int failure = pidinfo(pid, PROC_PIDARCHINFO, 0, &info, sizeof info);
  if (failure == 0)
    *out = info.p_cputype;
  return failure;
}

int pmi_os_region_of(uint32_t pid, uint64_t address, pmi_os_region *out) {
  struct proc_regioninfo info;
  int failure = pidinfo(pid, PROC_PIDREGIONINFO, address, &info, sizeof info);
  if (failure != 0)
    return failure;
  *out = (pmi_os_region){
      .address = info.pri_address,
      .size = info.pri_size,
      .offset = info.pri_offset,
      .share_mode = info.pri_share_mode,
      .ref_count = info.pri_ref_count,
      .pages_resident = info.pri_pages_resident,
      .private_pages_resident = info.pri_private_pages_resident,
      .shared_pages_resident = info.pri_shared_pages_resident,
      .object_id = info.pri_obj_id,
  };
  return 0;
}

int pmi_os_name_of(uint32_t pid, char *out, size_t size) {
  errno = 0;
  return proc_name((int)pid, out, (uint32_t)size) > 0 ? 0 : last_error();
}

int pmi_os_path_of(uint32_t pid, char out[PMI_PATH_MAX]) {
  errno = 0;
  return proc_pidpath((int)pid, out, PMI_PATH_MAX) > 0 ? 0 : last_error();
}

pmi_os_port pmi_os_own_task(void) { return mach_task_self(); }

int pmi_os_open_task(uint32_t pid, pmi_os_port *out) {
  mach_port_name_t task = MACH_PORT_NULL;
  kern_return_t failure = task_name_for_pid(mach_task_self(), (int)pid, &task);
  if (failure == KERN_SUCCESS)
    *out = task;
  return failure;
}

pmi_os_port pmi_os_open_host(void) { return mach_host_self(); }

void pmi_os_close_port(pmi_os_port port) { mach_port_deallocate(mach_task_self(), port); }

int pmi_os_task_vm_of(pmi_os_port task, pmi_os_task_vm *out) {
  task_vm_info_data_t info;
  mach_msg_type_number_t count = TASK_VM_INFO_REV0_COUNT;
  memset(&info, 0, sizeof info);
  kern_return_t failure = task_info(task, TASK_VM_INFO, (task_info_t)&info, &count);
  if (failure != KERN_SUCCESS)
    return failure;
  *out = (pmi_os_task_vm){
      .resident_size_peak = info.resident_size_peak,
      .internal = info.internal,
      .external = info.external,
      .reusable = info.reusable,
      .compressed = info.compressed,
  };
  return 0;
}

int pmi_os_resident_max_of(pmi_os_port task, uint64_t *out) {
  mach_task_basic_info_data_t info;
  mach_msg_type_number_t count = MACH_TASK_BASIC_INFO_COUNT;
  memset(&info, 0, sizeof info);
  kern_return_t failure = task_info(task, MACH_TASK_BASIC_INFO, (task_info_t)&info, &count);
  if (failure == KERN_SUCCESS)
    *out = info.resident_size_max;
  return failure;
}

int pmi_os_vm_statistics_of(pmi_os_port host, pmi_os_vm_statistics *out) {
  vm_statistics64_data_t statistics;
  mach_msg_type_number_t count = HOST_VM_INFO64_COUNT;
  memset(&statistics, 0, sizeof statistics);
  kern_return_t failure = host_statistics64(host, HOST_VM_INFO64, (host_info64_t)&statistics, &count);
  if (failure != KERN_SUCCESS)
    return failure;
  *out = (pmi_os_vm_statistics){
      .free_count = statistics.free_count,
      .speculative_count = statistics.speculative_count,
      .inactive_count = statistics.inactive_count,
      .purgeable_count = statistics.purgeable_count,
      .external_page_count = statistics.external_page_count,
  };
  return 0;
}

uint64_t pmi_os_page_size(void) { return vm_kernel_page_size; }

uint64_t pmi_os_own_page_size(void) { return vm_page_size; }

int pmi_os_memory_size(uint64_t *out) {
  uint64_t bytes = 0;
  size_t size = sizeof bytes;
  errno = 0;
  if (sysctlbyname("hw.memsize", &bytes, &size, NULL, 0) != 0)
    return last_error();
  *out = bytes;
  return 0;
}

int pmi_os_swap_usage(pmi_os_swap *out) {
  struct xsw_usage usage;
  size_t size = sizeof usage;
  memset(&usage, 0, sizeof usage);
  errno = 0;
  if (sysctlbyname("vm.swapusage", &usage, &size, NULL, 0) != 0)
    return last_error();
  *out = (pmi_os_swap){.total = usage.xsu_total, .available = usage.xsu_avail};
  return 0;
}

uint64_t pmi_os_uptime_ns(void) { return clock_gettime_nsec_np(CLOCK_UPTIME_RAW); }
