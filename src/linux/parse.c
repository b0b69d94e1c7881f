/* See parse.h. */
#include "parse.h"

#include <string.h>

/* A position in a text. */
typedef struct cursor {
  const char *at;
  const char *end;
} cursor;

static bool number(cursor *c, uint64_t *out) {
  uint64_t value = 0;
  const char *begin = c->at;
  for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++) {
    uint64_t digit = (uint64_t)(*c->at - '0');
    if (value >= UINT64_MAX / 10 && value > (UINT64_MAX - digit) / 10)
      return false;
    value = value * 10 + digit;
  }
  *out = value;
  return c->at > begin;
}

static bool number32(cursor *c, uint32_t *out) {
  uint64_t value;
  if (!number(c, &value) || value > UINT32_MAX)
    return false;
  *out = (uint32_t)value;
  return true;
}

/* A number that is all that is left. */
static bool last_number32(cursor *c, uint32_t *out) { return number32(c, out) && c->at == c->end; }

static void skip_blanks(cursor *c) {
  while (c->at < c->end && (*c->at == ' ' || *c->at == '\t'))
    c->at++;
}

/* Skips `text` and following blanks, if present. */
static inline bool words(cursor *c, const char *text, size_t length) {
  if ((size_t)(c->end - c->at) < length || memcmp(c->at, text, length) != 0)
    return false;
  c->at += length;
  skip_blanks(c);
  return true;
}

static inline bool label(cursor *c, const char *text) { return words(c, text, strlen(text)); }

/* "  1234 kB" to the end of the line. */
static bool size_in_kib(cursor *c, uint64_t *out) { return number(c, out) && label(c, " kB") && c->at == c->end; }

/* A line "<label> 1234 kB", and the size that it sets. */
typedef struct size_label {
  const char *text;
  size_t length;
  size_t index;
} size_label;

#define LABEL(text, index)                                                                                             \
  { text, sizeof(text) - 1, index }

/*
 * Parses a line with one of the labels. They are in the order of the file, so the next label usually matches; the
 * fourth letters distinguish most of the others. False if the line has such a label but no size.
 */
static bool size_line(cursor c, const size_label *labels, size_t count, size_t *next, uint64_t *kib, uint32_t *found) {
  if (c.end - c.at < 4)
    return true;
  for (size_t i = 0, at = *next; i < count; i++, at = at + 1 < count ? at + 1 : 0) {
    const size_label *expected = &labels[at];
    if (c.at[3] != expected->text[3] || !words(&c, expected->text, expected->length))
      continue;
    *next = at + 1 < count ? at + 1 : 0;
    *found |= 1U << expected->index;
    return size_in_kib(&c, &kib[expected->index]);
  }
  return true;
}

static const size_label status_labels[] = {
    LABEL("VmPeak:", PMI_VM_PEAK),
    LABEL("VmSize:", PMI_VM_SIZE),
    LABEL("VmLck:", PMI_VM_LCK),
    LABEL("VmPin:", PMI_VM_PIN),
    LABEL("VmHWM:", PMI_VM_HWM),
    LABEL("VmRSS:", PMI_VM_RSS),
    LABEL("RssAnon:", PMI_RSS_ANON),
    LABEL("RssFile:", PMI_RSS_FILE),
    LABEL("RssShmem:", PMI_RSS_SHMEM),
    LABEL("VmStk:", PMI_VM_STK),
    LABEL("VmPTE:", PMI_VM_PTE),
    LABEL("VmSwap:", PMI_VM_SWAP),
    LABEL("HugetlbPages:", PMI_HUGETLB_PAGES),
};

/* One line of /proc/PID/status, without its newline. The first letter rules out most of the unused lines. */
static bool status_line(cursor c, size_t *next, pmi_status *out, bool *is_last) {
  if (c.at == c.end)
    return true;
  switch (*c.at) {
  case 'V':
  case 'R':
  case 'H':
    return size_line(c, status_labels, sizeof status_labels / sizeof *status_labels, next, out->kib, &out->found);
  case 'K':
    out->kernel_thread = label(&c, "Kthread:") && c.at < c.end && *c.at == '1';
    return true;
  case 'S':
    if (!label(&c, "State:"))
      return true;
    if (c.at == c.end)
      return false;
    out->state = *c.at;
    return true;
  case 'P':
    return !label(&c, "PPid:") || last_number32(&c, &out->ppid);
  case 'T':
    if (label(&c, "Tgid:"))
      return last_number32(&c, &out->tgid);
    *is_last = label(&c, "Threads:");
    return !*is_last || last_number32(&c, &out->threads);
  default:
    return true;
  }
}

