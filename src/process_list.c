/* See process_list.h. */
#include "process_list.h"

#include <stdlib.h>

/* The result of completing one process. */
typedef struct pmi_outcome {
  bool done;
  pmi_error why; /* code PMI_OK if it could be read */
} pmi_outcome;

pmi_code pmi_add_footprint(pmi_tree *list, pmi_process *process, pmi_code code, const pmi_footprint *read,
                           pmi_footprint estimate, pmi_error *error) {
  if (code == PMI_ESRCH || pmi_is_shortage(code))
    return code;
  process->footprint_code = code;
  return pmi_tree_add_footprint(list, process, code == PMI_OK ? read : &estimate, error);
}

typedef struct pmi_reading {
  uint32_t options;
  pmi_tree list;
  pmi_forest forest;
  pmi_outcome *outcomes; /* one for each process of the list */
} pmi_reading;

static pmi_code begin(pmi_reading *reading, uint32_t options, pmi_error *error) {
  reading->options = options;
  reading->forest.judge = pmi_list_judge;
  pmi_code code = pmi_list_processes(options, &reading->list, error);
  if (code == PMI_OK)
    code = pmi_forest_init(&reading->forest, &reading->list, error);
  if (code != PMI_OK)
    return code;
  reading->outcomes = calloc(reading->list.count + 1, sizeof *reading->outcomes);
  return reading->outcomes == NULL ? pmi_fail_nomem(error) : PMI_OK;
}

static void end(pmi_reading *reading) {
  free(reading->outcomes);
  pmi_forest_free(&reading->forest);
  pmi_tree_free(&reading->list);
}

/* Completes each process once, even if it is in several trees. Fails only if resources run out. */
static pmi_code complete(pmi_reading *reading, size_t index, pmi_error *error) {
  pmi_outcome *outcome = &reading->outcomes[index];
  if (outcome->done)
    return PMI_OK;
  outcome->done = true;
  pmi_code code =
      pmi_complete_process(&reading->list, &reading->list.processes[index], reading->options, &outcome->why);
  outcome->why.code = code; /* `why` may have been set by an attempt before the one that succeeded */
  if (!pmi_is_shortage(code))
    return PMI_OK;
  *error = outcome->why;
  return code;
}

static pmi_code add(pmi_reading *reading, size_t index, pmi_tree *tree, pmi_error *error) {
  const pmi_process *process = &reading->list.processes[index];
  pmi_code code = complete(reading, index, error);
  if (code != PMI_OK)
    return code;
  const pmi_error *why = &reading->outcomes[index].why;
  if (why->code == PMI_OK)
    return pmi_tree_copy(tree, &reading->list, process, error);
  return why->code == PMI_ESRCH ? PMI_OK : pmi_tree_add_unreadable(tree, process->pid, why, error);
}

/* Fails only if resources run out; other errors of the root go to `why`. */
static pmi_code read_root(pmi_reading *reading, uint32_t root, pmi_tree *out, pmi_error *why, pmi_error *error) {
  pmi_tree tree = {0};
  size_t count;
  pmi_code code = pmi_forest_walk(&reading->forest, root, &count, error);
  const size_t *chosen = reading->forest.chosen;
  why->code = PMI_OK;
  if (code == PMI_OK && count == 0)
    pmi_fail(why, PMI_ESRCH, 0, pmi_list_call, NULL);
  if (code == PMI_OK && count > 0) {
    code = complete(reading, chosen[0], error);
    *why = reading->outcomes[chosen[0]].why;
  }
  if (code == PMI_OK && why->code != PMI_OK)
    return PMI_OK;
  for (size_t i = 0; i < count && code == PMI_OK; i++)
    code = add(reading, chosen[i], &tree, error);
  return pmi_tree_finish(&tree, code, out);
}

pmi_code pmi_read_trees(const uint32_t *roots, size_t count, uint32_t options, pmi_tree *trees, pmi_error *errors,
                        pmi_error *error) {
  pmi_reading reading = {0};
  pmi_code code = begin(&reading, options, error);
  size_t done = 0;
  for (; done < count && code == PMI_OK; done++)
    code = read_root(&reading, roots[done], &trees[done], &errors[done], error);
  if (code != PMI_OK)
    for (size_t i = 0; i < done; i++)
      pmi_tree_free(&trees[i]);
  end(&reading);
  return code;
}

pmi_code pmi_read_all(uint32_t options, pmi_tree *out, pmi_error *error) {
  pmi_reading reading = {0};
  pmi_tree tree = {0};
  pmi_code code = begin(&reading, options, error);
  for (size_t n = 0; code == PMI_OK && n < reading.list.count; n++)
    code = add(&reading, pmi_forest_nth(&reading.forest, n), &tree, error);
  end(&reading);
  return pmi_tree_finish(&tree, code, out);
}
