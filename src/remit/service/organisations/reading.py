"""What the pages show: the tree of an area as of a day, one organisation's history, and what to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max, Q

from remit.core.say import day as say_day
from remit.service.organisations.models import (
    KINDS,
    NETWORK,
    PLACE,
    PRACTICE,
    EarlierName,
    ListSize,
    Membership,
    Organisation,
    Succession,
)
from remit.service.organisations.standing import on

NETWORK_PEOPLE = (30_000, 50_000)
"""How many people a network has, by the Network Contract DES."""
ORDER = [kind for kind, _ in KINDS]


@dataclass(frozen=True)
class Size:
    """How many people, and on which day; of a network the oldest day of its practices' lists."""

    people: int
    day: date


@dataclass
class Node:
    """An organisation of an area on a day, with those shown below it; `parents` are all that it belongs to."""

    organisation: Organisation
    below: list[Node] = field(default_factory=list)
    parents: dict[str, Organisation] = field(default_factory=dict)
    size: Size | None = None
    since: date | None = None

    def walk(self) -> Iterator[Node]:
        """Itself and all below it."""
        yield self
        for one in self.below:
            yield from one.walk()

    def of_kind(self, kind: str) -> list[Node]:
        """All of a kind below it."""
        return [one for one in self.walk() if one.organisation.kind == kind and one is not self]


def tree(top: Organisation, day: date) -> Node:
    """The area of an organisation on a day, each under the lowest of those that it belongs to: a query a level."""
    nodes = {top.pk: Node(top)}
    rows: dict[int, list[Membership]] = {}
    ahead = {top.pk}
    while ahead:
        found = Membership.objects.filter(on(day), parent__in=ahead).select_related("member", "parent")
        ahead = set()
        for row in found:
            rows.setdefault(row.member_id, []).append(row)
            if row.member_id not in nodes:
                nodes[row.member_id] = Node(row.member)
                ahead.add(row.member_id)
    for pk, memberships in rows.items():
        lowest = max(memberships, key=lambda row: ORDER.index(row.parent_kind))
        nodes[pk].parents = {row.parent_kind: row.parent for row in memberships}
        nodes[pk].since = lowest.since
        nodes[lowest.parent_id].below.append(nodes[pk])
    sizes = list_sizes([pk for pk, node in nodes.items() if node.organisation.kind == PRACTICE], day)
    members: dict[int, list[int]] = {}
    for pk, memberships in rows.items():
        for row in memberships:
            if row.parent_kind == NETWORK:
                members.setdefault(row.parent_id, []).append(pk)
    for pk, node in nodes.items():
        kind = node.organisation.kind
        node.size = sizes.get(pk) if kind == PRACTICE else _sum(members.get(pk, []), sizes) if kind == NETWORK else None
        node.below.sort(key=lambda one: (ORDER.index(one.organisation.kind), one.organisation.name))
    return nodes[top.pk]


def _sum(members: list[int], sizes: dict[int, Size]) -> Size | None:
    """The people of several practices; not known where one practice's list is not, and of a network without any."""
    known = [sizes[pk] for pk in members if pk in sizes]
    if not members or len(known) < len(members):
        return None
    return Size(sum(one.people for one in known), min(one.day for one in known))


def list_sizes(practices: list[int], day: date) -> dict[int, Size]:
    """The latest list size of each practice by a day; a practice without one is not there."""
    rows = ListSize.objects.filter(organisation__in=practices, day__lte=day)
    latest = dict(rows.order_by().values_list("organisation_id").annotate(Max("day")))
    found = rows.filter(day__in=set(latest.values())).values_list("organisation_id", "day", "people")
    return {pk: Size(people, when) for pk, when, people in found if when == latest[pk]}


@dataclass(frozen=True)
class Finding:
    """Something to look at: the organisation and what is to be seen."""

    organisation: Organisation
    text: str


@dataclass(frozen=True)
class ToLookAt:
    """What an administrator may want to look at, by heading."""

    networks: tuple[Finding, ...]
    sizes: tuple[Finding, ...]
    coverage: tuple[Finding, ...]
    closed: tuple[Finding, ...]

    @property
    def count(self) -> int:
        return len(self.networks) + len(self.sizes) + len(self.coverage) + len(self.closed)


def to_look_at(top: Organisation, day: date, root: Node | None = None) -> ToLookAt:
    """Networks outside 30,000 to 50,000 people, lists that are missing, practices without a network or a place,
    networks without practices, and practices that left without a successor. `root` is the area's tree, if known."""
    root = root or tree(top, day)
    least, most = NETWORK_PEOPLE
    networks, sizes, coverage = [], [], []
    for node in root.of_kind(NETWORK):
        if not node.below:
            coverage.append(Finding(node.organisation, "has no practice."))
        elif node.size is None:
            sizes.append(Finding(node.organisation, "not known: the list size of one of its practices is missing."))
        elif node.size.people < least:
            networks.append(Finding(node.organisation, f"{node.size.people:,} people, fewer than {least:,}."))
        elif node.size.people > most:
            networks.append(Finding(node.organisation, f"{node.size.people:,} people, more than {most:,}."))
    has_places = bool(root.of_kind(PLACE))
    above = {node.organisation.pk: _kinds_above(node, root) for node in root.of_kind(PRACTICE)}
    for node in root.of_kind(PRACTICE):
        if node.size is None:
            sizes.append(Finding(node.organisation, "list size not known."))
        if NETWORK not in node.parents and top.kind != NETWORK:
            coverage.append(Finding(node.organisation, "belongs to no network."))
        if has_places and PLACE not in above[node.organisation.pk]:
            coverage.append(Finding(node.organisation, "belongs to no place."))
    empty = (node.organisation for node in root.of_kind(PLACE) if not node.of_kind(PRACTICE))
    coverage += [Finding(place, "has no practice.") for place in empty]
    return ToLookAt(tuple(networks), tuple(sizes), tuple(coverage), tuple(_gone(top, day)))


