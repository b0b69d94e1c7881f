/* Failures in the middle of a query: memory runs out, files cannot be read, answers have another size. */
#include "check.h"
#include "fake.h"

#include <errno.h>

#include "faults.h"
#include "pmi.h"

static pmi_error error;

static pmi_code ask_tree_for(uint32_t options) {
  pmi_tree tree = {0};
  pmi_code code = pmi_read_tree(100, options, &tree, &error);
  pmi_tree_free(&tree);
  return code;
}

static pmi_code ask_tree(void) { return ask_tree_for(0); }
static pmi_code ask_tree_with_footprints(void) { return ask_tree_for(PMI_TREE_FOOTPRINT); }

static pmi_code ask_handle(void) {
  pmi_handle *handle = NULL;
  pmi_code code = pmi_open_handle(100, &handle, &error);
  if (code == PMI_OK)
    pmi_close_handle(handle);
  return code;
}

static pmi_code ask_memory(void) {
  pmi_memory memory;
  return pmi_read_memory(100, &memory, &error);
}

TEST(fails_with_enomem_whichever_allocation_fails) {
  fault_exhaust(ask_tree_with_footprints, &error, FAULT_ALLOCATION, ENOMEM, PMI_ENOMEM, 5);
  fault_exhaust(ask_handle, &error, FAULT_ALLOCATION, ENOMEM, PMI_ENOMEM, 1);
}

TEST(fails_with_eio_whichever_read_fails) {
  int least = fake_can.files ? 1 : 0;
  fault_exhaust(ask_memory, &error, FAULT_READ, EIO, PMI_EIO, least);
  fault_exhaust(ask_tree, &error, FAULT_READ, EIO, PMI_EIO, 3 * least);
}

TEST(continues_after_interruptions_and_short_reads) {
  fault_arm(FAULT_READ, 0, EINTR);
  CHECK_SAME(ask_memory(), PMI_OK);
  CHECK_SAME(fault_disarm(), fake_can.files);
  fault_short_reads(7);
  CHECK_SAME(ask_memory(), PMI_OK);
  CHECK_SAME(ask_tree(), PMI_OK);
  fault_disarm();
}

TEST(leaves_out_of_a_tree_processes_that_exit_meanwhile) {
  pmi_tree tree = {0};
  if (!fake_can.files)
    return; /* the list is read at once */
  fault_arm(FAULT_READ, 0, ENOENT);
  CHECK_SAME(ask_memory(), PMI_ESRCH);
  CHECK(fault_disarm());
  size_t fewest = 3;
  for (int skip = 0; skip < 2 * (int)fake.count; skip++) { /* each file is read twice, to its end */
    fault_arm(FAULT_READ, skip, ENOENT);
    pmi_code code = pmi_read_tree(100, 0, &tree, &error);
    CHECK(fault_disarm());
    CHECK(code == PMI_OK || code == PMI_ESRCH);
    if (code == PMI_OK && tree.count < fewest)
      fewest = tree.count;
    pmi_tree_free(&tree);
  }
  CHECK_SAME(fewest, 1);
}

TEST(fails_with_esrch_for_nothing_and_eio_for_less_than_expected) {
  fake.cut = true;
  fake_publish();
  CHECK_SAME(ask_memory(), PMI_ESRCH);
  fake.cut_to = 40;
  fake_publish();
  CHECK_SAME(ask_memory(), PMI_EIO);
}

TEST(rejects_an_impossible_size) {
  fake.absurd_size = true;
  CHECK_SAME(ask_tree(), fake_can.files ? PMI_OK : PMI_EIO);
}

TEST(fails_for_a_tree_whose_root_is_refused) {
  if (!fake_can.files)
    return; /* the list has all processes */
  fake.refuse = EACCES;
  CHECK_SAME(ask_tree(), PMI_ESRCH);
  fake.refuse = EMFILE;
  CHECK_SAME(ask_tree(), PMI_EMFILE);
}
