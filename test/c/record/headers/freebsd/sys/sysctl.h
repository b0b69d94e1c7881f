/* The part of FreeBSD's <sys/sysctl.h> that src/freebsd uses; fake_freebsd.c has the functions. */
#ifndef FAKE_SYS_SYSCTL_H
#define FAKE_SYS_SYSCTL_H

#include <sys/types.h>

enum { CTL_KERN = 1, KERN_BOOTTIME = 21, KERN_PROC = 14, KERN_PROC_PID = 1, KERN_PROC_PROC = 8, KERN_PROC_VMMAP = 32 };

int sysctl(const int *name, u_int length, void *old, size_t *old_size, const void *new, size_t new_size);
int sysctlbyname(const char *name, void *old, size_t *old_size, const void *new, size_t new_size);
int sysctlnametomib(const char *name, int *mib, size_t *length);

#endif
