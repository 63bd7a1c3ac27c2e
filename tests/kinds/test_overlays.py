"""The kind: what a file laid over another does not speak of stays as it was, and what is wrong is said of that file.

A table has every part of a scheme that an overlay can change in one place, with what must still be there.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.bad_files.command import remit

from remit.core.problems import Refused
from remit.scheme import Scheme, load_scheme

OVER = 'scheme: over\nextends: {base}\nversion: "1"\ntitle: Over\n'

RAISED = "items:\n  - {item: '4', pays: {steps: {steps: [above 65% pays 22p, above 72% pays 25p, above 80% pays 30p]}}}"
"""QIF's item 4 pays its highest step above 80% in place of 78%."""


def laid(tmp_path: Path, text: str, base: str = "qif-2024-25") -> Scheme:
    path = tmp_path / "over.yaml"
    path.write_text(OVER.format(base=base) + text, encoding="utf-8")
    return load_scheme(path)


def test_changing_one_threshold_of_an_inherited_item_keeps_the_rest_of_the_item(tmp_path: Path) -> None:
    item, before = laid(tmp_path, RAISED).item("4"), load_scheme("qif-2024-25").item("4")
    assert item.kind.words() == "above 65% pays 22p; above 72% pays 25p; above 80% pays 30p"
    assert item.kind.most_earned() == before.kind.most_earned()
    assert item.guard == before.guard
    assert (item.title, item.indicator, item.measure, item.label_points, item.baseline, item.words) == (
        before.title, before.indicator, before.measure, before.label_points, before.baseline, before.words,
    )  # fmt: skip


def test_the_guard_rail_of_an_inherited_item_still_asks_for_a_review(tmp_path: Path) -> None:
    """73 of 100 with 40 PCAs more: 40 of 140 are 28.6%, far above the 10.9% of the ICB and the 10.61% of England."""
    path = tmp_path / "over.yaml"
    path.write_text(OVER.format(base="qif-2024-25") + RAISED, encoding="utf-8")
    rows = ["practice_code,indicator_code,measure,value", "A1,4,NUMERATOR,73", "A1,4,DENOMINATOR,100", "A1,4,PCAS,40"]
    (tmp_path / "counts.csv").write_text("\n".join(rows) + "\n")
    head = "practice_code,practice_name,place_code,list_size,weighted_list_size\n"
    (tmp_path / "practices.csv").write_text(head + "A1,Example,cannock-chase,10500,10000\n")
    files = ("--practices", tmp_path / "practices.csv", "--counts", tmp_path / "counts.csv")
    assert remit("run", path, *files, "--out", tmp_path / "out").status == 0
    award = (tmp_path / "out" / "award.csv").read_text(encoding="utf-8")
    line = next(line for line in award.splitlines() if line.startswith("A1,4,") or ",A1,4," in line)
    assert "review" in line


KEPT: list[tuple[str, str, str, Callable[[Scheme], Any]]] = [
    ("qif-2024-25", "an item's measure and gate", "items: [{item: 1b, pays: {steps: {most: £0.26}}}]",
     lambda s: (s.item("1b").measure, s.item("1b").pays)),
    ("qif-2024-25", "a guard's other rate", "items: [{item: '4', guard: {references: {ICB: 11%}}}]",
     lambda s: (s.item("4").guard.references["England"], s.item("4").guard.significance)),  # type: ignore[union-attr]
    ("qif-2024-25", "a guard's rates", "items: [{item: '4', guard: {increase_points: 3%}}]",
     lambda s: s.item("4").guard.references),  # type: ignore[union-attr]
    ("qof-england-2018-19", "an item's weights and points", "items: [{item: AF006, pays: {linear: {upper: 91%}}}]",
     lambda s: (s.item("AF006").weights, s.item("AF006").kind.points, s.item("AF006").kind.lower)),  # type: ignore[attr-defined]
    ("qof-england-2018-19", "rounding's other steps", "rounding: {list: '3 places, half up'}",
     lambda s: s.rounding.pounds),
    ("qif-2024-25", "the list's day", "heads: {called: list of the contract}", lambda s: (s.heads.column, s.heads.at)),  # type: ignore[union-attr]
    ("qif-2024-25", "what is paid in advance", "terms: {balance: {due: 2025-07-31}}",
     lambda s: (s.terms.paid_in_advance, s.terms.recovery, s.terms.changes)),
    ("dqofh-dudley-2018-19", "the scheme's own indicators",
     "indicators: [{indicator: MINE, title: Mine, type: process, group: DM}]",
     lambda s: [s.indicator(code) for code in ("G1", "G3", "LD1")]),
    ("dqofh-dudley-2018-19", "an indicator's group", "indicators: [{indicator: G1, title: Holistic assessments}]",
     lambda s: (s.indicator("G1").group, s.indicator("G1").type, s.indicator("G3"))),
    ("dqofh-dudley-2018-19", "a group's list", "groups: [{group: LTC, title: Long-term}]",
     lambda s: s.group("LTC").list),
    ("anticoagulation-joint-staffordshire", "claims' other rules", "claims: {counted: days}",
     lambda s: (s.claims.levels, s.claims.once, s.claims.exclusive)),  # type: ignore[union-attr]
]  # fmt: skip


