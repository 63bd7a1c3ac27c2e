"""The kind: what a what-if says of each practice is what a run of the scheme, edited by hand, would pay it.

Each scheme of the library with made-up practices (one that joined, one that closed, one that merged), and each lever
that its items have, moved on all of them. The edited scheme is made here, in the text of the file that a run keeps; the
run is a run of that file on the inputs that were kept. A table has every payment kind with what of it can be moved.
"""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.bad_files.command import remit
from tests.deck import inputs as deck

from remit.application.what_if import ChangeBy, Lever, MorePatients, ProposedChange, Request, WhatIfQuestion, evaluate
from remit.core.problems import Refused
from remit.core.rounding import exact_text
from remit.scheme import Scheme, load_scheme, scheme_ids
from remit.scheme.changes import levers
from remit.scheme.pays import PAYS

LEVERS: dict[Lever, Fraction] = {"thresholds": Fraction(2, 100), "pence": Fraction(1, 100), "points": Fraction(1)}


def kept_run(scheme: str, folder: Path) -> Path:
    """The folder of a run of a scheme of the library."""
    deck.write_inputs(scheme, folder)
    words: list[str | Path] = ["--practices", folder / "practices-1.csv", "--counts", folder / "counts-1.csv"]
    national = deck.schemes()[scheme].get("national")
    words += ["--national", national] if national else []
    said = remit("run", scheme, *words, *deck.settings(scheme), "--ignore-unknown", "--out", folder / "run")
    assert said.status == 0, said.err
    return folder / "run"


