"""`retires`: which items a run leaves out, as a parameter of the scheme."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.spec.language import refused, scheme

import remit
from remit.core.problems import Refused
from remit.runs.settings import check_settings
from remit.scheme import Scheme, frozen_text, thaw
from remit.scheme.retirement import in_force

ITEMS = """
items:
  - {item: A, indicator: CHD005, measure: achievement, pays: {linear: {points: 10, lower: 40%, upper: 90%}}}
  - {item: B, indicator: CHD007, measure: achievement, pays: {linear: {points: 10, lower: 40%, upper: 90%}}}
  - {item: C, indicator: CHD001, measure: register, pays: {boolean: {points: 4}}}
  - {item: D, indicator: AF001, measure: register, pays: {boolean: {points: 5}}}
  - {item: E, indicator: HF001, measure: register, pays: {boolean: {points: 4}}}
"""
RETIRED = """
parameters:
  retired: {type: items, most: 40%, about: Which go.}
retires: retired
"""


def made(*parts: str) -> Scheme:
    return scheme(*(parts or (RETIRED,)), items=ITEMS)


def kept(found: Scheme, given: str | None = None) -> list[str]:
    settings = check_settings({found.scheme: found}, {} if given is None else {"retired": given})
    return [item.item for item in in_force(found, settings).items]


def refusal(given: str) -> str:
    with pytest.raises(Refused) as caught:
        kept(made(), given)
    return str(caught.value)


def test_nothing_is_retired_unless_a_run_says_so() -> None:
    assert made().parameters["retired"].default == "none"
    assert kept(made()) == kept(made(), "none") == ["A", "B", "C", "D", "E"]


def test_the_items_that_are_named_are_left_out() -> None:
    assert kept(made(), "B") == ["A", "C", "D", "E"]
    assert kept(made(), " D , B,D") == ["A", "C", "E"]


def test_a_file_may_retire_items_unless_a_run_says_otherwise() -> None:
    found = made(RETIRED.replace("most: 40%", "default: 'A, B'"))
    assert (kept(found), kept(found, "C")) == (["C", "D", "E"], ["A", "B", "D", "E"])


def test_an_unknown_item_is_told_with_the_nearest() -> None:
    assert refusal("a") == "retired: there is no item 'a' in a-scheme. Did you mean A?"


def test_more_than_the_share_is_refused_and_the_share_itself_is_not() -> None:
    assert len(kept(made(), "A,B")) == 3
    assert refusal("A,B,C") == (
        "retired: 3 items are named; at most 2 may be (40% of the 5 items of a-scheme). Leave out 1."
    )


def test_a_share_is_rounded_down_to_whole_items() -> None:
    found = made(RETIRED.replace("40%", "39%"))  # 1.95 items
    assert len(kept(found, "A")) == 4
    with pytest.raises(Refused, match="at most 1 may be"):
        kept(found, "A,B")


def test_without_a_share_all_but_one_may_go() -> None:
    found = made(RETIRED.replace("most: 40%, ", ""))
    assert kept(found, "A,B,C,D") == ["E"]
    with pytest.raises(Refused, match="nothing would be left"):
        kept(found, "A,B,C,D,E")


def test_a_share_that_no_source_gives_is_no_limit() -> None:
    assert kept(made(RETIRED.replace("40%", "required")), "A,B,C,D") == ["E"]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("retires: retired", "retires: retird", "there is no parameter 'retird'. Did you mean retired?"),
        ("type: items, most: 40%", "type: date", "the parameter 'retired' does not name items."),
        ("type: items, most: 40%", "type: date, most: 40%", "'most' belongs to a parameter of type items"),
        ("most: 40%", "default: 'F'", "there is no item 'F' in a-scheme"),
        ("most: 40%", "most: 20%, default: 'A, B'", "2 items are named; at most 1 may be"),
        ("most: 40%", "choices: [A, B]", "'choices' belong to a parameter of type choice"),
    ],
)
def test_what_cannot_be_meant_is_an_error_of_the_file(before: str, after: str, words: str) -> None:
    assert any(words in line for line in refused(RETIRED.replace(before, after), items=ITEMS))


def test_an_item_that_chooses_the_table_of_another_goes_with_it() -> None:
    qif = thaw(
        frozen_text(remit.load_scheme("qif-2024-25")).replace(
            "parameters:\n", "retires: retired\nparameters:\n  retired: {type: items, about: Which go.}\n", 1
        ),
        "qif.yaml",
    )
    assert kept(qif, "1a,1b") == ["2a", "2b", "3", "4", "5", "6"]
    with pytest.raises(Refused, match="1a chooses the table of 1b, which stays"):
        kept(qif, "1a")


def test_a_successor_is_no_item_beside_the_one_that_it_replaces() -> None:
    found = refused(items=ITEMS.replace("item: B,", "item: B, replaces: A,"))
    assert found[0].endswith(
        "item B replaces 'A', which is an item here too. Put A under 'removed', or leave 'replaces' out."
    )


def test_a_run_leaves_them_out_and_opens_again_as_it_was(tmp_path: Path) -> None:
    practices, counts = tmp_path / "practices.csv", tmp_path / "counts.csv"
    practices.write_text("practice_code,practice_name,list_size\nA1,One,8096\n", encoding="utf-8")
    counts.write_text(
        "practice_code,indicator_code,measure,value\nA1,CHD001,REGISTER,5\nA1,AF001,REGISTER,5\n", encoding="utf-8"
    )
    run = remit.run("qof-review-2018-practice", practices, counts, settings={"retired": "AF001, CHD002"})
    remit.write_run(run, tmp_path / "out")
    again = remit.open_run(tmp_path / "out")
    items = [award.item.item for award in again.practice("A1").awards]
    assert ("AF001" in items, "CHD002" in items, "CHD001" in items, len(items)) == (False, False, True, 77)
    assert again.inputs.settings["retired"] == "AF001,CHD002"
    assert len(again.inputs.schemes["qof-review-2018-practice"].items) == 79
    with pytest.raises(Refused, match=r"no item 'AF001' .* It is retired: see retired"):
        remit.run(
            "qof-review-2018-practice", practices, counts, settings={"retired": "AF001"}, only_indicators=["AF001"]
        )
