#!/usr/bin/env bash
# Compiles and links the addon for systems that cannot be run here; it runs nothing. macOS, FreeBSD, OpenBSD and NetBSD
# use their own headers and the symbol lists of their libraries, which come with the compiler zig. zig has none for
# SunOS and AIX, whose code is compiled by this machine's compiler with this machine's headers.
#
# A structure member that does not exist fails to compile; a function that does not exist fails to link. To prove that,
# one of each is then misspelled on purpose for each system.
#
#   scripts/check-platforms.sh [PLATFORM...]    darwin, freebsd, openbsd, netbsd, sunos, aix; by default all of them
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/cross.sh
source scripts/cross.sh
out=build/platforms

# Node.js 20 requires macOS 11. For the BSDs it is the version that zig uses by default.
declare -A targets=([darwin]='aarch64-macos.11.0 x86_64-macos.11.0' [freebsd]=x86_64-freebsd [openbsd]=x86_64-openbsd
  [netbsd]=x86_64-netbsd)

# The names to misspell: a structure member and a function that each system's code uses.
declare -A members=([darwin]=ri_phys_footprint [freebsd]=ki_rssize [openbsd]=p_vm_rssize [netbsd]=p_vm_rssize)
declare -A functions=([darwin]=proc_pid_rusage [freebsd]=sysctlnametomib [openbsd]=sysctl [netbsd]=sysctl)

fail() {
  echo "check-platforms: $*" >&2
  return 1
}

is_macos() { [[ $1 == *-macos* ]]; }

# zig_cc TARGET ARGUMENT...
zig_cc() { "$zig" cc -target "$@"; }

# undefined TARGET FILE: its undefined symbols, spelled as in C.
undefined() {
  if is_macos "$1"; then
    llvm-nm --undefined-only --format=just-symbols "$2" | sed 's/^_//'
  else
    nm --undefined-only --format=posix "$2" | sed 's/[@ ].*//'
  fi | sort -u
}

# The symbols that the program that loads the addon provides: Node-API, and the C++ library, which zig would first have
# to build for each system; the addon uses little more of it than its headers.
host_names() {
  {
    node -p "
      Object.values(require('node-api-headers').symbols)
        .flatMap((version) => [...version.js_native_api_symbols, ...version.node_api_symbols])
        .join('\n')
    "
    undefined "$1" "$2/objects/binding.o" | grep -E '^(_Z|__cxa_|__gxx_)'
  } | sort -u
}

# A library that stands in for these when the addon is linked.
host_library() {
  local target=$1 folder=$2
  host_names "$target" "$folder" >"$folder/host-names"
  sed 's/.*/void &(void);\nvoid &(void) {}/' "$folder/host-names" >"$folder/host.c"
  zig_cc "$target" -w -fno-stack-protector -shared -fPIC "$folder/host.c" -o "$folder/libhost.so"
  # On OpenBSD each library has its own stack guard, from a file that zig does not have.
  if [[ $target == *-openbsd ]]; then
    echo '__attribute__((section(".openbsd.randomdata"), visibility("hidden"))) long __guard_local;' >"$folder/guard.c"
    zig_cc "$target" -fPIC -c "$folder/guard.c" -o "$folder/objects/guard.o"
  fi
}

# link TARGET FOLDER FLAG...
link() {
  local target=$1 folder=$2
  shift 2
  zig_cc "$target" -shared "$@" "$folder"/objects/*.o "$folder/libhost.so" -o "$folder/process_memory_info.node"
}

# Fails on undefined symbols. For macOS the linker always does, for the others on request.
link_strictly() {
  local -a strict=("-Wl,--no-undefined")
  ! is_macos "$1" || strict=()
  link "$1" "$2" "${strict[@]}"
}

# The symbols that the linked addon takes from the system.
from_system() { comm -23 <(undefined "$1" "$2/process_memory_info.node") "$2/host-names"; }

# libSystem.tbd lists the symbols of the libraries of macOS. Fails if the addon uses one that is not listed.
known_to_macos() {
  local arch=x86_64 libraries unknown
  libraries=$("$zig" env | sed -n 's/.*\.lib_dir = "\(.*\)".*/\1/p')/libc/darwin/libSystem.tbd
  [[ $1 != aarch64-* ]] || arch=arm64
  unknown=$(comm -23 <(from_system "$1" "$2") <(node scripts/tbd-exports.js "$libraries" $arch | sed 's/^_//' | sort -u))
  [ -z "$unknown" ] || fail "macOS has no ${unknown//$'\n'/, }"
}

