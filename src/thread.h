/*
 * Detached threads. One may block in the kernel indefinitely: neither the end of an environment nor that of the process
 * waits for it.
 */
#ifndef PMI_THREAD_H
#define PMI_THREAD_H

#include "pmi.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Runs `run` on a new thread. Keeps this library loaded from then on, since the thread may outlive the worker that
 * loaded it. Fails with ENOMEM if the system cannot create a thread.
 */
pmi_code pmi_run_detached(void (*run)(void *), void *data, pmi_error *error);

#ifdef __cplusplus
}
#endif

#endif
