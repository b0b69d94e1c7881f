/* The part of FreeBSD's <sys/user.h> that src/freebsd uses. */
#ifndef FAKE_SYS_USER_H
#define FAKE_SYS_USER_H

#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

enum { COMMLEN = 19, SZOMB = 5 };
enum { KVME_TYPE_DEFAULT = 1, KVME_TYPE_VNODE = 2, KVME_TYPE_SWAP = 3 };

struct kinfo_proc {
  int ki_structsize;
  pid_t ki_pid;
  pid_t ki_ppid;
  uintptr_t ki_size;
  long ki_rssize;
  long ki_tsize;
  long ki_dsize;
  long ki_ssize;
  struct timeval ki_start;
  char ki_stat;
  char ki_comm[COMMLEN + 1];
  struct rusage ki_rusage;
  char ki_rest[32];
};

struct kinfo_vmentry {
  int kve_structsize;
  int kve_type;
  uint64_t kve_start;
  uint64_t kve_end;
  int kve_resident;
  int kve_private_resident;
  int kve_ref_count;
  int kve_shadow_count;
  char kve_path[1024];
};

#endif
