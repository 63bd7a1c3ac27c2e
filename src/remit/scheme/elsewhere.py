"""A real key in a part of the file that does not have it: in which part it stands."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pydantic import BaseModel

from remit.core import say
from remit.scheme.agreements import Networks, PaidInAdvance, PaidOnActivity, Recovery, Terms
from remit.scheme.model import Item, Scheme
from remit.scheme.pays import PAYS

_MOST = 3
"""As many parts as are named."""


@cache
def _parts() -> dict[str, list[str]]:
    """By key, the parts that have it: the file's top, an item, the kinds, the terms."""
    found: dict[str, list[str]] = {}
    for part, model in _models():
        for name, field in model.model_fields.items():
            found.setdefault(field.alias or name, []).append(part)
    for kind in PAYS:
        found.setdefault(kind, []).append("under 'pays' of an item")
    return found


def _models() -> Iterator[tuple[str, type[BaseModel]]]:
    yield "at the top of the file", Scheme
    yield "on an item", Item
    yield "under 'terms'", Terms
    for name, model in (
        ("paid_in_advance", PaidInAdvance),
        ("paid_on_activity", PaidOnActivity),
        ("recovery", Recovery),
    ):
        yield f"in '{name}' of the terms", model
    yield "in 'networks'", Networks
    for name, branch in PAYS.items():
        kind = branch.model_fields[name].annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield f"in '{name}'", kind


def hint(name: str) -> str | None:
    """`'only_if' stands on an item.`; None for what is a key nowhere."""
    parts = _parts().get(name, [])
    if len(parts) > _MOST:
        return f"'{name}' stands {', '.join(parts[:_MOST])} and others."
    return f"'{name}' stands {say.listed(parts, 'or')}." if parts else None
