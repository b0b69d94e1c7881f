/* /proc/PID/stat. */
#include "fuzz.h"

#include "linux/parse.h"

/* Whether the fields are as the kernel writes them: separated by one space. */
static bool is_plain(const char *fields) {
  return fields[0] == ' ' && strpbrk(fields, "\t\n\v\f\r-+") == NULL && strstr(fields, "  ") == NULL;
}

static void check_plain(const char *fields, bool parsed, const pmi_stat *stat) {
  static regex_t compiled;
  uint64_t numbers[12];
  bool range;
  bool found = fuzz_match(
      &compiled,
      "^ [^ ]* ([0-9]+) ([^ ]* ){4}([0-9]+) ([0-9]+) [^ ]* ([0-9]+) ([^ ]* ){7}([0-9]+) [^ ]* ([0-9]+) [^ ]* ([0-9]+) ",
      fields, numbers, 9, &range);
  uint64_t ppid = found ? numbers[0] : 0;
  uint64_t flags = found ? numbers[2] : 0;
  uint64_t threads = found ? numbers[6] : 0;
  if (!found || ppid > UINT32_MAX || flags > UINT32_MAX || threads > UINT32_MAX) {
    MUST(!parsed);
  } else if (range) {
    MUST(parsed);
    MUST(stat->ppid == ppid && stat->flags == flags && stat->minor_faults == numbers[3] &&
         stat->major_faults == numbers[4] && stat->threads == threads && stat->start_ticks == numbers[7] &&
         stat->resident == numbers[8]);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *text = (const char *)data;
  pmi_stat stat;
  bool parsed = pmi_parse_stat(text, size, &stat);
  if (parsed) {
    const char *name = (const char *)memchr(text, '(', size) + 1;
    const size_t length = (size_t)((const char *)memrchr(text, ')', size) - name);
    MUST(stat.name_length == (length < PMI_STAT_NAME ? length : PMI_STAT_NAME));
    MUST(memcmp(stat.name, name, stat.name_length) == 0);
  }
  MUST(!parsed || text[size - 1] == '\n');

  const char *close = memrchr(text, ')', size);
  const char *open = memchr(text, '(', size);
  if (close != NULL && open != NULL && open < close) {
    size_t length = (size_t)(text + size - (close + 1));
    char *fields = strndup(close + 1, length);
    size_t end = strcspn(fields, "\n");
    if (strlen(fields) == length && end + 1 == length) {
      fields[end] = '\0';
      if (is_plain(fields))
        check_plain(fields, parsed, &stat);
    }
    free(fields);
  }
  return 0;
}
