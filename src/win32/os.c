/*
 * The calls themselves. See os.h.
 *
 * The functions of psapi are called in kernel32 (K32...), which has them since Windows 7. Those of ntdll are declared
 * in winternl.h, but its enumerations lack the classes that are used here.
 */
#include "os.h"

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef PSAPI_VERSION
#define PSAPI_VERSION 2
#endif
#include <windows.h>

#include <psapi.h>
#include <string.h>

/* Information classes: of NtQueryInformationProcess, of NtQuerySystemInformation and of GetProcessInformation. */
enum { PROCESS_VM_COUNTERS = 3, PROCESS_SEQUENCE_NUMBER = 92 };
enum { SYSTEM_PROCESS_INFORMATION_CLASS = 5 };
enum { PROCESS_APP_MEMORY_INFO = 2 };

__declspec(dllimport) LONG WINAPI
    NtQueryInformationProcess(HANDLE process, int information_class, void *information, ULONG length, ULONG *returned);
__declspec(dllimport) LONG WINAPI
    NtQuerySystemInformation(int information_class, void *information, ULONG length, ULONG *returned);

_Static_assert(sizeof(pmi_psapi_counters_ex) == sizeof(PROCESS_MEMORY_COUNTERS_EX), "as the system has it");
_Static_assert(sizeof(pmi_system_process) == (sizeof(void *) == 8 ? 0x100 : 0xb8), "as the system has it");
_Static_assert(offsetof(pmi_system_process, counters) == (sizeof(void *) == 8 ? 0x70 : 0x58), "as the system has it");

/* A call that failed without setting an error has failed nevertheless. */
static uint32_t last_error(void) {
  DWORD error = GetLastError();
  return error == ERROR_SUCCESS ? (uint32_t)ERROR_GEN_FAILURE : (uint32_t)error;
}

static uint32_t result(BOOL succeeded) { return succeeded ? 0 : last_error(); }

static uint32_t nt_result(LONG status) { return (uint32_t)status < PMI_STATUS_FAILURE ? 0 : (uint32_t)status; }

uint32_t pmi_os_open_process(uint32_t access, uint32_t pid, pmi_os_handle *out) {
  HANDLE process = OpenProcess(access, FALSE, pid);
  if (process == NULL)
    return last_error();
  *out = process;
  return 0;
}

void pmi_os_close(pmi_os_handle process) { CloseHandle(process); }

pmi_os_handle pmi_os_own_process(void) { return GetCurrentProcess(); }

uint32_t pmi_os_process_id(pmi_os_handle process) { return GetProcessId(process); }

uint32_t pmi_os_current_pid(void) { return GetCurrentProcessId(); }

uint32_t pmi_os_has_exited(pmi_os_handle process, bool *out) {
  DWORD answer = WaitForSingleObject(process, 0);
  if (answer == WAIT_FAILED)
    return last_error();
  *out = answer == WAIT_OBJECT_0;
  return 0;
}

uint32_t pmi_os_exit_code(pmi_os_handle process, uint32_t *out) {
  DWORD exit_code;
  if (!GetExitCodeProcess(process, &exit_code))
    return last_error();
  *out = exit_code;
  return 0;
}

uint32_t pmi_os_creation_time(pmi_os_handle process, int64_t *out) {
  FILETIME creation, exit, kernel, user;
  if (!GetProcessTimes(process, &creation, &exit, &kernel, &user))
    return last_error();
  *out = (int64_t)((uint64_t)creation.dwHighDateTime << 32 | creation.dwLowDateTime);
  return 0;
}

uint32_t pmi_os_memory_info(pmi_os_handle process, void *counters, uint32_t size) {
  return result(GetProcessMemoryInfo(process, (PROCESS_MEMORY_COUNTERS *)counters, size));
}

uint32_t pmi_os_vm_counters(pmi_os_handle process, void *counters, uint32_t size, uint32_t *returned) {
  ULONG length = 0;
  LONG status = NtQueryInformationProcess(process, PROCESS_VM_COUNTERS, counters, size, &length);
  *returned = length;
  return nt_result(status);
}

uint32_t pmi_os_sequence_number(pmi_os_handle process, uint64_t *out) {
  ULONGLONG number = 0;
  LONG status = NtQueryInformationProcess(process, PROCESS_SEQUENCE_NUMBER, &number, sizeof number, NULL);
  *out = number;
  return nt_result(status);
}

