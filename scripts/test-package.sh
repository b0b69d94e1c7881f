#!/usr/bin/env bash
# Tests the published package: builds every binary, packs, installs the tarball into empty projects without a compiler
# on the PATH, and runs it in each runtime. Needs Linux x64; as root it installs the Debian packages that it needs.
# Everything else is in test/package/package.json.
#
# With --prebuilt it uses the existing binaries in prebuilds/.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/tools.sh
source scripts/tools.sh

root=$PWD
tools=$PWD/test/package/node_modules
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "test-package: $*" >&2
  exit 1
}

pack() {
  npm pack --json --pack-destination "$work" >"$work/pack.json"
  node - "$work/pack.json" <<'JAVASCRIPT'
const fs = require('node:fs');
const { readPacked } = require(`${process.cwd()}/scripts/read-packed`);
const { targets } = require(`${process.cwd()}/scripts/prebuilds/targets`);
const { filename, size, unpackedSize, files } = readPacked(fs.readFileSync(process.argv[2], 'utf8'));
const binaries = files.filter(({ path }) => path.endsWith('.node'));
console.log(`${filename}: ${size} bytes, ${unpackedSize} unpacked, ${files.length} files, ${binaries.length} binaries`);
if (unpackedSize > 3e6) throw new Error('larger than 3 MB');
for (const target of Object.keys(targets)) {
  if (!binaries.some(({ path }) => path === `prebuilds/${target}.node`)) throw new Error(`${target} is missing`);
}
JAVASCRIPT
  tarball=$(echo "$work"/process-memory-info-*.tgz)
}

# A PATH with the programs that npm, pnpm and yarn start, and no compiler.
bare_path() {
  local name
  mkdir "$work/bin"
  # npm 12 does not take Node.js 20.
  ln -s "$tools/node24/bin/node" "$work/bin/node"
  for name in sh env uname sed dirname basename cat ls tar gzip; do
    ln -s "$(command -v "$name")" "$work/bin/$name"
  done
  for name in cc gcc clang g++ c++ make python python3 node-gyp; do
    if PATH=$work/bin command -v "$name" >/dev/null; then fail "$name is on the PATH"; fi
  done
}

# bare COMMAND...: runs it with that PATH, and without npm's environment variables.
bare() {
  local name
  local -a without=()
  for name in $(compgen -e | grep -i '^npm_'); do without+=(-u "$name"); done
  env "${without[@]}" PATH="$work/bin" "$@"
}

# project NAME: creates an empty project and enters it.
project() {
  mkdir "$work/$1"
  cd "$work/$1"
  echo '{ "name": "dependent", "version": "1.0.0", "private": true }' >package.json
}

# installed NAME: checks that no script was run, that there was no warning, and that the package works.
installed() {
  local name=$1
  # The user's configuration may have names that npm does not know; the package is not to blame for that.
  if grep -v 'Unknown user config' "$work/$name.log" | grep -iE 'warn|deprecat|script|node-gyp|gyp '; then
    fail "$name printed the lines above"
  fi
  [ ! -e node_modules/process-memory-info/build ] || fail "$name has built the addon"
  bare node -e "console.log('$name: ' + JSON.stringify(require('process-memory-info').getMemoryInfo()))"
  cd "$root"
}

npm_installs() {
  local npm=$1 version=$tools/$1/bin/npm-cli.js
  project "$npm-install"
  bare node "$version" install --foreground-scripts --cache "$work/cache" "$tarball" >"$work/$npm-install.log" 2>&1
  installed "$npm-install"

  project "$npm-ci"
  cp "$work/$npm-install/package.json" "$work/$npm-install/package-lock.json" .
  bare node "$version" ci --foreground-scripts --cache "$work/cache" >"$work/$npm-ci.log" 2>&1
  installed "$npm-ci"
}

pnpm_installs() {
  project pnpm
  bare node "$tools/pnpm/bin/pnpm.mjs" add --store-dir "$work/pnpm-store" "$tarball" >"$work/pnpm.log" 2>&1
  installed pnpm
}

# By default yarn keeps packages in archives; every runtime finds them in node_modules.
yarn_installs() {
  project yarn
  echo 'nodeLinker: node-modules' >.yarnrc.yml
  touch yarn.lock
  bare env YARN_CACHE_FOLDER="$work/yarn-cache" YARN_ENABLE_TELEMETRY=0 \
    node "$tools/yarn/bin/yarn.js" add "process-memory-info@file:$tarball" >"$work/yarn.log" 2>&1
  installed yarn
}

# smoke NAME COMMAND...: runs smoke.js in a project where npm has installed the package.
smoke() {
  local name=$1
  shift
  timeout 120 "$@" smoke.js "$name" || fail "$name failed"
}

