/* The Windows folder over the real system calls: this process, its children, and pids without a process. */
#include "check.h"
#include "command.h"
#include "pmi.h"
#include "values.h"

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHILD_MIB = 200, MIB = 1024 * 1024 };

static pmi_error error;

typedef struct child {
  PROCESS_INFORMATION process;
  HANDLE ready;
  HANDLE quit;
} child;

/* The child writes to its memory, sets one event and waits for the other. */
static int be_child(const char *mib, const char *ready, const char *quit) {
  size_t size = (size_t)atoi(mib) * MIB;
  volatile char *memory = malloc(size + 1);
  if (memory == NULL)
    return 1;
  for (size_t i = 0; i < size; i += 1024)
    memory[i] = 1;
  SetEvent(OpenEventA(EVENT_MODIFY_STATE, FALSE, ready));
  WaitForSingleObject(OpenEventA(SYNCHRONIZE, FALSE, quit), 60000);
  return memory[0] == 1 ? 0 : 1;
}

static void start(child *out, int mib) {
  char self[MAX_PATH], command[MAX_PATH + 100], ready[40], quit[40];
  STARTUPINFOA startup = {.cb = sizeof startup};
  static int number;
  snprintf(ready, sizeof ready, "pmi-ready-%lu-%d", (unsigned long)GetCurrentProcessId(), ++number);
  snprintf(quit, sizeof quit, "pmi-quit-%lu-%d", (unsigned long)GetCurrentProcessId(), number);
  out->ready = CreateEventA(NULL, TRUE, FALSE, ready);
  out->quit = CreateEventA(NULL, TRUE, FALSE, quit);
  GetModuleFileNameA(NULL, self, sizeof self);
  snprintf(command, sizeof command, "\"%s\" %d %s %s", self, mib, ready, quit);
  CHECK(CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &out->process));
  CHECK(WaitForSingleObject(out->ready, 30000) == WAIT_OBJECT_0);
}

/* Ends it, but keeps its handle, so that the process object remains. */
static void end(child *process) {
  SetEvent(process->quit);
  CHECK(WaitForSingleObject(process->process.hProcess, 30000) == WAIT_OBJECT_0);
}

static void release(child *process) {
  CloseHandle(process->process.hProcess);
  CloseHandle(process->process.hThread);
  CloseHandle(process->ready);
  CloseHandle(process->quit);
}

static void print_memory(const char *whose, const pmi_memory *memory) {
  printf("  %s: working set %lu KiB, peak %lu, private %lu, shared %lu, known %u\n", whose,
         (unsigned long)(memory->working_set / 1024), (unsigned long)(memory->peak_working_set / 1024),
         (unsigned long)(memory->private_bytes / 1024), (unsigned long)(memory->shared_bytes / 1024), memory->known);
}

static void print_failure(const char *what) {
  printf("  %s: %s, %s, 0x%lx\n", what, pmi_code_name(error.code), error.syscall, (unsigned long)error.os_error);
}

TEST(reads_its_own_memory) {
  pmi_memory memory = {0};
  CHECK_SAME(pmi_read_memory(GetCurrentProcessId(), &memory, &error), PMI_OK);
  print_memory("own", &memory);
  CHECK(memory.working_set > MIB);
  CHECK(memory.peak_working_set >= memory.working_set / 2);
  CHECK((memory.known & PMI_PRIVATE) != 0 && memory.private_bytes > 0);
}

TEST(reads_its_own_counters) {
  pmi_values counters = {0};
  CHECK_SAME(pmi_read_counters(GetCurrentProcessId(), &counters, &error), PMI_OK);
  CHECK(counters.count >= 10);
  for (size_t i = 0; i < counters.count; i++)
    printf("  %s %lu\n", counters.items[i].name, (unsigned long)counters.items[i].value);
}

TEST(reads_200_mib_in_a_child) {
  child small, large;
  pmi_memory before = {0}, after = {0};
  start(&small, 0);
  start(&large, CHILD_MIB);
  CHECK_SAME(pmi_read_memory(small.process.dwProcessId, &before, &error), PMI_OK);
  CHECK_SAME(pmi_read_memory(large.process.dwProcessId, &after, &error), PMI_OK);
  print_memory("child", &before);
  print_memory("child with 200 MiB", &after);
  uint64_t grown = (after.working_set - before.working_set) / MIB;
  CHECK(grown >= 195 && grown <= 205);
  CHECK(after.private_bytes - before.private_bytes >= (uint64_t)195 * MIB);
  end(&small);
  end(&large);
  release(&small);
  release(&large);
}

