"""One scheme file laid over another: `extends`, `removed`, and what is replaced as a whole or key by key."""

from __future__ import annotations

from typing import Any

from remit.core.problems import did_you_mean, refuse
from remit.scheme.source import Key, Source

# How deep an overlay is laid key by key; a key that is not here is replaced as a whole.
_MERGED_DEPTH = {"sources": 1, "parameters": 1, "obligations": 1, "weights": 3, "terms": 2}


def lay_over(base: Source, over: Source) -> Source:
    """What `over` says, on what `base` says.

    Items are replaced by their code or added; the keys of sources, parameters, obligations, weights and terms one by
    one; everything else as a whole.
    """
    merged = Source(over.name, {})
    merged.places[()] = over.place(())
    for key in dict.fromkeys([*base.tree, *over.tree]):
        if key not in ("items", "removed"):
            merged.tree[key] = _laid(base, over, merged, (key,), _MERGED_DEPTH.get(key, 0))
    _lay_items(base, over, merged)
    return merged


def _laid(base: Source, over: Source, merged: Source, path: Key, depth: int) -> Any:
    """The value at a path: key by key down to `depth` where both have keys, else that of `over` if it has one."""
    below, above = _at(base, path), _at(over, path)
    origin = base if above is None else over
    if depth and isinstance(below, dict) and isinstance(above, dict) and "value" not in below and "value" not in above:
        for places, known in ((merged.places, over.places), (merged.key_places, over.key_places)):
            if path in known:
                places[path] = known[path]
        return {k: _laid(base, over, merged, (*path, k), depth - 1) for k in dict.fromkeys([*below, *above])}
    copy_places(origin, path, merged, path)
    return above if origin is over else below


def _at(source: Source, path: Key) -> Any:
    here: Any = source.tree
    for part in path:
        here = here.get(part) if isinstance(here, dict) else None
    return here


def _lay_items(base: Source, over: Source, merged: Source) -> None:
    removed = over.tree.get("removed", [])
    lists = {id(s): s.tree.get("items") for s in (base, over)}
    if not isinstance(removed, list) or any(not isinstance(i, list) for i in lists.values() if i is not None):
        raise refuse("scheme.lists-expected", "'items' and 'removed' are lists.", over.place(("items",)))
    entries: dict[str, tuple[Source, Key, Any]] = {}
    for origin in (base, over):
        for n, item in enumerate(lists[id(origin)] or []):
            code = item.get("item", f"#{n}") if isinstance(item, dict) else f"#{n}"
            if origin is base and code in removed:
                continue
            name = code if origin is base or code in entries else f"{code}\0{n}"
            entries[name] = (origin, ("items", n), item)
    known = [item.get("item") for item in lists[id(base)] or [] if isinstance(item, dict)]
    for n, code in enumerate(removed):
        if code not in known:
            hint = did_you_mean(str(code), [c for c in known if c])
            raise refuse(
                "scheme.item-unknown",
                f"there is no item '{code}' to remove.",
                over.place(("removed", n)),
                hint,
                name=code,
            )
    merged.tree["items"] = [item for _, _, item in entries.values()]
    merged.places[("items",)] = over.place(("items",))
    for n, (origin, path, _) in enumerate(entries.values()):
        copy_places(origin, path, merged, ("items", n))


def copy_places(origin: Source, path: Key, target: Source, new: Key) -> None:
    """Note in `target`, at and below `new`, where what stands at and below `path` is in its own file."""
    for places, into in ((origin.places, target.places), (origin.key_places, target.key_places)):
        for known, place in places.items():
            if known[: len(path)] == path:
                into[new + known[len(path) :]] = place
