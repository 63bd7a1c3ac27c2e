"""Payment runs of the made-up area: a scheme year with practices that take part, figures, people of finance, and runs
that are prepared and released as those people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from tests.service import figures_in
from tests.service.area import Area, person

from remit.contract.participation import State as Part
from remit.payment import book
from remit.service import clock
from remit.service.declarations.models import Declaration, DeclarationStep
from remit.service.extracts.models import Extract, PracticeFigures
from remit.service.money import ledger, runs
from remit.service.money.models import PaymentRun, Transfer
from remit.service.money.preparing import prepare
from remit.service.money.releasing import release
from remit.service.offers.models import Offer, Participation, SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.people.models import Person
from remit.service.people.roles import Action
from remit.service.register.models import SchemeVersion
from remit.service.scope import reach
from remit.service.scope.acting import acting, doing

STARTS, ENDS = date(2024, 4, 1), date(2025, 3, 31)
HEAD = figures_in.PRACTICES.splitlines()[0]

SETTINGS = {"joiners": "whole months", "leavers": "whole months", "mergers": "successor"}
"""What the source leaves open, as the made-up commissioner decided it."""


@contextmanager
def on(day: date) -> Iterator[None]:
    """A day, at nine o'clock."""
    with clock.at(datetime(day.year, day.month, day.day, 9, tzinfo=UTC)):
        yield


@dataclass
class Payer:
    """A commissioner's scheme year, and two people of its finance."""

    board: Area
    version: SchemeVersion
    year: SchemeYear
    offer: Offer
    first: Person
    second: Person
    folder: Path
    organisation: Organisation
    extracts: list[Extract] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=lambda: dict(SETTINGS))

    def accepted(self, code: str, starts: date = STARTS, state: Part = Part.ACCEPTED, **more: object) -> Participation:
        """A practice that accepted the offer."""
        part, _ = Participation.objects.update_or_create(
            practice=self.board[code], scheme_year=self.year,
            defaults={
                "organisation": self.year.organisation, "offer": self.offer, "scheme_id": self.year.scheme_id,
                "title": self.year.title, "year": self.year.year, "state": state.value, "starts": starts,
                "ends": ENDS, "respond_by": STARTS, "answered_at": clock.now(), **more,
            },
        )  # fmt: skip
        return part

    def figures(self, day: date, practices: str = "", counts: str = "") -> Extract:
        """An extract of a day, checked and accepted."""
        made = figures_in.checked(
            figures_in.received(
                self.board, self.version, self.folder / day.isoformat(), counts or figures_in.counts(),
                practices or figures_in.PRACTICES, day, reason="Newer figures.", settings=self.settings,
            )
        )  # fmt: skip
        assert made.state == "accepted", made.problems
        self.extracts.append(made)
        return made

    def prepared(self, month: date, pay_on: date | None = None, by: Person | None = None) -> PaymentRun:
        """A run of a month, prepared by the first person of finance."""
        run = self.begun(month, pay_on, by)
        prepare.func(run.organisation_id, run.pk)
        run.refresh_from_db()
        return run

    def begun(self, month: date, pay_on: date | None = None, by: Person | None = None) -> PaymentRun:
        """A run that waits for its job."""
        with self.at_work(by or self.first):
            return runs.begin(self.organisation, month, pay_on or month.replace(day=28))

    def released(self, run: PaymentRun, by: Person | None = None) -> PaymentRun:
        """The run, released by the second person of finance."""
        with self.at_work(by or self.second):
            return release(PaymentRun.objects.get(pk=run.pk))

    def paid(self, month: date) -> PaymentRun:
        """A month, prepared and released on its 20th day."""
        with on(month.replace(day=20)):
            return self.released(self.prepared(month))

    @contextmanager
    def at_work(self, someone: Person) -> Iterator[None]:
        """As somebody keeps the books."""
        with acting(reach.of_person(someone, clock.today(), True)), doing(Action.KEEP_BOOKS):
            yield

    def transfers(self, code: str = "") -> list[book.Transfer]:
        """What the ledger has of the year, of one practice or of all."""
        rows = ledger.transfers_of([self.year])[self.year.pk]
        return [one for one in rows if code in ("", one.practice)]


def payer(board: Area, folder: Path) -> Payer:
    """QIF 2024/25 of the first area, offered to its practices."""
    version = figures_in.scheme(board)
    organisation = board["QAA"]
    year = SchemeYear.objects.create(
        organisation=organisation, scheme_id=version.scheme_id, title=version.title, year="2024-25", starts=STARTS,
        ends=ENDS,
    )  # fmt: skip
    offer = Offer.objects.create(
        organisation=organisation, number=1, scheme_year=year, version=version, starts=STARTS, ends=ENDS,
        respond_by=STARTS, to="all practices", sent_at=clock.now(),
    )  # fmt: skip
    first, second = (person("finance_officer", organisation, email=f"finance.{n}@example.org") for n in ("one", "two"))
    return Payer(board, version, year, offer, first, second, folder, organisation)


def sums() -> int:
    """The sum of the whole ledger, each transfer once on each side: zero."""
    rows = Transfer.objects.values_list("pence", "pence")
    return sum(debit - credit for debit, credit in rows)


def declared(
    pays: Payer, code: str, extract: Extract, state: str = "approved", approver: Person | None = None, **more: object
) -> Declaration:
    """A practice's declaration of an extract's figures, in a state; approved ones were approved by somebody."""
    practice = pays.board[code]
    figures = PracticeFigures.objects.get(extract=extract, practice=practice)
    number = Declaration.objects.filter(practice=practice, scheme_year=pays.year).count() + 1
    part = Participation.objects.get(practice=practice, scheme_year=pays.year)
    values: dict[str, object] = {
        "practice": practice, "organisation": pays.organisation, "scheme_year": pays.year, "participation": part,
        "number": number, "figures": figures, "day": extract.day, "is_year_end": True, "state": state,
        "pence": figures.pence or 0, "payment": figures.payment, "sha256": figures.sha256,
        "statement_for_commissioner": "", "declared_at": clock.now(), "approved_at": clock.now(), **more,
    }  # fmt: skip
    made = Declaration.objects.create(**values)
    for step in ("declare", "approve") if state == "approved" else ("declare",):
        by = approver if step == "approve" else None
        DeclarationStep.objects.create(
            practice=practice, organisation=pays.organisation, declaration=made, step=step, state=state, person=by,
            at=clock.now(), pence=made.pence,
        )  # fmt: skip
    return made


def paid_as(payment: str, **changed: object) -> str:
    """A payment as `application.extract.payment_of` reads it, with some of it changed: final figures by hand."""
    return json.dumps({**json.loads(payment), **changed})


def final(payment: str, earned: int, balance: int, recovery: int, dues: list[dict[str, object]]) -> str:
    """The payment of a final year: what it earned, and the balance or recovery with its days."""
    before = [due for due in json.loads(payment)["dues"] if due["kind"] == "instalment"]
    return paid_as(
        payment, status="final", earned=earned, balance=balance, recovery=recovery, dues=[*before, *dues],
        if_final=None, reason="",
    )  # fmt: skip
