#!/usr/bin/env bash
# Cross-builds the addon for Windows and tests it in Wine with real builds of node.exe: each version below, then one
# that is renamed to electron.exe; then compares the figures with those that Linux reports for the same process.
# Installs Debian packages if it is root, and everything else under build/. The host's own build is not touched.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/tools.sh
source scripts/tools.sh
# shellcheck source=scripts/wine.sh
source scripts/wine.sh

# Node.js 24 and later need functions that Wine 8 lacks.
versions=(20 22)
# Without those that are about Linux (edges, linux, permissions, resources, tree), and without docs.
suites=(contract arguments properties robustness results promises system cli handle counters footprint limit windows run-job run-private-peaks)
run=$PWD/build/win32-run
# Copies the package, with the Windows binary as the local build. Modules are found in a parent folder.
assemble() {
  rm -rf "$run"
  mkdir -p "$run/build/Release" "$logs"
  cp -r package.json index.d.ts lib bin test "$run"
  cp build/win32-x64/process_memory_info.node "$run/build/Release"
}

# suite NAME EXE FILE...: runs tests. All must pass, and at least one must run.
suite() {
  local name=$1 exe=$2 status=0
  shift 2
  echo "--- $name"
  (cd "$run" && in_wine 600 "$name" "$exe" ../../node_modules/mocha/bin/mocha.js --no-color --no-config \
    --require ./test/helpers/cleanup.js --timeout 60000 "$@") || status=$?
  cat "$logs/$name.out"
  if [ "$status" -ne 0 ] || ! grep -Eq '^ +[1-9][0-9]* passing' "$logs/$name.out"; then
    tail -n 50 "$logs/$name.err" >&2
    echo "test-win32: $name failed, with status $status (124: it took too long)" >&2
    failed=1
  fi
  stop_wine # also ends processes that a hanging test left behind
}

need wine wine64
[ -d node_modules/mocha ] || npm ci
scripts/build-win32.sh
assemble
trap stop_wine EXIT
prefix

echo "--- the core, in plain C"
timeout --kill-after=10 300 make -s -C test/c wine

files=("${suites[@]/#/test/}")
files=("${files[@]/%/.test.js}")

failed=0
for version in "${versions[@]}"; do
  exe=$(node_exe "$version")
  in_wine 60 version "$exe" --version
  suite "node-$(tr -d '\r\n' <"$logs/version.out")" "$exe" "${files[@]}"
done

# The addon imports Node-API from node.exe; here the program has another name.
mkdir -p build/win32-node/renamed
cp "$exe" build/win32-node/renamed/electron.exe
suite electron.exe "$PWD/build/win32-node/renamed/electron.exe" test/contract.test.js

echo "--- comparison with Linux"
timeout --kill-after=10 120 node scripts/compare-win32-rss.js "$exe" "$run" || failed=1

exit "$failed"
