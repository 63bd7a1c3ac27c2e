"""What a reader of a run should know of its inputs, which can be used all the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from remit.core.dates import add_months
from remit.core.figures import Quarter
from remit.core.names import key
from remit.core.problems import Problem, warning
from remit.core.words import agreed, listed, some_of
from remit.organisation import Practice, mergers
from remit.runs.list_days import list_days
from remit.runs.network_warnings import network_warnings
from remit.scheme import Scheme
from remit.scheme.readings import disputed, unfit_text
from remit.scheme.resolve import resolve
from remit.scoring.contradictions import Contradiction
from remit.scoring.counts import NO_VALUE
from remit.scoring.figure_table import Counts
from remit.scoring.marks import MARKED
from remit.scoring.subjects import DELIVERED

_SHOWN = 5


def input_warnings(
    loaded: Mapping[str, Scheme],
    practices: Mapping[str, Practice],
    assigned: Mapping[str, str],
    counts: Counts,
    settings: Mapping[str, str],
    contradictions: Mapping[str, Sequence[Contradiction]],
) -> tuple[Problem, ...]:
    """Everything that a reader should know of inputs that can be used."""
    return (
        *_outside(loaded, practices, assigned),
        *_lists_of_mergers(loaded, practices),
        *network_warnings(loaded, practices, assigned, counts),
        *_not_there(practices, counts),
        *_passed_over(counts),
        *_given_for_items(loaded, assigned, counts, settings),
        *_days(loaded, settings),
        *_none_of_the_readings(loaded),
        *contradicting(contradictions),
    )


def contradicting(contradictions: Mapping[str, Sequence[Contradiction]]) -> Iterator[Problem]:
    """Figures that do not fit one another: one warning of a kind, with the first practices that it is true of."""
    by_code: dict[str, dict[str, dict[str, None]]] = {}
    for code, those in contradictions.items():
        for one in those:
            by_code.setdefault(one.code, {}).setdefault(one.why, {})[code] = None
    for kind, whys in by_code.items():
        shown = [f"{some_of(list(codes))}: {why}" for why, codes in whys.items()]
        more = f" And {len(shown) - _SHOWN:,} more." if len(shown) > _SHOWN else ""
        codes = sorted({code for codes in whys.values() for code in codes})
        yield warning(kind, f"{' '.join(shown[:_SHOWN])}{more}", practices=codes)


def _none_of_the_readings(loaded: Mapping[str, Scheme]) -> Iterator[Problem]:
    """Numbers, supplied with the run or written in a file, that none of the reports named beside them says."""
    for scheme in loaded.values():
        for one in disputed(scheme):
            if not one.fits:
                yield warning("settings.none-of-readings", f"{unfit_text(one)}", name=one.number.label)


def _days(loaded: Mapping[str, Scheme], settings: Mapping[str, str]) -> Iterator[Problem]:
    """Days of a balance and of a recovery's notification that are before the year is over, or long after."""
    messages: dict[str, None] = {}
    for scheme in loaded.values():
        for text in (scheme.terms.balance.due, scheme.terms.recovery.notified, scheme.terms.recovery.first):
            day = settings.get(text, "") if text and text in scheme.parameters else ""
            end, late = scheme.ends, add_months(scheme.ends, 24)
            if day and not str(end) <= day <= str(late):
                when = f"before the year ends on {end}" if day < str(end) else f"more than two years after {end}"
                messages[f"{text} is {day}, {when}: check whether it is right."] = None
    for why in messages:
        yield warning("settings.day-outside-year", why)


def _outside(
    loaded: Mapping[str, Scheme], practices: Mapping[str, Practice], assigned: Mapping[str, str]
) -> Iterator[Problem]:
    """Practices in no place that their scheme is offered to."""
    outside: dict[str, list[str]] = {}
    for code, practice in practices.items():
        places = {key(name) for pair in loaded[assigned[code]].places.items() for name in pair}
        if places and practice.place and key(practice.place) not in places:
            outside.setdefault(assigned[code], []).append(code)
    for scheme, codes in outside.items():
        shown = ", ".join(codes[:5]) + (" …" if len(codes) > 5 else "")
        who = f"{len(codes)} practices are" if len(codes) > 1 else "1 practice is"
        why = f"{who} not in a place that {scheme} is offered to: {shown}."
        hint = f"Its places are {listed(list(loaded[scheme].places))}."
        yield warning("practices.outside-the-places", why, None, hint, scheme=scheme, practices=codes)