runtimes() {
  local version node
  cd "$work/npm12-ci"
  cp "$root"/test/package/{smoke,examples}.js .
  for version in 20 22 24 26; do
    node=$tools/node$version/bin/node
    smoke "Node.js $("$node" --version)" "$node"
    "$node" examples.js "$node"
    permission "$node"
  done
  local bun=$tools/@oven/bun-linux-x64/bin/bun deno=$tools/@deno/linux-x64-glibc/deno
  smoke "Bun $("$bun" --version)" "$bun"
  node examples.js "$bun"
  # Deno requires the project's type.
  echo '{ "type": "commonjs" }' >package.json
  smoke "$("$deno" --version | head -n 1)" "$deno" run --quiet --allow-all
  node examples.js "$deno" run --quiet --allow-all
  musl
  arm64
  cd "$root"
}

permission() {
  local flag=--permission status=0
  "$1" --help | grep -q -- ' --permission ' || flag=--experimental-permission
  "$1" "$flag" --allow-fs-read='*' -e "require('process-memory-info')" 2>"$work/permission.log" || status=$?
  [ "$status" -ne 0 ] || fail "$flag let the addon in"
  grep -qe '--permission also requires --allow-addons' "$work/permission.log" || fail "$flag: $(cat "$work/permission.log")"
  "$1" --no-warnings "$flag" --allow-fs-read='*' --allow-addons \
    -p "'  and with $flag --allow-addons: ' + require('process-memory-info').getMemoryInfo().workingSetSize"
}

musl() {
  local libraries=$work/musl bun=$tools/@oven/bun-linux-x64-musl/bin/bun
  (cd "$root" && musl_libraries "$libraries")
  smoke "Bun $("$tools/@oven/bun-linux-x64/bin/bun" --version) with musl" env LD_LIBRARY_PATH="$libraries" "$bun"
  # shellcheck disable=SC2016
  LD_LIBRARY_PATH=$libraries "$bun" -e 'require("process-memory-info");
    const [file] = /\S+process-memory-info\S*\.node$/m.exec(require("fs").readFileSync("/proc/self/maps", "utf8"));
    if (!file.endsWith("-musl.node")) throw new Error(file);'
}

arm64() {
  local node=$tools/node22-arm64/bin/node
  smoke 'Node.js 22 for arm64, emulated' env QEMU_LD_PREFIX=/usr/aarch64-linux-gnu qemu-aarch64 "$node"
}

# The oldest TypeScript that the README names and the newest, with each module resolution. The entries for exporters
# need the typings of the libraries that they are for.
typings() {
  local typescript how
  project typings
  mkdir node_modules
  cp -r "$work/npm12-ci/node_modules/process-memory-info" node_modules
  ln -s "$root"/node_modules/{@opentelemetry,prom-client} node_modules
  cp "$root"/test/package/{typings.ts,tsconfig.json} .
  for typescript in typescript5.2 typescript; do
    for how in node16/node16 esnext/bundler; do
      node "$tools/$typescript/bin/tsc" --module "${how%/*}" --moduleResolution "${how#*/}" || fail "$typescript, $how"
    done
    echo "TypeScript $(node "$tools/$typescript/bin/tsc" --version | cut -d " " -f 2): the typings hold"
  done
  cd "$root"
}

# The recipes of docs/packaging.md.
recipes() {
  node test/package/recipes.js "$tarball"
}

# Without a binary: checks the error, and that the package works after the command that it names.
from_source() {
  project from-source
  npm install --silent --ignore-scripts "$tarball"
  rm -r node_modules/process-memory-info/prebuilds
  if node -e "require('process-memory-info')" 2>"$work/missing.log"; then fail 'it works without a binary'; fi
  grep -q "no binary for linux-x64: run 'npx --no process-memory-info-build'" "$work/missing.log" || fail "$(cat "$work/missing.log")"
  npx --no process-memory-info-build >"$work/source.log" 2>&1 || fail "$(cat "$work/source.log")"
  node -e "console.log('from source: ' + JSON.stringify(require('process-memory-info').getMemoryInfo()))"
  npx memory-info --tree
  cd "$root"
}

need qemu-user libc6-arm64-cross libstdc++6-arm64-cross libatomic1-arm64-cross
# The tools are installed while the binaries are built. Some of the runtimes are for other systems, which npm installs
# only with --force. There is no lock file: users have the newest release of each major version.
install_tools() {
  local -a options=(--no-package-lock --ignore-scripts --loglevel=error --no-audit --no-fund)
  [ -d "$tools/node20" ] || npm install --prefix test/package --force "${options[@]}"
  [ -d test/package/recipes/node_modules ] || npm install --prefix test/package/recipes "${options[@]}"
}
install_tools &
installation=$!
if [ "${1-}" = --prebuilt ]; then
  node scripts/prebuilds/check.js prebuilds
else
  scripts/prebuilds.sh
  # One of each format; the release workflow compares all.
  scripts/prebuilds.sh --check darwin-arm64 linux-x64-glibc win32-x64
fi
wait "$installation" || fail 'the tools were not installed'
pack
bare_path
for npm in npm11 npm12; do npm_installs "$npm"; done
pnpm_installs
yarn_installs
runtimes
typings
recipes
from_source
echo 'test-package: everything works'
