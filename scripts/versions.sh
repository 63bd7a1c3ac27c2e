#!/usr/bin/env bash
# Runs `./test quick` with every supported Python that is installed, each in a copy of the checkout.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

copies=$(mktemp -d "${TMPDIR:-/tmp}/remit-versions.XXXXXX")
trap 'rm -rf "$copies"' EXIT
lines=() failed=0
for version in 3.11 3.12 3.13; do
  found=""
  for candidate in "python$version" "$HOME"/.pyenv/versions/"$version".*/bin/python; do
    found=$(command -v "$candidate") && break
  done
  if [ -z "$found" ]; then
    lines+=("Python $version  not installed")
    continue
  fi
  copy="$copies/$version/remit"
  git clone --quiet . "$copy"
  if (cd "$copy" && PYTHON=$found ./test quick </dev/null); then
    lines+=("Python $version  passed")
  else
    lines+=("Python $version  FAILED")
    failed=1
  fi
  rm -rf "$copies/$version"
done
printf -- '--   %s\n' "${lines[@]}" >&2
exit "$failed"
