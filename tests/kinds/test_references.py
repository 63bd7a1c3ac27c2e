"""The kind: an item is named where it cannot be what it is named for. `check` and `run` say the same, and no traceback.

Every kind of payment is put into every place that names an item: the gate of a table, `requires`, what fills a pot and
what shares it out, the parts of a blend, what a floor covers, the levels of claims, and what a parameter retires. The
table says which of them fit.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.bad_files.command import remit as command
from tests.spec.language import HEAD, SOURCE
from tests.spec.run import TERMS

import remit
from remit.core.problems import Refused
from remit.scheme import load_scheme
from remit.scheme.boundaries import boundaries
from remit.scheme.lint import lint
from remit.scheme.loader import build, read_with_bases
from remit.scheme.pays import PAYS

AF = "indicator: AF006, measure: achievement"
KINDS = {
    "boolean": "indicator: SMOK003, measure: declared, pays: {boolean: {points: 5}}",
    "linear": f"{AF}, pays: {{linear: {{points: 5, lower: 40%, upper: 90%}}}}",
    "step_then_linear": f"{AF}, pays: {{step_then_linear: {{points: 5, points_at_lower: 1, lower: 40%, upper: 90%}}}}",
    "steps": f"{AF}, pays: {{steps: {{most: 8p, steps: [above 40% pays 8p]}}}}",
    "protected": "indicator: AF006, measure: historic, pays: {protected: {points: 5, of: 2023-24}}",
    "required": "pays: {required: {pounds: £5, supply: it}}",
    "activity": "pays: {activity: {tariff: £10}}",
    "historic": "pays: {historic: {of: QOF, years: [2023-24], in: pounds}}",
    "pooled": "pays: {pooled: {streams: {OLD: Old}, year: 2023-24}}",
    "better_of_two_years": (
        f"{AF}, pays: {{better_of_two_years: {{other: 2023-24, linear: {{points: 5, lower: 40%, upper: 90%}}}}}}"
    ),
    "higher_of": (
        f"{AF}, pays: {{higher_of: {{points: 5, ordinary: {{lower: 40%, upper: 90%}}, "
        "improvement: {lower: 5 points, upper: 18 points, years: [2023-24], pcas: left out}}}"
    ),
    "change_over": (
        f"{AF}, pays: {{change_over: {{points: 5, lower: 2 points, upper: 10 points, years: [2023-24], "
        "pcas: left out}}"
    ),
    "own_target": f"{AF}, pays: {{own_target: {{pounds: £5, rises_by: 2 points, years: [2023-24], pcas: left out}}}}",
    "gateway": "pays: {gateway: {elements: {ONE: one}, pays: £10}}",
    "quality_improvement": "pays: {quality_improvement: {points: 5, units: 1, national: {ONE: one}}}",
    "fixed": "pays: {fixed: {pays: £10, for: it}}",
    "fixed, with a target": f"{AF}, pays: {{fixed: {{pays: £10, for: it, target: 50%}}}}",
    "pot": "pays: {pot: {money: £10, items: [PART]}}",
    "blend": "pays: {blend: {parts: {SUM: 100%}}}",
    "shared_savings": "pays: {shared_savings: {share: 50%}}",
    "income_protection": "pays: {income_protection: {floor: 90%, of: QOF, year: 2023-24, covers: [SUM2]}}",
}
RATED = {
    "linear",
    "step_then_linear",
    "steps",
    "better_of_two_years",
    "higher_of",
    "change_over",
    "own_target",
    "fixed, with a target",
}
POINTS = {
    "boolean",
    "linear",
    "step_then_linear",
    "protected",
    "better_of_two_years",
    "higher_of",
    "change_over",
    "quality_improvement",
}
POUNDS = set(KINDS) - POINTS
TABLES = "tables: [{when: from 50%, steps: [from 40% pays 8p]}, {when: below 50%}]"
PLACES = {
    # the place: (the item or part that names IT, those that fit, what is said where they do not)
    "gate": (
        "  - {item: AFTER, title: A, indicator: AF007, measure: achievement, "
        f"pays: {{steps: {{most: 8p, gate: IT, {TABLES}}}}}}}",
        RATED, "scheme.gate-not-earlier"),
    "requires": ("  - {item: AFTER, title: A, requires: [IT], pays: {fixed: {pays: £5, for: it}}}", set(KINDS), ""),
    "pot: items": (
        "  - {item: AFTER, title: A, pays: {pot: {money: £5, items: [IT]}}}", POINTS, "scheme.reference-unfit"),
    "pot: of": (
        "  - {item: AFTER, title: A, pays: {pot: {of: IT, of_pays: nothing, items: [LAST]}}}",
        set(KINDS), ""),
    "pot: of, without a value of a point": (
        "  - {item: AFTER, title: A, pays: {pot: {of: IT, of_pays: nothing, items: [LAST]}}}",
        POUNDS, "scheme.reference-unfit"),
    "blend: parts": ("  - {item: AFTER, title: A, pays: {blend: {parts: {IT: 100%}}}}", set(KINDS), ""),
    "blend: parts, without a value of a point": (
        "  - {item: AFTER, title: A, pays: {blend: {parts: {IT: 100%}}}}", POUNDS, "scheme.reference-unfit"),
    "income_protection: covers": (
        "  - {item: AFTER, title: A, pays: {income_protection: {floor: 90%, of: QOF, year: 2023-24, covers: [IT]}}}",
        set(KINDS), ""),
    "claims: levels": (
        "  - {item: AFTER, title: A, pays: {activity: {tariff: £1}}}\nclaims: {exclusive: x, levels: [IT]}",
        {"activity"}, "scheme.reference-unfit"),
    "retires": (
        "  - {item: AFTER, title: A, requires: [IT], pays: {fixed: {pays: £5, for: it}}}\n"
        "parameters: {gone: {type: items, about: which, default: IT}}\nretires: gone",
        set(), "scheme.items-not-retirable"),
}  # fmt: skip
BEFORE = """
items:
  - {item: PART, title: Part, indicator: SMOK003, measure: declared, pays: {boolean: {points: 5}}}
  - {item: LAST, title: Last, indicator: SMOK003, measure: declared, pays: {boolean: {points: 5}}}
  - {item: SUM, title: Sum, pays: {fixed: {pays: £1, for: it}}}
  - {item: SUM2, title: Sum, pays: {fixed: {pays: £1, for: it}}}
