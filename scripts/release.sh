#!/usr/bin/env bash
# Makes a release ready: scripts/release.sh 0.2.0. docs/how-to/release.md says what comes before and after.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

fail() { printf 'release: %s\n' "$*" >&2; exit 1; }

version=${1:-}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "say the version, such as: make release VERSION=0.2.0"
[ -z "$(git status --porcelain)" ] || fail "there are changes that are not committed."
grep -q "^version = \"$version\"$" pyproject.toml || fail "pyproject.toml does not say version = \"$version\"."
grep -q "^## \[$version\] - " CHANGELOG.md || fail "CHANGELOG.md has no heading '## [$version] - DATE'."
git rev-parse -q --verify "refs/tags/v$version" >/dev/null && fail "the tag v$version is there already."

./test
.venv/bin/python -m tests.deck compare
rm -rf dist
.venv/bin/python -m hatchling build
work=$(mktemp -d "${TMPDIR:-/tmp}/remit-release.XXXXXX")
trap 'rm -rf "$work"' EXIT
.venv/bin/python -m venv "$work/fresh"
"$work/fresh/bin/python" -m pip install --quiet --require-hashes -r requirements/run.txt
"$work/fresh/bin/python" -m pip install --quiet --no-deps dist/*.whl
said=$("$work/fresh/bin/remit" --version)
[ "$said" = "remit $version" ] || fail "the wheel says '$said'."
"$work/fresh/bin/remit" run qif-2024-25 --practices examples/qif-2024-25/practices.csv --counts examples/qif-2024-25/counts.csv \
  --out "$work/run" >/dev/null
(cd dist && sha256sum -- *)
printf 'release: %s is ready in dist/. Next: git tag -s v%s -m "Remit %s"\n' "$version" "$version" "$version"
