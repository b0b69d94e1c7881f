/*
 * /proc/PID/psinfo, which SunOS and AIX have (proc(4), proc(5)): one structure that anybody may read, in the order of
 * bytes of the machine. It is read by the offsets that the manuals give for 64-bit programs, so that each system's
 * parser is plain arithmetic that can be tested anywhere.
 */
#ifndef PMI_RECORD_PSINFO_H
#define PMI_RECORD_PSINFO_H

#include "record.h"

/* Tests build the platform over a directory of their own. */
#ifndef PMI_PROC
#define PMI_PROC "/proc"
#endif

/* More than either system writes. */
enum { PMI_PSINFO_MAX = 1024 };

/* Given by the folder of each system. False if `length` bytes are too few. */
bool pmi_psinfo_parse(const unsigned char *bytes, size_t length, pmi_record *out);

/* Numbers at an offset. */
uint32_t pmi_psinfo_u32(const unsigned char *bytes, size_t offset);
uint64_t pmi_psinfo_u64(const unsigned char *bytes, size_t offset);

/* From KiB to bytes. */
uint64_t pmi_psinfo_kib(uint64_t kib);

/* From seconds and nanoseconds to microseconds; 0 for what is before the epoch. */
uint64_t pmi_psinfo_time_us(uint64_t seconds, uint64_t nanoseconds);

#endif
