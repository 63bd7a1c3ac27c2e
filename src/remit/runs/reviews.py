"""The step before anything is final: that the days of an evidence review fit what comes before and after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from remit.core.dates import parse_date
from remit.core.problems import Problem, Refused, error
from remit.organisation import Practice
from remit.payment.terms import RecoveryPlan
from remit.scheme import Scheme
from remit.scheme.resolve import day_of


def check_reviews(
    scheme_of: Mapping[str, Scheme],
    practices: Mapping[str, Practice],
    settings: Mapping[str, str],
    recoveries: Mapping[str, RecoveryPlan],
) -> None:
    """Raises Refused for each review before the year's end, and each settlement that comes before its review."""
    problems: dict[str, Problem] = {}
    for code, scheme in scheme_of.items():
        if scheme.terms.balance.reviewed:
            for one in _unfit(scheme, practices[code], settings, recoveries.get(code)):
                problems.setdefault(one.message, one)
    if problems:
        raise Refused(problems.values())


def _unfit(
    scheme: Scheme, practice: Practice, settings: Mapping[str, str], recovery: RecoveryPlan | None
) -> Iterator[Problem]:
    terms, whose = scheme.terms, ""
    reviewed = day_of(scheme, settings, terms.balance.reviewed or "")
    if practice.evidence_reviewed:
        reviewed, whose = practice.evidence_reviewed, f" of {practice.code}"
    if reviewed is None:
        return
    what = f"the evidence{whose} was reviewed on {reviewed}"
    if reviewed < scheme.achievement_date:
        why = f"{what}, before {scheme.achievement_date}, on which {scheme.scheme} is achieved."
        yield error("settings.review-before-the-end", why, None, "Correct the day.", found=str(reviewed))
    for name, day in _after(scheme, settings, recovery):
        if day and day < reviewed:
            why = f"{what}, and {name} is {day}: final achievement is calculated after the review."
            yield error("settings.before-the-review", why, None, "Correct one of the days.", found=str(day))


def _after(
    scheme: Scheme, settings: Mapping[str, str], recovery: RecoveryPlan | None
) -> Iterator[tuple[str, date | None]]:
    """What comes after a review: the balance, and the notification of a recovery."""
    terms = scheme.terms
    back = terms.recovery.notified or terms.recovery.first or ""
    for name, text in (("balance", terms.balance.due), ("recovery", back)):
        value = settings.get(text, "")
        if value:  # as told; a day that the scheme prints is not the run's to correct
            yield text, parse_date(value)
        if name == "recovery" and recovery:
            yield "its notification of a recovery", recovery.notified
