"""One scheme file laid over another: `extends`, `removed`, and what is replaced as a whole or key by key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from remit.core.problems import Place, Problem, did_you_mean, refuse
from remit.scheme.numbers import note_subject
from remit.scheme.source import Key, Source

_MERGED_DEPTH = {
    "sources": 1, "parameters": 1, "obligations": 1, "background": 1, "weights": 3, "terms": 2,
    **dict.fromkeys(("rounding", "heads", "claims", "networks", "monitoring", "scaled_to", "small_numbers"), 1),
}  # fmt: skip
"""How deep an overlay is laid key by key; a key that is not here is replaced as a whole."""

_PART_DEPTH = 2
"""The same below a part that has a code: what an item pays, key by key; its guard, and the rates of that."""

_BY_CODE = {"items": "item", "indicators": "indicator", "groups": "group"}
"""The lists whose parts have a code: one of the same code is laid over the other's key by key, new ones are added."""


def lay_over(base: Source, over: Source) -> Source:
    """What `over` says, on what `base` says.

    Items, indicators and groups are found by their codes: what `over` says of one is laid over it key by key, and the
    rest of it stays. So are most other parts; sums, places and plain lists are replaced as a whole.
    """
    merged = Source(over.name, {}, base=base, own=over)
    merged.places[()] = over.place(())
    for key in dict.fromkeys([*base.tree, *over.tree]):
        if key == "payment_period" and "achievement_date" in over.tree and key not in over.tree:
            continue  # that of the other file is of the day on which that file measures
        if key not in _BY_CODE and key != "removed":
            merged.tree[key] = _laid(base, over, merged, (key,), _MERGED_DEPTH.get(key, 0))
    removed = over.tree.get("removed", [])
    if not isinstance(removed, list):
        raise _no_list(over)
    for name in _BY_CODE:
        if name in base.tree or name in over.tree or name == "items":
            _lay_list(base, over, merged, name, removed if name == "items" else [])
    _check_removed(base, over, removed)
    return merged


def _laid(base: Source, over: Source, merged: Source, path: Key, depth: int) -> Any:
    """The value at a path: key by key down to `depth` where both have keys, else that of `over` if it has one."""
    below, above = _at(base, path), _at(over, path)
    origin = base if above is None else over
    if depth and isinstance(below, dict) and isinstance(above, dict) and not _one_thing(path, below, above):
        for places, known in ((merged.places, over.places), (merged.key_places, over.key_places)):
            if path in known:
                places[path] = known[path]
        return {k: _laid(base, over, merged, (*path, k), depth - 1) for k in dict.fromkeys([*below, *above])}
    copy_places(origin, path, merged, path)
    return above if origin is over else below


def _one_thing(path: Key, below: dict[str, Any], above: dict[str, Any]) -> bool:
    """Whether two maps are each one thing: a number with its source, or what an item pays in two different ways."""
    return "value" in below or "value" in above or (path == ("pays",) and not below.keys() & above.keys())


def _at(source: Source, path: Key) -> Any:
    here: Any = source.tree
    for part in path:
        here = here.get(part) if isinstance(here, dict) else None
    return here


def replaces(path: Key) -> bool:
    """Whether what stands at a path takes the place of what the lower file has there, or is laid over it."""
    if path[0] in _BY_CODE:
        return len(path) < 3 or len(path) - 3 <= _PART_DEPTH
    return len(path) - 1 <= _MERGED_DEPTH.get(str(path[0]), 0)


def same_part(path: Key, part: Any, listed: Any) -> Any:
    """The part of a list of the lower file that one of the upper file is laid over: it has the same code."""
    code_of = _BY_CODE.get(str(path[0])) if len(path) == 1 else None
    code = part.get(code_of) if code_of and isinstance(part, dict) else None
    if code is None or not isinstance(listed, list):
        return None
    return next((one for one in listed if isinstance(one, dict) and one.get(code_of) == code), None)


def _lay_list(base: Source, over: Source, merged: Source, name: str, removed: list[Any]) -> None:
    """A list whose parts have codes. One that is removed and given again is the new one, and stands last."""
    code_of = _BY_CODE[name]
    parts: dict[str, Source] = {}
    of_base, of_over = _parts(base, name), _parts(over, name)
    for n, code in _codes(base, over, name, code_of):
        if code not in removed:
            parts[code if code not in parts else f"{code}\0base {n}"] = of_base[n]
    laid: set[str] = set()
    for n, code in _codes(over, over, name, code_of):
        part = of_over[n]
        name_of = f"{code}\0{n}" if code in laid else code  # twice in one file: the checks say so
        parts[name_of] = _over_part(parts[code], part) if code in parts else part
        laid.add(code)
    merged.tree[name] = [part.tree for part in parts.values()]
    merged.places[name,] = over.place((name,))
    for n, part in enumerate(parts.values()):
        copy_places(part, (), merged, (name, n))


