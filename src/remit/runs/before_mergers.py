"""What practices had before they merged, put together with their successor's: activity, earlier years' pounds, and the
counts of a baseline where the scheme adds them.

These add up, each practice's in its own rows. Everything else of a practice that merged is left: its patients are on
its successor's registers at the year's end. Where it is not clear what the sum is, the item says what to give.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from remit.core.dates import SchemeYear
from remit.core.figures import EACH_QUARTER, THE_YEAR, FigureKey, Figures, Quarter
from remit.core.rounding import pounds_text
from remit.core.words import listed
from remit.organisation import Practice
from remit.pricing.evaluator import figures_read
from remit.pricing.plan import PlannedItem, PricingPlan
from remit.scheme.kinds import Activity, Baseline, OverBaseline
from remit.scheme.kinds.base import KindInputs
from remit.scoring.achievement import Subjects
from remit.scoring.subjects import DELIVERED, SPENT


def with_delivered(own: Subjects, gone: Sequence[Subjects]) -> Subjects:
    """A practice's figures with what others delivered, or were paid and spent in earlier years, that merged into it."""
    merged = {subject: dict(figures) for subject, figures in own.items()}
    for subjects in gone:
        for subject, figures in subjects.items():
            for key, value in figures.items():
                if key.measure in (*DELIVERED, *SPENT):
                    into = merged.setdefault(subject, {})
                    into[key] = into.get(key, 0) + value
    return merged


def with_baselines(plan: PricingPlan, together: Subjects, gone: Sequence[Subjects]) -> Subjects:
    """A successor's figures with the baselines of its items as the scheme has them after a merger."""
    merged = {subject: dict(figures) for subject, figures in together.items()}
    for line in plan.lines.values():
        kind = line.kind
        if not isinstance(kind, OverBaseline):
            continue
        own = merged.setdefault(line.code, {})
        for key in _of_baseline(kind.own_baseline):
            if kind.own_baseline.merged == "counts added":
                values = [
                    figures[key] for figures in (own, *(one.get(line.code, {}) for one in gone)) if key in figures
                ]
                if values:
                    own[key] = sum(values)
            elif kind.own_baseline.merged == "no baseline":
                own.pop(key, None)
    return merged


def _of_baseline(baseline: Baseline) -> list[FigureKey]:
    """The counts of a baseline's years."""
    return [
        FigureKey(read.measure, read.period) for read in baseline.figures(True) if isinstance(read.period, SchemeYear)
    ]


def unclear(
    plan: PricingPlan, practice: Practice, own: Subjects, gone: Sequence[tuple[Practice, Subjects]], brings: bool
) -> dict[str, str]:
    """Why items cannot be priced on the sum of these practices' figures, by item.

    `brings` says whether the successor had patients of its own before the others merged into it.
    """
    reasons = {}
    for line in plan.lines.values():
        if line.calculated:
            why = _periods(line, [(practice, own), *gone]) or _too_early(line, practice, own, gone)
            why = why or _missing(line, practice, own, gone, brings) or _baselines(line, practice, own, gone, brings)
            if not why and isinstance(line.kind, Activity):
                why = _caps(line, plan, [(practice, own), *gone])
            if why:
                reasons[line.code] = why
    return reasons


def _figures_of(line: PlannedItem, subjects: Subjects, subject: str) -> Figures:
    return subjects.get(subject or line.code, {})


def _periods(line: PlannedItem, those: Sequence[tuple[Practice, Subjects]]) -> str:
    """Whether some of them gave by quarter what others gave for the year alone."""
    for read in line.calculated.reads() if line.calculated else ():
        if read.measure not in DELIVERED:
            continue
        by_year: list[str] = []
        by_quarter: list[str] = []
        for practice, subjects in those:
            periods = {key.period for key in _figures_of(line, subjects, read.subject) if key.measure == read.measure}
            if periods:
                (by_year if periods == {THE_YEAR} else by_quarter).append(practice.code)
        if by_year and by_quarter:
            why = f"{read.measure} of {line.code} is by quarter for {listed(by_quarter)}, and for the year alone for"
            return f"{why} {listed(by_year)}: give it by quarter for each of them."
    return ""


