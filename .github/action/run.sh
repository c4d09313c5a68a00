#!/usr/bin/env bash
# Runs the parts that RULECAST_RUN names, all of them also when one fails, and ends with 1 if any did.
#
# In: RULECAST_RUN, RULECAST_RESULTS, RULECAST_BASE. Out: files in the results' directory, their paths in GITHUB_OUTPUT.
set -uo pipefail

results="$RULECAST_RESULTS"
failed=()
mkdir -p "$results"

output() { echo "$1=$2" >> "$GITHUB_OUTPUT"; }
wants() { case " $RULECAST_RUN " in *" $1 "*) true ;; *) false ;; esac; }
# The part, and the command that may fail for it.
part() {
  local name="$1"
  shift
  echo "::group::rulecast $name"
  "$@" || failed+=("$name")
  echo "::endgroup::"
}
# The whole path of a file, as the runner's system names it.
whole() {
  local path
  path="$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"
  if command -v cygpath > /dev/null; then cygpath -w "$path"; else echo "$path"; fi
}

check() {
  rulecast check --format sarif --output "$results/rulecast.sarif" 2> /dev/null
  output sarif "$(whole "$results/rulecast.sarif")"
  # Once more, as annotations of the lines: code scanning is not open to every repository.
  rulecast check --format github
}

tests() {
  rulecast test --format junit --output "$results/tests.xml" 2> /dev/null
  output junit "$(whole "$results/tests.xml")"
  rulecast test --format github
}

compare() {
  if ! git cat-file -e "$RULECAST_BASE^{commit}" 2> /dev/null; then
    echo "The commit to compare with is not here (${RULECAST_BASE:-none is named}): nothing is compared."
    return 0
  fi
  rulecast diff "$RULECAST_BASE" --merge-base --format markdown > "$results/diff.md" || return 1
  output comment "$(whole "$results/diff.md")"
  cat "$results/diff.md" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
}

if wants check; then part check check; fi
if wants test; then part test tests; fi
if wants build; then part build rulecast build --check --diff; fi
if wants lock; then part lock rulecast lock --check; fi
if wants diff; then part diff compare; fi

output failed "${failed[*]:-}"
if test ${#failed[@]} -gt 0; then
  echo "::error title=rulecast::failed: ${failed[*]}"
  exit 1
fi
