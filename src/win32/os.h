/*
 * The system calls on Windows, one function each, and the structures that they fill in. Only os.c includes a Windows
 * header, so a test can replace it with its own answers and compile the rest of the folder anywhere.
 *
 * Each function returns 0 if the call succeeded, else GetLastError() or the NTSTATUS. The structures are defined here
 * because compilers' headers differ in which of them they have. With pointer-sized members they are right for 32 and
 * 64 bits.
 */
#ifndef PMI_WIN32_OS_H
#define PMI_WIN32_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A HANDLE. */
typedef void *pmi_os_handle;

/* Access rights to processes (winnt.h). */
#define PMI_PROCESS_TERMINATE 0x0001U
#define PMI_PROCESS_VM_READ 0x0010U
#define PMI_PROCESS_SET_QUOTA 0x0100U
#define PMI_PROCESS_QUERY_INFORMATION 0x0400U
#define PMI_PROCESS_QUERY_LIMITED_INFORMATION 0x1000U
#define PMI_SYNCHRONIZE 0x00100000U

/* GetLastError() (winerror.h). */
#define PMI_ERROR_TOO_MANY_OPEN_FILES 4U
#define PMI_ERROR_ACCESS_DENIED 5U
#define PMI_ERROR_NOT_ENOUGH_MEMORY 8U
#define PMI_ERROR_OUTOFMEMORY 14U
#define PMI_ERROR_BAD_LENGTH 24U
#define PMI_ERROR_NOT_SUPPORTED 50U
#define PMI_ERROR_INVALID_PARAMETER 87U
#define PMI_ERROR_CALL_NOT_IMPLEMENTED 120U
#define PMI_ERROR_INSUFFICIENT_BUFFER 122U
#define PMI_ERROR_NO_SYSTEM_RESOURCES 1450U
#define PMI_ERROR_COMMITMENT_LIMIT 1455U
#define PMI_ERROR_INVALID_USER_BUFFER 1784U

/* NTSTATUS (ntstatus.h). Values from 0x80000000 are warnings and errors. */
#define PMI_STATUS_FAILURE 0x80000000U
#define PMI_STATUS_NOT_IMPLEMENTED 0xC0000002U
#define PMI_STATUS_INVALID_INFO_CLASS 0xC0000003U
#define PMI_STATUS_INFO_LENGTH_MISMATCH 0xC0000004U
#define PMI_STATUS_INVALID_CID 0xC000000BU
#define PMI_STATUS_NO_MEMORY 0xC0000017U
#define PMI_STATUS_ACCESS_DENIED 0xC0000022U
#define PMI_STATUS_BUFFER_TOO_SMALL 0xC0000023U
#define PMI_STATUS_INSUFFICIENT_RESOURCES 0xC000009AU
#define PMI_STATUS_NOT_SUPPORTED 0xC00000BBU
#define PMI_STATUS_TOO_MANY_OPENED_FILES 0xC000011FU
#define PMI_STATUS_COMMITMENT_LIMIT 0xC000012DU

/* GetExitCodeProcess() returns it for a process that is running, or that exited with this number. */
#define PMI_STILL_ACTIVE 259U

/* PROCESS_MEMORY_COUNTERS (psapi.h). In bytes, except for the page faults. */
typedef struct pmi_psapi_counters {
  uint32_t cb;
  uint32_t page_fault_count;
  size_t peak_working_set_size;
  size_t working_set_size;
  size_t quota_peak_paged_pool_usage;
  size_t quota_paged_pool_usage;
  size_t quota_peak_non_paged_pool_usage;
  size_t quota_non_paged_pool_usage;
  size_t pagefile_usage;
  size_t peak_pagefile_usage;
} pmi_psapi_counters;

/* PROCESS_MEMORY_COUNTERS_EX */
typedef struct pmi_psapi_counters_ex {
  pmi_psapi_counters base;
  size_t private_usage;
} pmi_psapi_counters_ex;

/* PROCESS_MEMORY_COUNTERS_EX2, since Windows 10 22H2 with the update of September 2023 */
typedef struct pmi_psapi_counters_ex2 {
  pmi_psapi_counters_ex ex;
  size_t private_working_set_size;
  uint64_t shared_commit_usage;
} pmi_psapi_counters_ex2;

/* VM_COUNTERS (ntddk.h) */
typedef struct pmi_nt_counters {
  size_t peak_virtual_size;
  size_t virtual_size;
  uint32_t page_fault_count;
  size_t peak_working_set_size;
  size_t working_set_size;
  size_t quota_peak_paged_pool_usage;
  size_t quota_paged_pool_usage;
  size_t quota_peak_non_paged_pool_usage;
  size_t quota_non_paged_pool_usage;
  size_t pagefile_usage;
  size_t peak_pagefile_usage;
} pmi_nt_counters;

/* VM_COUNTERS_EX */
typedef struct pmi_nt_counters_ex {
  pmi_nt_counters base;
  size_t private_usage;
} pmi_nt_counters_ex;

/* VM_COUNTERS_EX2, undocumented; as in System Informer's headers */
typedef struct pmi_nt_counters_ex2 {
  pmi_nt_counters_ex ex;
  size_t private_working_set_size;
  size_t shared_commit_usage;
} pmi_nt_counters_ex2;

/* UNICODE_STRING; the length is in bytes */
typedef struct pmi_unicode_string {
  uint16_t length;
  uint16_t maximum_length;
  const void *buffer;
} pmi_unicode_string;

