"""The machines of a scheme's year: every state x step x party, who must be another person, and what is said."""

from __future__ import annotations

from itertools import product

import pytest
from tests.unit.contract_tables import APART, LAST, PARTIES, TABLES, WAITS, lines, machine_of, state, states_of

from remit.contract import declaration, machines, recovery_plan
from remit.contract.duties import Duty, pairs, why_apart
from remit.contract.limits import Needed
from remit.contract.machine import NotPossible, Party, after, possible

DUTIES = {
    "receive": Duty.RECEIVE_FIGURES, "declare": Duty.DECLARE_FIGURES, "review": Duty.REVIEW_EVIDENCE,
    "approve": Duty.APPROVE_PAYMENT, "check": Duty.CHECK_PAYMENT, "amount": Duty.APPROVE_AMOUNT,
    "prepare": Duty.PREPARE_PAYMENT, "release": Duty.RELEASE_PAYMENT, "propose recovery": Duty.PROPOSE_RECOVERY,
    "agree recovery": Duty.AGREE_RECOVERY, "propose adjustment": Duty.PROPOSE_ADJUSTMENT,
    "approve adjustment": Duty.APPROVE_ADJUSTMENT, "close": Duty.CLOSE_BOOKS,
}  # fmt: skip


def test_every_machine_and_every_duty_has_its_table() -> None:
    assert set(DUTIES.values()) == set(Duty)
    every = [*machines.IN_THE_SERVICE, *machines.LATER]
    assert [machine_of(name).name for name in TABLES] == [one.name for one in every]
    assert set(PARTIES.values()) == set(Party)


@pytest.mark.parametrize("name", TABLES)
def test_every_state_step_and_party(name: str) -> None:
    leads = {(one, step): (who, to, marks) for one, step, who, to, marks in lines(TABLES[name])}
    steps = machine_of(name).steps
    assert {step for _, step in leads} == {step.value for step in steps}
    for at, step, (letter, party) in product(states_of(name), steps, PARTIES.items()):
        machine, now = machine_of(name), state(name, at)
        who, to, marks = leads.get((at, step.value), ("", "", ""))
        found = after(machine, now, step, {party}, reason="because")
        assert (step in possible(machine, now, {party})) is (letter in who)
        if letter not in who:
            assert isinstance(found, NotPossible), (at, step, party)
            assert found.now is (not who)
            continue
        assert found == machine.states(to), (at, step, party)
        silent = after(machine, now, step, {party}, reason="  ")
        faulty = after(machine, now, step, {party}, reason="because", fault="Something is missing.")
        assert isinstance(silent, NotPossible) is ("R" in marks), (at, step)
        assert (faulty == NotPossible("Something is missing.")) is ("S" in marks), (at, step)
        assert after(machine, now, step, set(Party), reason="because") == found
    assert possible(machine_of(name), state(name, states_of(name)[1]), frozenset()) == ()


@pytest.mark.parametrize("name", TABLES)
def test_nothing_leads_out_of_a_last_state_and_everything_else_is_reached(name: str) -> None:
    machine = machine_of(name)
    last = {machine.states(one) for one in LAST[name].split(", ") if one}
    assert set(machine.ended) == last
    rows = lines(TABLES[name])
    start = "-" if machine.start is None else machine.start.value
    reached = {start} - {"-"} | {to for _, _, _, to, _ in rows}
    assert {machine.states(one) for one in reached} == set(machine.states)
    for at, step in product(machine.states, machine.steps):
        found = after(machine_of(name), at, step, set(Party), reason="because")
        if at in last and (move := machine.moves.get((at, step))) is not None:
            assert (name, move.by) == ("participation", {Party.SERVICE})
        elif at in last:
            assert found == NotPossible(machine.ended[at], now=True)
    assert set(machine.waits_for) & last == set()


