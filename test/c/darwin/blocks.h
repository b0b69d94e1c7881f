/* Every block that is allocated, counted, and any allocation made to fail: linked with --wrap=malloc and so on. */
#ifndef BLOCKS_H
#define BLOCKS_H

#include <stdbool.h>

/* Blocks that malloc(), calloc() and realloc() gave and nobody freed. */
int blocks_live(void);

/* The how manyth allocation from now fails, 1 for the next; 0 for none. */
void blocks_fail(int which);

/* Whether it has. */
bool blocks_failed(void);

#endif