def _too_early(line: PlannedItem, practice: Practice, own: Subjects, gone: Sequence[tuple[Practice, Subjects]]) -> str:
    """Whether a quarter before the successor joined is given both for it and for those that merged into it."""
    for read in line.calculated.reads() if line.calculated and practice.joined else ():
        for key, value in _figures_of(line, own, read.subject).items():
            period = key.period
            if not (value and key.measure == read.measure and isinstance(period, Quarter)):
                continue
            theirs = [one.code for one, subjects in gone if _figures_of(line, subjects, read.subject).get(key)]
            if practice.joined and period.end < practice.joined and theirs:
                why = f"{key} of {line.code} is given for {practice.code}, which joined on {practice.joined}, and for"
                return f"{why} {listed(theirs)}: leave it out for {practice.code}, or correct its day."
    return ""


def _missing(
    line: PlannedItem, practice: Practice, own: Subjects, gone: Sequence[tuple[Practice, Subjects]], brings: bool
) -> str:
    """Whether pounds of earlier years are there for each practice that had patients, and for no other."""
    for read in line.calculated.reads() if line.calculated else ():
        if read.measure not in SPENT or read.period == EACH_QUARTER:
            continue
        key, named = FigureKey(read.measure, read.period), f"{read.measure} of {read.subject or line.code}"
        theirs = [one.code for one, subjects in gone if key in _figures_of(line, subjects, read.subject)]
        if not theirs:
            continue
        mine = key in _figures_of(line, own, read.subject)
        lacks = [one.code for one, _ in gone if one.code not in theirs] + (
            [practice.code] if brings and not mine else []
        )
        if lacks:
            return (
                f"{named} is given for {listed(theirs)}, and not for {listed(lacks)}: give it for each, 0 where none."
            )
        if mine and not brings:
            why = f"{named} is given for {practice.code}, which had no patients of its own before, and for"
            return f"{why} {listed(theirs)}: leave it out for {practice.code}."
    return ""


def _baselines(
    line: PlannedItem, practice: Practice, own: Subjects, gone: Sequence[tuple[Practice, Subjects]], brings: bool
) -> str:
    """Whether it is clear what baseline holds after a merger, and each practice's counts are there to be added."""
    kind = line.kind
    if not isinstance(kind, OverBaseline):
        return ""
    baseline, merged = kind.own_baseline, listed([one.code for one, _ in gone])
    if baseline.merged == "required":
        verb = "have" if len(gone) > 1 else "has"
        why = f"{merged} {verb} merged into {practice.code}, and the sources do not say what its baseline then is:"
        return f"{why} set {line.code}.{kind.place}merged."
    if baseline.merged != "counts added":
        return ""
    those = [*([(practice, own)] if brings else []), *gone]
    for key in _of_baseline(baseline):
        have = [one.code for one, subjects in those if key in _figures_of(line, subjects, "")]
        lacks = [one.code for one, _ in those if one.code not in have]
        if have and lacks:
            why = f"{key} for {line.code} is given for {listed(have)}, and not for {listed(lacks)}:"
            return f"{why} give it for each, as the baseline after a merger is their counts added."
    return ""


def _caps(line: PlannedItem, plan: PricingPlan, those: Sequence[tuple[Practice, Subjects]]) -> str:
    """Whether a cap leaves more to several practices than to one."""
    kind = line.kind
    if not isinstance(kind, Activity) or not (kind.most_per_quarter or kind.most_per_year or kind.most) or line.missing:
        return ""
    year = plan.scheme.year
    each = [figures_read(line, subjects, year) for _, subjects in those]
    claimed = [figures for figures in each if figures]
    together: dict[tuple[str, FigureKey], Fraction] = {}
    for figures in claimed:
        for key, value in figures.items():
            together[key] = together.get(key, Fraction(0)) + value
    apart = [kind.calculate(KindInputs(line.code, year, figures)).earned for figures in claimed]
    one = kind.calculate(KindInputs(line.code, year, together)).earned
    several = sum((earned or Fraction(0) for earned in apart), Fraction(0))
    if one is None or None in apart or several <= one:
        return ""
    names = listed([practice.code for practice, _ in those])
    why = f"Under a cap of its own each, {names} are paid {pounds_text(several)} for {line.code}, under one together"
    give = f"Give what is due in the rows of {those[0][0].code} alone."
    return f"{why} {pounds_text(one)}: the sources do not say which. {give}"