def run_of(scheme: Path, run: Path, out: Path, counts: Path | None = None) -> dict[str, str]:
    """The pounds of each practice and network in a run of a scheme file on the inputs that a run kept."""
    inside = run / "inputs"
    words: list[str | Path] = ["--practices", inside / "practices.csv", "--counts", counts or inside / "counts.csv"]
    words += ["--national", inside / "national.csv"] if (inside / "national.csv").exists() else []
    settings = yaml.safe_load((run / "manifest.json").read_text())["settings"]
    named = yaml.safe_load(scheme.read_text(encoding="utf-8")).get("parameters", {})
    if "extends" not in yaml.safe_load(scheme.read_text(encoding="utf-8")):
        settings = {name: value for name, value in settings.items() if name.partition(".")[0] in named}
    words += [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    said = remit("run", scheme, *words, "--ignore-unknown", "--out", out)
    assert said.status == 0, said.err
    with (out / "payment.csv").open(encoding="utf-8", newline="") as file:
        return {row["practice_code"] or row["unit_code"]: row["pounds"] for row in csv.DictReader(file)}


def edited(tree: Any, lever: Lever, by: Fraction, key: str = "") -> Any:
    """The part of a file that items pay, with its numbers moved: by their keys and by the words of steps."""
    if isinstance(tree, dict):
        if set(tree) >= {"value", "source"}:
            return {**tree, "value": edited(tree["value"], lever, by, key)}
        return {name: edited(part, lever, by, name) for name, part in tree.items()}
    if isinstance(tree, list):
        return [edited(part, lever, by, key) for part in tree]
    text = str(tree)
    if lever == "thresholds" and key in ("lower", "upper", "target", "minimum_rate") and "%" in text:
        return re.sub(r"([0-9.]+)%", lambda m: f"{exact_text(Fraction(m[1]) + by * 100)}%", text, count=1)
    if key == "steps" and " pays " in text:
        at, pays = text.split(" pays ")
        if lever == "thresholds":
            at = re.sub(r"([0-9.]+)%", lambda m: f"{exact_text(Fraction(m[1]) + by * 100)}%", at)
        if lever == "pence":
            pays = re.sub(r"^([0-9.]+)p", lambda m: f"{exact_text(Fraction(m[1]) + by * 100)}p", pays)
            pays = re.sub(r"^£([0-9.]+)", lambda m: f"£{exact_text(Fraction(m[1]) + by)}", pays)
        return f"{at} pays {pays}"
    if lever == "pence" and key in ("per_head", "per_head_at_lower") and re.match(r"£?[0-9]", text):
        text = re.sub(r"^([0-9.]+)p", lambda m: f"{exact_text(Fraction(m[1]) + by * 100)}p", text)
        return re.sub(r"^£([0-9.]+)", lambda m: f"£{exact_text(Fraction(m[1]) + by)}", text)
    if lever == "points" and key == "points" and re.match(r"[0-9]", text):
        return re.sub(r"^([0-9.]+)", lambda m: exact_text(Fraction(m[1]) + by), text)
    return tree


def edit(run: Path, into: Path, lever: Lever, by: Fraction) -> Path:
    """The scheme that a run keeps, edited."""
    [kept] = (run / "inputs").glob("scheme-*.yaml")
    tree = yaml.safe_load(kept.read_text(encoding="utf-8"))
    edit_items(tree, load_scheme(kept), WhatIfQuestion(moves=(ProposedChange(lever, ChangeBy(by)),)))
    into.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return into


def edit_items(tree: Any, scheme: Scheme, question: WhatIfQuestion) -> Any:
    """A scheme's file with its items moved and retired."""
    tree["totals"] = {}
    tree["items"] = [item for item in tree["items"] if item["item"] not in question.retired]
    for move in question.moves:
        for item in tree["items"]:
            asked = not move.items or item["item"] in move.items
            if asked and move.lever in levers(scheme.item(item["item"]).kind):
                _edit(item["pays"], move.lever, move.by.amount)
    return tree


def _edit(pays: Any, lever: Lever, by: Fraction) -> None:
    pays.update(edited(pays, lever, by))
    steps, fixed = pays.get("steps"), pays.get("fixed")
    if lever == "pence" and steps:
        rows = [
            *steps.get("steps", []),
            *(step for table in steps.get("tables", []) for step in table.get("steps", [])),
        ]
        steps["most"] = max((row.split(" pays ")[1].split(" [")[0] for row in rows), key=_amount)
    if lever == "pence" and fixed and fixed.get("per") == "head":
        fixed["pays"] = f"£{exact_text(_amount(str(fixed['pays']).split(' [')[0]) + by)}"


def _amount(text: str) -> Fraction:
    return Fraction(text.removeprefix("£").removesuffix("p").replace(",", "")) / (100 if text.endswith("p") else 1)


def moved(lever: Lever, scheme: str) -> Fraction | None:
    """How far a lever is moved on all items: down where a threshold is too near to 100%."""
    held = load_scheme(scheme)
    if not any(lever in levers(item.kind) for item in held.items):
        return None
    return -LEVERS[lever] if lever == "thresholds" and scheme.startswith(("qof", "iif", "dqofh")) else LEVERS[lever]


CASES = [(scheme, lever) for scheme in scheme_ids() for lever in LEVERS if moved(lever, scheme) is not None]


@pytest.mark.parametrize(("scheme", "lever"), CASES)
def test_a_moved_lever_pays_each_practice_what_a_run_of_the_edited_scheme_pays(
    scheme: str, lever: Lever, tmp_path: Path
) -> None:
    run, by = kept_run(scheme, tmp_path), moved(lever, scheme)
    assert by is not None
    keep = tmp_path / "reform.yaml"
    found = evaluate(Request(run, WhatIfQuestion(moves=(ProposedChange(lever, ChangeBy(by)),)), save=keep)).sides
    theirs = run_of(edit(run, tmp_path / "edited.yaml", lever, by), run, tmp_path / "edited")
    ours = {unit.code: _pounds(unit.after.value) for unit in found.units}
    assert ours == theirs
    assert run_of(keep, run, tmp_path / "kept") == theirs, "the overlay that is kept says the same"
    whole = found.whole
    if not (whole.before.unknown or whole.after.unknown):
        assert whole.difference.pence == whole.after.pence - whole.before.pence
    if not whole.difference.unknown:
        assert sum(group.difference.pence for group in found.items.values()) == whole.difference.pence


def _pounds(pence: int | None) -> str:
    return "" if pence is None else f"{pence // 100}.{pence % 100:02d}"


RETIRED = {"qif-2024-25": ("2a", "4"), "qof-england-2018-19": ("AF006", "CHD001"), "qof-england-2024-25": ("HYP008",)}


@pytest.mark.parametrize("scheme", RETIRED)
def test_a_retired_item_pays_each_practice_what_a_run_without_it_pays(scheme: str, tmp_path: Path) -> None:
    run, codes = kept_run(scheme, tmp_path), RETIRED[scheme]
    found = evaluate(Request(run, WhatIfQuestion(retired=codes))).sides
    [kept] = (run / "inputs").glob("scheme-*.yaml")
    tree = yaml.safe_load(kept.read_text(encoding="utf-8"))
    tree["items"] = [item for item in tree["items"] if item["item"] not in codes]
    tree["totals"] = {}
    path = tmp_path / "edited.yaml"
    path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
    assert {u.code: _pounds(u.after.value) for u in found.units} == run_of(path, run, tmp_path / "edited")


@pytest.mark.parametrize("many", [10, -3])
@pytest.mark.parametrize("scheme", ["qif-2024-25", "qof-england-2018-19", "qof-review-2018-network", "iif-england"])
def test_more_patients_pay_each_practice_what_a_run_of_the_edited_counts_pays(
    scheme: str, many: int, tmp_path: Path
) -> None:
    """The numerators of the kept counts, `many` more and never above their denominators."""
    run = kept_run(scheme, tmp_path)
    falls = {item.item for item in load_scheme(scheme).items if item.kind.falls}
    items = {
        item.item: {item.item, *item.indicators} for item in load_scheme(scheme).items if item.measure == "achievement"
    }
    found = evaluate(Request(run, WhatIfQuestion(patients=(MorePatients(many, tuple(items)),)))).sides
    subjects = {subject for names in items.values() for subject in names}
    with (run / "inputs" / "counts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    below = {
        (r["practice_code"], r["indicator_code"], r["period"]): r["value"]
        for r in rows
        if r["measure"] == "DENOMINATOR"
    }
    for row in rows:
        key = (row["practice_code"], row["indicator_code"], row["period"])
        if row["measure"] == "NUMERATOR" and row["indicator_code"] in subjects and not row["period"] and key in below:
            more = -many if row["indicator_code"] in falls else many
            row["value"] = str(min(max(int(row["value"]) + more, 0), int(below[key])))
    counts = tmp_path / "counts.csv"
    with counts.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    [kept] = (run / "inputs").glob("scheme-*.yaml")
    assert {u.code: _pounds(u.after.value) for u in found.units} == run_of(kept, run, tmp_path / "again", counts)


HAVE: dict[str, tuple[str, ...]] = {
    "boolean": ("points",),
    "linear": ("points", "thresholds"),
    "step_then_linear": ("points", "thresholds"),
    "steps": ("pence", "thresholds"),
    "protected": ("points",),
    "required": (),
    "activity": (),
    "historic": (),
    "pooled": (),
    "better_of_two_years": ("points", "thresholds"),
    "higher_of": ("points", "thresholds"),
    "change_over": ("points",),
    "own_target": (),
    "gateway": (),
    "quality_improvement": ("points",),
    "fixed": ("pence",),
    "pot": (),
    "blend": (),
    "shared_savings": ("thresholds",),
    "income_protection": (),
}
EXAMPLES: dict[str, Any] = {
    "boolean": {"points": "5"},
    "linear": {"points": "12", "lower": "40%", "upper": "90%"},
    "step_then_linear": {"points": "18", "points_at_lower": "3", "lower": "90%", "upper": "95%"},
    "steps": {"steps": ["above 60% pays 20p"], "most": "20p"},
    "protected": {"points": "5", "of": "2023-24"},
    "required": {"most": "£1.90", "supply": "the indicators"},
    "activity": {"tariff": "£45.00"},
    "historic": {"of": "QOF", "years": ["2012-13"], "in": "pounds"},
    "pooled": {"streams": {"QOF": "Quality"}, "year": "2015-16"},
    "better_of_two_years": {"other": "2016-17", "linear": {"points": "12", "lower": "40%", "upper": "90%"}},
    "higher_of": {
        "points": "18",
        "ordinary": {"lower": "89%", "upper": "96%"},
        "improvement": {
            "lower": "5 points",
            "upper": "18 points",
            "years": ["2015-16"],
            "pcas": "left out",
        },
    },
    "change_over": {
        "points": "8",
        "lower": "2 points",
        "upper": "10 points",
        "years": ["2015-16"],
        "pcas": "left out",
    },
    "own_target": {"pounds": "£500", "rises_by": "10 points", "years": ["2015-16"], "pcas": "left out"},
    "gateway": {"elements": {"a": "A"}, "pays": "£1,000"},
    "quality_improvement": {"points": "37", "units": "1", "national": {"a": "A"}},
    "fixed": {"pays": "£2.00", "for": "training", "per": "head"},
    "pot": {"money": "£100,000", "items": ["A"]},
    "blend": {"parts": {"A": "50%", "B": "50%"}},
    "shared_savings": {"share": "50%", "minimum_rate": "2%"},
    "income_protection": {"floor": "95%", "of": "QOF", "year": "2014-15"},
}


@pytest.mark.parametrize("name", PAYS)
def test_every_payment_kind_has_the_levers_that_its_numbers_are(name: str) -> None:
    kind = PAYS[name].model_validate({name: EXAMPLES[name]}).kind
    assert tuple(sorted(levers(kind))) == HAVE[name]


def test_what_does_not_fit_is_refused_all_at_once_with_what_there_is(tmp_path: Path) -> None:
    """2a's highest step is above 45%: 50 percentage points more leave 50% + 45% below 100%, 60 do not."""
    run = kept_run("qif-2024-25", tmp_path)
    moves = (
        ProposedChange("points", ChangeBy(Fraction(1)), ("4",)),
        ProposedChange("thresholds", ChangeBy(Fraction(60, 100)), ("2a",)),
    )
    with pytest.raises(Refused) as caught:
        evaluate(Request(run, WhatIfQuestion(moves=moves, retired=("1a",))))
    assert [str(one) for one in caught.value.problems] == [
        "item 4 has no points: it has thresholds and pence a head.",
        "item 2a: its threshold of 45% would be above 100%. It can rise by at most 55 percentage points.",
        "1a chooses the table of 1b, which stays. Name both of them, or neither.",
    ]


DEFAULT = """
scheme: other-list
extends: qof-england-2018-19
version: "1"
title: Prevalence over the whole list
parameters:
  prevalence_list:
    {type: choice, choices: [group, registered], default: registered, about: which list}
"""


def test_an_overlay_that_has_another_default_pays_what_a_run_of_it_pays(tmp_path: Path) -> None:
    """The run's settings hold the default of before; the national figures are the sums of the run by that list too."""
    run, file = kept_run("qof-england-2018-19", tmp_path), tmp_path / "other.yaml"
    file.write_text(DEFAULT, encoding="utf-8")
    found = evaluate(Request(run, WhatIfQuestion(), (file,))).sides
    inside = run / "inputs"
    words: list[str | Path] = ["--practices", inside / "practices.csv", "--counts", inside / "counts.csv"]
    words += ["--national", "from-run", *deck.settings("qof-england-2018-19")]
    said = remit("run", file, *words, "--ignore-unknown", "--out", tmp_path / "other")
    assert said.status == 0, said.err
    with (tmp_path / "other" / "payment.csv").open(encoding="utf-8", newline="") as rows:
        theirs = {row["practice_code"]: row["pounds"] for row in csv.DictReader(rows)}
    assert {unit.code: _pounds(unit.after.value) for unit in found.units} == theirs
    assert theirs["A7"] != _pounds(next(unit.before.pence for unit in found.units if unit.code == "A7"))


def test_an_item_that_the_run_retired_can_be_retired_again_and_moves_nothing(tmp_path: Path) -> None:
    scheme = "qof-review-2018-practice"
    deck.write_inputs(scheme, tmp_path)
    words: list[str | Path] = ["--practices", tmp_path / "practices-1.csv", "--counts", tmp_path / "counts-1.csv"]
    retired = ("--set", "retired=AF006", *deck.settings(scheme))
    said = remit("run", scheme, *words, *retired, "--ignore-unknown", "--out", tmp_path / "run")
    assert said.status == 0, said.err
    found = evaluate(Request(tmp_path / "run", WhatIfQuestion(retired=("AF006",)))).sides
    assert {unit.difference for unit in found.units} == {0}


def test_patients_of_one_item_that_are_given_twice_add_up(tmp_path: Path) -> None:
    run = kept_run("qif-2024-25", tmp_path)
    twice = WhatIfQuestion(patients=(MorePatients(4), MorePatients(6, ("4", "4"))))
    once = WhatIfQuestion(patients=(MorePatients(10, ("4",)), MorePatients(4, ("1a", "1b", "2a", "2b", "3", "5"))))
    found = [evaluate(Request(run, question)).sides for question in (twice, once)]
    assert found[0].units == found[1].units
