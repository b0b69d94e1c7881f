#!/usr/bin/env bash
# Tests the prebuilt binary for this system, in a copy of the package without a local build. Expects prebuilds/, which
# scripts/prebuilds.sh makes.
set -euo pipefail
cd "$(dirname "$0")/.."

suites=(contract results arguments handle promises trees counters system)
run=build/prebuilt-run

make -s -C test/c fixture
rm -rf "$run"
mkdir -p "$run/build"
cp build/fixture "$run/build"
cp -r package.json index.d.ts lib bin test prebuilds "$run"
cd "$run"
files=("${suites[@]/#/test/}")
node ../../node_modules/mocha/bin/mocha.js --no-config --require ./test/helpers/cleanup.js --timeout 60000 \
  "${files[@]/%/.test.js}"
