"""Whose figures may contradict one another: found for all practices at once, and never left out where they do.

What does not fit, and why, `Contradictions` says of those practices alone. Each test here lets through no more than
the one of the same name there; where it is simpler, it names a practice too many.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from remit.core.figures import AGREED, DENOMINATOR, HISTORIC_POINTS, LIST_SIZE, PCAS, REGISTER, FigureKey
from remit.organisation import Practice
from remit.runs.columns.figures import FigureColumns, Whole
from remit.scheme.model import WHOLE_LIST
from remit.scoring.contradictions import OF_THE_LIST, Contradictions
from remit.scoring.figure_table import Counts
from remit.scoring.subjects import DELIVERED, WHOLE_PRACTICE

Flags = npt.NDArray[np.bool_]

_INDEXES = tuple(map(FigureKey, ("LIST_INDEX", "PREVALENCE_INDEX")))
_POUNDS = tuple(map(FigureKey, ("BASELINE_POUNDS", "ACTUAL_POUNDS")))
_BASELINE_LIST = FigureKey("BASELINE_LIST_SIZE")
_MOST_PEOPLE = 10**9
"""More people than any list has: what is above may be more than whole numbers of 64 bits hold when it is multiplied."""


def doubtful(
    looked_for: Contradictions,
    practices: Mapping[str, Practice],
    merged: Mapping[str, Collection[Practice]],
    counts: Counts,
) -> Collection[str]:
    """The practices to look at closely; those that are named nowhere have nothing that does not fit."""
    figures = counts.figures
    if (
        looked_for.days
        or counts.previous
        or not isinstance(figures, FigureColumns)
        or bool((figures.numbers > _MOST_PEOPLE).any())
    ):
        return practices.keys()
    named = {code for code, one in practices.items() if code in merged or not _lists_fit(one)}
    sizes = [practices[code].list_size if code in practices else None for code in figures.codes]
    size = np.array([min(one or 0, _MOST_PEOPLE) for one in sizes], np.int64)
    seen = np.zeros(len(size), np.bool_)
    for test in (_lists_of_groups, _people, _delivered, _whole):
        for flags in test(looked_for, figures, size):
            seen |= flags
    return named | {figures.codes[n] for n in np.flatnonzero(seen).tolist()}


def _lists_fit(practice: Practice) -> bool:
    size, weighted = practice.list_size or 0, practice.weighted_list_size
    return 0 < size <= _MOST_PEOPLE and (weighted is None or size < 3 * weighted < 15 * size)


def _above(people: Whole, limit: Whole) -> Flags:
    return (limit >= 0) & (100 * people > 101 * limit)


def _lists_of_groups(looked_for: Contradictions, figures: FigureColumns, size: Whole) -> Iterator[Flags]:
    for subject in figures.subjects:
        population = looked_for.lists.get(subject, "")
        if not OF_THE_LIST.fullmatch(population):
            continue
        own, register = figures.of_all(subject, LIST_SIZE), figures.of_all(subject, REGISTER)
        given = (own >= 0) & (own != size)
        yield given & (10 * abs(own - size) > size if population == WHOLE_LIST else _above(own, size))
        yield (own < 0) & _above(register, size)


def _people(looked_for: Contradictions, figures: FigureColumns, size: Whole) -> Iterator[Flags]:
    for one in looked_for.counted:
        denominator = figures.of_all(one.subject, DENOMINATOR)
        people = np.maximum(denominator, 0) + np.maximum(figures.of_all(one.subject, PCAS), 0)
        counted = (denominator >= 0) & (people > 0)
        if one.on_register:
            keepers = looked_for.register_of.get(one.group, [])
            places = (one.subject, one.group, *(keepers if len(keepers) == 1 else ()))
            yield counted & _above(people, _first(figures, places, REGISTER))
        if one.of_the_groups_list:
            yield counted & _above(people, _first(figures, (one.subject, one.group), LIST_SIZE))
        if one.of_the_list:
            yield counted & _above(people, size)


def _first(figures: FigureColumns, subjects: Collection[str], key: FigureKey) -> Whole:
    """A figure of the first of some subjects that has it."""
    found = np.full(len(figures), -1, np.int64)
    for subject in subjects:
        found = np.where(found >= 0, found, figures.of_all(subject, key))
    return found


def _delivered(looked_for: Contradictions, figures: FigureColumns, size: Whole) -> Iterator[Flags]:
    for subject, key in figures.named:
        if key.measure in DELIVERED:
            yield figures.of_all(subject, key) > size


def _whole(looked_for: Contradictions, figures: FigureColumns, size: Whole) -> Iterator[Flags]:
    most = looked_for.most_points
    if most and not looked_for.scheme.networks:
        yield figures.amounts_where(WHOLE_PRACTICE, AGREED, lambda points: points > most)
    if most:
        yield figures.amounts_where(WHOLE_PRACTICE, HISTORIC_POINTS, lambda points: points > 2 * most)
    for key in _INDEXES:
        yield figures.amounts_where(WHOLE_PRACTICE, key, lambda index: not 1 < 10 * index < 100)
    for subject in figures.subjects:
        baseline = figures.of_all(subject, _BASELINE_LIST)
        yield (baseline >= 0) & ((baseline >= 2 * size) | (2 * baseline <= size))
        for key in _POUNDS:
            yield figures.amounts_where(subject, key, lambda _: True)
