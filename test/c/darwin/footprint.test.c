/* The footprint, and the unique set size from the regions. */
#include "check.h"
#include "fake.h"
#include "pmi.h"
#include "values.h"

#include <errno.h>

enum { PID = 400 };

#define COUNT(regions) (sizeof(regions) / sizeof *(regions))

/* A region of a hundred pages, at its own address. */
#define REGION(index, mode, references, private, shared, object)                                                       \
  (pmi_os_region) {                                                                                                    \
    .address = (uint64_t)(index) << 36, .size = 100 * FAKE_PAGE, .share_mode = (mode), .ref_count = (references),      \
    .pages_resident = 9999, .private_pages_resident = (private), .shared_pages_resident = (shared),                    \
    .object_id = (object)                                                                                              \
  }

/* A region that maps a part of an object, in pages, of which `resident` are resident. */
#define PART(index, object, from, pages, resident)                                                                     \
  (pmi_os_region) {                                                                                                    \
    .address = (uint64_t)(index) << 36, .size = (pages)*FAKE_PAGE, .offset = (from)*FAKE_PAGE,                         \
    .share_mode = PMI_SM_PRIVATE_ALIASED, .ref_count = 2, .pages_resident = (resident), .shared_pages_resident = 5000, \
    .object_id = (object)                                                                                              \
  }

/* A region of one page, at this address. */
#define AT(where, mode, private, shared)                                                                               \
  (pmi_os_region) {                                                                                                    \
    .address = (where), .size = FAKE_PAGE, .share_mode = (mode), .ref_count = 1, .private_pages_resident = (private),  \
    .shared_pages_resident = (shared)                                                                                  \
  }

static pmi_error error;

static fake_process *begin(const pmi_os_region *regions, size_t count) {
  fake_begin();
  fake_process *process = fake_add(PID, 1, 1000);
  process->regions = regions;
  process->region_count = count;
  return process;
}

static const pmi_values *read(void) {
  static pmi_footprint footprint;
  CHECK_SAME(pmi_read_footprint(PID, &footprint, &error), PMI_OK);
  CHECK_TEXT(footprint.method, "phys_footprint");
  check_nothing_left();
  return &footprint.values;
}

static uint64_t read_pages(void) { return value_of(read(), "uss") / fake.page_size; }

TEST(adds_up_private_pages) {
  const pmi_os_region regions[] = {
      REGION(1, PMI_SM_PRIVATE, 1, 10, 0, 1),   REGION(2, PMI_SM_PRIVATE, 2, 20, 3, 2),
      REGION(3, PMI_SM_LARGE_PAGE, 1, 5, 2, 3), REGION(4, PMI_SM_SHARED, 9, 1000, 2000, 4),
      REGION(5, PMI_SM_TRUESHARED, 2, 0, 7, 5), REGION(6, PMI_SM_SHARED_ALIASED, 4, 0, 9, 6),
      REGION(7, PMI_SM_EMPTY, 1, 0, 300, 0),    REGION(8, 99, 1, 50, 50, 8),
  };
  begin(regions, COUNT(regions));
  CHECK_SAME(read_pages(), 10 + 23 + 7);
  CHECK_SAME(value_of(read(), "footprint"), 30 * MIB);
  CHECK_SAME(value_of(read(), "uss"), 40 * FAKE_PAGE);
  CHECK_TEXT(names_of(read()), "uss footprint");
}

TEST(counts_only_the_copied_part_of_copy_on_write_memory) {
  const pmi_os_region regions[] = {
      REGION(1, PMI_SM_COW, 3, 10, 100, 1), /* the rest is still shared with the parent */
      REGION(2, PMI_SM_COW, 1, 20, 200, 2), /* no other process shares it any more */
  };
  begin(regions, COUNT(regions));
  CHECK_SAME(read_pages(), 10 + 220);
}