uint32_t pmi_os_list_processes(void *buffer, uint32_t size, uint32_t *returned) {
  ULONG length = 0;
  LONG status = NtQuerySystemInformation(SYSTEM_PROCESS_INFORMATION_CLASS, buffer, size, &length);
  *returned = length;
  return nt_result(status);
}

uint32_t pmi_os_working_set(pmi_os_handle process, uintptr_t *entries, uint32_t size) {
  return result(QueryWorkingSet(process, entries, size));
}

uint32_t pmi_os_page_size(void) {
  SYSTEM_INFO info;
  GetSystemInfo(&info);
  return info.dwPageSize;
}

uint32_t pmi_os_memory_status_of_machine(pmi_os_memory_status *out) {
  MEMORYSTATUSEX status = {.dwLength = sizeof status};
  if (!GlobalMemoryStatusEx(&status))
    return last_error();
  out->total_physical = status.ullTotalPhys;
  out->available_physical = status.ullAvailPhys;
  return 0;
}

static BOOL CALLBACK add_page_file(void *context, ENUM_PAGE_FILE_INFORMATION *file, LPCWSTR name) {
  pmi_os_page_files *files = context;
  (void)name;
  files->total += file->TotalSize;
  files->in_use += file->TotalInUse;
  return TRUE;
}

uint32_t pmi_os_page_files_of_machine(pmi_os_page_files *out) {
  /* The header of mingw omits CALLBACK, without which the function has another type on ia32. */
  const PENUM_PAGE_FILE_CALLBACKW callback = (PENUM_PAGE_FILE_CALLBACKW)(void (*)(void))add_page_file;
  *out = (pmi_os_page_files){0};
  return result(EnumPageFilesW(callback, out));
}

uint32_t pmi_os_performance_of_machine(pmi_os_performance *out) {
  PERFORMANCE_INFORMATION info = {.cb = sizeof info};
  if (!GetPerformanceInfo(&info, sizeof info))
    return last_error();
  out->commit_total = info.CommitTotal;
  out->commit_limit = info.CommitLimit;
  out->page_size = info.PageSize;
  return 0;
}

uint32_t pmi_os_is_in_job(pmi_os_handle process, bool *out) {
  BOOL answer = FALSE;
  if (!IsProcessInJob(process, NULL, &answer))
    return last_error();
  *out = answer != FALSE;
  return 0;
}

/* Looked up at run time: older versions of Windows and Wine lack the function. */
uint32_t pmi_os_app_memory_of(pmi_os_handle process, pmi_os_app_memory *out) {
  typedef BOOL(WINAPI * function)(HANDLE process, int information_class, void *information, DWORD size);
  HMODULE kernel = GetModuleHandleW(L"kernel32.dll");
  FARPROC found = kernel == NULL ? NULL : GetProcAddress(kernel, "GetProcessInformation");
  function get_process_information;
  if (found == NULL)
    return PMI_ERROR_CALL_NOT_IMPLEMENTED;
  memcpy(&get_process_information, &found, sizeof found);
  return result(get_process_information(process, PROCESS_APP_MEMORY_INFO, out, sizeof *out));
}

uint32_t pmi_os_own_job_limits(pmi_os_job_limits *out) {
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION info = {0};
  if (!QueryInformationJobObject(NULL, JobObjectExtendedLimitInformation, &info, sizeof info, NULL))
    return last_error();
  DWORD flags = info.BasicLimitInformation.LimitFlags;
  out->has_process_limit = (flags & JOB_OBJECT_LIMIT_PROCESS_MEMORY) != 0;
  out->has_job_limit = (flags & JOB_OBJECT_LIMIT_JOB_MEMORY) != 0;
  out->process_limit = info.ProcessMemoryLimit;
  out->job_limit = info.JobMemoryLimit;
  return 0;
}

uint32_t pmi_os_create_job(pmi_os_handle *out) {
  HANDLE job = CreateJobObjectW(NULL, NULL);
  if (job == NULL)
    return last_error();
  *out = job;
  return 0;
}

uint32_t pmi_os_assign_to_job(pmi_os_handle job, pmi_os_handle process) {
  return result(AssignProcessToJobObject(job, process));
}

uint32_t pmi_os_job_peak(pmi_os_handle job, uint64_t *out) {
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION info = {0};
  if (!QueryInformationJobObject(job, JobObjectExtendedLimitInformation, &info, sizeof info, NULL))
    return last_error();
  *out = info.PeakJobMemoryUsed;
  return 0;
}
