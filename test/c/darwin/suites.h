/* The subjects of the tests, one file each. */
#ifndef SUITES_H
#define SUITES_H

void memory_suite(void);
void counters_suite(void);
void footprint_suite(void);
void tree_suite(void);
void name_suite(void);
void handle_suite(void);
void machine_suite(void);
void failures_suite(void);

/* Every test ends with it: no port right is left, none of the process's own was released, no memory is held. */
void check_nothing_left(void);

#endif
