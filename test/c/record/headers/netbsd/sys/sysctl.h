/* The part of NetBSD's <sys/sysctl.h> that src/netbsd uses; fake_netbsd.c has the function. */
#ifndef FAKE_SYS_SYSCTL_H
#define FAKE_SYS_SYSCTL_H

#include <stdint.h>
#include <sys/types.h>

enum { CTL_KERN = 1, KERN_BOOTTIME = 83, CTL_VM = 2, CTL_HW = 6 };
enum { KERN_PROC2 = 47, KERN_PROC_ALL = 0, KERN_PROC_PID = 1, HW_PHYSMEM64 = 13, KI_MAXCOMLEN = 24 };

struct kinfo_proc2 {
  int32_t p_pid;
  int32_t p_ppid;
  char p_comm[KI_MAXCOMLEN];
  int32_t p_vm_rssize;
  int32_t p_vm_tsize;
  int32_t p_vm_dsize;
  int32_t p_vm_ssize;
  uint32_t p_ustart_sec;
  uint32_t p_ustart_usec;
  uint64_t p_uru_maxrss;
  uint64_t p_uru_minflt;
  uint64_t p_uru_majflt;
  uint64_t p_realstat;
  int64_t p_vm_msize;
  char p_rest[32];
};

int sysctl(const int *name, u_int length, void *old, size_t *old_size, const void *new, size_t new_size);

#endif
