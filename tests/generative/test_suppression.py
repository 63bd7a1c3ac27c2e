"""Whatever the tables, an attacker who searches finds every hidden count at least as open as is promised."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checked import checked
from tests.generative.attacker import Table, Way, too_narrow, too_narrow_together
from tests.profiles import examples

from remit.disclosure.families import CountedPeople, families
from remit.disclosure.family_suppression import suppress_family
from remit.disclosure.suppression import Group, Hidden, Line, Measure, Policy, suppress

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


REGISTER: frozenset[Measure] = frozenset({"denominator"})
KINDS: dict[str, tuple[Way, ...]] = {
    "a register and all of it": (Way(("REG",)), Way(("A",))),
    "a register in two parts": (Way(("REG",)), Way(("A", "B"))),
    "a register parted, and all of it": (Way(("REG",)), Way(("A", "B")), Way(("C",))),
    "a register parted, all of it, and some of it": (
        Way(("REG",)), Way(("A", "B")), Way(("C",)), Way(("D",), everybody=False)),
    "two that exclude alike": (Way(("A",)), Way(("B",))),
    "a register and some of it": (Way(("REG",)), Way(("A",), everybody=False)),
    "a register and two that count some": (
        Way(("REG",)), Way(("A",), everybody=False), Way(("B",), everybody=False)),
}  # fmt: skip


@st.composite
def populations(draw: st.DrawFn) -> tuple[dict[str, Table], dict[str, CountedPeople], tuple[Way, ...]]:
    """A population in few cells: whom each indicator counts of each, and what became of them."""
    ways = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    names = [f"P{n}" for n in range(draw(st.integers(2, 3)))]
    sizes = {name: draw(st.integers(0, 6)) for name in names}
    groups: dict[str, dict[str, Group]] = {}
    for way in ways:
        for name in names:
            left = sizes[name]
            for n, code in enumerate(way.indicators):
                last = n == len(way.indicators) - 1 and way.everybody
                counted = left if last else draw(st.integers(0, left))
                left -= counted
                pcas = draw(st.integers(0, counted)) if code != "REG" else 0
                done = draw(st.integers(0, counted - pcas)) if code != "REG" else counted
                told = REGISTER if code == "REG" else Group().measures
                groups.setdefault(code, {})[name] = Group(done, counted - pcas - done, pcas, told)
    insiders = draw(st.booleans()) and len(names) > 2
    networks = {name: draw(st.sampled_from(["N1", "N2"])) for name in names}
    above = (networks,) if insiders and draw(st.booleans()) else ()
    made, people = {}, {}
    for code, of in groups.items():
        whole = reduce(Group.__add__, of.values())
        line = "practice" if insiders else "age"
        made[code] = Table(whole, {line: Line(of, above, insiders)}, Hidden(frozenset(), {line: {}}))
        counts = {("age", name): group.denominator + group.pcas for name, group in of.items()}
        population = {("age", name): size for name, size in sizes.items() if size}
        people[code] = CountedPeople({cell: n for cell, n in counts.items() if n}, population, code == "REG")
    return made, people, ways


@pytest.mark.checks("indicators of which one alone gives another away")
@given(populations(), st.sampled_from(POLICIES))
@examples(0.5)
def test_indicators_that_add_up_give_no_hidden_count_away(
    drawn: tuple[dict[str, Table], dict[str, CountedPeople], tuple[Way, ...]], policy: Policy
) -> None:
    made, people, ways = drawn
    [family] = families(people, dict.fromkeys(people, "REG"))
    hidden = suppress_family(
        family, {c: one.whole for c, one in made.items()}, {c: one.lines for c, one in made.items()}, policy
    )
    alone = any(hidden[code] != suppress(one.whole, one.lines, policy) for code, one in made.items())
    checked("indicators of which one alone gives another away", alone)
    assert too_narrow_together({c: replace(one, hidden=hidden[c]) for c, one in made.items()}, ways, policy) == []
