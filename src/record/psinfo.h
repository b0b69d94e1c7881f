/*
 * /proc/PID/psinfo of SunOS and AIX (proc(4), proc(5)): one structure that anyone may read, in native byte order. It is
 * parsed by the offsets that it has in 64-bit programs, so each system's parser is plain arithmetic that can be tested
 * anywhere.
 */
#ifndef PMI_RECORD_PSINFO_H
#define PMI_RECORD_PSINFO_H

#include "record.h"

/* Tests point it at a directory of their own. */
#ifndef PMI_PROC
#define PMI_PROC "/proc"
#endif

/* Larger than the structure of either system. */
enum { PMI_PSINFO_MAX = 1024 };

/* Implemented by each system's folder. False if `length` bytes are too few. */
bool pmi_psinfo_parse(const unsigned char *bytes, size_t length, pmi_record *out);

/* Read a number at an offset. */
uint32_t pmi_psinfo_u32(const unsigned char *bytes, size_t offset);
uint64_t pmi_psinfo_u64(const unsigned char *bytes, size_t offset);

/* Converts KiB to bytes. */
uint64_t pmi_psinfo_kib(uint64_t kib);

/* Converts seconds and nanoseconds to microseconds; 0 for times before the epoch. */
uint64_t pmi_psinfo_time_us(uint64_t seconds, uint64_t nanoseconds);

#endif
