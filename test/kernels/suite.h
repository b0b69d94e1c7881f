/* What holds on each of the three kernels, and what each of them gives to say where they differ. */
#ifndef KERNELS_SUITE_H
#define KERNELS_SUITE_H

#include <stdbool.h>

typedef struct abilities {
  bool peaks;             /* of a process that lives */
  bool zombies_by_pid;    /* and not in the list alone */
  bool starts_of_zombies; /* in the list */
  bool footprints;
} abilities;

extern const abilities kernel_can;

/* Runs the tests of one system alone. */
void run_own_tests(void);

#endif
