"""A deck of boundary days: people whose records lie on the last day that a rule looks at, the day before and the day
after.

The people are those of the cases in `tests/rules`, which stand on such days by hand, and more made from each: with each
record a day earlier and a day later; with the registration, the birth and the death moved likewise; and with the
records of another case of the group beside their own. The same cases make the same deck.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from tests.rules.harness import Run, case_files, load_groups, runs

from remit.records.model import Event, Patient

DAY = timedelta(1)


@cache
def people_of() -> dict[str, list[Run]]:
    """By definition, the people of the deck that its cases make. Nobody is there twice."""
    found: dict[str, dict[tuple[object, ...], Run]] = {}
    for path in case_files():
        for group in load_groups(path):
            those = list(runs(group))
            for n, run in enumerate(those):
                beside = [those[(n + step) % len(those)] for step in (1, 2, 3, 5, 8, 13)]
                for made in (run, *moved(run), *(together(run, other) for other in beside)):
                    for code in run.expected:
                        found.setdefault(code, {}).setdefault((made.patient, made.dates), made)
    return {code: list(those.values()) for code, those in found.items()}


def moved(run: Run) -> Iterator[Run]:
    """The same person with one thing a day earlier, and a day later. The halves of a reading stay together."""
    patient = run.patient
    for step in (-DAY, DAY):
        for which in {(event.date, event.reading or n) for n, event in enumerate(patient.events)}:
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


def of_year(code: str, end: date) -> list[Patient]:
    """The people of a definition whose cases are looked at on that last day of a year."""
    return [run.patient for run in people_of()[code] if run.dates.achievement == run.dates.end == end]
