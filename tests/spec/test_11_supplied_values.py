"""`--set`: what a scheme leaves open, supplied with a run."""

from __future__ import annotations

import pytest
from tests.spec.run import local, paid

from remit.core.problems import Refused

OPEN = local("items: [{item: A, title: A thing, pays: {activity: {tariff: required, most_per_year: required}}}]")
COUNTS = "A1 A ACTIVITY 7 2024-Q1"


def test_what_is_open_is_waited_for() -> None:
    found = paid(OPEN, COUNTS, "pounds", "reason")[0]
    assert found == ("", "The tariff, most a year of A must be supplied: no source gives that.")


def test_a_value_that_is_supplied_pays() -> None:
    settings = {"A.tariff": "£4.50", "A.most_per_year": "6"}
    assert paid(OPEN, COUNTS, "pounds", settings=settings)[0] == ("27.00",)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"A.tarif": "£1"}, "a-scheme has nothing to supply that is called 'A.tarif'. Did you mean A.tariff?"),
        ({"A.tariff": "1"}, "the supplied A.tariff"),
        ({"A.tariff": "ten pounds"}, "found 'ten pounds'"),
        ({"A.most_per_year": "half"}, "found 'half'"),
    ],
)
def test_nothing_else_can_be_supplied(settings: dict[str, str], words: str) -> None:
    with pytest.raises(Refused) as caught:
        paid(OPEN, COUNTS, "pounds", settings=settings)
    assert words in str(caught.value)


def test_what_the_scheme_gives_is_changed_in_a_scheme_and_not_in_a_run() -> None:
    given = local("items: [{item: A, title: A thing, pays: {activity: {tariff: £3}}}]")
    with pytest.raises(Refused, match=r"A\.tariff is not open: the scheme says £3\. To change it, write a scheme"):
        paid(given, COUNTS, "pounds", settings={"A.tariff": "£4"})
