/* Every block that is allocated, counted, and any allocation made to fail: linked with --wrap=malloc and so on. */
#ifndef BLOCKS_H
#define BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

#include "pmi.h"

/* The C library's own: such blocks are not counted. */
void *__real_malloc(size_t size);
void __real_free(void *block);

/* Forgets the blocks that there are: mingw-w64 allocates the arguments of main(). */
void blocks_count_from_here(void);

/* Blocks that malloc(), calloc() and realloc() gave and nobody freed. */
int blocks_live(void);

/* The how manyth allocation from now fails, 1 for the next; 0 for none. */
void blocks_fail(int which);

/* Whether it has. */
bool blocks_failed(void);

/*
 * Makes each allocation of a question fail in turn, until it needs fewer; each time it must answer PMI_ENOMEM, and
 * without a failure PMI_OK. `begin` is called before and `end` after each time. Returns how many failed.
 */
int blocks_exhaust(void (*begin)(void), pmi_code (*question)(void), void (*end)(void));

#endif
