"""The kind: a number of a scheme that is not the one in the source's words beside it, in common English.

Two tables: phrasings, each with the number that it states; and mistakes planted in a sound file, each of which must be
seen at its place. All schemes of the library are run for false alarms.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from tests.bad_files.command import remit

from remit.scheme import scheme_ids
from remit.scheme.lint import lint
from remit.scheme.loader import build, find, read_with_bases
from remit.scheme.phrases import pairs, stated_numbers
from remit.scheme.source import parse_source

AIRWAYS = Path(__file__).parents[2] / "examples" / "local-scheme" / "exampleshire-airways-2025-26.yaml"

PHRASINGS = [
    # (words, unit, value, sign)
    ("40% or more", "per cent", "2/5", ">="),
    ("40% and above", "per cent", "2/5", ">="),
    ("40% or over", "per cent", "2/5", ">="),
    ("40% or higher", "per cent", "2/5", ">="),
    ("40% of patients or more", "per cent", "2/5", ">="),
    ("40% (or more)", "per cent", "2/5", ">="),
    ("40%+", "per cent", "2/5", ">="),
    ("not less than 40%", "per cent", "2/5", ">="),
    ("no less than 40%", "per cent", "2/5", ">="),
    ("at least 40 per cent", "per cent", "2/5", ">="),
    ("a minimum of 40 percent", "per cent", "2/5", ">="),
    ("at or above 40%", "per cent", "2/5", ">="),
    ("greater than or equal to 40%", "per cent", "2/5", ">="),
    ("from 40%", "per cent", "2/5", ">="),
    ("≥ 40%", "per cent", "2/5", ">="),
    ("more than 40%", "per cent", "2/5", ">"),
    ("above 40%", "per cent", "2/5", ">"),
    ("over 40%", "per cent", "2/5", ">"),
    ("exceeding 40%", "per cent", "2/5", ">"),
    ("in excess of forty per cent", "per cent", "2/5", ">"),
    ("more than half of the patients", "per cent", "1/2", ">"),
    ("up to 40%", "per cent", "2/5", "<="),
    ("no more than 40%", "per cent", "2/5", "<="),
    ("40% or less", "per cent", "2/5", "<="),
    ("40% and below", "per cent", "2/5", "<="),
    ("less than 40%", "per cent", "2/5", "<"),
    ("under 40%", "per cent", "2/5", "<"),
    ("40% of patients aged 65 and over", "per cent", "2/5", ""),
    ("the payment is cut in half", "per cent", "1/2", ""),
    ("three quarters of the award", "per cent", "3/4", ""),
    ("two thirds of the award", "per cent", "2/3", ""),
    ("split 50/50", "per cent", "1/2", ""),
    ("20p", "pounds", "1/5", ""),
    ("20 pence", "pounds", "1/5", ""),
    ("twenty-five pence", "pounds", "1/4", ""),
    ("£1.20 per patient", "pounds", "6/5", ""),
    ("£1,500", "pounds", "1500", ""),
    ("500 pounds", "pounds", "500", ""),
    ("up to £1.20", "pounds", "6/5", "<="),
    ("capped at £25,000 a year", "pounds", "25000", "<="),
    ("limited to £300", "pounds", "300", "<="),
    ("a ceiling of £500", "pounds", "500", "<="),
    ("not to exceed £20,000", "pounds", "20000", "<="),
    ("GBP 54", "pounds", "54", ""),
    ("GBP1,200 a year", "pounds", "1200", ""),
    ("up to GBP 300", "pounds", "300", "<="),
    ("54 GBP", "pounds", "54", ""),
    ("six in ten patients", "per cent", "3/5", ""),
    ("at least 9 in 10.", "per cent", "9/10", ">="),
    ("more than nine out of ten patients", "per cent", "9/10", ">"),
    ("one in four of them", "per cent", "1/4", ""),
    ("£1.2m", "pounds", "1200000", ""),
    ("beyond 40%", "per cent", "2/5", ">"),
    ("over three months", "months", "3", ""),
    ("no more than a 6 month period", "months", "6", ""),
    ("in twelve equal monthly instalments", "instalments", "12", ""),
    ("six equal monthly payments", "instalments", "6", ""),
    ("within 30 days", "days", "30", ""),
    ("12 points", "points", "12", ""),
]


@pytest.mark.parametrize(("words", "unit", "value", "sign"), PHRASINGS, ids=[words for words, *_ in PHRASINGS])
def test_a_phrase_states_its_number(words: str, unit: str, value: str, sign: str) -> None:
    found = [one for one in stated_numbers(words) if one.unit == unit]
    assert [(one.value, one.sign) for one in found] == [(Fraction(value), sign)]


@pytest.mark.parametrize("words", ["40–90%", "40-90%", "40 to 90 per cent", "between 40 and 90%", "from 40% to 90%"])
def test_both_ends_of_a_range(words: str) -> None:
    assert [one.value for one in stated_numbers(words)] == [Fraction(2, 5), Fraction(9, 10)]


LINE = """scheme: ours
extends: qof-england-2018-19
version: "1"
title: Ours
items:
  - {item: AF007, pays: {linear: {lower: LOWER, upper: UPPER}}, words: "Twelve points, on a line from RANGE."}
