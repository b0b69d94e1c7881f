# Sourced by the scripts that compile for another system: the flags and functions to compile every file.
# shellcheck shell=bash

# shellcheck source=scripts/tools.sh
source scripts/tools.sh

[ -d node_modules/node-api-headers ] || npm ci

# As in binding.gyp.
defines=(-DNAPI_VERSION=8 -DNODE_ADDON_API_DISABLE_DEPRECATED -DNODE_ADDON_API_DISABLE_CPP_EXCEPTIONS
  -DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS -DNODE_API_NO_EXTERNAL_BUFFERS_ALLOWED -DBUILDING_NODE_EXTENSION)
warnings=(-Wall -Wextra -Werror)
flags=(-O2 -fvisibility=hidden "${defines[@]}" "${warnings[@]}")
c_flags=(-std=c11 -Wshadow -Wconversion "${flags[@]}")
headers=$(node -p "path.relative('.', require('node-api-headers').include_dir)")
cc_flags=(-std=c++17 -fno-exceptions -fvisibility-inlines-hidden "${flags[@]}" -isystem "$headers"
  -isystem "$(node -p "path.relative('.', require('node-addon-api').include_dir)")" -Isrc)

# Fails if a source is missing from core.gypi, which is maintained by hand: otherwise only users' builds would notice.
every_source_is_named() {
  local unnamed
  unnamed=$(comm -13 <(scripts/core-sources.py) <(find src -name '*.c' | sort))
  [ -z "$unnamed" ] && return
  echo "core.gypi names for no platform: ${unnamed//$'\n'/ }" >&2
  return 1
}

# compile FOLDER C-COMPILER C++-COMPILER: compiles binding.cc and each of `c_sources` to an object. The compilers may be
# several words.
compile() {
  local out=$1 source
  local -a cc cxx
  read -ra cc <<<"$2"
  read -ra cxx <<<"$3"
  mkdir -p "$out"
  rm -f "$out"/*.o
  # shellcheck disable=SC2154 # set by the script that sources this
  for source in "${c_sources[@]}"; do
    "${cc[@]}" "${c_flags[@]}" -c "$source" -o "$out/$(tr / - <<<"${source%.c}").o" || return
  done
  "${cxx[@]}" "${cc_flags[@]}" -c src/binding.cc -o "$out/binding.o"
}
