# Sourced by ./demo and ./test: makes .venv with what they need, from nothing but Python 3.11+, and says what it does.
#
#   prepare run   what Remit needs to run
#   prepare dev   that, and what its tests, checks and docs need
#
# Nothing is installed outside .venv, except Debian's packages of venv and, for dev, of chromium where they are missing and we
# may install them.
# A second call finds the stamp of the first and does nothing.

say() { printf '%s\n' "-- $*" >&2; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# Prints the interpreter itself (not a venv's link to it), its version and its home, one a line; fails if it is too old.
describe_python() {
  "$1" -c '
import sys
if sys.version_info < (3, 11):
    sys.exit(1)
print(getattr(sys, "_base_executable", "") or sys.executable)
print("%d.%d.%d" % sys.version_info[:3])
print(sys.base_prefix)' 2>/dev/null </dev/null
}

# Sets python, python_version and python_home.
choose_python() {
  local candidate found=""
  if [ -n "${PYTHON:-}" ]; then
    found=$(describe_python "$PYTHON") ||
      fail "Remit needs Python 3.11 or newer, and \$PYTHON ($PYTHON) is older or does not run."
  else
    for candidate in python3.13 python3.12 python3.11 python3; do
      found=$(describe_python "$candidate") && break
    done
    if [ -z "$found" ]; then
      candidate=$(python3 -c 'import sys; print("only Python %d.%d" % sys.version_info[:2])' 2>/dev/null) || candidate=none
      fail "Remit needs Python 3.11 or newer, and $candidate was found. Install it, or name it: PYTHON=/path/to/python3 $0"
    fi
  fi
  { read -r python; read -r python_version; read -r python_home; } <<<"$found"
}

# Debian and its children ship venv without ensurepip, in a package of its own.
need_venv() {
  "$python" -c 'import venv; from ensurepip import bootstrap' 2>/dev/null && return
  local package="python${python_version%.*}-venv" hint
  if ! command -v apt-get >/dev/null; then
    fail "This Python cannot make virtual environments: install its venv and ensurepip modules, then call again."
  fi
  hint="This Python cannot make virtual environments. Say: sudo apt-get install $package"
  [ "$(id -u)" = 0 ] || fail "$hint"
  say "installing $package, without which this Python makes no virtual environment"
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -qq -y "$package" >/dev/null 2>&1 </dev/null ||
    { apt-get update -qq && apt-get install -qq -y "$package"; } >/dev/null </dev/null || fail "$hint"
  "$python" -c 'import venv; from ensurepip import bootstrap' 2>/dev/null || fail "$hint"
}

# The tests of pages (tests/system) drive the system's chromium. Without one they fail; ./test quick leaves them out.
browser() { command -v chromium chromium-browser google-chrome >/dev/null; }
want_browser() {
  browser && return
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    say "installing chromium, which the tests of pages need"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -qq -y --no-install-recommends chromium >/dev/null 2>&1 </dev/null ||
      { apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium; } >/dev/null 2>&1 </dev/null || true
  fi
  browser || say "no chromium is here: the tests of pages (tests/system) will fail; ./test quick leaves them out"
}

digest() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi
}

# What an installation stands on: if any of it changes, it is made again.
fingerprint() { # which requirements
  { pwd -P
    cat pyproject.toml "requirements/$1.txt" scripts/environment.sh; } | digest
}

# Whether .venv holds what is asked for. Its Python is questioned only if $PYTHON names one.
stamped() { # which requirements
  local stamp=".venv/.remit-$1" made_of made_by
  [ -f "$stamp" ] || return 1
  { read -r made_of; read -r made_by; } <"$stamp"
  [ "$made_of" = "$(fingerprint "$1")" ] || return 1
  [ -z "${PYTHON:-}" ] || { choose_python && [ "$made_by" = "$python_version $python_home" ]; } || return 1
  .venv/bin/python -c 'import remit' 2>/dev/null
}

prepare() { # run or dev
  local what=$1
  [ "$what" = run ] || want_browser
  # The dev installation holds every package of the other, at the same versions.
  if stamped dev || { [ "$what" = run ] && stamped run; }; then return; fi
  choose_python
  if [ "$what" = run ]; then
    say "setting up .venv with Python $python_version (once; about half a minute)"
  else
    say "setting up .venv with Python $python_version and the test tools (once; one to three minutes)"
  fi
  need_venv
  rm -rf .venv
  "$python" -m venv .venv || fail "Python could not make the virtual environment .venv in $(pwd): its reason is above."
  local pip=(.venv/bin/python -m pip --disable-pip-version-check --no-input)
  "${pip[@]}" install --quiet --require-hashes -r "requirements/$what.txt" </dev/null ||
    fail "The packages of requirements/$what.txt could not be installed: pip's reason is above."
  "${pip[@]}" install --quiet --no-deps --no-build-isolation --editable . </dev/null ||
    fail "Remit itself could not be installed: pip's reason is above."
  { fingerprint "$what"; printf '%s\n' "$python_version $python_home"; } >".venv/.remit-$what"
}
