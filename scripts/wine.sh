# Sourced by the scripts that run Windows programs: Wine with its own prefix, and Node.js for Windows. All files are
# kept under build/; the output of a program is in $logs. The current folder must be the repository.
# shellcheck shell=bash

wine=(wine)
wineserver=(wineserver)
logs=$PWD/build/win32-logs
export WINEPREFIX=$PWD/build/win32-prefix WINEDEBUG=-all
# Otherwise Wine offers to install its .NET and its browser, in a window.
export WINEDLLOVERRIDES="mscoree,mshtml="
unset DISPLAY

# in_wine SECONDS NAME ARGUMENT...: runs a Windows program with files instead of pipes for its output, which are
# build/win32-logs/NAME.out and .err. Messages of Wine itself are in the latter.
in_wine() {
  local seconds=$1 name=$2
  shift 2
  timeout --kill-after=10 "$seconds" "${wine[@]}" "$@" </dev/null >"$logs/$name.out" 2>"$logs/$name.err"
}

# shellcheck disable=SC2317 # called by a trap
stop_wine() { "${wineserver[@]}" -k 2>/dev/null || true; }

prefix() {
  [ ! -f "$WINEPREFIX/ready" ] || return 0
  rm -rf "$WINEPREFIX"
  mkdir -p "$WINEPREFIX" "$logs"
  in_wine 300 wineboot wineboot -u
  in_wine 60 winecfg winecfg -v win10
  timeout 60 "${wineserver[@]}" -w
  touch "$WINEPREFIX/ready"
}
