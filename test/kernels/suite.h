/* The tests for all three kernels, and what each kernel defines where they differ. */
#ifndef KERNELS_SUITE_H
#define KERNELS_SUITE_H

#include <stdbool.h>

typedef struct abilities {
  bool peaks;             /* of a running process */
  bool zombies_by_pid;    /* not only in the list */
  bool starts_of_zombies; /* in the list */
  bool footprints;
} abilities;

extern const abilities kernel_can;

#endif
