/* See newborn.h. */
#include "newborn.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

void pmi_newborns_begin(pmi_newborns *newborns, uint64_t boot_time) {
  const uint64_t per_second = (uint64_t)sysconf(_SC_CLK_TCK);
  struct timespec now = {0}; /* without the clock, everybody is a newborn: that is slower, and as right */
  (void)clock_gettime(CLOCK_BOOTTIME, &now);
  uint64_t ticks = (uint64_t)now.tv_sec * per_second + (uint64_t)now.tv_nsec / (1000000000 / per_second);
  if (ticks > 0)
    ticks--; /* fork() notes the time some while before it gives the pid */
  newborns->boot_time = boot_time;
  newborns->since_ms = pmi_creation_time_ms(boot_time, ticks);
  newborns->count = 0;
}

bool pmi_newborns_release(pmi_newborns *newborns) {
  const bool any = newborns->count > 0;
  while (newborns->count > 0)
    pmi_close(newborns->held[--newborns->count].dir);
  return any;
}

bool pmi_is_newborn(const pmi_newborns *newborns, const pmi_process *process) {
  return process->creation_time_ms >= newborns->since_ms;
}

/* Where the one of that pid is held, or would be. */
static size_t find(const pmi_newborns *newborns, uint32_t pid) {
  size_t at = 0;
  while (at < newborns->count && newborns->held[at].pid != pid)
    at++;
  return at;
}

bool pmi_newborns_hold(pmi_newborns *newborns, const pmi_process *process, int dir) {
  const size_t at = find(newborns, process->pid);
  if (at < newborns->count) /* the pid's bearer before this one, or the same */
    pmi_close(newborns->held[at].dir);
  else if (at == PMI_NEWBORNS_HELD || !pmi_is_newborn(newborns, process))
    return false;
  else
    newborns->count++;
  newborns->held[at].pid = process->pid;
  newborns->held[at].dir = dir;
  return true;
}

pmi_code pmi_newborns_same(const pmi_newborns *newborns, const pmi_process *process, bool *same, pmi_error *error) {
  const size_t at = find(newborns, process->pid);
  const int dir = at < newborns->count ? newborns->held[at].dir : AT_FDCWD;
  const pmi_place place = {.dir = dir, .pid = process->pid};
  pmi_error why;
  pmi_stat stat;
  pmi_text text;
  *same = false;
  pmi_text_init(&text);
  pmi_code code = pmi_read_stat(&place, &text, &stat, &why);
  pmi_text_free(&text);
  if (pmi_is_shortage(code)) {
    *error = why;
    return code;
  }
  *same = code == PMI_OK && pmi_creation_time_ms(newborns->boot_time, stat.start_ticks) == process->creation_time_ms;
  return PMI_OK;
}
