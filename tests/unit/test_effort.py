"""Contacts that would earn so much more: those that pay most for each first, by hand."""

from __future__ import annotations

import pytest

from remit.analysis.effort import ItemEffort, to_earn

ITEMS = {
    "a": ItemEffort("a", 40, 10, 300, 500),  # 200p for 10 contacts: 20p each
    "b": ItemEffort("b", 7, 5, 0, 50),  # 50p for 5: 10p each
    "c": ItemEffort("c", 9, 0, 90, 90),  # all is earned
    "d": ItemEffort("d", 1, 3, 10, None),  # what it would pay is not known
}


@pytest.mark.parametrize(
    ("pence", "contacts"),
    [
        (0, 0),
        (1, 1),  # a part of a contact is a whole one
        (100, 5),
        (200, 10),
        (230, 13),  # ten of a, and three of b
        (250, 15),
        (251, None),  # more than is left to earn
    ],
)
def test_the_contacts_that_pay_most_come_first(pence: int, contacts: int | None) -> None:
    assert to_earn(pence, ITEMS) == contacts
