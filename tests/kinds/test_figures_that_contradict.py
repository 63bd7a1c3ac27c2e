"""The kind: figures of one practice of which one must be wrong. Nothing that rests on them is final, and each is said.

A table of the pairs of figures that can contradict one another, with the words on the screen and beside the item; a
second one of figures that are only unlikely, which are said and stay final; and a third of figures that fit, though
they look alike: nothing is said of those.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

import remit
from remit.cli.main import app
from remit.documents.statement.making import statement

QIF = """\
A1,1a,REGISTER,84
A1,1b,NUMERATOR,39
A1,1b,DENOMINATOR,100
A1,2a,NUMERATOR,41
A1,2a,DENOMINATOR,100
A1,2b,NUMERATOR,46
A1,2b,DENOMINATOR,100
A1,3,NUMERATOR,55
A1,3,DENOMINATOR,100
A1,4,NUMERATOR,73
A1,4,DENOMINATOR,100
A1,4,PCAS,8
A1,CHOL004,NUMERATOR,36
A1,CHOL004,DENOMINATOR,100
A1,6,REGISTER,408
A1,6,LIST_SIZE,8000
"""
DAY = "chol004_from=2024-12-05"


class Ran:
    """What a run says on the screen and writes."""

    def __init__(self, folder: Path, scheme: str, lists: tuple[str, str], counts: str, *settings: str) -> None:
        self.out = folder / "out"
        size, weighted = lists
        header = "practice_code,practice_name,place_code,list_size,weighted_list_size"
        (folder / "practices.csv").write_text(f"{header}\nA1,A,cannock-chase,{size},{weighted}\n")
        (folder / "counts.csv").write_text(f"practice_code,indicator_code,measure,value,period\n{_periods(counts)}")
        words = ["run", scheme, "--practices", str(folder / "practices.csv"), "--counts", str(folder / "counts.csv")]
        words += [word for setting in settings for word in ("--set", setting)] + ["--out", str(self.out)]
        ended = CliRunner().invoke(app, words)
        assert ended.exit_code == 0, ended.output
        self.screen = " ".join(ended.output.split())
        self.payment = next(iter(csv.DictReader((self.out / "payment.csv").open())))
        self.reasons = {r["indicator_code"]: r["reason"] for r in csv.DictReader((self.out / "award.csv").open())}


def _periods(counts: str) -> str:
    return "".join(f"{line}{',' * (4 - line.count(','))}\n" for line in counts.splitlines())


def qif(
    folder: Path, change: tuple[str, str] = ("", ""), lists: tuple[str, str] = ("10500", "10000"), day: str = DAY
) -> Ran:
    """QIF's worked example with a change of its counts or lists."""
    assert change[0] in QIF
    counts = QIF.replace(change[0], change[1]) if change[0] else QIF + change[1]
    return Ran(folder, "qif-2024-25", lists, counts, day)


def qof(folder: Path, counts: str, size: str = "8000") -> Ran:
    return Ran(folder, "qof-england-2018-19", (size, ""), counts)


AF = "A1,AF,REGISTER,{register}\nA1,AF007,NUMERATOR,90\nA1,AF007,DENOMINATOR,100\nA1,AF007,PCAS,{pcas}\n"
CERTAIN = [
    (
        "weighted a thousandth of registered",
        {"lists": ("10500", "10.000")},
        "1a",
        "weighted_list_size 10 beside list_size 10,500",
    ),
    (
        "weighted a hundredth of registered",
        {"lists": ("10500", "100")},
        "6",
        "weighted_list_size 100 beside list_size 10,500",
    ),
    ("weighted a hundred times registered", {"lists": ("10500", "1000000")}, "6", "is 95.2 times as long"),
    (
        "weighted a thousandth of the whole list that counts give",
        {"lists": ("", "10"), "change": ("", "A1,1a,LIST_SIZE,10500\n")},
        "6",
        "weighted_list_size 10 beside LIST_SIZE 10,500 of 1a",
    ),
    ("registered 0 beside weighted", {"lists": ("0", "10000")}, "2a", "weighted_list_size 10000 beside list_size 0"),
    ("weighted 0 beside registered", {"lists": ("10500", "0")}, "2a", "weighted_list_size 0 beside list_size 10,500"),
    (
        "a group's list above the list",
        {"change": ("6,LIST_SIZE,8000", "6,LIST_SIZE,80000")},
        "6",
        "is above the whole list of 10,500",
    ),
    (
        "the whole list as another list",
        {"change": ("", "A1,1a,LIST_SIZE,105000\n")},
        "1a",
        "LIST_SIZE 105,000 of 1a is of the whole list",
    ),
    (
        "a register above the list",
        {"change": ("1a,REGISTER,84", "1a,REGISTER,84000")},
        "1a",
        "REGISTER 84,000 of 1a is above the list",
    ),
    (
        "more people than the list",
        {"change": ("3,DENOMINATOR,100", "3,DENOMINATOR,100000")},
        "3",
        "whose list has 10,500",
    ),
    (
        "PCAs that the list cannot have",
        {"change": ("4,PCAS,8", "4,PCAS,80000")},
        "4",
        "PCAS 80,000 of 4 are people of the practice",
    ),
    (
        "people above the item's register",
        {"change": ("", "A1,4,REGISTER,90\n")},
        "4",
        "on the register of HYP, which has 90",
    ),
    ("list 0 beside people", {"lists": ("0", "0")}, "2a", "whose list has nobody on it"),
]


