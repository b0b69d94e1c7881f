/*
 * Reading the files of one process. See process.h.
 *
 * A process whose main thread has exited is shown as a zombie without memory while its other threads still run; their
 * status has the memory of the process. /proc/TID exists for threads although it is not listed: Tgid differs then.
 */
#include "process.h"

#include <errno.h>
#include <unistd.h>

pmi_code pmi_bind(uint32_t pid, pmi_proc_dir *out, pmi_error *error) {
  char path[PMI_PROC_PATH];
  pmi_process_path(path, pid, 0, "");
  *out = (pmi_proc_dir){.pid = pid};
  return pmi_hold(path, &out->base, error);
}

pmi_code pmi_open_file(const pmi_proc_dir *proc, const char *name, int *out, pmi_error *error) {
  char path[PMI_PROC_PATH];
  pmi_process_path(path, proc->pid, proc->tid, name);
  return pmi_open(proc->base, path, 0, out, error);
}

pmi_code pmi_read_file(int fd, const pmi_proc_dir *proc, const char *name, pmi_reader reader, void *out, pmi_text *text,
                       pmi_error *error) {
  int opened = -1;
  pmi_text own;
  pmi_text *const into = text == NULL ? &own : text;
  pmi_text_init(into);
  pmi_code code = fd == -1 ? pmi_open_file(proc, name, &opened, error) : PMI_OK;
  if (code != PMI_OK)
    return code;
  code = pmi_read(fd == -1 ? opened : fd, NULL, reader, out, into, error);
  if (text == NULL)
    pmi_text_free(into);
  if (code != PMI_OK && code != PMI_ENOMEM)
    pmi_process_path(error->path, proc->pid, proc->tid, name);
  if (opened != -1)
    pmi_close_with(proc->closing, opened);
  return code;
}

pmi_code pmi_unintelligible(const pmi_proc_dir *proc, const char *name, pmi_error *error) {
  char path[PMI_PROC_PATH];
  pmi_process_path(path, proc->pid, proc->tid, name);
  return pmi_fail(error, PMI_EIO, EIO, "read", path);
}

/* A status, and what of it is wanted. */
typedef struct wanted_status {
  unsigned wanted;
  pmi_status *status;
} wanted_status;

static bool parse_wanted(const char *bytes, size_t length, void *out) {
  const wanted_status *to = out;
  return (to->wanted != PMI_WANT_ALL && pmi_parse_status_fast(bytes, length, to->wanted, to->status)) ||
         pmi_parse_status(bytes, length, to->status);
}

pmi_code pmi_read_thread_status(int fd, const pmi_proc_dir *proc, unsigned wanted, pmi_status *out, pmi_error *error) {
  pmi_code code = pmi_read_file(fd, proc, "status", parse_wanted, &(wanted_status){wanted, out}, NULL, error);
  if (code != PMI_OK || out->tgid == proc->pid)
    return code;
  pmi_fail(error, PMI_ESRCH, ESRCH, "open", NULL);
  pmi_process_path(error->path, proc->pid, proc->tid, "status");
  return PMI_ESRCH;
}

/* Adds the threads to the list. Sets *more if any was not in it yet. */
static pmi_code list_threads(const pmi_proc_dir *proc, pmi_ids *threads, bool *more, pmi_error *error) {
  char path[PMI_PROC_PATH];
  const size_t before = threads->count;
  pmi_process_path(path, proc->pid, 0, "task");
  pmi_code code = pmi_list_ids(proc->base, path, threads, error);
  *more = false;
  for (size_t i = before; code == PMI_OK && !*more && i < threads->count; i++) {
    size_t at = 0;
    while (at < before && threads->ids[at] != threads->ids[i])
      at++;
    *more = at == before;
  }
  return code;
}

/*
 * Sets `status` to that of a thread that still has memory, if there is one. If none is found, *unsure is set if there
 * may be one nevertheless: a listed thread exited before it was read, or started another thread before it exited.
 */
