/*
 * The caller's own process, by a shorter way: statm is rendered in a tenth of the time of status, and has all but the
 * peak. getrusage(2) has the peak, but of all the programs that the process ever was: it begins with what the parent
 * had when it forked. Only while it is no more than VmHWM was when it was first looked at, or once it has risen since,
 * is it this program's own.
 */
#ifndef PMI_LINUX_OWN_H
#define PMI_LINUX_OWN_H

#include "process.h"

/* Finds out whether the shorter way can be taken for this process, whose status was just read. */
pmi_own pmi_own_begin(uint32_t pid, const pmi_status *status);

/*
 * Takes it. `statm_fd` is a descriptor of the process's statm, or -1 to open it anew. Sets *done if it led to an
 * answer; where it did not, status has one.
 */
pmi_code pmi_own_memory(const pmi_own *own, int statm_fd, const pmi_place *place, pmi_memory *out, bool *done,
                        pmi_error *error);

#endif
