"""`remit new` and `remit template`: what they write is accepted at once, runs once filled in, says what is missing."""

from __future__ import annotations

import csv
import itertools
import re
from pathlib import Path

import pytest
from tests.bad_files.command import remit

from remit.core.dates import SchemeYear
from remit.core.problems import Refused
from remit.scheme import load_scheme, scheme_ids
from remit.scheme.kinds import Required
from remit.scheme.lint import lint
from remit.scheme.loader import build, read_with_bases
from remit.scheme.source import parse_source
from remit.scheme.supply import open_inputs
from remit.scheme.template import Naming, kinds_of_scheme, new_text, overlay_text
from remit.scoring.wanted import wanted

KINDS = list(kinds_of_scheme())
OVERLAID = [
    "anticoagulation-joint-staffordshire", "spirometry-staffordshire", "qif-plus-2024-25", "qof-england-2025-26",
    "qof-wales-2018-19", "iif-england",
]  # fmt: skip
"""Schemes that leave tariffs, dates and rules open, one that sizes a part without listing it, and one of 44 items."""

FIGURES = {"NUMERATOR": "60", "DENOMINATOR": "80", "LIST_SIZE": "5000", "REGISTER": "100", "ACTIVITY": "10"}
SUPPLIED = {
    "lower": "40%",
    "upper": "90%",
    "distribution": "equal",
    "merger": "successor",
    "months": "6",
    "share": "50%",
    "pcas": "left out",
    "nobody": "leave the year out",
    "merged": "counts added",
}
WHERE_IT_ARISES = ("nobody", "merged")
"""Rules that a run asks for only where somebody's figures need them."""
BY_UNIT = {
    "pounds": "£40",
    "points": "10",
    "per cent": "90%",
    "number": "30",
    "text": "full year",
    "date": "2026-06-30",
}


def naming(name: str = "our-scheme-2025-26", title: str = "") -> Naming:
    return Naming(name, SchemeYear(2025), title)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fill(path: Path, column: str, value_of: dict[str, str], by: str) -> None:
    """Write a value into a column of every row, found by another column of that row, else 1."""
    found = rows(path)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]), lineterminator="\n")
        writer.writeheader()
        for row in found:
            writer.writerow({**row, column: value_of.get(row[by], "1")})