TEST(rejects_pids_without_a_process) {
  static const uint32_t pids[] = {0xfffffffc, 0xffffffff, 0x7ffffff0};
  pmi_memory memory;
  pmi_tree tree = {0};
  for (size_t i = 0; i < sizeof pids / sizeof *pids; i++) {
    CHECK_SAME(pmi_read_memory(pids[i], &memory, &error), PMI_ESRCH);
    CHECK_SAME(pmi_read_tree(pids[i], 0, &tree, &error), PMI_ESRCH);
  }
  for (uint32_t i = 1; i < 4; i++)
    CHECK_SAME(pmi_read_memory(GetCurrentProcessId() + i, &memory, &error), PMI_ESRCH);
  print_failure("next to the own pid");
  CHECK_SAME(pmi_read_memory(0, &memory, &error), PMI_ESRCH); /* Wine has no idle process */
  print_failure("pid 0");
}

TEST(rejects_an_exited_child_whose_handle_is_held) {
  child process;
  pmi_memory memory;
  pmi_values counters;
  pmi_footprint footprint;
  pmi_limit limit;
  pmi_handle *handle = NULL;
  pmi_tree tree = {0};
  bool alive = false;
  start(&process, 0);
  uint32_t pid = process.process.dwProcessId;
  CHECK_SAME(pmi_open_handle(pid, &handle, &error), PMI_OK);
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_OK);
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
  CHECK_SAME(alive, 1);
  CHECK(pmi_handle_creation_time_ms(handle) > UINT64_C(1500000000000));
  end(&process);
  CHECK_SAME(pmi_handle_is_alive(handle, &alive, &error), PMI_OK);
  CHECK_SAME(alive, 0);
  CHECK_SAME(pmi_handle_read_memory(handle, &memory, &error), PMI_ESRCH);
  CHECK_SAME(pmi_handle_read_counters(handle, &counters, &error), PMI_ESRCH);
  CHECK_SAME(pmi_handle_read_footprint(handle, &footprint, &error), PMI_ESRCH);
  CHECK_SAME(pmi_read_memory(pid, &memory, &error), PMI_ESRCH);
  print_failure("exited");
  CHECK_SAME(pmi_read_limit(pid, &limit, &error), PMI_ESRCH);
  CHECK_SAME(pmi_read_tree(pid, 0, &tree, &error), PMI_ESRCH);
  pmi_close_handle(handle);
  release(&process);
}

TEST(lists_itself_and_its_children) {
  child first, second;
  pmi_tree tree = {0};
  start(&first, 0);
  start(&second, 50);
  CHECK_SAME(pmi_read_tree(GetCurrentProcessId(), PMI_TREE_FOOTPRINT, &tree, &error), PMI_OK);
  for (size_t i = 0; i < tree.count; i++) {
    const pmi_process *process = &tree.processes[i];
    printf("  %u < %u %.*s born %lu s, footprint %lu KiB, %s, %s\n", process->pid, process->ppid,
           (int)process->name_length, tree.names + process->name_offset,
           (unsigned long)(process->creation_time_ms / 1000),
           (unsigned long)(footprint_value(&tree, i, "footprint") / 1024), pmi_tree_footprint(&tree, process)->method,
           pmi_code_name(process->footprint_code));
    print_memory("of it", &process->memory);
  }
  CHECK_SAME(tree.count, 3);
  CHECK_SAME(tree.processes[0].pid, GetCurrentProcessId());
  CHECK_SAME(tree.processes[1].pid, first.process.dwProcessId);
  CHECK_SAME(tree.processes[2].pid, second.process.dwProcessId);
  CHECK_SAME(tree.processes[2].ppid, GetCurrentProcessId());
  CHECK(tree.processes[2].memory.working_set > (uint64_t)50 * MIB);
  CHECK((tree.processes[2].memory.known & PMI_PRIVATE) != 0);
  CHECK(tree.processes[2].memory.private_bytes > (uint64_t)50 * MIB);
  CHECK(tree.processes[2].name_length > 4 && memcmp(tree.names + tree.processes[2].name_offset, "real.exe", 8) == 0);
  pmi_tree_free(&tree);
  end(&first);
  end(&second);
  release(&first);
  release(&second);
}

TEST(reports_consistent_creation_times) {
  pmi_handle *handle = NULL;
  pmi_tree tree = {0};
  CHECK_SAME(pmi_read_tree(GetCurrentProcessId(), 0, &tree, &error), PMI_OK);
  CHECK_SAME(pmi_open_handle(GetCurrentProcessId(), &handle, &error), PMI_OK);
  CHECK_SAME(pmi_handle_creation_time_ms(handle), tree.processes[0].creation_time_ms);
  pmi_close_handle(handle);
  pmi_tree_free(&tree);
}

