/* psinfo of Solaris and illumos, and tests for them only. */
#include "check.h"
#include "fake_psinfo.h"

#include <string.h>
#include <unistd.h>

#include "pmi.h"
#include "values.h"

const fake_abilities fake_can = {.reads_start_of_zombies = true, .files = true};

/* proc(4), 64-bit: pr_flag 0, pr_nlwp 4, pr_pid 8, pr_ppid 12, pr_size 48, pr_rssize 56, pr_start 88, pr_fname 136. */
void fake_write_psinfo(const fake_process *process, unsigned char *out) {
  fake_put32(out, 4, process->zombie ? 0 : 3);
  fake_put32(out, 8, process->pid);
  fake_put32(out, 12, process->ppid);
  fake_put64(out, 48, process->vms / 1024);
  fake_put64(out, 56, process->rss / 1024);
  fake_put64(out, 88, process->started_us / 1000000);
  fake_put64(out, 96, process->started_us % 1000000 * 1000);
  strncpy((char *)out + 136, process->name, 16);
}

TEST(reads_the_machine) {
  pmi_values system;
  pmi_error error;
  CHECK_SAME(pmi_read_system(&system, &error), PMI_OK);
  CHECK_SAME(value_of(&system, "total"), (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE));
  CHECK(value_of(&system, "free") > 0 && value_of(&system, "free") <= value_of(&system, "total"));
  CHECK_TEXT(names_of(&system), "total free");
}
