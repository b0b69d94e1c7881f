/*
 * The system calls of a kernel without a C library. libc.c implements the POSIX functions that the core and the tests
 * call; each system's file has the numbers of the calls, the program's entry point, and the start of a thread.
 */
#ifndef KERNELS_CALLS_H
#define KERNELS_CALLS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct call_numbers {
  int exit, fork, getpid, write, open, wait4, mmap, munmap, execve, kill, dup2, nanosleep, settimeofday, setuid, setgid,
      sysctl;
  int reboot;
  int power_off; /* the argument of reboot that ends QEMU */
} call_numbers;

extern const call_numbers calls;

/* Makes a system call. A result from -4095 to -1 is an errno, negative. */
long system_call(long number, long a, long b, long c, long d, long e, long f);

/* Like system_call(), but sets errno and returns -1. */
long call(int number, long a, long b, long c, long d, long e, long f);

/* The address of errno that this system's headers use. */
int *errno_place(void);

/* Implemented by suite.c: where the program begins. */
_Noreturn void begin(int count, char **arguments);

/* Seconds since the Unix epoch. */
bool set_clock(long seconds);

/* Powers the machine off. */
_Noreturn void power_off(void);

#endif
