/* Tests the macOS folder over a simulated system, in states that a real machine rarely has. */
#include "blocks.h"
#include "check.h"
#include "fake.h"
#include "suites.h"

void check_nothing_left(void) {
  CHECK_SAME(fake.open_ports, 0);
  CHECK_SAME(fake.rights_to_self, 0);
  CHECK_SAME(blocks_live(), 0);
}

int main(void) {
  memory_suite();
  counters_suite();
  footprint_suite();
  tree_suite();
  name_suite();
  handle_suite();
  machine_suite();
  failures_suite();
  return check_end();
}
