# Sourced by the scripts that run some of the mocha tests: what they run is in `arguments`, those of mocha. The current
# folder of mocha must be the repository, or a copy.
# shellcheck shell=bash

timeout=60000 # milliseconds for one test

# select_files FILE...: selects the tests of these files; none is left out yet.
select_files() {
  arguments=(--no-color --no-config --require ./test/helpers/cleanup.js --timeout "$timeout" "$@")
  left_out=()
}

# select_suites NAME...: those of test/NAME.test.js.
select_suites() {
  local -a files=("${@/#/test/}")
  select_files "${files[@]/%/.test.js}"
}

# without REASON TITLE...: leaves out the tests whose full titles match one of these regular expressions.
without() {
  local reason=$1 title
  shift
  for title in "$@"; do
    echo "left out, because $reason: $title"
    left_out+=("$title")
  done
}

# After the last `without`.
leave_out() {
  [ ${#left_out[@]} -eq 0 ] || arguments+=(--invert --grep "$(IFS='|' && echo "${left_out[*]}")")
}
