/* What the made-up sysctl() of the three BSDs share. */
#ifndef FAKE_SYSCTL_H
#define FAKE_SYSCTL_H

#include "fake.h"

/* Answers with `size` bytes, as the kernel does: ENOMEM if there is less room. 0 or -1. */
int fake_answer(void *old, size_t *old_size, const void *answer, size_t size);

/* Writes the structure of a process to `out`. */
typedef void (*fake_write)(const fake_process *process, void *out);

/* The record of one process; where it is gone, ESRCH, or success and nothing. */
int fake_one(uint32_t pid, fake_write write, size_t size, bool fails, void *old, size_t *old_size);

/* The records of all. `room` is how many the caller said there was room for; -1 where it does not say. */
int fake_all(fake_write write, size_t size, int room, void *old, size_t *old_size);

/* KERN_BOOTTIME */
int fake_boot_time(void *old, size_t *old_size);

int fake_fail(int os_error);

#endif