/* Returns the next line, without its newline, and moves *bytes behind it. False if no complete line is left. */
static bool next_line(const char **bytes, const char *end, cursor *line) {
  const char *newline = *bytes < end ? memchr(*bytes, '\n', (size_t)(end - *bytes)) : NULL;
  if (newline == NULL)
    return false;
  *line = (cursor){*bytes, newline};
  *bytes = newline + 1;
  return true;
}

bool pmi_parse_status(const char *bytes, size_t length, void *out) {
  const char *end = bytes + length;
  bool well_formed = true;
  bool complete = false;
  size_t next = 0;
  cursor line;
  memset(out, 0, sizeof(pmi_status));
  while (well_formed && !complete && next_line(&bytes, end, &line))
    well_formed = status_line(line, &next, out, &complete);
  return well_formed && complete;
}

/* ---- The fast path. The text ends with a line break, which ends every loop over a line. ---- */

/* A number of at most 19 digits, which fits in 64 bits. */
static inline bool digits(const char **at, uint64_t *out) {
  const char *c = *at;
  uint64_t value = 0;
  while (*c >= '0' && *c <= '9')
    value = value * 10 + (uint64_t)(*c++ - '0');
  *out = value;
  const size_t count = (size_t)(c - *at);
  *at = c;
  return count > 0 && count < 20;
}

/* "<label>\t  1234<unit>\n" at *at, which is moved behind it. */
static inline bool number_at(const char **at, const char *end, const char *label, size_t length, const char *unit,
                             size_t unit_length, uint64_t *out) {
  const char *c = *at;
  if ((size_t)(end - c) <= length || memcmp(c, label, length) != 0)
    return false;
  c += length;
  while (*c == ' ')
    c++;
  if (!digits(&c, out) || (size_t)(end - c) < unit_length || memcmp(c, unit, unit_length) != 0)
    return false;
  *at = c + unit_length;
  return true;
}

/* Moves to the next line that begins with `label`, but not to the first line of all. */
static inline bool find_line(const char **at, const char *end, const char *label, size_t length) {
  for (const char *c = *at; (c = memchr(c, label[0], (size_t)(end - c))) != NULL; c++) {
    if (c[-1] == '\n' && (size_t)(end - c) > length && memcmp(c, label, length) == 0) {
      *at = c;
      return true;
    }
  }
  return false;
}

/* "<label>  1234<unit>" in this line, or in the next line that begins with the label. */
#define NUMBER_AT(at, end, label, unit, out) number_at(at, end, label, sizeof(label) - 1, unit, sizeof(unit) - 1, out)
#define FIND_LINE(at, end, label) find_line(at, end, label, sizeof(label) - 1)
#define FIND_NUMBER(at, end, label, out) (FIND_LINE(at, end, label) && NUMBER_AT(at, end, label, "\n", out))

static bool sizes_at(const char **at, const char *end, pmi_status *out) {
  out->found = PMI_STATUS_MEMORY;
  return FIND_LINE(at, end, "VmHWM:\t") && NUMBER_AT(at, end, "VmHWM:\t", " kB\n", &out->kib[PMI_VM_HWM]) &&
         NUMBER_AT(at, end, "VmRSS:\t", " kB\n", &out->kib[PMI_VM_RSS]) &&
         NUMBER_AT(at, end, "RssAnon:\t", " kB\n", &out->kib[PMI_RSS_ANON]) &&
         NUMBER_AT(at, end, "RssFile:\t", " kB\n", &out->kib[PMI_RSS_FILE]) &&
         NUMBER_AT(at, end, "RssShmem:\t", " kB\n", &out->kib[PMI_RSS_SHMEM]);
}

