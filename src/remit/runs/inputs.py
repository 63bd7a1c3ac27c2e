"""Everything that a run rests on, read and checked before anything is computed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from remit.core.dates import Period
from remit.core.problems import Place, Problem, Refused, error, refuse
from remit.core.rows import RowSource, short_name
from remit.files.tables import CsvRows
from remit.organisation import Practice, check_practices, mergers
from remit.payment.recovery import check_recoveries
from remit.payment.terms import RecoveryPlan
from remit.pricing.weights import National, check_national, national_from_run
from remit.runs.assignment import assigned_schemes, check_assignment
from remit.runs.columns import worth_it
from remit.runs.input_warnings import input_warnings
from remit.runs.list_days import list_days
from remit.runs.networks import NETWORK, with_networks
from remit.runs.origins import check_origins
from remit.runs.reviews import check_reviews
from remit.runs.settings import check_settings, supplied
from remit.scheme import Scheme, asked, load_scheme
from remit.scheme.resolve import resolve
from remit.scoring.contradictions import Contradiction, Contradictions
from remit.scoring.counts import NO_VALUE, check_counts
from remit.scoring.figure_table import Counts, FigureTable
from remit.scoring.unfilled import unfilled

FROM_RUN: Final = "from-run"


@dataclass(frozen=True)
class Inputs:
    """What a run rests on: schemes, the scheme of each practice, practices, counts, the nation, settings."""

    schemes: dict[str, Scheme]
    assigned: dict[str, str]
    practices: dict[str, Practice]
    counts: Counts
    national: dict[str, National] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    recoveries: dict[str, RecoveryPlan] = field(default_factory=dict)
    period: Period | None = None
    warnings: tuple[Problem, ...] = ()
    contradictions: Mapping[str, tuple[Contradiction, ...]] = field(default_factory=dict)

    def scheme_of(self, practice: str) -> Scheme:
        """The scheme that a practice is in."""
        return self.schemes[self.assigned[practice]]


def read_inputs(
    schemes: Sequence[str | Path | Scheme],
    practices: Path,
    counts: Path | None,
    *,
    national: Path | str | None = None,
    assign: Path | None = None,
    recovery: Path | None = None,
    settings: Mapping[str, str] | None = None,
    period: str | None = None,
    ignore_unknown: bool = False,
    errors: int = 20,
    beside: Sequence[Scheme] = (),
    by_columns: bool | None = None,
) -> Inputs:
    """The inputs that CSV files hold, as `inputs_from` has them. `schemes` are ids, files or loaded schemes.

    `national` is a file, or `from-run`; an assignment may name any scheme, by its id or its file.
    """
    nation = Path(national) if national is not None and national != FROM_RUN else None
    check_origins([practices, counts, nation, assign, recovery])
    return inputs_from(
        [scheme if isinstance(scheme, Scheme) else load_scheme(scheme) for scheme in schemes],
        CsvRows(Path(practices)),
        CsvRows(Path(counts)) if counts is not None else None,
        national=CsvRows(nation) if nation else FROM_RUN if national is not None else None,
        assign=CsvRows(Path(assign)) if assign else None,
        recovery=CsvRows(Path(recovery)) if recovery else None,
        settings=settings,
        period=period,
        ignore_unknown=ignore_unknown,
        errors=errors,
        beside=beside,
        find=load_scheme,
        by_columns=by_columns,
    )


def _not_among(scheme: str) -> Scheme:
    raise refuse("runs.scheme-unknown", f"there is no scheme '{scheme}' in this run.", scheme=scheme)


def inputs_from(
    schemes: Sequence[Scheme],
    practices: RowSource,
    counts: RowSource | None,
    *,
    national: RowSource | Literal["from-run"] | None = None,
    assign: RowSource | None = None,
    recovery: RowSource | None = None,
    settings: Mapping[str, str] | None = None,
    period: str | None = None,
    ignore_unknown: bool = False,
    errors: int = 20,
    beside: Sequence[Scheme] = (),
    find: Callable[[str], Scheme] = _not_among,
    by_columns: bool | None = None,
) -> Inputs:
    """Check all inputs, from wherever their rows are. Raises Refused with every problem of the first that has any.

    With several schemes, a practice is in the one that its place is offered, unless `assign` says otherwise; `find`
    gives a scheme that only `assign` names. `beside` are schemes that the same practices are in too: settings and
    counts may be theirs. Without `counts` there are none yet. `by_columns` says how counts are
    read, whatever their size.
    """
    loaded = {scheme.scheme: scheme for scheme in schemes}
    if len(loaded) < len(schemes):
        twice = next(name for name in loaded if sum(scheme.scheme == name for scheme in schemes) > 1)
        raise refuse(
            "runs.scheme-twice",
            f"{twice} is named twice.",
            None,
            "Name it once, or give one of the files another id.",
            scheme=twice,
        )
    default, named = next(iter(loaded)), list(loaded)
    named_in_rows: dict[str, str] = {}
    if assign:
        named_in_rows, loaded = check_assignment(assign, loaded, find, errors)
    settings = dict(settings or {})
    others = {scheme.scheme: scheme for scheme in beside}
    loaded = {name: each for name, each in supplied({**loaded, **others}, settings).items() if name not in others}
    loaded = {name: loaded[name] for name in [*named, *sorted(set(loaded) - set(named))]}
    if len({scheme.year for scheme in loaded.values()}) > 1:
        years = " and ".join(f"{scheme.scheme} is of {scheme.year}" for scheme in loaded.values())
        place = Place(assign.name) if assign else None
        raise refuse(
            "runs.years-differ",
            f"{years}: the schemes of one run are of one year.",
            place,
            "Run them apart.",
            schemes=list(loaded),
        )
    try:
        read, assigned, scheme_of = _practices(practices, loaded, named, named_in_rows, assign, errors)
    except Refused as refused:
        raise _with_unfilled(refused, counts) from None
    chosen = check_settings({**loaded, **others}, settings)
    if others:
        own = {name for scheme in loaded.values() for name in scheme.parameters}
        chosen = {name: value for name, value in chosen.items() if name in own}
    when = _period(period, loaded[default]) if period else None
    if when and when.day in (None, loaded[default].achievement_date):
        when = None  # the year's own counts
    figures = Counts(year=str(loaded[default].year.before))
    if counts is not None:
        figures = counts_of(counts, scheme_of, when, ignore_unknown, beside, errors, by_columns)
        _check_any(figures, counts, period if when else None, bool(beside))
    nation: dict[str, National] = {}
    first = next((s for s in loaded.values() if s.weights.prevalence or s.weights.target_population), loaded[default])
    if national == FROM_RUN:
        basis = first.weights.prevalence.basis if first.weights.prevalence else "group"
        nation = national_from_run(first, read, figures.figures, chosen.get(basis, basis))
    elif national is not None:
        nation = check_national(national, first, errors)
    plans = check_recoveries(recovery, read, loaded[default], errors) if recovery else {}
    check_reviews(scheme_of, read, chosen, plans)
    unfit = contradictions_of(loaded, assigned, read, figures, chosen)
    warnings = input_warnings(loaded, read, assigned, figures, chosen, unfit)
    if counts is not None and NO_VALUE in figures.skipped:
        warnings += tuple(unfilled(counts))
    return Inputs(loaded, assigned, read, figures, nation, chosen, plans, when, warnings, unfit)


def counts_of(
    counts: RowSource,
    scheme_of: Mapping[str, Scheme],
    period: Period | None = None,
    ignore_unknown: bool = False,
    elsewhere: Sequence[Scheme] = (),
    limit: int = 20,
    by_columns: bool | None = None,
) -> Counts:
    """The checked counts of practices: of a large file in columns, where each of its rows is plainly right."""
    if period is None and isinstance(counts, CsvRows) and worth_it(counts.path, by_columns):
        from remit.runs.columns.reading import counts_in_columns

        read = counts_in_columns(counts, scheme_of)
        if read is not None:
            return read
    return check_counts(
        counts, scheme_of, period=period, ignore_unknown=ignore_unknown, elsewhere=elsewhere, limit=limit
    )


def contradictions_of(
    schemes: Mapping[str, Scheme],
    assigned: Mapping[str, str],
    practices: Mapping[str, Practice],
    counts: Counts,
    settings: Mapping[str, str],
) -> dict[str, tuple[Contradiction, ...]]:
    """What does not fit in the figures of each practice; nothing of those whose figures fit."""
    looked_for = {name: Contradictions(resolve(scheme, settings)) for name, scheme in schemes.items()}
    merged: dict[str, tuple[Practice, ...]] = {}
    for practice in practices.values():
        if practice.successor:
            merged[practice.successor] = (*merged.get(practice.successor, ()), practice)
    named: dict[str, Collection[str]] = {}
    if isinstance(counts.figures, FigureTable):
        from remit.runs.columns.contradictions import doubtful

        named = {name: doubtful(those, practices, merged, counts) for name, those in looked_for.items()}
    by_practice = {}
    for code, practice in practices.items():
        if named and code not in named[assigned[code]]:
            continue
        before = counts.previous.get(code, {})
        unfit = looked_for[assigned[code]].find(practice, merged.get(code, ()), counts.of(code), before)
        if unfit:
            by_practice[code] = unfit
    return by_practice


def _practices(
    rows: RowSource,
    loaded: Mapping[str, Scheme],
    named: Sequence[str],
    named_in_rows: Mapping[str, str],
    assign: RowSource | None,
    limit: int,
) -> tuple[dict[str, Practice], dict[str, str], dict[str, Scheme]]:
    """The practices with the networks that they are paid through, and the scheme of each: its id and itself."""
    year, through = next(iter(loaded.values())).year, any(scheme.networks for scheme in loaded.values())
    days = list_days(loaded.values())
    read = check_practices(
        rows,
        {column for each in loaded.values() for column in asked.lists_needed(each)},
        limit,
        lambda those: mergers.faults(those, year, days, through),
        columns_named(loaded),
    )
    name = short_name(rows)
    offered = [loaded[scheme] for scheme in named]
    assigned = assigned_schemes(offered, read, named_in_rows, short_name(assign) if assign else "")
    scheme_of = {code: loaded[scheme] for code, scheme in assigned.items()}
    _check_levels(read, scheme_of, name)
    read, scheme_of = with_networks(read, scheme_of, name)
    return read, {code: scheme.scheme for code, scheme in scheme_of.items()}, scheme_of


def _with_unfilled(refused: Refused, counts: RowSource | None) -> Refused:
    """What is wrong with the practices; where lists are missing, with the counts that are not filled in either."""
    if counts is None or all(one.code != "practices.list-missing" for one in refused.problems):
        return refused
    try:
        more: Sequence[Problem] = unfilled(counts, refused=True)
    except Refused as unread:
        more = unread.problems
    return Refused([*refused.problems, *more], refused.total + len(more))


def _check_any(figures: Counts, counts: RowSource, period: str | None, others_too: bool) -> None:
    """Refuse counts that say nothing: none at all, unless they may be others', or none for a `period`."""
    empty = not (others_too or figures.figures or figures.previous or figures.other_days)
    if empty and set(figures.skipped) == {NO_VALUE} and (problems := unfilled(counts, refused=True)):
        raise Refused(problems)
    if empty and not figures.skipped:
        raise refuse("counts.none", "there are no counts below the header.", counts.head)
    if period and not figures.figures:
        days = ", ".join(sorted(figures.other_days)) or "none"
        raise refuse(
            "counts.none-for-period",
            f"there are no counts for {period}.",
            None,
            f"The file has counts for: {days}.",
            period=period,
            has=sorted(figures.other_days),
        )


