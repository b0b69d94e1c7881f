/* The part of NetBSD's <sys/proc.h> that src/netbsd uses. */
#define SDYING 3
#define SZOMB 5
#define SDEAD 6
