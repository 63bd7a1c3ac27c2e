"""What a reform may cost, as rules that are checked in whole pence.

"Within fixed system resources" (Review of QOF, R004-56): all practices together are paid after the reform what they are
paid before. Where the scheme pays by points or by the head, the value of a point or the pence are scaled so that the
total meets as nearly as a value with six decimals of a pound allows; what remains is said in pence. "New indicators
need new funding" (LMC conference 2017, R004-49): what the old items pay together does not fall. Nothing here prices:
the caller says what a scheme pays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from copy import deepcopy
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from remit.core import say
from remit.core.rounding import exact_text
from remit.scheme import Scheme
from remit.scheme.changes import Path, levers
from remit.scheme.loader import plain_tree
from remit.scheme.quantity import Quantity, Step
from remit.scheme.reform_file import LoadedReform
from remit.scheme.reform_model import FIXED, NEW_FUNDING, NEW_MONEY
from remit.scheme.walk import walk

Price = Callable[[Scheme], int]
"""What a scheme pays all practices of a run together, in whole pence."""

SCALED = "scaled"
"""The source of a number that was scaled, as an overlay names it."""
_MILLION = 1_000_000
_TRIES = 60


@dataclass(frozen=True)
class Scaled:
    """A reform that was scaled so that it costs what was paid before, with its new value of a point or pence.

    `factor` is what they were multiplied by, before each was rounded to a millionth of a pound (a point) or a ten
    thousandth of a penny. `remainder` is what the scaled reform pays less what was paid before, in pence.
    """

    reform: LoadedReform
    what: str
    factor: Fraction
    before: str
    after: str
    unscaled: int
    remainder: int

    @property
    def by_item(self) -> bool:
        """Whether each item's pence were scaled, and not the value of a point."""
        point = self.reform.after.point
        return point is None or point.value.value is None

    @property
    def sentence(self) -> str:
        """What was scaled and what remains, in words."""
        rest = "The total is then the same to the penny."
        if self.remainder:
            side = "more" if self.remainder > 0 else "less"
            amount = say.money(abs(self.remainder))
            rest = f"The total is then {amount} {side} than before: no nearer value can be written."
        return f"So that it costs what is paid now, {self.what} from {self.before} to {self.after}. {rest}"


@dataclass(frozen=True)
class FundingCheck:
    """A rule of funding beside what the reform costs, in pence; `holds` is None where the pounds are not known."""

    name: str
    figure: int | None
    limit: int | None
    holds: bool | None
    sentence: str


def scaled_tree(scheme: Scheme, factor: Fraction) -> tuple[dict[str, Any], str, str, str]:
    """The overlay that scales what a scheme pays, with what it scales, from what to what, in words.

    A scheme with a value of a point has that scaled; another has the pence a head of all its items scaled. Empty where
    there is neither.
    """
    if scheme.point is not None and scheme.point.value.value is not None:
        value = scheme.point.value.value
        text = _pounds(value * factor)
        sources = _source(f"Scaled from {scheme.point.value.text} a point")
        tree: dict[str, Any] = {"sources": sources, "point": {"value": f"{text} [{SCALED}]"}}
        return tree, "the value of a point goes", scheme.point.value.text, text
    items = list(_items_scaled(scheme, factor))
    if not items:
        return {}, "", "", ""
    sources = _source(f"Each scaled by {exact_text(factor, most=7)}")
    tree = {"sources": sources, "totals": {}, "items": [item for item, _, _ in items]}
    return (
        tree,
        f"the pence a head of {len(items)} items go, such as those of {items[0][0]['item']},",
        items[0][1],
        items[0][2],
    )


def _source(words: str) -> dict[str, dict[str, str]]:
    """Where a scaled number is from, as the overlay says it."""
    title = f"{words}, so that all practices together are paid what they were paid before the reform"
    return {SCALED: {"title": title, "standing": "unverified"}}


def _pounds(amount: Fraction) -> str:
    """Pounds to a millionth, half up: what a file can hold."""
    return f"£{exact_text(Fraction((amount * _MILLION * 2 + 1) // 2, _MILLION), 2)}"


def _pence(amount: Fraction) -> str:
    """Pounds as pence, to a ten thousandth of a penny, half up."""
    return f"{exact_text(Fraction((amount * _MILLION * 2 + 1) // 2, _MILLION) * 100)}p"


