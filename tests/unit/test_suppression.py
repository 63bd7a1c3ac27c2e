"""What a policy hides, in tables small enough to see by eye; and that an attacker finds what is left unprotected."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from tests.generative.attacker import too_narrow

from remit.core.problems import Refused
from remit.disclosure.movement import MovableCounts, Spare, least_widths
from remit.disclosure.policies import load_policy
from remit.disclosure.suppression import (
    MEASURES,
    Group,
    Hidden,
    Line,
    Measure,
    Policy,
    ShownFigures,
    primary,
    shown,
    suppress,
)

DEFAULT = load_policy("default")
DES = load_policy("network-contract-des")
PCAS: frozenset[Measure] = frozenset({"pcas"})


def pcas(**counts: int) -> dict[str, Group]:
    return {name: Group(pcas=count, measures=frozenset({"pcas"})) for name, count in counts.items()}


def total(groups: dict[str, Group]) -> Group:
    return sum(groups.values(), Group())


@pytest.mark.parametrize(
    ("group", "hidden"),
    [
        (Group(20, 20, 0), set()),
        (Group(20, 20, 1), {"pcas"}),
        (Group(20, 20, 7), {"pcas"}),
        (Group(20, 20, 8), set()),
        (Group(0, 0, 0), set()),
        (Group(3, 4, 0), {"denominator", "achieved"}),
        (Group(8, 1, 0), {"achieved"}),
        (Group(7, 30, 0), {"achieved"}),
        (Group(30, 7, 0), {"achieved"}),
        (Group(30, 0, 0), {"achieved"}),
        (Group(0, 30, 0), {"achieved"}),
        (Group(8, 8, 8), set()),
        (Group(5, 0, 9, frozenset({"denominator"})), {"denominator"}),
        (Group(30, 0, 0, frozenset({"denominator"})), set()),
    ],
)
def test_the_default_hides_few_and_all_or_none(group: Group, hidden: set[str]) -> None:
    assert primary(group, DEFAULT) == hidden


@pytest.mark.parametrize(
    ("group", "hidden"),
    [
        (Group(1, 0, 1), {*MEASURES}),
        (Group(0, 0, 5), {*MEASURES}),
        (Group(1, 0, 0), set()),
        (Group(1, 1, 5), set()),
        (Group(0, 0, 5, frozenset({"pcas"})), set()),
    ],
)
def test_the_network_contract_hides_a_denominator_below_two_with_pcas(group: Group, hidden: set[str]) -> None:
    assert primary(group, DES) == hidden


def test_a_lone_small_count_takes_the_next_smallest_with_it() -> None:
    """5 alone would be 60 - 55. With it goes 9, the smallest of the others: that they are 14 together is known."""
    groups = pcas(a=5, b=9, c=20, d=26)
    hidden = suppress(total(groups), {"reason": Line(groups)}, DEFAULT)
    assert hidden == Hidden(frozenset(), {"reason": {(0, "a"): PCAS, (0, "b"): PCAS}})


def test_two_small_counts_that_are_small_together_take_a_third() -> None:
    """3 and 2 are both below 8 whatever they are, since 5 is known: a reader would know that both are small."""
    groups = pcas(a=3, b=2, c=20, d=26)
    hidden = suppress(total(groups), {"reason": Line(groups)}, DEFAULT)
    assert set(hidden.nodes["reason"]) == {(0, "a"), (0, "b"), (0, "c")}


def test_nobody_hides_behind_a_zero() -> None:
    groups = pcas(a=5, b=0, c=20)
    assert set(suppress(total(groups), {"reason": Line(groups)}, DEFAULT).nodes["reason"]) == {(0, "a"), (0, "c")}


def test_a_small_total_hides_every_line() -> None:
    lines = {"reason": Line(pcas(a=3, b=2)), "month": Line(pcas(x=5))}
    hidden = suppress(Group(pcas=5), lines, DEFAULT)
    assert hidden.whole == PCAS
    assert {len(nodes) for nodes in hidden.nodes.values()} == {1, 2}


def test_a_hidden_network_takes_another_with_it() -> None:
    """N1 has 4 PCAs and is hidden. N2, the smaller of the others, is hidden with it, and one of its practices."""
    groups = {"P1": Group(pcas=4), "P2": Group(pcas=9), "P3": Group(pcas=11), "P4": Group(pcas=30)}
    networks = {"P1": "N1", "P2": "N2", "P3": "N2", "P4": "N3"}
    hidden = suppress(total(groups), {"practice": Line(groups, (networks,))}, DEFAULT)
    assert {node for node, what in hidden.nodes["practice"].items() if "pcas" in what} == {
        (0, "P1"),
        (0, "P2"),
        (1, "N1"),
        (1, "N2"),
    }


def test_a_practice_that_knows_its_own_count_learns_no_other() -> None:
    """Two hidden counts are known to each other's practice; three are not."""
    groups = {"P1": Group(pcas=4), "P2": Group(pcas=9), "P3": Group(pcas=11), "P4": Group(pcas=30)}
    for insiders, many in ((False, 2), (True, 3)):
        assert len(suppress(total(groups), {"p": Line(groups, (), insiders)}, DEFAULT).nodes["p"]) == many


