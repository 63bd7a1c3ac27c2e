"""Whatever is tried on a practice's declarations, by whom and in what order: none is approved without what it needs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checked import checked

from remit.contract import declaration, payment_run
from remit.contract.declaration import COUNTED, State, Step
from remit.contract.limits import Limits
from remit.contract.machine import Party, after

AMOUNTS = st.lists(st.sampled_from([1, 700_000, 800_000, 1_500_000, 1_500_001, -900_000]), min_size=1, max_size=3)
TRIES = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from([*Step, Step.APPROVE, Step.CHECK, Step.APPROVE_AMOUNT]), st.booleans(),
        st.integers(0, 3), st.booleans(),
    ),
    min_size=15,
    max_size=40,
)  # fmt: skip
"""Which declaration, which step or the next that it waits for, by which person, whether tier 1 approves it in bulk."""
NEXT: dict[State | None, Step] = {
    State.DECLARED: Step.REVIEW_EVIDENCE,
    State.REVIEWED: Step.APPROVE,
    State.AWAITING_TIER_2: Step.CHECK,
    State.AWAITING_FINANCE: Step.APPROVE_AMOUNT,
}
APPROVALS = (Step.APPROVE, Step.CHECK, Step.APPROVE_AMOUNT)


@pytest.mark.checks("approved", "approved above the limit", "approved in bulk", "not released")
@given(amounts=AMOUNTS, tries=TRIES, reviewed=st.booleans(), releases=st.integers(0, 3))
def test_nothing_is_approved_without_what_its_amount_needs(
    amounts: list[int], tries: list[tuple[int, Step, bool, int, bool]], reviewed: bool, releases: int
) -> None:
    states: list[State | None] = [None] * len(amounts)
    taken: list[list[tuple[Step, int]]] = [[] for _ in amounts]
    bulk = [False] * len(amounts)
    for n, step, is_next, person, in_bulk in [(n, Step.DECLARE, False, 9, False) for n in range(len(amounts))] + tries:
        if n >= len(amounts):
            continue
        if is_next:  # by somebody who has done nothing on it, where there is one
            step = NEXT.get(states[n], step)
            person = next((who for who in range(4) if who not in {one for _, one in taken[n]}), person)
        if step is Step.APPROVE:
            bulk[n] = bulk[n] or in_bulk
        others = [amount for m, amount in enumerate(amounts) if m != n and states[m] in COUNTED]
        needed = Limits().needed(amounts[n], others, bulk[n], reviewed)
        machine = declaration.machine(needed, {one for one, _ in taken[n]})
        done = machine.duties_of(one for one, who in taken[n] if who == person)
        found = after(machine, states[n], step, set(Party), done, reason="because")
        if not isinstance(found, State):
            continue
        taken[n].append((step, person))
        states[n] = found
        if found is State.APPROVED:
            checked("approved")
            checked("approved above the limit", Step.APPROVE_AMOUNT in {one for one, _ in taken[n]})
            checked("approved in bulk", bulk[n])
            together = abs(amounts[n]) + sum(map(abs, others))
            people = {one: {who for step, who in taken[n] if step is one} for one in (Step.DECLARE, *APPROVALS)}
            steps = {one for one, _ in taken[n]}
            assert Step.APPROVE in steps
            assert Step.CHECK in steps or not bulk[n]
            assert Step.APPROVE_AMOUNT in steps or together <= 15_000_00
            assert Step.REVIEW_EVIDENCE in steps or not reviewed
            every = [who for one in people.values() for who in one]
            assert len(every) == len(set(every))  # four steps, four people
    deciders = {who for n, state in enumerate(states) if state is State.APPROVED for step, who in taken[n]
                if step in (Step.DECLARE, *APPROVALS)}  # fmt: skip
    duties = {
        duty
        for n, state in enumerate(states)
        if state is State.APPROVED
        for duty in declaration.MACHINE.duties_of(step for step, who in taken[n] if who == releases)
    }
    run = after(payment_run.MACHINE, payment_run.State.PREPARED, payment_run.Step.RELEASE, {Party.FINANCE}, duties)
    checked("not released", releases in deciders)
    assert (run is payment_run.State.RELEASED) is (releases not in deciders)