def _kinds_above(node: Node, root: Node) -> set[str]:
    """The kinds of all that somebody belongs to within an area, directly or through a network."""
    by_pk = {one.organisation.pk: one for one in root.walk()}
    kinds, ahead = set[str](), [node]
    while ahead:
        one = ahead.pop()
        for kind, parent in one.parents.items():
            kinds.add(kind)
            if parent.pk in by_pk and parent.pk != one.organisation.pk:
                ahead.append(by_pk[parent.pk])
    return kinds


def _gone(top: Organisation, day: date) -> Iterator[Finding]:
    """Practices that once were in the area, belong to nobody on the day, and have no successor."""
    ahead, found = {top.pk}, set[int]()
    while ahead:
        ahead = set(Membership.objects.filter(parent__in=ahead, since__lte=day).values_list("member_id", flat=True))
        ahead -= found
        found |= ahead
    staying = Membership.objects.filter(Q(until__isnull=True) | Q(until__gte=day), member__in=found).values("member")
    merged = Succession.objects.filter(predecessor__in=found).values("predecessor")
    gone = Organisation.objects.filter(pk__in=found, kind=PRACTICE).exclude(pk__in=staying).exclude(pk__in=merged)
    for one in gone.order_by("name").prefetch_related("memberships"):
        last = max(row.until for row in one.memberships.all() if row.until)
        yield Finding(one, f"left after {say_day(last)}, and no successor is recorded.")


@dataclass(frozen=True)
class Page:
    """One organisation: what it belongs to and belonged to, who belongs to it, its list, its history in sentences."""

    organisation: Organisation
    memberships: tuple[Membership, ...]
    members: tuple[Membership, ...]
    size: ListSize | None
    history: tuple[tuple[date, str], ...]
    taken_over_by: Succession | None
    took_over: tuple[Succession, ...]


def page_of(organisation: Organisation, day: date) -> Page:
    """What is known of an organisation; its members are those of the day."""
    memberships = tuple(organisation.memberships.select_related("parent").order_by("since"))
    members = tuple(organisation.members.filter(on(day)).select_related("member").order_by("member__name"))
    size = organisation.list_sizes.filter(day__lte=day).order_by("-day").first()
    after = list(Succession.objects.filter(predecessor=organisation).select_related("successor"))
    before = list(Succession.objects.filter(successor=organisation).select_related("predecessor"))
    names = list(EarlierName.objects.filter(organisation=organisation).order_by("until"))
    history = tuple(sorted(_history(organisation, memberships, before, after, names), key=lambda one: one[0]))
    return Page(organisation, memberships, members, size, history, after[0] if after else None, tuple(before))


def _history(
    organisation: Organisation,
    memberships: tuple[Membership, ...],
    before: list[Succession],
    after: list[Succession],
    names: list[EarlierName],
) -> Iterator[tuple[date, str]]:
    if organisation.opened:
        yield organisation.opened, f"Opened on {say_day(organisation.opened)}."
    for row in memberships:
        yield row.since, f"Belongs to {row.parent} from {say_day(row.since)}."
        if row.until:
            yield row.until, f"Left {row.parent}; {say_day(row.until)} was the last day there."
    for name in names:
        yield name.until, f"Was called {name.name} until {say_day(name.until)}."
    for one in before:
        yield one.day, f"Took over {one.predecessor} on {say_day(one.day)}."
    for one in after:
        yield one.day, f"Was taken over by {one.successor} on {say_day(one.day)}."
    if organisation.closed:
        yield organisation.closed, f"Closed; {say_day(organisation.closed)} was the last day."


EXPORT_COLUMNS = ("code", "name", "kind", "parent", "since", "until", "list_size", "list_size_day")


def export(top: Organisation, day: date) -> Iterator[tuple[str, ...]]:
    """The area on a day as rows of a table that can be imported again."""
    root = tree(top, day)
    yield EXPORT_COLUMNS
    rows = Membership.objects.filter(
        on(day), member__in=[node.organisation.pk for node in root.walk() if node is not root]
    ).select_related("member", "parent")
    inside = {node.organisation.pk: node for node in root.walk()}
    yield top.code, top.name, top.kind, "", "", "", "", ""
    for row in sorted(rows, key=lambda row: (ORDER.index(row.member.kind), row.member.code, row.parent.code)):
        if row.parent_id not in inside:
            continue
        size = inside[row.member_id].size if row.member.kind == PRACTICE else None
        yield (
            row.member.code, row.member.name, row.member.kind, row.parent.code, row.since.isoformat(),
            row.until.isoformat() if row.until else "", str(size.people) if size else "",
            size.day.isoformat() if size else "",
        )  # fmt: skip