"""


@pytest.mark.parametrize(
    ("lower", "upper", "said", "seen"),
    [
        ("40%", "90%", "40–90%", 0), ("45%", "90%", "40–90%", 1), ("40%", "92%", "40 to 90 per cent", 1),
        ("40%", "90%", "between 40% and 90% (not 100)", 0),
    ],
)  # fmt: skip
def test_the_thresholds_of_a_line(lower: str, upper: str, said: str, seen: int, tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(LINE.replace("LOWER", lower).replace("UPPER", upper).replace("RANGE", said), encoding="utf-8")
    assert remit("check", path, "--no-notes").out.count("[lint.words-differ]") == seen


@pytest.mark.parametrize(
    ("words", "needed", "whole"),
    [
        ("two of the three", 2, 3), ("3 of 4 elements", 3, 4), ("three out of five priorities", 3, 5),
        ("any two of the following", 2, 0), ("all three", 3, 3), ("both of them", 2, 2),
    ],
)  # fmt: skip
def test_so_many_of_so_many(words: str, needed: int, whole: int) -> None:
    assert [(one.value, one.whole) for one in stated_numbers(words) if one.unit == "of"] == [(needed, whole)]


@pytest.mark.parametrize(
    "words",
    [
        "one in 2017",
        "level 1 in 10 practices",
        "the first half of the year",
        "CC1-9: Access standards",
        "by 31 May",
        "in 2017/18",
        "Level 1 plus Dementia",
    ],
)
def test_words_that_state_no_number_of_a_scheme(words: str) -> None:
    assert stated_numbers(words) == []


@pytest.mark.parametrize(
    "words",
    ["more than 50% 20p, >65% 50p", "20p for more than 50%, 50p above 65%", "50% or over pays 20 pence and 65%+ 50p"],
)
def test_each_amount_belongs_to_its_threshold(words: str) -> None:
    found = [(str(threshold.value), str(amount.value)) for threshold, amount in pairs(stated_numbers(words))]
    assert found == [("1/2", "1/5"), ("13/20", "1/2")]


WORDED = (
    AIRWAYS.read_text(encoding="utf-8")
    .replace("more than 50% 20p,\n      >65% 50p.", "20 pence for more than half\n      of patients, 50p over 65%.")
    .replace("at least\n      40% 30p, at least 60% 70p.", "40% or more\n      30p, not less than 60% seventy pence.")
    .replace("care is paid £500.", "care is paid £500. All two\n      are needed.")
)
MISTAKES = [
    ("a threshold after 'half'", "above 50% pays 20p", "above 55% pays 20p", "55% is not in the words"),
    ("'or more' read as more than", "from 40% pays 30p", "above 40% pays 30p", "have >=40%"),
    ("'not less than' read as more than", "from 60% pays 70p", "above 60% pays 70p", "have >=60%"),
    ("'over' read as at least", "above 65% pays 50p", "from 65% pays 50p", "have >65%"),
    ("'more than half' read as at least", "above 50% pays 20p", "from 50% pays 20p", "have >50%"),
    ("pence of a step", "above 50% pays 20p", "above 50% pays 25p", "25p is not in the words"),
    ("pence of two thresholds exchanged", "20 pence for more than half\n      of patients, 50p over",
     "50p for more than half\n      of patients, 20 pence over", "the words beside it pay 50p there"),
    ("a step left out", "          - above 50% pays 20p\n", "", "pay 20p at 50%, and no step does"),
    ("pounds of a gateway", "pays: £500", "pays: £550", "£550, but the words beside it have £500"),
    ("how many of a gateway's elements", "needs: all", "needs: 1", "1 of 2, but the words beside it have 2 of 2"),
    ("the share in advance", "share: 60%", "share: 65%", "65%, but the words beside it have 60%"),
    ("the number of instalments", "instalments: 6", "instalments: 12",
     "12 instalments, but the words beside it have 6"),
    ("the months of a recovery", "months: 3", "months: 6", "6 months, but the words beside it have 3"),
]  # fmt: skip


def warned(text: str) -> list[str]:
    source = parse_source(text, "ours.yaml")
    return [one.message for one in lint(build(source), source) if one.code == "lint.words-differ"]


def test_the_sound_file_is_not_doubted() -> None:
    assert warned(AIRWAYS.read_text(encoding="utf-8")) == []
    assert AIRWAYS.read_text(encoding="utf-8") != WORDED
    assert warned(WORDED) == []


@pytest.mark.parametrize(("what", "before", "after", "said"), MISTAKES, ids=[what for what, *_ in MISTAKES])
def test_a_planted_mistake_is_seen(what: str, before: str, after: str, said: str) -> None:
    text = WORDED.replace(before, after)
    assert text != WORDED
    text = text.replace("totals:\n  most: £1.20\n  items: 3\n", "")
    found = warned(text)
    assert len(found) == (2 if "exchanged" in what else 1), found
    assert said in found[0], what


CLINIC = """
  - item: "3"
    title: A clinic
    pays:
      activity: {tariff: £40, most: "£2,000", did_not_attend: {pays: SHARE}}
    words: £40 for each clinic, up to £2,000 in the year. Where the patient did not attend the payment is CUT.
