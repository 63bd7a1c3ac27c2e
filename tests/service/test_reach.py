"""Who sees whom, day by day, through leavers, movers, joiners and successions: worked out by hand."""

import random
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from tests.service.area import Area, person

from remit.service.organisations.models import COMMISSIONER, PLACE, Membership, Organisation, Succession
from remit.service.people.roles import Action
from remit.service.scope import reach
from remit.service.scope.scope import Scope

START = date(2024, 4, 1)
LAST, MOVE = date(2024, 9, 30), date(2024, 10, 1)
"""The last day of the old membership, and the first of the new one."""


def ends(area: Area, member: str, parent: str, until: date = LAST) -> None:
    Membership.objects.filter(member=area[member], parent=area[parent]).update(until=until)


def joins(area: Area, member: str, parent: str, since: date = MOVE) -> None:
    Membership.objects.create(member=area[member], parent=area[parent], since=since)


def scope_of(area: Area, role: str, code: str, day: date) -> Scope:
    someone = person(role, area[code], START, f"{code}.{day}@example.org".lower())
    return reach.of_person(someone, day, True)


def codes(ids: frozenset[int]) -> set[str]:
    return set(Organisation.objects.filter(pk__in=ids).values_list("code", flat=True))


@dataclass(frozen=True)
class Case:
    """What happened, and whom somebody at an organisation sees on a day."""

    name: str
    role: str
    at: str
    day: date
    below: set[str]
    former: set[str]


ALL = {"PL1", "NW1", "NW2", "A1", "A2", "A3"}
CASES = [
    Case("nothing", "contract_manager", "QAA", LAST, ALL, set()),
    Case("A1 leaves", "contract_manager", "QAA", LAST, ALL, set()),
    Case("A1 leaves", "contract_manager", "QAA", MOVE, ALL - {"A1"}, {"A1"}),
    Case("A1 leaves", "network_manager", "NW1", MOVE, {"A2"}, {"A1"}),
    Case("A1 moves to NW2", "network_manager", "NW1", LAST, {"A1", "A2"}, set()),
    Case("A1 moves to NW2", "network_manager", "NW1", MOVE, {"A2"}, {"A1"}),
    Case("A1 moves to NW2", "network_manager", "NW2", LAST, {"A3"}, {"A1"}),  # who is to come is known by name
    Case("A1 moves to NW2", "network_manager", "NW2", MOVE, {"A3", "A1"}, set()),
    Case("A1 moves to NW2", "contract_manager", "QAA", MOVE, ALL, set()),
    Case("A1 moves to NW3", "contract_manager", "QAA", MOVE, ALL - {"A1"}, {"A1"}),
    Case("A1 moves to NW3", "contract_manager", "QBB", LAST, {"NW3", "B1"}, {"A1"}),
    Case("A1 moves to NW3", "contract_manager", "QBB", MOVE, {"NW3", "B1", "A1"}, set()),
    # A place sees under the consent to its commissioner, which does not end here: of a practice that left, nothing.
    Case("A1 leaves", "contract_manager", "PL1", LAST, ALL - {"PL1"}, set()),
    Case("A1 leaves", "contract_manager", "PL1", MOVE, ALL - {"PL1", "A1"}, set()),
    # B1 joined NW1 after it had gone to the other area, and was never in the first.
    Case("NW1 moves to QBB, B1 joins it", "contract_manager", "QAA", MOVE, {"PL1", "NW2", "A3"}, {"NW1", "A1", "A2"}),
    Case("NW1 moves to QBB, B1 joins it", "contract_manager", "QBB", MOVE, {"NW1", "NW3", "A1", "A2", "B1"}, set()),
    # The commissioners become one.
    Case("QAA and QBB become QCC", "contract_manager", "QCC", LAST, set(), ALL | {"NW3", "B1"}),
    Case("QAA and QBB become QCC", "contract_manager", "QCC", MOVE, ALL | {"NW3", "B1"}, set()),
    Case("QAA and QBB become QCC", "contract_manager", "QAA", LAST, ALL, set()),
    Case("QAA and QBB become QCC", "contract_manager", "QAA", MOVE, set(), ALL),
    Case("A1 is merged into A3", "network_manager", "NW2", MOVE, {"A3"}, set()),
    Case("A1 is merged into A3", "network_manager", "NW1", MOVE, {"A2"}, {"A1"}),
]


def happens(area: Area, what: str) -> None:
    if what == "A1 leaves" or what.startswith("A1 moves"):
        ends(area, "A1", "NW1")
    if what.startswith("A1 moves to "):
        joins(area, "A1", what[-3:])
    if what.startswith("NW1 moves to QBB"):
        ends(area, "NW1", "PL1")
        joins(area, "NW1", "QBB")
        ends(area, "B1", "NW3")
        joins(area, "B1", "NW1")
    if what == "QAA and QBB become QCC":
        one = Organisation.objects.create(code="QCC", name="One area", kind=COMMISSIONER)
        area.organisations["QCC"] = one
        for old, member in (("QAA", "PL1"), ("QBB", "NW3")):
            Succession.objects.create(predecessor=area[old], successor=one, day=MOVE)
            ends(area, member, old)
            joins(area, member, "QCC")
    if what == "A1 is merged into A3":
        ends(area, "A1", "NW1")
        Succession.objects.create(predecessor=area["A1"], successor=area["A3"], day=MOVE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}, {case.at} on {case.day}")
