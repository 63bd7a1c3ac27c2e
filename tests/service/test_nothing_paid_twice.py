"""Whatever is prepared, released, cancelled, tried again, approved, withdrawn or closed, in whatever order and at the
same moment: nothing is paid twice, and the ledger, the files and what is due agree after every step.

Each example has a commissioner and a practice of its own, in tables that are only ever added to. What is due is
calculated here by hand: so much a month, a balance once it is approved, and what adjustments add. The clock may be set
back. HYPOTHESIS_PROFILE=thorough tries more.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from itertools import count
from threading import Barrier, Thread

import pytest
from django.db import connection
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.profiles import machine
from tests.service.area import person
from tests.service.paying import on

from remit.application.payment_file import check_file
from remit.application.scheme_text import shipped
from remit.contract.adjustment import Step as Adjusting
from remit.core.dates import add_months, month_end
from remit.core.problems import Refused
from remit.payment import book
from remit.service import clock
from remit.service.declarations.models import Declaration
from remit.service.extracts.models import Extract, PracticeFigures
from remit.service.money import adjustments, closing, ledger, releasing, runs
from remit.service.money.models import OPEN_RUNS, Adjustment, PaymentRun, Transfer
from remit.service.money.preparing import prepare
from remit.service.offers.models import Offer, Participation, SchemeYear
from remit.service.organisations.models import COMMISSIONER, PRACTICE, Membership, Organisation
from remit.service.people.models import Person
from remit.service.people.roles import Action
from remit.service.register.models import SchemeVersion
from remit.service.scope import reach
from remit.service.scope.acting import acting, doing
from remit.service.scope.scope import EVERYTHING

STARTS, ENDS = date(2024, 4, 1), date(2025, 3, 31)
SCHEME = "qif-2024-25"
_NUMBERS = count(1)


def payment(monthly: int, balance: int = 0) -> str:
    """So much at the end of each month and, where the year is final, a balance in the month of the declaration."""
    months = [add_months(STARTS, n) for n in range(12)]
    days = [month_end(one.year, one.month) for one in months]
    dues: list[dict[str, object]] = [{"day": day.isoformat(), "kind": "instalment", "pence": monthly} for day in days]
    if balance:
        dues.append({"day": STARTS.isoformat(), "kind": "balance", "pence": balance})
    return json.dumps({
        "scheme": SCHEME, "status": "provisional", "earned": None, "advance": 12 * monthly, "advance_working": "",
        "advance_reason": "", "balance": balance, "recovery": 0, "dues": dues, "joined": None, "left": None,
        "merged_into": "", "share_of_year": "1", "share_working": "", "paid_through": "", "reason": "",
        "if_final": None,
    })  # fmt: skip


class Paying(RuleBasedStateMachine):
    """A commissioner with one practice, two people of finance, and what it is due."""

    def __init__(self) -> None:
        super().__init__()
        number = next(_NUMBERS)
        self.month, self.monthly, self.balance, self.most_due = STARTS, 1_000, 0, 0
        self.adjusted, self.is_set_back = 0, False
        with acting(EVERYTHING):
            self.area = Organisation.objects.create(code=f"Q{number}", name=f"Area {number}", kind=COMMISSIONER)
            self.practice = Organisation.objects.create(code=f"P{number}", name=f"Practice {number}", kind=PRACTICE)
            Membership.objects.create(member=self.practice, parent=self.area, since=STARTS)
            self.people = [
                person("finance_officer", self.area, email=f"{name}.{number}@example.org") for name in ("one", "two")
            ]
            self.version = _published(self.area)
            days = {"organisation": self.area, "starts": STARTS, "ends": ENDS}
            self.year = SchemeYear.objects.create(**days, scheme_id=SCHEME, title="QIF", year="2024-25")
            offer = Offer.objects.create(
                **days, number=1, scheme_year=self.year, version=self.version, respond_by=STARTS, to="all",
                sent_at=clock.now(),
            )  # fmt: skip
            self.part = Participation.objects.create(
                **days, practice=self.practice, scheme_year=self.year, offer=offer, scheme_id=SCHEME, title="QIF",
                year="2024-25", state="accepted", respond_by=STARTS, answered_at=clock.now(),
            )  # fmt: skip
            self.figures = self._arrive()

    @property
    def today(self) -> date:
        """By the clock, which may be set back by a month."""
        months = 1 if self.is_set_back and self.month > STARTS else 0  # before, nobody has a role
        return add_months(self.month, -months).replace(day=20)

    def _arrive(self) -> PracticeFigures:
        """The newest figures, in place of those before."""
        before = Extract.objects.filter(organisation=self.area).order_by("-number").first()
        number = before.number + 1 if before else 1
        extract = Extract.objects.create(
            organisation=self.area, number=number, scheme_version=self.version, day=STARTS, state="received",
            sha256=sha256(f"{self.area.code}:{number}".encode()).hexdigest(), folder=f"{self.area.code}-{number}",
            received=clock.now(), supersedes=before, reason="Newer." if before else "",
        )  # fmt: skip
        figures = PracticeFigures.objects.create(
            extract=extract, practice=self.practice, day=STARTS, place=0, status="provisional", sha256=extract.sha256,
            statement_for_commissioner="", overview="", payment=payment(self.monthly),
        )  # fmt: skip
        extract.state, extract.decided = "accepted", clock.now()
        extract.save()
        return figures

    def due(self) -> int:
        """By hand: what is due by the end of the month, whatever was paid."""
        months = (self.month.year - STARTS.year) * 12 + self.month.month - STARTS.month + 1
        return self.monthly * min(12, months) + self.balance + self.adjusted

    def paid(self) -> int:
        out = Transfer.objects.filter(scheme_year=self.year, credit=book.CASH).values_list("pence", flat=True)
        back = Transfer.objects.filter(scheme_year=self.year, debit=book.CASH).values_list("pence", flat=True)
        return sum(out) - sum(back)

    def open(self) -> PaymentRun | None:
        with acting(EVERYTHING):
            return PaymentRun.objects.filter(organisation=self.area, state__in=OPEN_RUNS).first()

    def together(self, *acts: tuple[Person | None, Callable[[], object]]) -> None:
        """Each act in a thread of its own, as a person (or a job), begun at the same moment; refusals are no faults."""
        faults: list[BaseException] = []
        gate = Barrier(len(acts))

        def work(someone: Person | None, act: Callable[[], object]) -> None:
            try:
                gate.wait(30)
                with on(self.today):
                    if someone is None:
                        act()
                        return
                    with acting(reach.of_person(someone, self.today, True)), doing(Action.KEEP_BOOKS):
                        act()
            except Refused:
                pass
            except BaseException as fault:
                faults.append(fault)
            finally:
                connection.close()

        threads = [Thread(target=work, args=act) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not faults, faults

    def begin(self) -> None:
        runs.begin(self.area, self.month, self.month.replace(day=20))

    def job(self, run: PaymentRun) -> None:
        prepare.func(self.area.pk, run.pk)

    @rule(both=st.booleans())
    def prepare_a_run(self, both: bool) -> None:
        """Two people press the button at the same moment, and two workers take the one job."""
        self.together(*((one, self.begin) for one in self.people[: 2 if both else 1]))
        run = self.open()
        assert run is not None or self._is_refused()
        if run is not None:
            self.together((None, lambda: self.job(run)), (None, lambda: self.job(run)))

    def _is_refused(self) -> bool:
        """Whether the month cannot be prepared: its books are closed."""
        with acting(EVERYTHING), on(self.today):
            return bool(runs.fault_to_prepare(self.area, self.month, self.month.replace(day=20)))

    @precondition(lambda self: self.open() is not None)
    @rule(cancelled=st.booleans(), closes=st.booleans())
    def release(self, cancelled: bool, closes: bool) -> None:
        """Both release a run at the same moment, while it may be cancelled, its job run again, or a month closed."""
        run = self.open()
        assert run is not None
        acts: list[tuple[Person | None, Callable[[], object]]] = [
            (one, lambda: releasing.release(run)) for one in (*self.people, *self.people)
        ]
        acts.append((None, lambda: self.job(run)))
        if cancelled:
            acts.append((self.people[0], lambda: runs.cancel(run, "Not now.")))
        if closes:
            acts.append((self.people[1], lambda: closing.close_month(self.area, add_months(self.month, -1))))
        with acting(EVERYTHING):
            before = self.paid()
        self.together(*acts)
        with acting(EVERYTHING):
            run.refresh_from_db()
            after = self.paid()
        event(f"a run that was to be released is {run.state}")
        if run.state == "released":
            assert after <= max(before, self.due())
        else:
            assert after == before

    @initialize(cancelled=st.booleans())
    def a_month_is_paid(self, cancelled: bool) -> None:
        self.pay(cancelled)

    @rule(cancelled=st.booleans())
    def pay(self, cancelled: bool) -> None:
        """A run from its first button to its last, each pressed by both at the same moment."""
        self.prepare_a_run(True)
        if self.open() is not None:
            self.release(cancelled, False)

    @precondition(lambda self: self.open() is not None)
    @rule()
    def cancel(self) -> None:
        run = self.open()
        assert run is not None
        self.together((self.people[0], lambda: runs.cancel(run, "Again.")), (self.people[1], lambda: runs.retry(run)))

    @rule(monthly=st.integers(100, 2_000))
    def figures_change(self, monthly: int) -> None:
        self.monthly = monthly
        with acting(EVERYTHING):
            self.figures = self._arrive()

    @rule(balance=st.integers(1, 5_000))
    def approve(self, balance: int) -> None:
        """A declaration is approved in place of the one before, while somebody may release."""
        self.withdraw()
        self.balance = balance
        with acting(EVERYTHING):
            number = Declaration.objects.filter(scheme_year=self.year).count() + 1
            Declaration.objects.create(
                practice=self.practice, organisation=self.area, scheme_year=self.year, participation=self.part,
                number=number, figures=self.figures, day=STARTS, state="approved", pence=balance,
                payment=payment(self.monthly, balance), sha256=self.figures.sha256, statement_for_commissioner="",
                declared_at=clock.now(), approved_at=clock.now(),
            )  # fmt: skip

    @rule()
    def withdraw(self) -> None:
        with acting(EVERYTHING):
            Declaration.objects.filter(scheme_year=self.year, state="approved").update(state="withdrawn")
            rows = Transfer.objects.filter(scheme_year=self.year, kind=book.BALANCE).values_list("pence", flat=True)
            self.balance = sum(rows)  # what was paid on it stays

    @rule(pence=st.integers(1, 500), releases=st.booleans())
    def adjust(self, pence: int, releases: bool) -> None:
        """Both people approve what one of them proposed, twice at the same moment, while a run may be released."""
        one, other = self.people
        proposed: list[Adjustment] = []
        what = (self.year, self.practice, pence, self.today, "Postage.")
        self.together((one, lambda: proposed.append(adjustments.propose(*what))))
        if not proposed:  # by the clock that is set back it is a day of a month that is closed
            assert self.is_set_back
            return
        approve = lambda: adjustments.decide(proposed[0], Adjusting.APPROVE)  # noqa: E731
        acts: list[tuple[Person | None, Callable[[], object]]] = [(one, approve), (other, approve), (other, approve)]
        if releases and (run := self.open()) is not None:
            acts.append((other, lambda: releasing.release(run)))
        self.together(*acts)
        self.adjusted += pence
        with acting(EVERYTHING):
            rows = Transfer.objects.filter(adjustment=proposed[0], kind=book.ADJUSTMENT)
            assert [*rows.values_list("pence", flat=True)] == [pence]

    @rule(back=st.booleans())
    def the_clock_is_set(self, back: bool) -> None:
        self.is_set_back = back

    @precondition(lambda self: self.month < date(2026, 1, 1))
    @rule(closes=st.booleans())
    def a_month_goes_by(self, closes: bool) -> None:
        before = self.month
        self.month = add_months(self.month, 1)
        if closes:
            self.together(*((one, lambda: closing.close_month(self.area, before)) for one in self.people))

    @invariant()
    def it_agrees(self) -> None:
        with acting(EVERYTHING):
            transfers = ledger.transfers_of([self.year])[self.year.pk]
            released = list(PaymentRun.objects.filter(organisation=self.area, state="released"))
            assert sum(book.trial_balance(transfers).values()) == 0
            assert not book.repeated_keys(transfers)
            numbers = Transfer.objects.filter(organisation=self.area).order_by("number")
            assert [*numbers.values_list("number", flat=True)] == list(range(1, len(transfers) + 1))
            assert PaymentRun.objects.filter(organisation=self.area, state__in=OPEN_RUNS).count() <= 1
            in_files = 0
            for run in released:
                whole = check_file(run.file)
                assert whole.sha256 == run.sha256
                assert whole.totals.pence == run.pence
                in_files += whole.totals.pence
            assert in_files == self.paid()


def _published(area: Organisation) -> SchemeVersion:
    content = shipped(SCHEME)
    version = SchemeVersion.objects.create(
        organisation=area, scheme_id=SCHEME, version=1, content=content, sha256=sha256(content).hexdigest(),
        file_name=f"{SCHEME}.yaml", title="QIF", changed_at=clock.now(),
    )  # fmt: skip
    for state in ("submitted", "approved", "published"):
        version.state = state
        version.day = STARTS if state == "published" else None
        version.save()
    return version


@pytest.mark.django_db(transaction=True)
def test_nothing_is_paid_twice() -> None:
    run_state_machine_as_test(Paying, settings=machine(0.08, steps=14))
