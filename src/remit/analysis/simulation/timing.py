"""The counts of a scheme measured at a different time: one day, staggered days, four quarter ends, a longer window.

Only records can say what had been achieved on another day, so all of this needs a store; without one it is refused,
with what to supply. Each day is an evaluation of its own: the achievement date and the payment period's last day are
that day, and the payment period begins a year before it.

- year end: one day for every practice.
- staggered: the practices, in the order of their codes, are given the days in turn.
- rolling: each count is the mean of those at the four quarter ends of the scheme's year, rounded half up.
- window of 15 (or 12) months: what decides success and looks back 12 (or 15) months from the end of the payment period,
  or from the achievement date, looks back 15 (or 12). Personalised care adjustments and exclusions keep their windows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from remit.core import say
from remit.core.dates import SchemeYear
from remit.core.exact import whole
from remit.core.figures import FigureKey
from remit.core.problems import Problem, Refused, error
from remit.core.words import listed
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.folder import write_evaluation
from remit.evaluation.workers import EngineName
from remit.files.tables import CsvRows
from remit.pricing.scenario import Change
from remit.records.store import Store
from remit.rules import model as r
from remit.rules.definitions import Definitions
from remit.scheme import Scheme
from remit.scheme.agreements import PaymentDays
from remit.scheme.reform_model import Timing
from remit.terminology.clusters import ClusterSet

OnDay = Callable[[int, int], None]
"""Called with how many practices are counted of how many, over all days together."""

_A_YEAR = 366
_FROM = ("PPED", "ACHV_DAT", "MPED")
_COUNTS = ("NUMERATOR", "DENOMINATOR", "PCAS", "REGISTER", "LIST_SIZE")


@dataclass(frozen=True)
class TimedCounts:
    """The figures of each practice under a timing, by practice, subject and measure; `days` on which each was counted.

    `widened` are the indicators whose window changes; `warnings` say whose records end before a day.
    """

    figures: Mapping[str, Change] = field(default_factory=dict)
    days: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    widened: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Records:
    """What practices are counted from: the store, code clusters, rules, and a folder to work in."""

    store: Store
    clusters: ClusterSet
    known: Definitions
    work: Path
    rules_of: tuple[SchemeYear, ...] = ()
    engine: EngineName = "duckdb"


def days_of(timing: Timing, scheme: Scheme, practices: Sequence[str]) -> dict[str, tuple[date, ...]]:
    """The days on which each practice is counted."""
    ordered = sorted(practices)
    if timing.rolling:
        ends = tuple(quarter.end for quarter in scheme.quarters())
        return dict.fromkeys(ordered, ends)
    if timing.staggered:
        days = timing.staggered
        return {code: (days[n % len(days)],) for n, code in enumerate(ordered)}
    return dict.fromkeys(ordered, (timing.year_end or scheme.achievement_date,))


def counts_under(
    timing: Timing, scheme: Scheme, practices: Sequence[str], records: Records | None, on_day: OnDay | None = None
) -> TimedCounts:
    """What each practice would have counted under a timing. Raises Refused without records, and where no rule has the
    window that is to be another.
    """
    if records is None:
        raise Refused([_needs_records(timing)])
    check_days(timing, scheme)
    here = [code for code in sorted(practices) if code in records.store.codes]
    absent = sorted(set(practices) - set(here))
    known, widened = windowed(records.known.of(scheme.year, *records.rules_of), scheme, timing)
    days = days_of(timing, scheme, here)
    counted: dict[str, list[Change]] = defaultdict(list)
    warnings: list[str] = []
    by_day = _by_day(days)
    total, done = sum(len(codes) for codes in by_day.values()), 0
    for day, codes in by_day.items():
        evaluator = Evaluator(
            moved_to(scheme, day), records.store, records.clusters, known, day, None, records.rules_of
        )
        folder = records.work / f"on-{day}"
        write_evaluation(evaluator, folder, True, codes, None, records.engine)
        for code, change in _read(folder).items():
            counted[code].append(change)
        late = [code for code in codes if (last := records.store.last_day(code)) is not None and last < day]
        if late:
            warnings.append(f"The records of {_some(late)} end before {say.day(day)}: what came later is not counted.")
        done += len(codes)
        if on_day:
            on_day(done, total)
    if absent:
        warnings.append(f"The store has no records of {_some(absent)}: their counts stay as they are.")
    means = {code: mean_counts(changes) for code, changes in counted.items()}
    return TimedCounts(means, days, widened, tuple(warnings), tuple(_sentences(timing, scheme, widened)))


def check_days(timing: Timing, scheme: Scheme) -> None:
    """That no day is more than a year from the scheme's own."""
    named = [*timing.staggered, *([timing.year_end] if timing.year_end else [])]
    far = [day for day in named if abs((day - scheme.achievement_date).days) > _A_YEAR]
    if far:
        own = say.day(scheme.achievement_date)
        what = f"{say.day(far[0])} is more than a year from {own}, the day of {scheme.scheme}."
        raise Refused([error("analysis.timing-unfit", what, None, "Name a day of the year before or after it.")])


def moved_to(scheme: Scheme, day: date) -> Scheme:
    """The scheme measured on a day, over the year up to it. Its scheme year and its rules stay."""
    first = day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else date(day.year - 1, 2, 28)
    period = PaymentDays.model_validate({"from": first + timedelta(days=1), "to": day})
    if day == scheme.achievement_date:
        return scheme
    return scheme.model_copy(update={"achievement_date": day, "payment_period": period})


