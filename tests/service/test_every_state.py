"""Every address of a scheme's year x every state of what it shows x every role, of one's own and another commissioner.

Never an error; another's is not there; and what changes is what `contract` has as a move of that state for that role.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.service.addresses import AT, addresses
from tests.service.area import Area, signed_in
from tests.service.declaring import ENDS, STARTS, figures_in, figures_of, takes_part, year
from tests.service.figures_in import scheme, someone
from tests.service.test_declarations_steps import row_in
from tests.service.test_nobody_decides_twice import ENTERED
from tests.service.twice import Standing
from tests.service.year_rows import year_rows

from remit.contract import adjustment, books, declaration, participation, payment_run, recovery_plan
from remit.contract.machine import Machine
from remit.payment.book import ADVANCE, CASH, INSTALMENT
from remit.service import clock
from remit.service.money.models import Adjustment, BookMonth, PaymentLine, PaymentRun, RecoveryPlan, Transfer
from remit.service.offers.models import Offer, SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.people.models import Person
from remit.service.people.parties import PARTY_OF_ROLE
from remit.service.people.roles import ROLES
from remit.service.register.models import SchemeVersion
from remit.service.scope.check_addresses import Address

QIF = "qif-2024-25"
WHOLE = {
    "words": "Words.", "reason": "A reason.", "answer": "agree", "month": "2024-04-01", "last": "2025-03-01",
    "respond_by": "2099-01-01", "where": "nationally", "since": "2024-05-01", "starts": "2024-04-01", "confirm": "on",
}  # fmt: skip
"""What makes the forms whole."""


@dataclass(frozen=True)
class Kind:
    """A thing of the year: its machine, which addresses show it, and a row of it in a state with their arguments."""

    machine: Machine[Any, Any, Any]
    area: str
    argument: str
    made: Callable[[World, StrEnum], dict[str, object]]
    without: str = ""

    def addresses(self) -> list[Address]:
        return [
            one for one in addresses()
            if one.area == self.area and self.argument in one.arguments and self.without not in one.arguments
        ]  # fmt: skip


@dataclass(frozen=True)
class World:
    """A scheme year of the first area, with figures, and what its rows have in common."""

    board: Area
    year: SchemeYear
    version: SchemeVersion
    figures: Any

    @property
    def of(self) -> dict[str, Organisation]:
        return {"practice": self.board["A1"], "organisation": self.board["QAA"]}


def _declaration(world: World, state: StrEnum) -> dict[str, object]:
    row = row_in(world.figures, world.year, state.value, entered=(ENTERED,))
    return {"practice": "A1", "scheme_id": QIF, "number": row.number, "place": 1, "sha256": row.sha256}


def _participation(world: World, state: StrEnum) -> dict[str, object]:
    other = SchemeYear.objects.create(
        organisation=world.board["QAA"],
        scheme_id="more-2024-25",
        title="More",
        year="2024/25",
        starts=STARTS,
        ends=ENDS,
    )
    offer = Offer.objects.create(
        organisation=world.board["QAA"], number=2, scheme_year=other, version=world.version, starts=STARTS, ends=ENDS,
        respond_by=date(2099, 1, 1), to="one", sent_at=clock.now(),
    )  # fmt: skip
    return {"practice": "A1", "number": takes_part(world.board["A1"], offer, state.value).pk}


def _run(world: World, state: StrEnum) -> dict[str, object]:
    run = PaymentRun.objects.create(
        organisation=world.board["QAA"], number=1, month=STARTS, pay_on=STARTS, state=state.value,
        prepared_at=clock.now(),
    )  # fmt: skip
    line = PaymentLine.objects.create(
        **world.of, run=run, scheme_year=world.year, kind="instalment", pence=100, why="Instalment 1", key="a:1"
    )
    return {"organisation": "QAA", "number": 1, "ending": "csv", "line": line.pk}


def _plan(world: World, state: StrEnum) -> dict[str, object]:
    schedule = [{"day": "2025-07-01", "pence": 100}]
    return {"plan": RecoveryPlan.objects.create(
        **world.of, scheme_year=world.year, number=1, pence=100, months=1, notified=ENDS, schedule=schedule,
        state=state.value,
    ).pk}  # fmt: skip


def _adjustment(world: World, state: StrEnum) -> dict[str, object]:
    Adjustment.objects.create(
        **world.of, scheme_year=world.year, number=1, pence=100, day=STARTS, reason="A reason.", state=state.value
    )
    return {"organisation": "QAA", "number": 1}


def _month(world: World, state: StrEnum) -> dict[str, object]:
    Transfer.objects.create(
        **world.of, paid_by=world.board["QAA"], number=1, transaction="run 1", key=f"{QIF}:1", day=STARTS,
        scheme_year=world.year, debit=ADVANCE, credit=CASH, pence=100, kind=INSTALMENT, memo="", at=clock.now(),
    )  # fmt: skip
    BookMonth.objects.create(
        organisation=world.board["QAA"], month=STARTS, state=state.value, balances={"accounts": {}, "transfers": 1}
    )
    return {"organisation": "QAA", "scheme": QIF, "ending": "csv"}


KINDS = {
    "offer": Kind(participation.MACHINE, "offers", "practice", _participation),
    "declaration": Kind(declaration.MACHINE, "declarations", "number", _declaration),
    "run": Kind(payment_run.MACHINE, "payments", "number", _run),
    "plan": Kind(recovery_plan.WITHOUT_PRACTICE, "recoveries", "plan", _plan),
    "adjustment": Kind(adjustment.MACHINE, "books", "number", _adjustment),
    "month": Kind(books.MACHINE, "books", "organisation", _month, without="number"),
}


@pytest.fixture
def world(board: Area, tmp_path: Path) -> World:
    version = scheme(board)
    made = year(board, version)
    return World(board, made, version, figures_of(board, figures_in(board, version, tmp_path / "in")))


@pytest.fixture
def elsewhere(world: World) -> dict[str, Any]:
    """A row of everything of the other commissioner, by its table."""
    return year_rows(world.board["QBB"], world.board["B1"], world.version)


def theirs(rows: dict[str, Any]) -> dict[str, object]:
    """What stands in an address of the other commissioner's."""
    return {
        "practice": "B1", "organisation": "QBB", "scheme_id": QIF, "scheme": QIF, "number": 1, "place": 1,
        "ending": "csv", "line": rows["money_paymentline"].pk, "plan": rows["money_recoveryplan"].pk,
        "participation": rows["offers_participation"].pk,
    }  # fmt: skip


