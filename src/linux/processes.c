/*
 * A process and everything under it: each is read through a descriptor of its /proc/PID, parents first.
 *
 * Mostly a walk from parents to children reads them on the way. Where it is disturbed each time, or the kernel does not
 * tell children, a scan says which processes there are. A parent that has gone when its turn comes has by then handed
 * its children on, and they say so themselves; tree.c puts together what is left. See descendants.h.
 */
#include "descendants.h"
#include "newborn.h"

#include <fcntl.h>

enum { MAX_WALKS = 3, MAX_ADOPTIONS = 8 };

/* The footprint, or what status tells of it: what is the process's alone, in memory or swapped out. */
static pmi_code read_footprint(pmi_place *place, pmi_process *process, pmi_tree *tree, pmi_error *error) {
  pmi_footprint footprint;
  pmi_error why;
  pmi_code code = pmi_footprint_at(place, &footprint, &why);
  process->footprint_code = code;
  if (code == PMI_EPERM || code == PMI_EACCES || code == PMI_ENOSYS) {
    pmi_status status;
    code = pmi_read_status(place, &status, error);
    if (code != PMI_OK)
      return code;
    footprint = (pmi_footprint){.method = "status"};
    pmi_values_add(&footprint.values, "swap", PMI_BYTES, pmi_bytes_of_kib(status.kib[PMI_VM_SWAP]));
    pmi_values_add(&footprint.values, "footprint", PMI_BYTES,
                   process->memory.private_bytes + pmi_bytes_of_kib(status.kib[PMI_VM_SWAP]));
  } else if (code != PMI_OK) {
    *error = why;
  }
  return code == PMI_OK ? pmi_tree_add_footprint(tree, process, &footprint, error) : code;
}

/* What is asked of each process of a tree. */
typedef struct question {
  uint32_t options;
  uint64_t boot_time;
  pmi_newborns *newborns;
  pmi_walk *walk; /* takes note of the children, too; or NULL */
} question;

/* Adds one process to the tree, all of it read through one descriptor of its directory. */
static pmi_code read_process(int dir, uint32_t pid, const question *asked, pmi_tree *tree, pmi_error *error) {
  pmi_process process = {.pid = pid};
  pmi_place place = {.dir = dir, .pid = pid};
  pmi_status status;
  pmi_stat stat;
  pmi_text text;
  pmi_text_init(&text);
  pmi_code code = pmi_read_stat(&place, &text, &stat, error);
  if (code == PMI_OK && asked->walk != NULL)
    code = pmi_walk_visit(asked->walk, dir, pid, stat.threads, error);
  if (code == PMI_OK)
    code = pmi_memory_at(-1, &place, &status, &process.memory, error);
  if (code == PMI_OK && asked->walk != NULL)
    pmi_walk_leave(asked->walk, stat.threads, &status);
  if (code == PMI_OK && (asked->options & PMI_TREE_FOOTPRINT) != 0)
    code = read_footprint(&place, &process, tree, error);
  if (code == PMI_OK) {
    process.ppid = stat.ppid;
    process.creation_time_ms = pmi_creation_time_ms(asked->boot_time, stat.start_ticks);
    code = pmi_tree_add(tree, &process, stat.name, stat.name_length, error);
  }
  pmi_text_free(&text);
  return code;
}

static pmi_code open_and_read(uint32_t pid, const question *asked, pmi_tree *tree, pmi_error *error) {
  int dir = -1;
  pmi_code code = pmi_open_process_dir(pid, &dir, error);
  if (code != PMI_OK)
    return code;
  code = read_process(dir, pid, asked, tree, error);
  if (code != PMI_OK || !pmi_newborns_hold(asked->newborns, &tree->processes[tree->count - 1], dir))
    pmi_close(dir);
  return code;
}

/* Reads one of the processes below the root: what cannot be read fails no tree. */
static pmi_code read_descendant(uint32_t pid, const question *asked, pmi_tree *tree, pmi_error *error) {
  pmi_error why;
  pmi_code code = open_and_read(pid, asked, tree, &why);
  if ((code == PMI_EMFILE || code == PMI_ENFILE) && pmi_newborns_release(asked->newborns))
    code = open_and_read(pid, asked, tree, &why);
  if (code == PMI_OK)
    return PMI_OK;
  if (pmi_is_shortage(code)) {
    *error = why;
    return code;
  }
  if (code != PMI_ESRCH)
    return pmi_tree_add_unreadable(tree, pid, &why, error);
  if (asked->walk != NULL)
    pmi_walk_miss(asked->walk);
  return PMI_OK;
}

/* Reads a tree on one walk down. Fills `tree` and sets *settled if it held still. Puts in `met` whom it met. */
static pmi_code read_by_walk(int dir, uint32_t root, question asked, pmi_tree *tree, pmi_ids *met, bool *settled,
                             pmi_error *error) {
  pmi_walk walk = {0};
  asked.walk = &walk;
  pmi_code code = pmi_ids_add(&walk.processes, root, error);
  if (code == PMI_OK)
    code = read_process(dir, root, &asked, tree, error);
  for (size_t i = 1; code == PMI_OK && i < walk.processes.count; i++)
    code = read_descendant(walk.processes.ids[i], &asked, tree, error);
  if (code == PMI_OK)
    code = pmi_walk_end(&walk, settled, error);
  if (!*settled) {
    pmi_tree_free(tree);
    pmi_newborns_release(asked.newborns);
  }
  pmi_ids_free(met);
  *met = walk.processes;
  walk.processes = (pmi_ids){0};
  pmi_walk_free(&walk);
  return code;
}

