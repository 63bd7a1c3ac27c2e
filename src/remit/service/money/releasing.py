"""The release of a payment run by a second person: one transaction, or nothing.

In it the run's row and the books are locked, all that the lines rest on is looked at again, the ledger takes the
transfers (each key once), and the payment file is written into the run's row with its hash.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum

from django.db import transaction

from remit.contract import recovery_plan
from remit.contract.payment_run import MACHINE, Step
from remit.core import say
from remit.core.dates import month_end
from remit.core.problems import refuse
from remit.payment import book
from remit.payment.book import PracticeYear
from remit.payment.to_pay import Line, owed
from remit.service import clock
from remit.service.audit.log import record
from remit.service.money import ledger, not_in_backup
from remit.service.money.calculating import Calculated, calculated
from remit.service.money.duties_of_run import done_on
from remit.service.money.known import Known
from remit.service.money.ledger import Posting, month_name
from remit.service.money.models import PaymentLine, PaymentRun, Transfer
from remit.service.money.preparing import take
from remit.service.money.recoveries import end
from remit.service.money.restating import pointed, settlements
from remit.service.money.run_file import file_of, hash_of
from remit.service.money.runs import check_may
from remit.service.money.scopes import for_commissioner
from remit.service.money.successors import commissioners_of, successor_of
from remit.service.offers.models import SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.scope.scope import current
from remit.service.steps import led, parties_in

MOST_CHANGES = 5
"""How many changes a sentence names."""


def release(run: PaymentRun) -> PaymentRun:
    """Release a run as the person at work. Raises Refused with why it cannot be: nothing is then changed."""
    check_may(run.organisation)
    person = current().person
    with transaction.atomic():
        locked = (
            PaymentRun.objects.select_for_update(of=("self",), no_key=True)
            .select_related("organisation")
            .get(pk=run.pk)
        )
        lock_books(locked.organisation)
        with for_commissioner(locked.organisation):
            lines = paid_lines(locked)
            done = done_on(locked).get(person, frozenset[StrEnum]()) if person is not None else frozenset[StrEnum]()
            now = calculated(locked)
            fault = fault_to_release(locked, now)
        state = led(MACHINE, locked.state, Step.RELEASE, parties_in(locked.organisation_id), done, fault=fault)
        locked.state, locked.released_at, locked.released_by_id = state.value, clock.now(), person
        locked.file = file_of(locked, lines)
        locked.sha256 = hash_of(locked.file)
        locked.save()
        _post(locked, _postings(locked, lines, now))
        _end_plans(locked, lines, now)
        take(locked, Step.RELEASE, person=person)
        record(
            "run.released", locked.organisation, str(locked), month=f"{locked.month:%Y-%m}",
            payments=locked.payments, total_pence=locked.pence, sha256=locked.sha256,
        )  # fmt: skip
    return locked


def lock_books(organisation: Organisation) -> None:
    """One writer of a commissioner's books at a time, and of those that it took over from; and nobody who agrees a
    recovery plan of their years, or closes one, meanwhile."""
    those = commissioners_of(organisation, clock.today())
    list(Organisation.objects.select_for_update(no_key=True).filter(pk__in=those).order_by("pk"))
    list(SchemeYear.objects.select_for_update(no_key=True).filter(organisation__in=those).order_by("pk"))


def paid_lines(run: PaymentRun) -> list[PaymentLine]:
    """The lines that a run pays or takes, in the order of their keys."""
    rows = PaymentLine.objects.filter(run=run, held=False).select_related(
        "practice", "scheme_year__organisation", "declaration", "plan"
    )
    return sorted(rows, key=lambda line: line.key)


def fault_to_release(run: PaymentRun, now: Calculated) -> str:
    """What is wrong with releasing a run, in a sentence; empty where nothing is."""
    if later := successor_of(run.organisation, clock.today()):
        return f"{later.successor} took over on {say.day(later.day)}. Cancel this run: what is due is prepared there."
    if lost := not_in_backup.fault_of(run.organisation, clock.today()):
        return lost
    closed = ledger.closed_until([run.organisation_id])
    if closed is not None and run.pay_on.replace(day=1) <= closed:
        return f"The books of {month_name(run.pay_on)} are closed. Cancel this run and prepare another."
    changed = list(changes(list(run.lines.all()), now.lines))
    if not changed:
        return ""
    more = f" and {len(changed) - MOST_CHANGES} more" if len(changed) > MOST_CHANGES else ""
    what = "; ".join(changed[:MOST_CHANGES])
    return f"What this run rests on has changed since it was prepared: {what}{more}. Cancel it and prepare it anew."


def changes(before: Sequence[PaymentLine], now: Sequence[PaymentLine]) -> Iterator[str]:
    """What differs between the lines of a run and what they would be now, a few words for each."""
    old, new = ({line.key: line for line in lines} for lines in (before, now))
    codes = dict(Organisation.objects.filter(pk__in={line.practice_id for line in (*before, *now)}).values_list(
        "pk", "code"))  # fmt: skip
    for key in sorted({*old, *new}):
        one, other = old.get(key), new.get(key)
        line = other or one
        assert line is not None
        of = f"{line.kind} of {codes.get(line.practice_id, '?')}"
        if one is None or other is None:
            yield f"{of} is {'new' if one is None else 'gone'}"
        elif (one.pence, one.held) != (other.pence, other.held):
            yield f"{of} was {_amount(one)} and is {_amount(other)}"
        elif _rests_on(one) != _rests_on(other):
            yield f"{of} rests on other figures or decisions"


def _amount(line: PaymentLine) -> str:
    amount = "not known" if line.pence is None else say.money(line.pence)
    return f"{amount}, held," if line.held else amount


def _rests_on(line: PaymentLine) -> tuple[object, ...]:
    rows = (line.figures_id, line.declaration_id, line.plan_id, line.adjustment_id)
    return (*rows, line.organisation_id, line.scheme_year_id, line.why, line.rests)


def _postings(run: PaymentRun, lines: Sequence[PaymentLine], now: Calculated) -> list[Posting]:
    """The transfers of what is paid, and of the awards that are approved by now."""
    known = {(one.year.pk, one.practice): one for one in now.known}
    before = _declarations_paid(lines)
    postings: list[Posting] = []
    new: dict[int, dict[PracticeYear, list[book.Transfer]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        one = known[line.scheme_year_id, line.practice_id]
        for made in _line(one, line).transfers(run.pay_on):
            transfer = pointed(made, one, before)
            new[line.organisation_id][one.to_pay.whose].append(transfer)
            postings.append(
                Posting(
                    transfer, one.year, line.practice_id, line.pk, line.declaration_id, line.adjustment_id
                )
            )  # fmt: skip
    for commissioner in {one.year.organisation_id for one in now.known}:
        those = [one for one in now.known if one.year.organisation_id == commissioner]
        postings += settlements(those, new[commissioner], run.pay_on)
    return postings


def _line(one: Known, line: PaymentLine) -> Line:
    assert line.pence is not None
    return Line(one.to_pay.whose, line.kind, abs(line.pence), line.why, int(line.key.rpartition(":")[2]))


def _declarations_paid(lines: Sequence[PaymentLine]) -> dict[str, int | None]:
    """The declaration that each earlier payment of these years rested on, by the payment's key."""
    years = {line.scheme_year_id for line in lines}
    rows = Transfer.objects.filter(scheme_year__in=years, declaration__isnull=False)
    return dict(rows.values_list("key", "declaration_id"))