@pytest.mark.parametrize("name", TABLES)
def test_each_refusal_is_a_plain_sentence(name: str) -> None:
    machine = machine_of(name)
    assert set(machine.not_now) == set(machine.steps)
    said = [*machine.not_now.values(), *machine.ended.values(), *(one.reason for one in machine.moves.values())]
    nobody = [after(machine_of(name), state(name, at), step, frozenset()) for at in states_of(name)
              for step in machine.steps]  # fmt: skip
    assert all(isinstance(one, NotPossible) for one in nobody)
    for sentence in [*filter(None, said), *(one.why for one in nobody if isinstance(one, NotPossible))]:
        assert sentence[0].isupper()
        assert sentence.endswith(".")


@pytest.mark.parametrize("name", TABLES)
def test_whom_each_state_waits_for(name: str) -> None:
    machine = machine_of(name)
    assert {f"{at.value} {letter}" for at, who in machine.waits_for.items() for letter, party in PARTIES.items()
            if party in who} == set(WAITS[name].split(", "))  # fmt: skip
    for at, who in machine.waits_for.items():
        assert name == "network_achievement" or possible(machine, at, who)  # a network waits for its members' figures


def test_who_is_not_one_of_those_reads_who_is() -> None:
    machine = machine_of("declaration")
    found = after(machine, declaration.State.REVIEWED, declaration.Step.APPROVE, {Party.PRACTICE})
    assert found == NotPossible("Only the tier 1 approver can do this.")
    found = after(
        machine, declaration.State.AWAITING_FINANCE, declaration.Step.SEND_BACK, {Party.PRACTICE}, reason="no"
    )
    assert found == NotPossible("Only the finance officer, the tier 1 approver or the tier 2 approver can do this.")


@pytest.mark.parametrize("name", TABLES)
def test_every_step_is_refused_to_whoever_did_what_is_apart_from_it(name: str) -> None:
    apart = {step: set(others.split(", ")) for one, step, others in lines(APART) if one == name}
    for at, step, who, _, _ in lines(TABLES[name]):
        machine = machine_of(name)
        now, party, the_step = state(name, at), PARTIES[who[0]], machine.steps(step)
        refused, duty = set(), machine.moves[now, the_step].duty
        for word, other in DUTIES.items():
            found = after(machine, now, the_step, {party}, {other}, reason="because")
            if isinstance(found, NotPossible):
                assert duty is not None
                assert found == NotPossible(why_apart(other, duty))
                assert the_step not in possible(machine, now, {party}, {other})
                refused.add(word)
        assert refused == apart.get(step, set()), (at, step)


def test_steps_give_the_duties_that_a_person_did() -> None:
    machine = declaration.MACHINE
    assert machine.duties_of([declaration.Step.DECLARE, declaration.Step.TAKE_BACK]) == {Duty.DECLARE_FIGURES}
    assert machine.duties_of([declaration.Step.APPROVE_AMOUNT]) == {Duty.APPROVE_AMOUNT}
    assert machine.duties_of([]) == frozenset()


def test_each_pair_of_duties_is_listed_once_with_its_reason() -> None:
    every = list(pairs())
    assert len({frozenset((one, other)) for one, other, _ in every}) == len(every) == 20
    assert all(why_apart(one, other) == why_apart(other, one) == why for one, other, why in every)
    assert all(why.endswith(".") for _, _, why in every)


PATHS = """
    R12F | declare declared; review evidence reviewed; approve awaiting tier 2; check awaiting finance; \
approve amount approved
    R12- | declare declared; review evidence reviewed; approve awaiting tier 2; check approved
    R1-F | declare declared; review evidence reviewed; approve awaiting finance; approve amount approved
    R1-- | declare declared; review evidence reviewed; approve approved
    -12F | declare declared; approve awaiting tier 2; check awaiting finance; approve amount approved
    -12- | declare declared; approve awaiting tier 2; check approved
    -1-F | declare declared; approve awaiting finance; approve amount approved
    -1-- | declare declared; approve approved
    R--- | declare declared; review evidence approved
    ---- | declare approved
"""
"""What a declaration passes: R its evidence is reviewed, 1 and 2 the tiers, F finance."""


