#!/usr/bin/env bash
# Runs the tests under the sanitizers and valgrind: npm run test:sanitize [-- PART…]. Needs gcc's libasan, libubsan and
# libtsan, and valgrind (Debian: build-essential valgrind libc6-dbg).
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/mocha.sh
source scripts/mocha.sh

memory=address,undefined

# Turns off address space randomization, with which ThreadSanitizer may find its addresses taken. Some containers do not
# allow that.
still=()
if setarch -R true 2>/dev/null; then still=(setarch -R); fi

# Runs a command in a copy of the repository whose addon is built with the sanitizers, and with the test fixture.
in_copy() {
  local sanitizers=$1 copy
  shift
  copy=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$copy'" EXIT
  cp -r . "$copy"
  (
    cd "$copy"
    npm exec node-gyp -- rebuild --silent -- -Dsanitize="$sanitizers"
    make -C test/c fixture
    "$@"
  )
  rm -rf "$copy"
  trap - EXIT
}

library() { gcc -print-file-name="$1"; }

core_memory() { make -C test/c check SANITIZE=$memory; }

# The suites that together call everything in the addon, on every path.
suites=(arguments contract counters edges footprint handle limit linux permissions promises properties realms results
  robustness run sampler stuck system tree trees)

# Leak detection is off, since V8 keeps memory until the process ends; the tests of the core look for leaks, and those
# of test/resources.test.js, without a sanitizer.
mocha_memory() {
  local timeout=300000
  select_suites "${suites[@]}"
  LD_PRELOAD=$(library libasan.so) ASAN_OPTIONS=detect_leaks=0 npx mocha "${arguments[@]}"
}
addon_memory() { in_copy $memory mocha_memory; }

core_threads() {
  mkdir -p build/sanitize
  gcc -g -fsanitize=thread test/sanitize/race.c -o build/sanitize/race
  if "${still[@]}" build/sanitize/race 2>/dev/null; then
    echo 'ThreadSanitizer does not see a race here' >&2
    return 1
  fi
  "${still[@]}" make -C test/c check-threads SANITIZE=thread
}

addon_threads() { in_copy thread "${still[@]}" node test/sanitize/races.js; }

# Also fails if a child process has errors, even if its parent ignores them.
memcheck() {
  local log=build/sanitize/memcheck failed=0
  mkdir -p build/sanitize
  rm -f "$log".*
  valgrind --quiet --log-file="$log.%p" --error-exitcode=9 --num-callers=30 --suppressions=test/sanitize/node.supp \
    --leak-check=full --show-leak-kinds=definite,possible --errors-for-leak-kinds=definite,possible "$@" || failed=1
  if grep -q . "$log".*; then
    cat "$log".* >&2
    failed=1
  fi
  return $failed
}

# Without address_space: valgrind does not support processes that share an address space by clone(2).
core_valgrind() {
  local test
  for test in test/c/linux/*.test.c; do
    test=$(basename "$test" .test.c)
    [ "$test" != address_space ] || continue
    make -C test/c "build-$test" >/dev/null
    echo "# $test"
    memcheck "build/test-c/plain/$test"
  done
}

# With --jitless V8 generates no code at run time, which valgrind would not notice.
addon_valgrind() {
  npm run build
  memcheck node --jitless test/sanitize/everything.js 10
}

parts=(core_memory addon_memory core_threads addon_threads core_valgrind addon_valgrind)
if [ $# -gt 0 ]; then parts=("$@"); fi
for part in "${parts[@]}"; do
  began=$SECONDS
  echo "--- $part"
  "$part"
  echo "--- $part: $((SECONDS - began)) s"
done
