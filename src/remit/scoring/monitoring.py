"""Indicators that a scheme watches and does not pay: this year's achievement beside that of an earlier year.

Buckinghamshire's commissioner looks whether QOF performance stayed within a 5% tolerance once payment no longer hung on
it (Review of QOF, annex 5). A fall is counted in percentage points of achievement. Like is set beside like: a year
beside a year and, where a scheme looks every quarter, a quarter beside the same quarter; people beside people. Whether
a fall is significant is Fisher's exact test of the counts of both, one-sided. A practice has one verdict on all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from remit.core.dates import Period, SchemeYear
from remit.core.figures import THE_YEAR, FigureKey, FigurePeriod, Figures, Quarter
from remit.core.words import agreed, listed
from remit.scheme.agreements import Monitoring
from remit.scheme.model import Scheme
from remit.scoring.achievement import Subjects
from remit.scoring.subjects import watched_codes, watched_measures
from remit.scoring.tails import as_many_of_both

WITHIN, CHANCE, LOOK, NOT_KNOWN = "within the tolerance", "may be chance", "to be looked at", "not known yet"
"""The verdicts on a practice."""


@dataclass(frozen=True)
class Watched:
    """One indicator of one practice for the year, or for a quarter of it: rates of 0 to 1, or numbers of `people`; None
    where not known. `within` is None without a tolerance, and of people; `significant` says whether it fell by more
    than chance explains, None without a level of significance, and of people."""

    indicator: str
    now: Fraction | None
    before: Fraction | None
    within: bool | None
    reason: str = ""
    period: FigurePeriod = THE_YEAR
    people: bool = False
    significant: bool | None = None

    @property
    def change(self) -> Fraction | None:
        """This year's rate or number less the earlier one."""
        return None if self.now is None or self.before is None else self.now - self.before


@dataclass(frozen=True)
class WatchedVerdict:
    """The watched indicators of one practice together: of how many rates it is, how many could be compared, how many of
    these lie below the tolerance (or, without one, below the earlier year), and how many of those significantly; None
    where that is not asked or not known. `words` is the sentence."""

    indicators: int
    compared: int
    below: int
    significantly: int | None
    finding: str
    words: str


def verdict(scheme: Scheme, every: Sequence[Watched]) -> WatchedVerdict | None:
    """The one verdict on a practice; None where the scheme says no tolerance and no level, or watches no rate.

    Each indicator counts once: by its year, or by its latest quarter that can be compared.
    """
    terms = scheme.monitoring
    if terms is None or not terms.judges:
        return None
    chosen: dict[str, Watched] = {}
    for one in every:
        if not one.people and (one.indicator not in chosen or _fell(terms, one) is not None):
            chosen[one.indicator] = one
    if not chosen:
        return None
    fell = {code: _fell(terms, one) for code, one in chosen.items()}
    below = [chosen[code] for code, is_so in fell.items() if is_so]
    compared = sum(is_so is not None for is_so in fell.values())
    tested = terms.significance is not None and terms.significance.value is not None
    sure = sum(one.significant is True for one in below) if tested else None
    if sure or (below and sure is None):
        finding = LOOK
    elif compared < len(chosen):
        finding = NOT_KNOWN
    else:
        finding = CHANCE if below else WITHIN if terms.tolerance else "no fall"
    words = _words(terms, len(chosen), compared, len(below), sure, finding)
    return WatchedVerdict(len(chosen), compared, len(below), sure, finding, words)


def _fell(terms: Monitoring, one: Watched) -> bool | None:
    """Whether it lies below the tolerance, or without one below the earlier year; None where not known."""
    if terms.tolerance:
        return None if one.within is None else not one.within
    return None if one.change is None else one.change < 0


def _words(terms: Monitoring, every: int, compared: int, below: int, sure: int | None, finding: str) -> str:
    """`Of 25 indicators 2 lie more than 5 points below 2014-15, 1 of them significantly (at 5%): to be looked at.`"""
    points = f"more than {terms.tolerance.text.removesuffix('%')} points " if terms.tolerance else ""
    of = f"Of {every} {agreed('indicator{|s}', every)}"
    lie = f"{of} {below or 'none'} {agreed('{lies|lie}', below or 1)} {points}below {terms.against}"
    level = terms.significance
    if below and level is not None and level.value is not None:
        them = "" if below == 1 else f"{sure or 'none'} of them "
        lie += f", {'not ' if below == 1 and not sure else ''}{them}significantly (at {level.text})"
    left = every - compared
    said = [f"{lie}: {finding}."]
    if left:
        said.append(f"{left} cannot be compared yet.")
    if below and level is not None and level.required:
        said.append("Whether significantly is not known: set monitoring.significance.")
    return " ".join(said)


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
    significant = None if people or earlier is None else _significant(terms, figures, measures, period, earlier)
    return Watched(code, now, before, within, reason, period, people, significant)


def _significant(
    terms: Monitoring, figures: Figures, measures: tuple[str, ...], period: FigurePeriod, earlier: SchemeYear | Quarter
) -> bool | None:
    """Whether so many or more of those missed would be this year's, by chance, less often than the level: of all that
    were counted in both, were the two rates one."""
    level = terms.significance.value if terms.significance else None
    counts = [figures.get(FigureKey(measure, when)) for when in (period, earlier) for measure in measures]
    if level is None or any(count is None for count in counts):
        return None
    done, of, done_before, of_before = (int(count or 0) for count in counts)
    if not (0 <= done <= of and 0 <= done_before <= of_before and of and of_before):
        return None
    return as_many_of_both(of - done, of, of_before - done_before, of_before).is_below(level)


def _value(figures: Figures, measures: tuple[str, ...], period: FigurePeriod) -> tuple[Fraction | None, list[str]]:
    """A rate, or a number of people; what lacks for it where it is not known."""
    keys = [FigureKey(measure, period) for measure in measures]
    parts = [figures.get(key) for key in keys]
    lacks = [str(key) for key, part in zip(keys, parts, strict=True) if part is None]
    if lacks or (not parts[-1] and len(parts) > 1):
        return None, lacks
    return Fraction(parts[0] or 0) / (Fraction(parts[1] or 0) if len(parts) > 1 else 1), []
