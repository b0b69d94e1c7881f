#!/usr/bin/env bash
# Compiles and links the addon for systems that cannot be run here, and runs nothing: macOS, FreeBSD, OpenBSD and NetBSD
# against their own headers and the names in their own libraries, which the compiler zig brings. It brings none for
# SunOS and AIX: these are compiled by this machine's compiler, with its headers.
#
# A member that a structure does not have fails to compile, a function that the system does not have fails to link. To
# show that they do, one of each is then misspelt on purpose, for each system.
#
#   scripts/check-platforms.sh [PLATFORM...]    darwin, freebsd, openbsd, netbsd, sunos, aix; by default all of them
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/cross.sh
source scripts/cross.sh
out=build/platforms

# Node.js 20 asks for macOS 11. Of the BSDs the version is the one that zig takes by itself.
declare -A targets=([darwin]='aarch64-macos.11.0 x86_64-macos.11.0' [freebsd]=x86_64-freebsd [openbsd]=x86_64-openbsd
  [netbsd]=x86_64-netbsd)

# What is misspelt: a member of a structure, and a function, that the system's folder takes from the system.
declare -A members=([darwin]=ri_phys_footprint [freebsd]=ki_rssize [openbsd]=p_vm_rssize [netbsd]=p_vm_rssize)
declare -A functions=([darwin]=proc_pid_rusage [freebsd]=sysctlnametomib [openbsd]=sysctl [netbsd]=sysctl)

fail() {
  echo "check-platforms: $*" >&2
  return 1
}

is_macos() { [[ $1 == *-macos* ]]; }

# zig_cc TARGET ARGUMENT...
zig_cc() { "$zig" cc -target "$@"; }

# undefined TARGET FILE: the names that it takes from elsewhere, as C has them.
undefined() {
  if is_macos "$1"; then
    llvm-nm --undefined-only --format=just-symbols "$2" | sed 's/^_//'
  else
    nm --undefined-only --format=posix "$2" | sed 's/[@ ].*//'
  fi | sort -u
}

# Those that whatever loads the addon has: Node-API, and the library of C++, which zig would have to build for each
# system first. The addon has the names of the latter from its headers only.
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

# What stands in for all that when the addon is linked.
host_library() {
  local target=$1 folder=$2
  host_names "$target" "$folder" >"$folder/host-names"
  sed 's/.*/void &(void);\nvoid &(void) {}/' "$folder/host-names" >"$folder/host.c"
  zig_cc "$target" -w -fno-stack-protector -shared -fPIC "$folder/host.c" -o "$folder/libhost.so"
  # On OpenBSD each library has a number of its own to guard its stacks with, from a file that zig does not have.
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

# A name that nobody has is an error: for macOS always, for the others on request.
link_strictly() {
  local -a strict=("-Wl,--no-undefined")
  ! is_macos "$1" || strict=()
  link "$1" "$2" "${strict[@]}"
}

# What the linked addon takes from the system.
from_system() { comm -23 <(undefined "$1" "$2/process_memory_info.node") "$2/host-names"; }

# macOS lists what its libraries have, in libSystem.tbd. Fails if the addon takes another name.
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

# must_fail NAME COMMAND...: and it has to say that it is because of the name.
must_fail() {
  local name=$1
  shift
  if "$@" >"$out/must-fail.log" 2>&1; then
    fail "nobody noticed $name"
  elif ! grep -Fq "$name" "$out/must-fail.log"; then
    cat "$out/must-fail.log" >&2
    fail "this was to be about $name"
  fi
}

# misspell NAME FOLLOWED-BY: makes a copy of the sources with another name, and prints which files have it.
misspell() {
  local source
  rm -rf "$out/misspelt"
  mkdir -p "$out/misspelt"
  cp -r src "$out/misspelt"
  for source in "${c_sources[@]}"; do
    sed -i "s/\b$1\($2\)/$1_misspelt\1/g" "$out/misspelt/$source"
    cmp -s "$source" "$out/misspelt/$source" || echo "$source"
  done
}

self_test() {
  local platform=$1 target=$2 folder=$out/$2 source sources
  local member=${members[$platform]} function=${functions[$platform]}

  sources=$(misspell "$member" '\b')
  [ -n "$sources" ] || fail "no source of $platform has $member"
  for source in $sources; do
    must_fail "${member}_misspelt" zig_cc "$target" "${c_flags[@]}" -c "$out/misspelt/$source" -o "$out/misspelt.o"
  done

  sources=$(misspell "$function" '([^0-9]') # and not a page of the manual, such as sysctl(2)
  [ -n "$sources" ] || fail "no source of $platform has $function"
  for source in $sources; do
    must_fail "${function}_misspelt" zig_cc "$target" "${c_flags[@]}" -c "$out/misspelt/$source" -o "$out/misspelt.o"
    # As if a header had declared it.
    zig_cc "$target" "${c_flags[@]}" -Wno-implicit-function-declaration -fPIC -c "$out/misspelt/$source" \
      -o "$folder/objects/$(tr / - <<<"${source%.c}").o"
  done
  must_fail "${function}_misspelt" link_strictly "$target" "$folder"
  if is_macos "$target"; then
    link "$target" "$folder" -Wl,-undefined,dynamic_lookup
    must_fail "${function}_misspelt" known_to_macos "$target" "$folder"
  fi
  echo "$target: ${member}_misspelt and ${function}_misspelt are noticed"
}

# With the stand-in that the tests have for AIX's libperfstat, which no package has.
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
