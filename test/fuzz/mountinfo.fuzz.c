/* /proc/PID/mountinfo. */
#include "fuzz.h"

#include "linux/parse_cgroup.h"

static void check_field(pmi_slice field, const char *text, size_t size) {
  MUST(field.bytes >= text && field.bytes + field.length <= text + size);
  MUST(memchr(field.bytes, ' ', field.length) == NULL && memchr(field.bytes, '\n', field.length) == NULL);
}

/* A decoded text fits, is terminated, and is not longer than the escaped text. */
static void check_unescaped(pmi_slice text) {
  char *whole = malloc(text.length + 1);
  size_t length;
  MUST(whole != NULL);
  MUST(pmi_unescape(text, whole, text.length + 1, &length));
  MUST(length <= text.length && whole[length] == '\0' && (text.length - length) % 3 == 0);
  if (memchr(text.bytes, '\\', text.length) == NULL)
    MUST(length == text.length && memcmp(whole, text.bytes, length) == 0);
  /* It needs exactly one byte more than it has characters. */
  char *tight = malloc(length + 1);
  size_t again;
  MUST(tight != NULL);
  MUST(pmi_unescape(text, tight, length + 1, &again) && again == length && memcmp(tight, whole, length + 1) == 0);
  MUST(length == 0 || !pmi_unescape(text, tight, length, &again));
  free(tight);
  free(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *text = (const char *)data;
  pmi_mount mount;
  size_t before = 0;
  size_t lines = 0;
  for (size_t at = 0; pmi_next_mount(text, size, &at, &mount); before = at) {
    MUST(at > before && at <= size && ++lines <= size);
    check_field(mount.root, text, size);
    check_field(mount.point, text, size);
    check_unescaped(mount.root);
    check_unescaped(mount.point);
    const char *mark = memmem(mount.point.bytes, (size_t)(text + at - mount.point.bytes), " - cgroup", 9);
    MUST(mount.hierarchy == PMI_CGROUP_NONE || mark != NULL);
  }
  return 0;
}
