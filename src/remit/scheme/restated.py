"""What a scheme of another year must say anew when it is laid over one: `restate: [point.value, terms.balance.due]`.

A value that changes from year to year is otherwise taken over unseen. Only a file that is laid over one of another year
is asked, and it may give the same value again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from remit.core.problems import refuse
from remit.core.words import listed
from remit.scheme.source import Source


def check_restated(merged: Source) -> Source:
    """The same source. Raises Refused where the upper file is of another year and leaves out what must be restated."""
    base, over = merged.base, merged.own
    if base is None or over is None or merged.tree.get("year") == base.tree.get("year"):
        return merged
    asked = base.tree.get("restate")
    named = [name for name in asked if isinstance(name, str)] if isinstance(asked, list) else []
    own = set(names_in(over.tree))
    gone = over.tree.get("removed", [])
    missing = [name for name in named if not is_named(name, own) and name.partition(".")[0] not in gone]
    if missing:
        year, before = merged.tree.get("year"), base.tree.get("year")
        what = f"the file is of {year}; {over.tree.get('extends')}, of {before}, asks each year to restate"
        place = over.place(("year",) if "year" in over.tree else ("extends",))
        hint = "Give each with its value of this year, even where it stays the same."
        raise refuse("scheme.not-restated", f"{what} {listed(missing)}.", place, hint, names=missing)
    return merged


def is_named(name: str, names: Iterable[str]) -> bool:
    """Whether one of the names is that of a value, or of one below it."""
    return any(one == name or one.startswith(f"{name}.") for one in names)


def names_in(tree: Any, name: str = "") -> Iterator[str]:
    """The names of all values of a file: `point.value`, and those of an item by its code, `1a.linear.lower`."""
    if isinstance(tree, dict):
        for key, part in tree.items():
            if key == "items" and not name and isinstance(part, list):
                for item in part:
                    if isinstance(item, dict) and isinstance(item.get("item"), str):
                        yield from _names_of_item(item)
            else:
                yield from names_in(part, f"{name}.{key}" if name else str(key))
    else:
        yield name


def _names_of_item(item: dict[str, Any]) -> Iterator[str]:
    """Those of an item; what it pays is named by the keys of its kind, as where a run supplies it."""
    for key, part in item.items():
        below = list(part.values()) if key == "pays" and isinstance(part, dict) else []
        for one in below:
            yield from names_in(one, item["item"])
        yield from names_in(part, f"{item['item']}.{key}")
