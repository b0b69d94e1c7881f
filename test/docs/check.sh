#!/usr/bin/env bash
# Checks the documentation: spelling, Markdown, line width, and links and anchors within the repository.
# words.txt has words that are in no dictionary.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools=test/docs/node_modules/.bin
mapfile -t pages < <(git ls-files '*.md')

[ -d test/docs/node_modules ] || npm ci --silent --prefix test/docs
"$tools/cspell" --no-progress --no-summary --config test/docs/cspell.json "${pages[@]}" index.d.ts 'lib/**/*.d.ts'
"$tools/markdownlint-cli2" --config test/docs/.markdownlint-cli2.jsonc "${pages[@]}" 2>&1
"$tools/remark" --no-stdout --quiet --frail --no-config --rc-path test/docs/.remarkrc.json "${pages[@]}"
