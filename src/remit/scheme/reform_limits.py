"""How far a reform goes: what it retires and modifies, as shares of points and of indicators, beside its limits.

The Review of QOF would retire "up to a quarter" of indicators and modify "perhaps no more than half the scheme"
(R004-10). It does not say a quarter of what, so both readings are reported: of the indicators, and of the points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from remit.core import say
from remit.core.problems import Problem, problem
from remit.core.rounding import exact_text
from remit.core.words import listed
from remit.scheme.comparison import compare
from remit.scheme.lint import RULES
from remit.scheme.model import Item, Scheme
from remit.scheme.quantity import Quantity
from remit.scheme.reform_file import LoadedReform
from remit.scheme.reform_model import Limits
from remit.scheme.source import Key, Source

_NO_PART = ("title", "definition", "domain", "label points", "guard")
"""What of an item can read otherwise without a change of what it counts or pays."""


@dataclass(frozen=True)
class LimitCheck:
    """One figure of a reform beside its limit.

    `part` of `whole` is the figure, in `unit`; `share` is None where it cannot be known, with `why`. `limit` is None
    where the reform sets none, and `holds` then, as where the figure is not known.
    """

    name: str
    title: str
    part: Fraction | None
    whole: Fraction | None
    unit: str
    limit: Fraction | None = None
    why: str = ""

    @property
    def share(self) -> Fraction | None:
        return None if self.part is None or not self.whole else self.part / self.whole

    @property
    def holds(self) -> bool | None:
        """Whether the figure is at most the limit; None where there is no limit, or no figure."""
        return None if self.limit is None or self.share is None else self.share <= self.limit

    @property
    def words(self) -> str:
        """The figure in words: `28 of 77 indicators`."""
        if self.part is None or self.whole is None:
            return "not known"
        return f"{exact_text(self.part)} of {exact_text(self.whole)} {self.unit}"


@dataclass(frozen=True)
class ReformExtent:
    """What a reform retires, modifies and adds, by item."""

    retired: tuple[Item, ...]
    modified: tuple[Item, ...]
    new: tuple[Item, ...]


def extent(reform: LoadedReform) -> ReformExtent:
    """What a reform does to the items of its scheme. An item that becomes several is modified, not retired."""
    stratified = reform.stratified
    parts = {code for one in stratified.values() for code in one.into}
    return _extent(reform.base, reform.after, frozenset(stratified), frozenset(parts))


def _extent(base: Scheme, after: Scheme, stratified: frozenset[str], parts: frozenset[str]) -> ReformExtent:
    difference = compare(base, after)
    changed = {
        one.before.item
        for one in difference.changed
        if one.replaced or any(not part.name.startswith(_NO_PART) for part in one.changes)
    }
    gone = {item.item for item in difference.retired} - stratified
    return ReformExtent(
        tuple(item for item in base.items if item.item in gone),
        tuple(item for item in base.items if item.item in changed | stratified),
        tuple(item for item in difference.new if item.item not in parts),
    )


def checked(reform: LoadedReform) -> tuple[LimitCheck, ...]:
    """The four figures of a reform, each beside its limit where it has one."""
    found, limits = extent(reform), reform.file.limits
    items = reform.base.items
    return (
        _by_items("retired_indicators", "Indicators retired", found.retired, items, limits),
        _by_points("retired_points", "Points retired", found.retired, items, limits),
        _by_items("modified_indicators", "Indicators modified", found.modified, items, limits),
        _by_points("modified_points", "Points modified", found.modified, items, limits),
    )


def _limit(limits: Limits, name: str) -> Fraction | None:
    number: Quantity | None = getattr(limits, name)
    return number.value if number else None


def _by_items(name: str, title: str, some: Iterable[Item], items: tuple[Item, ...], limits: Limits) -> LimitCheck:
    return LimitCheck(name, title, Fraction(len(tuple(some))), Fraction(len(items)), "indicators", _limit(limits, name))


def _by_points(name: str, title: str, some: Iterable[Item], items: tuple[Item, ...], limits: Limits) -> LimitCheck:
    """As a share of all points; of a scheme that pays pence a head, of those pence."""
    limit = _limit(limits, name)
    units = {item.kind.unit for item in items}
    if len(units) > 1 and "points" in units:
        units = {"points"}
    unknown = [item.item for item in items if item.kind.unit in units and item.kind.most_earned() is None]
    if len(units) > 1 or unknown:
        why = "its items pay in several units" if len(units) > 1 else f"what {unknown[0]} is worth is not known"
        return LimitCheck(name, title, None, None, "points", limit, f"A share of the points is not known: {why}.")
    unit = units.pop()
    scale = 100 if unit == "pounds per weighted head" else 1
    called = {"points": "points", "pounds per weighted head": "pence a head", "pounds": "pounds"}[unit]

    def worth(those: Iterable[Item]) -> Fraction:
        return sum(
            ((item.kind.most_earned() or Fraction(0)) * scale for item in those if item.kind.unit == unit), Fraction(0)
        )

    return LimitCheck(name, title.replace("Points", called.capitalize()), worth(some), worth(items), called, limit)


def findings(reform: LoadedReform, source: Source) -> list[Problem]:
    """What a careful reader would ask about a reform: each limit that it breaks, and how far it goes."""
    found = []
    for check in checked(reform):
        share = f" ({say.percent(check.share, 1)})" if check.share is not None else ""
        limit = f"; the limit is {say.percent(check.limit)}" if check.limit is not None else ""
        what = f"{check.title}: {check.words}{share}{limit}. {check.why}".strip()
        rule = "lint.reform-over-limit" if check.holds is False else "lint.reform-extent"
        found.append(_finding(rule, source, ("limits", check.name), what, limit=check.name))
    later = list(_simulated(reform))
    if later:
        what = f"{say.capital(listed(later))}: checked when the reform is simulated."
        found.append(_finding("lint.reform-simulated", source, ("reform",), what))
    return found


def _finding(rule: str, source: Source, path: Key, what: str, **data: object) -> Problem:
    return problem(rule, what, source.place(path), "", data, RULES[rule].severity)


def _simulated(reform: LoadedReform) -> Iterator[str]:
    """The parts of a reform that only practices' counts and pounds can show."""
    file = reform.file
    if file.funding:
        yield f"funding ({file.funding.rule})"
    if file.limits.largest_loss:
        yield f"the largest loss of a practice ({file.limits.largest_loss})"
    if file.timing:
        yield "the timing"
    if file.stratify:
        yield f"the counts of what {listed(tuple(file.stratify))} becomes"
    if file.behaviour.decline_after_retirement or file.behaviour.pull_towards_threshold:
        yield "the behaviour that is assumed"
