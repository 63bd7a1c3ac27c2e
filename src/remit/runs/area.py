"""The money of an area: what runs come to by scheme, place and network, against the budgets for them.

Amounts are whole pence, and None where one of those counted is not known. Money counts once: that of a network is the
network's in the sums of schemes and networks, and its members' parts of it in those of places.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from remit.core import exact
from remit.core.names import place_name
from remit.core.problems import Collector, did_you_mean, refuse
from remit.core.rounding import scaled
from remit.core.rows import RowSource
from remit.core.sums import Sum
from remit.runs.amounts import on_activity, paid_in_instalments
from remit.runs.engine import Run
from remit.runs.networks import NETWORK
from remit.runs.results import FINAL, MERGED, PracticeResult
from remit.scheme.model import Scheme

AREA, SCHEME, PLACE, PRACTICE, PAID_NETWORK = "area", "scheme", "place", "practice", "paid network"
LEVELS = (AREA, SCHEME, PLACE, NETWORK)
"""What a budget may be for."""

Key = tuple[str, str, str]
"""Of a budget: what it is for (one of `LEVELS`), the scheme (empty: all of them) and the place or network."""


@dataclass(frozen=True)
class AreaBudget:
    """A budget in pence, and where it is from: the scheme's source, or a file."""

    pence: int
    source: str


@dataclass(frozen=True)
class AreaMoney:
    """What one practice or network comes to in a scheme; None is not known. `so_far` is what is known of the award."""

    award: int | None
    so_far: int | None
    paid: int | None
    balance: int | None
    recovery: int | None


@dataclass(frozen=True)
class AreaLine:
    """A line of the area's money: the whole, a scheme, a place or network of it, or one practice or network.

    `practices` is how many are in it, `open` how many of those paid are not final.
    """

    level: str
    scheme: str
    code: str
    name: str
    practices: int
    open: int
    money: AreaMoney
    budget: AreaBudget | None = None
    status: str = ""
    place: str = ""
    network: str = ""
    reason: str = ""

    @property
    def left(self) -> int | None:
        """The pence that the budget has left (below zero: is short of); None while an award is not known."""
        if self.budget is None or self.money.award is None:
            return None
        return self.budget.pence - self.money.award


@dataclass(frozen=True)
class Area:
    """The money of an area. `unused` are budgets for places or networks that no run has a practice of."""

    lines: tuple[AreaLine, ...]
    unused: tuple[tuple[Key, AreaBudget], ...] = ()
    notes: tuple[str, ...] = ()

    def at(self, *levels: str) -> list[AreaLine]:
        """The lines of these levels, in their order."""
        return [line for line in self.lines if line.level in levels]


@dataclass(frozen=True)
class AreaPart:
    """One practice or network as a part of the area's money, in `family`: a scheme, or variants of one."""

    family: str
    year: str
    code: str
    name: str
    level: str
    place: str
    network: str
    status: str
    reason: str
    through_network: bool
    money: AreaMoney

    @property
    def settled(self) -> bool:
        return self.status in (FINAL, MERGED)


@dataclass(frozen=True)
class AreaFrame:
    """What the schemes of an area say of its money: what they and their places are called, and their budgets."""

    names: tuple[tuple[tuple[str, str], str], ...]
    budgets: tuple[tuple[Key, AreaBudget], ...]
    notes: tuple[str, ...]


@dataclass
class _Sum:
    """Parts that are added up, and the practices that they are about."""

    practices: set[str] = field(default_factory=set)
    open: int = 0
    money: list[AreaMoney] = field(default_factory=list)

    def add(self, part: AreaPart) -> None:
        if part.level != NETWORK and part.status != MERGED:
            self.practices.add(part.code)
        self.open += not part.settled
        self.money.append(part.money)

    def summed(self) -> AreaMoney:
        award = _together(one.award for one in self.money)
        return AreaMoney(
            award,
            Sum(sum(one.so_far or 0 for one in self.money), 0, int(award is None)).value,
            _together(one.paid for one in self.money),
            _together(one.balance for one in self.money),
            _together(one.recovery for one in self.money),
        )


def area(runs: Sequence[Run], own_budgets: Mapping[Key, AreaBudget] | None = None) -> Area:
    """The money of all practices of the runs, each in its schemes, by scheme, place and network.

    `own_budgets` stand in place of those that the schemes print. Raises Refused where two runs would pay a
    practice for one scheme.
    """
    parts = [part_of(result) for run in runs for result in run.results()]
    return summed(frame_of(runs, own_budgets), parts)


