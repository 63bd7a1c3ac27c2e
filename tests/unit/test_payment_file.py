"""The payment file by hand: its rows, its totals, and whatever somebody may change in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.application.payment_file import FileHeader, Payment, check_file, text_of
from remit.core.problems import Refused
from remit.documents.blocks import Para
from remit.documents.payment_file import payment_file

HEADER = FileHeader(
    "QX1", "NHS Exampleshire", 7, date(2024, 7, 1), date(2024, 7, 31), datetime(2024, 7, 24, 9, 30, tzinfo=UTC)
)
ONE = Payment(
    "A81001", "High Street, Surgery", "QIF 2024/25", "instalment", 123450, "REMIT 7-1", "extract 3", "", "version 2",
    "ab12", "1.9.0", "qif:A81001:instalment:4",
)  # fmt: skip
TWO = replace(ONE, practice_code="A81002", practice="=HYPERLINK(1)", pence=5, key="qif:A81002:instalment:4")
BACK = replace(TWO, kind="recovery", pence=-117, key="qif:A81002:recovery:1")
COLUMNS = "reference,extract,declaration,scheme_version,scheme_sha256,engine,key"
RESTS = "REMIT 7-1,extract 3,,version 2,ab12,1.9.0"
TEXT = f"""\
header,1,QX1,NHS Exampleshire,7,2024-07,2024-07-31,2024-07-24T09:30:00+00:00
columns,practice_code,practice_name,scheme,kind,pounds,{COLUMNS}
payment,A81001,"High Street, Surgery",QIF 2024/25,instalment,1234.50,{RESTS},qif:A81001:instalment:4
payment,A81002,'=HYPERLINK(1),QIF 2024/25,instalment,0.05,{RESTS},qif:A81002:instalment:4
payment,A81002,'=HYPERLINK(1),QIF 2024/25,recovery,-1.17,{RESTS},qif:A81002:recovery:1
total,instalment,2,1234.55
total,recovery,1,-1.17
trailer,3,1233.38,1854436037
"""


def test_the_file_to_the_byte_in_whatever_order_its_payments_come() -> None:
    """A81001 in base 36 is 10 x 36^5 + 8 x 36^4 + 1 x 36^3 + 1 = 618,145,345; A81002 is one more; and A81002 again."""
    assert 618_145_345 + 618_145_346 * 2 == 1_854_436_037
    assert text_of(HEADER, [ONE, TWO, BACK]) == TEXT
    assert text_of(HEADER, [BACK, TWO, ONE]) == TEXT


def test_a_file_that_is_whole_says_what_it_comes_to() -> None:
    result = check_file(TEXT)
    assert (result.commissioner, result.run, result.month) == ("NHS Exampleshire (QX1)", "7", "2024-07")
    assert result.totals.by_kind == (("instalment", 2, 123455), ("recovery", 1, -117))
    assert (result.totals.records, result.totals.pence) == (3, 123338)
    assert check_file(TEXT.replace("\n", "\r\n")).totals == result.totals


def test_a_file_of_a_rehearsal_says_so() -> None:
    text = text_of(replace(HEADER, is_rehearsal=True), [ONE, TWO, BACK])
    assert text == TEXT.replace("header,1,", "header,rehearsal,")
    result = check_file(text)
    assert result.is_rehearsal
    made = payment_file(result.commissioner, "7", "2024-07", "2024-07-31", "", result.totals, result.sha256, True)
    assert Para("It was made in a rehearsal: nothing of it is to be paid.") in made.blocks
    assert not check_file(TEXT).is_rehearsal


def test_a_run_that_pays_nobody_has_a_file_all_the_same() -> None:
    assert check_file(text_of(HEADER, [])).totals.records == 0


def test_no_payment_is_in_a_file_twice() -> None:
    with pytest.raises(ValueError, match="qif:A81001:instalment:4 would be paid twice"):
        text_of(HEADER, [ONE, ONE])


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


CHANGES: dict[str, tuple[Callable[[str], str], str]] = {
    "an amount": (lambda text: text.replace(",1234.50,", ",1234.51,"), "the payments come to 1234.56"),
    "an amount that is none": (lambda text: text.replace(",1234.50,", ",1234.5,"), "'1234.5' is no amount"),
    "a practice": (lambda text: text.replace("payment,A81001", "payment,A81003"), "sum of practice codes"),
    "a row left out": (lambda text: "".join(lines(text)[:2] + lines(text)[3:]), "says 3 as the payments"),
    "a row twice": (lambda text: "".join(lines(text)[:4] + lines(text)[3:]), "is paid twice (first on row 4)"),
    "cut off": (lambda text: "".join(lines(text)[:-1]), "has no trailer row"),
    "no header": (lambda text: "".join(lines(text)[1:]), "has no header row"),
    "two headers": (lambda text: lines(text)[0] + text, "has 2 header rows"),
    "moved": (lambda text: "".join([*lines(text)[:2], lines(text)[5], *lines(text)[2:5], *lines(text)[6:]]), "order"),
    "a total": (lambda text: text.replace("total,recovery,1,", "total,recovery,2,"), "recovery says 2 payments"),
    "a total left out": (lambda text: text.replace("total,recovery,1,-1.17\n", ""), "total of recovery says 0"),
    "a kind": (lambda text: text.replace("recovery,-1.17", "activity,-1.17"), "the total of activity says 0"),
    "another layout": (lambda text: text.replace("header,1,", "header,2,"), "its layout is 2"),
    "other columns": (lambda text: text.replace(",reference,", ",account,"), "expected practice_code"),
    "a row of another kind": (lambda text: text.replace("total,recovery", "sum,recovery"), "begins with 'sum'"),
    "a cell more": (lambda text: text.replace("trailer,3,", "trailer,3,,"), "this one has 5"),
    "nothing": (lambda text: "", "has no header row"),
    "no table": (lambda text: text.replace('"High', '"Hi"gh'), "cannot be read as a table"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_what_somebody_changed_is_refused(change: str) -> None:
    changed, words = CHANGES[change]
    with pytest.raises(Refused, match=r".*") as refused:
        check_file(changed(TEXT))
    assert words in " ".join(one.message for one in refused.value.problems)


texts = st.text(max_size=12)


@given(
    st.lists(
        st.builds(
            Payment, st.text("AB019", min_size=1, max_size=6), texts, texts, st.sampled_from(["instalment", "balance"]),
            st.integers(-(10**11), 10**11), texts, texts, texts, texts, texts, texts, st.uuids().map(str),
        ),
        max_size=6, unique_by=lambda one: one.key,
    ),
)  # fmt: skip
def test_whatever_is_written_is_read_again(payments: list[Payment]) -> None:
    totals = check_file(text_of(HEADER, payments)).totals
    assert (totals.records, totals.pence) == (len(payments), sum(one.pence for one in payments))
