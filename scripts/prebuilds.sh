#!/usr/bin/env bash
# Cross-builds the addon for every system that the package ships a binary for, into prebuilds/, where node-gyp-build
# looks for it, and checks what each binary asks for.
#
#   scripts/prebuilds.sh [--check] [TARGET...]
#
# --check builds all of them once more, from a copy of the sources under another path, and compares byte by byte.
# Without a target it builds all whose platform has a folder in src/; one without a folder is passed over, or, with
# PMI_RELEASE=1, an error.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/tools.sh
source scripts/tools.sh

# The name of each target, as node-gyp-build has it, and the compiler's. Versions of glibc: the oldest that the
# compiler has for that processor.
declare -A triples=(
  [linux-x64.glibc]=x86_64-linux-gnu.2.17
  [linux-x64.musl]=x86_64-linux-musl
  [linux-arm64.glibc]=aarch64-linux-gnu.2.17
  [linux-arm64.musl]=aarch64-linux-musl
  [linux-arm.armv7.glibc]=arm-linux-gnueabihf.2.17
  [linux-arm.armv7.musl]=arm-linux-musleabihf
  [linux-riscv64.glibc]=riscv64-linux-gnu.2.27
  [linux-riscv64.musl]=riscv64-linux-musl
  [win32-x64]=x86_64-windows-gnu
  [win32-arm64]=aarch64-windows-gnu
  [win32-ia32]=x86-windows-gnu
  [darwin-x64]=x86_64-macos.11.0
  [darwin-arm64]=aarch64-macos.11.0
  [freebsd-x64]=x86_64-freebsd
)

check=0
if [ "${1-}" = --check ]; then
  check=1
  shift
fi
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  mapfile -t targets < <(printf '%s\n' "${!triples[@]}" | sort)
fi

fail() {
  echo "prebuilds: $*" >&2
  exit 1
}

[ -d node_modules/node-api-headers ] || npm ci
need_zig
export ZIG_GLOBAL_CACHE_DIR=${ZIG_GLOBAL_CACHE_DIR:-$PWD/build/zig-cache}
export ZIG_LOCAL_CACHE_DIR=$ZIG_GLOBAL_CACHE_DIR

# As binding.gyp has them, and such that no path of this machine and no time gets into a binary.
defines=(-DNAPI_VERSION=8 -DNODE_ADDON_API_DISABLE_DEPRECATED -DNODE_ADDON_API_DISABLE_CPP_EXCEPTIONS
  -DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS -DNODE_API_NO_EXTERNAL_BUFFERS_ALLOWED -DBUILDING_NODE_EXTENSION)
headers=$(node -p "path.relative('.', require('node-api-headers').include_dir)")
addon_api=$(node -p "path.relative('.', require('node-addon-api').include_dir)")
flags=(-O2 -g0 -fvisibility=hidden -ffunction-sections -fdata-sections -fno-ident -Wall -Wextra -Werror)
c_flags=(-std=c11 -Wshadow -Wconversion)
cc_flags=(-std=c++17 -fno-exceptions -fno-rtti -fno-threadsafe-statics -fvisibility-inlines-hidden
  -Wno-nullability-completeness "${defines[@]}" -isystem "$headers" -isystem "$addon_api" -Isrc)

# What is particular to a platform: `target_flags` to compile, `link_flags` to link, `extra` C sources.
# shellcheck disable=SC2054 # the commas are the linker's
settings() {
  target_flags=(-target "${triples[$1]}")
  link_flags=(-shared -s -Wl,--gc-sections)
  extra=()
  case $1 in
    linux-*)
      target_flags+=(-fPIC -D_GNU_SOURCE)
      link_flags+=(-Wl,-z,relro,-z,now,-z,nodelete -Wl,--version-script=scripts/prebuilds/exports.map)
      ;;&
    linux-*.glibc) link_flags+=(-lpthread) ;;&
    # What Node.js itself asks of such a processor, and not NEON.
    linux-arm.*) target_flags+=(-mcpu=generic+v7a+vfp3d16-neon-vfp3-d32) ;;
    freebsd-*)
      target_flags+=(-fPIC)
      link_flags+=(-Wl,-z,relro,-z,now,-z,nodelete -Wl,--version-script=scripts/prebuilds/exports.map)
      ;;
    darwin-*)
      link_flags=(-shared -s -Wl,-undefined,dynamic_lookup -Wl,-dead_strip)
      ;;
    win32-*)
      link_flags+=(-lntdll "-Wl,--out-implib,$2/unused.lib")
      extra=(scripts/prebuilds/win32-host.c)
      ;;
  esac
}

# build TARGET FOLDER-FOR-OBJECTS BINARY
build() {
  local target=$1 objects=$2 binary=$3 platform=${1%%-*} source
  local -a target_flags link_flags extra c_sources
  settings "$target" "$objects"
  mapfile -t c_sources < <(python3 scripts/core-sources.py "$platform")
  rm -rf "$objects"
  mkdir -p "$objects" "$(dirname "$binary")"
  local map=-ffile-prefix-map=$PWD=.
  for source in src/binding.cc scripts/prebuilds/runtime.cc; do
    "$zig" c++ "${target_flags[@]}" "${flags[@]}" "${cc_flags[@]}" "$map" -c "$source" \
      -o "$objects/$(basename "$source" .cc).o"
  done
  if [ "$platform" = win32 ]; then
    grep -aEo '__imp__?(napi|node_api)_[a-z0-9_]+' "$objects/binding.o" | sed -E 's/__imp__?(n.*)/FUNCTION(\1)/' |
      sort -u >"$objects/node-api-used.h"
  fi
  "$zig" cc "${target_flags[@]}" "${flags[@]}" "${c_flags[@]}" "$map" "-I$objects" "${c_sources[@]}" "${extra[@]}" \
    "$objects/binding.o" "$objects/runtime.o" "${link_flags[@]}" -o "$binary"
}

# prebuilds/linux-x64/process-memory-info.glibc.node for linux-x64.glibc
place() {
  local tags=""
  [[ $1 != *.* ]] || tags=.${1#*.}
  echo "prebuilds/${1%%.*}/process-memory-info$tags.node"
}

# What an earlier run left of targets that are gone would be packed, too.
[ $# -gt 0 ] || rm -rf prebuilds

passed_over=()
built=()
for target in "${targets[@]}"; do
  [ -n "${triples[$target]-}" ] || fail "no such target: $target; there are: $(printf '%s\n' "${!triples[@]}" | sort | xargs)"
  if [ ! -d "src/${target%%-*}" ]; then
    passed_over+=("$target")
    continue
  fi
  build "$target" "build/prebuild/$target" "$(place "$target")"
  built+=("$target")
done

if [ ${#passed_over[@]} -gt 0 ]; then
  echo "prebuilds: no code yet for ${passed_over[*]}" >&2
  [ "${PMI_RELEASE-}" != 1 ] || fail "a release has them all"
fi

node scripts/prebuilds/check.js prebuilds

if [ "$check" -eq 1 ]; then
  copy=$(mktemp -d)
  trap 'rm -rf "$copy"' EXIT
  cp -r package.json core.gypi src scripts "$copy"
  ln -s "$PWD/node_modules" "$copy/node_modules"
  "$copy/scripts/prebuilds.sh" "${built[@]}" >/dev/null
  for target in "${built[@]}"; do
    cmp "$(place "$target")" "$copy/$(place "$target")" || fail "$target came out differently the second time"
  done
  echo "reproducible: ${#built[@]} binaries, built twice under different paths, are the same byte by byte"
fi
