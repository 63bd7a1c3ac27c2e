"""Retirement as a parameter: the items that a run leaves out, as `retired=AF001,CHD002` names them.

The scheme says which of its parameters names them (`retires`); the parameter says what share of the items may go
(`most`). The scheme itself stays whole, so that a run can be made again with other items retired.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from remit.core.problems import did_you_mean
from remit.scheme.model import Scheme
from remit.scheme.parameters import NO_ITEMS, Parameter

_BOTH = "Name both of them, or neither."


def named(text: str) -> tuple[str, ...]:
    """The codes in `AF001, CHD002`, each once; none in `none`."""
    codes = (code.strip() for code in text.split(","))
    return tuple(dict.fromkeys(code for code in codes if code and code != NO_ITEMS))


def most_items(scheme: Scheme, parameter: Parameter) -> int | None:
    """How many items a parameter may name, of those of the scheme; None where there is no limit, or none is known."""
    if parameter.most is None or parameter.most.value is None:
        return None
    return int(parameter.most.value * len(scheme.items))


def faults(scheme: Scheme, parameter: Parameter, text: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the items that a parameter is to name: message and hint, for each."""
    known, codes = [item.item for item in scheme.items], named(text)
    for code in codes:
        if code not in known:
            yield f"there is no item '{code}' in {scheme.scheme}.", did_you_mean(code, known)
    for item in scheme.items:
        if item.kind.gated_by in codes and item.item not in codes:
            yield f"{item.kind.gated_by} chooses the table of {item.item}, which stays.", _BOTH
        for code in item.leans_on:
            if code in codes and item.item not in codes:
                yield f"{item.item} rests on {code} and stays.", _BOTH
    limit = most_items(scheme, parameter)
    if limit is not None and len(codes) > limit:
        share = f"{parameter.most} of the {len(known)} items of {scheme.scheme}"
        yield f"{len(codes)} items are named; at most {limit} may be ({share}).", f"Leave out {len(codes) - limit}."
    elif len(codes) >= len(known):
        yield f"every item of {scheme.scheme} is named: nothing would be left.", ""


def in_force(scheme: Scheme, settings: Mapping[str, str]) -> Scheme:
    """The scheme without the items that these settings retire; the scheme itself where they retire none."""
    codes = named(settings.get(scheme.retires, "")) if scheme.retires else ()
    if not codes:
        return scheme
    return scheme.model_copy(update={"items": tuple(item for item in scheme.items if item.item not in codes)})
