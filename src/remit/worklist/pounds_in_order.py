"""What a list brings from its first patient to its last: each gap priced when all before it are closed.

What one more patient would bring alone says who to see first, and cannot be added up: where the next one reaches a
step, each of ten gaps is the next. In the order of the list each gap brings what is left, so that the pounds of all
rows are what a run pays with everybody on the list done, less what it pays now: gates, pots and blends included.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from remit.core.figures import FigureKey
from remit.worklist.model import Brought, WorklistEntry
from remit.worklist.money import SchemeMoney, Unpriced


def in_order(entries: Sequence[WorklistEntry], money: Sequence[SchemeMoney | Unpriced]) -> Iterator[WorklistEntry]:
    """The entries, in their order, with what each gap brings: its contacts' gaps one after the other."""
    walks = [_Walk(one) for one in money if isinstance(one, SchemeMoney) and not one.as_one]
    for entry in entries:
        brings = {}
        for care in (care for contact in entry.contacts for care in contact.gaps):
            brings[care.code] = _together([walk.close(care.code) for walk in walks])
        yield replace(entry, brings=brings)


def _together(parts: Sequence[Brought | None]) -> Brought:
    known = [part for part in parts if part is not None]
    by_item = {key: pence for part in known for key, pence in part.by_item.items()}
    amounts = [part.pence for part in known if part.pence is not None]
    return Brought(sum(amounts) if amounts else None, by_item)


class _Walk:
    """One scheme on the way down a list: the figures with all gaps so far closed, and what each item then pays."""

    def __init__(self, money: SchemeMoney) -> None:
        self.money, self.price = money, money.price
        self.figures: dict[tuple[str, FigureKey], int] = {}
        self.pence = {code: award.pence for code, award in money.price.now.items()}

    def close(self, code: str) -> Brought | None:
        """What one more patient achieved brings on top of those before; None where the scheme pays nothing on it."""
        if code not in self.money.worths:
            return None
        change = self.money.one_more(code, self.figures)
        self.figures |= change
        moved: dict[tuple[str, str], int] = {}
        known = False
        own = {item.item for item in self.money.paying[code]}
        after = self.price.awards(self.figures, self.price.touched(change))
        own |= {award.within for award in after.values() if award.item.item in own}
        for other, award in after.items():
            before, self.pence[other] = self.pence[other], award.pence
            if award.within in after or before is None or award.pence is None:
                continue
            known = known or other in own
            if award.pence != before:
                moved[self.money.scheme, other] = award.pence - before
        return Brought(sum(moved.values()) if known or moved else None, moved)
