/*
 * Threads that nobody waits for. What runs on one may be stuck in the kernel for as long as it likes: neither the end
 * of an environment nor the end of the process waits for it.
 */
#ifndef PMI_THREAD_H
#define PMI_THREAD_H

#include "pmi.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Runs `run` on a thread of its own. Keeps this library loaded from then on, since the thread may outlive the worker
 * that loaded it. ENOMEM if the system has no room for another thread.
 */
pmi_code pmi_run_detached(void (*run)(void *), void *data, pmi_error *error);

#ifdef __cplusplus
}
#endif

#endif
