"""How two schemes differ, as blocks and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from remit.core import say
from remit.core.rounding import exact_text
from remit.documents.blocks import Block, Cell, Column, Document, Heading, Para, Row, Table
from remit.documents.scheme_card.look_up import to_look_up
from remit.documents.scheme_difference_items import changed_items
from remit.scheme.comparison import ChangedPart, SchemeComparison
from remit.scheme.comparison_sections import ABSENT
from remit.scheme.model import Item

_IN_ALL = ("money", "totals")
"""The sections of the comparison that say what a scheme comes to."""


def difference(found: SchemeComparison, names: tuple[str, str] | None = None) -> Document:
    """The sentence first, then what it comes to, the items that came, went and changed, and all else.

    `names` are what the two are called, where their ids do not tell them apart.
    """
    before, after = names or (found.before.scheme, found.after.scheme)
    title = f"{after} beside {before}"
    return Document(title, tuple(_blocks(found, title, (before, after))), foot=f"From {before} to {after}")


def _blocks(found: SchemeComparison, title: str, names: tuple[str, str]) -> Iterator[Block]:
    before, after = names
    yield Heading(1, title)
    yield Para(say.sentence(found.summary()), "lead")
    yield Para(f"From {say.clean(found.before.title)} to {say.clean(found.after.title)}.")
    if found.none:
        return
    sides = (Column(before, 5), Column(after, 5))
    yield from _in_all(found, sides)
    yield from _items("New", found.new)
    yield from _items("Retired", found.retired)
    yield from changed_items(found, sides)
    yield from _still_to_look_up(found)
    for name, changes in found.sections.items():
        if name not in _IN_ALL:
            yield Heading(2, say.capital(name))
            yield _table(f"What changed: {name}", changes, sides)


def _in_all(found: SchemeComparison, sides: tuple[Column, Column]) -> Iterator[Block]:
    """What the scheme comes to: its money and its totals, each once."""
    changes = {each.name: each for name in _IN_ALL for each in found.sections.get(name, ())}
    if changes:
        yield Heading(2, "In all")
        yield _table("What changed in all", tuple(changes.values()), sides)


def _table(caption: str, changes: Sequence[ChangedPart], sides: tuple[Column, Column]) -> Table:
    rows = (Row((say.clean(each.name), say.clean(each.before), say.clean(each.after))) for each in changes)
    return Table(caption, (Column("What", 3), *sides), tuple(rows))


def _still_to_look_up(found: SchemeComparison) -> Iterator[Block]:
    """What the later scheme waits for and the earlier one does not: what reports say of it, and where it stands."""
    before = {thing.name for thing in to_look_up(found.before)}
    things = [one for one in to_look_up(found.after) if not one.taken and one.name not in before]
    if not things:
        return
    yield Heading(2, f"Still to be looked up: {len(things)} thing{'s'[: len(things) > 1]}")
    said = [thing for thing in things if thing.reported]
    if said:
        columns = (Column("What", 4), Column("What reports say", 6))
        yield Table(
            "What reports say, and whose they are", columns, tuple(Row((one.name, one.readings)) for one in said)
        )
    silent: dict[str, list[str]] = {}
    for thing in things:
        if not thing.reported:
            silent.setdefault(f" of {say.listed(thing.items)}" if thing.items else "", []).append(thing.what)
    for whose, names in silent.items():
        yield Para(f"What no report says{whose}: {'; '.join(names)}.")
    yield Para(f"'remit show {found.after.scheme}' names the documents that decide, and how to supply what they say.")


def _items(name: str, some: Sequence[Item]) -> Iterator[Block]:
    if not some:
        return
    labelled = any(item.label_points for item in some)
    rows = (
        Row((item.item, say.clean(item.title), _worth(item, name), *([_labels(item)] if labelled else [])))
        for item in some
    )
    columns = [Column("Item", 2), Column("What is measured", 8), Column("Worth", 3, True, kept=True)]
    columns += [Column("Label points", 2, True)] if labelled else []
    yield Heading(2, f"{name}: {len(some)} item{'s'[: len(some) > 1]}")
    yield Table(f"{name} items", tuple(columns), tuple(rows))


def _worth(item: Item, name: str) -> str | Cell:
    most = item.kind.most_earned()
    if most is None:
        return "not set" if item.kind.by_figures and not item.kind.missing() else "not known"
    figure = f"{name.casefold()}/{item.item}/worth"
    if item.kind.unit == "points":
        return Cell(f"{exact_text(most)} {'point' if most == 1 else 'points'}", figure, most, "points")
    if item.kind.unit == "pounds":
        return Cell(f"{say.pounds(most)} at most", figure, most, "number")
    return Cell(say.per_head(most), figure, most * 100, "number")


def _labels(item: Item) -> str:
    return item.label_points.text if item.label_points else ""


def difference_data(found: SchemeComparison) -> dict[str, Any]:
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
                **({"together_with": [item.item for item in change.others]} if change.others else {}),
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


def _data(changes: Sequence[ChangedPart]) -> list[dict[str, str | None]]:
    def side(text: str) -> str | None:
        return None if text == ABSENT else say.clean(text)

    return [{"what": each.name, "before": side(each.before), "after": side(each.after)} for each in changes]
