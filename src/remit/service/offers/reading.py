"""What pages and other parts of the service ask of offers and participation; each answer is for the current scope."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from remit.contract.participation import State
from remit.core.say import day as say_day
from remit.runs.practice_payment import PracticePayment
from remit.service.offers.models import ACCEPTED, CARRIED_ON, OFFERED, TAKES_PART, Participation, SchemeYear
from remit.service.organisations.models import Organisation


def participating(
    organisation: Organisation, scheme_year: SchemeYear, day: date, until: date | None = None
) -> list[Participation]:
    """Who takes part in a year of a scheme on a day, or on some day up to `until`, by the practice's code."""
    rows = Participation.objects.filter(
        Q(state=CARRIED_ON, answered_at__isnull=False) | Q(state__in=TAKES_PART - {CARRIED_ON}),
        organisation=organisation, scheme_year=scheme_year, starts__lte=until or day, ends__gte=day,
    )  # fmt: skip
    return list(rows.select_related("practice", "into").order_by("practice__code", "starts"))


def of_practice(practice: Organisation) -> list[Participation]:
    """All that a practice was ever offered, the newest first."""
    rows = Participation.objects.filter(practice=practice).select_related("practice", "into", "answered_by")
    return list(rows.order_by("-starts", "-pk"))


def newest(scheme_year: SchemeYear) -> dict[int, Participation]:
    """Of each practice of a year what counts today: its open offer or its part in the scheme, else the last there was;
    by the practice's id."""
    rows = Participation.objects.filter(scheme_year=scheme_year).select_related("practice", "into", "offer")
    return newest_of_each(rows.order_by("pk"))


def newest_of_each(rows: QuerySet[Participation] | Iterable[Participation]) -> dict[int, Participation]:
    """The newest of each practice, those that took part before those that did not."""
    found: dict[int, Participation] = {}
    for one in sorted(rows, key=lambda each: (_counts(each), each.pk)):
        found[one.practice_id] = one
    return found


def _counts(one: Participation) -> int:
    if one.state in (OFFERED, ACCEPTED):
        return 2
    return 1 if one.was_accepted else 0


def differs(participation: Participation | None, payment: PracticePayment, day: date | None = None) -> str:
    """How the practices' file of an extract differs from what was accepted, with what to do; nothing where it agrees.

    `payment` is what the extract says of the practice, whose first and last day are those of the file. What is to
    happen after `day`, the day of the extract, need not be in the file yet. A payment run holds a practice whose days
    differ: what it is paid follows from them.
    """
    if participation is None:
        return "It was not offered this scheme. Make it an offer, or take it out of the practices' file."
    one, title = participation, participation.title
    if not one.was_accepted:
        return f"{_WITHOUT[State(one.state)].format(title=title)} {_ASK[State(one.state)]}"
    wrong = _days_differ(one, payment, day or date.max)
    return f"{wrong} Correct the practices' file and send the figures again, or correct the participation." if (
        wrong
    ) else ""  # fmt: skip


_WITHOUT = {
    State.OFFERED: "It has not accepted {title} yet.",
    State.REFUSED: "It refused {title}.",
    State.LAPSED: "It did not answer the offer of {title} by its day.",
    State.TAKEN_BACK: "The offer of {title} was taken back.",
    State.CARRIED_ON: "It merged before it had accepted {title}.",
}
_TAKE_OUT = "Take it out of the practices' file, or make the offer again."
_ASK = {
    State.OFFERED: "Ask it to answer: nothing is paid before.",
    State.REFUSED: _TAKE_OUT,
    State.LAPSED: "Allow a late answer, or take it out of the practices' file.",
    State.TAKEN_BACK: _TAKE_OUT,
    State.CARRIED_ON: "Take it out of the practices' file.",
}


def _days_differ(one: Participation, payment: PracticePayment, day: date) -> str:
    year = one.scheme_year
    joined = payment.joined if payment.joined and payment.joined > year.starts else None
    starts = one.starts if one.starts > year.starts else None
    if joined != starts:
        in_file = f"joined on {say_day(joined)}" if joined else f"took part from the first day, {say_day(year.starts)}"
        return f"The file says that it {in_file}; it accepted from {say_day(one.starts)}."
    into = one.into.code if one.state == CARRIED_ON and one.into else ""
    if payment.merged_into != into and (payment.merged_into or one.ends < day):
        in_file = f"merged into {payment.merged_into}" if payment.merged_into else "did not merge"
        here = f"it merged into {into} after {say_day(one.ends)}" if into else "no such merger is recorded"
        return f"The file says that it {in_file}; {here}."
    left = payment.left if payment.left and payment.left < year.ends else None
    ends = one.ends if one.ends < year.ends else None
    if left == ends or (left is None and ends is not None and ends >= day):
        return ""
    in_file = f"left on {say_day(left)}" if left else "takes part to the year's end"
    return f"The file says that it {in_file}; its last day here is {say_day(one.ends)}."
