/* See fake.h. */
#include "fake.h"

#include "blocks.h"
#include "check.h"

#include <errno.h>
#include <string.h>

enum { OWN_TASK = 0x103, HOST = 0x203, FIRST_PORT = 0x1000 };

fake_macos fake;
static fake_process processes[FAKE_MAX_PROCESSES];

void fake_begin(void) {
  fake = (fake_macos){
      .processes = processes,
      .own_pid = 100,
      .page_size = FAKE_PAGE,
      .own_page_size = FAKE_PAGE,
      .memory_size = 64 * GIB,
      .statistics = {.free_count = 1000,
                     .speculative_count = 100,
                     .inactive_count = 2000,
                     .purgeable_count = 30,
                     .external_page_count = 4000},
      .swap = {.total = 2 * GIB, .available = GIB},
  };
  memset(processes, 0, sizeof processes);
}

void check_nothing_left(void) {
  CHECK_SAME(fake.open_ports, 0);
  CHECK_SAME(fake.rights_to_self, 0);
  CHECK_SAME(blocks_live(), 0);
}

BEFORE(count_blocks) { blocks_count_from_here(); }
AFTER(leave_nothing) { check_nothing_left(); }

fake_process *fake_add(uint32_t pid, uint32_t ppid, int64_t seconds) {
  fake_process *process = &processes[fake.count++];
  *process = (fake_process){
      .listed = {.pid = pid, .ppid = ppid, .start_seconds = seconds, .start_microseconds = 7000, .comm = "program"},
      .usage = {.pageins = 340,
                .wired_size = MIB,
                .resident_size = 50 * MIB,
                .phys_footprint = 30 * MIB,
                .lifetime_max_phys_footprint = 90 * MIB},
      .task = {.virtual_size = 400 * GIB, .faults = 12000, .cow_faults = 560},
      .task_vm = {.resident_size_peak = 80 * MIB,
                  .internal = 20 * MIB,
                  .external = 25 * MIB,
                  .reusable = 3 * MIB,
                  .compressed = 10 * MIB},
      .resident_max = 70 * MIB,
      .cpu_type = FAKE_CPU_TYPE_ARM64,
  };
  return process;
}

void fake_replace(fake_process *process) { process->listed.start_seconds += 60; }

void fake_exit(fake_process *process) {
  process->listed.is_zombie = true;
  process->task_failure = ESRCH;
  process->port_failure = PMI_KERN_FAILURE;
  process->region_count = 0;
}

/* Counts the system calls. Each can be made to fail, and a callback can run before it. */
static int begin_call(void) {
  fake.calls++;
  if (fake.before_call != NULL)
    fake.before_call(fake.calls);
  if (fake.fail_at == 0 || --fake.fail_at > 0)
    return 0;
  return fake.fail_with;
}

static fake_process *find(uint32_t pid) {
  for (size_t i = 0; i < fake.count; i++)
    if (processes[i].listed.pid == pid && !processes[i].gone)
      return &processes[i];
  return NULL;
}

/* The common beginning of libproc's calls for counters. */
static int ask(uint32_t pid, fake_process **out) {
  int failure = begin_call();
  if (failure != 0)
    return failure;
  *out = find(pid);
  return *out == NULL ? ESRCH : (*out)->refusal;
}

uint32_t pmi_os_own_pid(void) { return fake.own_pid; }

int pmi_os_process_of(uint32_t pid, pmi_os_process *out, bool *found) {
  int failure = begin_call();
  if (failure != 0)
    return failure;
  const fake_process *process = find(pid);
  *found = process != NULL;
  if (process != NULL)
    *out = process->listed;
  return 0;
}

int pmi_os_list_processes(void *buffer, size_t *size) {
  int failure = begin_call();
  size_t needed = 0;
  if (failure != 0)
    return failure;
  for (size_t i = 0; i < fake.count; i++)
    if (!processes[i].gone && !processes[i].unlisted)
      needed += sizeof(pmi_os_process);
  if (buffer == NULL) {
    *size = fake.list_estimate == 0 ? needed : fake.list_estimate;
    return 0;
  }
  fake.lists++;
  if (fake.list_grows > 0) {
    fake.list_grows--;
    return ENOMEM;
  }
  if (needed > *size)
    return ENOMEM;
  unsigned char *at = buffer;
  for (size_t i = 0; i < fake.count; i++) {
    if (!processes[i].gone && !processes[i].unlisted) {
      memcpy(at, &processes[i].listed, sizeof(pmi_os_process));
      at += sizeof(pmi_os_process);
    }
  }
  *size = needed - fake.list_cut + fake.list_overstate;
  return 0;
}

size_t pmi_os_listed_size(void) { return sizeof(pmi_os_process); }

void pmi_os_listed(const void *list, size_t index, pmi_os_process *out) {
  memcpy(out, (const unsigned char *)list + index * sizeof *out, sizeof *out);
}

int pmi_os_rusage_of(uint32_t pid, pmi_os_rusage *out) {
  fake_process *process = NULL;
  int failure = ask(pid, &process);
  if (failure == 0)
    *out = process->usage;
  return failure;
}

