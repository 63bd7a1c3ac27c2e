"""What of one year's counts another year's scheme can price, and what it cannot: which sums may be added, and why."""

from __future__ import annotations

from collections.abc import Iterator

from remit.core import say
from remit.documents.blocks import Block, Column, Heading, Para, Row, Table
from remit.scheme.like_for_like import LikeForLike


def comparable(beside: LikeForLike) -> Iterator[Block]:
    """How many items both sides are about, then those that cannot be compared, then those that count others."""
    many = len(beside.items)
    yield Para(
        f"Both sides are {many} item{'s'[: many != 1]} alone, on the same counts and lists. After, the worth, "
        f"thresholds, value of a point and average list are those of {beside.named.year}. The other items cannot be "
        "compared, and are in no sum here."
    )
    if beside.left:
        rows = (Row((one.item or "–", say.listed(one.before) or "–", one.why)) for one in beside.left)
        columns = (Column(f"In {beside.named.year}", 2), Column("Before", 3), Column("Why it cannot be compared", 9))
        yield Heading(2, f"Not comparable: {len(beside.left)} item{'s'[: len(beside.left) != 1]}")
        yield Table("Not comparable", columns, tuple(rows))
    if beside.otherwise:
        yield Heading(2, f"Priced, though others are counted: {len(beside.otherwise)}")
        rows = (Row((code, say.clean(why))) for code, why in beside.otherwise)
        yield Table("Counted otherwise", (Column("Item", 2), Column("What is different", 12)), tuple(rows))