"""
AROUND = "heads: {column: list_size, called: list, at: 2024-04-01}"


def written(place: str, kind: str, folder: Path) -> Path:
    """A scheme in which a place names an item of a kind."""
    before, point = BEFORE, "point: {value: £200}"
    if "without a value" in place:  # points are then paid within a pot, each in one
        point, taken = "", "LAST" if kind == "pot" else "PART" if place.startswith("pot: of") else "LAST, PART"
        if not (kind == "pot" and place.startswith("pot: of")):
            before += f"  - {{item: BOX, title: Box, pays: {{pot: {{money: £1, items: [{taken}]}}}}}}\n"
    item = f"  - {{item: IT, title: It, {KINDS[kind]}}}\n"
    path = folder / "a-scheme.yaml"
    path.write_text("\n".join([HEAD, SOURCE, point, AROUND, TERMS, before + item + PLACES[place][0]]), encoding="utf-8")
    return path


def codes(ask: Callable[[], object]) -> set[str]:
    """The codes of what is refused; none where nothing is."""
    try:
        ask()
    except Refused as refused:
        return {problem.code for problem in refused.problems}
    return set()


def inputs(kind: str, folder: Path) -> tuple[Path, Path]:
    """Practices and counts of a kind, as files."""
    (folder / "practices.csv").write_text("practice_code,practice_name,list_size\nA1,One,6000\n", encoding="utf-8")
    rows = "A1,AF006,NUMERATOR,60\nA1,AF006,DENOMINATOR,100\n" if "AF006" in KINDS[kind] else "A1,SUM,DECLARED,1\n"
    (folder / "counts.csv").write_text(f"practice_code,indicator_code,measure,value\n{rows}", encoding="utf-8")
    return folder / "practices.csv", folder / "counts.csv"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", PLACES)
def test_check_and_run_say_the_same_of_every_kind_in_every_place(place: str, kind: str, tmp_path: Path) -> None:
    """What `check` asks (the file, the questions), `show` (the boundaries) and `run`, each by its own call."""
    _, fitting, code = PLACES[place]
    path = written(place, kind, tmp_path)
    said = set() if kind in fitting else {code}
    assert codes(lambda: load_scheme(path)) == said
    assert codes(lambda: list(remit.run(path, *inputs(kind, tmp_path)).results())) == said
    if not said:
        source = read_with_bases(path)
        assert lint(build(source), source)
        assert list(boundaries(load_scheme(path)))


@pytest.mark.parametrize("kind", KINDS)
def test_the_commands_say_the_same_of_every_kind_as_a_gate(kind: str, tmp_path: Path) -> None:
    path, fits = written("gate", kind, tmp_path), kind in RATED
    practices, counts = inputs(kind, tmp_path)
    given = ("--practices", practices, "--counts", counts, "--out", tmp_path / "out")
    for words in (("check", path), ("run", path, *given), ("show", path, "--boundaries")):
        said = command(*words)
        assert said.status == (0 if fits else 1), words
        assert fits or "[scheme.gate-not-earlier]" in said.err
        assert "Traceback" not in said.err


def test_every_kind_is_in_the_table() -> None:
    assert {kind.split(",")[0] for kind in KINDS} == set(PAYS)


def test_a_gate_that_names_a_fixed_item_chooses_the_table_by_its_rate(tmp_path: Path) -> None:
    """60 of 100 is from 50%, and the rate of the item itself, of AF007, is 45%: 8p x 6,000."""
    scheme = written("gate", "fixed, with a target", tmp_path)
    (tmp_path / "practices.csv").write_text("practice_code,practice_name,list_size\nA1,One,6000\n", encoding="utf-8")
    rows = "".join(
        f"A1,{code},{measure},{value}\n"
        for code, top in (("AF006", 60), ("AF007", 45))
        for measure, value in (("NUMERATOR", top), ("DENOMINATOR", 100))
    )
    (tmp_path / "counts.csv").write_text(f"practice_code,indicator_code,measure,value\n{rows}", encoding="utf-8")
    given = ("--practices", tmp_path / "practices.csv", "--counts", tmp_path / "counts.csv", "--out", tmp_path / "out")
    assert command("run", scheme, *given).status == 0
    award = (tmp_path / "out" / "award.csv").read_text(encoding="utf-8").splitlines()
    assert "480.00" in next(row for row in award if row.startswith("A1,AFTER,"))