def _check_levels(practices: Mapping[str, Practice], scheme_of: Mapping[str, Scheme], name: str) -> None:
    """Refuse who provides at a level that its scheme is not commissioned at."""
    problems = []
    for code, practice in practices.items():
        scheme = scheme_of[code]
        if practice.level not in scheme.levels and not (practice.level == NETWORK and scheme.networks):
            offered = " and ".join(scheme.levels)
            problems.append(
                error(
                    "practices.level-not-paid",
                    f"{name}: {code} is a {practice.level}, and {scheme.scheme} is paid to: {offered}.",
                    practice=code,
                    level=practice.level,
                    scheme=scheme.scheme,
                )
            )
    if problems:
        raise Refused(problems)


def columns_named(schemes: Mapping[str, Scheme]) -> tuple[str, ...]:
    """The columns of the practices file that conditions of any of the schemes look at."""
    return tuple(dict.fromkeys(name for scheme in schemes.values() for name in asked.columns_named(scheme)))


def _period(text: str, scheme: Scheme) -> Period:
    try:
        period = Period.parse(text, scheme.year)
    except ValueError as error:
        raise refuse("runs.period-unreadable", f"the period: {error}.", found=text) from None
    if period.year != scheme.year:
        raise refuse(
            "runs.period-outside-year",
            f"the period {text} is in {period.year}, and {scheme.scheme} covers {scheme.year}.",
            found=text,
            year=scheme.year,
        )
    return period
