"""What holds an NHS number, and what only looks like it. Check digits by hand, beside each number.

943 476 5919: 9×10 + 4×9 + 3×8 + 4×7 + 7×6 + 6×5 + 5×4 + 9×3 + 1×2 = 299 = 27×11 + 2, and 11 − 2 = 9.
999 000 0018: 90 + 81 + 72 + 1×2 = 245 = 22×11 + 3, and 11 − 3 = 8; 999 is set aside for tests.
"""

from __future__ import annotations

import hashlib

import pytest

from remit.core.nhs_numbers import holds_nhs_number, without_nhs_numbers

WRITINGS = {
    "in one piece": "9434765919",
    "blanks": "943 476 5919",
    "hyphens": "943-476-5919",
    "dots": "943.476.5919",
    "underscores": "943_476_5919",
    "slashes": "943/476/5919",
    "blanks that do not break": "943\u00a0476\u00a05919",
    "dashes": "943–476–5919",
    "blanks around hyphens": "943 - 476 - 5919",
    "mixed": "943 476-5919",
    "another grouping": "94347 65919",
    "each digit apart": "9 4 3 4 7 6 5 9 1 9",
    "point nought": "9434765919.0",
    "exponent": "9.434765919E+09",
    "exponent, shortened": "9.43E+09",
    "exponent in small letters": "9.434765919e9",
    "exponent of more digits before the point": "943476.5919E+4",
    "prefix": "NHS:9434765919",
    "prefix without a mark": "NHS9434765919",
    "suffix": "9434765919/1",
    "letters around": "x9434765919y",
    "an apostrophe": "'9434765919",
    "noughts before": "0009434765919",
    "full width": "".join(chr(0xFF10 + int(digit)) for digit in "9434765919"),
    "Arabic-Indic": "٩٤٣٤٧٦٥٩١٩",
    "Devanagari": "९४३४७६५९१९",
    "invisible characters": "943\u200b476\u200b5919",
    "a longer text": "phoned 943 476 5919 twice",
    "after a day": "2024-05-01 943 476 5919",
    "before a day": "9434765919-2024-05-01",
    "of the test range": "9990000018",
}
NONE = {
    "nothing": "",
    "another check digit": "9434765918",
    "nine digits": "943476591",
    "eleven digits": "94347659191",
    "one digit repeated": "2222222222",
    "a day and an hour": "2024-05-01 16",
    "a count of cells": "10*9/L",
    "two blood pressures": "120/80 130/85",
    "rows": "rows 12, 13, 14, 15, 16",
    "pounds": "£9,434,765,919",
    "decimals": "94347659.19",
    "a reading": "bp-2024-05-01-77",
    "an identity": "f47ac10b-58cc-4372-9434765919-02b2c3d479".replace("-9434765919-", "-a567-0e"),
    "a code of SNOMED CT": "999000000000103",
}


@pytest.mark.parametrize("text", WRITINGS.values(), ids=WRITINGS)
def test_every_writing_is_found_and_none_is_shown(text: str) -> None:
    assert holds_nhs_number(text)
    shown = without_nhs_numbers(f"row 7: {text}, sent back")
    assert shown.startswith("row 7: ")
    assert shown.endswith(", sent back")
    assert "[NHS number]" in shown
    assert not holds_nhs_number(shown)


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert not holds_nhs_number(text)
    assert without_nhs_numbers(text) == text


def test_numbers_set_aside_for_tests_are_nobodys() -> None:
    assert not holds_nhs_number("NHS 999 000 0018", of_nobody=False)
    assert holds_nhs_number("999 000 0018 and 943 476 5919", of_nobody=False)


def test_no_pseudonym_is_taken_for_one() -> None:
    made = [hashlib.sha256(str(n).encode()).hexdigest()[:32] for n in range(5000)]
    assert [one for one in made if holds_nhs_number(one)] == []
