"""What must hold of the memberships of an area, whoever wrote them: no circle, no two parents of a kind at a time, no
member above its parent, no end before its beginning, and none outside the days of an organisation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from remit.core.problems import Collector
from remit.core.say import day as say_day
from remit.organisation.area_map import KINDS, DatedMembership


@dataclass(frozen=True)
class OpenDays:
    """An organisation's kind, and its first and last day where they are known."""

    kind: str
    opened: date | None = None
    closed: date | None = None


def check_memberships(organisations: Mapping[str, OpenDays], memberships: Iterable[DatedMembership]) -> None:
    """Raises Refused with everything that is wrong."""
    problems = Collector()
    fit: list[DatedMembership] = []
    for one in memberships:
        before = problems.total
        _check_one(one, organisations, problems)
        if problems.total == before:
            fit.append(one)
    _check_overlaps(fit, organisations, problems)
    problems.refuse_if_any()


def _check_one(one: DatedMembership, organisations: Mapping[str, OpenDays], problems: Collector) -> None:
    member, parent = organisations[one.member], organisations[one.parent]
    if one.member == one.parent:
        problems.add("area.circle", f"{one.member} cannot belong to itself.", organisation=one.member)
    elif KINDS.index(parent.kind) >= KINDS.index(member.kind):  # so that there is no circle either
        what = f"a {member.kind} ({one.member}) cannot belong to a {parent.kind} ({one.parent})."
        problems.add("area.above-its-parent", what, organisation=one.member)
    if one.since and one.until and one.until < one.since:
        what = (
            f"{one.member} would leave {one.parent} on {say_day(one.until)}, before it joins on {say_day(one.since)}."
        )
        problems.add("area.ends-before-beginning", what, organisation=one.member)
    for code, days in ((one.member, member), (one.parent, parent)):
        if days.closed and (one.until is None or one.until > days.closed):
            what = f"{code} closes on {say_day(days.closed)}: {one.member} in {one.parent} cannot last longer."
            problems.add("area.outside-its-days", what, organisation=code)
        if days.opened and one.since and one.since < days.opened:
            what = f"{code} opens on {say_day(days.opened)}: {one.member} in {one.parent} cannot begin earlier."
            problems.add("area.outside-its-days", what, organisation=code)


def _check_overlaps(
    memberships: list[DatedMembership], organisations: Mapping[str, OpenDays], problems: Collector
) -> None:
    in_kind: dict[tuple[str, str], list[DatedMembership]] = {}
    for one in memberships:
        in_kind.setdefault((one.member, organisations[one.parent].kind), []).append(one)
    for (member, kind), several in in_kind.items():
        several.sort(key=lambda one: one.since or date.min)
        for one, following in pairwise(several):
            if one.until is None or one.until >= (following.since or date.min):
                same = one.parent == following.parent
                both = f"{one.parent} twice" if same else f"two {kind}s ({one.parent} and {following.parent})"
                what = f"{member} would belong to {both} on {say_day(following.since or date.min)}."
                hint = f"End the membership in {one.parent} on the day before."
                problems.add("area.two-parents", what, None, hint, organisation=member)
