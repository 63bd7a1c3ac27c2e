"""A deck of boundary days: people whose records lie on the last day that a rule looks at, the day before and the day
after.

The people are those of the cases in `tests/rules`, which stand on such days by hand, and more made from each: with each
record a day earlier and a day later; with the registration, the birth and the death moved likewise; with the records of
another case of the group beside their own; and with some records of any of the definition's cases put on an edge of the
usual windows, the day before it or the day after. The same cases make the same deck.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from random import Random

from tests.rules.harness import FIRST, Run, case_files, load_groups, runs

from remit.core.dates import add_months
from remit.records.model import Event

DAY = timedelta(1)
MORE = 100
"""People on edges for each definition."""
EDGES = (0, 1, 3, 6, 9, 12, 15, 21, 24, 42, 60, 66)
"""Months before the end of the year."""


@cache
def people_of(edition: bool = False) -> dict[str, list[Run]]:
    """By definition, the people of the deck that its cases make. Nobody is there twice. With `edition`, those of the
    years whose rules stand in editions of their own; else of all other years."""
    found: dict[str, dict[tuple[object, ...], Run]] = {}
    for path in case_files():
        for group in load_groups(path):
            those = list(runs(group))
            if (those[0].dates.year >= FIRST) != edition:
                continue
            for n, run in enumerate(those):
                beside = [those[(n + step) % len(those)] for step in (1, 2, 3, 5, 8, 13)]
                for made in (run, *moved(run), *(together(run, other) for other in beside)):
                    for code in run.expected:
                        found.setdefault(code, {}).setdefault((made.patient, made.dates), made)
    for code, there in found.items():
        for made in on_edges(code, list(there.values())):
            there.setdefault((made.patient, made.dates), made)
    return {code: list(those.values()) for code, those in found.items()}


def on_edges(code: str, cases: list[Run]) -> Iterator[Run]:
    """Those of a definition with two to five more records, drawn from its cases, each on or beside an edge."""
    draw = Random(code)
    seen = sorted(
        {(e.code, e.value, e.unit, e.episode) for run in cases for e in run.patient.events if not e.reading}, key=str
    )
    for n in range(MORE if seen else 0):
        run = draw.choice(cases)
        more = []
        for which, value, unit, episode in draw.choices(seen, k=draw.randint(2, 5)):
            edge = add_months(run.dates.end, -draw.choice(EDGES)) + draw.choice((-DAY, 0 * DAY, DAY))
            more.append(Event(edge, which, value, unit, episode))
        events = ordered([*run.patient.events, *more])
        yield replace(run, name=f"{run.name}, edges {n}", patient=replace(run.patient, events=events))


def moved(run: Run) -> Iterator[Run]:
    """The same person with one thing a day earlier, and a day later. The halves of a reading stay together."""
    patient = run.patient
    for step in (-DAY, DAY):
        for which in dict.fromkeys((event.date, event.reading or n) for n, event in enumerate(patient.events)):
            events = [
                replace(event, date=event.date + step) if (event.date, event.reading or n) == which else event
                for n, event in enumerate(patient.events)
            ]
            yield replace(run, patient=replace(patient, events=ordered(events)))
        stays = tuple(replace(stay, start=stay.start + step) for stay in patient.registrations)
        yield replace(run, patient=replace(patient, registrations=stays))
        if any(stay.end for stay in patient.registrations):
            ends = tuple(replace(stay, end=stay.end and stay.end + step) for stay in patient.registrations)
            yield replace(run, patient=replace(patient, registrations=ends))
        yield replace(run, patient=replace(patient, born=patient.born + step))
        if patient.died is not None:
            yield replace(run, patient=replace(patient, died=patient.died + step))


def together(run: Run, other: Run) -> Run:
    """One person with the records of both, on the first one's list."""
    own = list(run.patient.events)
    more = [replace(event, reading=event.reading and f"other {event.reading}") for event in other.patient.events]
    return replace(run, patient=replace(run.patient, events=ordered([*own, *(e for e in more if e not in own)])))


def ordered(events: list[Event]) -> tuple[Event, ...]:
    return tuple(sorted(events, key=lambda event: (event.date, event.code, event.reading)))
