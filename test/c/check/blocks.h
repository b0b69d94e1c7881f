/* Counts allocated blocks, and makes allocations fail: linked with --wrap=malloc and so on. */
#ifndef BLOCKS_H
#define BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

#include "pmi.h"

/* The allocator of the C library: blocks that it allocates are not counted. */
void *__real_malloc(size_t size);
void __real_free(void *block);

/* Forgets the existing blocks: mingw-w64 allocates the arguments of main(). */
void blocks_count_from_here(void);

/* The number of blocks that were allocated and not freed. */
int blocks_live(void);

/* Makes one allocation fail: 1 for the next, 2 for the one after, and so on; 0 for none. */
void blocks_fail(int which);

/* Whether that allocation has failed. */
bool blocks_failed(void);

/*
 * Makes each allocation of a query fail in turn. Each time the query must return PMI_ENOMEM, and without a failure
 * PMI_OK. `begin` is called before and `end` after each time. Returns the number of allocations that failed.
 */
int blocks_exhaust(void (*begin)(void), pmi_code (*question)(void), void (*end)(void));

#endif