def _post(run: PaymentRun, postings: list[Posting]) -> None:
    """Raises Refused where any of it is in the ledger already: a run pays all of its lines, or none."""
    if ledger.post(postings, f"{run.organisation.code} payment run {run.number}", run.organisation) != len(postings):
        what = "some of this was entered in the ledger before: nothing is paid twice."
        raise refuse("service.posted-before", what, None, "Cancel this run and prepare it anew.")


def _end_plans(run: PaymentRun, lines: Sequence[PaymentLine], now: Calculated) -> None:
    """Plans of which all is paid back have ended, and those of practices that owe nothing any more."""
    taken = {
        (line.scheme_year_id, line.practice_id): -(line.pence or 0) for line in lines if line.kind == book.RECOVERY
    }
    by_year: dict[int, list[Known]] = defaultdict(list)
    for one in now.known:
        by_year[one.year.pk].append(one)
    for those in by_year.values():
        owes = owed([one.to_pay for one in those], month_end(run.month.year, run.month.month))
        for one in those:
            if one.plan is None or one.plan.state != recovery_plan.State.AGREED.value:
                continue
            back = one.to_pay.of(book.RECOVERY).pence + taken.get((one.year.pk, one.practice), 0)
            is_known = one.other is None and one.to_pay.dues is not None
            if back >= one.plan.pence or (is_known and back >= owes[one.to_pay.whose]):
                end(one.plan)
