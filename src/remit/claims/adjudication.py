"""Which claims count as activity: each once, and a patient on one level of a service in a quarter.

A claim names a patient (by a pseudonym), an item and a quarter. Every claim is counted, refused or held: held counts
for nobody until the rows say what they leave open. What is counted is paid by the scheme's own rules: a gate that is
not met pays nothing for it. No decision rests on the order of the rows, and no reason names one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, timedelta

from remit.claims.model import (
    ACTIVITY,
    ACTIVITY_DAYS,
    DID_NOT_ATTEND,
    Claim,
    ClaimedFigure,
    ClaimTerms,
    DecidedClaims,
    Decision,
    Outcome,
    Window,
)
from remit.core.dates import add_months
from remit.core.figures import FigureKey


def decide(
    claims: Sequence[Claim],
    terms: Iterable[ClaimTerms],
    eligibility: Mapping[str, Window] | None = None,
    membership: Mapping[str, Window] | None = None,
) -> DecidedClaims:
    """Decide every claim; rows are numbered, each number once.

    By practice code, `eligibility` has the days on which it may provide, asked for where the terms do, and
    `membership` those on which it is in the scheme, where that is not the whole year.
    """
    deciding = _Deciding(claims, {each.scheme: each for each in terms}, eligibility or {}, membership or {})
    deciding.all()
    decisions = tuple(Decision(c.row, c, c.scheme, *deciding.verdicts[c.row]) for c in claims)
    figures: Counter[ClaimedFigure] = Counter()
    for _, claim, scheme, outcome, _ in decisions:
        if outcome == "counted":
            days = deciding.days.get(claim.row)
            measure = ACTIVITY_DAYS if days else ACTIVITY if claim.attended else DID_NOT_ATTEND
            key = FigureKey(measure, claim.paid_in)
            figures[ClaimedFigure(scheme, claim.practice, claim.item, key)] += days or 1
    return DecidedClaims(decisions, {figure: figures[figure] for figure in sorted(figures)})


class _Deciding:
    """The claims of a run on their way to a verdict: each step decides some of them and leaves the rest."""

    def __init__(
        self,
        claims: Sequence[Claim],
        terms: Mapping[str, ClaimTerms],
        eligibility: Mapping[str, Window],
        membership: Mapping[str, Window],
    ) -> None:
        self.claims, self.terms, self.eligibility, self.membership = claims, terms, eligibility, membership
        self.verdicts: dict[int, tuple[Outcome, str]] = {}
        self.days: dict[int, int] = {}
        self.levels_of: dict[Hashable, list[Claim]] = {}
        for claim in claims:
            if claim.attended and self.is_level(claim):
                self.levels_of.setdefault((self.terms_of(claim).group, claim.patient), []).append(claim)
        assert len({claim.row for claim in claims}) == len(claims), "each row has its own number"

    def all(self) -> None:
        self.members()
        self.providers()
        self.duplicates()
        self.contradictions()
        for claim in self.open(lambda c: not c.attended):
            self.set([claim], "counted", "Did not attend: counts as DID_NOT_ATTEND, not as activity.")
        for beginnings in self.by(self.open(self.begins), lambda c: (self.terms_of(c).group, c.patient)):
            self.beginnings(beginnings)
        for levels in self.by(self.open(self.is_level), lambda c: (self.terms_of(c).group, c.patient, c.last)):
            self.levels(levels)
        for claims in self.by(self.open(lambda c: self.terms_of(c).by_days(c.item)), _key):
            self.by_days(claims)
        for claim in self.open():
            if self.terms_of(claim).counted == "at the quarter's end" and claim.ended and not self.begins(claim):
                self.set([claim], "refused", _not_on(claim))
            else:
                self.set([claim], "counted", "")

    def terms_of(self, claim: Claim) -> ClaimTerms:
        return self.terms[claim.scheme]

    def begins(self, claim: Claim) -> bool:
        return claim.item in self.terms_of(claim).once

    def is_level(self, claim: Claim) -> bool:
        return claim.item in self.terms_of(claim).levels and not self.begins(claim)

    def open(self, which: Callable[[Claim], bool] = lambda _: True) -> list[Claim]:
        """The claims that have no verdict yet."""
        return [claim for claim in self.claims if claim.row not in self.verdicts and which(claim)]

    def set(self, claims: Iterable[Claim], outcome: Outcome, reason: str) -> None:
        for claim in claims:
            assert claim.row not in self.verdicts, "a claim is decided once"
            self.verdicts[claim.row] = (outcome, reason)

    @staticmethod
    def by(claims: Iterable[Claim], group: Callable[[Claim], Hashable]) -> list[list[Claim]]:
        """The claims by group; within one, in an order that does not rest on the rows'."""
        groups: dict[Hashable, list[Claim]] = {}
        for claim in sorted(claims, key=_order):
            groups.setdefault(group(claim), []).append(claim)
        return list(groups.values())

    def days_claimed(self, claim: Claim) -> tuple[date, date]:
        """The days on which its provider must be in the scheme, or eligible: one, but where days are counted."""
        terms = self.terms_of(claim)
        if claim.attended and terms.by_days(claim.item) and claim.start:
            return claim.days
        if claim.attended and terms.counted == "at the quarter's end" and self.is_level(claim):
            return claim.last, claim.last
        day = claim.day or (claim.start if self.begins(claim) else None) or claim.last
        return day, day

    def members(self) -> None:
        """Refuse what a provider claims from before it joined or after it left."""
        for claim in self.open(lambda c: c.practice in self.membership):
            (joined, left), (first, last) = self.membership[claim.practice], self.days_claimed(claim)
            if joined and first < joined:
                self.set([claim], "refused", f"{claim.practice} joined on {joined}, and this is of {first}.")
            elif left and last > left:
                self.set([claim], "refused", f"{claim.practice} left on {left}, and this is of {last}.")

    def providers(self) -> None:
        """Refuse what a provider claims that is not eligible on the day."""
        for claim in self.open(lambda c: self.terms_of(c).eligible):
            window, (first, last) = self.eligibility.get(claim.practice), self.days_claimed(claim)
            if window is None:
                why = f"{claim.practice} is not shown to be eligible. Add the day from which it is."
                self.set([claim], "refused", why)
            elif (early := window[0] and first < window[0]) or (window[1] and last > window[1]):
                days = [f"{word} {end}" for word, end in zip(("from", "to"), window, strict=True) if end]
                day = first if early else last
                self.set([claim], "refused", f"{claim.practice} is eligible {' '.join(days)}, not on {day}.")

    def duplicates(self) -> None:
        """Of claims alike, leave one: that whose days say most, and say that the patient is on the level."""

        def alike(claim: Claim) -> Hashable:
            terms = self.terms_of(claim)
            more: Hashable = None
            if self.begins(claim):
                more = _begun(claim)
            elif terms.by_days(claim.item):
                more = (claim.start, claim.end)
            elif terms.counted == "each" and not self.is_level(claim):
                more = claim.day
            return (*_key(claim), claim.attended, more)

        for claims in self.by(self.open(), alike):
            best = sorted(claims, key=lambda c: (c.ended, not (c.start or c.end), _order(c)))
            dated = [claim for claim in best if claim.start or claim.end]
            kept = (dated or best)[0]
            for claim in claims:
                if claim is not kept:
                    self.set([claim], "refused", self.beside(claim, kept))

    def beside(self, claim: Claim, kept: Claim) -> str:
        """Why a claim does not count beside one of the same practice, patient, item and quarter."""
        spell, other = (claim.start, claim.end), (kept.start, kept.end)
        if spell == other or not any(spell) or not self.is_level(claim):
            return "A duplicate: another row claims the same practice, patient, item and quarter, which counts once."
        if claim.ended and self.terms_of(claim).counted == "at the quarter's end":
            return _not_on(claim)
        days = " ".join(f"{word} {day}" for word, day in zip(("from", "to"), other, strict=True) if day)
        return f"Another spell in the same quarter counts instead, {days}: a quarter counts once."

    def contradictions(self) -> None:
        """Hold what was attended and not attended on one day."""
        for claims in self.by(self.open(lambda c: c.day is not None), lambda c: (*_key(c), c.day)):
            if len({claim.attended for claim in claims}) > 1:
                why = f"Claimed both as attended and as not attended on {claims[0].day}: leave one of the two."
                self.set(claims, "held", why)

    def beginnings(self, claims: Sequence[Claim]) -> None:
        """Count a patient's first beginning, and a later one where the gap since the last level is long enough."""
        if len(claims) > 1 and any(_begun(claim) is None for claim in claims):
            why = f"A beginning is claimed {len(claims)} times for this patient: give `from` or `date` for each."
            return self.set(claims, "held", why)
        before: date | None = None
        for same in sorted(self.by(claims, _begun), key=lambda same: _begun(same[0]) or date.min):
            day, rest = _begun(same[0]), same
            if before and day:
                soon = {claim.row: self.too_soon(claim, before, day) for claim in same}
                for claim in same:
                    if soon[claim.row]:
                        self.set([claim], "refused", soon[claim.row])
                rest = [claim for claim in same if not soon[claim.row]]
            if len(rest) > 1:
                why = f"Begun on {day} by more than one claim, {' and '.join(_named(rest))}: leave one of them."
                self.set(rest, "held", why)
            else:
                self.set(rest, "counted", "")
            before = day if rest else before
        return None

    def too_soon(self, claim: Claim, before: date, day: date) -> str:
        """Why a beginning on `day` does not count after that on `before`, or nothing."""
        months = self.terms_of(claim).once[claim.item]
        already = f"Begun already on {before}"
        levels = sorted(self.levels_of.get((self.terms_of(claim).group, claim.patient), []), key=_order)
        closed: dict[Hashable, date] = {}
        for c in levels:
            if c.end:
                spell = (c.practice, c.scheme, c.item, c.start)
                closed[spell] = max(c.end, closed.get(spell, c.end))
        shown: list[date] = []
        for c in levels:
            start, end = c.start or c.first, c.end or closed.get((c.practice, c.scheme, c.item, c.start))
            if not (c.start or c.end):  # known for the quarter alone; in the quarter of `day`, it may follow it
                start, end = (c.first, c.last) if c.last < day else (day, None)
            if start < day:
                if end is None:
                    return f"{already}, and still on {c.item} by the claims: give its `to` if it ended before {day}."
                shown.append(min(end, day - timedelta(days=1)))
        last = max((end for end in shown if end >= before), default=None)
        if last is None:
            return f"{already}, and no claim shows the last day on a level since: claim it with `from` and `to`."
        if day <= add_months(last, months):
            since = f"more than {months} calendar month{'' if months == 1 else 's'}"
            again = add_months(last, months) + timedelta(days=1)
            return f"{already}; the last day on a level was {last}. It counts again {since} later, from {again}."
        return ""

    def levels(self, claims: Sequence[Claim]) -> None:
        """A patient's levels in a quarter: one counts, or their days are shared out where all count by the day."""
        if all(self.terms_of(claim).by_days(claim.item) for claim in claims):
            return self.by_days(claims)
        quarter, last, named = claims[0].quarter_text, claims[0].last, ", ".join(_named(claims))
        if len(claims) > 1 and any(self.terms_of(c).by_days(c.item) and not c.start for c in claims):
            why = f"Claimed for one patient in {quarter}: {named}. Give `from` and `to`, as one is counted by the day."
            return self.set(claims, "held", why)
        on, off = [c for c in claims if not c.ended], [c for c in claims if c.ended]
        if not on:
            barred = [c for c in off if self.terms_of(c).counted == "at the quarter's end"]
            for claim in barred:
                self.set([claim], "refused", _not_on(claim))
            rest = [c for c in off if c not in barred]
            if len(rest) == 1:
                return self.count(rest[0])
            named = ", ".join(_named(rest))
            why = f"Claimed for one patient in {quarter}: {named}. None was active on {last}: leave one."
            return self.set(rest, "held", why)
        for claim in off:
            instead = f" {_named(on)[0]} counts." if len(on) == 1 else ""
            self.set([claim], "refused", f"{_not_on(claim)}{instead}")
        if len(on) == 1:
            return self.count(on[0])
        decides = f"Give `from` and `to`, such that one alone is active on {last}."
        why = f"Claimed for one patient in {quarter}: {', '.join(_named(on))}. One counts. {decides}"
        return self.set(on, "held", why)

    def count(self, claim: Claim) -> None:
        if self.terms_of(claim).by_days(claim.item):
            self.by_days([claim])
        else:
            self.set([claim], "counted", "")

    def by_days(self, claims: Sequence[Claim]) -> None:
        """Count the days of each, with both ends; those of which a day would count twice are held."""
        undated = [claim for claim in claims if claim.start is None]
        if undated:
            named = ", ".join(_named(undated))
            return self.set(claims, "held", f"Counted by the day, and the days are missing: give `from` for {named}.")
        for claim in claims:
            first, last = claim.days
            others = [c for c in claims if c is not claim and max(first, c.days[0]) <= min(last, c.days[1])]
            if first > last:
                self.set([claim], "refused", f"No day of {claim.first} to {claim.last} was on this level.")
            elif others:
                named = ", ".join(_named(others))
                why = f"Its days overlap with those of {named}, and no day counts twice: correct them."
                self.set([claim], "held", why)
            else:
                days = (last - first).days + 1
                self.days[claim.row] = days
                self.set([claim], "counted", f"{days} day{'' if days == 1 else 's'}, {first} to {last}.")
        return None


def _key(claim: Claim) -> tuple[Hashable, ...]:
    return claim.scheme, claim.practice, claim.patient, claim.item, claim.last


def _order(claim: Claim) -> tuple[object, ...]:
    """Claims in an order of their own; rows come last, where all else is the same."""
    days = [(day is None, day or claim.last) for day in (claim.day, claim.start, claim.end)]
    return (*_key(claim), claim.attended, *days, claim.row)


def _begun(claim: Claim) -> date | None:
    """The day on which a beginning began."""
    return claim.start or claim.day


def _named(claims: Sequence[Claim]) -> list[str]:
    """Claims as a reason names them: item and practice, and the scheme where there are several."""
    several = len({claim.scheme for claim in claims}) > 1
    return [f"{c.scheme}:{c.item} at {c.practice}" if several else f"{c.item} at {c.practice}" for c in claims]


def _not_on(claim: Claim) -> str:
    if claim.end is not None and claim.end < claim.last:
        return f"Ended on {claim.end}, before the quarter's last day ({claim.last})."
    return f"Began on {claim.start}, after the quarter's last day ({claim.last})."
