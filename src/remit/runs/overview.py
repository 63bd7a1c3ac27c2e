"""A run at a glance: each practice's achievement and pounds of every item, of what was possible, and what is open.

What was possible is what the evaluator pays where every item is achieved in full. Amounts are whole pence; None is not
known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from remit.core.names import place_name
from remit.core.rounding import scaled
from remit.core.sums import NOTHING, Sum
from remit.pricing.area_wide import AreaWide
from remit.pricing.award import Award, Base
from remit.pricing.evaluator import price
from remit.pricing.moves import thresholds
from remit.pricing.plan import PricingPlan
from remit.pricing.product import unrounded
from remit.pricing.scenario import Scenario, Standing
from remit.runs.area import Area, AreaFrame, AreaPart, frame_of, summed
from remit.runs.area import part_of as area_part_of
from remit.runs.engine import Run
from remit.runs.networks import NETWORK
from remit.runs.results import FINAL, MERGED, PracticeResult
from remit.scheme.kinds import Kind, Steps
from remit.scheme.model import Item
from remit.scoring.achievement import Achievement
from remit.scoring.monitoring import WatchedVerdict


@dataclass(frozen=True, slots=True)
class Mark:
    """What one practice achieved of one item. `rate` is of 1 (written `per` so many), `yes` is an answer in its
    place; `pence` what it pays, of `possible`; it is `known` where its pounds are. `reason` says what is not.
    One that is paid `within` another item, or earned as one by a network, pays nothing by itself."""

    item: str
    rate: Fraction | None
    yes: bool | None
    pence: int | None
    possible: int | None
    known: bool
    full: bool
    within: str = ""
    reason: str = ""
    per: int = 100


@dataclass(frozen=True)
class Position:
    """One practice or network. `recovery` is what would be recovered if what is known were all; one that is paid
    `through` a network has its part of the network's money, and nothing is recovered from it."""

    code: str
    name: str
    level: str
    place: str
    network: str
    status: str
    reason: str
    earned: Sum
    possible: int | None
    recovery: int | None
    through: bool
    marks: tuple[Mark, ...]
    verdict: WatchedVerdict | None = None

    @property
    def share(self) -> Fraction | None:
        """What is earned of what was possible."""
        if self.earned.unknown or not self.possible:
            return None
        return Fraction(self.earned.pence, self.possible)

    @property
    def open_items(self) -> int:
        """How many items are not known."""
        return sum(not mark.known for mark in self.marks)


@dataclass
class ItemLine:
    """An item over all practices: how many earn all of it, nothing, and are not known; pounds of what was possible."""

    item: str
    title: str
    thresholds: tuple[Fraction, ...]
    measure: str
    falls: bool
    rates: list[Fraction] = field(default_factory=list)
    full: int = 0
    nothing: int = 0
    not_known: int = 0
    earned: Sum = NOTHING
    possible: Sum = NOTHING
    within: str = ""


@dataclass(frozen=True)
class Overview:
    """A run at a glance. The sums count money once: of members, their network's. `counted_on` is the day
    within the year whose counts these are, if it is one."""

    titles: tuple[str, ...]
    places: Mapping[str, str]
    positions: tuple[Position, ...]
    items: tuple[ItemLine, ...]
    earned: Sum
    possible: Sum
    recovery: Sum
    area: Area
    counted_on: date | None = None

    @property
    def practices(self) -> list[Position]:
        """The practices, without networks and those that merged into others."""
        return [one for one in self.positions if one.level != NETWORK and one.status != MERGED]

    @property
    def recovered_from(self) -> int:
        """How many practices and networks something would be recovered from."""
        return sum(bool(one.recovery) for one in self.positions)


@dataclass(frozen=True)
class OverviewFrame:
    """What the schemes of a run say of its overview: all that is not of one practice. Items have no figures yet."""

    titles: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    items: tuple[ItemLine, ...]
    area: AreaFrame
    counted_on: date | None