def _lists_of_mergers(loaded: Mapping[str, Scheme], practices: Mapping[str, Practice]) -> Iterator[Problem]:
    """Lists of mergers that are added up, and may count the same people."""
    year = next(iter(loaded.values())).year
    for fault in mergers.doubtful(practices, year, list_days(loaded.values())):
        code = fault.code
        yield warning(code, fault.message, None, fault.hint, **fault.data)


def _not_there(practices: Mapping[str, Practice], counts: Counts) -> Iterator[Problem]:
    """Activity of quarters in which a practice was not in the scheme: a claim of it would be refused."""
    for code, practice in practices.items():
        if not (practice.joined or practice.left):
            continue
        present = {
            (one.period, one.measure)
            for figures in counts.of(code).values()
            for one, value in figures.items()
            if value and one.measure in DELIVERED and isinstance(one.period, Quarter)
            if (practice.joined and one.period.end < practice.joined)
            or (practice.left and one.period.start > practice.left)
        }
        for period, measure in sorted(present, key=str):
            before = practice.joined is not None and period.end < practice.joined
            day = f"joined on {practice.joined}" if before else f"left on {practice.left}"
            yield warning(
                "counts.activity-outside",
                f"{measure} of {period} is given for {code}, which {day}: it is paid as it is given.",
                None,
                "Correct the day, or leave the figure out.",
                practice=code,
                measure=measure,
                period=str(period),
            )


def _passed_over(counts: Counts) -> Iterator[Problem]:
    """Rows of counts that nothing reads, and those of other periods."""
    for why, count in sorted(counts.skipped.items()):
        if why == NO_VALUE:
            continue  # each is named, with its row
        yield warning(
            "counts.passed-over",
            f"{count} {agreed('row{|s} of counts {was|were}', count)} passed over: {why}.",
            rows=count,
            reason=why,
        )
    if counts.edited:
        many = "1 row of counts was" if counts.edited == 1 else f"{counts.edited:,} rows of counts were"
        what = f"{many} changed after being counted: the marks in the column {MARKED} are of other rows."
        yield warning("counts.changed-since-counted", what, None, "Its practice stays provisional.", rows=counts.edited)
    if counts.other_days:
        days = ", ".join(sorted(counts.other_days))
        rows = sum(counts.other_days.values())
        yield warning(
            "counts.for-other-periods",
            f"{rows} rows of counts are for other periods ({days}).",
            None,
            "A run is of one period; the year's own counts have none, or the achievement date.",
            rows=rows,
            periods=sorted(counts.other_days),
        )


def _given_for_items(
    loaded: Mapping[str, Scheme], assigned: Mapping[str, str], counts: Counts, settings: Mapping[str, str]
) -> Iterator[Problem]:
    """Counts under an item's own number where its indicator changes in the year: which of the two they are taken as.

    Where that is still open, the item is not final, and says so itself.
    """
    for name, scheme in loaded.items():
        in_force = resolve(scheme, settings).indicators
        for item in scheme.items:
            taken_as = in_force[item.item].indicator if item.item in in_force and len(item.indicators) > 1 else None
            if taken_as is None:
                continue
            codes = [code for code, own in assigned.items() if own == name and item.item in counts.of(code)]
            if not codes:
                continue
            which = listed(item.indicators, "or")
            yield warning(
                "counts.given-for-item",
                f"the counts of {some_of(codes)} for item {item.item} do not say whether they are of {which}: they are "
                f"taken as {taken_as}'s, which is in force on {scheme.achievement_date}.",
                None,
                f"Give them for {which}.",
                item=item.item,
                practices=codes,
                indicators=item.indicators,
                taken_as=taken_as,
            )
