"""Indicators that a scheme watches and does not pay: this year's achievement beside that of an earlier year.

Buckinghamshire's commissioner looks whether QOF performance stayed within a 5% tolerance once payment no longer hung on
it (Review of QOF, annex 5). A fall is counted in percentage points of achievement. Like is set beside like: a year
beside a year and, where a scheme looks every quarter, a quarter beside the same quarter; people beside people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from remit.core.dates import Period, SchemeYear
from remit.core.figures import THE_YEAR, FigureKey, FigurePeriod, Figures, Quarter
from remit.core.words import listed
from remit.scheme.model import Scheme
from remit.scoring.achievement import Subjects
from remit.scoring.subjects import watched_codes, watched_measures


@dataclass(frozen=True)
class Watched:
    """One indicator of one practice for the year, or for a quarter of it: rates of 0 to 1, or numbers of `people`; None
    where not known. `within` is None without a tolerance, and of people."""

    indicator: str
    now: Fraction | None
    before: Fraction | None
    within: bool | None
    reason: str = ""
    period: FigurePeriod = THE_YEAR
    people: bool = False

    @property
    def change(self) -> Fraction | None:
        """This year's rate or number less the earlier one."""
        return None if self.now is None or self.before is None else self.now - self.before


def watched(scheme: Scheme, subjects: Subjects, scored: Period | None = None) -> tuple[Watched, ...]:
    """The monitored indicators of one practice, in the order of the scheme; none where their list is still required.

    `scored` is the position within the year that is asked for, if any: no later quarter is looked at.
    """
    return tuple(one for code in watched_codes(scheme) for one in _of(scheme, code, subjects.get(code, {}), scored))


def _of(scheme: Scheme, code: str, figures: Figures, scored: Period | None) -> Iterator[Watched]:
    """One indicator: each quarter that has come, where it is looked at by quarter, and the year where that is given."""
    terms = scheme.monitoring
    assert terms is not None
    measures = watched_measures(scheme, code)
    last = scored.day if scored and scored.day else scheme.year.end
    series = [one for one in scheme.quarters() if one.end <= last] if terms.every == "quarter" else []
    whole = any(FigureKey(measure) in figures for measure in measures)
    if any(FigureKey(measure, one) in figures for measure in measures for one in series):
        for one in series:
            before = Quarter(terms.against, one.number) if terms.against else None
            yield _beside(scheme, code, figures, one, before)
    elif not whole and series:
        text = f"Supply {listed(measures)} of each quarter, such as {series[-1]}, for {code}."
        yield Watched(code, None, None, None, text, series[-1], measures == ("REGISTER",))
        return
    if whole or not series:
        yield _the_year(scheme, code, figures, scored)


def _the_year(scheme: Scheme, code: str, figures: Figures, scored: Period | None) -> Watched:
    """The year beside the earlier one; a position within the year is set beside no whole year."""
    terms = scheme.monitoring
    assert terms is not None
    part_of_year = scored is not None and scored.day is not None and scored.day != scheme.achievement_date
    if not part_of_year or terms.against is None:
        return _beside(scheme, code, figures, THE_YEAR, terms.against)
    alone = _beside(scheme, code, figures, THE_YEAR, None)
    why = f"The position of {scored} is not set beside the whole of {terms.against}."
    return Watched(code, alone.now, None, None, f"{alone.reason} {why}".strip(), THE_YEAR, alone.people)


def _beside(
    scheme: Scheme, code: str, figures: Figures, period: FigurePeriod, earlier: SchemeYear | Quarter | None
) -> Watched:
    """The figures of one period beside those of an earlier one."""
    terms = scheme.monitoring
    assert terms is not None
    measures = watched_measures(scheme, code)
    now, lacks = _value(figures, measures, period)
    before, lacks_before = _value(figures, measures, earlier) if earlier else (None, [])
    lacking = [*lacks, *lacks_before]
    reason = f"Supply {' and '.join(lacking)} for {code}." if lacking else ""
    people, within = measures == ("REGISTER",), None
    if now is not None and before is not None and terms.tolerance and terms.tolerance.value is not None and not people:
        within = before - now <= terms.tolerance.value
    return Watched(code, now, before, within, reason, period, people)


def _value(figures: Figures, measures: tuple[str, ...], period: FigurePeriod) -> tuple[Fraction | None, list[str]]:
    """A rate, or a number of people; what lacks for it where it is not known."""
    keys = [FigureKey(measure, period) for measure in measures]
    parts = [figures.get(key) for key in keys]
    lacks = [str(key) for key, part in zip(keys, parts, strict=True) if part is None]
    if lacks or (not parts[-1] and len(parts) > 1):
        return None, lacks
    return Fraction(parts[0] or 0) / (Fraction(parts[1] or 0) if len(parts) > 1 else 1), []
