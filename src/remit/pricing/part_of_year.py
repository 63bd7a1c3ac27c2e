"""For which part of the year a practice is paid: joiners, leavers, and those that merged, by the scheme's rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from remit.core.dates import SchemeYear, whole_months
from remit.organisation import Practice
from remit.scheme.resolve import Resolved


@dataclass(frozen=True)
class Participation:
    """The part of the year for which a practice is paid (0 to 1), and how it comes about."""

    share: Fraction | None
    first: date
    last: date
    working: str = ""
    reason: str = ""


def participation(resolved: Resolved, practice: Practice) -> Participation:
    """How much of the year a practice is paid for, by the scheme's rule for joiners and leavers."""
    year = resolved.scheme.year
    first = max(practice.joined or year.start, year.start)
    last = min(practice.left or year.end, year.end)
    whole = Participation(Fraction(1), year.start, year.end)
    if first > year.end or last < year.start:
        return Participation(Fraction(0), first, last, reason="The practice was not in the scheme in this year.")
    share, workings = Fraction(1), []
    for changed, rule, word in (
        (first > year.start, resolved.joiner, f"joined on {first}"),
        (last < year.end and not practice.successor, resolved.leaver, f"left on {last}"),
    ):
        if not changed:
            continue
        if not rule.value:
            why = f"The {practice.level} {word}, and the sources do not say what is due: set {rule.name}."
            return Participation(None, first, last, reason=why)
        part, working = _part(rule.value, first, last, year)
        share = min(share, part)
        workings.append(f"{word}: {working}")
    if share == 1 and not workings:
        return whole
    return Participation(share, first, last, "; ".join(workings))


def _part(rule: str, first: date, last: date, year: SchemeYear) -> tuple[Fraction, str]:
    if rule == "whole months":
        months = whole_months(first, last)
        return Fraction(months, 12), f"{months} whole month{'' if months == 1 else 's'} of 12"
    if rule == "days":
        days, of = (last - first).days + 1, (year.end - year.start).days + 1
        return Fraction(days, of), f"{days} day{'' if days == 1 else 's'} of {of}"
    return (Fraction(1), "the full year") if rule == "full year" else (Fraction(0), "nothing")


def with_mergers(resolved: Resolved, practice: Practice, merged: bool) -> Participation:
    """As `participation`; not known where practices merged and the scheme has no rule for it."""
    part = participation(resolved, practice)
    if (merged or practice.successor) and not resolved.merger.value:
        why = f"The practice merged in the year, and the sources do not say what follows: set {resolved.merger.name}."
        return replace(part, share=None, reason=why)
    return part
