#!/usr/bin/env bash
# Writes requirements/*.txt: every dependency with its hashes, for plain pip, and no registry's name.
# uv.lock, which names one, stays out of git. uv is taken from PATH or put into a folder of its own.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

uv=$(command -v uv || true)
if [ -z "$uv" ]; then
  tools="${TMPDIR:-/tmp}/remit-lock-$(id -u)"
  [ -x "$tools/bin/uv" ] || { "${PYTHON:-python3}" -m venv "$tools" && "$tools/bin/pip" install --quiet uv; }
  uv="$tools/bin/uv"
fi

"$uv" lock --quiet "$@"
export_group() {  # file, options of uv export
  local file=$1
  shift
  { echo "# Written by 'make lock' from pyproject.toml: do not edit."
    "$uv" export --quiet --frozen --no-emit-project --no-header --no-annotate "$@"; } >"$file.new"
  if grep -nE '^(--|-i )|://' "$file.new"; then
    rm -f "$file.new"
    echo "lock: $file would name a package registry or a local path (lines above)" >&2
    exit 1
  fi
  mv "$file.new" "$file"
  echo "lock: $file, $(grep -c '==' "$file") packages"
}
export_group requirements/run.txt --no-default-groups --group build --extra analysis --extra service
export_group requirements/dev.txt --all-groups --all-extras
