/* Every query, from many threads at once: the core has no state that they would share. */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "check.h"
#include "pmi.h"
#include "scene.h"
#include "values.h"

enum { THREADS = 8, ROUNDS = 50, NO_PID = 2147483647 };

/* One handle, which all threads use. */
static pmi_handle *shared;
static uint32_t own_pid;

#define NEED(condition)                                                                                                \
  do {                                                                                                                 \
    if (!(condition)) {                                                                                                \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                                  \
      return false;                                                                                                    \
    }                                                                                                                  \
  } while (0)

static bool ask_by_pid(void) {
  pmi_error error;
  pmi_memory memory;
  pmi_values counters;
  pmi_footprint footprint;
  pmi_limit limit;
  pmi_values system;
  pmi_tree tree = {0};
  NEED(pmi_read_memory(own_pid, &memory, &error) == PMI_OK && memory.working_set > 0);
  NEED(pmi_read_memory(NO_PID, &memory, &error) == PMI_ESRCH);
  NEED(pmi_read_counters(own_pid, &counters, &error) == PMI_OK && counters.count > 0);
  NEED(pmi_read_footprint(own_pid, &footprint, &error) == PMI_OK && value_of(&footprint.values, "footprint") > 0);
  NEED(pmi_read_system(&system, &error) == PMI_OK && value_of(&system, "total") > 0);
  NEED(pmi_read_limit(NO_PID, &limit, &error) == PMI_ESRCH);
  (void)pmi_read_limit(own_pid, &limit, &error); /* whether there is a limit depends on the machine */
  NEED(pmi_read_tree(NO_PID, 0, &tree, &error) == PMI_ESRCH);
  NEED(pmi_read_tree(own_pid, PMI_TREE_FOOTPRINT, &tree, &error) == PMI_OK && tree.count == 1);
  pmi_tree_free(&tree);
  return true;
}

static bool ask_handle(const pmi_handle *handle) {
  pmi_error error;
  pmi_memory memory;
  pmi_values counters;
  pmi_footprint footprint;
  bool alive = false;
  NEED(pmi_handle_is_alive(handle, &alive, &error) == PMI_OK && alive);
  NEED(pmi_handle_read_memory(handle, &memory, &error) == PMI_OK && memory.working_set > 0);
  NEED(pmi_handle_read_counters(handle, &counters, &error) == PMI_OK && counters.count > 0);
  NEED(pmi_handle_read_footprint(handle, &footprint, &error) == PMI_OK && value_of(&footprint.values, "footprint") > 0);
  return true;
}

/* Returns whether all checks passed. */
static void *ask_all(void *unused) {
  (void)unused;
  bool well = true;
  for (int i = 0; well && i < ROUNDS; i++) {
    pmi_error error;
    pmi_handle *handle;
    well = pmi_open_handle(own_pid, &handle, &error) == PMI_OK;
    if (well) {
      well = ask_by_pid() && ask_handle(handle) && ask_handle(shared);
      pmi_close_handle(handle);
    }
  }
  return well ? &shared : NULL;
}

TEST(answers_many_threads_at_once) {
  scene_real_proc();
  pmi_error error;
  pthread_t threads[THREADS];
  const int before = scene_open_descriptors();
  own_pid = (uint32_t)getpid();
  CHECK_SAME(pmi_open_handle(own_pid, &shared, &error), PMI_OK);
  for (size_t i = 0; i < THREADS; i++)
    CHECK_SAME(pthread_create(&threads[i], NULL, ask_all, NULL), 0);
  for (size_t i = 0; i < THREADS; i++) {
    void *well;
    CHECK_SAME(pthread_join(threads[i], &well), 0);
    CHECK(well != NULL);
  }
  pmi_close_handle(shared);
  CHECK_SAME(scene_open_descriptors(), before);
}

BEFORE(begin) { scene_begin(); }

AFTER(end) { scene_end(); }