@dataclass(frozen=True)
class OverviewPart:
    """One practice or network of an overview. `items_earn` where its own items earn the money that is paid."""

    position: Position
    items_earn: bool
    area: AreaPart


def overview(run: Run, report: Callable[[int, int], None]) -> Overview:
    """Every practice of a run; `report(done, of)` says how far it is."""
    parts = []
    for n, code in enumerate(run.codes, 1):
        parts.append(overview_part(run, code))
        report(n, len(run.codes))
    return assembled(overview_frame(run), parts)


def overview_frame(run: Run) -> OverviewFrame:
    """What the schemes of a run say of its overview."""
    lines: dict[str, ItemLine] = {}
    for plan in run.plans.values():
        for item in plan.items:
            lines.setdefault(item.item, _line(item))
    schemes = [plan.scheme for plan in run.plans.values()]
    return OverviewFrame(
        tuple(dict.fromkeys(scheme.title for scheme in schemes)),
        tuple({code: name for scheme in schemes for code, name in scheme.places.items()}.items()),
        tuple(lines.values()), frame_of([run]), run.counted_on,
    )  # fmt: skip


def overview_part(run: Run, code: str) -> OverviewPart:
    """One practice or network of a run."""
    result = run.practice(code)
    position = _position(result, run.standings.plan(code), run.standing(code), _parts_in_full(run, result))
    items_earn = result.status != MERGED and result.through_network == _pooled(result) and not result.shares_out
    return OverviewPart(position, items_earn, area_part_of(result))


def assembled(frame: OverviewFrame, parts: Sequence[OverviewPart]) -> Overview:
    """The overview of some practices and networks: of all of a run, or of those that somebody may see."""
    lines = {line.item: replace(line, rates=[]) for line in frame.items}
    earned, possible, recovery = NOTHING, NOTHING, NOTHING
    for part in parts:
        one = part.position
        if part.items_earn:
            for mark in one.marks:
                _count(lines[mark.item], mark)
            possible += Sum.of([one.possible])
        if not one.through:
            earned += one.earned
            recovery += Sum.of([one.recovery])
    positions = tuple(part.position for part in parts)
    return Overview(
        frame.titles,
        {one.place: place_name(one.place) for one in positions} | dict(frame.places),
        positions, tuple(lines.values()), earned, possible, recovery,
        summed(frame.area, [part.area for part in parts]), frame.counted_on,
    )  # fmt: skip


def _line(item: Item) -> ItemLine:
    return ItemLine(item.item, item.title, tuple(_thresholds(item)), item.measure or "", item.kind.falls)


def _thresholds(item: Item) -> Iterator[Fraction]:
    """Where what it pays changes, lowest first; of an item with several tables, those of each."""
    kind = item.kind
    if kind.missing():
        return
    if isinstance(kind, Steps) and kind.tables:
        yield from sorted({step.at for table in kind.tables for step in table.steps})
    else:
        yield from (threshold.at for threshold in thresholds(kind, None))


def _parts_in_full(run: Run, result: PracticeResult) -> dict[str, int | None]:
    """A member's part of what its network would earn in full, by item that the network shares out; None where members
    earn it by themselves, or it rests on figures that are not known."""
    if not result.parts or result.status == MERGED or result.shares_out:
        return {}
    network = run.inputs.practices[result.practice.network]
    plan, terms = run.standings.plan(network.code), result.scheme.networks
    if terms is None or terms.earned_by == "practice":
        return dict.fromkeys(result.parts)
    whole, full = run.practice(network.code), in_full(plan, run.standing(network.code))
    found: dict[str, int | None] = {}
    for award in whole.awards:
        code = award.item.item
        possible = _possible(award, full[code], whole.base, plan)
        found[code] = run.pools.parts_of(network, code, possible).get(result.practice.code)
    return found


