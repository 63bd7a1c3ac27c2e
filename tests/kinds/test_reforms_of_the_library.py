"""The kind: a reform is kept as an overlay. For each scheme that ships, a run of that overlay pays every practice and
network what the run under the reform pays it, to the penny, or leaves it unknown for the same reason."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from itertools import product
from pathlib import Path

import pytest
from tests.deck.inputs import COUNT, PRACTICE, counts, practices, schemes
from tests.kinds.library_statements import run_of

import remit
from remit.analysis.simulation.reformed import reform_of_run
from remit.core.problems import Refused
from remit.core.rows import dict_rows
from remit.runs.engine import Run
from remit.scheme import Scheme, frozen_text, scheme_ids
from remit.scheme.changes import levers
from remit.scheme.reform_file import LoadedReform, load_reform


def reform_of(scheme: Scheme, path: Path) -> LoadedReform:
    """Thresholds a point lower or higher, a point and a penny more wherever there are any, and the first item retired
    that may be: the first of these that fits the scheme."""
    able = {lever for item in scheme.items for lever in levers(item.kind)}
    retired = [f'retire: ["{item.item}"]\n' for item in scheme.items if len(scheme.items) > 1]
    moved = ["".join(f"{lever}: {{all: {by}}}\n" for lever, by in moves.items() if lever in able) for moves in MOVES]
    for retire, moves in product([*retired, ""], moved):
        path.write_text(f"reform: mine\ntitle: Mine\nof: {scheme.scheme}\n{retire}{moves}", encoding="utf-8")
        with suppress(Refused):
            return load_reform(path, scheme)
    raise AssertionError(f"nothing of {scheme.scheme} can be changed")


MOVES = [{"thresholds": by, "points": "+1", "pence": "+1"} for by in ("-1pp", "+1pp")]


def run_with(scheme: str, path: Path, given: Mapping[str, str]) -> Run:
    """A run of a scheme's file on the figures that the deck has for the scheme of the library."""
    entry = schemes()[scheme]
    people = [dict(zip(PRACTICE, row, strict=True)) for row in practices(scheme, 1)]
    figures = [dict(zip(COUNT, row, strict=True)) for row in counts(scheme, 1)]
    return remit.run(
        path,
        dict_rows("practices.csv", people),
        dict_rows("counts.csv", figures),
        settings=given,
        national="from-run" if entry.get("national") == "from-run" else None,
        ignore_unknown=True,
    )


def paid(run: Run) -> dict[str, tuple[int | None, str]]:
    return {result.practice.code: (result.pence, result.reason) for result in run.results()}


@pytest.mark.parametrize("name", scheme_ids())
def test_the_overlay_pays_what_the_reform_pays(name: str, tmp_path: Path) -> None:
    run = run_of(name)
    of_run = reform_of_run(run, name, reform_of(run.inputs.schemes[name], tmp_path / "reform.yaml"))
    (tmp_path / "base.yaml").write_text(frozen_text(run.inputs.schemes[name]), encoding="utf-8")
    kept = tmp_path / "overlay.yaml"
    kept.write_text(of_run.reform.text("base.yaml"), encoding="utf-8")
    assert paid(run_with(name, kept, of_run.after.inputs.settings)) == paid(of_run.after)
