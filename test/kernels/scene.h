/* Processes to measure, and short queries about them. */
#ifndef KERNELS_SCENE_H
#define KERNELS_SCENE_H

#include "pmi.h"

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KIB UINT64_C(1024)
#define MIB (KIB * 1024)

/* Maps the memory that parent and children share. Must be called first. */
void scene_begin(void);

/* Starts a child that plays its part and then sleeps forever. Returns its pid when the part is over. */
pid_t start(void (*play)(void));

/* Ends the part early, for a child that does not return. */
void part_is_over(void);

/* Runs a child until it exits, and returns its exit status. */
int run(int (*play)(void));

/* Starts a child that exits, and leaves it a zombie. */
pid_t start_zombie(void);

void reap(pid_t pid);
void end(pid_t pid);
void nap_ms(long ms);

char *map(size_t size, int flags);
void touch(volatile char *memory, size_t size); /* writes a byte to each page */
void read_through(const volatile char *memory, size_t size);

/* Changes to a uid without privileges. */
void become_other_user(void);

/* Queries that must succeed. If they do not, the test fails and they return zeros. */
pmi_memory memory_of(pid_t pid);
uint64_t counter_of(pid_t pid, const char *name); /* NOT_LISTED if it is missing */
uint64_t footprint_of(pid_t pid);
uint64_t machine_has(const char *name);

/* Queries that must fail. */
pmi_code memory_failure(uint32_t pid);
pmi_code footprint_failure(pid_t pid);

/* The tree of a pid; the caller frees it. If it cannot be read, the test fails and the tree is empty. */
pmi_tree tree_of(pid_t root, uint32_t options);
const pmi_process *find_in(const pmi_tree *tree, pid_t pid);

#endif
