"""How two schemes differ, as text and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from remit.cli.layout import grid, heading, indented
from remit.core import say
from remit.core.rounding import exact_text
from remit.scheme.comparison import ABSENT, Change, Comparison
from remit.scheme.model import Item

_WHAT = ("What", "left")


def difference(found: Comparison) -> Iterator[RenderableType]:
    """The sentence first, then the items that went, came and changed, then all else."""
    before, after = found.before.scheme, found.after.scheme
    yield Text(f"{say.sentence(found.summary())}", style="bold")
    yield Text(f"From {before} to {after}.", style="dim")
    if found.none:
        return
    yield from _listed("Retired", found.retired)
    yield from _listed("New", found.new)
    if found.changed:
        yield heading(f"Changed: {len(found.changed)}")
        rows = [
            [change.after.item if n == 0 else "", each.name, each.before, each.after]
            for change in found.changed
            for n, each in enumerate(change.changes)
        ]
        yield indented(_changes([("Item", "left"), _WHAT], rows, before, after))
    if found.same:
        yield Text(f"\n{found.same} {'item is' if found.same == 1 else 'items are'} the same.")
    for name, changes in found.sections.items():
        yield heading(name)
        rows = [[say.clean(each.name), each.before, each.after] for each in changes]
        yield indented(_changes([_WHAT], rows, before, after))


def _changes(
    first: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]], before: str, after: str
) -> RenderableType:
    table = grid(*first, (before, "left"), (after, "left"), rows=[[say.clean(cell) for cell in row] for row in rows])
    table.columns[0].no_wrap = len(first) > 1
    for column in table.columns[len(first) :]:
        column.ratio = 1
    return table


def _listed(name: str, some: Sequence[Item]) -> Iterator[RenderableType]:
    if not some:
        return
    yield heading(f"{name}: {len(some)}")
    rows = [[item.item, say.clean(item.title), _worth(item), _labels(item)] for item in some]
    columns = [("Item", "left"), ("What is measured", "left"), ("Worth", "right")]
    labelled = any(row[3] for row in rows)
    table = grid(
        *columns,
        *([("Label points", "right")] if labelled else []),
        rows=rows if labelled else [row[:3] for row in rows],
    )
    table.columns[0].no_wrap = True
    yield indented(table)


def _worth(item: Item) -> str:
    most = item.kind.most_earned()
    if most is None:
        return "not set" if item.kind.by_figures and not item.kind.missing() else "not known"
    if item.kind.unit == "points":
        return f"{exact_text(most)} {'point' if most == 1 else 'points'}"
    if item.kind.unit == "pounds":
        return f"{say.pounds(most)} at most"
    return say.per_head(most)


def _labels(item: Item) -> str:
    return item.label_points.text if item.label_points else ""


def difference_data(found: Comparison) -> dict[str, Any]:
    """The same as data: amounts as exact decimals in text; a side that does not have a thing is null."""
    return {
        "before": found.before.scheme,
        "after": found.after.scheme,
        "summary": found.summary(),
        "retired": [_item(item) for item in found.retired],
        "new": [_item(item) for item in found.new],
        "changed": [
            {
                "item": change.after.item,
                "replaces": change.before.item if change.replaced else None,
                "title": say.clean(change.after.title),
                "changes": _data(change.changes),
            }
            for change in found.changed
        ],
        "same": found.same,
        **{name: _data(changes) for name, changes in found.sections.items()},
    }


def _item(item: Item) -> dict[str, str | None]:
    most = item.kind.most_earned()
    return {
        "item": item.item,
        "title": say.clean(item.title),
        "most": None if most is None else exact_text(most),
        "unit": item.kind.unit,
        "label_points": _labels(item) or None,
    }


def _data(changes: Sequence[Change]) -> list[dict[str, str | None]]:
    def side(text: str) -> str | None:
        return None if text == ABSENT else say.clean(text)

    return [{"what": each.name, "before": side(each.before), "after": side(each.after)} for each in changes]
