"""Mergers: who looked after which list from when to when, as the rows of practices say it.

A practice with a successor looked after its list until it left; from the next day the successor does. So a successor is
paid on its own list from its own first day, and on each list that it took over from that practice's first day. What the
rows leave open is asked for: nobody's list is counted twice, and no day of it is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from remit.core.dates import SchemeYear
from remit.core.rounding import exact_text
from remit.core.words import listed
from remit.organisation.practices import Fault, Practice

LISTS = ("list_size", "weighted_list_size")


def own_lists(practice: Practice, merged: Sequence[Practice]) -> Practice:
    """A successor with the lists that are its own: without those that it took over, where its row counts them too."""
    if not (merged and practice.counts_merged):
        return practice
    own: dict[str, Any] = {}
    for column in LISTS:
        whole, theirs = getattr(practice, column), [getattr(one, column) for one in merged]
        own[column] = None if whole is None or None in theirs else max(whole - sum(theirs), 0)
    return replace(practice, **own)


def sizes(practice: Practice, merged: Sequence[Practice], column: str) -> list[Fraction | None]:
    """The successor's own list, and then each that it took over; None where one is not known."""
    lists = (getattr(one, column) for one in (own_lists(practice, merged), *merged))
    return [None if size is None else Fraction(size) for size in lists]


def together(practice: Practice, merged: Sequence[Practice], column: str) -> Fraction | None:
    """All the people that a successor looks after; None where a list is not known."""
    known = [size for size in sizes(practice, merged, column) if size is not None]
    return sum(known, Fraction(0)) if len(known) == len(merged) + 1 else None


def with_their_lists(practice: Practice, merged: Sequence[Practice]) -> Practice:
    """A successor with all the people whom it looks after on its list."""
    if not merged:
        return practice
    registered = together(practice, merged, "list_size")
    weighted = together(practice, merged, "weighted_list_size")
    return replace(practice, list_size=None if registered is None else int(registered), weighted_list_size=weighted)


def predecessors(practices: Mapping[str, Practice], year: SchemeYear) -> dict[str, list[Practice]]:
    """The practices whose lists each successor looks after before the year is over, by the successor's code."""
    by_successor: dict[str, list[Practice]] = {}
    for practice in practices.values():
        if practice.merged_in(year):
            by_successor.setdefault(practice.successor, []).append(practice)
    return by_successor


def faults(
    practices: Mapping[str, Practice], year: SchemeYear, list_days: Mapping[str, date], networks: bool = False
) -> Iterator[Fault]:
    """What must be refused: days that leave a list to nobody, and people who may stand on two lists.

    `list_days` are the days of the lists that the money rests on, by column; with `networks` it goes through them.
    """
    for practice in practices.values():
        into = practices.get(practice.successor)
        if into is not None and practice.left and not into.successor and into is not practice:
            yield from _days(practice, into)
            if practice.merged_in(year):
                yield from _places(practice, into, networks)
    for code, gone in predecessors(practices, year).items():
        if code in practices:
            for column, day in list_days.items():
                yield from _lists(practices[code], gone, column, day, year)


def _days(practice: Practice, into: Practice) -> Iterator[Fault]:
    assert practice.left is not None
    data = {"practice": practice.code, "successor": into.code}
    if into.left and into.left <= practice.left:
        yield Fault(
            "practices.successor-closed",
            practice.code,
            f"{practice.code} left on {practice.left} and merged into {into.code}, which had left on {into.left}.",
            f"Correct 'left' of one of them, or name in 'successor_code' who looked after the list of {practice.code} "
            "from the next day.",
            data,
        )
    next_day = practice.left + timedelta(days=1)
    if into.joined and into.joined > next_day:
        yield Fault(
            "practices.successor-later",
            practice.code,
            f"{practice.code} left on {practice.left} and merged into {into.code}, which joined on {into.joined}: "
            f"no practice looked after its list from {next_day} on.",
            f"Correct 'left' of {practice.code} or 'joined' of {into.code}, so that one follows the other; or leave "
            f"'successor_code' of {practice.code} empty, where its year ends with it.",
            data,
        )