TEST(counts_as_shared_only_what_has_other_references) {
  const pmi_os_region regions[] = {
      REGION(1, PMI_SM_SHARED, 1, 0, 10, 1),
      REGION(2, PMI_SM_SHARED, 2, 0, 100, 2),
      REGION(3, PMI_SM_TRUESHARED, 1, 0, 20, 3),
      REGION(4, PMI_SM_TRUESHARED, 2, 0, 100, 4),
      REGION(5, PMI_SM_SHARED_ALIASED, 1, 0, 40, 5),
      REGION(6, PMI_SM_SHARED_ALIASED, 3, 0, 100, 6),
      REGION(7, PMI_SM_COW, 0, 1, 2, 7),
  };
  begin(regions, COUNT(regions));
  CHECK_SAME(read_pages(), 10 + 20 + 40 + 3);
}

/* At the address of the cache of system libraries before macOS 14.4, which is not special. */
TEST(counts_regions_at_any_address) {
  const pmi_os_region regions[] = {AT(UINT64_C(0x180000000), PMI_SM_COW, 10, 5)};
  begin(regions, COUNT(regions));
  CHECK_SAME(read_pages(), 15);
}

TEST(counts_an_object_of_two_regions_once) {
  const pmi_os_region regions[] = {PART(1, 7, 0, 50, 30), PART(2, 5, 0, 50, 11), PART(3, 7, 0, 50, 30)};
  begin(regions, COUNT(regions));
  CHECK_SAME(read_pages(), 30 + 11);
}

TEST(adds_up_the_parts_of_an_object) {
  const pmi_os_region pieces[] = {PART(1, 7, 100, 50, 40), PART(2, 7, 0, 50, 50), PART(3, 7, 50, 50, 1)};
  const pmi_os_region overlapping[] = {PART(1, 7, 0, 50, 50), PART(2, 7, 40, 20, 20), PART(3, 7, 45, 5, 5),
                                       PART(4, 7, 0, 10, 10), PART(5, 8, 55, 10, 3)};
  begin(pieces, COUNT(pieces));
  CHECK_SAME(read_pages(), 40 + 50 + 1);
  const pmi_os_region nested[] = {PART(1, 9, 0, 10, 10), PART(2, 9, 0, 50, 15)};
  const pmi_os_region overstated[] = {PART(1, 9, 0, 10, 10), PART(2, 9, 20, 50, 999)};
  begin(overlapping, COUNT(overlapping));
  CHECK_SAME(read_pages(), 50 + 10 + 3);
  begin(nested, COUNT(nested));
  CHECK_SAME(read_pages(), 15);
  begin(overstated, COUNT(overstated));
  CHECK_SAME(read_pages(), 10 + 50);
}

/* Both counts are then in the smaller pages, but the pages of an object are still the kernel's. */
TEST(counts_parts_of_a_translated_process_in_its_pages) {
  const pmi_os_region regions[] = {PART(1, 7, 0, 50, 30), REGION(2, PMI_SM_PRIVATE, 1, 10, 0, 1)};
  fake_process *process = begin(regions, COUNT(regions));
  process->cpu_type = PMI_CPU_TYPE_X86_64;
  CHECK_SAME(value_of(read(), "uss"), 30 * 4096 + 10 * 16384);
  process->cpu_type = FAKE_CPU_TYPE_ARM64;
  fake.own_page_size = 4096;
  CHECK_SAME(value_of(read(), "uss"), 30 * 4096 + 10 * 16384);
  fake.own_page_size = FAKE_PAGE;
  CHECK_SAME(value_of(read(), "uss"), 30 * 16384 + 10 * 16384);
}

TEST(counts_in_pages_of_the_kernel) {
  const pmi_os_region regions[] = {REGION(1, PMI_SM_PRIVATE, 1, 10, 0, 1)};
  begin(regions, COUNT(regions));
  CHECK_SAME(value_of(read(), "uss"), 10 * 16384);
  fake.page_size = 4096;
  CHECK_SAME(value_of(read(), "uss"), 10 * 4096);
}

TEST(supports_sizes_beyond_4_gib) {
  const pmi_os_region regions[] = {
      REGION(1, PMI_SM_PRIVATE, 1, UINT32_MAX, UINT32_MAX, 1),
      REGION(2, PMI_SM_COW, 1, UINT32_MAX, UINT32_MAX, 2),
      PART(3, 3, 0, UINT64_C(1) << 18, 1 << 18),
      PART(7, 3, UINT64_C(1) << 18, UINT64_C(1) << 18, 1 << 18),
  };
  begin(regions, COUNT(regions));
  CHECK_SAME(value_of(read(), "uss"), (4 * (uint64_t)UINT32_MAX + (1 << 19)) * FAKE_PAGE);
}