@pytest.mark.parametrize(("base", "what", "text", "rest"), KEPT, ids=[what for _, what, _, _ in KEPT])
def test_what_an_overlay_does_not_speak_of_stays(
    base: str, what: str, text: str, rest: Callable[[Scheme], Any], tmp_path: Path
) -> None:
    assert rest(laid(tmp_path, text, base)) == rest(load_scheme(base)), what


def test_an_item_that_is_removed_and_given_again_keeps_nothing(tmp_path: Path) -> None:
    text = (
        "totals: {}\nremoved: ['4']\nitems:\n  - {item: '4', indicator: HYP008, measure: achievement, "
        "pays: {steps: {steps: [above 78% pays 30p], most: £0.30}}}"
    )
    assert laid(tmp_path, text).item("4").guard is None


def test_an_item_given_twice_in_one_overlay_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="the item '4' is listed twice"):
        laid(tmp_path, "items: [{item: '4', baseline: one}, {item: '4', baseline: two}]")


def test_a_note_about_a_number_goes_with_the_number(tmp_path: Path) -> None:
    """CAN003 of 2018-19 has a note about its points; another number of points is not what the note is about."""
    base = "qof-england-2018-19"
    assert load_scheme(base).item("CAN003").note.startswith("Points: ")
    assert laid(tmp_path, "items: [{item: CAN003, domain: clinical}]", base).item("CAN003").note
    changed = "totals: {}\nitems: [{item: CAN003, pays: {linear: {points: 7}}}]"
    assert laid(tmp_path, changed, base).item("CAN003").note == ""


LIBRARY = Path(str(resources.files("remit") / "library" / "schemes"))
QIF = (LIBRARY / "qif-2024-25.yaml").read_text(encoding="utf-8").splitlines()


def of_qif(text: str, column: int, below: str = "") -> str:
    """Where a line of QIF's file stands, or the one below it: what others write above it moves it."""
    [line] = [n for n, (before, one) in enumerate(pairwise(["", *QIF]), 1) if one.strip() == text and below in before]
    return f"It comes from qif-2024-25.yaml:{line}:{column}, which this file extends."


AUTHORS: list[tuple[str, str, int, str]] = [
    ("a printed total of the base",
     "items: [{item: '4', pays: {steps: {steps: [above 78% pays 31p], most: £0.31}}}]", 2,
     f"the items add up to 2.11, not £2.10. {of_qif('most: £2.10', 9)}"),
    ("a key of ours beside one of the base", "items:\n  - item: '4'\n    pays: {steps: {most: £0.29}}", 7,
     "item 4: the most is £0.29, but the highest step pays 30p."),
    ("an item that rests on one that is removed", "totals: {}\nremoved:\n  - 2a\n  - 1a", 8,
     "item 1b: the gate '1a' is not an earlier item with a rate. A gate is an earlier item with a rate. "
     f"{of_qif('gate: 1a', 15)}"),
    ("a value that does not fit", "items:\n  - item: '4'\n    measure: mesure", 7, "'mesure' is none of achievement"),
    ("a key that is not known", "items:\n  - item: '4'\n    mesure: achievement", 7, "unknown key 'mesure'"),
    ("a part of the base that our measure does not allow", "items:\n  - item: '4'\n    measure: prevalence", 6,
     f"item 4: a PCA guard needs an achievement. {of_qif('standing: inferred', 7, 'guard:')}"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "text", "line", "said"), AUTHORS, ids=[what for what, _, _, _ in AUTHORS])
