"""One scheme, to be read: its card, its boundary table, what in it is not verified, or the whole as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from remit.application.schemes import evaluate as schemes
from remit.core.problems import did_you_mean, refuse
from remit.documents.scheme_card.boundaries import boundary_data
from remit.documents.scheme_card.model import Coverage, SchemeCard
from remit.pricing.full_achievement import full_achievement
from remit.scheme import Scheme, frozen_text, load_scheme
from remit.scheme.dump import dump
from remit.scheme.loader import find, read_with_bases
from remit.scheme.variants import ids_that_name

__all__ = [
    "Scheme",
    "SchemeCard",
    "ShowRequest",
    "boundaries_as_data",
    "card_of",
    "evaluate",
    "scheme_as_data",
    "schemes",
    "text_of",
]


@dataclass(frozen=True)
class ShowRequest:
    """Which scheme, by id or path; which of its items the boundary table is wanted of, all where none is named."""

    reference: str
    items: tuple[str, ...] = ()


def evaluate(request: ShowRequest) -> Scheme:
    """The scheme. Raises Refused where there is none, or where it has no such item."""
    scheme = load_scheme(request.reference)
    codes = [one.item for one in scheme.items]
    for code in request.items:
        if code not in codes:
            what = f"there is no item '{code}' in {scheme.scheme}."
            hint = did_you_mean(code, codes)
            raise refuse("scheme.item-unknown", what, None, hint, item=code, scheme=scheme.scheme)
    return scheme


def card_of(scheme: Scheme, patients: int | None = None) -> SchemeCard:
    """What a card shows. `patients` is the list of the practice for which full achievement is priced."""
    return SchemeCard(scheme, full_achievement(scheme, patients), _coverage(scheme), _places(scheme))


def scheme_as_data(scheme: Scheme) -> dict[str, Any]:
    """The whole scheme as plain data, with each number's value, unit, source and standing."""
    return dump(scheme)


def boundaries_as_data(scheme: Scheme, items: tuple[str, ...]) -> dict[str, Any]:
    """The boundary table as plain data."""
    return boundary_data(scheme, items)


def text_of(scheme: Scheme) -> str:
    """The scheme as one file, which rests on no other."""
    return frozen_text(scheme)


def _coverage(scheme: Scheme) -> Coverage:
    from remit.evaluation.plan import plan
    from remit.evaluation.years import of_other_years
    from remit.rules.outlines import outlines

    planned = plan(scheme, outlines(scheme.year))
    items = {code for item in scheme.items for code in (item.item, *item.indicators)}
    others = of_other_years(planned.elsewhen)
    by_status: dict[str, list[str]] = {}
    for one in planned.counted:
        if one.subject in items:
            status = "of other years" if one.definition.code in others else one.definition.status
            by_status.setdefault(status, []).append(one.subject)
    only = tuple(subject for subject, why in planned.supplied.items() if "counts only" in why)
    return Coverage({status: tuple(codes) for status, codes in by_status.items()}, only, bool(others))


def _places(scheme: Scheme) -> Mapping[str, str]:
    """The names of the places of this scheme and of its variants: a budget may be printed for all of them."""
    family = scheme.family if any(line.place not in scheme.places for line in scheme.budgets) else None
    others = [read_with_bases(find(name)).tree for name in ids_that_name(family)] if family else []
    variants = [other.get("places", {}) for other in others if other.get("family") == scheme.family]
    return {code: name for places in (*variants, scheme.places) for code, name in places.items()}
