/* The part of OpenBSD's <uvm/uvmexp.h> that src/openbsd uses. */
#define VM_UVMEXP 4

struct uvmexp {
  int pagesize;
  int free;
  int inactive;
  int swpages;
  int swpginuse;
  int rest[8];
};
