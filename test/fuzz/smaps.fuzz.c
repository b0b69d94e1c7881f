/* /proc/PID/smaps and smaps_rollup. */
#include "fuzz.h"

#include "linux/parse.h"

static const char *const labels[] = {
    "Pss:", "Private_Clean:", "Private_Dirty:", "Private_Hugetlb:", "Swap:", "SwapPss:"};

static bool parse_slowly(const char *text, size_t length, pmi_smaps *out) {
  size_t at = 0;
  bool whole = true;
  bool good = true;
  bool any_pss = false;
  pmi_smaps sums = {0};
  uint64_t *const into[] = {&sums.pss_kib,     &sums.private_kib, &sums.private_kib,
                            &sums.private_kib, &sums.swap_kib,    &sums.swap_pss_kib};
  for (char *line; good && (line = fuzz_line(text, length, &at, &whole)) != NULL; free(line)) {
    for (size_t i = 0; whole && i < 6; i++) {
      uint64_t kib;
      fuzz_size found = fuzz_size_line(line, labels[i], &kib);
      good = good && found != FUZZ_BAD;
      any_pss = any_pss || (found != FUZZ_OTHER && i == 0);
      if (found == FUZZ_SIZE)
        *into[i] = *into[i] + kib < kib ? UINT64_MAX : *into[i] + kib;
    }
  }
  *out = sums;
  return good && whole && (any_pss || length == 0);
}

static void must_equal(const pmi_smaps *a, const pmi_smaps *b) {
  MUST(a->pss_kib == b->pss_kib && a->private_kib == b->private_kib && a->swap_kib == b->swap_kib &&
       a->swap_pss_kib == b->swap_pss_kib);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  pmi_smaps smaps;
  pmi_smaps slow;
  bool parsed = pmi_parse_smaps((const char *)data, size, &smaps);
  if (memchr(data, '\0', size) == NULL) {
    MUST(parse_slowly((const char *)data, size, &slow) == parsed);
    if (parsed)
      must_equal(&smaps, &slow);
  }

  /* The regions of two texts, one behind the other, sum up to both sums. */
  if (parsed) {
    pmi_smaps twice;
    char *both = malloc(2 * size + 1);
    MUST(both != NULL);
    memcpy(both, data, size);
    memcpy(both + size, data, size);
    MUST(pmi_parse_smaps(both, 2 * size, &twice));
    MUST(twice.pss_kib == pmi_saturating_sum(smaps.pss_kib, smaps.pss_kib));
    MUST(twice.private_kib == pmi_saturating_sum(smaps.private_kib, smaps.private_kib));
    free(both);
  }
  return 0;
}