def test_the_attacker_finds_what_primary_suppression_alone_leaves_open() -> None:
    groups = pcas(a=5, b=9, c=20)
    only = Hidden(frozenset(), {"reason": {(0, "a"): PCAS}})
    found = too_narrow(total(groups), {"reason": Line(groups)}, only, DEFAULT)
    assert found == ["reason a ('pcas',) is 5 to 5, known to all"]


def test_the_attacker_finds_a_rate_that_denominators_close_in() -> None:
    """38 of 40 achieved in two groups of 20: at most 2 of either are not."""
    groups = {"a": Group(18, 2), "b": Group(20, 0), "c": Group(10, 10)}
    achieved: frozenset[Measure] = frozenset({"achieved"})
    two = Hidden(frozenset(), {"age": {(0, "a"): achieved, (0, "b"): achieved}})
    assert "age a ('missed',) is 0 to 2, known to all" in too_narrow(total(groups), {"age": Line(groups)}, two, DEFAULT)
    hidden = suppress(total(groups), {"age": Line(groups)}, DEFAULT)
    assert set(hidden.nodes["age"]) == {(0, "a"), (0, "b"), (0, "c")}
    assert too_narrow(total(groups), {"age": Line(groups)}, hidden, DEFAULT) == []


def test_a_rate_is_calculated_from_what_is_shown() -> None:
    """17 of 33: the denominator shows as 35 and the rate as 17/35."""
    assert shown(Group(17, 16, 9), frozenset(), DEFAULT) == ShownFigures(35, 17, Fraction(17, 35), 9, frozenset())


@pytest.mark.parametrize(("size", "as_shown"), [(0, 0), (8, 10), (12, 10), (13, 15), (97, 95), (98, 100)])
def test_denominators_are_rounded_to_five(size: int, as_shown: int) -> None:
    assert DEFAULT.rounded(size) == as_shown


@pytest.mark.parametrize("size", range(16, 200))
def test_no_more_are_shown_achieved_than_counted(size: int) -> None:
    for achieved in range(size + 1):
        group = Group(achieved, size - achieved)
        if not primary(group, DEFAULT):
            rate = shown(group, frozenset(), DEFAULT).rate
            assert rate is not None
            assert 0 < rate < 1


def test_what_is_hidden_has_no_number() -> None:
    assert shown(Group(3, 2, 1), frozenset(MEASURES), DEFAULT) == ShownFigures(
        None, None, None, None, frozenset(MEASURES)
    )


def test_a_line_that_does_not_add_up_is_an_error() -> None:
    with pytest.raises(ValueError, match="age: 50 denominator, where the whole has 60"):
        suppress(Group(30, 30), {"age": Line({"a": Group(20, 10), "b": Group(10, 10)})}, DEFAULT)


def test_exact_hides_nothing() -> None:
    groups = {"a": Group(1, 1, 1), "b": Group(0, 2, 3)}
    hidden = suppress(total(groups), {"age": Line(groups)}, load_policy("exact"))
    assert hidden == Hidden(frozenset(), {"age": {}})


MINE = """
name: mine
source: A local agreement
status: local
words: Counts of 1 to 4 are hidden.
"""


def policy_file(tmp_path: Path, more: str) -> str:
    path = tmp_path / "mine.yaml"
    path.write_text(MINE + more)
    return str(path)


def test_a_policy_of_ones_own(tmp_path: Path) -> None:
    made = load_policy(policy_file(tmp_path, "hide_up_to: 4\n"))
    assert made == replace(Policy("mine", "A local agreement", "local", "Counts of 1 to 4 are hidden."), hide_up_to=4)
    assert made.width == 5


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("hide_up_to: -1\n", ["hide_up_to", "greater than or equal to 0"]),
        ("hide_up_to: 0\n", ["hides nothing", "for a practice itself"]),
        ("hide_upto: 5\n", ["hide_upto", "hide_up_to"]),
        ("hide_up_to: 1\nround_denominators_to: 5\n", ["rounding to 5", "hide_up_to: 2"]),
        ("complement: false\nround_denominators_to: 5\n", ["rounding to 5", "complement: true"]),
        ("rule: network contract\nhide_up_to: 3\n", ["rule: counts"]),
        ('display: "0"\n', ["display"]),
        ("hide_up_to: x\nminimum_denominator: y\n", ["hide_up_to", "minimum_denominator"]),
    ],
)
def test_a_policy_that_cannot_be_is_refused(tmp_path: Path, more: str, words: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        load_policy(policy_file(tmp_path, more))
    assert [word for word in words if word not in str(refused.value)] == []


def test_a_policy_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(Refused, match="Did you mean default"):
        load_policy("defualt")


def test_the_width_of_each_hidden_count_by_itself_is_that_which_every_group_is_asked_for() -> None:
    """Of classes of one to five groups with any counts: `Spare` is `least_widths` with one group as the target."""
    counts = [[3], [3, 4], [1, 1, 9], [5, 5, 5], [1, 2, 8, 8], [1, 1, 1, 1, 30]]
    for insiders, many in product((False, True), counts):
        spare = Spare.of({f"P{n}": count - 1 for n, count in enumerate(many)}, insiders)
        for at in range(len(many)):
            movable = MovableCounts((f"P{n}", n == at, count, 1) for n, count in enumerate(many))
            assert (spare.width(f"P{at}"),) == least_widths([movable], insiders), (insiders, many, at)
