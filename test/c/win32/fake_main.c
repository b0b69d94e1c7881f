/* Tests the Windows folder over a simulated system, in states that Wine never has. */
#include "blocks.h"
#include "check.h"
#include "fake.h"
#include "suites.h"

int main(void) {
  blocks_count_from_here();
  counters_suite();
  rights_suite();
  listing_suite();
  footprint_suite();
  job_suite();
  machine_suite();
  failures_suite();
  return check_end();
}
