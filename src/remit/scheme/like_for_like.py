"""One year's counts under another year's scheme: which items they can be priced by, and why the others cannot.

An item is priced where it has the same code in both years and its pay is known in both. Whatever takes the place of
another counts other people, or people whom nobody counted before: its old counts are not put in their place.
"""

from __future__ import annotations

from dataclasses import dataclass

from remit.core.words import listed
from remit.scheme.comparison import ItemChange, compare
from remit.scheme.model import Item, Scheme


@dataclass(frozen=True)
class NotComparable:
    """An item that one year's counts cannot be priced by, with those of the other year and why."""

    item: str
    before: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class LikeForLike:
    """The scheme that prices: the items of both years, at the other year's worth, value of a point and average list.

    `otherwise` are those among them that count others than before, each with what is different.
    """

    scheme: Scheme
    named: Scheme
    items: tuple[str, ...]
    otherwise: tuple[tuple[str, str], ...]
    left: tuple[NotComparable, ...]


def like_for_like(before: Scheme, after: Scheme) -> LikeForLike:
    """The items of `before` that its counts can be priced by as `after` has them."""
    found = compare(before, after)
    both = [item for item in after.items if any(item.item == old.item for old in before.items)]
    known = [item for item in both if not item.kind.missing() and not before.item(item.item).kind.missing()]
    codes = tuple(item.item for item in known)
    otherwise = [(item.item, why) for item in known if (why := _counted_otherwise(before, after, item))]
    left = [_replaced(after, before, change) for change in found.changed if change.replaced]
    left += [NotComparable(item.item, (), f"New: {before.year} has no counts of it.") for item in found.new]
    left += [
        NotComparable(item.item, (item.item,), f"Its {item.kind.missing()} must be looked up first.")
        for item in both
        if item not in known
    ]
    left += [NotComparable("", (item.item,), "Retired: nothing takes its place.") for item in found.retired]
    weights = before.weights
    if weights.list and after.weights.list:
        divisor = {"over": after.weights.list.over, "over_at": after.weights.list.over_at}
        weights = weights.model_copy(update={"list": weights.list.model_copy(update=divisor)})
    laid = {item.item: item for item in known}
    items = tuple(
        old.model_copy(update={"pays": laid[old.item].pays}) if old.item in laid else old for old in before.items
    )
    scheme = before.model_copy(update={"items": items, "point": after.point, "weights": weights})
    return LikeForLike(scheme, after, codes, tuple(otherwise), tuple(left))


def _counted_otherwise(before: Scheme, after: Scheme, item: Item) -> str:
    """What an item counts otherwise than before, in the words of its new version."""
    if not item.indicators:
        return ""
    old, new = before.indicator(before.item(item.item).indicators[-1]), after.indicator(item.indicators[-1])
    return new.changed if (old.indicator, old.version) != (new.indicator, new.version) else ""


def _replaced(after: Scheme, before: Scheme, change: ItemChange) -> NotComparable:
    """Why counts of what is replaced do not stand for what takes the place."""
    codes = tuple(item.item for item in change.befores)
    if change.others:
        return NotComparable(change.after.item, codes, _of_several(before, change))
    changed = after.indicator(change.after.indicators[-1]).changed if change.after.indicators else ""
    why = f"{changed} The counts of {codes[0]} are of other people.".strip()
    return NotComparable(change.after.item, codes, why)


def _of_several(scheme: Scheme, change: ItemChange) -> str:
    """One that takes the place of several: its points are theirs together, its patients are not."""
    codes = listed([item.item for item in change.befores])
    groups = {scheme.indicator(item.indicators[-1]).group for item in change.befores if item.indicators}
    points = "Their points may be added" if change.gain == 0 else "Their points may be set beside its own"
    if len(groups) > 1:
        return f"{points}, their patients may not: a patient may be on more than one of {codes}, and counts once now."
    return f"{points}, their patients may not: {codes} count each by itself, and how many had all is in neither."
