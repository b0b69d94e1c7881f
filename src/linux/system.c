/*
 * The memory of the machine, from /proc/meminfo. In a container these are usually the values of the host: see limit.c.
 */
#include "process.h"

#include <errno.h>

static void add(pmi_values *values, const char *name, const pmi_meminfo *meminfo, pmi_meminfo_size size) {
  if ((meminfo->found & (1U << size)) != 0)
    pmi_values_add(values, name, PMI_BYTES, pmi_bytes_of_kib(meminfo->kib[size]));
}

pmi_code pmi_read_system(pmi_values *out, pmi_error *error) {
  const char *path = PMI_PROC "/meminfo";
  pmi_meminfo meminfo;
  pmi_text text;
  pmi_code code = pmi_slurp(path, &text, error);
  if (code == PMI_ESRCH)
    code = error->code = PMI_ENOSYS; /* missing in a /proc mounted with subset=pid */
  if (code == PMI_OK && !pmi_parse_meminfo(text.bytes, text.length, &meminfo))
    code = pmi_fail(error, PMI_EIO, EIO, "read", path);
  if (code == PMI_OK) {
    out->count = 0;
    add(out, "total", &meminfo, PMI_MEM_TOTAL);
    add(out, "free", &meminfo, PMI_MEM_FREE);
    add(out, "available", &meminfo, PMI_MEM_AVAILABLE);
    add(out, "swapTotal", &meminfo, PMI_SWAP_TOTAL);
    add(out, "swapFree", &meminfo, PMI_SWAP_FREE);
  }
  pmi_text_free(&text);
  return code;
}
