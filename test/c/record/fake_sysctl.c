#include "fake_sysctl.h"
#include "check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "pmi.h"

/* Never made to fail by a test. */
void *__real_calloc(size_t count, size_t size);

int fake_fail(int os_error) {
  errno = os_error;
  return -1;
}

int fake_answer(void *old, size_t *old_size, const void *answer, size_t size) {
  if (old == NULL) {
    *old_size = size;
    return 0;
  }
  size_t room = *old_size;
  *old_size = size < room ? size : room;
  memcpy(old, answer, *old_size);
  return size <= room ? 0 : fake_fail(ENOMEM);
}

int fake_one(uint32_t pid, fake_write write, size_t size, bool fails, void *old, size_t *old_size) {
  unsigned char answer[FAKE_ROOM] = {0};
  if (fake.refuse != 0)
    return fake_fail(fake.refuse);
  const fake_process *process = fake_ask(pid);
  if (process == NULL && fails)
    return fake_fail(ESRCH);
  if (process == NULL)
    return fake_answer(old, old_size, answer, 0);
  size = write(process, size, answer);
  return fake_answer(old, old_size, answer, fake.cut ? fake.cut_to : size);
}

int fake_all(fake_write write, size_t size, int room, void *old, size_t *old_size) {
  if (fake.refuse_list != 0)
    return fake_fail(fake.refuse_list);
  size_t count = fake.count;
  if (old != NULL)
    fake_grow();
  if (old == NULL)
    return fake_answer(NULL, old_size, NULL, fake.absurd_size ? SIZE_MAX - 1 : count * size);
  if (fake.never_fits)
    return fake_fail(ENOMEM);
  unsigned char *answer = __real_calloc(fake.count + 1, FAKE_ROOM);
  size_t length = 0;
  for (size_t i = 0; i < fake.count; i++)
    length += write(&fake.processes[i], size, answer + length);
  count = length / size;
  if (room >= 0 && (size_t)room < count) {
    *old_size = *old_size < (size_t)room * size ? *old_size : (size_t)room * size;
    free(answer);
    return fake_fail(ENOMEM);
  }
  int result = fake_answer(old, old_size, answer, length);
  free(answer);
  return result;
}

int fake_boot_time(void *old, size_t *old_size) {
  uint64_t booted_us = fake.booted_us + (uint64_t)fake.clock_set_us;
  struct timeval booted = {.tv_sec = (long)(booted_us / 1000000), .tv_usec = (long)(booted_us % 1000000)};
  return fake_answer(old, old_size, &booted, sizeof booted);
}

TEST(reads_structures_of_a_newer_and_of_an_older_kernel) {
  const int differences[] = {48, -16};
  for (size_t i = 0; i < 2; i++) {
    pmi_memory memory;
    pmi_tree tree = {0};
    pmi_error error;
    fake.longer = differences[i];
    CHECK_SAME(pmi_read_memory(100, &memory, &error), PMI_OK);
    CHECK_SAME(memory.working_set, 40 << 20);
    CHECK_SAME(pmi_read_tree(100, 0, &tree, &error), PMI_OK);
    CHECK_SAME(tree.count, 3);
    CHECK_SAME(tree.processes[2].memory.working_set, 40 << 20);
    pmi_tree_free(&tree);
    fake_check_machine();
  }
}

TEST(fails_with_enosys_for_a_name_that_the_kernel_lacks) {
  pmi_memory memory;
  pmi_tree tree = {0};
  pmi_error error;
  fake.refuse = ENOENT;
  CHECK_SAME(pmi_read_memory(100, &memory, &error), PMI_ENOSYS);
  CHECK_SAME(error.os_error, ENOENT);
  fake.refuse_list = ENOENT;
  CHECK_SAME(pmi_read_tree(100, 0, &tree, &error), PMI_ENOSYS);
}