"""


@pytest.mark.parametrize(
    ("cut", "share", "tariff", "most", "seen"),
    [
        ("cut in half", "50%", "£40", "£2,000", []),
        ("cut in half", "40%", "£40", "£2,000", ["40%, but the words beside it have 50%"]),
        ("reduced by 25%", "75%", "£40", "£2,000", []),
        ("cut in half", "50%", "£45", "£2,000", ["£45, but the words beside it have £40"]),
        ("cut in half", "50%", "£40", "£3,000", ["£3,000, but the words beside it have £2,000"]),
    ],
)
def test_shares_caps_and_cuts(cut: str, share: str, tariff: str, most: str, seen: list[str]) -> None:
    clinic = CLINIC.replace("CUT", cut).replace("SHARE", share).replace("tariff: £40", f"tariff: {tariff}")
    text = AIRWAYS.read_text(encoding="utf-8").replace("totals:\n  most: £1.20\n  items: 3\n", "")
    found = warned(text + clinic.replace('most: "£2,000"', f'most: "{most}"'))
    assert [one.replace(".00", "") for one in found] == [f"item 3: {text}." for text in seen]


@pytest.mark.parametrize("name", scheme_ids())
def test_no_scheme_of_the_library_gives_a_false_alarm(name: str) -> None:
    source = read_with_bases(find(name))
    assert [one for one in lint(build(source), source) if one.code == "lint.words-differ"] == []


def test_check_names_the_place(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(AIRWAYS.read_text(encoding="utf-8").replace("months: 3", "months: 6"), encoding="utf-8")
    said = remit("check", path, "--no-notes").out
    line = next(n for n, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if "months: 6" in text)
    assert f":{line}:" in said
    assert "recovery: 6 months, but the words beside it have 3. [lint.words-differ]" in said