def test_an_error_names_the_authors_file_and_not_the_bases(
    what: str, text: str, line: int, said: str, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as caught:
        laid(tmp_path, text)
    assert {one.place.file for one in caught.value.problems if one.place} == {str(tmp_path / "over.yaml")}
    assert any(said in str(one) and one.place and one.place.line == line for one in caught.value.problems), what


def test_what_is_wrong_with_the_base_by_itself_is_said_of_the_base(tmp_path: Path) -> None:
    base = tmp_path / "base.yaml"
    base.write_text(OVER.format(base="qif-2024-25") + "totals: {items: 9}", encoding="utf-8")
    with pytest.raises(Refused) as caught:
        laid(tmp_path, "about: nothing else", "base.yaml")
    (one,) = caught.value.problems
    assert one.place
    assert (one.place.file, one.message) == (str(base), "the items add up to 8, not 9.")


WARNED = [
    ("qof-england-2018-19", "the value of a point", "point £179.26"),
    ("qof-england-2018-19", "a national figure", "weights.list.over 8096"),
    ("qof-england-2018-19", "the day of a national figure", "weights.list.over_at 2018-01-01"),
    ("qof-england-2018-19", "a date of payment", "terms.balance.due 2019-06-30"),
    ("qof-england-2018-19", "last year's value of a point", "terms.paid_in_advance.previous_point_value £171.20"),
    ("qif-2024-25", "the list's day", "heads.at 2024-01-01"),
    ("spqs-somerset-2018-19", "the year that is compared with", "monitoring.against 2017-18"),
]


@pytest.mark.parametrize(("base", "what", "said"), WARNED, ids=[what for _, what, _ in WARNED])
def test_another_year_does_not_keep_the_bases_figures_and_dates_without_a_warning(
    base: str, what: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "over.yaml"
    of = load_scheme(base).item("5").indicators[-1] if base == "qif-2024-25" else ""
    text = "year: 2026-27\nachievement_date: 2027-03-31\n" + (f"items: [{{item: '5', indicator: {of}}}]" if of else "")
    path.write_text(OVER.format(base=base) + text, encoding="utf-8")
    warned = [line for line in remit("check", path, "--no-notes").out.splitlines() if "[lint.of-another-year]" in line]
    assert len(warned) == 1
    assert said in warned[0], what


@pytest.mark.parametrize("base", ["qof-england-2018-19", "qof-england-2025-26", "qif-2024-25"])
def test_remit_new_extends_into_another_year_warns_and_leaves_the_value_of_a_point_open(
    base: str, tmp_path: Path
) -> None:
    path = tmp_path / "over.yaml"
    said = remit("new", "our-scheme-2026-27", "--extends", base, "--out", path)
    assert said.status == 0
    assert "[lint.of-another-year]" in said.err
    found = load_scheme(path)
    assert str(found.year) == "2026-27"
    assert found.point is None or found.point.value.required


def test_remit_new_extends_within_the_year_warns_of_nothing(tmp_path: Path) -> None:
    said = remit("new", "ours", "--extends", "qof-england-2018-19", "--out", tmp_path / "over.yaml")
    assert (said.status, said.err) == (0, "")


@pytest.mark.parametrize("base", ["qof-england-2018-19", "qif-2024-25", "qif-plus-2024-25", "spirometry-staffordshire"])
def test_remit_new_extends_shows_by_example_how_one_thing_is_changed(base: str, tmp_path: Path) -> None:
    """The example of the comment, uncommented, is a sound file that keeps the rest of its item."""
    path = tmp_path / "over.yaml"
    remit("new", "ours", "--extends", base, "--out", path)
    lines = path.read_text(encoding="utf-8").splitlines()
    if base == "spirometry-staffordshire":  # all of its items have something open: they stand there by themselves
        assert any(line.startswith("  - item: ") for line in lines)
        return
    at = next(n for n, line in enumerate(lines) if line.startswith("#   - item: "))
    example = "items:\n" + "\n".join(line.removeprefix("# ") for line in lines[at : at + 2])
    code = lines[at].removeprefix("#   - item: ")
    assert laid(tmp_path, example, base).item(code) == load_scheme(base).item(code)


def test_a_changed_number_is_not_shown_as_seen_in_the_source_of_the_other_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "over.yaml"
    path.write_text(OVER.format(base="qif-2024-25") + RAISED, encoding="utf-8")
    said = remit("check", path, "--no-notes").out
    assert "above 80% pays 30p, is shown as seen in 'qif-2024-25'" in said
    assert said.count("[lint.anothers-source]") == 1
    ours = "sources: {ours: {title: Agreed, standing: inferred}}\n" + RAISED.replace(
        "{item: '4',", "{item: '4', source: ours,"
    )
    path.write_text(OVER.format(base="qif-2024-25") + ours, encoding="utf-8")
    assert "[lint.anothers-source]" not in remit("check", path, "--no-notes").out