def _position(
    result: PracticeResult, plan: PricingPlan, standing: Standing, parts: Mapping[str, int | None]
) -> Position:
    merged, practice = result.status == MERGED, result.practice
    full = {} if merged else in_full(plan, standing)
    marks = () if merged else tuple(_mark(award, full, result.base, plan, standing.area) for award in result.awards)
    if _as_one(result):  # what its items pay, and would in full, is the network's
        marks = tuple(replace(mark, possible=None, within=practice.network) for mark in marks)
    if parts:
        marks = tuple(_shared(mark, parts[mark.item]) if mark.item in parts else mark for mark in marks)
    known = [mark.possible for mark in marks if mark.possible is not None]
    settled = result.settlement if result.status == FINAL else result.if_final
    return Position(
        practice.code, practice.name, practice.level, practice.place, practice.network, result.status, result.reason,
        Sum.of([result.pence]) if result.through_network else result.awarded,
        sum(known) if len(known) == len(marks) else None,
        0 if merged or result.through_network else settled.recovery if settled else None,
        result.through_network, marks, result.verdict,
    )  # fmt: skip


def _shared(mark: Mark, possible: int | None) -> Mark:
    """An item that a network shares out, beside the part that is possible."""
    return replace(mark, possible=possible, full=bool(mark.pence) and mark.pence == possible)


def _pooled(result: PracticeResult) -> bool:
    """Whether members earn, and their network shares out what they earned."""
    return result.pool is not None and result.pool.in_pounds


def _as_one(result: PracticeResult) -> bool:
    """Whether a member's network earns as one practice."""
    return result.through_network and not _pooled(result)


def in_full(plan: PricingPlan, standing: Standing) -> dict[str, Award]:
    """The awards where every item that is paid by a rate is achieved in full."""
    achieved = {
        line.code: Achievement(_best(line.kind)) for line in plan.lines.values() if line.item.measure is not None
    }
    return price(plan, standing, Scenario(achieved=achieved)).by_item()


def _best(kind: Kind) -> Fraction:
    """A rate that earns all: none where lower is better, else all, or more events than any threshold asks for."""
    if kind.falls:
        return Fraction(0)
    asked = kind.thresholds() if kind.rates_per == 1000 and not (kind.missing() or kind.gated_by) else ()
    return 1 + max((threshold.at for threshold in asked), default=Fraction(0))


def _mark(award: Award, full: Mapping[str, Award], base: Base, plan: PricingPlan, area: AreaWide | None) -> Mark:
    done, code = award.achievement, award.item.item
    pence = 0 if award.within else award.pence
    possible = 0 if award.within else _possible(award, full[code], base, plan, area)
    answer = award.item.measure in ("register", "declared") and done.rate is not None
    rate = done.rate if done.rate is not None else award.calculation.rate if award.calculation else None
    most = award.item.kind.most_earned()
    return Mark(
        code, None if answer else rate, bool(done.rate) if answer else None, pence, possible,
        known=not award.unpaid,
        full=most is not None and award.earned == most and most > 0,
        within=award.within,
        reason=award.reason,
        per=award.item.kind.rates_per,
    )  # fmt: skip


def _possible(award: Award, full: Award, base: Base, plan: PricingPlan, area: AreaWide | None = None) -> int | None:
    """What full achievement of an item pays; None where that rests on figures of the practice alone."""
    kind, rounding = award.item.kind, plan.scheme.rounding
    if plan.lines[award.item.item].calculated is None or kind.uses_rate():
        return full.pence
    most = kind.most_earned()
    if most is None or (kind.unit == "points" and len(award.factors) < len(award.item.weights)):
        return None
    award = Award(award.item, award.achievement, None, most, award.factors, None, None)
    pounds = rounding.pounds.apply(unrounded(award, base, rounding))
    pence = scaled(pounds.numerator, pounds.denominator, 2)
    return pence if area is None else area.in_proportion(award.item.item, pence)


def _count(line: ItemLine, mark: Mark) -> None:
    if mark.rate is not None:
        line.rates.append(mark.rate)
    line.full += mark.full
    line.nothing += mark.known and mark.pence == 0 and not mark.within
    line.within = mark.within or line.within
    line.not_known += not mark.known
    line.earned += Sum.of([mark.pence])
    line.possible += Sum.of([mark.possible])
