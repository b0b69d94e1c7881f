/* See thread.h. */
#include "thread.h"

#include <stdlib.h>

typedef struct start {
  void (*run)(void *);
  void *data;
} start;

static void run_and_free(start *begun) {
  start copy = *begun;
  free(begun);
  copy.run(copy.data);
}

#ifdef _WIN32

#include <windows.h>

static const char create_call[] = "CreateThread";

static DWORD WINAPI begin(LPVOID begun) {
  run_and_free(begun);
  return 0;
}

static void keep_loaded(void) {
  HMODULE module;
  (void)GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                           (LPCSTR)(ULONG_PTR)begin, &module);
}

static int64_t create(start *begun) {
  HANDLE thread = CreateThread(NULL, 0, begin, begun, 0, NULL);
  if (thread == NULL)
    return (int64_t)GetLastError();
  CloseHandle(thread);
  return 0;
}

#else

#ifdef __APPLE__
#include <dlfcn.h>
#endif
#include <pthread.h>

static const char create_call[] = "pthread_create";
enum { STACK_SIZE = 512 * 1024 };

static void *begin(void *begun) {
  run_and_free(begun);
  return NULL;
}

/* For ELF binaries the linker option -z nodelete has this effect. */
static void keep_loaded(void) {
#ifdef __APPLE__
  Dl_info info;
  if (dladdr(create_call, &info) != 0 && info.dli_fname != NULL)
    (void)dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
#endif
}

static int64_t create(start *begun) {
  pthread_t thread;
  pthread_attr_t attributes;
  int failure = pthread_attr_init(&attributes);
  if (failure != 0)
    return failure;
  (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  (void)pthread_attr_setstacksize(&attributes, STACK_SIZE);
  failure = pthread_create(&thread, &attributes, begin, begun);
  (void)pthread_attr_destroy(&attributes);
  return failure;
}

#endif

pmi_code pmi_run_detached(void (*run)(void *), void *data, pmi_error *error) {
  start *begun = malloc(sizeof *begun);
  if (begun == NULL)
    return pmi_fail_nomem(error);
  *begun = (start){.run = run, .data = data};
  keep_loaded();
  int64_t failure = create(begun);
  if (failure == 0)
    return PMI_OK;
  free(begun);
  return pmi_fail(error, PMI_ENOMEM, failure, create_call, NULL);
}
