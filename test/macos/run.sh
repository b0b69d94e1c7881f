#!/usr/bin/env bash
# Runs the mocha tests over the core for macOS, whose system calls os.c answers from Linux's /proc. It finds what the
# package, its command line and its tests take for granted on Linux, and shows nothing about macOS itself.
#
#   test/macos/run.sh [FILE...]    by default all
#
# As on a runner of GitHub, pid 1 is another user's, the temporary folder has a link in its path, and the helper
# programs in C are missing.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/mocha.sh
source scripts/mocha.sh

# In a copy, where the addon is built; modules are found in a parent folder. The times of files are kept for make.
run=$PWD/build/macos
rm -rf "$run/test"
mkdir -p "$run/private/tmp"
tar --exclude=./build --exclude=./node_modules --exclude=./.git -cf - . | tar -xf - -C "$run"
cp -p test/macos/os.c "$run/src/darwin"
ln -sfn ../../node_modules "$run/node_modules"
ln -sfn ../../.git "$run/.git"
ln -sfn private/tmp "$run/tmp"

cd "$run"
npm exec node-gyp -- configure --silent -- -Dplatform=darwin
npm exec node-gyp -- build --silent

files=("$@")
[ $# -gt 0 ] || files=(test/*.test.js)
select_files "${files[@]}"
without 'they unset NODE_OPTIONS, by which Node.js takes this system for macOS' \
  'the binary is the prebuilt one without' 'the binary is not that of another package' \
  'the binary is ignored if its exports' 'the binary causes an error'

leave_out

export TMPDIR=$run/tmp NODE_OPTIONS="--require=$run/test/macos/platform.js"
node node_modules/mocha/bin/mocha.js "${arguments[@]}"
