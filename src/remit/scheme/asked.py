"""What a scheme asks of practices: the lists that money goes by, further columns of the practices file, and PCAs."""

from __future__ import annotations

from remit.scheme.conditions import AcceptedScheme, AllOf, Condition
from remit.scheme.conditions.single import ACCEPTED
from remit.scheme.kinds import Activity
from remit.scheme.model import Item, Scheme

__all__ = ["ACCEPTED", "columns_named", "lists_needed", "only_if", "pca_rates_of"]


def columns_named(scheme: Scheme) -> tuple[str, ...]:
    """The columns of the practices file that conditions look at."""
    named = (name for item in scheme.items for _, when in item.conditions for name in when.columns())
    return tuple(dict.fromkeys((*([ACCEPTED] if scheme.only_with else ()), *named)))


def lists_needed(scheme: Scheme) -> set[str]:
    """The columns of the practices file with the lists that money, or a cap of it, goes by."""
    caps = [i.kind.most_per_1000 for i in scheme.items if isinstance(i.kind, Activity) and i.kind.most_per_1000]
    needed = {"list_size" if cap.of == "list" else "weighted_list_size" for cap in caps}
    needed |= {scheme.heads.column} if scheme.heads else set()
    return needed | ({scheme.weights.list.list.column} if scheme.weights.list else set())


def only_if(scheme: Scheme, item: Item) -> Condition | None:
    """The condition without which an item pays nothing: the item's own, and that other schemes are accepted."""
    if not scheme.only_with:
        return item.only_if
    accepted: list[Condition] = [AcceptedScheme(accepted=name) for name in scheme.only_with]
    every = [*accepted, *([item.only_if] if item.only_if else ())]
    return every[0] if len(every) == 1 else AllOf.model_validate({"all": every})


def pca_rates_of(scheme: Scheme) -> frozenset[str]:
    """The items whose PCAs a condition looks at."""
    return frozenset(code for item in scheme.items for _, when in item.conditions for code in when.pca_rates_of())
