/*
 * Whose child a process is that started while its tree was read.
 *
 * A process names its parent by pid, and the pid may have had another bearer when that was read: one exits, and the
 * next process that starts may get its pid. Where both, the child and what was read of the parent, are older than the
 * reading this cannot be, for of two bearers that both were seen one came later. Start times alone do not tell the
 * others apart: they count hundredths of a second. So the directories of processes that started no earlier than the
 * reading, the newborns, are held open until it is known whose children they have.
 */
#ifndef PMI_LINUX_NEWBORN_H
#define PMI_LINUX_NEWBORN_H

#include "process.h"

enum { PMI_NEWBORNS_HELD = 256 }; /* others want descriptors, too */

typedef struct pmi_newborns {
  uint64_t boot_time; /* seconds since the epoch */
  uint64_t since_ms;  /* when the reading began, as a creation time */
  size_t count;
  struct {
    uint32_t pid;
    int dir;
  } held[PMI_NEWBORNS_HELD];
} pmi_newborns;

/* The reading begins. */
void pmi_newborns_begin(pmi_newborns *newborns, uint64_t boot_time);

/* Closes what is held. True if there was any. */
bool pmi_newborns_release(pmi_newborns *newborns);

bool pmi_is_newborn(const pmi_newborns *newborns, const pmi_process *process);

/* The process was read through `dir`. True if that is held from now on, and no longer the caller's. */
bool pmi_newborns_hold(pmi_newborns *newborns, const pmi_process *process, int dir);

/*
 * Sets *same if the pid still is that of the process that was read; so it was all the time between. Of more newborns
 * than can be held, only the start time tells. Fails only where the caller ran out of something.
 */
pmi_code pmi_newborns_same(const pmi_newborns *newborns, const pmi_process *process, bool *same, pmi_error *error);

#endif
