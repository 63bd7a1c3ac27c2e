"""Several services on one file of claims, whole runs: what is paid is what was claimed, once, in any order of rows."""

from __future__ import annotations

import csv
import random
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checked import checked
from tests.generative.test_local_run import contents, few

from remit.runs import open_run, write_run
from remit.runs.several_schemes import ClaimedRuns, run_claims, write_claimed_runs
from remit.scheme import load_scheme

DOAC, JOINT = "anticoagulation-doac-staffordshire", "anticoagulation-joint-staffordshire"
SCHEMES = (DOAC, JOINT)
SERVICES = [load_scheme(name) for name in SCHEMES]
TERMS = [service.claims for service in SERVICES if service.claims]
LEVELS = [level for terms in TERMS for level in terms.levels]
STARTS = [item for terms in TERMS for item in terms.once]
TARIFFS = {item: 905 + 1049 * n for n, item in enumerate([*LEVELS, *STARTS])}
SETTINGS = {f"{item}.tariff": f"£{pence / 100:.2f}" for item, pence in TARIFFS.items()} | {
    "terms.paid_on_activity.days": "30"
}
PRACTICES = ["A1", "A2", "A3"]
GATES = {read.subject for one in SERVICES for item in one.items if item.only_if for read in item.only_if.reads()}
COUNTS = [[code, element, "DECLARED", "1"] for code in PRACTICES for element in sorted(GATES)]


@st.composite
def claims(draw: st.DrawFn) -> list[list[str]]:
    """Few patients and quarters, so that claims meet."""
    found = []
    for _ in range(draw(st.integers(1, 14))):
        item = draw(st.sampled_from([*LEVELS, *LEVELS, *STARTS]))
        quarter = draw(st.integers(1, 4))
        first = {1: "2025-04", 2: "2025-07", 3: "2025-10", 4: "2026-01"}[quarter]
        day = f"{first}-{draw(st.sampled_from(['01', '15', '30']))}"
        days = [["", "", ""], ["", day, ""], ["", "", day]]
        when = [day, "", ""] if item in STARTS else draw(st.sampled_from(days))
        who = draw(st.sampled_from(PRACTICES)), draw(st.sampled_from(["p1", "p2", "p3"]))
        found.append([*who, item, f"2025-Q{quarter}", *when])
    return found


def write(folder: Path, rows: list[list[str]], seed: int | None = None) -> tuple[Path, Path, Path]:
    tables = {
        "practices": [["practice_code", "practice_name", "eligible_from"], *[[c, c, "2025-04-01"] for c in PRACTICES]],
        "claims": [["practice_code", "pseudonym", "item", "quarter", "date", "from", "to"], *rows],
        "counts": [["practice_code", "indicator_code", "measure", "value"], *COUNTS],
    }
    paths = []
    for name, lines in tables.items():
        body = lines[1:]
        if seed is not None:
            random.Random(seed).shuffle(body)
        paths.append(folder / f"{name}.csv")
        with paths[-1].open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([lines[0], *body])
    return paths[0], paths[1], paths[2]


def run(
    folder: Path, rows: list[list[str]], seed: int | None = None, schemes: tuple[str, ...] = SCHEMES
) -> ClaimedRuns:
    folder.mkdir(exist_ok=True)
    practices, file, counts = write(folder, rows, seed)
    return run_claims(schemes, practices, file, counts, settings=SETTINGS)


@few
@given(claims(), st.integers(0, 2**32))
def test_the_order_of_rows_and_schemes_changes_no_byte(rows: list[list[str]], seed: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_claimed_runs(run(folder / "in", rows), folder / "one")
        write_claimed_runs(run(folder / "again", rows, seed, SCHEMES[::-1]), folder / "two")
        one, two = contents(folder / "one"), contents(folder / "two")
        one.pop("manifest.json")
        two.pop("manifest.json")  # it has the schemes in the order given
        assert one == two
        for scheme in SCHEMES:
            write_run(open_run(folder / "one" / scheme), folder / f"opened-{scheme}")
            inside = {name.split("/", 1)[1]: data for name, data in one.items() if name.startswith(scheme)}
            again = contents(folder / f"opened-{scheme}")
            first = {**inside, "manifest.json": (folder / "one" / scheme / "manifest.json").read_bytes()}
            assert again == first


@pytest.mark.checks("an item that is paid")
@given(claims())
def test_pounds_are_paid_claims_times_their_tariff(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        made = run(Path(name) / "in", rows)
        paid = Counter((d.claim.practice, d.claim.item) for d in made.decided.decisions if d.outcome == "counted")
        for one in made.runs.values():
            for result in one.results():
                expected = {code: paid[result.practice.code, code] * pence for code, pence in TARIFFS.items()}
                found = {a.item.item: a.pence for a in result.awards if a.item.item in TARIFFS}
                checked("an item that is paid", any(found.values()))
                assert found == {code: expected[code] for code in found}
                assert result.pence == sum(pence or 0 for pence in found.values())
                code, scheme = result.practice.code, result.scheme.scheme
                held = [d.claim.practice for d in made.decided.decisions if (d.scheme, d.outcome) == (scheme, "held")]
                assert result.status == ("provisional" if code in held else "final")


@pytest.mark.checks("a level that is paid")
@given(claims())
def test_no_patients_quarter_is_paid_twice_across_services(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        made = run(Path(name) / "in", rows)
    levels = Counter(
        (d.claim.patient, d.claim.quarter)
        for d in made.decided.decisions
        if d.outcome == "counted" and d.claim.item in LEVELS
    )
    checked("a level that is paid", len(levels))
    assert max(levels.values(), default=1) == 1
    assert len(made.decided.decisions) == len(rows)
