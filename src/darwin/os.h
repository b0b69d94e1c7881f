/*
 * The system calls on macOS, one function each, and what they fill in. Only os.c includes system headers: tests replace
 * it by a fake, and compile the rest of the folder anywhere.
 *
 * Each function returns the error of the call, errno or a kern_return_t as documented there, and 0 on success. Results
 * are written only on success.
 */
#ifndef PMI_DARWIN_OS_H
#define PMI_DARWIN_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* kern_return_t (mach/kern_return.h) */
#define PMI_KERN_PROTECTION_FAILURE 2
#define PMI_KERN_NO_SPACE 3
#define PMI_KERN_FAILURE 5
#define PMI_KERN_RESOURCE_SHORTAGE 6
#define PMI_KERN_NO_ACCESS 8

/* cpu_type_t (mach/machine.h) */
#define PMI_CPU_TYPE_X86_64 0x01000007

/* How a region shares its pages with others (sys/proc_info.h). */
#define PMI_SM_COW 1U
#define PMI_SM_PRIVATE 2U
#define PMI_SM_EMPTY 3U
#define PMI_SM_SHARED 4U
#define PMI_SM_TRUESHARED 5U
#define PMI_SM_PRIVATE_ALIASED 6U
#define PMI_SM_SHARED_ALIASED 7U
#define PMI_SM_LARGE_PAGE 8U

/* A right to a Mach port, which stands for a task or the host. */
typedef uint32_t pmi_os_port;
#define PMI_PORT_NULL 0U
#define PMI_PORT_DEAD UINT32_MAX

enum { PMI_COMM_SIZE = 17 };

/* A part of struct kinfo_proc. Any caller may read it, also for zombies. */
typedef struct pmi_os_process {
  uint32_t pid;
  uint32_t ppid;
  int64_t start_seconds; /* since the Unix epoch */
  int32_t start_microseconds;
  bool is_zombie;
  char comm[PMI_COMM_SIZE]; /* the first 16 bytes of the name, and a 0 */
} pmi_os_process;

/* struct rusage_info_v4. Bytes, except the pageins. */
typedef struct pmi_os_rusage {
  uint64_t pageins;
  uint64_t wired_size;
  uint64_t resident_size;
  uint64_t phys_footprint;
  uint64_t lifetime_max_phys_footprint;
} pmi_os_rusage;

/* struct task_vm_info, revision 0. Bytes. */
typedef struct pmi_os_task_vm {
  uint64_t resident_size_peak;
  uint64_t internal;
  uint64_t external;
  uint64_t reusable;
  uint64_t compressed;
} pmi_os_task_vm;

/* struct proc_taskinfo. The counts saturate at INT32_MAX. */
typedef struct pmi_os_task {
  uint64_t virtual_size;
  int32_t faults;
  int32_t cow_faults;
} pmi_os_task;

/* struct proc_regioninfo. Bytes, except the pages. */
typedef struct pmi_os_region {
  uint64_t address;
  uint64_t size;
  uint64_t offset;     /* into the object */
  uint32_t share_mode; /* PMI_SM_... */
  uint32_t ref_count;
  uint32_t pages_resident;         /* of the region itself */
  uint32_t private_pages_resident; /* of its object, in pages of the kernel */
  uint32_t shared_pages_resident;  /* likewise */
  uint32_t object_id;
} pmi_os_region;

/* struct vm_statistics64. In pages of the kernel. */
typedef struct pmi_os_vm_statistics {
  uint64_t free_count; /* including speculative pages */
  uint64_t speculative_count;
  uint64_t inactive_count;
  uint64_t purgeable_count;
  uint64_t external_page_count;
} pmi_os_vm_statistics;

typedef struct pmi_os_swap {
  uint64_t total;
  uint64_t available;
} pmi_os_swap;

/* getpid */
uint32_t pmi_os_own_pid(void);

/*
 * sysctl(KERN_PROC_PID). errno. *found is false if there is no such process, which the system does not report as an
 * error.
 */
int pmi_os_process_of(uint32_t pid, pmi_os_process *out, bool *found);

/*
 * sysctl(KERN_PROC_ALL). errno. Writes the list to `buffer` of *size bytes and sets *size to its length; ENOMEM if it
 * does not fit. Without a buffer, sets *size to the current size of the list plus some slack.
 */
int pmi_os_list_processes(void *buffer, size_t *size);

/* The size of an entry of that list, and its contents. */
size_t pmi_os_listed_size(void);
void pmi_os_listed(const void *list, size_t index, pmi_os_process *out);

/* proc_pid_rusage(RUSAGE_INFO_V4). errno. */
int pmi_os_rusage_of(uint32_t pid, pmi_os_rusage *out);
/* proc_pidinfo(PROC_PIDTASKINFO). errno. */
int pmi_os_task_of(uint32_t pid, pmi_os_task *out);
/* proc_pidinfo(PROC_PIDARCHINFO): PMI_CPU_TYPE_X86_64 or another. errno. */
int pmi_os_cpu_type_of(uint32_t pid, int32_t *out);
/* proc_pidinfo(PROC_PIDREGIONINFO): the region at `address` or the next above. errno; EINVAL if there is none. */
int pmi_os_region_of(uint32_t pid, uint64_t address, pmi_os_region *out);
/* proc_name: the first 31 bytes of the name, and a 0. errno. */
int pmi_os_name_of(uint32_t pid, char *out, size_t size);
/* proc_pidpath: the path of the program, and a 0. errno. */
enum { PMI_PATH_MAX = 4096 };
int pmi_os_path_of(uint32_t pid, char out[PMI_PATH_MAX]);

/* mach_task_self. Nothing to close. */
pmi_os_port pmi_os_own_task(void);
/* task_name_for_pid. kern_return_t. The caller closes `out` with pmi_os_close_port(). */
int pmi_os_open_task(uint32_t pid, pmi_os_port *out);
/* mach_host_self. The caller closes it. */
pmi_os_port pmi_os_open_host(void);
/* mach_port_deallocate */
void pmi_os_close_port(pmi_os_port port);

/* task_info(TASK_VM_INFO). kern_return_t. */
int pmi_os_task_vm_of(pmi_os_port task, pmi_os_task_vm *out);
/* task_info(MACH_TASK_BASIC_INFO): resident_size_max. kern_return_t. */
int pmi_os_resident_max_of(pmi_os_port task, uint64_t *out);

/* host_statistics64(HOST_VM_INFO64). kern_return_t. */
int pmi_os_vm_statistics_of(pmi_os_port host, pmi_os_vm_statistics *out);
/* vm_kernel_page_size, and vm_page_size: that of this process, which is smaller under Rosetta. */
uint64_t pmi_os_page_size(void);
uint64_t pmi_os_own_page_size(void);
/* sysctlbyname of hw.memsize and vm.swapusage. errno. */
int pmi_os_memory_size(uint64_t *out);
int pmi_os_swap_usage(pmi_os_swap *out);
/* clock_gettime_nsec_np(CLOCK_UPTIME_RAW): a monotonic clock. */
uint64_t pmi_os_uptime_ns(void);

#endif