bool pmi_parse_status_fast(const char *bytes, size_t length, unsigned wanted, pmi_status *out) {
  static const char state[] = "State:\t";
  const char *at = bytes + 1;
  const char *end = bytes + length;
  uint64_t tgid;
  uint64_t ppid = 0;
  uint64_t threads = 0;
  if (length < sizeof state || end[-1] != '\n' || !FIND_LINE(&at, end, state))
    return false;
  out->state = at[sizeof state - 1];
  out->found = 0;
  out->kernel_thread = false;
  if (out->state < 'A' || out->state > 'z' || !FIND_NUMBER(&at, end, "Tgid:\t", &tgid) ||
      ((wanted & PMI_WANT_PARENT) != 0 && !FIND_NUMBER(&at, end, "PPid:\t", &ppid)) ||
      ((wanted & PMI_WANT_MEMORY) != 0 && !sizes_at(&at, end, out)) ||
      ((wanted & PMI_WANT_THREADS) != 0 && !FIND_NUMBER(&at, end, "Threads:\t", &threads)))
    return false;
  out->tgid = (uint32_t)tgid;
  out->ppid = (uint32_t)ppid;
  out->threads = (uint32_t)threads;
  return tgid <= UINT32_MAX && ppid <= UINT32_MAX && threads <= UINT32_MAX;
}

/* A field of stat, which is followed by a space. */
static bool field(const char *at, const char *end, uint64_t most, uint64_t *out) {
  cursor c = {at, end};
  return number(&c, out) && *out <= most && c.at < end && *c.at == ' ';
}

bool pmi_parse_stat(const char *bytes, size_t length, void *out) {
  enum { STATE = 3, PPID, FLAGS = 9, MINOR_FAULTS, MAJOR_FAULTS = 12, THREADS = 20, START_TICKS = 22, RESIDENT = 24 };
  pmi_stat *stat = out;
  const char *fields[RESIDENT + 1];
  const char *end = bytes + length;
  uint64_t ppid, flags, threads;
  if (length == 0 || end[-1] != '\n')
    return false;
  /* The name may contain ") S 1 (" or a newline: it ends at the last parenthesis of the file. */
  const char *open = memchr(bytes, '(', length);
  const char *close = memrchr(bytes, ')', length);
  if (open == NULL || close == NULL || close < open)
    return false;
  const char *at = close + 1;
  for (int i = STATE; i <= RESIDENT; i++) {
    if (*at != ' ')
      return false;
    fields[i] = ++at;
    while (*at != ' ' && *at != '\n')
      at++;
  }
  stat->name_length = (size_t)(close - open - 1);
  if (stat->name_length > sizeof stat->name)
    stat->name_length = sizeof stat->name;
  memcpy(stat->name, open + 1, stat->name_length);
  if (!field(fields[PPID], end, UINT32_MAX, &ppid) || !field(fields[FLAGS], end, UINT32_MAX, &flags) ||
      !field(fields[MINOR_FAULTS], end, UINT64_MAX, &stat->minor_faults) ||
      !field(fields[MAJOR_FAULTS], end, UINT64_MAX, &stat->major_faults) ||
      !field(fields[THREADS], end, UINT32_MAX, &threads) ||
      !field(fields[START_TICKS], end, UINT64_MAX, &stat->start_ticks) ||
      !field(fields[RESIDENT], end, UINT64_MAX, &stat->resident))
    return false;
  stat->ppid = (uint32_t)ppid;
  stat->flags = (uint32_t)flags;
  stat->threads = (uint32_t)threads;
  return true;
}

bool pmi_parse_statm(const char *bytes, size_t length, void *out) {
  pmi_statm *statm = out;
  uint64_t *const columns[] = {&statm->size, &statm->resident, &statm->shared, &statm->text,
                               &statm->lib,  &statm->data,     &statm->dirty};
  const size_t count = sizeof columns / sizeof *columns;
  cursor c = {bytes, bytes + length};
  for (size_t i = 0; i < count; i++) {
    if (!number(&c, columns[i]) || c.at == c.end || *c.at++ != (i + 1 < count ? ' ' : '\n'))
      return false;
    skip_blanks(&c);
  }
  return true;
}

