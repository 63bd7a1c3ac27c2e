"""Whatever the tables, an attacker who searches finds every hidden count at least as open as is promised."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checked import checked
from tests.generative.attacker import too_narrow
from tests.profiles import examples

from remit.disclosure.suppression import Group, Line, Policy, suppress

FEW = Policy("few", "a test", "stated", "Hides 1 and 2.", hide_up_to=2)
POLICIES = [
    FEW,
    replace(FEW, hide_up_to=1),
    replace(FEW, hide_up_to=3, minimum_denominator=5),
    replace(FEW, complement=False, all_or_none=False),
    replace(FEW, rule="network contract", hide_up_to=0),
]
GROUPS = st.builds(Group, st.integers(0, 7), st.integers(0, 7), st.integers(0, 5))


@st.composite
def tables(draw: st.DrawFn) -> tuple[Group, dict[str, Line]]:
    """Practices under networks and places that cross, and two more lines that part the same patients."""
    groups = {f"P{n}": draw(GROUPS) for n in range(draw(st.integers(1, 5)))}
    above = tuple({name: f"{kind}{draw(st.integers(1, 2))}" for name in groups} for kind in ("network", "place"))
    whole = sum(groups.values(), Group())
    lines = {"practice": Line(groups, above[: draw(st.integers(0, 2))], draw(st.booleans()))}
    for line in ("age", "sex"):
        shares = [draw(GROUPS) for _ in range(draw(st.integers(0, 2)))]
        left = {of: getattr(whole, of) for of in ("achieved", "missed", "pcas")}
        made = []
        for share in shares:
            part = {of: min(getattr(share, of), left[of]) for of in left}
            left = {of: left[of] - part[of] for of in left}
            made.append(Group(**part))
        lines[line] = Line({f"{line}{n}": group for n, group in enumerate([*made, Group(**left)])})
    return whole, lines


@pytest.mark.checks("a table with something hidden")
@given(tables(), st.sampled_from(POLICIES))
@examples(3)
def test_no_hidden_count_is_known_more_closely_than_is_promised(
    made: tuple[Group, dict[str, Line]], policy: Policy
) -> None:
    whole, lines = made
    hidden = suppress(whole, lines, policy)
    checked("a table with something hidden", bool(hidden))
    assert too_narrow(whole, lines, hidden, policy) == []
