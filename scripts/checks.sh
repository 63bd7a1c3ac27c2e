# Sourced by ./test: checks with a name, a time and, where they fail, what they said.
#
#   check NAME COMMAND...    now, with its output as it comes
#   beside NAME COMMAND...   beside the others, one after the other; its output is shown where it fails
#   join                     waits for those
#   left_out WHAT            named at the end
#   summary                  a line for each check; ends with status 1 where one failed

failed=()
lines=()
omitted=()
waiting=()     # the names of the checks beside
commands=()    # a line of shell for each
logs=$(mktemp -d "${TMPDIR:-/tmp}/remit-test.XXXXXX")
pid=""

# A shell's background jobs ignore Ctrl-C: they end with it all the same.
finish() {
  ! declare -F stop_postgresql >/dev/null || stop_postgresql
  [ -z "$pid" ] || kill -- "-$pid" 2>/dev/null || true
  rm -rf "$logs"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

result() { # name, seconds, status
  local word="passed"
  [ "$3" = 0 ] || { word="FAILED"; failed+=("$1"); }
  lines+=("$(printf '%-20s %-6s %4d s' "$1" "$word" "$2")")
}

check() { # name, command
  local name=$1 status=0 from=$SECONDS
  shift
  begin_beside
  say "$name"
  "$@" || status=$?
  result "$name" $((SECONDS - from)) "$status"
}

beside() { # name, command
  waiting+=("$1")
  shift
  commands+=("$(printf '%q ' "$@")")
}

# Begins the checks beside, where that has not been done.
begin_beside() {
  [ -z "$pid" ] && [ ${#waiting[@]} -gt 0 ] || return 0
  say "beside: $(printf '%s, ' "${waiting[@]}" | sed 's/, $//')"
  local n
  for n in "${!commands[@]}"; do
    printf 'from=$SECONDS; status=0; { %s; } >%q/%d.log 2>&1 || status=$?\n' "${commands[n]}" "$logs" "$n"
    printf 'printf "%%s %%s\\n" $((SECONDS - from)) "$status" >%q/%d.result\n' "$logs" "$n"
  done >"$logs/beside.sh"
  set -m # a process group of its own, so that all of it can be ended
  bash "$logs/beside.sh" </dev/null &
  pid=$!
  set +m
}

join() {
  [ -n "$pid" ] || return 0
  local n took status
  [ -f "$logs/$((${#waiting[@]} - 1)).result" ] || say "waiting for the checks beside"
  wait "$pid" || true
  pid=""
  for n in "${!waiting[@]}"; do
    took=0 status=1
    [ ! -f "$logs/$n.result" ] || read -r took status <"$logs/$n.result"
    [ "$status" = 0 ] || { say "${waiting[n]}"; cat "$logs/$n.log" 2>/dev/null || true; }
    result "${waiting[n]}" "$took" "$status"
  done
}

left_out() { omitted+=("$1"); }

# The tests that have a mark, one a line; nothing is imported for it.
marked() { # mark
  find tests -name 'test_*.py' ! -path 'tests/shared/*' | sort | xargs awk -v mark="@pytest.mark.$1" '
    $1 == mark { found = 1 }
    found && /^def / { sub(/^def /, ""); sub(/\(.*/, ""); print FILENAME " " $0; found = 0 }'
}

summary() {
  printf -- '--   %s\n' "${lines[@]}" >&2
  [ ${#omitted[@]} = 0 ] || printf -- '-- left out: %s\n' "${omitted[@]}" >&2
  if [ ${#failed[@]} -gt 0 ]; then
    say "failed: $(printf '%s, ' "${failed[@]}" | sed 's/, $//')"
    exit 1
  fi
  [ "${status:-0}" != 0 ] || say "all passed in $SECONDS s"
}