int pmi_os_task_of(uint32_t pid, pmi_os_task *out) {
  fake_process *process = NULL;
  int failure = ask(pid, &process);
  if (failure == 0)
    failure = process->task_failure;
  if (failure == 0)
    *out = process->task;
  return failure;
}

int pmi_os_cpu_type_of(uint32_t pid, int32_t *out) {
  fake_process *process = NULL;
  int failure = ask(pid, &process);
  if (failure == 0)
    *out = process->cpu_type;
  return failure;
}

int pmi_os_region_of(uint32_t pid, uint64_t address, pmi_os_region *out) {
  fake_process *process = NULL;
  int failure = ask(pid, &process);
  if (failure != 0)
    return failure;
  fake.regions_asked++;
  fake.uptime_ns += fake.region_ns;
  if (process->fail_region != 0 && --process->fail_region == 0)
    return process->region_failure;
  for (size_t i = 0; i < process->region_count; i++) {
    if (address < process->regions[i].address + process->regions[i].size) {
      *out = process->regions[i];
      return 0;
    }
  }
  if (!process->endless && !process->stands_still)
    return EINVAL;
  *out = (pmi_os_region){.address = address, .size = process->endless ? FAKE_PAGE : 0, .share_mode = PMI_SM_EMPTY};
  return 0;
}

static int copy(const char *text, char *out, size_t size) {
  size_t length = strlen(text) < size ? strlen(text) : size - 1;
  memcpy(out, text, length);
  out[length] = '\0';
  return 0;
}

int pmi_os_name_of(uint32_t pid, char *out, size_t size) {
  fake_process *process = NULL;
  int failure = ask(pid, &process);
  if (failure == 0 && process->name == NULL)
    failure = EPERM;
  return failure != 0 ? failure : copy(process->name, out, size);
}

int pmi_os_path_of(uint32_t pid, char out[PMI_PATH_MAX]) {
  int failure = begin_call();
  const fake_process *process = find(pid);
  if (failure == 0 && (process == NULL || process->path == NULL))
    failure = ESRCH;
  return failure != 0 ? failure : copy(process->path, out, PMI_PATH_MAX);
}

pmi_os_port pmi_os_own_task(void) { return OWN_TASK; }

int pmi_os_open_task(uint32_t pid, pmi_os_port *out) {
  int failure = begin_call();
  const fake_process *process = find(pid);
  fake.opens++;
  if (failure == 0)
    failure = process == NULL ? PMI_KERN_FAILURE : process->port_failure;
  if (failure != 0)
    return failure;
  if (process->port != 0 || process->gives_null) {
    *out = process->port;
    return 0;
  }
  fake.open_ports++;
  *out = FIRST_PORT + pid;
  return 0;
}

pmi_os_port pmi_os_open_host(void) {
  fake.open_ports++;
  return HOST;
}

void pmi_os_close_port(pmi_os_port port) {
  if (port == OWN_TASK)
    fake.rights_to_self--;
  else
    fake.open_ports--;
}

/* The process whose task a port is for. A port outlives the task. */
static int ask_task(pmi_os_port task, fake_process **out) {
  int failure = begin_call();
  if (failure != 0)
    return failure;
  *out = find(task == OWN_TASK ? fake.own_pid : task - FIRST_PORT);
  return *out == NULL ? PMI_KERN_FAILURE : 0;
}

int pmi_os_task_vm_of(pmi_os_port task, pmi_os_task_vm *out) {
  fake_process *process = NULL;
  int failure = ask_task(task, &process);
  if (failure == 0)
    failure = process->task_vm_failure;
  if (failure == 0)
    *out = process->task_vm;
  return failure;
}

int pmi_os_resident_max_of(pmi_os_port task, uint64_t *out) {
  fake_process *process = NULL;
  int failure = ask_task(task, &process);
  if (failure == 0)
    failure = process->resident_max_failure;
  if (failure == 0)
    *out = process->resident_max;
  return failure;
}

int pmi_os_vm_statistics_of(pmi_os_port host, pmi_os_vm_statistics *out) {
  int failure = begin_call();
  if (failure == 0)
    failure = host == HOST ? fake.statistics_failure : PMI_KERN_FAILURE;
  if (failure == 0)
    *out = fake.statistics;
  return failure;
}

uint64_t pmi_os_page_size(void) { return fake.page_size; }

uint64_t pmi_os_own_page_size(void) { return fake.own_page_size; }

int pmi_os_memory_size(uint64_t *out) {
  int failure = begin_call();
  if (failure == 0)
    failure = fake.memory_failure;
  if (failure == 0)
    *out = fake.memory_size;
  return failure;
}

int pmi_os_swap_usage(pmi_os_swap *out) {
  int failure = begin_call();
  if (failure == 0)
    failure = fake.swap_failure;
  if (failure == 0)
    *out = fake.swap;
  return failure;
}

uint64_t pmi_os_uptime_ns(void) { return fake.uptime_ns; }
