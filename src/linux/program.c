/*
 * The name of the program that a process runs. That is usually the name of the process, unless it was changed. Node.js
 * 23 and later name their main thread, and thereby, on Linux, the process.
 */
#include "process.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

static bool is_named(const pmi_stat *stat, const char *name) {
  return stat->name_length == strlen(name) && memcmp(stat->name, name, stat->name_length) == 0;
}

bool pmi_is_named_as_thread(const pmi_stat *stat) {
  return is_named(stat, "MainThread") || is_named(stat, "node-MainThread");
}

/* The last part of a path, truncated as the kernel truncates names. */
static void take_name(const char *path, size_t length, char name[PMI_NAME_SIZE]) {
  const char *slash = memrchr(path, '/', length);
  const char *begin = slash == NULL ? path : slash + 1;
  length -= (size_t)(begin - path);
  if (length > PMI_NAME_SIZE - 1)
    length = PMI_NAME_SIZE - 1;
  memcpy(name, begin, length);
  name[length] = '\0';
}

/* The executable of the process, which may have been deleted or replaced since. */
static bool read_executable(uint32_t pid, char name[PMI_NAME_SIZE]) {
  static const char deleted[] = " (deleted)";
  const size_t suffix = sizeof deleted - 1;
  char path[PMI_PROC_PATH];
  char target[PATH_MAX];
  pmi_process_path(path, pid, 0, "exe");
  const ssize_t result = readlink(path, target, sizeof target);
  if (result <= 0)
    return false;
  size_t length = (size_t)result;
  if (length > suffix && memcmp(target + length - suffix, deleted, suffix) == 0)
    length -= suffix;
  take_name(target, length, name);
  return true;
}

/* The first argument. Processes of Electron have the whole command line in it, separated by blanks. */
static pmi_code read_command_line(uint32_t pid, char name[PMI_NAME_SIZE], pmi_error *error) {
  const pmi_proc_dir proc = {.pid = pid};
  pmi_text text;
  pmi_code code = pmi_read_file(-1, &proc, "cmdline", NULL, NULL, &text, error);
  if (code == PMI_OK) {
    const size_t length = strnlen(text.bytes, text.length);
    const char *options = memmem(text.bytes, length, " --", 3);
    take_name(text.bytes, options == NULL ? length : (size_t)(options - text.bytes), name);
  }
  pmi_text_free(&text);
  return code;
}

pmi_code pmi_read_program_name(uint32_t pid, char name[PMI_NAME_SIZE], pmi_error *error) {
  name[0] = '\0';
  if (read_executable(pid, name))
    return PMI_OK;
  pmi_code code = read_command_line(pid, name, error);
  return pmi_is_shortage(code) ? code : PMI_OK;
}
