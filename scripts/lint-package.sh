#!/usr/bin/env bash
# Checks package.json and the typings for every way to import the package. `exports` names the prebuilt binaries, which
# a clone does not have: an empty file stands in for them.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ ! -d prebuilds ]; then
  trap 'rm -r prebuilds' EXIT
  mkdir prebuilds
  : >prebuilds/stand-in.node
fi
publint --strict
attw --pack .
