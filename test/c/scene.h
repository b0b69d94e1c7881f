/* A directory of the test's own to stand in, where "proc" is the real /proc or a made-up one. */
#ifndef SCENE_H
#define SCENE_H

/* Makes an empty directory and enters it. Ends what was before. */
void scene_begin(void);

/* Both as setups for cmocka: an empty scene, and one with the real /proc. */
int scene_setup(void **state);
int scene_setup_real(void **state);

/* "proc" is a link to the real /proc. */
void scene_real_proc(void);

/* Writes proc/<path>, with the directories above it. */
void scene_write(const char *path, const char *text);

/* Leaves the directory and deletes it. */
void scene_end(void);

/* How many descriptors this process has open. */
int scene_open_descriptors(void);

#endif
