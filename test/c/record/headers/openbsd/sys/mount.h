/* The part of OpenBSD's <sys/mount.h> that src/openbsd uses. */
#include <stdint.h>

enum { VFS_GENERIC = 0, VFS_BCACHESTAT = 3 };

struct bcachestats {
  int64_t numbufs;
  int64_t numbufpages;
  int64_t numdirtypages;
  int64_t numcleanpages;
  int64_t rest[4];
};