@pytest.mark.parametrize("kind", KINDS)
def test_a_kinds_file_is_accepted_at_once(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    assert remit("new", "our-scheme-2025-26", "--kind", kind, "--out", path).status == 0
    said = remit("check", path)
    assert said.status == 0
    assert "no errors, no warnings" in said.out
    assert load_scheme(path).scheme == "our-scheme-2025-26"
    assert "$" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_a_kinds_file_runs_once_its_figures_are_filled_in(kind: str, tmp_path: Path) -> None:
    path, inputs = tmp_path / "ours.yaml", tmp_path / "inputs"
    remit("new", "our-scheme-2025-26", "--kind", kind, "--out", path)
    said = remit("template", path, "--out", inputs)
    assert said.status == 0, said.err
    practices = inputs / "practices.csv"
    for column in ("weighted_list_size", "list_size"):
        if column in rows(practices)[0]:
            fill(practices, column, {"practice": "5000"}, "practice_code")
    if (inputs / "counts.csv").exists():
        fill(inputs / "counts.csv", "value", FIGURES, "measure")
    if (inputs / "claims.csv").exists():
        with (inputs / "claims.csv").open("a", encoding="utf-8") as file:
            file.write("P1,a,LEVEL-A,2025-Q1,,,,\nP1,a,START,2025-Q1,,,,\n")
    words: list[str | Path] = ["run", path, "--practices", practices]
    for name in ("counts", "claims"):
        words += [f"--{name}", inputs / f"{name}.csv"] if (inputs / f"{name}.csv").exists() else []

    bare = remit(*words, "--out", tmp_path / "bare")
    assert bare.status == 0, bare.err
    opens = open_inputs(load_scheme(path))
    named = [one.name for one in opens if one.path[0] != "terms" and one.path[-1] not in WHERE_IT_ARISES]
    assert [name for name in named if f"--set {name}=" not in bare.err] == []

    for one in opens:
        value = SUPPLIED.get(str(one.path[-1]), BY_UNIT[one.unit])
        words += ["--set", f"{one.name}={value}"]
    whole = remit(*words, "--out", tmp_path / "whole")
    assert whole.status == 0, whole.err
    assert "what is still missing" not in whole.err, whole.err
    if kind not in ("savings", "rise"):  # as much as before saves nothing, and is no rise
        assert "Pounds awarded £0.00" not in " ".join(whole.out.split())


def test_what_a_scheme_of_steps_is_paid_by_hand(tmp_path: Path) -> None:
    """60 of 80 are 75%, above 60%: 50p for each of 5,000 heads is £2,500, and £5,000 for both practices."""
    path, inputs = tmp_path / "ours.yaml", tmp_path / "inputs"
    remit("new", "our-scheme-2025-26", "--out", path)
    remit("template", path, "--out", inputs)
    fill(inputs / "practices.csv", "weighted_list_size", {"P1": "5000", "P2": "5000"}, "practice_code")
    fill(inputs / "counts.csv", "value", FIGURES, "measure")
    words = ("--practices", inputs / "practices.csv", "--counts", inputs / "counts.csv", "--out", tmp_path / "out")
    assert "£5,000.00" in remit("run", path, *words).out


@pytest.mark.parametrize("pair", list(itertools.combinations(KINDS, 2)), ids="+".join)
def test_two_kinds_make_one_file(pair: tuple[str, str]) -> None:
    source = parse_source(new_text(naming(), pair), "ours.yaml")
    found = build(source)
    assert [finding for finding in lint(found, source) if finding.severity == "warning"] == []
    alone = [build(parse_source(new_text(naming(), (kind,)), "ours.yaml")) for kind in pair]
    items = [i.item for one in alone for i in one.items]
    assert [i.item for i in found.items] == sorted(items, key=lambda code: code == "FLOOR")  # which covers the others


@pytest.mark.parametrize("base", OVERLAID)
def test_an_overlay_has_a_line_for_everything_that_is_open(base: str, tmp_path: Path) -> None:
    path = tmp_path / "over.yaml"
    assert remit("new", "over", "--extends", base, "--out", path).status == 0
    below, above = load_scheme(base), build(source := read_with_bases(path))
    sized = {item.item for item in below.items if isinstance(item.kind, Required)}  # their lines are what is missing
    names = [one.name for one in open_inputs(below)]
    assert [one.name for one in open_inputs(above)] == names
    names = [name for name in names if name.partition(".")[0] not in sized]
    text = path.read_text(encoding="utf-8")
    assert len(re.findall(r": required\b", text)) == len(names)
    assert text.count("# FILL IN") == len(names)
    assert [f for f in lint(above, source) if f.severity == "warning" and f.place and f.place.file == str(path)] == []
    assert [item.item for item in above.items] == [item.item for item in below.items]


def test_a_filled_overlay_pays_what_was_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "over.yaml"
    remit("new", "over", "--extends", "spirometry-staffordshire", "--out", path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("tariff: required", "tariff: £31.50"), encoding="utf-8")
    tariff = load_scheme(path).items[0].kind.tariff  # type: ignore[attr-defined]
    assert (tariff.known(), tariff.source) == (31.5, "contract")


def test_a_part_that_is_only_sized_is_shown_with_an_example(tmp_path: Path) -> None:
    path = tmp_path / "over.yaml"
    remit("new", "over", "--extends", "qif-plus-2024-25", "--out", path)
    text = path.read_text(encoding="utf-8")
    assert "# removed: [remainder]" in text
    assert "#   notified=…" in text
    lines = text.split("# removed")[1].splitlines()
    supplied = text.split("# Parts")[0] + "removed: [remainder]\ntotals: {}\nitems:\n"
    supplied += "\n".join(line.removeprefix("# ") for line in lines[2:] if line).replace("FILL-IN", "X")
    path.write_text(supplied, encoding="utf-8")
    assert load_scheme(path).item("X").kind.most_earned() is not None


def test_a_file_is_never_written_over_unless_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text("mine", encoding="utf-8")
    said = remit("new", "ours", "--out", path)
    assert (said.status, path.read_text(encoding="utf-8")) == (1, "mine")
    assert "--replace" in said.err
    assert remit("new", "ours", "--out", path, "--replace").status == 0
    inputs = tmp_path / "inputs"
    assert remit("template", path, "--out", inputs).status == 0
    kept = (inputs / "counts.csv").read_bytes()
    assert "is there already" in remit("template", path, "--out", inputs, "--optional").err
    assert (inputs / "counts.csv").read_bytes() == kept


def test_claims_that_were_written_down_are_kept(tmp_path: Path) -> None:
    path, inputs = tmp_path / "ours.yaml", tmp_path / "inputs"
    remit("new", "ours", "--kind", "patients", "--out", path)
    remit("template", path, "--out", inputs)
    claims = inputs / "claims.csv"
    claims.write_text(claims.read_text(encoding="utf-8") + "P1,a,LEVEL-A,2025-Q1,,,,\n", encoding="utf-8")
    remit("template", path, "--out", inputs, "--practices", inputs / "practices.csv", "--replace")
    assert len(rows(claims)) == 1


def test_the_name_that_services_share_is_left_to_be_agreed() -> None:
    found = build(parse_source(new_text(naming(), ["patients"]), "ours.yaml"))
    assert found.claims
    assert found.claims.exclusive == "FILL-IN"


def test_one_set_of_files_for_several_schemes(tmp_path: Path) -> None:
    """The lists, the gates and the eligibility of all, each once; those that are claimed run together on them."""
    inputs, names = tmp_path / "inputs", []
    for n, kind in enumerate(("patients", "activity", "steps")):
        names.append(tmp_path / f"{kind}.yaml")
        remit("new", f"ours-{n}-2025-26", "--kind", kind, "--out", names[-1])
    text = names[0].read_text(encoding="utf-8")
    names[0].write_text(text.replace("eligible: false", "eligible: true"), encoding="utf-8")
    said = remit("template", *names[:2], "--out", inputs)
    assert list(rows(inputs / "practices.csv")[0]) == [
        "practice_code", "practice_name", "eligible_from", "eligible_to", "joined", "left", "successor_code",
    ]  # fmt: skip
    assert {row["indicator_code"] for row in rows(inputs / "counts.csv")} == {"shown"}
    assert f"{names[0]} {names[1]} --practices" in said.out
    fill(inputs / "practices.csv", "eligible_from", {"P1": "2025-04-01", "P2": "2025-04-01"}, "practice_code")
    fill(inputs / "counts.csv", "value", {}, "measure")
    with (inputs / "claims.csv").open("a", encoding="utf-8") as file:
        file.write("P1,a,LEVEL-A,2025-Q1,,,,\nP1,a,ACTIVITY,2025-Q1,,,,\n")
    words = said.out.split("remit run ")[1].split()
    run = remit("run", *words[:-1], tmp_path / "out")
    assert run.status == 0, run.err
    assert "Claims: 2 counted, 0 refused, 0 held" in run.out
    again = remit("template", *names, "--out", inputs, "--replace")
    assert again.status == 0
    found = [(row["practice_code"], row["indicator_code"], row["measure"]) for row in rows(inputs / "counts.csv")]
    assert ("P2", "shown", "DECLARED") in found
    assert ("P2", "CARE", "NUMERATOR") in found
    assert "weighted_list_size" in rows(inputs / "practices.csv")[0]
    apart = remit("template", *names[1:], "--out", tmp_path / "apart")
    assert f"Then for each: remit run {names[1]} --practices" in apart.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["new"], "name the scheme"),
        (["new", "Our Scheme 2025/26"], "Such as our-scheme-2025-26"),
        (["new", "ours", "--kind", "step"], "Did you mean steps"),
        (["new", "ours", "--year", "2025-27"], "--year: expected a year written as 2024-25"),
        (["new", "ours", "--out", "ours.txt"], "a scheme file ends in .yaml"),
        (["new", "ours", "--extends", "spirometry"], "there is no scheme 'spirometry'"),
        (["new", "ours", "--extends", "qif-2024-25", "--kind", "steps"], "leave --kind out"),
        (["template", "no-such-scheme"], "there is no scheme"),
    ],
)
def test_what_cannot_be_written_is_refused(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = remit(*words)
    assert said.status == 1
    assert told in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "title", ["Care: plans #1", "'quoted' \"twice\"", "no", "{braces} & *stars*", "two\nlines $id"]
)
def test_any_title_is_read_back(title: str) -> None:
    found = build(parse_source(new_text(naming(title=title)), "ours.yaml"))
    assert found.title == " ".join(title.split())


