"""The groups by which winners and losers are shown: list size, deprivation, rurality, place and network.

Fifths of deprivation are fifths of the run's practices by their scores, the most deprived first; practices of one score
are in one fifth. Where fifths are given, those are taken. A practice for which something is not known has a group of
its own, last.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from remit.core.names import place_name
from remit.organisation import Practice
from remit.organisation.attributes import FIFTHS, PracticeAttributes

Dimension = Literal["all", "list size", "deprivation", "rurality", "place", "network"]
BANDS = (3_000, 6_000, 10_000, 15_000)
"""Where a band of list sizes begins; the first is below the first of these."""
_NONE = PracticeAttributes()
_FIFTH = {1: "1 (most deprived)", FIFTHS: f"{FIFTHS} (least deprived)"}
NOT_GIVEN = "not given"


@dataclass(frozen=True, order=True)
class Group:
    """Some practices: what they are grouped by, the key of the group, and what it is called."""

    dimension: Dimension
    key: str
    name: str


EVERYBODY = Group("all", "all", "All practices")


def groups(
    practices: Sequence[Practice], about: Mapping[str, PracticeAttributes], place_names: Mapping[str, str] = {}
) -> dict[Group, tuple[str, ...]]:
    """The codes of the practices in each group, in the order in which groups are shown. A dimension of which nothing is
    known has no groups; everybody is the first."""
    fifth = _fifths(practices, about)
    names = {code: practice.name for code, practice in _networks(practices).items()}
    of: dict[Dimension, Callable[[Practice], tuple[str, str]]] = {
        "list size": lambda p: _band(p.list_size),
        "deprivation": lambda p: _named(fifth.get(p.code, ""), lambda key: _FIFTH.get(int(key), key)),
        "rurality": lambda p: _named(_about(p, about).rurality, lambda text: text),
        "place": lambda p: _named(_about(p, about).place or p.place, lambda c: place_names.get(c, place_name(c))),
        "network": lambda p: _named(_about(p, about).network or p.network, lambda c: names.get(c) or c),
    }
    one_each = [practice for practice in practices if practice.level == "practice"] or list(practices)
    found = {EVERYBODY: tuple(practice.code for practice in one_each)}
    for dimension, key_of in of.items():
        members: dict[tuple[str, str], list[str]] = {}
        for practice in one_each:
            members.setdefault(key_of(practice), []).append(practice.code)
        if set(members) == {("", NOT_GIVEN)}:
            continue
        for (key, name), codes in sorted(members.items(), key=lambda one: (one[0][0] == "", one[0])):
            found[Group(dimension, key, name)] = tuple(codes)
    return found


def _networks(practices: Sequence[Practice]) -> dict[str, Practice]:
    return {practice.code: practice for practice in practices if practice.level == "network"}


def _about(practice: Practice, about: Mapping[str, PracticeAttributes]) -> PracticeAttributes:
    return about.get(practice.code, _NONE)


def _named(key: str, name: Callable[[str], str]) -> tuple[str, str]:
    return (key, name(key)) if key else ("", NOT_GIVEN)


def _band(size: int | None) -> tuple[str, str]:
    if size is None:
        return "", NOT_GIVEN
    n = sum(size >= at for at in BANDS)
    if n == 0:
        return "0", f"below {BANDS[0]:,}"
    return str(n), f"{BANDS[-1]:,} and more" if n == len(BANDS) else f"{BANDS[n - 1]:,} to {BANDS[n] - 1:,}"


def _fifths(practices: Sequence[Practice], about: Mapping[str, PracticeAttributes]) -> dict[str, str]:
    """The fifth of each practice of which it is known, as its number."""
    given = {p.code: str(fifth) for p in practices if (fifth := _about(p, about).fifth)}
    if given:
        return given
    scores = {p.code: score for p in practices if (score := _about(p, about).deprivation) is not None}
    order = sorted(-score for score in scores.values())
    return {code: str(1 + bisect_left(order, -score) * FIFTHS // len(order)) for code, score in scores.items()}
