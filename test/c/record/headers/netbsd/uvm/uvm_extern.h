/* The part of NetBSD's <uvm/uvm_extern.h> that src/netbsd uses. */
#define VM_UVMEXP2 5

struct uvmexp_sysctl {
  int64_t pagesize;
  int64_t free;
  int64_t inactive;
  int64_t swpages;
  int64_t swpginuse;
  int64_t rest[4];
};