def _places(practice: Practice, into: Practice, networks: bool) -> Iterator[Fault]:
    """A merger across levels or networks: whose the money of the time before is, is not said."""
    data = {"practice": practice.code, "successor": into.code}
    if practice.level != into.level:
        yield Fault(
            "practices.successor-level",
            practice.code,
            f"{practice.code} is a {practice.level} and merged into {into.code}, a {into.level}.",
            f"Name in 'successor_code' a {practice.level} that looked after its list.",
            data,
        )
    elif networks and practice.level == "practice" and practice.network != into.network:
        yield Fault(
            "practices.successor-network",
            practice.code,
            f"{practice.code} is in network {practice.network} and merged into {into.code} of network {into.network}: "
            "the file does not say which network is paid for its list until then.",
            f"Give both the network_code through which the list of {practice.code} is paid, or leave 'successor_code' "
            "empty and give each its own list.",
            data,
        )


def _lists(into: Practice, gone: Sequence[Practice], column: str, day: date, year: SchemeYear) -> Iterator[Fault]:
    own, theirs = getattr(into, column), {one: getattr(one, column) or 0 for one in gone}
    names, total = listed([one.code for one in gone]), sum(theirs.values())
    data = {"practice": into.code, "column": column, "merged": [one.code for one in gone]}
    if not own:
        return
    new = into.joined is not None and into.joined > year.start
    if into.counts_merged:
        if total > own:
            yield Fault(
                "practices.list-below-merged",
                into.code,
                f"{into.code} says that its {column} of {_text(own)} counts the people of {names}, whose lists are "
                f"{_text(total)} together.",
                f"Correct {column} of one of them, or set that of {into.code} to 0 where it has nobody else.",
                data,
            )
        if not total and new:
            yield _without(into, gone, column, names, data)
        return
    if into.counts_merged is False:
        return
    early = [one for one, size in theirs.items() if size and one.left and one.left < min(day, year.start)]
    if new and total:
        yield Fault(
            "practices.list-twice",
            into.code,
            f"{into.code} joined on {into.joined} with a {column} of {_text(own)}, and {names}, which merged into it, "
            f"{'has' if len(gone) == 1 else 'have'} {_text(total)}: are these people on both lists?",
            f"Set {column} of {into.code} to 0 where its people are those of {names}. Else add the column "
            f"'counts_merged' and say in the row of {into.code}: yes where its list counts them too, no where it has "
            "none of them.",
            data,
        )
    elif new:
        yield _without(into, gone, column, names, data)
    elif early:
        those = listed([one.code for one in early])
        yield Fault(
            "practices.merged-before",
            early[0].code,
            f"{those} merged into {into.code} on {early[0].left}, before the year {year} and before {day}, the day "
            f"of the lists: the {column} of {into.code}, {_text(own)}, may count the same people.",
            f"Remove the row of {those}, or set its {column} to 0; or add the column 'counts_merged' and say in the "
            f"row of {into.code}: yes where its list counts them too, no where it has none of them.",
            data,
        )


def _without(into: Practice, gone: Sequence[Practice], column: str, names: str, data: Mapping[str, Any]) -> Fault:
    """A new practice's list that says nothing of who looked after those people before."""
    return Fault(
        "practices.list-before-unknown",
        into.code,
        f"{into.code} joined on {into.joined} with a {column} of {_text(getattr(into, column))}, and {names}, which "
        f"merged into it, {'has' if len(gone) == 1 else 'have'} none: how many people were theirs?",
        f"Give the {column} of {names} when {'it' if len(gone) == 1 else 'they'} left, and 0 for {into.code} where it "
        "has nobody else. Where they had nobody, add the column 'counts_merged' and say no in its row.",
        data,
    )


def doubtful(practices: Mapping[str, Practice], year: SchemeYear, list_days: Mapping[str, date]) -> Iterator[Fault]:
    """What is paid as the rows say, and a reader should look at: lists of a day on which the other had closed."""
    for code, gone in predecessors(practices, year).items():
        into = practices.get(code)
        if into is None or into.counts_merged is not None:
            continue
        for column, day in list_days.items():
            late = [one for one in gone if one.left and one.left < day and getattr(one, column)]
            if getattr(into, column) and late and not (into.joined and into.joined > year.start):
                names = listed([one.code for one in late])
                yield Fault(
                    "practices.list-after-merger",
                    into.code,
                    f"{names} merged into {into.code} before {day}, the day of the {column} that is paid by; its list "
                    f"and {'that' if len(late) == 1 else 'those'} of {names} are added up.",
                    f"Where the list of {into.code} counts their people already, add the column 'counts_merged' and "
                    f"say yes in its row; say no where it does not.",
                    {"practice": into.code, "column": column, "merged": [one.code for one in late]},
                )


def _text(size: Fraction | int) -> str:
    return exact_text(Fraction(size))
