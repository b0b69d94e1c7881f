#!/usr/bin/env bash
# Cross-builds the addon for every system that the package ships a binary for, into prebuilds/, and checks the
# requirements of each binary.
#
#   scripts/prebuilds.sh [--check] [TARGET...]
#
# The targets are in scripts/prebuilds/targets.js; by default it builds all of them. --check builds them again from a
# copy of the sources under another path, and compares them byte by byte.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/cross.sh
source scripts/cross.sh

check=0
if [ "${1-}" = --check ]; then
  check=1
  shift
fi

fail() {
  echo "prebuilds: $*" >&2
  exit 1
}

declare -A triples=()
while read -r target triple; do triples[$target]=$triple; done < <(
  node -p "Object.entries(require('./scripts/prebuilds/targets').targets).map(([k, { zig }]) => k + ' ' + zig).join('\n')"
)
targets=("$@")
[ $# -gt 0 ] || mapfile -t targets < <(printf '%s\n' "${!triples[@]}" | sort)
for target in "${targets[@]}"; do
  [ -n "${triples[$target]-}" ] || fail "no such target: $target; there are: ${!triples[*]}"
done

need llvm
need_zig
export ZIG_LOCAL_CACHE_DIR=$PWD/build/zig-cache

# Binaries contain no path of this machine and no time.
release=(-g0 -ffunction-sections -fdata-sections -fno-ident -fstack-protector-strong "-ffile-prefix-map=$PWD=.")
release_cc=(-fno-rtti -fno-threadsafe-statics -Wno-nullability-completeness)

# The flags for a platform: `target_flags` to compile, `link_flags` to link.
# shellcheck disable=SC2054 # the commas are the linker's
settings() {
  target_flags=(-target "${triples[$1]}" "${release[@]}")
  link_flags=(-shared -s -Wl,--gc-sections)
  case $1 in
    linux-* | freebsd-*)
      target_flags+=(-fPIC -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64)
      link_flags+=(-Wl,-z,relro,-z,now,-z,nodelete -Wl,--build-id=sha1 -Wl,--version-script=scripts/prebuilds/exports.map)
      ;;&
    linux-*-glibc) link_flags+=(-lpthread) ;;&
    # The processor that Node.js itself requires, without NEON.
    linux-armv7-*) target_flags+=(-mcpu=generic+v7a+vfp3d16-neon-vfp3-d32) ;;
    # Room for the load command of a signature, which is added when an application is signed.
    darwin-*) link_flags=(-shared -s -Wl,-undefined,dynamic_lookup -Wl,-dead_strip -Wl,-headerpad,0x1000) ;;
    # The C library of Windows has no stack canary.
    win32-*)
      target_flags+=(-fno-stack-protector)
      link_flags+=(-lntdll "-Wl,--out-implib,$2/unused.lib")
      ;;
  esac
}

# Additional objects of the binary for Windows: the lookup of Node-API, and the version that Explorer shows.
windows_parts() {
  local objects=$1 version
  grep -aEo '__imp__?(napi|node_api)_[a-z0-9_]+' "$objects/binding.o" | sed -E 's/__imp__?(n.*)/FUNCTION(\1)/' |
    sort -u >"$objects/node-api-used.h"
  version=$(node -p "require('./package.json').version")
  sed "s/VERSION_TEXT/\"$version\"/; s/VERSION_NUMBERS/$(tr . , <<<"${version%%-*}"),0/" scripts/prebuilds/win32.rc \
    >"$objects/version.rc"
  "$zig" rc /:target "${triples[$2]%%-*}" /fo "$objects/version.res" -- "$objects/version.rc" >/dev/null
  extra=(scripts/prebuilds/win32-host.c "$objects/version.res")
}

# build TARGET FOLDER-FOR-OBJECTS BINARY
build() {
  local target=$1 objects=$2 binary=$3 platform=${1%%-*} source
  local -a target_flags link_flags c_sources extra=()
  settings "$target" "$objects"
  mapfile -t c_sources < <(python3 scripts/core-sources.py "$platform")
  rm -rf "$objects"
  mkdir -p "$(dirname "$binary")"
  mkdir -p "$objects"
  for source in src/binding.cc scripts/prebuilds/runtime.cc; do
    "$zig" c++ "${target_flags[@]}" "${release_cc[@]}" "${cc_flags[@]}" -c "$source" -o "$objects/$(basename "$source" .cc).o"
  done
  if [ "$platform" = win32 ]; then windows_parts "$objects" "$target"; fi
  "$zig" cc "${target_flags[@]}" "${c_flags[@]}" "-I$objects" "${c_sources[@]}" "${extra[@]}" "$objects/binding.o" \
    "$objects/runtime.o" "${link_flags[@]}" -o "$binary"
}

# Removes binaries of former targets, which would be packed as well.
[ $# -gt 0 ] || rm -rf prebuilds
for target in "${targets[@]}"; do
  build "$target" "build/prebuild/$target" "prebuilds/$target.node"
done
node scripts/prebuilds/check.js prebuilds

if [ "$check" -eq 1 ]; then
  copy=$(mktemp -d)
  trap 'rm -rf "$copy"' EXIT
  cp -r package.json core.gypi src scripts "$copy"
  ln -s "$PWD/node_modules" "$copy/node_modules"
  "$copy/scripts/prebuilds.sh" "${targets[@]}" >/dev/null
  for target in "${targets[@]}"; do
    cmp "prebuilds/$target.node" "$copy/prebuilds/$target.node" || fail "$target came out differently the second time"
  done
  echo "reproducible: ${#targets[@]} binaries, built twice under different paths, are the same byte by byte"
fi