def test_the_year_is_the_ids_or_as_said() -> None:
    assert "year: 2025-26 " in new_text(naming())
    with pytest.raises(Refused):
        Naming("a_b", SchemeYear(2025))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("year", "head"),
    [("2025", "year: 2025 # 1 January to 31 December\n"), ("2025-07 to 2026-06", "2026-06 # 1 July to 30 June\n")],
)
def test_a_kinds_file_is_of_any_twelve_months(kind: str, year: str, head: str) -> None:
    text = new_text(Naming("our-scheme", SchemeYear.of_any_month(year)), [kind])
    assert head in text
    source = parse_source(text, "ours.yaml")
    assert [finding for finding in lint(build(source), source) if finding.severity == "warning"] == []


def test_the_command_takes_any_year(tmp_path: Path) -> None:
    assert remit("new", "our-scheme", "--year", "2025", "--out", tmp_path / "ours.yaml").status == 0
    assert str(load_scheme(tmp_path / "ours.yaml").achievement_date) == "2025-12-31"


def test_every_kind_is_listed() -> None:
    said = remit("new", "--list").out
    assert [kind for kind in KINDS if f"\n{kind} " not in said] == []


def test_the_figures_of_a_scheme_are_all_that_its_run_asks_for() -> None:
    """Of QIF 2024/25, by its specification: 1a is a register over the list; item 5 changes its indicator."""
    found = {(one.subject, one.measure): one for one in wanted(load_scheme("qif-2024-25"))}
    assert found["1a", "REGISTER"].optional is False
    assert found["1a", "LIST_SIZE"].optional is True  # the practice's own list does
    assert {"CHOL002", "CHOL004"} <= {subject for subject, _ in found}
    assert ("5", "NUMERATOR") not in found