check() {
  local target=$1 folder=$out/$1 names
  rm -rf "$folder"
  compile "$folder/objects" "$zig cc -target $target -fPIC" "$zig c++ -target $target -fPIC"
  host_library "$target" "$folder"
  link_strictly "$target" "$folder"
  ! is_macos "$target" || known_to_macos "$target" "$folder"
  names=$(from_system "$target" "$folder")
  echo "$target: compiles and links; takes from the system: ${names//$'\n'/ }"
}

# must_fail NAME COMMAND...: the command must fail, and its output must contain the name.
must_fail() {
  local name=$1
  shift
  if "$@" >"$out/must-fail.log" 2>&1; then
    fail "$name was not noticed"
  elif ! grep -Fq "$name" "$out/must-fail.log"; then
    cat "$out/must-fail.log" >&2
    fail "the command failed, but not because of $name"
  fi
}

# misspell NAME FOLLOWED-BY: copies the sources with the name misspelled, and prints the files that contain it.
misspell() {
  local source
  rm -rf "$out/misspelled"
  mkdir -p "$out/misspelled"
  cp -r src "$out/misspelled"
  for source in "${c_sources[@]}"; do
    sed -i "s/\b$1\($2\)/$1_misspelled\1/g" "$out/misspelled/$source"
    cmp -s "$source" "$out/misspelled/$source" || echo "$source"
  done
}

self_test() {
  local platform=$1 target=$2 folder=$out/$2 source sources
  local member=${members[$platform]} function=${functions[$platform]}

  sources=$(misspell "$member" '\b')
  [ -n "$sources" ] || fail "no source of $platform has $member"
  for source in $sources; do
    must_fail "${member}_misspelled" zig_cc "$target" "${c_flags[@]}" -c "$out/misspelled/$source" -o "$out/misspelled.o"
  done

  sources=$(misspell "$function" '([^0-9]') # but not a reference to the manual, such as sysctl(2)
  [ -n "$sources" ] || fail "no source of $platform has $function"
  for source in $sources; do
    must_fail "${function}_misspelled" zig_cc "$target" "${c_flags[@]}" -c "$out/misspelled/$source" -o "$out/misspelled.o"
    # Compiles as if a header declared it.
    zig_cc "$target" "${c_flags[@]}" -Wno-implicit-function-declaration -fPIC -c "$out/misspelled/$source" \
      -o "$folder/objects/$(tr / - <<<"${source%.c}").o"
  done
  must_fail "${function}_misspelled" link_strictly "$target" "$folder"
  if is_macos "$target"; then
    link "$target" "$folder" -Wl,-undefined,dynamic_lookup
    must_fail "${function}_misspelled" known_to_macos "$target" "$folder"
  fi
  echo "$target: ${member}_misspelled and ${function}_misspelled are noticed"
}

# No package has libperfstat of AIX: the tests' replacement is used.
check_with_host() {
  local source
  for source in "${c_sources[@]}"; do
    gcc "${c_flags[@]}" -D_GNU_SOURCE -Itest/c/record/headers/aix -fsyntax-only "$source"
  done
  echo "$1: compiles on this machine, with its headers"
}

every_source_is_named
need llvm
need_zig
mkdir -p "$out"
[ $# -gt 0 ] || set -- darwin freebsd openbsd netbsd sunos aix
for platform in "$@"; do
  [ -d "src/$platform" ] || fail "there is no src/$platform"
  mapfile -t c_sources < <(scripts/core-sources.py "$platform")
  [ -n "${targets[$platform]-}" ] || check_with_host "$platform"
  for target in ${targets[$platform]-}; do
    check "$target"
    self_test "$platform" "$target"
  done
done
