"""What full achievement of a scheme pays one practice, before anybody is counted: the head of its card."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from remit.core.rounding import scaled
from remit.core.sharing import split
from remit.scheme.model import Item, Scheme

EXAMPLE_LIST = 10_000
"""The list of a practice taken as the example where a scheme names no average one."""


@dataclass(frozen=True)
class FullAchievement:
    """What a practice gets that achieves all, in pence, with every prevalence and target population as the nation's.

    `patients` is the list that this is for, None where no list matters; `average` says that it is the nation's.
    `unpriced` are the items whose worth nobody has said yet, `unlimited` those that pay by their figures.
    Neither are in `pence`, which is None where nothing is known. `to_network` is what a network gets beside it for the
    items that are paid to networks, whatever its list; None where that is not known.
    """

    pence: int | None
    patients: Fraction | None
    average: bool
    unpriced: tuple[str, ...] = ()
    unlimited: tuple[str, ...] = ()
    to_network: int | None = 0


def full_achievement(scheme: Scheme, patients: int | None = None) -> FullAchievement:
    """Priced for a list of so many patients; without one, for the national average list, or for 10,000."""
    by_list = scheme.weights.list
    average = by_list.over.value if by_list else None
    size = None
    if scheme.heads or average:
        size = Fraction(patients) if patients is not None else average or Fraction(EXAMPLE_LIST)
    weighed = by_list.list.paid_as(size) if by_list else None
    factor = scheme.rounding.list.apply(weighed / average) if weighed is not None and average else Fraction(1)
    found = {
        item.item: pence
        for item in scheme.to_practices()
        if item.item not in scheme.within and (pence := _pence(scheme, item, size, factor)) is not None
    }
    for limit in scheme.limits:
        codes = [code for code in scheme.limited(limit) if code in found]
        came_to = sum(found[code] for code in codes)
        if limit.at_most and not limit.missing and limit.pence_for(came_to) < came_to:
            parts = split(limit.pence_for(came_to), [Fraction(found[code]) for code in codes])
            found.update(zip(codes, parts, strict=True))
    known = list(found.values())
    missing = {item.item for item in scheme.unpriced()}
    to_network = [_pence(scheme, item, None, Fraction(1)) for item in scheme.through_networks() if scheme.pays_both]
    open_ = [i.item for i in scheme.to_practices() if i.most is None and i.item not in scheme.within]
    return FullAchievement(
        sum(known) if known and (sum(known) or not open_) else None,  # a gate that pays nothing tells nothing
        size,
        patients is None and average is not None,
        tuple(code for code in open_ if code in missing),
        tuple(code for code in open_ if code not in missing),
        None if None in to_network else sum(pence or 0 for pence in to_network),
    )


def _pence(scheme: Scheme, item: Item, size: Fraction | None, factor: Fraction) -> int | None:
    """One item in full; None where it is not known."""
    most = item.most
    if most is None:
        return None
    if item.kind.unit == "pounds per weighted head":
        heads = scheme.heads.paid_as(size) if scheme.heads else size
        amount = most * heads if heads is not None else None
    elif item.kind.unit == "points":
        value = scheme.point.value.value if scheme.point else None
        weight = factor if "list" in item.weights else Fraction(1)
        amount = None if value is None else most * scheme.rounding.pounds_per_point.apply(value * weight)
    else:
        amount = most
    if amount is None:
        return None
    for clause in item.clauses:
        amount = clause.at_best(amount)
    rounded = scheme.rounding.pounds.apply(amount)
    return scaled(rounded.numerator, rounded.denominator, 2)
