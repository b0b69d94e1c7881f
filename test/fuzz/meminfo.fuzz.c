/* /proc/meminfo. */
#include "fuzz.h"

#include "linux/parse.h"

static const char *const labels[PMI_MEMINFO_SIZES] = {
    "MemTotal:", "MemFree:", "MemAvailable:", "SwapTotal:", "SwapFree:"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  pmi_meminfo meminfo;
  pmi_meminfo slow = {0};
  bool parsed = pmi_parse_meminfo((const char *)data, size, &meminfo);
  if (memchr(data, '\0', size) != NULL)
    return 0;

  bool good = true;
  bool whole;
  size_t at = 0;
  for (char *line; good && (line = fuzz_line((const char *)data, size, &at, &whole)) != NULL; free(line)) {
    for (size_t i = 0; whole && i < PMI_MEMINFO_SIZES; i++) {
      fuzz_size found = fuzz_size_line(line, labels[i], &slow.kib[i]);
      good = good && found != FUZZ_BAD;
      slow.found |= found == FUZZ_OTHER ? 0 : 1U << i;
    }
  }
  MUST(parsed == (good && (slow.found & 3) == 3));
  if (parsed)
    MUST(slow.found == meminfo.found && memcmp(slow.kib, meminfo.kib, sizeof slow.kib) == 0);
  return 0;
}