/* Reads the processes whose pids are known, parents first. */
static pmi_code read_listed(int dir, uint32_t root, const question *asked, const pmi_ids *pids, pmi_tree *tree,
                            pmi_error *error) {
  pmi_code code = read_process(dir, root, asked, tree, error);
  for (size_t i = 0; code == PMI_OK && i < pids->count; i++)
    if (pids->ids[i] != root)
      code = read_descendant(pids->ids[i], asked, tree, error);
  return code;
}

/* Whom a walk read or tried to, in that order. */
static pmi_code list_tree(const pmi_tree *tree, pmi_ids *out, pmi_error *error) {
  pmi_code code = PMI_OK;
  for (size_t i = 0; code == PMI_OK && i < tree->count; i++)
    code = pmi_ids_add(out, tree->processes[i].pid, error);
  for (size_t i = 0; code == PMI_OK && i < tree->unreadable_count; i++)
    code = pmi_ids_add(out, tree->unreadable[i].pid, error);
  return code;
}

/*
 * Reads all that is asked for, but for who had children: the walks that show who is in the tree leave the footprints
 * out, which may take so long that no tree would hold still.
 */
static pmi_code read_all(int dir, uint32_t root, const question *asked, pmi_tree *tree, pmi_error *error) {
  const question quick = {.boot_time = asked->boot_time, .newborns = asked->newborns};
  pmi_ids met = {0};
  pmi_ids pids = {0};
  pmi_code code = PMI_OK;
  bool settled = false;
  int walks = pmi_walk_possible() ? MAX_WALKS : 0;
  for (int i = 0; code == PMI_OK && !settled && i < walks; i++)
    code = read_by_walk(dir, root, quick, tree, &met, &settled, error);
  const bool done = settled && asked->options == quick.options;
  if (code == PMI_OK && !done) {
    code = settled ? list_tree(tree, &pids, error) : pmi_scan_descendants(root, &met, &pids, error);
    pmi_tree_free(tree);
    if (code == PMI_OK)
      code = read_listed(dir, root, asked, &pids, tree, error);
  }
  pmi_ids_free(&pids);
  pmi_ids_free(&met);
  return code;
}

/* The last one that was read with that pid, or NULL. */
static const pmi_process *find_last(const pmi_tree *tree, uint32_t pid) {
  for (size_t i = tree->count; i-- > 0;)
    if (tree->processes[i].pid == pid)
      return &tree->processes[i];
  return NULL;
}

/*
 * Whether the parent of a process is the one that was read. The processes stand in the order of their reading, and the
 * parent has to have been read before: it was there all the time since, and so when the child named it.
 */
static pmi_code has_read_parent(const pmi_tree *tree, size_t child, const pmi_newborns *newborns, bool *yes,
                                pmi_error *error) {
  const pmi_process *parent = find_last(tree, tree->processes[child].ppid);
  *yes = false;
  if (parent == NULL || parent > &tree->processes[child])
    return PMI_OK;
  return pmi_newborns_same(newborns, parent, yes, error);
}

/*
 * Makes sure whose children those are that started meanwhile. One whose parent is not the one that was read is read
 * again, to the end of the tree. What it was before, and whoever could not be told from another in the end, becomes a
 * child of 0, which is nobody's pid.
 */
static pmi_code adopt_newborns(uint32_t root, const question *asked, pmi_tree *tree, pmi_error *error) {
  pmi_code code = PMI_OK;
  size_t end = 0;
  for (int i = 0; code == PMI_OK && end < tree->count && i <= MAX_ADOPTIONS; i++) {
    end = tree->count;
    for (size_t at = 0; code == PMI_OK && at < end; at++) {
      const pmi_process child = tree->processes[at];
      bool certain =
          child.pid == root || child.ppid == root || child.ppid == 0 || !pmi_is_newborn(asked->newborns, &child);
      if (!certain)
        code = has_read_parent(tree, at, asked->newborns, &certain, error);
      if (code != PMI_OK || certain)
        continue;
      tree->processes[at].ppid = 0;
      if (i < MAX_ADOPTIONS)
        code = read_descendant(child.pid, asked, tree, error);
    }
  }
  return code;
}

/* Fails if the root has gone: its pid may have a new bearer, and what was listed may be that one's children. */
static pmi_code still_there(int dir, uint32_t pid, pmi_error *error) {
  char path[PMI_PROC_PATH];
  int fd = -1;
  pmi_process_path(path, pid, "stat");
  pmi_code code = pmi_open(dir, path, O_PATH, &fd, error);
  if (code == PMI_OK)
    pmi_close(fd);
  return code;
}

static pmi_code read_tree(int dir, uint32_t root, uint32_t options, pmi_tree *tree, pmi_error *error) {
  pmi_newborns newborns;
  question asked = {.options = options, .newborns = &newborns};
  pmi_code code = pmi_boot_time(&asked.boot_time, error);
  pmi_newborns_begin(&newborns, code == PMI_OK ? asked.boot_time : 0);
  if (code == PMI_OK)
    code = read_all(dir, root, &asked, tree, error);
  if (code == PMI_OK)
    code = adopt_newborns(root, &asked, tree, error);
  pmi_newborns_release(&newborns);
  if (code == PMI_OK)
    code = still_there(dir, root, error);
  if (code == PMI_OK)
    code = pmi_tree_select(tree, root, "getdents64", error);
  return code;
}

pmi_code pmi_read_tree(uint32_t root, uint32_t options, pmi_tree *out, pmi_error *error) {
  int dir = -1;
  pmi_tree tree = {0};
  pmi_code code = pmi_open_process_dir(root, &dir, error);
  if (code != PMI_OK)
    return code;
  code = read_tree(dir, root, options, &tree, error);
  if (code == PMI_OK)
    *out = tree;
  else
    pmi_tree_free(&tree);
  pmi_close(dir);
  return code;
}