def test_who_is_below_and_who_was(board: Area, case: Case) -> None:
    happens(board, case.name)
    scope = scope_of(board, case.role, case.at, case.day)
    assert (codes(scope.overseen), codes(scope.former)) == (case.below, case.former)


@pytest.mark.parametrize(
    ("code", "day", "own"),
    [
        ("QCC", LAST, {"QCC"}),
        ("QCC", MOVE, {"QCC", "QAA", "QBB"}),
        ("QAA", MOVE, {"QAA"}),
    ],
)
def test_a_successor_has_what_was_its_predecessors_from_the_day(
    board: Area, code: str, day: date, own: set[str]
) -> None:
    happens(board, "QAA and QBB become QCC")
    scope = scope_of(board, "contract_manager", code, day)
    assert codes(scope.own) == codes(scope.consented) == own


def test_a_place_goes_on_under_the_consents_to_the_old_commissioner(board: Area) -> None:
    happens(board, "QAA and QBB become QCC")
    assert codes(scope_of(board, "contract_manager", "PL1", LAST).consented) == {"PL1", "QAA"}
    assert codes(scope_of(board, "contract_manager", "PL1", MOVE).consented) == {"PL1", "QCC", "QAA", "QBB"}


def test_a_practice_that_took_over_another_has_its_patients(board: Area) -> None:
    happens(board, "A1 is merged into A3")
    assert codes(scope_of(board, "practice_lead", "A3", LAST).patients) == {"A3"}
    assert codes(scope_of(board, "practice_lead", "A3", MOVE).patients) == {"A3", "A1"}


def test_a_successor_is_known_by_name_before_its_day(board: Area) -> None:
    happens(board, "QAA and QBB become QCC")
    assert codes(scope_of(board, "administrator", "QAA", LAST).parents) == {"QCC"}


def test_nobody_decides_for_whoever_left(board: Area) -> None:
    happens(board, "A1 moves to NW3")
    before, after = (scope_of(board, "administrator", "QAA", day) for day in (LAST, MOVE))
    assert before.may(Action.CHANGE_ORGANISATIONS, board["A1"].pk)
    assert not after.may(Action.CHANGE_ORGANISATIONS, board["A1"].pk)
    assert after.may(Action.SEE_ORGANISATIONS, board["A1"].pk)
    assert scope_of(board, "administrator", "QBB", MOVE).may(Action.CHANGE_ORGANISATIONS, board["A1"].pk)


# By a plain walk, step by step, over areas that change at random.


def walked(start: Organisation, day: date) -> tuple[set[int], set[int], set[int]]:
    """Those below on a day, those below on other days, and those above."""
    memberships = list(Membership.objects.values_list("member_id", "parent_id", "since", "until"))
    own, ahead = {start.pk}, [start.pk]
    while ahead:
        one = ahead.pop()
        for before, after, on in Succession.objects.values_list("predecessor_id", "successor_id", "day"):
            if after == one and on <= day and before not in own:
                own.add(before)
                ahead.append(before)
    chains = [(one, date.min, date.max) for one in own]
    for one, first, last in chains:
        for member, parent, since, until in memberships:
            chain = (member, max(first, since), min(last, until or date.max))
            if parent == one and chain[1] <= chain[2] and chain not in chains:
                chains.append(chain)
    below = {one for one, first, last in chains if first <= day <= last} - own
    above = [start.pk]
    for one in above:
        above += [
            parent
            for member, parent, since, until in memberships
            if member == one and since <= day <= (until or date.max) and parent not in above
        ]
    return below, {one for one, _, _ in chains} - below - own, set(above) - own


@pytest.mark.parametrize("seed", range(6))
def test_it_is_what_a_walk_comes_to(board: Area, seed: int) -> None:
    chance = random.Random(seed)
    every = list(board.organisations.values())
    days = [date(2024, month, day) for month in range(3, 11) for day in (1, 15)]
    for row in Membership.objects.all():
        if chance.random() < 0.7:
            Membership.objects.filter(pk=row.pk).update(until=chance.choice([day for day in days if day >= START]))
    made = 0
    for _ in range(60):
        member, parent = chance.sample(every, 2)
        since = chance.choice(days)
        until = chance.choice([day for day in days if day >= since])
        with suppress(IntegrityError), transaction.atomic():  # one parent of a kind at a time
            Membership.objects.create(member=member, parent=parent, since=since, until=until)
            made += 1
    assert made > 10
    for before, after in {tuple(sorted(chance.sample(range(len(every)), 2))) for _ in range(3)}:
        Succession.objects.create(predecessor=every[before], successor=every[after], day=chance.choice(days))
    for start in every:
        for day in chance.sample(days, 3):
            below, former, above = walked(start, day)
            found = reach._around(start, day)
            assert found.below == below
            assert found.former == (set() if start.kind == PLACE else former)
            assert found.above >= above