def mean_counts(changes: Sequence[Change]) -> Change:
    """The mean of each count over the days, in whole patients, half up."""
    if len(changes) == 1:
        return changes[0]
    sums: dict[tuple[str, FigureKey], int] = defaultdict(int)
    for change in changes:
        for key, value in change.items():
            sums[key] += value
    return {key: (2 * total + len(changes)) // (2 * len(changes)) for key, total in sums.items()}


def windowed(known: Definitions, scheme: Scheme, timing: Timing) -> tuple[Definitions, tuple[str, ...]]:
    """The rules with the window that a timing names, and the indicators of the scheme whose window changes."""
    if timing.window is None:
        return known, ()
    months = int(timing.window.split()[0])
    other = 27 - months  # 12 in place of 15, and the other way round
    codes = {code for item in scheme.items for code in item.indicators} & known.indicators.keys()
    changed = {}
    for code in sorted(codes):
        definition = _with_window(known.indicators[code], other, months)
        if definition != known.indicators[code]:
            changed[code] = definition
    if not changed:
        what = f"no indicator of {scheme.scheme} looks back {other} months for what decides success."
        raise Refused([error("analysis.timing-unfit", what, None, f"Leave out 'window: {timing.window}'.")])
    return replace(known, indicators={**known.indicators, **changed}), tuple(changed)


def _with_window(definition: r.Definition, old: int, new: int) -> r.Definition:
    """A definition with another window in the rules and parts that decide success, and in the fields they read."""
    rules, names = [], set[str]()
    for rule in definition.rules:
        if any(counts and counts.category == "achieved" for counts in (rule.counts, rule.else_counts)):
            names |= r.names_in(rule.condition)
            rule = replace(rule, condition=_moved(rule.condition, old, new))
        rules.append(rule)
    parts = {group: {n: _moved(c, old, new) for n, c in own.items()} for group, own in definition.parts.items()}
    for own in definition.parts.values():
        for condition in own.values():
            names |= r.names_in(condition)
    read = _read_by(definition, names)
    fields_ = {name: _moved(one, old, new) if name in read else one for name, one in definition.fields.items()}
    return replace(definition, rules=tuple(rules), parts=parts, fields=fields_)


def _read_by(definition: r.Definition, names: set[str]) -> set[str]:
    """The fields that these names rest on, and those in turn."""
    known: set[str] = set()
    waiting = [name for name in names if name in definition.fields]
    while waiting:
        name = waiting.pop()
        if name not in known:
            known.add(name)
            waiting += [one for one in r.names_of(definition.fields[name]) if one in definition.fields]
    return known


def _moved(part: Any, old: int, new: int) -> Any:
    """A condition or field in which a window of `old` months back from the end of the period is one of `new`."""
    if isinstance(part, r.Shift) and part.unit == "month" and part.amount == -old and _from_the_end(part.term):
        return replace(part, amount=-new)
    if isinstance(part, tuple):
        return tuple(_moved(one, old, new) for one in part)
    if is_dataclass(part) and not isinstance(part, type):
        values = {one.name: getattr(part, one.name) for one in fields(part)}
        moved = {name: _moved(value, old, new) for name, value in values.items()}
        changed = {name: value for name, value in moved.items() if value is not values[name] and value != values[name]}
        return replace(part, **changed) if changed else part
    return part


def _from_the_end(term: r.Term) -> bool:
    return isinstance(term, r.Name) and term.name in _FROM


def _by_day(days: Mapping[str, tuple[date, ...]]) -> dict[date, list[str]]:
    by_day: dict[date, list[str]] = defaultdict(list)
    for code, own in days.items():
        for day in own:
            by_day[day].append(code)
    return dict(sorted(by_day.items()))


def _read(folder: Path) -> dict[str, Change]:
    """The counts of an evaluation's folder, by practice."""
    figures: dict[str, dict[tuple[str, FigureKey], int]] = defaultdict(dict)
    columns = ("practice_code", "indicator_code", "measure", "value")
    for _, (practice, subject, measure, value) in CsvRows(folder / "counts.csv").select(columns).rows():
        if measure in _COUNTS:
            figures[practice][subject, FigureKey(measure)] = whole(value)
    return dict(figures)


def _some(codes: Sequence[str]) -> str:
    return listed(codes) if len(codes) <= 5 else f"{len(codes):,} practices ({codes[0]} and others)"


def _needs_records(timing: Timing) -> Problem:
    asked = [
        *(["another window"] if timing.window else []),
        *(["another day"] if timing.year_end else []),
        *(["staggered days"] if timing.staggered else []),
        *(["the four quarter ends"] if timing.rolling else []),
    ]
    what = f"counts of one day cannot say what {listed(asked)} would count: that needs the records."
    hint = "Give the store of records ('remit records import' makes one), or leave 'timing' out of the reform."
    return error("analysis.timing-needs-records", what, None, hint)


def _sentences(timing: Timing, scheme: Scheme, widened: Sequence[str]) -> Iterator[str]:
    """What was counted when, in words."""
    if timing.rolling:
        ends = listed([say.day(quarter.end) for quarter in scheme.quarters()])
        yield f"Each count is the mean of those on {ends}, rounded half up, each over the year up to that day."
    elif timing.staggered:
        days = listed([say.day(day) for day in timing.staggered])
        yield f"Practices, in the order of their codes, are given {days} in turn, each over the year up to its day."
    elif timing.year_end:
        yield f"Every practice is counted on {say.day(timing.year_end)}, over the year up to that day."
    if timing.window:
        yield (
            f"Success is looked for over {timing.window} in {listed(list(widened))}. Personalised care adjustments and "
            "exclusions keep their windows."
        )