def _items_scaled(scheme: Scheme, factor: Fraction) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Each item that pays pence a head, with its pence scaled, and its highest pence before and after."""
    plain = {item["item"]: item for item in plain_tree(scheme)["items"]}
    for item in scheme.items:
        paths = levers(item.kind).get("pence", ())
        values = {path: one for path, one in walk(item.kind) if isinstance(one, Quantity | Step)}
        if not paths:
            continue
        pays = deepcopy(plain[item.item]["pays"][item.kind.name])
        for path in (*paths, *((("most",),) if ("most",) in values else ())):
            _put(pays, path, _scaled(values[path], factor))
        for table in pays.get("tables", ()):
            table.pop("words", None)
        keys = dict.fromkeys(path[0] for path in (*paths, *((("most",),) if ("most",) in values else ())))
        most = max(_amount(values[path]) for path in paths)
        changed: dict[str, Any] = {"item": item.item, **({"words": ""} if item.words else {})}
        changed["pays"] = {item.kind.name: {key: pays[key] for key in keys}}
        yield changed, _pence(most), _pence(most * factor)


def _amount(value: Quantity | Step) -> Fraction:
    return value.pays if isinstance(value, Step) else value.known()


def _scaled(value: Quantity | Step, factor: Fraction) -> str:
    if isinstance(value, Step):
        return f"{value.moved(value.at, _pence(value.pays * factor))} [{SCALED}]"
    return f"{_pence(value.known() * factor)} [{SCALED}]"


def _put(tree: Any, path: Path, text: str) -> None:
    for part in path[:-1]:
        tree = tree[part]
    tree[path[-1]] = text


def within(reform: LoadedReform, before: int, price: Price) -> Scaled | None:
    """The reform scaled so that it pays `before` pence in all; None where it pays neither by points nor by the head.

    The value of a point is looked for in millionths of a pound, a factor of pence in ten millionths. Of the two values
    around `before`, the one that pays nearer to it is taken, the lower of two as near.
    """
    unscaled = price(reform.after)
    if not scaled_tree(reform.after, Fraction(1))[0] or unscaled <= 0 or before <= 0:
        return None
    point = reform.after.point.value.known() if reform.after.point else None
    one = point * _MILLION if point is not None else Fraction(10 * _MILLION)
    paid: dict[int, int] = {}

    def total(parts: int) -> int:
        if parts not in paid:
            paid[parts] = price(reform.with_tree(scaled_tree(reform.after, parts / one)[0]).after)
        return paid[parts]

    best = _nearest(total, before, int(one * before / unscaled))
    tree, what, was, now = scaled_tree(reform.after, best / one)
    return Scaled(reform.with_tree(tree), what, best / one, was, now, unscaled, paid[best] - before)


def _nearest(total: Callable[[int], int], wanted: int, start: int) -> int:
    """The number whose total is nearest to what is wanted, where totals rise with it: along the line that the last two
    totals make, then between one that is too low and one that is too high."""
    at, last = max(start, 1), (0, 0)
    low: tuple[int, int] | None = None
    high: tuple[int, int] | None = None
    for n in range(_TRIES):
        here = at, total(at)
        if here[1] == wanted:
            return at
        low, high = (here, high) if here[1] < wanted else (low, here)
        if low and high and high[0] - low[0] <= 1:
            break
        rise = Fraction(here[1] - last[1], here[0] - last[0]) if here != last else Fraction(0)
        step = int((wanted - here[1]) / rise) if rise > 0 else 0
        side = 1 if here[1] < wanted else -1
        at, last = here[0] + (step + side) * (1 if low and high else 1 + n // 4), here
        if low and high:
            at = min(max(at if n % 3 else (low[0] + high[0]) // 2, low[0] + 1), high[0] - 1)
        at = max(at, 0)
    ends = [end for end in (low, high) if end]
    return min(ends, key=lambda end: (abs(end[1] - wanted), end[0]))[0]


def checks(
    reform: LoadedReform,
    before: Mapping[str, int | None],
    after: Mapping[str, int | None],
    scaled: Scaled | None = None,
) -> tuple[FundingCheck, ...]:
    """The reform's rule of funding, checked on the pence of each item before and after; none where it has no rule.

    A reform that was scaled is within fixed resources with the remainder that no nearer value could take away.
    """
    rule = reform.file.funding
    if rule is None:
        return ()
    unknown = [code for side in (before, after) for code, paid in side.items() if paid is None]
    if unknown:
        what = f"Not checked: what {unknown[0]} pays is not known."
        return (FundingCheck(rule.rule, None, None, None, what),)
    sums = [sum(paid or 0 for paid in side.values()) for side in (before, after)]
    more = sums[1] - sums[0]
    if rule.rule == FIXED:
        what = "It costs what is paid now, to the penny." if not more else f"It costs {_side(more)} than is paid now."
        return (FundingCheck(FIXED, more, 0, more == (scaled.remainder if scaled else 0), what),)
    if rule.rule == NEW_MONEY:
        amount = int((rule.amount.known() if rule.amount else Fraction(0)) * 100)
        what = f"It costs {_side(more)} than is paid now; the new money is {say.money(amount)}."
        return (FundingCheck(NEW_MONEY, more, amount, more <= amount, what),)
    parts = {part for one in reform.stratified.values() for part in one.into}
    return (_new_funding(before, after, parts),)


def _new_funding(before: Mapping[str, int | None], after: Mapping[str, int | None], parts: Set[str]) -> FundingCheck:
    """What the items that were there pay together must not fall: what is new is paid on top. The parts of an item that
    becomes several were there."""
    old = sum(paid or 0 for paid in before.values())
    kept = sum(paid or 0 for code, paid in after.items() if code in before or code in parts)
    new = sum(paid or 0 for code, paid in after.items() if code not in before and code not in parts)
    what = f"New items pay {say.money(new)}; the items that were there pay {_side(kept - old)} than now."
    return FundingCheck(NEW_FUNDING, kept - old, 0, kept >= old, what)


def _side(more: int) -> str:
    if not more:
        return "no more and no less"
    return f"{say.money(abs(more))} {'more' if more > 0 else 'less'}"