@pytest.mark.parametrize(("more", "item", "said"), [pytest.param(*rest, id=name) for name, *rest in CERTAIN])
def test_one_of_two_figures_must_be_wrong(
    tmp_path: Path, more: dict[str, tuple[str, str]], item: str, said: str
) -> None:
    ran = qif(tmp_path, **more)  # type: ignore[arg-type]
    assert said in ran.screen
    assert "warning" in ran.screen
    assert said in ran.reasons[item]
    assert said in ran.payment["reason"]
    assert ran.payment["status"] == "provisional"
    made = statement(remit.open_run(ran.out), "A1")
    assert any(said in view.award.reason for section in made.sections for view in section.items)


@pytest.mark.parametrize(
    ("register", "pcas", "said"),
    [
        ("0", "0", "on the register of AF, which has nobody on it"),
        ("100", "8", "DENOMINATOR 100 and PCAS 8 of AF007 are people on the register of AF, which has 100"),
        ("50", "0", "which has 50"),
    ],
)
def test_register_0_beside_people_counted_on_it(tmp_path: Path, register: str, pcas: str, said: str) -> None:
    """The £0.00 of the register has the reason beside it, as has the item that counts its people."""
    ran = qof(tmp_path, AF.format(register=register, pcas=pcas))
    for item in ("AF001", "AF007"):
        assert said in ran.reasons[item]
    assert said in ran.screen


@pytest.mark.parametrize(("item", "counted"), [("DM017", "DM012"), ("AF001", "AF007")])
def test_a_register_under_its_items_code_beside_people_counted_on_it(tmp_path: Path, item: str, counted: str) -> None:
    counts = f"A1,{item},REGISTER,0\nA1,{counted},NUMERATOR,50\nA1,{counted},DENOMINATOR,60\n"
    ran = qof(tmp_path, counts)
    said = f"DENOMINATOR 60 of {counted} are people on the register of {item[:2]}, which has nobody on it"
    assert said in ran.screen
    for code in (item, counted):
        assert said in ran.reasons[code]


@pytest.mark.parametrize("day", ["2023-12-05", "2025-12-05", "1924-12-05"])
def test_a_change_of_date_outside_the_year_is_said_beside_the_item(tmp_path: Path, day: str) -> None:
    counted = "CHOL002" if day > "2025" else "CHOL004"
    ran = qif(tmp_path, ("CHOL004", counted), day=f"chol004_from={day}")
    said = f"The day chol004_from, {day}, is {'after' if day > '2025' else 'before'} the year 2024-25"
    assert said in ran.screen
    assert said in ran.reasons["5"]


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("notified=2024-06-02", "notified is 2024-06-02, before the year ends"),
        ("notified=2125-06-02", "notified is 2125-06-02, more than two years after"),
        ("balance_due=2024-07-31", "balance_due is 2024-07-31, before the year ends"),
    ],
)
def test_a_day_of_settlement_before_the_year_ends_is_said(tmp_path: Path, setting: str, said: str) -> None:
    assert said in Ran(tmp_path, "qif-2024-25", ("10500", "10000"), QIF, DAY, setting).screen


UNLIKELY = [
    ("weighted a fourth of registered", {"lists": ("10500", "2600")}, "1a", "check whether both are right"),
    ("weighted six times registered", {"lists": ("10500", "63000")}, "1a", "is 6 times as long"),
    ("the whole list 20% shorter", {"change": ("", "A1,1a,LIST_SIZE,8400\n")}, "1a", "LIST_SIZE 8,400 of 1a"),
    (
        "the year before",
        {"change": ("", "A1,4,DENOMINATOR,90000,2023-24\nA1,4,PCAS,9000,2023-24\n")},
        "4",
        "The 99,000 people of 4",
    ),
]


