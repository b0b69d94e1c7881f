/* Names of processes, from UTF-16 to UTF-8. Windows lets anything be a name, half a pair too. */
#include "listing.h"

#include <string.h>

static uint32_t unit_at(const unsigned char *units, size_t index) {
  uint16_t unit;
  memcpy(&unit, units + index * sizeof unit, sizeof unit);
  return unit;
}

static bool is_high(uint32_t unit) { return unit >= 0xd800 && unit <= 0xdbff; }

static bool is_low(uint32_t unit) { return unit >= 0xdc00 && unit <= 0xdfff; }

/* Continuation byte number `index` from the end. */
static char tail(uint32_t point, unsigned index) { return (char)(0x80 | (point >> (6 * index) & 0x3f)); }

static size_t put(uint32_t point, char *out) {
  if (point < 0x80) {
    out[0] = (char)point;
    return 1;
  }
  if (point < 0x800) {
    out[0] = (char)(0xc0 | point >> 6);
    out[1] = tail(point, 0);
    return 2;
  }
  if (point < 0x10000) {
    out[0] = (char)(0xe0 | point >> 12);
    out[1] = tail(point, 1);
    out[2] = tail(point, 0);
    return 3;
  }
  out[0] = (char)(0xf0 | point >> 18);
  out[1] = tail(point, 2);
  out[2] = tail(point, 1);
  out[3] = tail(point, 0);
  return 4;
}

size_t pmi_utf8_of_utf16(const unsigned char *units, size_t length, char *out) {
  size_t written = 0;
  for (size_t i = 0; i < length; i++) {
    uint32_t point = unit_at(units, i);
    if (is_high(point) && i + 1 < length && is_low(unit_at(units, i + 1))) {
      point = 0x10000 + ((point - 0xd800) << 10) + (unit_at(units, i + 1) - 0xdc00);
      i++;
    } else if (is_high(point) || is_low(point)) {
      point = 0xfffd;
    }
    written += put(point, out + written);
  }
  return written;
}
