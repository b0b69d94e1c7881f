/* psinfo of AIX, and tests for AIX only. */
#include "check.h"
#include "fake_psinfo.h"

#include <libperfstat.h>

#include <errno.h>
#include <string.h>

#include "pmi.h"

const fake_abilities fake_can = {.reads_start_of_zombies = true, .files = true};

/* <sys/procfs.h>: pr_nlwp 8, pr_pid 48, pr_ppid 56, pr_size 96, pr_rssize 104, pr_start 112, pr_fname 168. */
void fake_write_psinfo(const fake_process *process, unsigned char *out) {
  fake_put32(out, 8, process->zombie ? 0 : 3);
  fake_put64(out, 48, process->pid);
  fake_put64(out, 56, process->ppid);
  fake_put64(out, 96, process->vms / 1024);
  fake_put64(out, 104, process->rss / 1024);
  fake_put64(out, 112, process->started_us / 1000000);
  fake_put32(out, 120, (uint32_t)(process->started_us % 1000000 * 1000));
  strncpy((char *)out + 168, process->name, 16);
}

int perfstat_memory_total(perfstat_id_t *name, perfstat_memory_total_t *out, int size, int count) {
  CHECK(name == NULL);
  CHECK_SAME(size, sizeof *out);
  CHECK_SAME(count, 1);
  if (fake.refuse != 0) {
    errno = fake.refuse;
    return -1;
  }
  *out = (perfstat_memory_total_t){
      .real_total = 2 << 20, .real_free = 1000, .real_avail = 1300, .pgsp_total = 2000, .pgsp_free = 1800};
  return 1;
}

TEST(reads_the_machine) {
  pmi_values system;
  pmi_error error;
  fake_check_machine();
  fake.refuse = EPERM;
  CHECK_SAME(pmi_read_system(&system, &error), PMI_EPERM);
  CHECK_TEXT(error.syscall, "perfstat_memory_total");
}