@pytest.mark.parametrize(("more", "item", "said"), [pytest.param(*rest, id=name) for name, *rest in UNLIKELY])
def test_what_is_unlikely_is_said_and_stays_final(
    tmp_path: Path, more: dict[str, tuple[str, str]], item: str, said: str
) -> None:
    ran = qif(tmp_path, **more)  # type: ignore[arg-type]
    assert said in ran.screen
    assert said in ran.reasons[item]
    assert ran.payment["status"] == "final"


FITS = [
    ("as the worked example", {}),
    ("more deaths than the palliative register has", {"change": ("1b,DENOMINATOR,100", "1b,DENOMINATOR,120")}),
    ("the list of 15 months later, 9% longer", {"change": ("", "A1,1a,LIST_SIZE,11400\n")}),
    ("a practice of students", {"lists": ("18158", "9907.36")}),
    ("a practice of homeless people", {"lists": ("10780", "46235.10")}),
    ("no list given", {"lists": ("", "10000"), "change": ("", "A1,1a,LIST_SIZE,10500\n")}),
]


@pytest.mark.parametrize("more", [pytest.param(more, id=name) for name, more in FITS])
def test_nothing_is_said_of_what_fits(tmp_path: Path, more: dict[str, tuple[str, str]]) -> None:
    ran = qif(tmp_path, **more)  # type: ignore[arg-type]
    assert "warning" not in ran.screen
    assert ran.payment["status"] == "final"


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param(
            "A1,SMOK,REGISTER,100\nA1,SMOK004,NUMERATOR,900\nA1,SMOK004,DENOMINATOR,1000\n",
            id="smokers of 15 and over are not those with a long-term condition",
        ),
        pytest.param("A1,BP,REGISTER,100\nA1,BP002,NUMERATOR,900\nA1,BP002,DENOMINATOR,1000\n", id="blood pressure"),
        pytest.param("A1,DEP,REGISTER,5\nA1,DEP003,NUMERATOR,6\nA1,DEP003,DENOMINATOR,7\n", id="new depression"),
        pytest.param("A1,AF,REGISTER,1000\nA1,AF007,NUMERATOR,900\nA1,AF007,DENOMINATOR,1002\n", id="0.2% more"),
    ],
)
def test_no_false_alarm_where_the_people_are_not_those_of_the_register(tmp_path: Path, counts: str) -> None:
    ran = qof(tmp_path, counts)
    assert "do-not-fit" not in ran.screen
    assert "above-" not in ran.screen


@pytest.mark.parametrize(
    ("denominator", "pcas"), [("100000", "12500"), ("100000000", "12500000"), ("9" * 15, "9" * 14)]
)
@pytest.mark.parametrize("size", ["10500", ""])
def test_a_mistyped_count_ends_at_once(tmp_path: Path, denominator: str, pcas: str, size: str) -> None:
    """100,000 and 12,500 took the sum 22 seconds, a million never ended; with no list nothing says what can be."""
    change = "4,DENOMINATOR,100\nA1,4,PCAS,8", f"4,DENOMINATOR,{denominator}\nA1,4,PCAS,{pcas}"
    ran = qif(tmp_path, change, (size, "10000"))
    assert ran.payment["status"] == "provisional"  # without a list, 1a waits for it
    assert ("counts.above-list" in ran.screen) == bool(size)


def test_a_new_code_that_is_paid_for_the_lists_that_it_took_over_has_no_empty_list(tmp_path: Path) -> None:
    """The guide has its own list set to 0; nobody is paid for only where those that it took over have nobody either."""
    header = "practice_code,practice_name,place_code,list_size,weighted_list_size,joined,left,successor_code"
    counts = tmp_path / "counts.csv"
    counts.write_text(f"practice_code,indicator_code,measure,value\n{QIF}")
    for weighted, empty in ((10000, False), (0, True)):
        old = f"A2,B,cannock-chase,{weighted},{weighted},,2024-12-31,A1"
        practices, out = tmp_path / f"practices-{weighted}.csv", tmp_path / f"out-{weighted}"
        practices.write_text(f"{header}\nA1,A,cannock-chase,0,0,2025-01-01,,\n{old}\n")
        words = ["run", "qif-2024-25", "--practices", str(practices), "--counts", str(counts), "--out", str(out)]
        words += ["--set", "mergers=successor", "--set", "joiners=days", "--set", "leavers=days", "--set", DAY]
        ended = CliRunner().invoke(app, words)
        assert ended.exit_code == 0, ended.output
        assert (
            "weighted_list_size is 0, so there are no patients to pay for" in " ".join(ended.output.split())
        ) == empty