def _codes(source: Source, over: Source, name: str, code_of: str) -> Iterator[tuple[int, str]]:
    """Where each part of a list stands, and its code; one without a code has a name that no other has."""
    parts = source.tree.get(name, [])
    if not isinstance(parts, list):
        raise _no_list(over)
    for n, part in enumerate(parts):
        code = part.get(code_of) if isinstance(part, dict) else None
        yield n, code if isinstance(code, str) else f"\0{source.name} {n}"


def _parts(source: Source, name: str) -> list[Source]:
    """The parts of a list, each with its own places: one pass over the file's places serves them all."""
    listed = source.tree.get(name, [])
    if not isinstance(listed, list):
        return []  # refused where the codes are read
    parts = [Source(source.name, value) for value in listed]
    for known, place in source.places.items():
        if len(known) > 1 and known[0] == name:
            parts[int(known[1])].places[known[2:]] = place
    for known, place in source.key_places.items():
        if len(known) > 1 and known[0] == name:
            parts[int(known[1])].key_places[known[2:]] = place
    return parts


def _over_part(below: Source, above: Source) -> Source:
    """What `above` says of a part, and what `below` says of it and `above` does not."""
    merged = Source(above.name, {})
    merged.places[()] = above.place(())
    keys = dict.fromkeys([*below.tree, *above.tree])
    if (
        "pays" in below.tree
        and "note" not in above.tree
        and note_subject(str(below.tree.get("note", ""))) & _changed(below, above)
    ):
        keys.pop("note")  # it is about a number that is another now
    for key in keys:
        merged.tree[key] = _laid(below, above, merged, (key,), _PART_DEPTH)
    return merged


def _changed(below: Source, above: Source) -> set[str]:
    """The keys of an item, and of what it pays, that the upper file gives; all, where it pays in another way."""
    pays = [kinds if isinstance(kinds := part.tree.get("pays"), dict) else {} for part in (above, below)]
    kinds_ = pays[:1] if not pays[0] or pays[0].keys() & pays[1].keys() else pays
    return {
        *above.tree,
        *(key for kinds in kinds_ for kind in kinds.values() if isinstance(kind, dict) for key in kind),
    }


def _no_list(over: Source) -> Exception:
    return refuse("scheme.lists-expected", "'items' and 'removed' are lists.", over.place(("items",)))


def _check_removed(base: Source, over: Source, removed: list[Any]) -> None:
    known = [code for _, code in _codes(base, over, "items", "item") if not code.startswith("\0")]
    for n, code in enumerate(removed):
        if code not in known:
            raise refuse(
                "scheme.item-unknown",
                f"there is no item '{code}' to remove.",
                over.place(("removed", n)),
                did_you_mean(str(code), known),
                name=code,
            )


def copy_places(origin: Source, path: Key, target: Source, new: Key) -> None:
    """Note in `target`, at and below `new`, where what stands at and below `path` is in its own file."""
    depth = len(path)
    for known in origin.under(path):
        target.places[new + known[depth:]] = origin.places[known]
    for known in origin.under(path, of_keys=True):
        target.key_places[new + known[depth:]] = origin.key_places[known]


def in_the_overlay(problem: Problem, merged: Source) -> Problem:
    """A problem that only comes of laying one file over another, named in the upper file, which its author can mend.

    It is put where the upper file speaks of the same part; else where it has one of the names that the problem is
    about, such as an item that it removes; else at `extends`. The hint says where the lower file has it.
    """
    over, place = merged.own, problem.place
    if over is None or place is None or place.file == over.name:
        return problem
    path = next((path for path, known in merged.places.items() if known == place), ())
    while path and merged.place(path).file != over.name:
        path = path[:-1]
    about = {str(value) for value in problem.data.values()}
    own = merged.place(path) if (path and path[0] not in _BY_CODE) or len(path) > 1 else over.place(("extends",))
    if len(path) < 2:
        own = next((over.place(p) for p, text in _leaves(over.tree) if text in about and p[0] in _SPEAKS), own)
    below = f"It comes from {Place(place.file.rpartition('/')[2], place.line, place.column)}, which this file extends."
    return replace(problem, place=own, hint=f"{problem.hint} {below}".strip())


_SPEAKS = ("removed", "year", "achievement_date", "retires")
"""The keys by which a file changes what the other one says elsewhere."""


def _leaves(value: Any, path: Key = ()) -> Iterator[tuple[Key, str]]:
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(part, (*path, key))
    else:
        yield path, str(value)
