"""For which part of the year a practice is paid: joiners, leavers, and those that merged, by the scheme's rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from remit.core.dates import whole_months
from remit.core.words import listed
from remit.organisation import Practice
from remit.organisation.mergers import sizes
from remit.scheme.model import Scheme
from remit.scheme.resolve import Resolved


@dataclass(frozen=True)
class Participation:
    """The part of the year for which a practice is paid (0 to 1), and how it comes about.

    `share` is that of what is paid by its list; `sums` that of what is paid once for the practice, which differs where
    lists came from practices that were there longer. `uneven` names those whose parts of the year differ,
    and `not_due` those of them who are due nothing.
    """

    share: Fraction | None
    first: date
    last: date
    working: str = ""
    reason: str = ""
    sums: Fraction | None = None
    uneven: str = ""
    not_due: str = ""


def participation(resolved: Resolved, practice: Practice) -> Participation:
    """How much of the year a practice is paid for, by the scheme's rule for joiners and leavers."""
    scheme = resolved.scheme
    begins, ends = scheme.begins, scheme.ends
    first = max(practice.joined or begins, begins)
    last = min(practice.left or ends, ends)
    if first > ends or last < begins:
        why = "The practice was not in the scheme in this year."
        return Participation(Fraction(0), first, last, reason=why, sums=Fraction(0))
    share, workings = Fraction(1), []
    for changed, rule, word in (
        (first > begins, resolved.joiner, f"joined on {first}"),
        (last < ends and not practice.successor, resolved.leaver, f"left on {last}"),
    ):
        if not changed:
            continue
        if not rule.value:
            why = f"The {practice.level} {word}, and the sources do not say what is due: set {rule.name}."
            return Participation(None, first, last, reason=why)
        part, working = _part(rule.value, first, last, scheme)
        share = min(share, part)
        workings.append(f"{word}: {working}")
    if share == 1 and not workings:
        return Participation(share, begins, ends, sums=share)
    return Participation(share, first, last, "; ".join(workings), sums=share)


def _part(rule: str, first: date, last: date, scheme: Scheme) -> tuple[Fraction, str]:
    """The part of the year, or of the contract where it begins or ends inside the year."""
    if rule == "whole months":
        months, of = whole_months(first, last), whole_months(scheme.begins, scheme.ends)
        return Fraction(months, of or 1), f"{months} whole month{'' if months == 1 else 's'} of {of}"
    if rule == "days":
        days, in_year = (last - first).days + 1, (scheme.ends - scheme.begins).days + 1
        return Fraction(days, in_year), f"{days} day{'' if days == 1 else 's'} of {in_year}"
    return (
        (Fraction(1), f"the full {'contract' if scheme.term else 'year'}")
        if rule == "full year"
        else (Fraction(0), "nothing")
    )


def carried_on(practice: Practice, into: Practice) -> Practice:
    """A practice that merged, as its list is looked after: by itself and then by its successor, until that leaves."""
    return replace(practice, left=into.left, successor="")


def brings_a_list(scheme: Scheme, practice: Practice, merged: Sequence[Practice]) -> bool:
    """Whether a successor looked after people of its own, beside those of the practices that merged into it.

    Where nothing is paid by a list, one that began when the others ended did not.
    """
    if not merged:
        return True
    column = scheme.paid_by
    if column:
        return sizes(practice, merged, column)[0] != 0
    return not began_with(practice, merged, scheme)


def began_with(practice: Practice, merged: Sequence[Practice], scheme: Scheme) -> bool:
    """Whether a successor's first day in the scheme is that on which it took others over."""
    joined = practice.joined
    if joined is None or joined <= scheme.begins:
        return False
    return any(one.left and one.left <= joined <= one.left + timedelta(days=1) for one in merged)


def with_mergers(resolved: Resolved, practice: Practice, merged: Sequence[Practice]) -> Participation:
    """As `participation`, with the lists that a practice took over; not known where the scheme has no rule for it."""
    part = participation(resolved, practice)
    if not merged and not practice.successor:
        return part
    if not resolved.merger.value:
        if not merged and not practice.merged_in(resolved.scheme.year):
            return part
        why = f"The practice merged in the year, and the sources do not say what follows: set {resolved.merger.name}."
        return replace(part, share=None, sums=None, reason=why)
    return _of_all(resolved, practice, merged, part) if merged else part


def _of_all(resolved: Resolved, practice: Practice, merged: Sequence[Practice], own: Participation) -> Participation:
    """Each list by the days on which it was looked after: the mean of their parts of the year, by their sizes."""
    scheme = resolved.scheme
    parts = [own, *(participation(resolved, carried_on(one, practice)) for one in merged)]
    those = [practice, *merged]
    column = scheme.paid_by
    lists: Sequence[Fraction | None] = sizes(practice, merged, column) if column else [None] * len(those)
    counting = [n for n, size in enumerate(lists) if size != 0] or list(range(len(those)))
    if not column and not brings_a_list(scheme, practice, merged):
        counting = counting[1:]
    for n in counting:
        if parts[n].share is None:
            reason = parts[n].reason.replace("The practice", those[n].code, 1) if n else parts[n].reason
            return replace(own, share=None, sums=None, reason=reason)
    sums = _once(resolved, practice, [those[n] for n in counting])
    shares = {n: parts[n].share or Fraction(0) for n in counting}
    if len(set(shares.values())) == 1:
        share = next(iter(shares.values()))
        workings = [f"list of {those[n].code}: {parts[n].working}" for n in counting if parts[n].working]
        if counting == [0]:
            workings = [own.working]
        return replace(own, share=share, working="; ".join(workings), reason="", sums=sums)
    uneven = listed([those[n].code for n in counting])
    nothing = listed([those[n].code for n in counting if not shares[n]])
    own = replace(own, reason="", sums=sums, uneven=uneven, not_due=nothing)
    if not column or not any(lists):
        return replace(own, share=sums, working="")
    known = {n: size for n in counting if (size := lists[n]) is not None}
    if len(known) < len(counting):
        return replace(own, share=None, sums=None, reason=f"The {column} of {uneven} is not known.", not_due="")
    total = sum(known.values(), Fraction(0))
    share = sum((shares[n] * size for n, size in known.items()), Fraction(0)) / total
    working = "; ".join(f"list of {those[n].code}: {parts[n].working or 'the full year'}" for n in counting)
    return replace(own, share=share, working=working)


def _once(resolved: Resolved, practice: Practice, those: Sequence[Practice]) -> Fraction | None:
    """The part of the year of what is paid once: from the first day on which one of them was there."""
    days = [one.joined or resolved.scheme.begins for one in those]
    return participation(resolved, replace(practice, joined=min(days))).share
