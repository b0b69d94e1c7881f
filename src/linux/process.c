/*
 * Reading the files of one process. See process.h.
 *
 * A process whose main thread has exited shows as a zombie without memory while its other threads run on: then any of
 * those tells what the process has. /proc/TID answers for a thread although it is not listed: its Tgid tells.
 */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void path_of(const pmi_place *place, const char *name, char path[PMI_PROC_PATH]) {
  if (place->tid == 0)
    pmi_process_path(path, place->pid, name);
  else
    pmi_thread_path(path, place->pid, place->tid, name);
}

pmi_code pmi_read_file(const pmi_place *place, const char *name, pmi_reader reader, void *out, pmi_text *text,
                       pmi_error *error) {
  char path[PMI_PROC_PATH];
  path_of(place, name, path);
  return pmi_slurp(place->dir, path, reader, out, text, error);
}

pmi_code pmi_unintelligible(const pmi_place *place, const char *name, pmi_error *error) {
  char path[PMI_PROC_PATH];
  path_of(place, name, path);
  return pmi_fail(error, PMI_EIO, EIO, "read", path);
}

bool pmi_take_status(const char *bytes, size_t length, void *out) { return pmi_parse_status(bytes, length, 0, out); }

bool pmi_take_memory(const char *bytes, size_t length, void *out) {
  return pmi_parse_status(bytes, length, PMI_STATUS_MEMORY, out);
}

static bool take_statm(const char *bytes, size_t length, void *out) { return pmi_parse_statm(bytes, length, out); }

static bool take_stat(const char *bytes, size_t length, void *out) { return pmi_parse_stat(bytes, length, out); }

/* Reads `name` by a descriptor of it, or, if that is -1, anew. */
static pmi_code read_by(int fd, const pmi_place *place, const char *name, pmi_reader reader, void *out,
                        pmi_error *error) {
  pmi_code code;
  pmi_text text;
  pmi_text_init(&text);
  if (fd == -1) {
    code = pmi_read_file(place, name, reader, out, &text, error);
  } else {
    code = pmi_reread(fd, reader, out, &text, error);
    if (code != PMI_OK)
      path_of(place, name, error->path);
  }
  pmi_text_free(&text);
  return code;
}

/* Puts the status of a thread that still has memory into `status`; leaves all alone where there is none. */
static pmi_code find_live_thread(pmi_place *place, pmi_status *status, pmi_error *error) {
  char path[PMI_PROC_PATH];
  pmi_ids threads = {0};
  path_of(place, "task", path);
  pmi_code code = pmi_list_ids(place->dir, path, &threads, error);
  for (size_t i = 0; code == PMI_OK && i < threads.count; i++) {
    pmi_place thread_place = {.dir = place->dir, .pid = place->pid, .tid = threads.ids[i]};
    pmi_status thread;
    code = read_by(-1, &thread_place, "status", pmi_take_status, &thread, error);
    if (code == PMI_ESRCH) {
      code = PMI_OK; /* that thread exited; the next may not have */
    } else if (code == PMI_OK && pmi_status_has(&thread, PMI_VM_RSS)) {
      *place = thread_place;
      *status = thread;
      break;
    }
  }
  pmi_ids_free(&threads);
  return code;
}

bool pmi_lost_thread(pmi_place *place, pmi_code code, int *attempts) {
  if (code != PMI_ESRCH || place->tid == 0 || (*attempts)-- <= 0)
    return false;
  place->tid = 0;
  return true;
}

pmi_code pmi_read_main_status(int fd, const pmi_place *place, pmi_reader reader, pmi_status *out, pmi_error *error) {
  char path[PMI_PROC_PATH];
  pmi_code code = read_by(fd, place, "status", reader, out, error);
  if (code != PMI_OK || out->tgid == place->pid)
    return code;
  path_of(place, "status", path);
  return pmi_fail(error, PMI_ESRCH, ESRCH, "open", path);
}

pmi_code pmi_read_open_status(int fd, pmi_place *place, pmi_reader reader, pmi_status *out, pmi_error *error) {
  pmi_status status;
  /* Threads may come and go faster than they can be looked at: then the main one is asked whether any is left. */
  for (int attempts = PMI_THREAD_ATTEMPTS; attempts > 0; attempts--) {
    pmi_code code = pmi_read_main_status(fd, place, reader, &status, error);
    bool elsewhere = code == PMI_OK && !pmi_status_has(&status, PMI_VM_RSS) && status.threads > 1;
    if (elsewhere)
      code = find_live_thread(place, &status, error);
    if (code != PMI_OK)
      return code;
    if (!elsewhere || place->tid != 0) {
      *out = status;
      return PMI_OK;
    }
  }
  return pmi_unintelligible(place, "status", error);
}

pmi_code pmi_read_status(pmi_place *place, pmi_status *out, pmi_error *error) {
  return pmi_read_open_status(-1, place, pmi_take_status, out, error);
}

pmi_code pmi_read_statm(int fd, const pmi_place *place, pmi_statm *out, pmi_error *error) {
  return read_by(fd, place, "statm", take_statm, out, error);
}

pmi_code pmi_read_stat(const pmi_place *place, pmi_text *text, pmi_stat *out, pmi_error *error) {
  return pmi_read_file(place, "stat", take_stat, out, text, error);
}

pmi_code pmi_open_stat(uint32_t pid, int *out, pmi_error *error) {
  char path[PMI_PROC_PATH];
  pmi_process_path(path, pid, "stat");
  return pmi_open(AT_FDCWD, path, 0, out, error);
}

pmi_code pmi_read_open_stat(int fd, uint32_t pid, pmi_text *text, pmi_stat *out, pmi_error *error) {
  char path[PMI_PROC_PATH];
  pmi_process_path(path, pid, "stat");
  return pmi_read_whole(fd, path, take_stat, out, text, error);
}

pmi_code pmi_read_children(const pmi_place *thread, bool first, pmi_text *text, pmi_error *error) {
  char path[PMI_PROC_PATH];
  int fd = -1;
  size_t count = 0;
  path_of(thread, "children", path);
  pmi_code code = pmi_open(thread->dir, path, 0, &fd, error);
  if (code != PMI_OK)
    return code;
  if (first)
    code = pmi_read_some(fd, path, text, &count, error);
  if (code == PMI_OK && (!first || (count > 0 && text->bytes[count - 1] != ' ')))
    code = pmi_read_whole(fd, path, NULL, NULL, text, error);
  pmi_close(fd);
  return code;
}

uint64_t pmi_creation_time_ms(uint64_t boot_time, uint64_t start_ticks) {
  uint64_t ticks_per_second = (uint64_t)sysconf(_SC_CLK_TCK);
  return (boot_time + start_ticks / ticks_per_second) * 1000 + start_ticks % ticks_per_second * 1000 / ticks_per_second;
}

static uint64_t saturating_product(uint64_t a, uint64_t b) { return a > UINT64_MAX / b ? UINT64_MAX : a * b; }

uint64_t pmi_bytes_of_kib(uint64_t kib) { return saturating_product(kib, 1024); }

uint64_t pmi_bytes_of_pages(uint64_t pages) { return saturating_product(pages, (uint64_t)sysconf(_SC_PAGESIZE)); }
