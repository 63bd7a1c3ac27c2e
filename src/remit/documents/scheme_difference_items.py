"""What changed in the items of two schemes, as tables: what takes the place of what, what moved, who is counted.

Points and thresholds stand side by side, `38 → 20` and `50% to 90%`; a change of who is counted is said in the words of
the indicator's new version, where it has any. Whatever these tables do not say stands name by name in a last one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from remit.core import say
from remit.core.rounding import exact_text
from remit.documents.blocks import Block, Cell, Column, Heading, Para, Row, Table
from remit.scheme.comparison import ChangedPart, ItemChange, SchemeComparison
from remit.scheme.comparison_sections import ABSENT
from remit.scheme.kinds import HigherOf, Kind, Linear, StepThenLinear
from remit.scheme.model import Item, Scheme
from remit.scheme.quantity import Quantity

_ARROW = " → "
_OF_A_LINE = {"points", "lower", "upper", "per head", "pounds"}
_SAID_BY_CODES = {"item", "indicator"}
_SAID_BY_WORDS = ("title", "definition")


def changed_items(found: SchemeComparison, sides: tuple[Column, Column]) -> Iterator[Block]:
    """The tables, those first that move most."""
    replaced = [change for change in found.changed if change.replaced]
    moved = [change for change in found.changed if not change.replaced and _moves(change)]
    yield from _replaced(found, replaced)
    yield from _moved(moved)
    yield from _counted(found, [change for change in found.changed if not change.replaced])
    yield from _all_else(found, sides)


def _replaced(found: SchemeComparison, some: Sequence[ItemChange]) -> Iterator[Block]:
    """What takes the place of what."""
    if not some:
        return
    before = sum(len(change.befores) for change in some)
    rows = (
        Row((
            _codes(change),
            _worth_cell(change, "replaced"),
            "\n".join(_words(found, change)),
        ))
        for change in some
    )  # fmt: skip
    columns = (Column("Items", 3), Column("Worth, and thresholds", 4), Column("What is different", 7))
    yield Heading(2, f"{before} item{'s'[: before > 1]} replaced by {len(some)}")
    yield Table("What takes the place of what", columns, tuple(rows))


def _moved(some: Sequence[ItemChange]) -> Iterator[Block]:
    """Items that stay and are worth more or less, or begin and end elsewhere; the largest move first."""
    if not some:
        return
    ordered = sorted(some, key=lambda change: -abs(change.gain))
    rows = (
        Row((
            change.after.item,
            say.clean(change.after.title),
            _worth_cell(change, "moved"),
        ))
        for change in ordered
    )  # fmt: skip
    columns = (Column("Item", 2), Column("What is measured", 6), Column("Worth, and thresholds", 6))
    yield Heading(2, f"Worth or thresholds moved: {len(some)} item{'s'[: len(some) > 1]}")
    yield Table("Worth and thresholds, before and after", columns, tuple(rows))


def _counted(found: SchemeComparison, some: Sequence[ItemChange]) -> Iterator[Block]:
    """Items that stay and count others than before, in the words of their new version."""
    told = [(change.after.item, _in_words(found, change)) for change in some]
    rows = tuple(Row((code, text)) for code, text in told if text)
    if rows:
        yield Heading(2, f"Who is counted: {len(rows)} item{'s'[: len(rows) > 1]}")
        yield Table("Who is counted otherwise", (Column("Item", 2), Column("What is different", 12)), rows)


def _all_else(found: SchemeComparison, sides: tuple[Column, Column]) -> Iterator[Block]:
    """Name by name, what the other tables do not say."""
    rest = [(change, parts) for change in found.changed if (parts := _left(found, change))]
    if rest:
        rows = (
            Row((change.after.item if n == 0 else "", each.name, say.clean(each.before), say.clean(each.after)))
            for change, parts in rest
            for n, each in enumerate(parts)
        )
        yield Heading(2, f"Changed: {len(rest)} item{'s'[: len(rest) > 1]}")
        yield Table("What changed, item by item", (Column("Item", 2), Column("What", 3), *sides), tuple(rows))
    if found.same:
        yield Para(f"{found.same} {'item is' if found.same == 1 else 'items are'} the same.")


def _left(found: SchemeComparison, change: ItemChange) -> list[ChangedPart]:
    """What of a change no other table says."""
    lines = _on_lines(change)
    worded = bool(_in_words(found, change))
    titles = [part for part in change.changes if part.name == "title"]
    left = []
    for part in change.changes:
        if lines and (part.name in _OF_A_LINE or part.name in ("pays", "in words") or part.after == ABSENT):
            continue
        if change.replaced and part.name in _SAID_BY_CODES:
            continue
        if worded and part.name.startswith(_SAID_BY_WORDS):
            continue
        if change.replaced and part.name == "title":
            continue
        if titles and part.name.startswith("definition") and _beside(part) == (titles[0].before, titles[0].after):
            continue
        left.append(part)
    return left


def _beside(part: ChangedPart) -> tuple[str, str]:
    """The two sides of a definition without the list, where that is the same."""
    before, _, of = part.before.rpartition(" (list: ")
    after, _, now = part.after.rpartition(" (list: ")
    return (before, after) if of == now else (part.before, part.after)


def _moves(change: ItemChange) -> bool:
    """Whether what an item is worth or its thresholds moved, on both sides of which a line pays."""
    return _on_lines(change) and any(part.name in {*_OF_A_LINE, "pays"} for part in change.changes)


def _on_lines(change: ItemChange) -> bool:
    return all(_line(item.kind) is not None for item in (*change.befores, change.after))


def _line(kind: Kind) -> tuple[Quantity, Quantity] | None:
    """The lower and upper threshold of a kind that pays on a line."""
    if isinstance(kind, HigherOf):
        return kind.ordinary.lower, kind.ordinary.upper
    return (kind.lower, kind.upper) if isinstance(kind, Linear | StepThenLinear) else None


def _codes(change: ItemChange) -> str:
    return f"{' + '.join(item.item for item in change.befores)}{_ARROW}{change.after.item}"


def _worth_cell(change: ItemChange, table: str) -> Cell:
    """What an item is worth and on which thresholds, before and after; its value is the worth after."""
    text = ", ".join(filter(None, (_worth(change), _thresholds(change))))
    most, unit = change.after.kind.most_earned(), change.after.kind.unit
    if most is None:
        return Cell(text)
    value = most if unit in ("points", "pounds") else most * 100
    return Cell(text, f"{table}/{change.after.item}/worth", value, "points" if unit == "points" else "number")


def _worth(change: ItemChange) -> str:
    """`33 + 8 → 41 points`, `38 → 20 points (−18)`, or what it is worth on both sides."""
    before = [_amount(item) for item in change.befores]
    after = _amount(change.after)
    unit = " points" if change.after.kind.unit == "points" else ""
    if before == [after]:
        return f"{after}{unit}"
    more = f" ({'+' if change.gain > 0 else '−'}{exact_text(abs(change.gain))})" if change.gain else ""
    return f"{' + '.join(before)}{_ARROW}{after}{unit}{more}"


def _amount(item: Item) -> str:
    most = item.kind.most_earned()
    if most is None:
        return "not known"
    if item.kind.unit == "points":
        return exact_text(most)
    return say.pounds(most) if item.kind.unit == "pounds" else say.per_head(most)


def _thresholds(change: ItemChange) -> str:
    """`40% to 90%`, `60% to 92% → 20% to 50%`; what must be looked up is said so, with what reports say."""
    if not _on_lines(change):
        return ""
    before = list(dict.fromkeys(_range(item.kind) for item in change.befores))
    after = _range(change.after.kind)
    return after if before == [after] else f"{' and '.join(before)}{_ARROW}{after}"


def _range(kind: Kind) -> str:
    ends = _line(kind)
    assert ends is not None
    text = f"{_threshold(ends[0])} to {_threshold(ends[1])}"
    return f"{text}, or improvement where that is more" if isinstance(kind, HigherOf) else text


def _threshold(number: Quantity) -> str:
    if not number.required:
        return number.text
    return f"({' or '.join(one.text for one in number.readings)})" if number.readings else "(not known)"


def _words(found: SchemeComparison, change: ItemChange) -> Iterator[str]:
    """What is different, in the words of the new indicator; else what it measures now."""
    said, now = _in_words(found, change), say.clean(change.after.title)
    before = [say.clean(item.title) for item in change.befores]
    if said or before == [now]:
        yield said
    else:
        yield say.sentence(now)
        yield from (f"Before: {say.sentence(title)}" for title in before)


def _in_words(found: SchemeComparison, change: ItemChange) -> str:
    """What the new version of an indicator says is counted otherwise, where it is another than before."""
    before = {_version(found.before, item) for item in change.befores}
    after = _version(found.after, change.after)
    return say.clean(after[2]) if after and after not in before else ""


def _version(scheme: Scheme, item: Item) -> tuple[str, str, str] | None:
    if not item.indicators:
        return None
    indicator = scheme.indicator(item.indicators[-1])
    return indicator.indicator, indicator.version, indicator.changed
