#!/usr/bin/env bash
# Whether package.json and the typings are right for every way to import the package. A clone has no prebuilt binaries,
# and `exports` names them: an empty file stands in for them.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ ! -d prebuilds ]; then
  trap 'rm -r prebuilds' EXIT
  mkdir prebuilds
  : >prebuilds/stand-in.node
fi
publint --strict
attw --pack .
