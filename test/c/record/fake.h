/*
 * A simulated machine for the systems that keep one record per process. record.test.c sets it up and queries the core;
 * for each system a file, fake_*.c, presents it in that system's own structures.
 */
#ifndef FAKE_H
#define FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sizes are in bytes and multiples of the page size. */
typedef struct fake_process {
  uint32_t pid;
  uint32_t ppid;
  uint64_t started_us;
  bool zombie;
  uint64_t rss;
  uint64_t peak;
  uint64_t vms;
  uint64_t text;
  uint64_t data;
  uint64_t stack;
  uint64_t minor_faults;
  uint64_t major_faults;
  uint64_t private_bytes;
  uint64_t other_peak; /* of a second thread, where the system counts per thread; 0 for none */
  const char *name;
} fake_process;

typedef struct fake_machine {
  fake_process *processes;
  size_t count;
  size_t capacity;
  int page_size;
  int refuse;       /* errno of every query of one process, or 0 */
  int refuse_list;  /* of the list */
  int refuse_pages; /* of the private pages */
  int grow;         /* how many times a process starts between the query for the size and the reading of the list */
  bool never_fits;  /* the list is always too large */
  uint64_t booted_us;
  int64_t clock_set_us; /* how far the clock was set forward since then */
  bool cut;             /* answers about one process are truncated */
  size_t cut_to;        /* to this many bytes */
  bool absurd_size;     /* is reported for the list before it is read */
  int reuse_after;      /* after this many queries of one process its pid is reused; 0 for never */
  int questions;        /* of one process, so far */
  int longer;           /* by how many bytes the kernel's structures are longer than in the headers */
} fake_machine;

extern fake_machine fake;

/* What the system reports. */
typedef struct fake_abilities {
  bool peak;
  bool segments;
  bool private_pages;
  bool reads_start_of_zombies;
  bool starts_since_boot; /* so setting the clock changes start times */
  bool files;
} fake_abilities;

extern const fake_abilities fake_can;

/* The process with this pid, as of this query, or NULL. */
const fake_process *fake_ask(uint32_t pid);

/* Its start time, as the system reports it now. */
uint64_t fake_started_us(const fake_process *process);

/* Adds a process if the list is to grow. Called between the query for the size and the reading of the list. */
void fake_grow(void);

/* Checks the machine's figures, which are the same on every system that reports all of them. */
void fake_check_machine(void);

/* Updates the files, on systems that present the machine by files. */
void fake_publish(void);

#endif