/* Private_Clean and Private_Dirty share one sum. */
static const size_label smaps_labels[] = {
    LABEL("Pss:", PMI_SMAPS_PSS),
    LABEL("Private_Clean:", PMI_SMAPS_PRIVATE),
    LABEL("Private_Dirty:", PMI_SMAPS_PRIVATE),
    LABEL("Shared_Hugetlb:", PMI_SMAPS_SHARED_HUGETLB),
    LABEL("Private_Hugetlb:", PMI_SMAPS_PRIVATE_HUGETLB),
    LABEL("Swap:", PMI_SMAPS_SWAP),
    LABEL("SwapPss:", PMI_SMAPS_SWAP_PSS),
};

/* Parses the end address of a region, if this is its first line: "00400000-0040b000 r-xp ...". */
static void region_end(cursor c, uint64_t *out) {
  uint64_t address = 0;
  for (; c.at < c.end; c.at++) {
    if (*c.at >= '0' && *c.at <= '9')
      address = address << 4 | (uint64_t)(*c.at - '0');
    else if (*c.at >= 'a' && *c.at <= 'f')
      address = address << 4 | (uint64_t)(*c.at - 'a' + 10);
    else if (*c.at == '-')
      address = 0;
    else
      break;
  }
  if (c.at < c.end && *c.at == ' ')
    *out = address;
}

bool pmi_parse_smaps(const char *bytes, size_t length, pmi_smaps *out) {
  const char *end = bytes + length;
  size_t next = 0;
  cursor line;
  *out = (pmi_smaps){.found = length == 0 ? UINT32_MAX : 0};
  while (next_line(&bytes, end, &line)) {
    /* The first line of a region begins with its address, so the name of its file does not matter. */
    if (line.at == line.end || (*line.at != 'P' && *line.at != 'S')) {
      region_end(line, &out->end);
      continue;
    }
    uint64_t kib[PMI_SMAPS_SIZES] = {0};
    if (!size_line(line, smaps_labels, sizeof smaps_labels / sizeof *smaps_labels, &next, kib, &out->found))
      return false;
    for (size_t i = 0; i < PMI_SMAPS_SIZES; i++)
      out->kib[i] = pmi_saturating_sum(out->kib[i], kib[i]);
  }
  return (out->found & 1U << PMI_SMAPS_PSS) != 0 && bytes == end;
}

static const size_label meminfo_labels[] = {
    LABEL("MemTotal:", PMI_MEM_TOTAL),   LABEL("MemFree:", PMI_MEM_FREE),   LABEL("MemAvailable:", PMI_MEM_AVAILABLE),
    LABEL("SwapTotal:", PMI_SWAP_TOTAL), LABEL("SwapFree:", PMI_SWAP_FREE),
};

bool pmi_parse_meminfo(const char *bytes, size_t length, pmi_meminfo *out) {
  const uint32_t needed = 1U << PMI_MEM_TOTAL | 1U << PMI_MEM_FREE;
  const char *end = bytes + length;
  size_t next = 0;
  cursor line;
  memset(out, 0, sizeof *out);
  while (next_line(&bytes, end, &line))
    if (!size_line(line, meminfo_labels, sizeof meminfo_labels / sizeof *meminfo_labels, &next, out->kib, &out->found))
      return false;
  return (out->found & needed) == needed;
}

bool pmi_next_id(const char *bytes, size_t length, size_t *at, uint32_t *id) {
  cursor c = {bytes + *at, bytes + length};
  skip_blanks(&c);
  bool at_end = c.at == c.end;
  bool found = number32(&c, id) && (c.at == c.end || *c.at == ' ');
  if (found || at_end)
    *at = (size_t)(c.at - bytes);
  return found;
}

bool pmi_parse_number(const char *bytes, size_t length, uint64_t *out) {
  cursor c = {bytes, bytes + length};
  return number(&c, out) && c.at == c.end;
}

bool pmi_parse_id(const char *bytes, size_t length, uint32_t *id) {
  cursor c = {bytes, bytes + length};
  return last_number32(&c, id);
}
