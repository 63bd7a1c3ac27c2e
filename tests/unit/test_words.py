"""Fields and conditions in plain words, as somebody reads them who builds the search by hand."""

from __future__ import annotations

import pytest

from remit.rules import model as r
from remit.rules.definitions import shipped
from remit.rules.parse import parse_condition, parse_field
from remit.rules.words import condition_words, field_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("BP_DAT > (PPED - 12 months)", "BP_DAT is after 12 months before the payment period's end"),
        ("BP_DAT <= (PPED - 1 year)", "BP_DAT is on or before 1 year before the payment period's end"),
        ("BPSYS_VAL <= 140", "BPSYS_VAL is at most 140"),
        ("A_DAT = B_DAT", "A_DAT is B_DAT"),
        ("HYPRES_DAT = Null", "there is no HYPRES_DAT"),
        ("DM_DAT3 > PPSD", "DM_DAT3 is after the payment period's start"),
        ("PAT_SEX = female", "the sex is female"),
        ("age on HYP_DAT < 40", "the age on HYP_DAT is below 40"),
        ("on CHD_REG and not on DM_REG", "the patient is on CHD_REG, and the patient is not on DM_REG"),
        ("at least 6 of CARE", "at least 6 of the parts of CARE are met"),
        ("A_DAT = Null and (B_DAT = Null or C_DAT = Null)",
         "there is no A_DAT, and (there is no B_DAT, or there is no C_DAT)"),
    ],
)  # fmt: skip
def test_a_condition_in_words(text: str, words: str) -> None:
    assert condition_words(parse_condition(text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("latest A_COD or B_COD", "the date of the latest record in A_COD or B_COD"),
        ("earliest A_COD where date >= QSSD",
         "the date of the earliest record in A_COD, of those for which its date is on or after the service's start"),
        ("latest A_COD where episode = Null",
         "the date of the latest record in A_COD, of those for which it has no episode type"),
        ("latest A_COD where (any B_COD where date = X_DAT)",
         "the date of the latest record in A_COD, of those for which there is a record in B_COD, "
         "for which its date is the date of the record itself"),
        ("lowest value of A_COD on A_DAT in mmHg", "the lowest value in A_COD on A_DAT, in mmHg"),
        ("later of A_DAT and B_DAT", "the later of A_DAT and B_DAT"),
        ("count days of A_COD", "how many days there are in A_COD"),
        ("latest reading of A_COD with B_COD", "the latest reading that has a value in A_COD and B_COD"),
    ],
)  # fmt: skip
def test_a_field_in_words(text: str, words: str) -> None:
    assert field_words(parse_field(text), "X_DAT") == words


def test_dates_are_named_so_that_words_can_tell_them_from_numbers() -> None:
    """`is after` and not `is above`: every date field that ships ends in _DAT, perhaps with a number."""
    known = shipped()
    for definition in [*known.registers.values(), *known.indicators.values()]:
        for name, field in definition.fields.items():
            if isinstance(field, r.Pick | r.Span | r.DateOf):
                assert f"{name} is after" in condition_words(r.Compare(r.Name(name), ">", r.Name("X"))), name
