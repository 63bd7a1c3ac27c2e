"""Everything that a run rests on, read and checked before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from remit.core import exact
from remit.core.dates import Period, SchemeYear, parse_date
from remit.core.names import key
from remit.core.problems import Collector, Place, Problem, Refused, did_you_mean, refuse
from remit.files.tables import read_table
from remit.organisation import Practice, read_practices
from remit.payment.terms import RecoveryPlan
from remit.pricing.weights import National, national_from_run, read_national
from remit.runs.networks import NETWORK, with_networks
from remit.scheme import Scheme, load_scheme
from remit.scheme.model import NO_ITEMS
from remit.scheme.retirement import faults, named
from remit.scheme.supply import open_inputs, supply
from remit.scoring.counts import Counts, read_counts

FROM_RUN = "from-run"


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
    warnings: tuple[str, ...] = ()

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
) -> Inputs:
    """Read and check all inputs. Raises Refused with every problem of the first input that has any.

    `schemes` are ids, files or loaded schemes; with several, a practice is in the one that its place is offered,
    unless `assign` says otherwise. `national` is a file, or `from-run`. `beside` are schemes that the same practices
    are in too: settings and counts may be theirs. Without `counts` there are none yet.
    """
    every = [s if isinstance(s, Scheme) else load_scheme(s) for s in schemes]
    loaded = {scheme.scheme: scheme for scheme in every}
    if len(loaded) < len(every):
        twice = next(name for name in loaded if sum(scheme.scheme == name for scheme in every) > 1)
        raise refuse(f"{twice} is named twice.", None, "Name it once, or give one of the files another id.")
    default, given = next(iter(loaded)), list(loaded)
    rows = _read_assign(assign, loaded, errors) if assign else {}
    settings = dict(settings or {})
    others = {scheme.scheme: scheme for scheme in beside}
    loaded = {name: each for name, each in _supplied({**loaded, **others}, settings).items() if name not in others}
    loaded = {name: loaded[name] for name in [*given, *sorted(set(loaded) - set(given))]}
    if len({scheme.year for scheme in loaded.values()}) > 1:
        years = " and ".join(f"{scheme.scheme} is of {scheme.year}" for scheme in loaded.values())
        place = Place(str(assign)) if assign else None
        raise refuse(f"{years}: the schemes of one run are of one year.", place, "Run them apart.")
    needed = _needed(loaded.values())
    read = read_practices(Path(practices), needed, errors)
    assigned = _assigned([loaded[name] for name in given], read, rows, Path(assign).name if assign else "")
    _check_levels(read, {code: loaded[name] for code, name in assigned.items()}, Path(practices).name)
    read, scheme_of = with_networks(read, {code: loaded[name] for code, name in assigned.items()}, Path(practices).name)
    assigned = {code: scheme.scheme for code, scheme in scheme_of.items()}
    chosen = check_settings({**loaded, **others}, settings)
    if others:
        own = {name for scheme in loaded.values() for name in scheme.parameters}
        chosen = {name: value for name, value in chosen.items() if name in own}
    when = _period(period, loaded[default]) if period else None
    if when and when.day in (None, loaded[default].achievement_date):
        when = None  # the year's own counts
    figures = Counts(year=str(SchemeYear(loaded[default].year.begins - 1)))
    if counts is not None:
        figures = read_counts(
            Path(counts),
            scheme_of,
            period=when,
            ignore_unknown=ignore_unknown,
            elsewhere=beside,
            limit=errors,
        )
    if (
        counts is not None
        and not beside
        and not (figures.figures or figures.previous or figures.skipped or figures.other_days)
    ):
        raise refuse("there are no counts below the header.", Place(str(counts), 1))
    if when and counts is not None and not figures.figures:
        days = ", ".join(sorted(figures.other_days)) or "none"
        raise refuse(f"there are no counts for {period}.", None, f"The file has counts for: {days}.")
    nation: dict[str, National] = {}
    first = next((s for s in loaded.values() if s.weights.prevalence or s.weights.target_population), loaded[default])
    if national == FROM_RUN:
        basis = first.weights.prevalence.basis if first.weights.prevalence else "group"
        nation = national_from_run(first, read, figures.figures, chosen.get(basis, basis))
    elif national is not None:
        nation = read_national(Path(national), first, errors)
    plans = _read_recovery(recovery, read, loaded[default], errors) if recovery else {}
    warnings = _warnings(loaded, read, assigned, figures)
    return Inputs(loaded, assigned, read, figures, nation, chosen, plans, when, warnings)


def _supplied(schemes: dict[str, Scheme], settings: dict[str, str]) -> dict[str, Scheme]:
    """The schemes with what `settings` names of the things that they leave open; those names are taken out of it."""
    parameters = {name for scheme in schemes.values() for name in scheme.parameters}
    named = {
        name: settings.pop(name) for name in list(settings) if "." in name and name.partition(".")[0] not in parameters
    }
    open_in = {name: {one.name for one in open_inputs(scheme)} for name, scheme in schemes.items()}
    nowhere = {name: text for name, text in named.items() if not any(name in names for names in open_in.values())}
    if nowhere:
        every = sorted({*parameters, *(name for names in open_in.values() for name in names)})
        try:
            supply(next(iter(schemes.values())), nowhere)
        except Refused as refused:
            hints = {name: did_you_mean(name, every) for name in nowhere}
            raise Refused([
                Problem(p.message, p.place, hints[name]) for p, name in zip(refused.problems, nowhere, strict=True)
            ]) from None  # fmt: skip
    found: dict[str, Scheme] = {}
    problems: list[Problem] = []
    for name, scheme in schemes.items():
        own = {key: text for key, text in named.items() if key in open_in[name]}
        try:
            found[name] = supply(scheme, own) if own else scheme
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return found


def _check_levels(practices: Mapping[str, Practice], scheme_of: Mapping[str, Scheme], name: str) -> None:
    """Refuse who provides at a level that its scheme is not commissioned at."""
    problems = []
    for code, practice in practices.items():
        scheme = scheme_of[code]
        if practice.level not in scheme.levels and not (practice.level == NETWORK and scheme.networks):
            offered = " and ".join(scheme.levels)
            problems.append(
                Problem(f"{name}: {code} is a {practice.level}, and {scheme.scheme} is paid to: {offered}.")
            )
    if problems:
        raise Refused(problems)


def _needed(schemes: object) -> set[str]:
    needed: set[str] = set()
    for scheme in schemes:  # type: ignore[attr-defined]
        if scheme.heads:
            needed.add(scheme.heads.column)
        if scheme.weights.list:
            needed.add(scheme.weights.list.list.column)
    return needed


def check_settings(schemes: Mapping[str, Scheme], settings: Mapping[str, str]) -> dict[str, str]:
    """The run's parameters with the schemes' defaults. Raises Refused for an unknown name or an unfit value."""
    known = {name: p for scheme in schemes.values() for name, p in scheme.parameters.items()}
    problems: list[Problem] = []
    settings = dict(settings)
    shared_by = {scheme.networks.distribution for scheme in schemes.values() if scheme.networks}
    for name, value in list(settings.items()):
        parameter = known.get(name)
        rule, dot, _ = name.partition(".")
        if dot and rule in shared_by:  # the rule of one network: how_shared.N1=list
            parameter = known.get(rule)
        if parameter is None:
            hint = did_you_mean(name, known) or "This scheme has no parameters."
            problems.append(Problem(f"--set: there is no parameter '{name}'.", None, hint))
        elif parameter.type == "choice" and value not in parameter.choices:
            problems.append(Problem(f"--set {name}: '{value}' is none of {', '.join(parameter.choices)}."))
        elif parameter.type == "date":
            try:
                parse_date(value)
            except ValueError as error:
                problems.append(Problem(f"--set {name}: {error}."))
        elif parameter.type == "items":
            settings[name] = ",".join(named(value)) or NO_ITEMS
            for scheme in schemes.values():
                own = scheme.parameters.get(name)
                found = faults(scheme, own, value) if own and own.type == "items" else ()
                problems += [Problem(f"--set {name}: {message}", None, hint) for message, hint in found]
    if problems:
        raise Refused(problems)
    defaults = {name: p.default for name, p in known.items() if p.default is not None}
    return dict(sorted({**defaults, **settings}.items()))


def _period(text: str, scheme: Scheme) -> Period:
    try:
        period = Period.parse(text)
    except ValueError as error:
        raise refuse(f"--period: {error}.") from None
    if period.year != scheme.year:
        raise refuse(f"--period: {text} is in {period.year}, and {scheme.scheme} covers {scheme.year}.")
    return period


def _read_assign(path: Path, loaded: dict[str, Scheme], limit: int) -> dict[str, str]:
    table = read_table(Path(path), ("practice_code", "scheme_id"))
    problems, rows = Collector(limit), {}
    for number, (practice, scheme) in table.rows(problems):
        if practice in rows:
            problems.add(f"practice {practice} is assigned again.", table.place(number))
            continue
        if scheme not in loaded:
            try:
                found = load_scheme(scheme)
                loaded[found.scheme] = found
                scheme = found.scheme
            except Refused as refused:
                for problem in refused.problems:
                    problems.add(problem.message, problem.place or table.place(number), problem.hint)
                continue
        rows[practice] = scheme
    problems.refuse_if_any()
    return rows


def _assigned(
    given: Sequence[Scheme],
    practices: Mapping[str, Practice],
    rows: Mapping[str, str],
    name: str,
) -> dict[str, str]:
    """The scheme of each practice: as assigned, else of the given ones the one offered to its place, else the first."""
    unknown = [code for code in rows if code not in practices]
    if unknown:
        raise Refused(
            [
                Problem(
                    f"{name}: practice '{code}' is not among the practices.",
                    None,
                    did_you_mean(code, practices),
                )
                for code in unknown
            ]
        )
    if len(given) == 1:
        return {code: rows.get(code, given[0].scheme) for code in practices}
    offered = {
        key(place): scheme.scheme for scheme in reversed(given) for pair in scheme.places.items() for place in pair
    }
    assigned = {code: rows.get(code) or offered.get(key(p.place), "") for code, p in practices.items()}
    outside = [code for code, scheme in assigned.items() if not scheme]
    if outside:
        shown = ", ".join(outside[:5]) + (" and others" if len(outside) > 5 else "")
        names = ", ".join(scheme.scheme for scheme in given)
        raise refuse(
            f"it is not known which of {names} a practice is in; its place_code does not say: {shown}.",
            None,
            f"Name them in --assign, or give one of the places: {', '.join(p for s in given for p in s.places)}.",
        )
    return assigned


def _read_recovery(
    path: Path, practices: Mapping[str, Practice], scheme: Scheme, limit: int
) -> dict[str, RecoveryPlan]:
    table = read_table(Path(path), ("practice_code", "notified"), ("months", "reason"))
    problems, plans = Collector(limit), {}
    most = scheme.terms.recovery.months.value
    for number, (practice, notified, months_text, reason) in table.rows(problems):
        place = table.place(number)
        if practice not in practices:
            problems.add(f"practice '{practice}' is not among the practices.", place, did_you_mean(practice, practices))
            continue
        if practice in plans:
            problems.add(f"practice {practice} stands here again.", place)
            continue
        try:
            day = parse_date(notified)
            months = exact.whole(months_text) if months_text else None
        except ValueError as error:
            problems.add(f"{error}.", place)
            continue
        if months is not None and not 1 <= months <= 120:
            problems.add(f"a recovery has 1 to 120 months, not {months}.", place)
            continue
        if months and most is not None and months > most and not reason:
            words = f" ({scheme.terms.recovery.exception})" if scheme.terms.recovery.exception else ""
            problems.add(
                f"{months} months are more than the {most} that {scheme.scheme} allows.",
                place,
                f"Record the exception{words} in the column 'reason'.",
            )
        plans[practice] = RecoveryPlan(day, months, reason)
    problems.refuse_if_any()
    return plans


def _warnings(
    loaded: Mapping[str, Scheme],
    practices: Mapping[str, Practice],
    assigned: Mapping[str, str],
    counts: Counts,
) -> tuple[str, ...]:
    found = []
    outside: dict[str, list[str]] = {}
    for code, practice in practices.items():
        places = {key(name) for pair in loaded[assigned[code]].places.items() for name in pair}
        if places and practice.place and key(practice.place) not in places:
            outside.setdefault(assigned[code], []).append(code)
    for scheme, codes in outside.items():
        shown = ", ".join(codes[:5]) + (" …" if len(codes) > 5 else "")
        who = f"{len(codes)} practices are" if len(codes) > 1 else "1 practice is"
        found.append(f"{who} not in a place that {scheme} is offered to: {shown}.")
    for why, count in sorted(counts.skipped.items()):
        found.append(f"{count} rows of counts were passed over: {why}.")
    if counts.other_days:
        days = ", ".join(sorted(counts.other_days))
        found.append(
            f"{sum(counts.other_days.values())} rows of counts are for other periods ({days}): --period scores one of "
            "them; the year's own counts have no period, or the achievement date."
        )
    return tuple(found)