@pytest.mark.parametrize(("letters", "path"), lines(PATHS))
def test_a_declaration_passes_what_it_needs(letters: str, path: str) -> None:
    needed = Needed(True, "R" in letters, "1" in letters, "2" in letters, "F" in letters)
    now: declaration.State | None = None
    given: set[declaration.Step] = set()
    for stage in path.split("; "):
        step = next(one for one in sorted(declaration.Step, key=len, reverse=True) if stage.startswith(one))
        machine = declaration.machine(needed, given)
        if now is not None:
            before = {declaration.Step.APPROVE, declaration.Step.CHECK, declaration.Step.APPROVE_AMOUNT} - {step}
            assert not before & set(possible(machine, now, set(Party)))
        found = after(machine, now, step, set(Party), reason="looked at the notes")
        assert found == stage.removeprefix(f"{step} "), stage
        assert isinstance(found, declaration.State)
        now = found
        given.add(step)
    assert now is declaration.State.APPROVED
    assert declaration.next_state(needed, given) is now


def test_a_declaration_that_begins_to_need_more_while_it_waits_gets_it() -> None:
    step, state = declaration.Step, declaration.State
    given = {step.DECLARE, step.APPROVE}
    more = Needed(True, review=True, tier_1=True, tier_2=True, finance=True)
    machine = declaration.machine(more, given)
    assert after(machine, state.AWAITING_FINANCE, step.APPROVE_AMOUNT, {Party.FINANCE}) is state.DECLARED
    machine = declaration.machine(more, given | {step.APPROVE_AMOUNT})
    assert after(machine, state.DECLARED, step.REVIEW_EVIDENCE, {Party.CONTRACT_MANAGER}, reason="read") is (
        state.AWAITING_TIER_2
    )
    machine = declaration.machine(more, given | {step.APPROVE_AMOUNT, step.REVIEW_EVIDENCE})
    assert after(machine, state.AWAITING_TIER_2, step.CHECK, {Party.TIER_2}) is state.APPROVED


def test_a_year_without_declaration_is_declared_by_remit_itself() -> None:
    needed = Needed(False, review=False, tier_1=True, tier_2=False, finance=False)
    machine, step = declaration.machine(needed, frozenset()), declaration.Step.DECLARE
    assert after(machine, None, step, {Party.SERVICE}) is declaration.State.DECLARED
    assert isinstance(after(machine, None, step, {Party.PRACTICE}), NotPossible)


def test_recovery_without_the_practice_needs_a_second_person_of_finance() -> None:
    machine, step, proposed = recovery_plan.WITHOUT_PRACTICE, recovery_plan.Step.AGREE, recovery_plan.State.PROPOSED
    assert after(machine, proposed, step, {Party.FINANCE}) is recovery_plan.State.AGREED
    assert after(machine, proposed, step, {Party.PRACTICE}) is recovery_plan.State.AGREED
    same = after(machine, proposed, step, {Party.FINANCE}, {Duty.PROPOSE_RECOVERY})
    assert same == NotPossible("You proposed this recovery plan: somebody else agrees to it.")
    with_practice = after(recovery_plan.MACHINE, proposed, step, {Party.FINANCE})
    assert with_practice == NotPossible("Only the practice can do this.")


@pytest.mark.parametrize(
    ("months", "circumstances", "fault"),
    [
        (0, "", "A recovery plan has 1 to 120 months, not 0."),
        (1, "", ""),
        (6, "", ""),
        (7, "", "7 months are more than 6. Record the exceptional circumstances."),
        (7, "  ", "7 months are more than 6. Record the exceptional circumstances."),
        (7, "Two of three partners left in May.", ""),
        (120, "The practice closes.", ""),
        (121, "The practice closes.", "A recovery plan has 1 to 120 months, not 121."),
    ],
)
def test_more_than_six_months_only_with_exceptional_circumstances(months: int, circumstances: str, fault: str) -> None:
    assert recovery_plan.fault_of(months, circumstances) == fault
