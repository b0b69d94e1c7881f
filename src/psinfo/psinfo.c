/* The numbers in a psinfo structure. See psinfo.h. */
#include "psinfo.h"

#include <string.h>

uint32_t pmi_psinfo_u32(const unsigned char *bytes, size_t offset) {
  uint32_t value;
  memcpy(&value, bytes + offset, sizeof value);
  return value;
}

uint64_t pmi_psinfo_u64(const unsigned char *bytes, size_t offset) {
  uint64_t value;
  memcpy(&value, bytes + offset, sizeof value);
  return value;
}

uint64_t pmi_psinfo_kib(uint64_t kib) { return pmi_bytes_of(kib > INT64_MAX ? INT64_MAX : (int64_t)kib, 1024); }

uint64_t pmi_psinfo_time_us(uint64_t seconds, uint64_t nanoseconds) {
  if (seconds >= INT64_MAX / 1000000)
    return 0;
  return seconds * 1000000 + (nanoseconds < 1000000000 ? nanoseconds / 1000 : 0);
}
