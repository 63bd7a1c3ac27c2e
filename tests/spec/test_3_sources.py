"""Where a number comes from, and whether anyone has seen it there."""

from __future__ import annotations

import pytest
from tests.spec.language import item, refused, scheme

from remit.scheme import Scheme
from remit.scheme.numbers import Number, numbers, statements

LINE = "{linear: {points: 10, lower: 40%, upper: 90%}}"


def number(found: Scheme, name: str) -> Number:
    return next(one for one in numbers(found) if one.label == name)


@pytest.mark.parametrize(
    ("source", "pays", "more", "expected"),
    [
        # A number has the source and standing of the file …
        ("source: paper", LINE, "", ("paper", "verified")),
        # … unless its item has its own …
        ("source: paper", LINE, ", source: memory", ("memory", "unverified")),
        # … or a standing of its own, while the source stays …
        ("source: paper", LINE, ", standing: inferred", ("paper", "inferred")),
        # … or it carries a mark, whose standing is its own whatever the item's.
        ("source: paper", LINE.replace("40%", '"40% [memory]"'), "", ("memory", "unverified")),
        ("source: memory", LINE.replace("40%", '"40% [paper]"'), ", standing: inferred", ("paper", "verified")),
        # The long form says all of it.
        ("source: paper", LINE.replace("40%", "{value: 40%, standing: inferred}"), "", ("paper", "inferred")),
        # Nobody said where it is from.
        ("", LINE, "", ("", "unverified")),
    ],
)
def test_the_nearest_source_and_standing_hold(source: str, pays: str, more: str, expected: tuple[str, str]) -> None:
    found = number(scheme(source=source, items=item(pays, more=more)), "A linear lower")
    assert (found.source, found.standing) == expected


def test_a_mark_must_be_among_the_sources() -> None:
    problems = refused(items=item(LINE.replace("40%", '"40% [papper]"')))
    assert "the source 'papper' is not among the file's sources. Did you mean paper?" in problems[0]


def test_a_note_on_an_item_is_about_the_item_and_not_about_each_of_its_numbers() -> None:
    found = scheme(items=item(LINE, more=", note: The list is not said"))
    assert number(found, "A linear lower").note == ""
    assert [one.note for one in statements(found) if one.unit == "part"] == ["The list is not said"]


@pytest.mark.parametrize(
    ("about", "noted"),
    [("Thresholds", {"A linear lower", "A linear upper"}), ("Points", {"A linear points"}), ("Weights", {"A weights"})],
)
def test_a_note_may_say_which_of_the_numbers_it_is_about(about: str, noted: set[str]) -> None:
    weights = (
        "weights: {list: {list: {column: list_size, called: the list, at: 2025-01-01}, over: 9, over_at: 2024-01-01}}"
    )
    found = scheme(weights, items=item(LINE, more=f", weights: [list], note: '{about}: carried over'"))
    assert {one.label for one in statements(found) if one.note == "carried over"} == noted


def test_what_the_file_leaves_to_remit_is_inferred() -> None:
    found = next(one for one in statements(scheme()) if one.name == "recovery remainder")
    assert (found.text, found.source, found.standing) == ("last", "", "inferred")


def test_what_waits_for_a_parameter_is_not_said_yet() -> None:
    given = "parameters: {told: {type: date, about: When}}"
    names = {one.name for one in statements(scheme())}
    terms = "terms: {paid_in_advance: {share: 80%, of: previous achievement or agreed points, instalments: 12,"
    terms += " due: last day of each month}, balance: {due: told}, recovery: {months: 6, notified: 2025-05-31},"
    terms += " changes: {joiner: days, leaver: days, merger: successor}}"
    assert names - {one.name for one in statements(scheme(given, terms=terms))} == {"day of the balance"}
