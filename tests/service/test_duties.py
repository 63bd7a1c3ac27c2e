"""Which duties one person may not have together: every role by every role, every act by every act, written by hand."""

import pytest

from remit.core.problems import Refused
from remit.service.people.duties import Act, act_pairs, check, check_roles, may_both, role_pairs, why_apart
from remit.service.people.roles import ROLES

pytestmark = pytest.mark.one_database

ROLE_TABLE = """
                         PV PL NM CM A1 A2 FO DQ CL SA AU AD
practice_viewer          .  .  .  .  x  x  x  .  .  .  .  .
practice_lead            .  .  .  .  x  x  x  x  .  .  x  .
network_manager          .  .  .  .  x  x  x  .  .  .  .  .
contract_manager         .  .  .  .  .  .  .  .  .  .  x  .
approver_tier_1          x  x  x  .  .  x  x  x  x  x  x  x
approver_tier_2          x  x  x  .  x  .  x  x  x  x  x  x
finance_officer          x  x  x  .  x  x  .  x  x  .  x  x
data_quality             .  x  .  .  x  x  x  .  .  .  x  .
clinical_lead            .  .  .  .  x  x  x  .  .  .  x  .
scheme_author            .  .  .  .  x  x  .  .  .  .  x  .
auditor                  .  x  .  x  x  x  x  x  x  x  .  x
administrator            .  .  .  .  x  x  x  .  .  .  x  .
"""
"""x: one person may not hold both in one area. The columns are the roles in the order of the rows."""

ACT_TABLE = """
                    WS AS PS RF DF RE AP CP AA PP RP PA AJ PR AR CB IN AC GR RR RS LS
WRITE_SCHEME        .  x  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .
APPROVE_SCHEME      x  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .
PUBLISH_SCHEME      .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .
RECEIVE_FIGURES     .  .  .  .  x  .  x  x  x  .  x  .  .  .  .  .  .  .  .  .  .  .
DECLARE_FIGURES     .  .  .  x  .  x  x  x  x  .  x  .  .  .  .  .  .  .  .  .  .  .
REVIEW_EVIDENCE     .  .  .  .  x  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .
APPROVE_PAYMENT     .  .  .  x  x  .  .  x  x  .  x  .  .  .  .  .  .  .  .  .  .  .
CHECK_PAYMENT       .  .  .  x  x  .  x  .  x  .  x  .  .  .  .  .  .  .  .  .  .  .
APPROVE_AMOUNT      .  .  .  x  x  .  x  x  .  .  x  .  .  .  .  .  .  .  .  .  .  .
PREPARE_PAYMENT     .  .  .  .  .  .  .  .  .  .  x  .  .  .  .  .  .  .  .  .  .  .
RELEASE_PAYMENT     .  .  .  x  x  .  x  x  x  x  .  .  x  .  .  .  .  .  .  .  .  .
PROPOSE_ADJUSTMENT  .  .  .  .  .  .  .  .  .  .  .  .  x  .  .  .  .  .  .  .  .  .
APPROVE_ADJUSTMENT  .  .  .  .  .  .  .  .  .  .  x  x  .  .  .  .  .  .  .  .  .  .
PROPOSE_RECOVERY    .  .  .  .  .  .  .  .  .  .  .  .  .  .  x  .  .  .  .  .  .  .
AGREE_RECOVERY      .  .  .  .  .  .  .  .  .  .  .  .  .  x  .  .  .  .  .  .  .  .
CLOSE_BOOKS         .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .
INVITE              .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  x  .  .  .  .
ACCEPT_INVITATION   .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  x  .  .  .  .  .
GIVE_ROLE           .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  x  .  .
RECEIVE_ROLE        .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  x  .  .  .
RESET_SECOND_FACTOR .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  x
LOSE_SECOND_FACTOR  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  .  x  .
"""
"""x: one person may not do both to the same thing."""


def cells(table: str) -> list[tuple[str, str, bool]]:
    lines = table.strip().splitlines()[1:]
    names = [line.split()[0] for line in lines]
    return [
        (name, other, mark == "x")
        for name, line in zip(names, lines, strict=True)
        for other, mark in zip(names, line.split()[1:], strict=True)
    ]


def test_the_tables_have_every_role_and_every_act() -> None:
    assert {one for one, _, _ in cells(ROLE_TABLE)} == set(ROLES)
    assert {one for one, _, _ in cells(ACT_TABLE)} == {act.name for act in Act}


@pytest.mark.parametrize(("one", "other", "apart"), cells(ROLE_TABLE))
def test_each_pair_of_roles(one: str, other: str, apart: bool) -> None:
    assert bool(why_apart(one, other)) is apart
    if apart:
        with pytest.raises(Refused, match="cannot be one person"):
            check_roles(one, [other])
    else:
        check_roles(one, [other])


@pytest.mark.parametrize(("one", "other", "apart"), cells(ACT_TABLE))
def test_each_pair_of_acts(one: str, other: str, apart: bool) -> None:
    first, second = Act[one], Act[other]
    assert may_both(first, second) is not apart
    if apart:
        with pytest.raises(Refused):
            check(first, 7, {second: [7]})
    else:
        check(first, 7, {second: [7]})
    check(first, 8, {second: [7]})  # another person may
    check(first, None, {second: [None]})  # two whom nobody knows are not one


def test_the_lists_name_each_pair_once() -> None:
    assert len(list(role_pairs())) == sum(apart for _, _, apart in cells(ROLE_TABLE)) // 2
    assert len(list(act_pairs())) == sum(apart for _, _, apart in cells(ACT_TABLE)) // 2
    assert all(reason.endswith(".") for _, _, reason in [*role_pairs(), *act_pairs()])
