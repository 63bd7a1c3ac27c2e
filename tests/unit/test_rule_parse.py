"""The text of fields and conditions: what it is read as, and how it is printed again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from remit.rules import model as r
from remit.rules.parse import Unclear, parse_condition, parse_field
from remit.rules.printing import condition_text, field_text


def test_a_published_rule_is_read_as_it_stands() -> None:
    """HYP003, rule 2."""
    found = parse_condition("BPSYS_VAL <= 140 and BP_DAT > (PPED - 12 months)")
    assert found == r.Every((
        r.Compare(r.Name("BPSYS_VAL"), "<=", r.Constant(Decimal(140))),
        r.Compare(r.Name("BP_DAT"), ">", r.Shift(r.Name("PPED"), -12, "month")),
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("A_DAT>PPED-12 months", "A_DAT > (PPED - 12 months)"),
        ("((A_DAT = Null))", "A_DAT = Null"),
        ("A_DAT > PPED - 1 months + 7 day", "A_DAT > (PPED - 1 month + 7 days)"),
        ("A_DAT > ((PPED - 1 month) + 7 days)", "A_DAT > (PPED - 1 month + 7 days)"),
        ("(A_DAT = Null or B_DAT = Null) and on DM_REG", "(A_DAT = Null or B_DAT = Null) and on DM_REG"),
        ("(A_DAT = Null and B_DAT = Null) and not on DM_REG", "(A_DAT = Null and B_DAT = Null) and not on DM_REG"),
        ("at least 1 of CARE or all of CARE", "any of CARE or all of CARE"),
        ("A_VAL < 07.50", "A_VAL < 7.50"),
        ("PAT_DOB < 2020-02-29", "PAT_DOB < 2020-02-29"),
        ("age on A_DAT >= 18 and PAT_SEX = female", "age on A_DAT >= 18 and PAT_SEX = female"),
        ("age on (A_DAT)+1 month = 1", "(age on A_DAT + 1 month) = 1"),
        ("age on ((A_DAT + 1 month)) >= 18", "age on (A_DAT + 1 month) >= 18"),
        ("at least 1 of (A_DAT=Null,(B_DAT=Null))", "any of (A_DAT = Null, B_DAT = Null)"),
        ("not counted in the year before", "not counted in the year before"),
        ("A_VAL>=bound OBESE", "A_VAL >= bound OBESE"),
    ],
)
def test_a_condition_has_one_way_to_be_printed(written: str, printed: str) -> None:
    assert condition_text(parse_condition(written)) == printed
    assert parse_condition(printed) == parse_condition(written)


@pytest.mark.parametrize(
    "text",
    [
        "latest A_COD or B_COD where episode = first or episode = Null",
        "earliest reading of A_COD with B_COD where date >= QSSD",
        "date of BP",
        "value of A_COD in BP",
        "only value of A_COD or B_COD on A_DAT in mmol/mol",
        "count clusters of A_COD or B_COD where date > (PPED - 12 months)",
        "later of A_DAT and B_DAT and C_DAT",
        "latest A_COD where (any B_COD where date = A_DAT and value < -2.5)",
        "latest A_COD where (any B_COD)",
        "count days covered by A_COD or B_COD from (PPED - 6 months) to PPED",
        "longest gap in A_COD from X_DAT to 2025-03-31",
        "latest gap of 28 days in A_COD from X_DAT to PPED",
    ],
)
def test_a_field_is_printed_as_it_is_written(text: str) -> None:
    assert field_text(parse_field(text)) == text


@pytest.mark.parametrize("text", ["A_DAT = Null xor B_DAT = Null", "", "(", "A_DAT = B_DAT = C_DAT", "1 2"])
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(Unclear, match="found"):
        parse_condition(text)


def test_nesting_has_an_end() -> None:
    deep = "(A_DAT = Null and (A_DAT = Null or " * 10 + "B_DAT = Null" + "))" * 10
    assert condition_text(parse_condition(deep))
    with pytest.raises(Unclear, match="nested too deeply"):
        parse_condition(f"({deep}) or A_DAT = Null")


def test_an_age_on_a_named_date_has_the_hash_that_it_had() -> None:
    """Results hold a hash of what their rules mean: rules that say what they always said have the one they had."""
    assert repr(parse_condition("age on PPED < 25")) == (
        "Compare(left=AgeOn(name='PPED'), op='<', right=Constant(value=Decimal('25')))"
    )
