"""Limits that leave nothing of what another key says: a least above a most, a limit of nothing, two limits of the same
items, a price that no activity reaches."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from remit.core import say
from remit.scheme.kinds import Activity
from remit.scheme.model import Scheme
from remit.scheme.quantity import Quantity
from remit.scheme.source import Key

Findings = Iterator[tuple[str, Key, str, dict[str, object]]]
_RULE = "lint.limits-at-odds"


def limits_at_odds(scheme: Scheme) -> Findings:
    """Each place where a limit, by itself or beside another, leaves a key without effect."""
    for path, message, item in (*_of_items(scheme), *_of_several(scheme)):
        yield _RULE, path, message, {"item": item}


def _of_items(scheme: Scheme) -> Iterator[tuple[Key, str, str]]:
    for n, item in enumerate(scheme.items):
        if item.at_most and item.at_most.value == 0:
            yield (
                ("items", n, "at_most"),
                f"{item.item} is paid at most {item.at_most}: it never pays anything.",
                item.item,
            )
        most, least = item.kind.most_earned(), _known(item.at_least)
        if item.kind.unit == "pounds" and most is not None and least is not None and least > most:
            what = f"{item.item} is paid at least {item.at_least}, and in full it earns {say.pounds(most)}."
            yield ("items", n, "at_least"), what, item.item
        if isinstance(item.kind, Activity) and item.kind.tiers:
            cap = item.kind.most_per_year.value if item.kind.most_per_year else None
            reached = sum(tier.many or 0 for tier in item.kind.tiers)
            if cap is not None and cap <= reached:
                last = item.kind.tiers[-1]
                what = (
                    f"{item.item} is paid for at most {item.kind.most_per_year} in the year: nobody reaches '{last}'."
                )
                yield ("items", n, "pays"), what, item.item


def _of_several(scheme: Scheme) -> Iterator[tuple[Key, str, str]]:
    leasts = {item.item: _known(item.at_least) or Fraction(0) for item in scheme.items}
    for n, limit in enumerate(scheme.limits):
        path: Key = ("limits", n)
        codes, most = frozenset(scheme.limited(limit)), _known(limit.at_most)
        if most == 0:
            yield (*path, "at_most"), f"{limit.words}: they never pay anything.", ""
            continue
        for code in sorted(codes):
            if most is not None and leasts[code] > most:
                what = f"{limit.words}, and {code} alone is paid at least {say.pounds(leasts[code])}."
                yield (*path, "at_most"), what, code
        for other in scheme.limits[:n]:
            theirs = frozenset(scheme.limited(other))
            if theirs == codes:
                yield (*path, "items"), f"{limit.whose} have a limit already: {other.words}.", ""
                continue
            for inner, outer in ((limit, other), (other, limit)):
                within = frozenset(scheme.limited(inner)) < frozenset(scheme.limited(outer))
                least, top = _known(inner.at_least), _known(outer.at_most)
                if within and least is not None and top is not None and least > top:
                    yield path, f"{inner.words}; and {outer.words}.", ""


def _known(amount: Quantity | None) -> Fraction | None:
    return None if amount is None else amount.value
