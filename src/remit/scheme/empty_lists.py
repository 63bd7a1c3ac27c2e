"""Empty lists in a file: refused where they say nothing, kept where they take away what the file below says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from remit.core.problems import Problem, error
from remit.scheme.faults import named
from remit.scheme.overlay import replaces, same_part
from remit.scheme.source import Key, Source

_KEPT = {("indicators",), ("groups",)}
"""A run keeps its scheme with the indicators and groups that it uses, and says so where there are none."""

_NO_STEP = ("steps", "tables")
"""A table without steps says that nothing is paid there."""


def empty_lists(source: Source, apart: tuple[str, ...] = ()) -> Iterator[Problem]:
    """Every list of a file that is empty and says nothing, but in the keys that stand `apart`.

    In a file that is laid over another, an empty list that takes the place of one with parts says: none of these.
    """
    own = source.own or source
    for path in _empty(own.tree, source.base.tree if source.base else None, ()):
        if path not in _KEPT and path[0] not in apart and path[-1:-4:-2] != _NO_STEP:
            yield error(
                "scheme.empty-list",
                f"{named(own, path)}: an empty list says nothing.",
                own.place(path),
                "Leave the key out, or list what it is of.",
                key=path,
            )


def _empty(value: Any, below: Any, path: Key) -> Iterator[Key]:
    """The paths of empty lists; `below` is what the lower file has in the same place, None where nothing is."""
    if isinstance(value, dict):
        for key, part in value.items():
            under = below.get(key) if isinstance(below, dict) else None
            yield from _empty(part, under if replaces((*path, key)) else None, (*path, key))
    elif isinstance(value, list):
        if not value and not below:
            yield path
        for n, part in enumerate(value):
            yield from _empty(part, same_part(path, part, below), (*path, n))


def without_empty(tree: dict[str, Any]) -> dict[str, Any]:
    """A whole scheme without the empty lists that took away what a file below said: it rests on none."""
    return {key: _pruned(part) for key, part in tree.items() if part != [] or (key,) in _KEPT}


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _pruned(part) for key, part in value.items() if part != []}
    return [_pruned(part) for part in value] if isinstance(value, list) else value