/* SYSTEM_PROCESS_INFORMATION, without the threads that follow. Members reserved in winternl.h are as in Wine. */
typedef struct pmi_system_process {
  uint32_t next_entry_offset; /* from the beginning of this entry; 0 in the last */
  uint32_t number_of_threads;
  int64_t working_set_private_size;
  uint32_t hard_fault_count;
  uint32_t number_of_threads_high_watermark;
  uint64_t cycle_time;
  int64_t create_time; /* in 100 ns since 1601 */
  int64_t user_time;
  int64_t kernel_time;
  pmi_unicode_string image_name; /* its text is in the same buffer */
  int32_t base_priority;
  uintptr_t unique_process_id;
  uintptr_t inherited_from_unique_process_id;
  uint32_t handle_count;
  uint32_t session_id;
  uintptr_t unique_process_key;
  pmi_nt_counters_ex counters; /* private_usage is called PrivatePageCount, but is in bytes */
  uint64_t io_counters[6];
} pmi_system_process;

/* PSAPI_WORKING_SET_INFORMATION is a number and then as many of these (PSAPI_WORKING_SET_BLOCK). */
#define PMI_PAGE_SHARE_COUNT(block) (((block) >> 5) & 7U) /* 7 means 7 or more */
#define PMI_PAGE_SHARED(block) (((block) >> 8) & 1U)

typedef struct pmi_os_memory_status {
  uint64_t total_physical;
  uint64_t available_physical;
} pmi_os_memory_status;

/* In pages of `page_size`. */
typedef struct pmi_os_performance {
  uint64_t commit_total;
  uint64_t commit_limit;
  uint64_t page_size;
} pmi_os_performance;

/* All page files together, in pages of pmi_os_page_size(). */
typedef struct pmi_os_page_files {
  uint64_t total;
  uint64_t in_use;
} pmi_os_page_files;

/* APP_MEMORY_INFORMATION (processthreadsapi.h). For a process in a job, the figures of the whole job. Bytes. */
typedef struct pmi_os_app_memory {
  uint64_t available_commit;
  uint64_t private_commit_usage;
  uint64_t peak_private_commit_usage;
  uint64_t total_commit_usage;
} pmi_os_app_memory;

/* The memory limits of a job. Bytes; each is valid only if its flag is set. */
typedef struct pmi_os_job_limits {
  bool has_process_limit;
  bool has_job_limit;
  uint64_t process_limit;
  uint64_t job_limit;
} pmi_os_job_limits;

/* OpenProcess. The caller closes `out` with pmi_os_close(). */
uint32_t pmi_os_open_process(uint32_t access, uint32_t pid, pmi_os_handle *out);
void pmi_os_close(pmi_os_handle process);

/* GetCurrentProcess: a pseudo handle with all rights, which need not be closed. */
pmi_os_handle pmi_os_own_process(void);

/* GetProcessId; 0 if it fails, which is not the pid of any process that can be opened. */
uint32_t pmi_os_process_id(pmi_os_handle process);
uint32_t pmi_os_current_pid(void);

/* WaitForSingleObject without waiting. Requires PMI_SYNCHRONIZE. */
uint32_t pmi_os_has_exited(pmi_os_handle process, bool *out);
/* GetExitCodeProcess */
uint32_t pmi_os_exit_code(pmi_os_handle process, uint32_t *out);
/* GetProcessTimes; in 100 ns since 1601. */
uint32_t pmi_os_creation_time(pmi_os_handle process, int64_t *out);

/* GetProcessMemoryInfo; `counters` is one of the structures above, of `size` bytes. */
uint32_t pmi_os_memory_info(pmi_os_handle process, void *counters, uint32_t size);
/* NtQueryInformationProcess(ProcessVmCounters). */
uint32_t pmi_os_vm_counters(pmi_os_handle process, void *counters, uint32_t size, uint32_t *returned);
/* NtQueryInformationProcess(ProcessSequenceNumber), since Windows 10 1703: later processes have larger numbers. */
uint32_t pmi_os_sequence_number(pmi_os_handle process, uint64_t *out);
/* NtQuerySystemInformation(SystemProcessInformation). If `size` is too small, `returned` is the size needed. */
uint32_t pmi_os_list_processes(void *buffer, uint32_t size, uint32_t *returned);

/* QueryWorkingSet. Requires PMI_PROCESS_QUERY_INFORMATION and PMI_PROCESS_VM_READ. */
uint32_t pmi_os_working_set(pmi_os_handle process, uintptr_t *entries, uint32_t size);
/* GetSystemInfo */
uint32_t pmi_os_page_size(void);

/* GlobalMemoryStatusEx */
uint32_t pmi_os_memory_status_of_machine(pmi_os_memory_status *out);
/* EnumPageFiles */
uint32_t pmi_os_page_files_of_machine(pmi_os_page_files *out);
/* GetPerformanceInfo */
uint32_t pmi_os_performance_of_machine(pmi_os_performance *out);

/* IsProcessInJob, for any job. */
uint32_t pmi_os_is_in_job(pmi_os_handle process, bool *out);
/* GetProcessInformation(ProcessAppMemoryInfo), since Windows 10 1511. */
uint32_t pmi_os_app_memory_of(pmi_os_handle process, pmi_os_app_memory *out);
/* QueryInformationJobObject(JobObjectExtendedLimitInformation) of the innermost job that the caller is in. */
uint32_t pmi_os_own_job_limits(pmi_os_job_limits *out);

/* CreateJobObject. The caller closes `out` with pmi_os_close(). */
uint32_t pmi_os_create_job(pmi_os_handle *out);
/* AssignProcessToJobObject. Requires PMI_PROCESS_SET_QUOTA and PMI_PROCESS_TERMINATE. */
uint32_t pmi_os_assign_to_job(pmi_os_handle job, pmi_os_handle process);
/* PeakJobMemoryUsed of QueryInformationJobObject(JobObjectExtendedLimitInformation). Bytes. */
uint32_t pmi_os_job_peak(pmi_os_handle job, uint64_t *out);

#endif
