/* The part of FreeBSD's <vm/vm_param.h> that src/freebsd uses. */
#ifndef FAKE_VM_PARAM_H
#define FAKE_VM_PARAM_H

#include <sys/types.h>

#define XSWDEV_VERSION 2

struct xswdev {
  u_int xsw_version;
  dev_t xsw_dev;
  int xsw_flags;
  int xsw_nblks;
  int xsw_used;
};

#endif
