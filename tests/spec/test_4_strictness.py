"""What a file may not say, and how it is told."""

from __future__ import annotations

import pytest
from tests.spec.language import HEAD, TERMS, item, refused, scheme

from remit.core.problems import Refused
from remit.scheme.source import parse_source


def test_an_unknown_key_has_a_place_and_the_nearest_name() -> None:
    problem = refused(terms=TERMS.replace("balance:", "balanse:"))
    assert "a-scheme.yaml:20:3: unknown key 'balanse'. Did you mean balance?" in problem


def test_a_missing_key_is_named() -> None:
    found = refused(terms=TERMS.replace("balance: {due:", "balance: {day:"))
    assert any("the key 'due' is missing" in problem for problem in found)


def test_a_key_given_twice_is_refused() -> None:
    problem = refused("about: one\nabout: two")[0]
    assert "the key 'about' is listed twice. It is first on line" in problem


def test_all_errors_of_keys_and_values_come_together() -> None:
    found = refused("colour: red", terms=TERMS.replace("80%", "80").replace("2025-07-31", "soon"))
    assert len(found) == 2
    assert ["unknown key 'colour'" in found[1], "expected a percentage" in found[0]] == [True, True]


@pytest.mark.parametrize("text", ["a: &x 1\nb: *x", "a: !tag 1", "a: 1\n---\nb: 2", "a: [1", "- 1", ""])
def test_only_plain_yaml_of_one_document_is_read(text: str) -> None:
    with pytest.raises(Refused):
        parse_source(text, "a-scheme.yaml")


def test_a_date_may_be_the_name_of_a_date_parameter() -> None:
    terms = TERMS.replace("2025-07-31", "settled")
    assert scheme("parameters: {settled: {type: date, about: When}}", terms=terms).terms.balance.due == "settled"
    assert (
        "or the name of a date parameter. Did you mean settled?"
        in refused("parameters: {settled: {type: date, about: When}}", terms=TERMS.replace("2025-07-31", "setled"))[0]
    )


def test_an_indicator_is_the_files_own_or_the_librarys() -> None:
    assert scheme().indicator("CHD005").group == "CHD"
    pays = "{linear: {points: 10, lower: 40%, upper: 90%}}"
    own = "indicators: [{indicator: MINE, title: Mine, type: process, group: CHD}]"
    assert scheme(own, items=item(pays, indicator="MINE")).indicator("MINE").title == "Mine"
    assert "there is no indicator 'CHD05'. Did you mean" in refused(items=item(pays, indicator="CHD05"))[0]


def test_an_item_may_change_its_indicator_on_a_day() -> None:
    both = "[{use: CHOL002, from: 2024-04-01}, {use: CHOL004, from: 2024-12-05}]"
    pays = "{linear: {points: 10, lower: 20%, upper: 35%}}"
    assert scheme(items=item(pays, indicator=both)).items[0].indicators == ("CHOL002", "CHOL004")
    turned = both.replace("2024-12-05", "2024-04-01")
    assert "not in the order of their dates" in refused(items=item(pays, indicator=turned))[0]


def test_the_items_must_add_up_to_the_printed_totals() -> None:
    assert scheme("totals: {points: 10, items: 1}").points_available() == 10
    assert refused("totals: {points: 11}") == ["a-scheme.yaml:28:18: the items add up to 10, not 11."]


def test_the_head_says_what_every_scheme_must() -> None:
    with pytest.raises(Refused, match="achievement_date"):
        scheme("", items="items: []", source=HEAD)


@pytest.mark.parametrize(
    ("escaped", "code"),
    [("\\u200b", "U+200B"), ("\\u202e", "U+202E"), ("\\x01", "U+0001"), ("\\r", "U+000D"), ("\\ue000", "U+E000")],
)
def test_a_character_that_cannot_be_seen_is_refused(escaped: str, code: str) -> None:
    with pytest.raises(Refused, match=rf"a-scheme\.yaml:2:4: the character U\+{code[2:]}.* cannot be seen"):
        parse_source(f'a: 1\nb: "one{escaped}two"', "a-scheme.yaml")
    with pytest.raises(Refused, match="cannot be seen"):
        parse_source(f'"k{escaped}": 1', "a-scheme.yaml")
    assert parse_source('a: "one\\n\\ttwo — 中"', "a-scheme.yaml").tree == {"a": "one\n\ttwo — 中"}
