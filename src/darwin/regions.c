/*
 * The unique set size: physical memory used by one process alone. proc_pidinfo(PROC_PIDREGIONINFO) returns one region
 * per call, and fails with EINVAL after the last one.
 *
 * How a region shares its pages (mach/vm_region.h):
 * - private regions and large pages belong to the process alone;
 * - so do the copied pages of copy-on-write regions (COW);
 * - so do their other pages, and those of shareable regions, if nothing else refers to the object (ref_count);
 * - so does an object that only this process maps, but in several regions (PRIVATE_ALIASED). These are usually pieces
 *   of a former single region; overlapping parts are counted once.
 * The cache of system libraries, which all processes share, is mapped by a submap, which reports no pages (EMPTY).
 */
#include "process.h"

#include <errno.h>
#include <stdlib.h>

/*
 * Browsers have some ten thousand regions, and the kernel visits every page of each. These limits protect the caller
 * from a process that has too many regions, or adds them faster than they are read.
 */
enum { MAX_REGIONS = 1024 * 1024 };
static const uint64_t max_duration_ns = UINT64_C(2000000000);

enum { PAGE_OF_X86_64 = 4096 };

static const char walk_call[] = "proc_pidinfo";

/* A part of an object that several regions map, and how much of it is resident. */
typedef struct part {
  uint32_t object_id;
  uint32_t pages;
  uint64_t offset;
  uint64_t size;
} part;

typedef struct region_walk {
  uint64_t pages; /* of the kernel; excluding the parts */
  part *parts;
  size_t part_count;
  size_t part_capacity;
} region_walk;

/* If the page sizes of the caller and of the target differ, as under Rosetta, the kernel uses the smaller one. */
static uint64_t region_page_of(int32_t cpu_type) {
  uint64_t own = pmi_os_own_page_size();
  return cpu_type == PMI_CPU_TYPE_X86_64 && own > PAGE_OF_X86_64 ? PAGE_OF_X86_64 : own;
}

static bool add_part(region_walk *walk, const pmi_os_region *region) {
  if (!pmi_grow(&walk->parts, &walk->part_capacity, walk->part_count + 1, sizeof *walk->parts))
    return false;
  walk->parts[walk->part_count++] = (part){
      .object_id = region->object_id,
      .pages = region->pages_resident,
      .offset = region->offset,
      .size = region->size,
  };
  return true;
}

/* False if memory ran out. */
static bool add_region(region_walk *walk, const pmi_os_region *region) {
  uint64_t private_pages = region->private_pages_resident;
  uint64_t shared_pages = region->shared_pages_resident;
  bool is_shared = region->ref_count > 1;
  switch (region->share_mode) {
  case PMI_SM_PRIVATE:
  case PMI_SM_LARGE_PAGE:
    walk->pages += private_pages + shared_pages;
    return true;
  case PMI_SM_COW:
    walk->pages += private_pages + (is_shared ? 0 : shared_pages);
    return true;
  case PMI_SM_SHARED:
  case PMI_SM_TRUESHARED:
  case PMI_SM_SHARED_ALIASED:
    walk->pages += is_shared ? 0 : private_pages + shared_pages;
    return true;
  case PMI_SM_PRIVATE_ALIASED:
    return add_part(walk, region);
  default:
    return true;
  }
}

/* By object, then by offset; of those at the same offset the largest first. */
static int by_object(const void *left, const void *right) {
  const part *a = left;
  const part *b = right;
  if (a->object_id != b->object_id)
    return a->object_id < b->object_id ? -1 : 1;
  if (a->offset != b->offset)
    return a->offset < b->offset ? -1 : 1;
  return a->size > b->size ? -1 : a->size < b->size;
}

/* `page` is the page size in bytes. */
static uint64_t bytes_of_parts(part *parts, size_t count, uint64_t page) {
  uint64_t pages = 0;
  uint64_t covered = 0; /* end of the part of the object that has been counted */
  if (count > 0)
    qsort(parts, count, sizeof *parts, by_object);
  for (size_t i = 0; i < count; i++) {
    uint64_t end = parts[i].offset + parts[i].size;
    if (i == 0 || parts[i].object_id != parts[i - 1].object_id)
      covered = 0;
    if (end <= covered)
      continue;
    uint64_t uncovered = (end - (parts[i].offset > covered ? parts[i].offset : covered)) / page;
    pages += parts[i].pages < uncovered ? parts[i].pages : uncovered;
    covered = end;
  }
  return pages * page;
}

static pmi_code walk_all(uint32_t pid, region_walk *walk, pmi_error *error) {
  uint64_t address = 0;
  uint64_t begin = pmi_os_uptime_ns();
  for (int count = 0; count < MAX_REGIONS && pmi_os_uptime_ns() - begin < max_duration_ns; count++) {
    pmi_os_region region;
    int failure = pmi_os_region_of(pid, address, &region);
    if (failure == EINVAL && count > 0)
      return PMI_OK;
    if (failure != 0)
      return pmi_fail_errno(error, failure, walk_call, NULL);
    if (!add_region(walk, &region))
      return pmi_fail_nomem(error);
    uint64_t next = region.address + region.size;
    if (next <= address)
      return pmi_fail(error, PMI_EIO, 0, walk_call, NULL);
    address = next;
  }
  return pmi_fail(error, PMI_EIO, 0, walk_call, NULL);
}

pmi_code pmi_walk_regions(uint32_t pid, uint64_t *out, pmi_error *error) {
  region_walk walk = {0};
  int32_t cpu_type;
  int failure = pmi_os_cpu_type_of(pid, &cpu_type);
  if (failure != 0)
    return pmi_fail_errno(error, failure, walk_call, NULL);
  pmi_code code = walk_all(pid, &walk, error);
  if (code == PMI_OK)
    *out = walk.pages * pmi_os_page_size() + bytes_of_parts(walk.parts, walk.part_count, region_page_of(cpu_type));
  free(walk.parts);
  return code;
}
