/* psinfo of AIX, and tests for AIX only. */
#include <setjmp.h>
#include <stdarg.h>

#include "fake_psinfo.h"

#include <libperfstat.h>

#include <cmocka.h>
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
  assert_null(name);
  assert_int_equal(size, sizeof *out);
  assert_int_equal(count, 1);
  if (fake.refuse != 0) {
    errno = fake.refuse;
    return -1;
  }
  *out = (perfstat_memory_total_t){
      .real_total = 2 << 20, .real_free = 1000, .real_avail = 1300, .pgsp_total = 2000, .pgsp_free = 1800};
  return 1;
}

static void reads_the_machine(void **state) {
  (void)state;
  pmi_values system;
  pmi_error error;
  fake_check_machine();
  fake.refuse = EPERM;
  assert_int_equal(pmi_read_system(&system, &error), PMI_EPERM);
  assert_string_equal(error.syscall, "perfstat_memory_total");
}

const fake_test fake_own_tests[] = {
    FAKE_TEST(reads_the_machine),
    FAKE_TEST(rejects_truncated_files),
    FAKE_TEST(treats_only_numbers_as_pids),
    {0},
};