TEST(may_exceed_the_resident_size) {
  fake_process *process = begin(NULL, 0);
  process->usage.phys_footprint = 7 * GIB;
  CHECK_SAME(value_of(read(), "footprint"), 7 * GIB);
  pmi_memory memory;
  CHECK_SAME(pmi_read_memory(PID, &memory, &error), PMI_OK);
  CHECK_SAME(memory.working_set, 50 * MIB);
}

TEST(leaves_out_uss_if_the_walk_is_refused) {
  const pmi_os_region regions[] = {REGION(1, PMI_SM_PRIVATE, 1, 10, 0, 1), REGION(2, PMI_SM_PRIVATE, 1, 10, 0, 1)};
  static const int failures[] = {EPERM, EIO, EINVAL};
  for (size_t i = 0; i < COUNT(failures); i++) {
    fake_process *process = begin(regions, COUNT(regions));
    process->fail_region = 1;
    process->region_failure = failures[i];
    CHECK_TEXT(names_of(read()), "footprint");
    CHECK_SAME(value_of(read(), "footprint"), 30 * MIB);
  }
  fake_process *process = begin(regions, COUNT(regions));
  process->fail_region = 2;
  process->region_failure = EIO; /* a partial answer is discarded */
  CHECK_TEXT(names_of(read()), "footprint");
}

TEST(always_ends_the_walk) {
  const pmi_os_region last[] = {AT(UINT64_MAX - FAKE_PAGE + 1, PMI_SM_PRIVATE, 1, 0)};
  begin(NULL, 0)->stands_still = true;
  CHECK_TEXT(names_of(read()), "footprint");
  CHECK_SAME(fake.regions_asked, 1);
  begin(NULL, 0)->endless = true;
  CHECK_TEXT(names_of(read()), "footprint");
  CHECK_SAME(fake.regions_asked, 1024 * 1024);
  begin(last, COUNT(last)); /* its end wraps to 0 */
  CHECK_TEXT(names_of(read()), "footprint");
  CHECK(fake.regions_asked <= 2);
}

TEST(gives_up_after_two_seconds) {
  begin(NULL, 0)->endless = true;
  fake.region_ns = 100 * 1000 * 1000;
  CHECK_TEXT(names_of(read()), "footprint");
  CHECK_SAME(fake.regions_asked, 20);
}

TEST(reports_which_call_was_refused) {
  pmi_footprint footprint = {.values.count = 77};
  fake_process *process = begin(NULL, 0);
  process->refusal = EPERM;
  CHECK_SAME(pmi_read_footprint(PID, &footprint, &error), PMI_EPERM);
  CHECK_TEXT(error.syscall, "proc_pid_rusage");
  process->gone = true;
  CHECK_SAME(pmi_read_footprint(PID, &footprint, &error), PMI_ESRCH);
  CHECK_SAME(footprint.values.count, 77);
}

static int when;
static void (*what)(fake_process *process);

static void happen(int call) {
  if (call == when)
    what(&fake.processes[0]);
}

static void vanish(fake_process *process) { process->gone = true; }

TEST(notices_that_it_exits_meanwhile) {
  const pmi_os_region regions[] = {REGION(1, PMI_SM_PRIVATE, 1, 10, 0, 1), REGION(2, PMI_SM_PRIVATE, 1, 10, 0, 1)};
  what = vanish;
  for (when = 1; when <= 7; when++) {
    pmi_footprint footprint;
    begin(regions, COUNT(regions));
    fake.before_call = happen;
    CHECK_SAME(pmi_read_footprint(PID, &footprint, &error), PMI_ESRCH);
    CHECK(fake.calls >= when);
    check_nothing_left();
  }
  what = fake_exit;
  for (when = 1; when <= 7; when++) {
    begin(regions, COUNT(regions));
    fake.before_call = happen;
    const pmi_values *values = read();
    CHECK_SAME(value_of(values, "footprint") | value_of(values, "uss"), 0);
  }
}
