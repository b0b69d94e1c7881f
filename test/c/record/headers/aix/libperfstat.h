/* The part of AIX's <libperfstat.h> that src/aix uses; fake_aix.c has the function. */
#ifndef FAKE_LIBPERFSTAT_H
#define FAKE_LIBPERFSTAT_H

#include <stddef.h>

typedef unsigned long long u_longlong_t;

typedef struct {
  u_longlong_t real_total;
  u_longlong_t real_free;
  u_longlong_t real_avail;
  u_longlong_t pgsp_total;
  u_longlong_t pgsp_free;
} perfstat_memory_total_t;

typedef struct perfstat_id perfstat_id_t;

int perfstat_memory_total(perfstat_id_t *name, perfstat_memory_total_t *out, int size, int count);

#endif
