/* Names, as complete as the system provides them. */
#include "check.h"
#include "fake.h"
#include "pmi.h"

#include <string.h>

enum { ROOT = 400 };

static const char long_path[] = "/Applications/Some Browser.app/Contents/Some Browser Helper (Renderer Process)";
static const char whole[] = "Some Browser Helper (Renderer Process)";

static fake_process *begin(const char *comm, const char *name, const char *path) {
  fake_begin();
  fake_process *process = fake_add(ROOT, 1, 1000);
  memset(process->listed.comm, 0, sizeof process->listed.comm);
  memcpy(process->listed.comm, comm, strlen(comm));
  process->name = name;
  process->path = path;
  return process;
}

static void check_name(const char *expected) {
  pmi_error error;
  pmi_tree tree = {0};
  CHECK_SAME(pmi_read_tree(ROOT, 0, &tree, &error), PMI_OK);
  size_t length = strlen(expected);
  CHECK_SAME(tree.count, 1);
  CHECK_SAME(tree.processes[0].name_length, length);
  CHECK_BYTES(tree.names + tree.processes[0].name_offset, expected, length);
  pmi_tree_free(&tree);
  check_nothing_left();
}

TEST(makes_no_more_calls_if_the_list_has_it) {
  begin("node", "something else", "/usr/bin/something");
  check_name("node");
  begin("", NULL, NULL);
  check_name("");
}

TEST(uses_the_registered_name) {
  begin("Some Browser Hel", "Some Browser Helper", long_path);
  check_name("Some Browser Helper");
}

TEST(uses_the_path_if_the_name_is_truncated) {
  begin("Some Browser Hel", "Some Browser Helper (Renderer Process)", long_path);
  check_name(whole);
}

TEST(uses_the_path_for_processes_of_other_users) {
  begin("Some Browser Hel", NULL, long_path);
  check_name(whole);
}

TEST(works_without_either_name) {
  begin("Some Browser Hel", NULL, NULL);
  check_name("Some Browser Hel");
}

TEST(keeps_a_name_that_differs_from_the_program) {
  begin("a-very-long-scri", NULL, "/bin/bash");
  check_name("a-very-long-scri");
  begin("a-very-long-scri", "renamed", "/bin/a-different-program-of-some-length");
  check_name("a-very-long-scri");
}

TEST(rejects_a_name_outside_the_buffer) {
  char path[301];
  memset(path, 'x', sizeof path - 1);
  path[sizeof path - 1] = '\0';
  begin("xxxxxxxxxxxxxxxx", NULL, path);
  check_name("xxxxxxxxxxxxxxxx");
  path[255] = '\0'; /* the longest name of a file */
  check_name(path);
}