def frame_of(runs: Sequence[Run], own_budgets: Mapping[Key, AreaBudget] | None = None) -> AreaFrame:
    """What the schemes of runs say of the area's money; `own_budgets` stand in place of those that they print."""
    schemes: dict[str, list[Scheme]] = {}
    for run in runs:
        for plan in run.plans.values():
            schemes.setdefault(_family(plan.scheme), []).append(plan.scheme)
    budgets = {**{key: one for each in schemes.values() for key, one in printed_budgets(each)}, **(own_budgets or {})}
    return AreaFrame(tuple(_names(schemes).items()), tuple(budgets.items()), tuple(_further(schemes)))


def part_of(result: PracticeResult) -> AreaPart:
    """A practice or network of a run as a part of the area's money."""
    practice = result.practice
    return AreaPart(
        _family(result.scheme), str(result.scheme.year), practice.code, practice.name, practice.level, practice.place,
        practice.network, result.status, result.reason, result.through_network, money_of(result),
    )  # fmt: skip


def summed(frame: AreaFrame, parts: Iterable[AreaPart]) -> Area:
    """The money of some practices and networks, by scheme, place and network.

    Raises Refused where a practice would be paid for one scheme twice.
    """
    names, budgets = dict(frame.names), dict(frame.budgets)
    families: dict[str, list[AreaPart]] = {}
    for part in parts:
        families.setdefault(part.family, []).append(part)
    for family, those in families.items():
        _check_once(family, those)
    lines: list[AreaLine] = []
    if len(families) > 1:
        lines += _level(AREA, "", [part for those in families.values() for part in those], budgets, names)
    for family, those in families.items():
        lines += _level(SCHEME, family, those, budgets, names)
    for those in families.values():
        lines += map(_own, those)
    used = {(line.level, line.scheme, line.code) for line in lines}
    unused = tuple((key, budgets[key]) for key in sorted(budgets) if key not in used)
    return Area(tuple(lines), unused, frame.notes)


def check_budgets(rows: RowSource, runs: Sequence[Run], limit: int = 20) -> dict[Key, AreaBudget]:
    """Budgets from rows of `level, code, scheme_id, pounds`, those for places and networks of the runs.

    Raises Refused with every row that names none of them, or no amount.
    """
    table, problems = rows.select(("level", "pounds"), ("code", "scheme_id")), Collector(limit)
    schemes = {_family(plan.scheme) for run in runs for plan in run.plans.values()}
    practices = [practice for run in runs for practice in run.inputs.practices.values()]
    known = {PLACE: {p.place for p in practices} - {""}, NETWORK: {p.network for p in practices} - {""}}
    budgets: dict[Key, AreaBudget] = {}
    for number, (level, pounds, code, scheme) in table.rows(problems):
        place = table.place(number)
        if level not in LEVELS:
            what = f"level: expected {', '.join(LEVELS)}, found '{level}'."
            problems.add("area.level-unknown", what, place, partial(did_you_mean, level, LEVELS), found=level)
            continue
        if scheme and scheme not in schemes:
            what = f"there is no scheme '{scheme}' in these runs."
            problems.add("area.scheme-unknown", what, place, partial(did_you_mean, scheme, schemes), scheme=scheme)
            continue
        if level == SCHEME and not scheme:
            problems.add("area.scheme-empty", "the budget of a scheme names no scheme_id.", place)
            continue
        if level in known and code not in known[level]:
            what = f"there is no {level} '{code}' in these runs."
            problems.add(
                "area.code-unknown", what, place, partial(did_you_mean, code, known[level]), level=level, found=code
            )
            continue
        if level not in known and code:
            problems.add(
                "area.code-unfit", f"the budget of a whole {level} has no code.", place, level=level, found=code
            )
            continue
        try:
            amount = exact.money(pounds if pounds.startswith("£") else f"£{pounds}")
        except ValueError:
            what = f"pounds: expected an amount such as 297890 or £297,890.00, found '{pounds}'."
            problems.add("area.pounds-unreadable", what, place, found=pounds)
            continue
        scheme = scheme or _only(schemes)
        key = (SCHEME if level == AREA and scheme else level, scheme, code)  # an area's for one scheme is the scheme's
        if key in budgets:
            problems.add("area.budget-twice", f"the budget for this {level} is listed twice.", place, level=level)
        budgets[key] = AreaBudget(scaled(amount.numerator, amount.denominator, 2), table.place(number).file)
    problems.refuse_if_any()
    return budgets


def _only(schemes: Collection[str]) -> str:
    """The one scheme that there is: a budget that names none is its; else none, which is all."""
    return next(iter(schemes)) if len(schemes) == 1 else ""


def _family(scheme: Scheme) -> str:
    """What variants of one scheme are called together."""
    return scheme.family or scheme.scheme


def _names(schemes: Mapping[str, Sequence[Scheme]]) -> dict[tuple[str, str], str]:
    """What schemes and places are called."""
    names = {}
    for family, variants in schemes.items():
        names[SCHEME, family] = variants[0].title
        for scheme in variants:
            names.update({(PLACE, code): name for code, name in scheme.places.items()})
    return names


