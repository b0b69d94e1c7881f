/* The machine's memory, from /proc/meminfo. In a container these are mostly the host's figures: see limit.c. */
#include "process.h"

#include <errno.h>
#include <fcntl.h>

static bool has(const pmi_meminfo *meminfo, pmi_meminfo_size size) { return (meminfo->found & (1U << size)) != 0; }

pmi_code pmi_read_system(pmi_system *out, pmi_error *error) {
  const char *path = PMI_PROC "/meminfo";
  pmi_meminfo meminfo;
  pmi_text text;
  pmi_text_init(&text);
  pmi_code code = pmi_slurp(AT_FDCWD, path, NULL, NULL, &text, error);
  if (code == PMI_ESRCH)
    code = error->code = PMI_ENOSYS; /* a /proc without it, as mounted with subset=pid */
  if (code == PMI_OK && !pmi_parse_meminfo(text.bytes, text.length, &meminfo))
    code = pmi_fail(error, PMI_EIO, EIO, "read", path);
  if (code == PMI_OK) {
    *out = (pmi_system){
        .total = pmi_bytes_of_kib(meminfo.kib[PMI_MEM_TOTAL]),
        .free = pmi_bytes_of_kib(meminfo.kib[PMI_MEM_FREE]),
        .available = pmi_bytes_of_kib(meminfo.kib[PMI_MEM_AVAILABLE]),
        .swap_total = pmi_bytes_of_kib(meminfo.kib[PMI_SWAP_TOTAL]),
        .swap_free = pmi_bytes_of_kib(meminfo.kib[PMI_SWAP_FREE]),
    };
    if (has(&meminfo, PMI_MEM_AVAILABLE))
      out->known |= PMI_AVAILABLE;
    if (has(&meminfo, PMI_SWAP_TOTAL) && has(&meminfo, PMI_SWAP_FREE))
      out->known |= PMI_SWAP_SPACE;
  }
  pmi_text_free(&text);
  return code;
}
