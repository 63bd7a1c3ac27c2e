"""The year of a practice as its page shows it: what to press, its amounts, its payments, and where to go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.urls import reverse

from remit.core import say
from remit.documents.year_payments import kind_of
from remit.payment.book import RECOVERY
from remit.payment.instalments import DuePayment
from remit.service import clock
from remit.service.people.roles import Action
from remit.service.scope.scope import current
from remit.service.web.words import month_name
from remit.service.year import journey
from remit.service.year.journey import Stage, To
from remit.service.year.links import address
from remit.service.year.payments import Payment
from remit.service.year.practice import SchemeOfPractice


@dataclass(frozen=True)
class ShownNext:
    """What is to do next; `press` is what the link to it says."""

    sentence: str
    href: str
    press: str


@dataclass(frozen=True)
class PaymentRow:
    """A payment, or what is to come, which has no page yet."""

    month: str
    what: str
    about: str
    pounds: str
    href: str = ""


@dataclass(frozen=True)
class ShownYear:
    """A practice's year in a scheme, ready to be shown."""

    title: str
    next: ShownNext
    stages: tuple[Stage, ...]
    amounts: tuple[tuple[str, str, str], ...]
    links: tuple[tuple[str, str], ...]
    rows: tuple[PaymentRow, ...]
    nothing: str
    """What is said where there are no payments."""


def shown(of: SchemeOfPractice, with_money: bool) -> ShownYear:
    """One scheme; without its money for whoever sees none."""
    facts = of.facts if with_money else replace(of.facts, paid=0, left=(), plan_waits=False)
    rows = (*map(_paid, of.payments), *map(_to_come, of.to_come)) if with_money else ()
    step = journey.next_step(facts, of.title)
    nothing = "Nothing was paid yet, and nothing is known that will be." if with_money and facts.takes_part else ""
    return ShownYear(
        of.title, _next(of, step), journey.stages(facts), tuple(_amounts(of, with_money)), tuple(_links(of)), rows,
        nothing,
    )  # fmt: skip


def _next(of: SchemeOfPractice, step: journey.Next) -> ShownNext:
    href = page_of(of, step.to)
    return ShownNext(step.sentence, href, _PRESS[step.to] if href else "")


_PRESS = {
    To.NOWHERE: "",
    To.ANSWER: "Read the offer",
    To.DECLARE: "Look at the figures and declare them",
    To.DECLARATION: "See the declaration",
    To.POSITION: "See the position",
    To.PLAN: "See the recovery plan",
}


def page_of(of: SchemeOfPractice, to: To) -> str:
    """The address of what is to do; nothing where there is no such page for whoever asks."""
    area = of.commissioner.code if of.commissioner else ""
    code, may = of.practice.code, current().may
    if to == To.POSITION and of.figures:
        return address("position", area, of.scheme_id, code)
    if to == To.ANSWER and of.participation and may(Action.ANSWER_OFFERS, of.practice.pk):
        return address("participation", code, of.participation.pk)
    if to == To.DECLARE and may(Action.DECLARE, of.practice.pk):
        return address("declare", code, of.scheme_id)
    if to == To.DECLARATION and of.declaration:
        return address("declaration", code, of.scheme_id, of.declaration.number)
    if to == To.PLAN and of.plan and may(Action.SEE_MONEY, of.practice.pk):
        return address("recovery-plan", of.plan.pk)
    return ""


def _amounts(of: SchemeOfPractice, with_money: bool) -> Iterator[tuple[str, str, str]]:
    if of.figures is not None:
        is_final = of.payment is not None and of.payment.is_final
        earned = "not known yet" if of.figures.pence is None else say.money(of.figures.pence)
        by = f"by the figures of {say.short_day(of.figures.day)}, extract {of.figures.extract.number}"
        yield ("Earned" if is_final else "Earned so far"), earned, by
    if of.declaration is not None:
        words = f"declaration {of.declaration.number}: {of.declaration.state}"
        yield "Declared", say.money(of.declaration.pence), words
    if not with_money:
        return
    yield "Paid so far", say.money(of.paid), _paid_words(of.payments)
    if of.to_come:
        back = sum(one.pence for one in of.to_come if one.kind == RECOVERY)
        due = sum(one.pence for one in of.to_come if one.kind != RECOVERY)
        if due:
            yield "To come", say.money(due), _by(one for one in of.to_come if one.kind != RECOVERY)
        if back:
            yield "To pay back", say.money(back), _by(one for one in of.to_come if one.kind == RECOVERY)


def _paid_words(payments: list[Payment]) -> str:
    if not payments:
        return "nothing yet"
    count = len(payments)
    return f"{count} payment{'' if count == 1 else 's'}, the last on {say.short_day(payments[-1].day)}"


def _by(dues: Iterable[DuePayment]) -> str:
    days = [due.day for due in dues]
    known = [day for day in days if day is not None]
    return f"by {say.short_day(max(known))}" if known and len(known) == len(days) else "the day is not known yet"


def _links(of: SchemeOfPractice) -> Iterator[tuple[str, str]]:
    if of.participation is not None:
        yield "Offer and answer", reverse("participation", args=[of.practice.code, of.participation.pk])
    if href := page_of(of, To.DECLARATION):
        yield "Declaration", href
    if href := page_of(of, To.PLAN):
        yield "Recovery plan", href
    if of.figures is None:
        return
    if href := page_of(of, To.POSITION):
        yield "Position, and what moved", href
    yield "Statement", reverse("statement", args=[of.practice.code, of.figures.extract_id])
    extract = of.figures.extract
    if of.commissioner and extract.has_evidence and of.practice.pk in current().patients:
        args = [of.practice.code, of.commissioner.code, extract.number]
        yield "Which patients are counted", reverse("patients-items", args=args)


def _paid(one: Payment) -> PaymentRow:
    back = "paid back on" if one.pence < 0 else "paid on"
    about = f"{back} {say.day(one.day)}"
    return PaymentRow(one.month, one.what, about, say.money(one.pence), reverse("year-payment", args=[one.pk]))


def _to_come(due: DuePayment) -> PaymentRow:
    is_back = due.kind == RECOVERY
    when = f" on {say.day(due.day)}" if due.day else ""
    late = due.day is not None and due.day < clock.today()
    about = f"was due{when}, not paid {'back ' if is_back else ''}yet"
    if not late:
        about = f"to be paid back{when}" if is_back else f"to come{when}"
    month = month_name(due.day) if due.day else "Not known yet"
    return PaymentRow(month, kind_of(due.kind), about, say.money(-due.pence if is_back else due.pence))
