"""A place that no scheme names is shown by its code, written as a name."""

from __future__ import annotations

import pytest

from remit.core.names import place_name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("stoke-on-trent", "Stoke-on-Trent"),
        ("newcastle-under-lyme", "Newcastle-under-Lyme"),
        ("north-staffordshire", "North Staffordshire"),
        ("south-east-staffordshire-and-seisdon-peninsula", "South East Staffordshire and Seisdon Peninsula"),
        ("isle-of-wight", "Isle of Wight"),
        ("dudley", "Dudley"),
        ("E38000001", "E38000001"),
        ("place-2", "place-2"),
        ("North", "North"),
        ("", ""),
    ],
)
def test_a_place_is_shown_by_its_name(code: str, name: str) -> None:
    assert place_name(code) == name
