/* A directory of the test's own to stand in, where "proc" is the real /proc or a made-up one. */
#ifndef SCENE_H
#define SCENE_H

#include <stdint.h>

/* Makes an empty directory and enters it. Ends what was before. */
void scene_begin(void);

/* Both as setups for cmocka: an empty scene, and one with the real /proc. */
int scene_setup(void **state);
int scene_setup_real(void **state);

/* "proc" is a link to the real /proc. */
void scene_real_proc(void);

/* Writes proc/<path>, with the directories above it. */
void scene_write(const char *path, const char *text);

/*
 * Writes the stat and the status of a process: `start` is in hundredths of a second since boot. It has 9 KiB of private
 * memory.
 */
void scene_process(uint32_t pid, uint32_t ppid, uint32_t start, uint32_t threads);

/* Writes what one of its threads lists as its children. */
void scene_children(uint32_t pid, uint32_t tid, const char *children);

/* Leaves the directory and deletes it. */
void scene_end(void);

/* How many descriptors this process has open. */
int scene_open_descriptors(void);

#endif
