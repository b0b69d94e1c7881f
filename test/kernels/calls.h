/*
 * The system calls of a kernel that has no C library beside it. libc.c makes the functions out of them that the core
 * and the tests call by the names of POSIX; each system's file has the numbers, the first instructions of the program,
 * and what sets the process going as a thread.
 */
#ifndef KERNELS_CALLS_H
#define KERNELS_CALLS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct call_numbers {
  int exit, fork, getpid, write, open, wait4, mmap, munmap, execve, kill, dup2, nanosleep, settimeofday, setuid, setgid,
      sysctl;
  int reboot;
  int power_off; /* what reboot takes, so that QEMU ends */
} call_numbers;

extern const call_numbers calls;

/* Makes a system call. A result from -4095 to -1 is an errno, negative. */
long system_call(long number, long a, long b, long c, long d, long e, long f);

/* As system_call(), but sets errno and returns -1. */
long call(int number, long a, long b, long c, long d, long e, long f);

/* Where this system's headers look for errno. */
int *errno_place(void);

/* Given by suite.c: where the program begins. */
_Noreturn void begin(int count, char **arguments);

/* Seconds since the Unix epoch. */
bool set_clock(long seconds);

/* Ends the machine. */
_Noreturn void power_off(void);

#endif