def printed_budgets(variants: Sequence[Scheme]) -> Iterator[tuple[Key, AreaBudget]]:
    """The budgets that a scheme prints for places."""
    for scheme in variants:
        for line in scheme.budgets:
            amount = line.budget.value
            if amount is not None:
                pence = scaled(amount.numerator, amount.denominator, 2)
                yield (PLACE, _family(scheme), line.place), AreaBudget(pence, scheme.scheme)


def _further(schemes: Mapping[str, Sequence[Scheme]]) -> Iterator[str]:
    """The further budgets that a scheme prints without saying for which places."""
    for family, variants in schemes.items():
        for more in {str(s.additional.budget): s.additional for s in variants if s.additional}.values():
            yield (
                f"{family} also prints {more.budget} for {more.practices} further practices and does not say for "
                "which places: it is in no budget here."
            )


def _check_once(family: str, parts: Iterable[AreaPart]) -> None:
    paid: set[tuple[str, str]] = set()
    for part in parts:
        key = (part.code, part.year)
        if key in paid:
            code, year = key
            raise refuse(
                "runs.paid-twice",
                f"{family} of {year} for {code} is in two of these runs: it would be paid twice.",
                None,
                "Name one of them.",
                practice=code,
                scheme=family,
            )
        paid.add(key)


def _level(
    level: str,
    scheme: str,
    parts: Sequence[AreaPart],
    budgets: Mapping[Key, AreaBudget],
    names: Mapping[tuple[str, str], str],
) -> Iterator[AreaLine]:
    """A whole (the area, or a scheme), then its places, then its networks."""
    whole, places, networks = _Sum(), _sums(), _sums()
    for part in parts:
        if part.through_network:
            whole.practices.add(part.code)
        else:
            whole.add(part)
        if part.level != NETWORK:
            places.setdefault(part.place, _Sum()).add(part)
        network = part.code if part.level == NETWORK else part.network
        if part.through_network:
            networks.setdefault(network, _Sum()).practices.add(part.code)
        else:
            networks.setdefault(network, _Sum()).add(part)
    below = []
    for kind, sums in ((PLACE, places), (NETWORK, networks)):
        if set(sums) - {""}:
            for code in sorted(sums, key=lambda code: (code == "", names.get((kind, code), code).casefold())):
                budget = budgets.get((kind, scheme, code)) if code else None
                known = place_name(code) if kind == PLACE else code
                name = names.get((kind, code), known) or f"no {kind} given"
                below.append(_line(kind, scheme, code, name, sums[code], budget))
    budget_ = budgets.get((level, scheme, "")) or _added(line for line in below if line.level == PLACE)
    name = names[SCHEME, scheme] if level == SCHEME else "All schemes"
    yield _line(level, scheme, "", name, whole, budget_)
    yield from below


def _sums() -> dict[str, _Sum]:
    return {}


def _line(level: str, scheme: str, code: str, name: str, sums: _Sum, budget: AreaBudget | None) -> AreaLine:
    return AreaLine(level, scheme, code, name, len(sums.practices), sums.open, sums.summed(), budget)


def _added(lines: Iterable[AreaLine]) -> AreaBudget | None:
    """The budgets of all places together; None where a place has none."""
    budgets = [line.budget for line in lines]
    if not budgets or None in budgets:
        return None
    return AreaBudget(sum(one.pence for one in budgets if one), "the places' budgets together")


def _own(part: AreaPart) -> AreaLine:
    network = part.level == NETWORK
    return AreaLine(
        PAID_NETWORK if network else PRACTICE, part.family, part.code, part.name or part.code,
        0 if network else 1, int(not part.settled), part.money,
        status=part.status, place=part.place, network=part.network, reason=part.reason,
    )  # fmt: skip


def _settled(result: PracticeResult) -> bool:
    return result.status in (FINAL, MERGED)


def money_of(result: PracticeResult) -> AreaMoney:
    """What one practice or network comes to. A member of a network that is paid has its part of the network's award;
    what is paid when is the network's.
    """
    if result.through_network:
        own = result.pool.pence_of(result.practice.code) if result.pool else None
        return AreaMoney(own if _settled(result) else None, own, 0, 0, 0)
    settled = result.settlement
    paid = _together((paid_in_instalments(result), on_activity(result)))
    final = result.status == FINAL
    left = (0, 0) if result.status == MERGED else (settled.balance, settled.recovery) if final else (None, None)
    award = result.pence if _settled(result) else None
    return AreaMoney(award, result.pence, paid, *left)


def _together(amounts: Iterable[int | None]) -> int | None:
    """A sum; None where one of them is not known."""
    amounts_ = list(amounts)
    known = [one for one in amounts_ if one is not None]
    return sum(known) if len(known) == len(amounts_) else None