static pmi_code find_live_thread(pmi_proc_dir *proc, pmi_status *status, bool *unsure, pmi_error *error) {
  const pmi_proc_dir process = *proc;
  pmi_ids threads = {0};
  bool lost = false;
  bool found = false;
  bool more = false;
  pmi_code code = list_threads(&process, &threads, &more, error);
  for (size_t i = 0; code == PMI_OK && !found && i < threads.count; i++) {
    pmi_proc_dir thread_dir = {
        .base = process.base, .closing = process.closing, .pid = process.pid, .tid = threads.ids[i]};
    pmi_status thread;
    code = pmi_read_thread_status(-1, &thread_dir, PMI_WANT_ALL, &thread, error);
    if (code == PMI_ESRCH) {
      code = PMI_OK;
      lost = true;
    } else if (code == PMI_OK && pmi_status_has(&thread, PMI_VM_RSS)) {
      *proc = thread_dir;
      *status = thread;
      found = true;
    }
  }
  if (code == PMI_OK && !found && !lost)
    code = list_threads(&process, &threads, &more, error);
  *unsure = !found && (lost || more);
  pmi_ids_free(&threads);
  return code;
}

bool pmi_lost_thread(pmi_proc_dir *proc, pmi_code code, int *attempts) {
  if (code != PMI_ESRCH || proc->tid == 0 || (*attempts)-- <= 0)
    return false;
  proc->tid = 0;
  return true;
}

bool pmi_is_alive(const pmi_status *status) {
  return pmi_status_has(status, PMI_VM_RSS) || (status->state != 'Z' && status->state != 'X');
}

pmi_code pmi_read_status(int fd, pmi_proc_dir *proc, unsigned wanted, pmi_status *out, pmi_error *error) {
  /*
   * Threads may start and exit faster than they can be read: then the main thread's status shows whether any is left.
   */
  for (int attempts = PMI_THREAD_ATTEMPTS; attempts > 0; attempts--) {
    pmi_status status;
    bool unsure = false;
    pmi_code code = pmi_read_thread_status(fd, proc, wanted, &status, error);
    if (code == PMI_OK && !pmi_status_has(&status, PMI_VM_RSS)) {
      /*
       * It may be that of a main thread that exited before the others. Without any thread it is stale: another thread
       * has called exec(2) and replaced the main thread.
       */
      unsure = status.threads == 0;
      if (status.threads > 1)
        code = find_live_thread(proc, &status, &unsure, error);
    }
    if (code != PMI_OK)
      return code;
    if (!unsure) {
      *out = status;
      return PMI_OK;
    }
  }
  return pmi_unintelligible(proc, "status", error);
}

pmi_code pmi_read_statm(int fd, const pmi_proc_dir *proc, pmi_statm *out, pmi_error *error) {
  return pmi_read_file(fd, proc, "statm", pmi_parse_statm, out, NULL, error);
}

pmi_code pmi_read_stat(int fd, const pmi_proc_dir *proc, pmi_stat *out, pmi_error *error) {
  return pmi_read_file(fd, proc, "stat", pmi_parse_stat, out, NULL, error);
}

/*
 * In a time namespace a process may be older than the boot time: the kernel then shows a negative number of nanoseconds
 * as a large number of ticks.
 */
static int64_t signed_ticks(uint64_t ticks, uint64_t ticks_per_second) {
  const uint64_t nanoseconds = 1000000000 / ticks_per_second; /* of a tick */
  const uint64_t all = UINT64_MAX / nanoseconds + 1;
  return ticks > all / 2 && ticks <= all ? -(int64_t)(all - ticks) : (int64_t)ticks;
}

uint64_t pmi_creation_time_ms(uint64_t start_ticks) {
  const uint64_t per_second = (uint64_t)sysconf(_SC_CLK_TCK);
  const int64_t ticks = signed_ticks(start_ticks, per_second);
  const int64_t seconds = ticks / (int64_t)per_second;
  const int64_t rest = ticks % (int64_t)per_second;
  return (uint64_t)((pmi_boot_time() + seconds) * 1000 + rest * 1000 / (int64_t)per_second);
}

static uint64_t saturating_product(uint64_t a, uint64_t b) { return a > UINT64_MAX / b ? UINT64_MAX : a * b; }

uint64_t pmi_bytes_of_kib(uint64_t kib) { return saturating_product(kib, 1024); }

uint64_t pmi_bytes_of_pages(uint64_t pages) { return saturating_product(pages, (uint64_t)sysconf(_SC_PAGESIZE)); }
