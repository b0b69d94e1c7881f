/* See parse.h. */
#include "parse.h"

#include <string.h>

/* A place in a text. */
typedef struct cursor {
  const char *at;
  const char *end;
} cursor;

static bool number(cursor *c, uint64_t *out) {
  uint64_t value = 0;
  const char *begin = c->at;
  for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++) {
    uint64_t digit = (uint64_t)(*c->at - '0');
    if (value > (UINT64_MAX - digit) / 10)
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

static void skip_blanks(cursor *c) {
  while (c->at < c->end && (*c->at == ' ' || *c->at == '\t'))
    c->at++;
}

/* Moves behind `label` and the blanks that follow it, if the text goes on with that. */
static bool label(cursor *c, const char *text) {
  size_t length = strlen(text);
  if ((size_t)(c->end - c->at) < length || memcmp(c->at, text, length) != 0)
    return false;
  c->at += length;
  skip_blanks(c);
  return true;
}

/* "  1234 kB" to the end of the line. */
static bool size_in_kib(cursor *c, uint64_t *out) { return number(c, out) && label(c, " kB") && c->at == c->end; }

typedef enum line_result { LINE_OK, LINE_BAD, LINE_LAST } line_result;

static line_result take(bool well_formed) { return well_formed ? LINE_OK : LINE_BAD; }

static line_result size_line(cursor *c, uint64_t *out, uint32_t bit, pmi_status *status) {
  status->found |= bit;
  return take(size_in_kib(c, out));
}

/* One line of /proc/PID/status, without its newline. The first letter sorts out most of the lines not asked for. */
static line_result status_line(cursor c, pmi_status *out) {
  if (c.at == c.end)
    return LINE_OK;
  switch (*c.at) {
  case 'V':
    if (label(&c, "VmRSS:"))
      return size_line(&c, &out->vm_rss_kib, PMI_VM_RSS, out);
    if (label(&c, "VmHWM:"))
      return size_line(&c, &out->vm_hwm_kib, PMI_VM_HWM, out);
    return LINE_OK;
  case 'R':
    if (label(&c, "RssAnon:"))
      return size_line(&c, &out->rss_anon_kib, PMI_RSS_ANON, out);
    if (label(&c, "RssFile:"))
      return size_line(&c, &out->rss_file_kib, PMI_RSS_FILE, out);
    if (label(&c, "RssShmem:"))
      return size_line(&c, &out->rss_shmem_kib, PMI_RSS_SHMEM, out);
    return LINE_OK;
  case 'T':
    if (label(&c, "Tgid:"))
      return take(number32(&c, &out->tgid) && c.at == c.end);
    if (label(&c, "Threads:"))
      return number32(&c, &out->threads) && c.at == c.end ? LINE_LAST : LINE_BAD;
    return LINE_OK;
  default:
    return LINE_OK;
  }
}

bool pmi_parse_status(const char *bytes, size_t length, pmi_status *out) {
  const char *end = bytes + length;
  memset(out, 0, sizeof *out);
  while (bytes < end) {
    const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
    if (newline == NULL)
      return false;
    line_result result = status_line((cursor){bytes, newline}, out);
    if (result != LINE_OK)
      return result == LINE_LAST;
    bytes = newline + 1;
  }
  return false;
}

bool pmi_status_complete(const char *bytes, size_t length) {
  static const char last[] = "\nThreads:";
  const char *found = memmem(bytes, length, last, sizeof last - 1);
  return found != NULL && memchr(found + 1, '\n', (size_t)(bytes + length - (found + 1))) != NULL;
}

/* Moves behind `count` fields, each ended by one space. */
static bool skip_fields(cursor *c, int count) {
  for (; count > 0; count--) {
    const char *space = memchr(c->at, ' ', (size_t)(c->end - c->at));
    if (space == NULL)
      return false;
    c->at = space + 1;
  }
  return true;
}

bool pmi_parse_stat(const char *bytes, size_t length, pmi_stat *out) {
  /* The name may itself hold ") S 1 (" or a newline: its end is the last parenthesis of the file. */
  const char *open = memchr(bytes, '(', length);
  const char *close = memrchr(bytes, ')', length);
  if (open == NULL || close == NULL || close < open)
    return false;
  out->name = open + 1;
  out->name_length = (size_t)(close - out->name);

  /* Fields, counted from 1: 3 state, 4 ppid, 22 starttime. */
  cursor c = {close + 1, bytes + length};
  return label(&c, " ") && skip_fields(&c, 1) && number32(&c, &out->ppid) && label(&c, " ") && skip_fields(&c, 17) &&
         number(&c, &out->start_ticks) && c.at < c.end && *c.at == ' ';
}

bool pmi_stat_complete(const char *bytes, size_t length) {
  pmi_stat stat;
  return length > 0 && bytes[length - 1] == '\n' && pmi_parse_stat(bytes, length, &stat);
}

bool pmi_parse_statm(const char *bytes, size_t length, pmi_statm *out) {
  cursor c = {bytes, bytes + length};
  return skip_fields(&c, 1) && number(&c, &out->resident_pages) && label(&c, " ") && number(&c, &out->shared_pages) &&
         c.at < c.end && *c.at == ' ';
}

bool pmi_statm_complete(const char *bytes, size_t length) { return length > 0 && bytes[length - 1] == '\n'; }

bool pmi_parse_btime(const char *bytes, size_t length, uint64_t *out) {
  static const char name[] = "\nbtime ";
  const char *found = memmem(bytes, length, name, sizeof name - 1);
  if (found == NULL)
    return false;
  cursor c = {found + sizeof name - 1, bytes + length};
  return number(&c, out) && c.at < c.end && *c.at == '\n';
}

bool pmi_next_id(const char *bytes, size_t length, size_t *at, uint32_t *id) {
  cursor c = {bytes + *at, bytes + length};
  skip_blanks(&c);
  bool found = number32(&c, id) && (c.at == c.end || *c.at == ' ');
  if (found)
    *at = (size_t)(c.at - bytes);
  return found;
}

bool pmi_parse_number(const char *bytes, size_t length, uint64_t *out) {
  cursor c = {bytes, bytes + length};
  return number(&c, out) && c.at == c.end;
}

bool pmi_parse_id(const char *bytes, size_t length, uint32_t *id) {
  cursor c = {bytes, bytes + length};
  return number32(&c, id) && c.at == c.end;
}
