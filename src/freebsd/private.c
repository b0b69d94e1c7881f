/*
 * The private resident pages of a process: those of the objects that only it maps, by sysctl kern.proc.vmmap. Records
 * differ in length, and each begins with its own. The kernel walks the whole map, and lets only those ask who may debug
 * the process.
 */
#include "../record/sysctl.h"

#include <sys/param.h>

#include <sys/sysctl.h>
#include <sys/user.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char pmi_private_method[] = "vmmap";

static pmi_code add_up(const pmi_sysctl_list *list, uint64_t *pages, pmi_error *error) {
  const size_t least = offsetof(struct kinfo_vmentry, kve_private_resident) + sizeof(int);
  uint64_t sum = 0;
  for (size_t at = 0; at < list->length;) {
    struct kinfo_vmentry entry = {0};
    size_t rest = list->length - at;
    if (rest >= sizeof entry.kve_structsize)
      memcpy(&entry.kve_structsize, list->bytes + at, sizeof entry.kve_structsize);
    if (entry.kve_structsize == 0 && rest >= sizeof entry.kve_structsize)
      break; /* the rest of the buffer */
    size_t size = entry.kve_structsize < 0 ? 0 : (size_t)entry.kve_structsize;
    if (size < least || size > rest)
      return pmi_fail(error, PMI_EIO, 0, pmi_list_call, NULL);
    memcpy(&entry, list->bytes + at, size < sizeof entry ? size : sizeof entry);
    sum += pmi_bytes_of(entry.kve_private_resident, 1);
    at += size;
  }
  *pages = sum;
  return PMI_OK;
}

pmi_code pmi_read_private(uint32_t pid, uint64_t *out, pmi_error *error) {
  const int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_VMMAP, (int)pid};
  pmi_sysctl_list list = {0};
  uint64_t pages = 0;
  pmi_code code = pmi_sysctl_read_list(name, 4, 0, &list, error);
  if (code == PMI_OK)
    code = add_up(&list, &pages, error);
  free(list.bytes);
  if (code == PMI_OK)
    *out = pages * (uint64_t)getpagesize();
  return code;
}
