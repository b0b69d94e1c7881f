/* The simulated /proc of SunOS and AIX: a folder "proc" in the working directory, with a psinfo file per process. */
#ifndef FAKE_PSINFO_H
#define FAKE_PSINFO_H

#include "fake.h"

enum { FAKE_PSINFO_SIZE = 416 };

/* Writes the structure of a process, as laid out in the system's manual. */
void fake_write_psinfo(const fake_process *process, unsigned char *out);

void fake_put32(unsigned char *out, size_t offset, uint32_t value);
void fake_put64(unsigned char *out, size_t offset, uint64_t value);

#endif
