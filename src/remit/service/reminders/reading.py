"""What is due when, and who is late: for a commissioner, a practice, or who oversees some; in the current scope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from remit.application.extract import payment_of
from remit.contract import declaration, participation, payment_run, recovery_plan
from remit.contract.limits import Limits
from remit.core import say
from remit.core.dates import SchemeYear
from remit.core.words import agreed
from remit.service.declarations.models import Declaration
from remit.service.extracts import reading as figures
from remit.service.extracts.models import PracticeFigures
from remit.service.money.models import PaymentRun, RecoveryPlan, Transfer
from remit.service.offers import models as offers
from remit.service.offers.models import Participation
from remit.service.organisations.models import COMMISSIONER, PRACTICE, Organisation, Succession
from remit.service.people.roles import Action
from remit.service.reminders import due
from remit.service.reminders.due import Due
from remit.service.reminders.models import Timing
from remit.service.scope.reach import below_on

State = participation.State
_TAKES_PART = (State.ACCEPTED.value, State.LEFT.value)
_COUNTED = tuple(state.value for state in declaration.COUNTED)


def timing_of(organisation: Organisation) -> Timing:
    """A commissioner's timing, or the defaults."""
    return Timing.objects.filter(organisation=organisation).first() or Timing(organisation=organisation)


@dataclass(frozen=True)
class Year:
    """What the calendar of an organisation is made of: its scheme years, each practice's part in them, its timing.

    A practice that has left the area still has its part in a year, and sees no more of that year.
    """

    organisation: Organisation
    years: list[offers.SchemeYear]
    rows: list[Participation]
    timing: Timing

    @property
    def takes_part(self) -> list[Participation]:
        """Those that take part, or did until they left."""
        return [row for row in self.rows if row.state in _TAKES_PART]


def year_of(organisation: Organisation, today: date) -> Year:
    """Read them, once for all that is asked of them."""
    years = list(scheme_years(organisation)) if organisation.kind == COMMISSIONER else []
    rows = Participation.objects.select_related("practice")
    if organisation.kind == COMMISSIONER:
        rows = rows.filter(scheme_year__in=[one.pk for one in years])
    elif organisation.kind == PRACTICE:
        rows = rows.filter(practice=organisation)
    else:
        rows = rows.filter(practice__in=below_on(organisation, today))
    found = list(rows.order_by("practice__name", "pk"))
    if not years:
        theirs = offers.SchemeYear.objects.filter(pk__in={row.scheme_year_id for row in found})
        years = list(theirs.select_related("organisation"))
    return Year(organisation, years, found, _timing(organisation, years))


def _timing(organisation: Organisation, years: list[offers.SchemeYear]) -> Timing:
    """A commissioner's own; of others that of the commissioner whose schemes they take part in."""
    if organisation.kind == COMMISSIONER:
        return timing_of(organisation)
    whose = {year.organisation for year in years}
    return timing_of(max(whose, key=lambda one: one.pk)) if whose else Timing(organisation=organisation)


def dues(of: Year) -> list[Due]:
    """All that is due of an organisation's scheme years, by day. A practice has its own things, whoever oversees
    practices those of the practices, a commissioner what it has to do itself too."""
    practice = of.organisation.kind == PRACTICE
    found = [*_of_practices(of), *_of_one_practice(of)] if practice else list(_together(of))
    if of.organisation.kind == COMMISSIONER and of.years:
        found += [*_figures(of), *_payments(of), *_closes(of), *_recoveries(of), *_reviews(of)]
    return sorted(found, key=lambda one: (one.day, one.what, one.subject))


def dues_of_practices(of: Year) -> list[Due]:
    """What each of an organisation's practices has to do itself: answer, and declare."""
    return list(_of_practices(of))


def recoveries_of_practices(of: Year) -> list[Due]:
    """What each of a commissioner's practices has to pay back, and when."""
    return list(_instalments(_plans().filter(scheme_year__in=of.years)))


def _plans() -> QuerySet[RecoveryPlan]:
    agreed = RecoveryPlan.objects.filter(state=recovery_plan.State.AGREED.value)
    return agreed.select_related("scheme_year", "practice").order_by("pk")


def scheme_years(organisation: Organisation) -> QuerySet[offers.SchemeYear]:
    """The scheme years of a commissioner and of those that it succeeded."""
    before = Succession.objects.filter(successor=organisation).values_list("predecessor_id", flat=True)
    rows = offers.SchemeYear.objects.filter(organisation__in=[organisation.pk, *before])
    return rows.order_by("starts", "scheme_id")


