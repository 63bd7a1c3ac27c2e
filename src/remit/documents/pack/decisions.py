"""Who decides what in the scheme's year, who verifies before it is paid, and what one person does not do twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from remit.contract import adjustment, declaration, participation, payment_run, recovery_plan
from remit.contract.duties import pairs
from remit.contract.limits import Limits
from remit.contract.machine import Machine
from remit.core import say
from remit.documents.blocks import Block, Bullets, Column, Document, Facts, Heading, Para, Row, Table
from remit.documents.pack.model import Pack

_MACHINES: Mapping[str, Machine[Any, Any, Any]] = {
    "Offer and participation": participation.MACHINE,
    "Declaration": declaration.MACHINE,
    "Payment run": payment_run.MACHINE,
    "Recovery plan": recovery_plan.MACHINE,
    "Adjustment": adjustment.MACHINE,
}


def page(pack: Pack) -> Document:
    """The scheme's own words on it first, then the steps as Remit's service has them."""
    scheme = pack.card.scheme
    title = f"{scheme.title}: who decides and who verifies"
    return Document(title, tuple(_blocks(pack, title)), foot=title, public=True)


def _blocks(pack: Pack, title: str) -> Iterator[Block]:
    scheme, limits = pack.card.scheme, Limits()
    yield Heading(1, title)
    yield Para(
        f"{scheme.commissioner} pays. Figures are declared by the practice, approved by the commissioner, and released "
        "for payment by a second person in finance.",
        "lead",
    )
    yield Heading(2, "What the scheme itself says")
    own = [
        ("Who defines the scheme", scheme.commissioner),
        ("Who prepares and submits the data", _said(scheme.obligations, "verification", "data", "submission")),
        ("How it is verified before it is paid", _said(scheme.obligations, "verification")),
        ("Consent", _said(scheme.obligations, "consent")),
        ("Deadline", _said(scheme.obligations, "deadline")),
    ]
    yield Facts(tuple(own))
    rest = {k: v for k, v in scheme.obligations.items() if k not in ("verification", "consent", "deadline")}
    if rest:
        yield Bullets(tuple(f"{say.capital(name.replace('_', ' '))}: {say.clean(text)}" for name, text in rest.items()))
    yield Heading(2, "The steps, and who takes each")
    yield Para(
        "As Remit's service has them. A scheme year may be set to need less: no declaration, no review, no approval."
    )
    rows = []
    for name, machine in _MACHINES.items():
        rows.append(Row((name,), "group"))
        rows += _steps(machine)
    columns = (Column("Step", 3), Column("From", 3), Column("To", 3), Column("By", 4), Column("With a reason", 4))
    yield Table("Steps", columns, tuple(rows))
    yield Heading(2, "Limits")
    yield Facts(
        (
            ("Finance approves", f"above {say.money(limits.finance_above)}, all of a practice's amounts together"),
            ("Risk", _risk(limits)),
            ("Approved in bulk", "checked by a tier 2 approver"),
        )
    )
    yield Heading(2, "What one person does not do twice")
    yield Bullets(tuple(sorted({say.sentence(why) for _, _, why in pairs()})))


def _risk(limits: Limits) -> str:
    medium, high = say.money(limits.medium_from), say.money(limits.high_from)
    return f"low below {medium}, medium to below {high}, high from {high}"


def _said(obligations: Mapping[str, str], *names: str) -> str:
    """What the scheme says under one of these names; that it does not, where it says nothing."""
    return next((say.clean(obligations[name]) for name in names if name in obligations), "the scheme does not say")


def _steps(machine: Machine[Any, Any, Any]) -> Iterator[Row]:
    for (state, step), move in machine.moves.items():
        by = say.listed(sorted(map(str, move.by)), "or")
        yield Row((str(step), str(state or "nothing yet"), str(move.to), by, move.reason))
