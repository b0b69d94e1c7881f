/* /proc/PID/smaps and smaps_rollup. */
#include "fuzz.h"

#include "linux/parse.h"

static const struct {
  const char *text;
  pmi_smaps_size size;
} labels[] = {{"Pss:", PMI_SMAPS_PSS},
              {"Private_Clean:", PMI_SMAPS_PRIVATE},
              {"Private_Dirty:", PMI_SMAPS_PRIVATE},
              {"Shared_Hugetlb:", PMI_SMAPS_SHARED_HUGETLB},
              {"Private_Hugetlb:", PMI_SMAPS_PRIVATE_HUGETLB},
              {"Swap:", PMI_SMAPS_SWAP},
              {"SwapPss:", PMI_SMAPS_SWAP_PSS}};

static bool parse_slowly(const char *text, size_t length, pmi_smaps *out) {
  size_t at = 0;
  bool whole = true;
  bool good = true;
  pmi_smaps sums = {0};
  for (char *line; good && (line = fuzz_line(text, length, &at, &whole)) != NULL; free(line)) {
    for (size_t i = 0; whole && i < sizeof labels / sizeof *labels; i++) {
      uint64_t kib;
      uint64_t *sum = &sums.kib[labels[i].size];
      fuzz_size found = fuzz_size_line(line, labels[i].text, &kib);
      good = good && found != FUZZ_BAD;
      if (found != FUZZ_OTHER)
        sums.found |= 1U << labels[i].size;
      if (found == FUZZ_SIZE)
        *sum = *sum + kib < kib ? UINT64_MAX : *sum + kib;
    }
  }
  if (length == 0)
    sums.found = UINT32_MAX;
  *out = sums;
  return good && whole && (sums.found & 1U << PMI_SMAPS_PSS) != 0;
}

static void must_equal(const pmi_smaps *a, const pmi_smaps *b) {
  MUST(a->found == b->found && memcmp(a->kib, b->kib, sizeof a->kib) == 0);
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

  /* The sum of two concatenated texts is the sum of both. */
  if (parsed) {
    pmi_smaps twice;
    char *both = malloc(2 * size + 1);
    MUST(both != NULL);
    memcpy(both, data, size);
    memcpy(both + size, data, size);
    MUST(pmi_parse_smaps(both, 2 * size, &twice));
    for (size_t i = 0; i < PMI_SMAPS_SIZES; i++)
      MUST(twice.kib[i] == pmi_saturating_sum(smaps.kib[i], smaps.kib[i]));
    MUST(twice.end == smaps.end);
    free(both);
  }
  return 0;
}
