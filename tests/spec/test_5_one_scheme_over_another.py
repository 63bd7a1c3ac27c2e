"""`extends`: what one file says, laid over what another says."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.core.problems import Refused
from remit.scheme import Scheme, frozen_text, load_scheme, thaw

OVER = """
scheme: over
extends: qif-2024-25
version: "1"
title: Over
"""


def over(tmp_path: Path, text: str) -> Scheme:
    path = tmp_path / "over.yaml"
    path.write_text(OVER + text, encoding="utf-8")
    return load_scheme(path)


NEW = "{item: %s, indicator: HYP008, measure: achievement, pays: {steps: {steps: [above 1%% pays %s], most: %s}}}"


def test_an_item_of_the_same_code_takes_the_place_of_the_others(tmp_path: Path) -> None:
    found = over(tmp_path, f"totals: {{items: 8}}\nitems: [{NEW % ('2a', '99p', '99p')}]")
    assert [item.item for item in found.items] == ["1a", "1b", "2a", "2b", "3", "4", "5", "6"]
    assert found.item("2a").kind.words() == "above 1% pays 99p"


def test_a_new_item_comes_after_the_others(tmp_path: Path) -> None:
    found = over(tmp_path, f"totals: {{items: 9}}\nitems: [{NEW % ('7', '1p', '1p')}]")
    assert [item.item for item in found.items][-2:] == ["6", "7"]


def test_removed_items_are_left_out(tmp_path: Path) -> None:
    found = over(tmp_path, 'totals: {items: 7}\nremoved: ["6"]')
    assert "6" not in [item.item for item in found.items]


def test_an_item_that_is_not_there_cannot_be_removed(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="there is no item '2' to remove"):
        over(tmp_path, 'removed: ["2"]')


def test_other_keys_take_the_place_of_the_others_as_a_whole(tmp_path: Path) -> None:
    found = over(tmp_path, "places: {elsewhere: Elsewhere}\nobligations: {more: More}")
    assert found.places == {"elsewhere": "Elsewhere"}
    assert set(found.obligations) == {"deadline", "consent", "verification", "more"}


def test_an_error_is_told_in_the_file_in_which_it_stands(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        over(tmp_path, "totals: {items: 9}")
    assert f"{tmp_path / 'over.yaml'}:6:17: the items add up to 8, not 9." in str(caught.value)


def test_the_frozen_text_is_the_same_scheme_in_one_file(tmp_path: Path) -> None:
    found = over(tmp_path, 'totals: {items: 7}\nremoved: ["6"]')
    text = frozen_text(found)
    assert "extends" not in text
    assert frozen_text(thaw(text, "frozen")) == text
