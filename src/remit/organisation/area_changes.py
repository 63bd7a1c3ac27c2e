"""What a newer map changes in an area as it stands: joiners, leavers, movers, new names, mergers. Nothing is decided
here; memberships end, and none is ever taken away."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from remit.core.names import key
from remit.core.problems import Collector
from remit.core.say import day as say_day
from remit.organisation.area_map import AreaMap, DatedMembership, MapListSize, MapOrganisation, Merger


@dataclass(frozen=True)
class Standing:
    """An area as it stands: its organisations, and all memberships of these and of whomever a map lists.

    `area_of` has the commissioner of each organisation on the day; `mergers` those already known; `lists` the practices
    whose list size of a day is known.
    """

    organisations: Mapping[str, MapOrganisation]
    memberships: tuple[DatedMembership, ...]
    area_of: Mapping[str, str] = field(default_factory=dict)
    mergers: Collection[tuple[str, str]] = ()
    lists: Mapping[tuple[str, date], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Changed:
    """One change in a sentence, under the heading that it belongs to."""

    heading: str
    code: str
    sentence: str


@dataclass(frozen=True)
class AreaChanges:
    """What is to be done: new organisations, new names, memberships that end (with their last day) and begin, mergers,
    list sizes; `from_elsewhere` are those who come from another commissioner. `sentences` say it for people."""

    new: tuple[MapOrganisation, ...]
    renamed: tuple[tuple[MapOrganisation, str], ...]
    ended: tuple[tuple[DatedMembership, date], ...]
    begun: tuple[DatedMembership, ...]
    mergers: tuple[Merger, ...]
    lists: tuple[MapListSize, ...]
    from_elsewhere: Mapping[str, str]
    sentences: tuple[Changed, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        return not self.sentences


NEW, JOINED, LEFT, MOVED, RENAMED, MERGED, LISTS = (
    "New organisations",
    "Joined",
    "Left",
    "Moved",
    "Have another name",
    "Merged",
    "List sizes",
)
HEADINGS = (NEW, JOINED, LEFT, MOVED, RENAMED, MERGED, LISTS)


def changes(standing: Standing, wanted: AreaMap, day: date) -> AreaChanges:
    """What is to be done so that the area is as the map says, from a day on.

    Raises Refused where a membership would end before it began: two maps of one day are a correction, not a change.
    """
    before = standing.organisations
    new = tuple(one for code, one in wanted.organisations.items() if code not in before)
    renamed = tuple(
        (one, before[code].name)
        for code, one in wanted.organisations.items()
        if code in before and key(before[code].name) != key(one.name)
    )
    begun, ended = _memberships(standing, wanted, day)
    problems = Collector()
    for one, last in ended:
        if one.since and last < one.since:
            what = f"{one.member} joined {one.parent} on {say_day(one.since)}, and would leave before that."
            hint = "Choose a later day, or correct that membership first."
            problems.add("area.ends-before-beginning", what, None, hint, organisation=one.member)
    problems.refuse_if_any()
    mergers = tuple(one for one in wanted.mergers if (one.predecessor, one.successor) not in standing.mergers)
    lists = tuple(
        MapListSize(one.practice, one.people, one.day or day)
        for one in wanted.lists
        if standing.lists.get((one.practice, one.day or day)) != one.people
    )
    from_elsewhere = {
        code: standing.area_of[code]
        for code in wanted.organisations
        if standing.area_of.get(code, wanted.commissioner) != wanted.commissioner
    }
    found = AreaChanges(new, renamed, ended, begun, mergers, lists, from_elsewhere, ())
    return AreaChanges(
        new, renamed, ended, begun, mergers, lists, from_elsewhere, tuple(_sentences(found, standing, wanted, day))
    )


def _memberships(
    standing: Standing, wanted: AreaMap, day: date
) -> tuple[tuple[DatedMembership, ...], tuple[tuple[DatedMembership, date], ...]]:
    kinds = {code: one.kind for code, one in {**standing.organisations, **wanted.organisations}.items()}
    of_pair: dict[tuple[str, str], list[DatedMembership]] = {}
    for one in standing.memberships:
        of_pair.setdefault((one.member, one.parent), []).append(one)
    begun: list[DatedMembership] = []
    ended: dict[DatedMembership, date] = {}
    kept: set[DatedMembership] = set()
    for wish in wanted.memberships:
        since = wish.since or day
        there = next((one for one in of_pair.get((wish.member, wish.parent), ()) if one.on(since)), None)
        if there is None:
            begun.append(DatedMembership(wish.member, wish.parent, since, wish.until))
            continue
        kept.add(there)
        if wish.until and wish.until != there.until:
            ended[there] = wish.until
    starts = {(one.member, kinds[one.parent]): one.since or day for one in begun}
    in_area = {code for code, home in standing.area_of.items() if home == wanted.commissioner}
    listed = set(wanted.organisations)
    for one in standing.memberships:
        if one in kept or one in ended or not one.on(day):
            continue
        if one.member in listed or one.member in in_area:
            ended[one] = min(starts.get((one.member, kinds.get(one.parent, "")), day), day) - timedelta(days=1)
    for merger in wanted.mergers:
        for one in standing.memberships:
            if one.member == merger.predecessor and one.until is None and one in kept:
                ended[one] = merger.day - timedelta(days=1)
    return tuple(begun), tuple(sorted(ended.items(), key=lambda pair: (pair[0].member, pair[0].parent)))


def _sentences(found: AreaChanges, standing: Standing, wanted: AreaMap, day: date) -> list[Changed]:
    known = {**wanted.organisations, **standing.organisations}
    new = {one.code for one in found.new}
    out: list[Changed] = []

    def name(code: str) -> str:
        return f"{known[code].name} ({code})" if code in known else code

    def say(heading: str, code: str, text: str) -> None:
        out.append(Changed(heading, code, text))

    ended: dict[str, list[tuple[DatedMembership, date]]] = {}
    for one, last in found.ended:
        ended.setdefault(one.member, []).append((one, last))
    begun: dict[str, list[DatedMembership]] = {}
    for one in found.begun:
        begun.setdefault(one.member, []).append(one)
    for organisation in found.new:
        if organisation.code not in begun:
            say(NEW, organisation.code, f"{name(organisation.code)}, {organisation.kind}.")
    for member in sorted({*begun, *ended}):
        to = " and ".join(name(one.parent) for one in begun.get(member, ()))
        out_of = " and ".join(name(one.parent) for one, _ in ended.get(member, ()))
        first = min((one.since or day for one in begun.get(member, ())), default=day)
        if member in new:
            say(NEW, member, f"{name(member)}, {known[member].kind}, in {to} from {say_day(first)}.")
        elif member in ended and member in begun:
            say(MOVED, member, f"{name(member)} moves from {out_of} to {to} on {say_day(first)}.")
        elif member in begun:
            say(JOINED, member, f"{name(member)} joins {to} on {say_day(first)}.")
        else:
            last = max(last for _, last in ended[member])
            where = wanted.elsewhere.get(member)
            why = f" The map has it in {where}." if where else ""
            if not where and member not in wanted.organisations:
                why = " It is not in the map any more."
            say(LEFT, member, f"{name(member)} leaves {out_of}; {say_day(last)} is the last day.{why}")
    for organisation, earlier in found.renamed:
        say(RENAMED, organisation.code, f"{earlier} ({organisation.code}) is now {organisation.name.rstrip('.')}.")
    for merger in found.mergers:
        into = f"{name(merger.successor)} takes over {name(merger.predecessor)} on {say_day(merger.day)}."
        say(MERGED, merger.predecessor, into)
    for size in found.lists:
        when = say_day(size.day or day)
        say(LISTS, size.practice, f"{name(size.practice)}: {size.people:,} people on {when}.")
    return sorted(out, key=lambda one: HEADINGS.index(one.heading))
