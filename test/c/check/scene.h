/* The test's own working directory, where "proc" is the real /proc or a simulated one. */
#ifndef SCENE_H
#define SCENE_H

#include <stdint.h>

/* Makes an empty directory and enters it. Ends the previous scene. */
void scene_begin(void);

/* "proc" is a link to the real /proc. */
void scene_real_proc(void);

/* Writes proc/<path>, with the directories above it. */
void scene_write(const char *path, const char *text);

/* What is not set is as of an ordinary process "p" with one thread. */
typedef struct scene_fields {
  uint32_t pid;
  uint32_t ppid;
  uint64_t start; /* in hundredths of a second since boot */
  uint32_t threads;
  uint32_t flags;
  const char *name;
  const char *resident; /* pages; "12500" if not set */
} scene_fields;

/* Writes the stat of a process, as a kernel of today does. It has had 101 minor and 303 major faults. */
void scene_stat(scene_fields process);

/*
 * Writes the stat and the status of a process with 9 KiB of private memory. `start` is in hundredths of a second since
 * boot.
 */
void scene_process(uint32_t pid, uint32_t ppid, uint32_t start, uint32_t threads);

/* Writes the children file of one of its threads. */
void scene_children(uint32_t pid, uint32_t tid, const char *children);

/* Leaves the directory and deletes it. */
void scene_end(void);

/* The number of open descriptors of this process. */
int scene_open_descriptors(void);

#endif
