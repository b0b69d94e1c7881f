/*
 * A made-up machine for the systems that keep one record of each process. suite.c sets it up and asks the core; a file
 * for each system, fake_*.c, shows it in that system's own structures.
 */
#ifndef FAKE_H
#define FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sizes in bytes, multiples of the page. */
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
  uint64_t other_peak; /* of a second thread, where the system counts for each; 0 if there is none */
  const char *name;
} fake_process;

typedef struct fake_machine {
  fake_process *processes;
  size_t count;
  size_t capacity;
  int page_size;
  int refuse;       /* errno of every question about one process, or 0 */
  int refuse_list;  /* of the list */
  int refuse_pages; /* of the private pages */
  int grow;         /* so many times a process more is there between asking for the size and reading the list */
  bool never_fits;  /* the list */
  uint64_t booted_us;
  int64_t clock_set_us; /* how far somebody has set the clock forward since */
  bool cut;             /* what there is to read of one process */
  size_t cut_to;        /* so many bytes */
  bool absurd_size;     /* of the list, before it is read */
  int reuse_after;      /* after so many questions about one process its pid is another's; 0 for never */
  int questions;        /* about one process, so far */
  int longer;           /* so many bytes the kernel's structures are longer than those of the headers */
} fake_machine;

extern fake_machine fake;

/* What the system does not tell. */
typedef struct fake_abilities {
  bool peak;
  bool segments;
  bool private_pages;
  bool reads_start_of_zombies;
  bool starts_since_boot; /* so setting the clock moves them */
  bool files;
} fake_abilities;

extern const fake_abilities fake_can;

/* The process of this pid, as it is at this question, or NULL. */
const fake_process *fake_ask(uint32_t pid);

/* When it began, as the system tells it now. */
uint64_t fake_started_us(const fake_process *process);

/* Adds processes that nobody asked for, if the list is to grow. To be called between the two halves of a listing. */
void fake_grow(void);

/* Reads the machine, whose figures are the same on every system that tells them all. */
void fake_check_machine(void);

/* Brings the machine up to date where it is shown by files. */
void fake_publish(void);

/* Tests of one system alone, and those of failures.c; both end with NULL. */
extern void (*const fake_own_tests[])(void **);
extern void (*const failure_tests[])(void **);

#endif
