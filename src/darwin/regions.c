/*
 * The unique set size: what is in physical memory for one process alone. proc_pidinfo(PROC_PIDREGIONINFO) tells one
 * region of its addresses a call, and EINVAL after the last one. Pages are counted in the kernel's size.
 *
 * How a region shares its pages (mach/vm_region.h):
 * - private ones, and large pages, are the process's own, all of them;
 * - of those to be copied when they are written (COW) the copies are; if nobody else refers to them, the rest, too;
 * - an object that only this process maps, but more than once (PRIVATE_ALIASED), is its own as well, and counts once;
 * - others are shared.
 * What lies in the range of the cache of system libraries is shared by all processes unless it is private altogether.
 */
#include "process.h"

#include <errno.h>
#include <stdlib.h>

/* Browsers have some ten thousand regions. One that adds them faster than they are read does not hold up the caller. */
enum { MAX_REGIONS = 1024 * 1024 };

/* macOS 12 moved the cache of x86_64. */
enum { DARWIN_OF_MACOS_12 = 21 };

static const char walk_call[] = "proc_pidinfo";

typedef struct range {
  uint64_t base;
  uint64_t size;
} range;

/* An object that several regions map, and how much of it is resident by one of them. */
typedef struct object {
  uint32_t id;
  uint32_t pages;
} object;

typedef struct region_walk {
  range cache;
  uint64_t pages;  /* without the objects */
  object *objects; /* those that are mapped more than once, by this process alone */
  size_t object_count;
  size_t object_capacity;
} region_walk;

/* As xnu's mach/shared_region.h has it, which is in no SDK. */
static range shared_cache(int32_t cpu_type, uint32_t release) {
  if (cpu_type == PMI_CPU_TYPE_ARM64)
    return (range){UINT64_C(0x180000000), UINT64_C(0x100000000)};
  if (cpu_type != PMI_CPU_TYPE_X86_64)
    return (range){0, 0};
  if (release >= DARWIN_OF_MACOS_12)
    return (range){UINT64_C(0x7ff800000000), UINT64_C(0x7fe000000)};
  return (range){UINT64_C(0x7fff00000000), UINT64_C(0xffe00000)};
}

static bool add_object(region_walk *walk, const pmi_os_region *region) {
  if (!pmi_grow(&walk->objects, &walk->object_capacity, walk->object_count + 1, sizeof *walk->objects))
    return false;
  walk->objects[walk->object_count++] = (object){.id = region->object_id, .pages = region->shared_pages_resident};
  return true;
}

/* False if memory ran out. */
static bool add_region(region_walk *walk, const pmi_os_region *region) {
  bool in_cache = region->address >= walk->cache.base && region->address - walk->cache.base < walk->cache.size;
  if (in_cache && region->share_mode != PMI_SM_PRIVATE)
    return true;
  switch (region->share_mode) {
  case PMI_SM_PRIVATE:
  case PMI_SM_LARGE_PAGE:
    walk->pages += (uint64_t)region->private_pages_resident + region->shared_pages_resident;
    return true;
  case PMI_SM_COW:
    walk->pages += region->private_pages_resident;
    if (region->ref_count == 1)
      walk->pages += region->shared_pages_resident;
    return true;
  case PMI_SM_PRIVATE_ALIASED:
    walk->pages += region->private_pages_resident;
    return add_object(walk, region);
  default:
    return true;
  }
}

static int by_object(const void *left, const void *right) {
  const object *a = left;
  const object *b = right;
  return a->id < b->id ? -1 : a->id > b->id;
}

/* Each object once, by the region that has most of it. Regions may map different parts, or the same. */
static uint64_t pages_of_objects(object *objects, size_t count) {
  uint64_t pages = 0;
  if (count > 0)
    qsort(objects, count, sizeof *objects, by_object);
  for (size_t i = 0; i < count;) {
    uint32_t id = objects[i].id;
    uint32_t most = 0;
    for (; i < count && objects[i].id == id; i++)
      if (objects[i].pages > most)
        most = objects[i].pages;
    pages += most;
  }
  return pages;
}

static pmi_code walk_all(uint32_t pid, region_walk *walk, pmi_error *error) {
  uint64_t address = 0;
  for (int count = 0; count < MAX_REGIONS; count++) {
    pmi_os_region region;
    int failure = pmi_os_region_of(pid, address, &region);
    if (failure == EINVAL && count > 0)
      return PMI_OK;
    if (failure != 0)
      return pmi_fail_errno(error, failure, walk_call, NULL);
    if (!add_region(walk, &region))
      return pmi_fail_memory(error);
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
  uint32_t release;
  int failure = pmi_os_cpu_type_of(pid, &cpu_type);
  if (failure != 0)
    return pmi_fail_errno(error, failure, walk_call, NULL);
  failure = pmi_os_release(&release);
  if (failure != 0)
    return pmi_fail_errno(error, failure, "sysctlbyname", NULL);
  walk.cache = shared_cache(cpu_type, release);
  pmi_code code = walk_all(pid, &walk, error);
  if (code == PMI_OK)
    *out = (walk.pages + pages_of_objects(walk.objects, walk.object_count)) * pmi_os_page_size();
  free(walk.objects);
  return code;
}