def test_every_scheme_that_ships_has_figures_and_an_overlay(tmp_path: Path) -> None:
    for name in scheme_ids():
        assert wanted(load_scheme(name)), name
        path = tmp_path / f"{name}.yaml"
        path.write_text(overlay_text(Naming("over", load_scheme(name).year), name), encoding="utf-8")
        assert load_scheme(path).items


def test_counts_have_a_row_for_each_practice_of_the_file(tmp_path: Path) -> None:
    practices = tmp_path / "practices.csv"
    practices.write_text("practice_code,practice_name,weighted_list_size\nA1,Abbey,5000\nB2,Brook,6000\n")
    path = tmp_path / "ours.yaml"
    remit("new", "ours", "--year", "2025-26", "--out", path)
    remit("template", path, "--practices", practices, "--out", tmp_path / "inputs")
    found = rows(tmp_path / "inputs" / "counts.csv")
    assert [(row["practice_code"], row["measure"]) for row in found] == [
        ("A1", "NUMERATOR"), ("A1", "DENOMINATOR"), ("B2", "NUMERATOR"), ("B2", "DENOMINATOR"),
    ]  # fmt: skip
    assert not (tmp_path / "inputs" / "practices.csv").exists()


def test_next_years_file_names_the_one_below_from_its_own_folder(tmp_path: Path) -> None:
    below = tmp_path / "ours.yaml"
    remit("new", "ours-2025-26", "--out", below)
    above = tmp_path / "next" / "ours.yaml"
    assert remit("new", "ours-2026-27", "--extends", below, "--out", above).status == 0
    assert "extends: ../ours.yaml" in above.read_text(encoding="utf-8")
    assert load_scheme(above).achievement_date.isoformat() == "2027-03-31"


def test_a_template_asks_for_the_lists_of_caps_and_for_the_years_of_a_baseline(tmp_path: Path) -> None:
    """Though a baseline's counts may be left out: who leaves them out has no baseline."""
    path = tmp_path / "tests.yaml"
    text = new_text(naming(), ["activity", "target"]).replace("# most_per_1000: 4", "most_per_1000: 4")
    path.write_text(text, encoding="utf-8")
    assert remit("template", path, "--out", tmp_path / "inputs").status == 0
    assert "list_size" in rows(tmp_path / "inputs" / "practices.csv")[0]
    periods = {row["period"] for row in rows(tmp_path / "inputs" / "counts.csv") if row["indicator_code"] == "TARGET"}
    assert periods == {"", "2024-25"}
