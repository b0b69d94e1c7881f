/* The parts that the simulated sysctl() of the three BSDs share. */
#ifndef FAKE_SYSCTL_H
#define FAKE_SYSCTL_H

#include "fake.h"

/* Answers with `size` bytes like the kernel: ENOMEM if the buffer is smaller. Returns 0 or -1. */
int fake_answer(void *old, size_t *old_size, const void *answer, size_t size);

/* The maximum size of the structures of a process. */
enum { FAKE_ROOM = 4096 };

/* Writes the first `size` bytes of each structure of a process to `out`, and returns the number of bytes. */
typedef size_t (*fake_write)(const fake_process *process, size_t size, unsigned char *out);

/* The record of one process. If it has exited: ESRCH if `fails`, else an empty answer. */
int fake_one(uint32_t pid, fake_write write, size_t size, bool fails, void *old, size_t *old_size);

/* The records of all processes. `room` is how many the caller has room for; -1 if it does not say. */
int fake_all(fake_write write, size_t size, int room, void *old, size_t *old_size);

/* KERN_BOOTTIME */
int fake_boot_time(void *old, size_t *old_size);

int fake_fail(int os_error);

#endif
