/* The part of OpenBSD's <sys/proc.h> that src/openbsd uses. */
#define PS_ZOMBIE 0x00040000
