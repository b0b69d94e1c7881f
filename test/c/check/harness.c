/* The harness itself: a program of which four tests fail, one is skipped and two pass, as the Makefile checks. */
#include "check.h"

#include <sys/wait.h>
#include <unistd.h>

static int tests_ended;

AFTER(fail_after_the_fourth) { CHECK(++tests_ended != 4); }

TEST(fails_by_a_number) {
  CHECK_SAME(-1, 5);
  _exit(0); /* never reached */
}

TEST(fails_by_a_text) { CHECK_TEXT("actual", "expected"); }
TEST(fails_by_a_range) { CHECK_BETWEEN(7, 1, 5); }
TEST(fails_at_its_end) { CHECK(true); }
TEST(is_skipped) { check_skip("on purpose"); }
TEST(runs_after_all_others) { CHECK_SAME(tests_ended, 5); }

TEST(ends_a_child_that_fails) {
  int status;
  const pid_t child = fork();
  if (child == 0)
    CHECK(!"so in the child");
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}