def _of_practices(of: Year) -> Iterator[Due]:
    """What practices have to do: answer what they were offered, and declare the figures of a year."""
    declared = _declared(of.takes_part)
    years = {one.pk: one for one in of.years}
    for row in of.rows:
        year, link = years.get(row.scheme_year_id), reverse("participation", args=[row.practice.code, row.pk])
        if row.state == State.OFFERED.value:
            what = f"{row.title}: answer the offer"
            yield Due(due.ANSWER, f"offer-{row.offer_id}", row.respond_by, what, row.practice, False,
                      action=Action.ANSWER_OFFERS, link=link)  # fmt: skip
        elif year is not None and row.state in _TAKES_PART and Limits.from_dict(year.rules).needs_declaration:
            day = year.ends + timedelta(days=of.timing.declare_within)
            what = f"{row.title}: declare the figures of the year"
            yield Due(due.DECLARATION, f"year-{year.pk}", day, what, row.practice,
                      (row.practice_id, year.pk) in declared, action=Action.DECLARE, link=link)  # fmt: skip


def _declared(rows: list[Participation]) -> set[tuple[int, int]]:
    """The practices and years of which a declaration of the year's end waits or is approved."""
    found = Declaration.objects.filter(scheme_year__in={row.scheme_year_id for row in rows}, is_year_end=True)
    return set(found.filter(state__in=_COUNTED).values_list("practice_id", "scheme_year_id"))


def _together(of: Year) -> Iterator[Due]:
    """The same for whoever oversees practices: one line for all of a year, with how many have still to do it."""
    lines: dict[tuple[str, str, date, str], list[Due]] = {}
    for one in _of_practices(of):
        lines.setdefault((one.kind, one.subject, one.day, one.what), []).append(one)
    words = {due.ANSWER: ("answer the offer", "answers of practices to the offer"),
             due.DECLARATION: ("declare the figures of the year", "declarations of the year's figures")}  # fmt: skip
    for (kind, subject, day, what), those in lines.items():
        left = sum(not one.done for one in those)
        action = Action.MAKE_OFFERS if of.organisation.kind == COMMISSIONER else None
        yield Due(kind, subject, day, what.replace(*words[kind]), of.organisation, not left, left, action=action)


def _figures(of: Year) -> Iterator[Due]:
    """Each month's figures of each scheme, by the day of the next month that the commissioner named."""
    organisation = of.organisation
    expected = figures.due_day(organisation)
    standing = figures.standing().filter(organisation=organisation).values_list("scheme_version__scheme_id", "day")
    newest: dict[str, date] = {}
    for scheme, day in standing:
        newest[scheme] = max(day, newest.get(scheme, day))
    for year in of.years:
        if year.organisation_id != organisation.pk:
            continue
        for end in SchemeYear.parse(year.year).months():
            day = (end + timedelta(days=1)).replace(day=expected)
            came = year.scheme_id in newest and newest[year.scheme_id] >= end
            what = f"{year.title}: figures of {say.month(end)}"
            yield Due(due.FIGURES, f"year-{year.pk}-{end:%Y-%m}", day, what, organisation, came,
                      action=Action.RECEIVE_EXTRACTS)  # fmt: skip


def _payments(of: Year) -> Iterator[Due]:
    """Each month's payment, on the day of its run or at the month's end, while a year with participants lasts."""
    organisation = of.organisation
    runs = {one.month.replace(day=1): one for one in PaymentRun.objects.filter(organisation=organisation).order_by("pk")
            if one.state != payment_run.State.CANCELLED.value}  # fmt: skip
    taking_part = {row.scheme_year_id for row in of.takes_part}
    ends = {end for year in of.years if year.pk in taking_part for end in SchemeYear.parse(year.year).months()}
    for end in sorted(ends):
        run = runs.get(end.replace(day=1))
        paid = run is not None and run.state == payment_run.State.RELEASED.value
        what = f"Payments of {say.month(end)}"
        yield Due(due.PAYMENT, f"{organisation.pk}-{end:%Y-%m}", run.pay_on if run else end, what, organisation, paid,
                  pence=run.pence if run and paid else None, action=Action.KEEP_BOOKS)  # fmt: skip


