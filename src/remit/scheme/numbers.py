"""Every number of a scheme in one table: where it stands, its unit, its source and whether that was seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from remit.scheme.model import Cited, Scheme, walk
from remit.scheme.quantity import Quantity, Standing, Step


@dataclass(frozen=True)
class Number:
    """A number as a reader meets it: `items 4 / pays / linear / lower`, `40%`, its source's title and standing."""

    path: tuple[str | int, ...]
    item: str
    name: str
    text: str
    unit: str
    source: str
    standing: Standing
    note: str

    @property
    def label(self) -> str:
        return f"{self.item} {self.name}".strip()


def numbers(scheme: Scheme) -> Iterator[Number]:
    """All numbers, in the order of the file; source and standing are those of the nearest part that has them."""
    cites: dict[tuple[str | int, ...], tuple[str | None, Standing | None, str]] = {
        (): (scheme.source, scheme.standing, "")
    }
    for path, value in walk(scheme):
        if isinstance(value, Cited) or hasattr(value, "when"):
            cites[path] = (
                getattr(value, "source", None),
                getattr(value, "standing", None),
                getattr(value, "note", ""),
            )
        if not isinstance(value, Quantity | Step):
            continue
        source, standing, note = value.source, value.standing, getattr(value, "note", "")
        own = bool(source)
        for depth in range(len(path) - 1, -1, -1):
            above = cites.get(path[:depth])
            if above is None:
                continue
            if standing is None and not own:
                standing = above[1]
            if source is None:
                source, own = above[0], bool(above[0])
            note = note or (above[2] if standing == above[1] else "")
            if source and standing:
                break
        document = scheme.sources.get(source or "")
        standing = standing or (document.standing if document else None) or "unverified"
        item, name = _label(scheme, path)
        unit = "per cent" if isinstance(value, Step) else value.unit
        yield Number(path, item, name, value.text, unit, source or "", standing, note)


def _label(scheme: Scheme, path: tuple[str | int, ...]) -> tuple[str, str]:
    item = ""
    if path[0] == "items" and isinstance(path[1], int):
        item, path = scheme.items[path[1]].item, path[2:]
    elif path[0] == "budgets" and isinstance(path[1], int):
        item, path = f"budget of {scheme.budgets[path[1]].place}", path[2:]
    skipped = {"pays", "value", "terms", "weights"}
    parts = [str(part + 1) if isinstance(part, int) else part for part in path if part not in skipped]
    return item, " ".join(parts).replace("_", " ")