def ask(client: Client, method: str, path: str, body: dict[str, object]) -> tuple[int, bool]:
    """The status, and whether anything was changed by what is posted; then it is as before."""
    with transaction.atomic():
        before = Standing.now() if method == "post" else None
        client.raise_request_exception = False
        answer: HttpResponse = getattr(client, method)(path, body if method == "post" else {})
        if answer.streaming:
            answer.getvalue()
        changed = before is not None and Standing.now() != before
        transaction.set_rollback(True)
    return answer.status_code, changed


def bodies(kind: Kind, values: dict[str, object]) -> Iterator[dict[str, object]]:
    steps = kind.machine.steps if kind.area == "books" and kind.argument == "number" else [kind.machine.steps]
    for step in steps:
        body: dict[str, object] = {**WHOLE, "step": getattr(step, "value", "")}
        for prefix in ("approve", "check", "approve-amount", "review-evidence", "send-back", "take-back"):
            body |= {f"{prefix}-sha256": values.get("sha256", ""), f"{prefix}-pence": 100, f"{prefix}-words": "Words."}
        yield body


def may_change(kind: Kind, state: StrEnum, role: str, address: Address) -> bool:
    """Whether the contract has a move of this state for this role."""
    if address.name.endswith("reported"):
        return state == participation.State.ACCEPTED and role in ("practice_lead", "contract_manager")
    party = PARTY_OF_ROLE.get(role)
    return any(one == state and party in move.by for (one, _), move in kind.machine.moves.items())


def _holder(role: str, board: Area) -> Person:
    """Whoever has a role where its holders decide: of an area's roles, the commissioner's."""
    kind = next(kind for kind in ("practice", "network", "commissioner") if kind in ROLES[role].kinds)
    return someone(role, board[AT[kind]])


@pytest.mark.parametrize("name", KINDS)
def test_every_state_for_every_role(name: str, world: World, elsewhere: dict[str, Any]) -> None:
    kind, wrong = KINDS[name], []
    assert kind.addresses()
    visitors = [(role, signed_in(_holder(role, world.board))) for role in ROLES]
    other = theirs(elsewhere) | ({"number": elsewhere["offers_participation"].pk} if name == "offer" else {})
    moved = set()
    for state in kind.machine.states:
        with transaction.atomic():
            own = kind.made(world, state)
            for role, client in visitors:
                for address in kind.addresses():
                    path = _path(address, own)
                    status, _ = ask(client, "get", path, {})
                    statuses = {status}
                    if status in (200, 302, 405):
                        for body in bodies(kind, own):
                            status, changed = ask(client, "post", path, body)
                            statuses.add(status)
                            if changed and not may_change(kind, state, role, address):
                                wrong.append(f"{role} changed what is {state} at {path}")
                            if changed:
                                moved.add(state)
                    if not statuses <= {200, 302, 400, 403, 404, 405}:
                        wrong.append(f"{role}, {state}: {path}: {statuses}")
                    path = _path(address, other)
                    status, _ = ask(client, "get", path, {})
                    status = ask(client, "post", path, {})[0] if status == 405 else status
                    if status not in (403, 404):
                        wrong.append(f"{role}: {path} of another: {status}")
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)
    assert moved, "nobody could change anything: what is posted here makes no form whole"


def _path(address: Address, values: dict[str, object]) -> str:
    return reverse(address.name, kwargs={argument: values[argument] for argument in address.arguments})