def _closes(of: Year) -> Iterator[Due]:
    for year in of.years:
        day = year.ends + timedelta(days=of.timing.close_within)
        yield Due(due.CLOSE, f"year-{year.pk}", day, f"{year.title}: close the year", of.organisation,
                  year.closed is not None, action=Action.KEEP_BOOKS)  # fmt: skip


def _reviews(of: Year) -> Iterator[Due]:
    """The evidence of what was declared, while some of it waits."""
    rows = Declaration.objects.filter(scheme_year__in=of.years, state=declaration.State.DECLARED.value)
    waiting: dict[int, int] = {}
    for pk in rows.values_list("scheme_year_id", flat=True):
        waiting[pk] = waiting.get(pk, 0) + 1
    for year in of.years:
        if Limits.from_dict(year.rules).needs_review:
            day, left = year.ends + timedelta(days=of.timing.review_within), waiting.get(year.pk, 0)
            what = f"{year.title}: review the evidence declared"
            yield Due(due.REVIEW, f"year-{year.pk}", day, what, of.organisation, not left, left,
                      action=Action.REVIEW_EVIDENCE)  # fmt: skip


def _recoveries(of: Year) -> Iterator[Due]:
    """Recovery instalments of all practices, by year and day."""
    by_day: dict[tuple[str, int, date], list[Due]] = {}
    for one in recoveries_of_practices(of):
        by_day.setdefault((one.what, int(one.subject.split("-")[1]), one.day), []).append(one)
    for (what, year, day), those in by_day.items():
        left, pence = sum(not one.done for one in those), sum(one.pence or 0 for one in those)
        who = f"{len(those):,} {agreed('practice{|s}', len(those))}"
        yield Due(due.RECOVERY, f"year-{year}", day, f"{what} of {who}", of.organisation, not left, left, pence,
                  action=Action.KEEP_BOOKS)  # fmt: skip


def _of_one_practice(of: Year) -> Iterator[Due]:
    """What a practice pays back, and what it is paid."""
    yield from _instalments(_plans().filter(practice=of.organisation))
    yield from _payments_of_practice(of)


def _instalments(plans: QuerySet[RecoveryPlan]) -> Iterator[Due]:
    """Each instalment of each plan; paid where as much was recovered as falls due up to it."""
    rows = list(plans)
    recovered: dict[tuple[int, int], int] = {}
    paid = Transfer.objects.filter(kind="recovery", scheme_year__in={one.scheme_year_id for one in rows})
    for practice, year, pence in paid.values_list("practice_id", "scheme_year_id", "pence"):
        recovered[practice, year] = recovered.get((practice, year), 0) + pence
    for plan in rows:
        so_far = 0
        for one in plan.schedule:
            so_far += one["pence"]
            done = recovered.get((plan.practice_id, plan.scheme_year_id), 0) >= so_far
            yield Due(due.RECOVERY, f"year-{plan.scheme_year_id}-plan-{plan.pk}", date.fromisoformat(one["day"]),
                      f"{plan.scheme_year.title}: recovery instalment", plan.practice, done, None, one["pence"],
                      Action.DECLARE)  # fmt: skip


def _payments_of_practice(of: Year) -> Iterator[Due]:
    """What is paid to a practice when, by the newest figures of each scheme that it accepted: there is nothing for it
    to do."""
    practice = of.organisation
    accepted = {(row.organisation_id, row.scheme_id) for row in of.rows if row.was_accepted}
    newest: dict[tuple[int, str], PracticeFigures] = {}
    standing = PracticeFigures.objects.filter(practice=practice, extract__in=figures.standing().values("pk"))
    rows = standing.select_related("extract__scheme_version").order_by("-day", "-extract__number")
    for row in rows.defer(
        "extract__frame", "extract__scheme_version__content", "overview", "statement_for_commissioner"
    ):
        newest.setdefault((row.extract.organisation_id, row.extract.scheme_version.scheme_id), row)
    for row in (newest[key] for key in newest if key in accepted):
        version = row.extract.scheme_version
        title = version.title or version.scheme_id
        for n, one in enumerate(payment_of(row.payment).dues if row.payment else (), 1):
            if one.day and one.kind != "recovery":
                yield Due(due.PAYMENT, f"{version.scheme_id}-{n}", one.day, f"{title}: {one.kind}", practice, False,
                          pence=one.pence)  # fmt: skip