TEST(reads_a_footprint_or_fails_with_enosys) {
  pmi_footprint footprint = {0};
  pmi_code code = pmi_read_footprint(GetCurrentProcessId(), &footprint, &error);
  if (code == PMI_OK) {
    printf("  footprint %lu KiB, uss %lu, %s\n", (unsigned long)(value_of(&footprint.values, "footprint") / 1024),
           (unsigned long)(value_of(&footprint.values, "uss") / 1024), footprint.method);
    CHECK(value_of(&footprint.values, "footprint") > 0);
  } else {
    print_failure("footprint");
    CHECK_SAME(code, PMI_ENOSYS); /* Wine 8 */
  }
}

TEST(reads_the_machine) {
  pmi_values system = {0};
  CHECK_SAME(pmi_read_system(&system, &error), PMI_OK);
  CHECK(value_of(&system, "total") > (uint64_t)256 * MIB && value_of(&system, "free") > 0 &&
        value_of(&system, "free") <= value_of(&system, "total"));
  printf("  total %lu MiB, free %lu, commit %lu of %lu\n", (unsigned long)(value_of(&system, "total") / MIB),
         (unsigned long)(value_of(&system, "free") / MIB), (unsigned long)(value_of(&system, "commitUsed") / MIB),
         (unsigned long)(value_of(&system, "commitLimit") / MIB));
}

TEST(reads_its_limit) {
  pmi_limit limit = {0};
  pmi_code code = pmi_read_limit(GetCurrentProcessId(), &limit, &error);
  CHECK_SAME(code, PMI_OK);
  printf("  %s, complete %d\n", names_of(&limit.values), limit.complete);
}

TEST(counts_a_child_in_a_job) {
  child process;
  pmi_job *job = NULL;
  uint64_t peak = 0;
  start(&process, CHILD_MIB);
  CHECK_SAME(pmi_open_job(process.process.dwProcessId, &job, &error), PMI_OK);
  CHECK_SAME(pmi_read_job_peak(job, &peak, &error), PMI_OK);
  printf("  peak of the job %lu KiB\n", (unsigned long)(peak / 1024));
  CHECK(peak == 0 || peak > (uint64_t)CHILD_MIB * MIB); /* Wine does not count */
  pmi_close_job(job);
  end(&process);
  release(&process);
}

TEST(leaves_no_handle_open) {
  DWORD before = 0, after = 0;
  pmi_memory memory;
  pmi_tree tree = {0};
  pmi_footprint footprint;
  CHECK(GetProcessHandleCount(GetCurrentProcess(), &before));
  for (int i = 0; i < 50; i++) {
    CHECK_SAME(pmi_read_memory(GetCurrentProcessId(), &memory, &error), PMI_OK);
    CHECK_SAME(pmi_read_memory(0xfffffffc, &memory, &error), PMI_ESRCH);
    (void)pmi_read_footprint(GetCurrentProcessId(), &footprint, &error);
    CHECK_SAME(pmi_read_tree(GetCurrentProcessId(), PMI_TREE_FOOTPRINT, &tree, &error), PMI_OK);
    pmi_tree_free(&tree);
  }
  CHECK(GetProcessHandleCount(GetCurrentProcess(), &after));
  CHECK_SAME(after, before);
}

TEST(reads_the_limit_of_its_job) {
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION info = {0};
  HANDLE job = CreateJobObjectA(NULL, NULL);
  info.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_JOB_MEMORY;
  info.JobMemoryLimit = (SIZE_T)3 << 30;
  if (!SetInformationJobObject(job, JobObjectExtendedLimitInformation, &info, sizeof info) ||
      !AssignProcessToJobObject(job, GetCurrentProcess())) {
    printf("  no job here: %lu\n", (unsigned long)GetLastError());
    return;
  }
  pmi_limit limit = {0};
  pmi_code code = pmi_read_limit(GetCurrentProcessId(), &limit, &error);
  if (code == PMI_OK)
    printf("  %s, limit %lu MiB\n", names_of(&limit.values), (unsigned long)(value_of(&limit.values, "limit") / MIB));
  else
    print_failure("limit");
  CHECK(code != PMI_OK || limit.values.count == 0 || value_of(&limit.values, "limit") == (uint64_t)3 << 30);
}

START(be_child_if_asked) {
  if (count == 4)
    exit(be_child(arguments[1], arguments[2], arguments[3]));
}
