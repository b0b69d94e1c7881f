# The functions that .ci/stages calls where a stage takes more than one command.
# shellcheck shell=bash
# shellcheck source=scripts/tools.sh
source scripts/tools.sh

# The Debian packages of all stages, except for those stages that install their own.
packages() {
  need build-essential python3 clang-14 libclang-rt-14-dev clang-format clang-tidy gcovr python3-psutil procps \
    util-linux bsdutils tmux valgrind libc6-dbg strace qemu-system-x86 busybox-static
}

# The platforms whose sources this machine's compiler can compile. Windows takes its own.
platforms=(linux darwin freebsd openbsd netbsd sunos aix unsupported)

# Their sources, except for the file that includes headers of macOS, and how to compile them: the headers that other
# systems need are replaced by those of the tests.
sources() { python3 scripts/core-sources.py "$1" | grep -v '^src/darwin/os.c$'; }
c_flags() {
  echo "-std=c11 -D_GNU_SOURCE -Isrc"
  if [ -d "test/c/record/headers/$1" ]; then echo "-Itest/c/record/headers/$1"; fi
}

# The sources directly in src/ include nothing of a platform, so they are checked once.
clang_tidy() {
  local platform
  local -a own
  tidy() { clang-tidy --quiet --warnings-as-errors='*' "$@"; }
  # shellcheck disable=SC2046
  tidy src/*.c -- $(c_flags linux)
  for platform in "${platforms[@]}"; do
    mapfile -t own < <(sources "$platform" | grep '^src/.*/')
    # shellcheck disable=SC2046
    [ ${#own[@]} -eq 0 ] || tidy "${own[@]}" -- $(c_flags "$platform")
  done
}

warnings() {
  local platform source
  for platform in "${platforms[@]}"; do
    for source in $(sources "$platform"); do
      # shellcheck disable=SC2046
      gcc $(c_flags "$platform") -O3 -Wall -Wextra -Wshadow -Wconversion -Werror -c "$source" -o /dev/null
    done
  done
}

# On an unknown system the package must compile, load and fail with ENOSYS.
unsupported() {
  npm exec node-gyp -- rebuild --silent -- -Dplatform=unsupported
  node -e "
    const assert = require('node:assert/strict');
    const memory = require('.');
    const refusal = { code: 'ENOSYS', pid: process.pid };
    assert.throws(() => memory.getMemoryInfo(), refusal);
    assert.throws(() => memory.getTreeMemoryInfo(), refusal);
    for (const name of ['getMemoryCounters', 'getMemoryFootprint', 'getMemoryLimit', 'openProcess']) {
      assert.throws(() => memory[name](), refusal);
    }
    assert.throws(() => memory.getSystemMemoryInfo(), { code: 'ENOSYS' });
    assert.equal(memory.getMemoryInfoBatch([1])[0].reason.code, 'ENOSYS');
  "
}

# The core in plain C, then the binary that is published.
windows() {
  need gcc-mingw-w64-x86-64-posix wine wine64
  clang-tidy --quiet --warnings-as-errors='*' src/win32/*.c -- -target x86_64-w64-mingw32 -std=c11 -Isrc
  # shellcheck source=scripts/wine.sh
  source scripts/wine.sh
  prefix
  timeout --kill-after=10 300 make -s -C test/c wine
  npm run prebuilds -- win32-x64
  npm run test:prebuilt -- win32-x64
}

# The commands of a newcomer, with the coverage of JavaScript and C. Only this stage adds swap space and reserves huge
# pages: two of them would compete for these.
tests() {
  NODE_V8_COVERAGE=$PWD/build/coverage COVERAGE=1 PMI_TEST_SYSTEM=1 npm cit
  npx c8 report
  # gcovr tries several folders to find the sources, and prints an error for each wrong one.
  gcovr --root . --filter src/ --fail-under-line 95 build/test-c/coverage 2>/dev/null
}

# `tests` runs on the addon that gcc built, this on the binary that is published.
shipped() {
  npm run prebuilds -- linux-x64-glibc
  npm run test:prebuilt -- linux-x64-glibc
}

exporters() {
  need prometheus
  npm run test:exporters
}

browser() {
  need chromium fonts-dejavu-core
  npm run test:browser
}
