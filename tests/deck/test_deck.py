"""Every command says and writes what was recorded; `README.md` beside this file says how to read a difference."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.deck.cases import CASES
from tests.deck.commands import words
from tests.deck.differences import FIGURES, WORDS, differences, listing, parts_of, summary
from tests.deck.inputs import schemes
from tests.deck.playing import MARK, PART, record_of
from tests.deck.records import FOLDER, kept, names

import remit

LIBRARY = Path(remit.__file__).parent / "library" / "schemes"


def test_every_scheme_of_the_library_is_in_the_deck() -> None:
    assert sorted(schemes()) == sorted(path.stem for path in LIBRARY.glob("*.yaml"))


def test_every_case_has_its_record_and_all_are_small() -> None:
    assert names() == sorted(CASES)
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 2_000_000


def test_every_command_and_every_form_of_file_is_in_the_deck() -> None:
    """So that the deck is never emptied unseen."""
    parts = [key for case in CASES for key in parts_of(kept(case))]
    given = {command.split()[0] for command, _ in parts if command}
    assert given >= {
        *words("run statement compare reconcile calendar evaluate explain worklist breakdown show check diff spec"),
        *words("catalogue foi schemes template plan new synth records"),
    }
    assert {Path(part).suffix for _, part in parts} >= {
        ".csv",
        ".json",
        ".html",
        ".xlsx",
        ".pdf",
        ".md",
        ".ics",
        ".yaml",
    }


SOON = [
    case
    for case in CASES
    if case.startswith("refused-")
    or case in ("catalogue-and-foi", "examples", "iif-england", "people-qif", "qif-2024-25")
]
"""The cases that `./test quick` plays: one of each sort."""


@pytest.mark.parametrize("case", SOON)
def test_nothing_differs_from_the_record(case: str) -> None:
    _same(case)


@pytest.mark.slow
@pytest.mark.parametrize("case", [case for case in CASES if case not in SOON])
def test_nothing_differs_from_the_record_of_any_other_case(case: str) -> None:
    _same(case)


def _same(case: str) -> None:
    found = differences(kept(case), record_of(case))
    if found:
        pytest.fail(
            f"{listing(case, found)}\n\nAll of it: make deck. tests/deck/README.md says what to do.", pytrace=False
        )


def one(text: str, part: str = "out") -> str:
    return f"{MARK}show x\n{PART}status\n0\n{PART}{part}\n{text}\n"


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("12 pennies\n3 pennies", "12 pence\n3 pence", [WORDS, WORDS]),
        ("£12.50 is paid", "£12.51 is paid", [FIGURES]),
        ("£12.50 is paid", "£12.5 is paid", [FIGURES]),
        ("£5.00", "-£5.00", [FIGURES]),
        ("4 of 10", "10 of 4", [FIGURES]),
        ("a long text of 2\nlines about 7", "a long text of 2 lines about 7", [WORDS]),
        ("one\ntwo", "one\ntwo\nthree", [WORDS]),
        ("one\ntwo", "one\ntwo\nthree 3", [FIGURES]),
        ("none", "none", []),
    ],
)
def test_a_difference_is_of_its_kind(before: str, after: str, kinds: list[str]) -> None:
    assert [found.kind for found in differences(one(before), one(after))] == kinds


def test_a_part_that_is_gone_or_new_is_seen() -> None:
    gone, new = differences(one("a,1", "award.csv"), one("a,1", "awards.csv"))
    assert {gone.part, new.part} == {"award.csv", "awards.csv"}
    assert gone.kind == new.kind == FIGURES


def test_the_summary_counts_words_by_pair() -> None:
    found = differences(one("12 pennies\n3 pennies"), one("12 pence\n3 pence"))
    assert "pennies → pence ×2" in summary({"x": found})
    assert summary({"x": []}) == "Cases played: 1. Nothing differs."
