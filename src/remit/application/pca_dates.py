"""When in the year PCAs were recorded, and why: from the days and reasons of an evaluation, or from earlier positions.

What an evaluation counted has the day of each PCA. A run of an earlier day of the same year says how many there were by
then, so that the rest was recorded since. Without either, nothing is known of days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from remit.analysis.bunching import LastPart, bunching, last_parts, late_and_dated
from remit.analysis.pca_result import PartOfYear, PcaDates
from remit.application.breakdown import BreakdownRequest, break_down
from remit.core.figures import DENOMINATOR, PCAS
from remit.disclosure.practice_pcas import hidden_counts, hidden_parts
from remit.disclosure.result import BreakdownResult
from remit.disclosure.suppression import Policy
from remit.runs import Run

_LEVEL = Fraction(5, 100)


def dates_of_evaluation(
    folder: Path, indicators: Sequence[str], policy: Policy, policy_name: str
) -> tuple[PcaDates, BreakdownResult | None]:
    """The months of an evaluation's PCAs, and their reasons by indicator as a breakdown shows them."""
    import pyarrow.compute as pc

    from remit.disclosure.breakdowns import open_evaluation

    evaluation = open_evaluation(folder)
    codes = [code for code in dict.fromkeys(indicators) if code in evaluation.indicators]
    cells = evaluation.cells.filter(pc.equal(evaluation.cells["dimension"], "pca_month"))
    columns = ("practice_code", "indicator_code", "value", "patients")
    rows = [
        (practice, month, many)
        for practice, code, month, many in zip(*(cells[name].to_pylist() for name in columns), strict=True)
        if code in codes
    ]
    on = evaluation.manifest.on
    start = date(on.year if on.month > 3 else on.year - 1, 4, 1)
    parts = tuple(_part(part, late_and_dated(rows, part), policy) for part in last_parts(start, on))
    by_month: dict[str, int] = {}
    for _, month, many in rows:
        by_month[month] = by_month.get(month, 0) + many
    within = {month: by_month.get(month, 0) for month in _months(start, on)}
    undated = sum(by_month.values()) - sum(within.values())
    hidden = hidden_counts({**within, "": undated}, policy)
    if hidden.practices:  # a part of the year would tell a month
        parts = tuple(replace(part, whole=None) for part in parts)
    shown = {month: None if hidden.whole or month in hidden.practices else many for month, many in within.items()}
    reasons = break_down(BreakdownRequest(folder, "pca-reason", policy=policy_name))
    kept = tuple(one for one in reasons.breakdowns if one.indicator in codes)
    return (
        PcaDates("evaluation", parts, shown, None if hidden.whole or "" in hidden.practices else undated),
        BreakdownResult(**{**vars(reasons), "breakdowns": kept}) if kept else None,
    )


def _months(start: date, end: date) -> list[str]:
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    return [f"{start.year + (start.month - 1 + n) // 12}-{(start.month - 1 + n) % 12 + 1:02d}" for n in range(count)]


def dates_of_positions(run: Run, earlier: Sequence[Run], items: Sequence[str], policy: Policy) -> PcaDates:
    """How many of a run's PCAs were recorded since the day of an earlier run of the same year, by practice."""
    year = next(iter(run.inputs.schemes.values())).year
    end = run.counted_on or year.end
    parts = []
    for before in earlier:
        day = before.counted_on
        if day is None or next(iter(before.inputs.schemes.values())).year != year or day >= end:
            continue
        counts: dict[str, tuple[int, int]] = {}
        for code in run.codes:
            now, then = _pcas(run, code, items), _pcas(before, code, items)
            if now is not None and then is not None and then <= now:
                counts[code] = now - then, now
        part = LastPart(f"since {day.isoformat()}", day + timedelta(days=1), year.start, end)
        parts.append(_part(part, counts, policy))
    return PcaDates("positions", tuple(parts)) if parts else PcaDates()


def _pcas(run: Run, code: str, items: Sequence[str]) -> int | None:
    """All PCAs of a practice; None where any of the items has none counted."""
    if code not in run.inputs.practices:
        return None
    subjects = run.inputs.counts.of(code)
    figures = [subjects[item] for item in items if DENOMINATOR in subjects.get(item, {})]
    if not figures or any(PCAS not in each for each in figures):
        return None
    return sum(int(each[PCAS]) for each in figures)


def _part(part: LastPart, counts: Mapping[str, tuple[int, int]], policy: Policy) -> PartOfYear:
    late, dated = (sum(each[n] for each in counts.values()) for n in (0, 1))
    whole = bunching({"": (late, dated)}, part.even, _LEVEL).get("")
    return PartOfYear(part, bunching(counts, part.even, _LEVEL), whole, hidden_parts(counts, policy))
