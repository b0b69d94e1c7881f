/* The part of NetBSD's <sys/proc.h> that src/netbsd uses. */
#define SZOMB 5
#define SDEAD 6
