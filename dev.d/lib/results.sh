# What the rungs found, one line each in a file: RUNG, passed|unsteady|failed|skipped, NAME, WHY, seconds, separated by tabs. Sourced.
RESULTS=$(mktemp)
declare -A TOOK=()

result() {
  local IFS=$'\t'
  printf '%s\n' "$*" >>"$RESULTS"
}

# not_run RUNG WHY: a failure in CI, where every rung should run.
not_run() {
  say "dev: $1 not run: $2"
  if [[ ${CI:-} == true ]]; then
    result "$1" failed "rung $1" "should have run, but $2"
  else
    result "$1" 'not run' "rung $1" "$2"
  fi
}

# timed RUNG COMMAND…: adds the command's seconds to the rung's.
timed() {
  local rung=$1 start=$SECONDS code=0
  shift
  "$@" || code=$?
  TOOK[$rung]=$((${TOOK[$rung]:-0} + SECONDS - start))
  return $code
}

# seconds RUNG: of its tests, without the time that building took.
seconds() { awk -F'\t' -v rung="$1" -v sum="${TOOK[$1]:-0}" '$1 == rung { sum += $5 } END { printf "%.0f", sum }' "$RESULTS"; }

count() { awk -F'\t' -v rung="$1" -v kind="$2" '$1 ~ rung && $2 == kind { n++ } END { print n + 0 }' "$RESULTS"; }

tally() {
  local passed unsteady failed skipped
  unsteady=$(count "$1" unsteady) failed=$(count "$1" failed) skipped=$(count "$1" skipped)
  passed=$(($(count "$1" passed) + unsteady))
  printf '%s passed, %s failed' "$passed" "$failed"
  ((unsteady == 0)) || printf ', %s unsteady' "$unsteady"
  ((skipped == 0)) || printf ', %s skipped' "$skipped"
}

# summary RUNG…: every failure, skip and unsteady test by name, a line per rung, the sum alone on the last line; fails if anything did.
summary() {
  local rung why bad=0
  for rung in "$@"; do
    grep -q "^$rung"$'\t' "$RESULTS" || not_run "$rung" "no test of it was found"
  done
  awk -F'\t' '$2 != "passed" && $2 != "not run" { printf "%s: %s: %s%s\n", $2, $1, $3, $4 == "" ? "" : ": " $4 }' "$RESULTS"
  for rung in "$@"; do
    why=$(awk -F'\t' -v rung="$rung" '$1 == rung && $2 == "not run" { print $4 }' "$RESULTS")
    if [[ -n $why ]]; then
      printf '%-8s not run: %s\n' "$rung" "$why"
    else
      printf '%-8s %s (%s s)\n' "$rung" "$(tally "^$rung\$")" "$(seconds "$rung")"
    fi
  done
  (($(count . failed) == 0)) || bad=1
  [[ ${CI:-} != true ]] || (($(count . skipped) == 0)) || bad=1
  (($(count . passed) > 0)) || bad=1
  tally .
  echo
  rm -f "$RESULTS"
  return $bad
}
