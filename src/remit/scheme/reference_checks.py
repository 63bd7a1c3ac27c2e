"""What must hold where an item names another: it stands before, it fits, and no money is paid twice.

An item's pounds reach a practice once: by the item itself, or within the one that pays it. What else rests on them (the
pot that they fill, the floor that they count towards) may pay them again, unless one blend shares both out.
"""

from __future__ import annotations

from collections.abc import Iterator

from remit.core.problems import did_you_mean
from remit.core.words import listed
from remit.scheme.checking import Checking
from remit.scheme.conditions import AchievementOf, Condition, ManyReach, PcaRateOf
from remit.scheme.kinds import Activity, Blend, CalculatedKind, IncomeProtection, Pot, Reads
from remit.scheme.model import Item
from remit.scheme.source import Key

WITH_A_RATE = ("achievement", "prevalence")
"""The measures by which an item has a rate of this year, so that it can choose another's table."""


class ReferenceChecker(Checking):
    """The checks of what an item names, one item after another."""

    def references(self, n: int, item: Item) -> None:
        """All that an item says of others. Whether money is paid twice is asked where every item could be read."""
        self.leans(n, item)
        if item.kind.gated_by:
            self.gate(n, item, item.kind.gated_by)
        for below, when in item.conditions:
            self.asked(n, item, below, when)
        self.within_two(n, item)
        self.fits(n, item)
        if not self.unread:
            self.filled(n, item)
            self.floor(n, item)
            self.same_money(n, item)

    def leans(self, n: int, item: Item) -> None:
        """What an item rests on stands before it."""
        before = [other.item for other in self.scheme.items[:n]]
        named: list[tuple[Key, str]] = [(("requires", m), code) for m, code in enumerate(item.requires)]
        named += [(("pays", item.kind.name), code) for code in item.kind.rests_on()]
        named += [(path, code) for path, when in item.conditions for code in when.rests_on() if code != item.item]
        for below, code in named:
            if code in before or code in self.unread:
                continue
            hint = did_you_mean(code, before) or "Move it before this one."
            self.add(
                "scheme.item-not-earlier",
                ("items", n, *below),
                f"item {item.item} rests on '{code}', which is not an earlier item.",
                hint,
                item=item.item,
                name=code,
            )

    def gate(self, n: int, item: Item, gate: str) -> None:
        """A gate is an earlier item with a rate of its own."""
        before = [other.item for other in self.scheme.items[:n] if other.measure in WITH_A_RATE]
        if gate not in before and gate not in self.unread:
            hint = did_you_mean(gate, before) or "A gate is an earlier item with a rate."
            self.add(
                "scheme.gate-not-earlier",
                ("items", n, "pays", "steps", "gate"),
                f"item {item.item}: the gate '{gate}' is not an earlier item with a rate.",
                hint,
                item=item.item,
                gate=gate,
            )

    def asked(self, n: int, item: Item, below: Key, when: Condition) -> None:
        """A condition asks of an item for what that has: a rate, PCAs, or what it reaches once it is priced."""
        for path, part in when.parts():
            self.asked(n, item, (*below, *path), part)
        if isinstance(when, ManyReach) and item.item in when.of:
            what = f"item {item.item} cannot ask what it reaches itself: name items before it."
            self.unfit(("items", n, *below, "of"), what, item.item, item.item)
        kinds = (("achievement_of", AchievementOf, WITH_A_RATE), ("pca_rate_of", PcaRateOf, ("achievement",)))
        for key, model, measures in kinds:
            code = getattr(when, key) if isinstance(when, model) else ""
            measured = [other.item for other in self.scheme.items if other.measure in measures]
            if code and code not in measured and code not in self.unread:
                what = f"item {item.item} asks for the rate of {code}, which has no {measures[0]}."
                hint = did_you_mean(code, measured)
                self.add("scheme.reference-unfit", ("items", n, *below, key), what, hint, item=item.item, name=code)

    def within_two(self, n: int, item: Item) -> None:
        """No item is paid within two others."""
        for code in item.kind.pays_for():
            other = self.scheme.within.get(code, item.item)
            if other != item.item:
                self.add(
                    "scheme.paid-within-two",
                    ("items", n, "pays"),
                    f"item {code} is paid within {item.item} and within {other}.",
                    item=code,
                )

    def fits(self, n: int, item: Item) -> None:
        """A pot counts points; what fills it, a blend and a floor take pounds."""
        kind, below = item.kind, ("items", n, "pays", item.kind.name)
        if isinstance(kind, Pot):
            for m, code in enumerate(kind.items):
                if not self._pays_points(code):
                    what = f"item {item.item} counts the points of {code}, which does not pay by points."
                    self.unfit((*below, "items", m), what, item.item, code)
        for part, code in _pounds_of(kind):
            if self._pays_points(code) and self.scheme.point is None:
                what = f"item {item.item} takes the pounds of {code}, whose points have no value in this scheme."
                self.unfit((*below, *part), what, item.item, code)

    def filled(self, n: int, item: Item) -> None:
        """What fills a pot is not paid by itself as well, unless the file says so or a blend shares both out."""
        kind = item.kind
        if not isinstance(kind, Pot) or kind.of is None or kind.of_pays is not None or self._together(item, kind.of):
            return
        by = self.scheme.within.get(kind.of)
        paid = f"within {by}" if by else "by itself"
        self.twice(
            (*("items", n, "pays", "pot"), "of"),
            f"{kind.of} is paid {paid}, and its pounds are paid from the pot of {item.item} as well.",
            f"Say 'of_pays: nothing' where {kind.of} only says how large the pot is, 'of_pays: by itself' where both "
            "are to be paid, or let one blend pay both.",
            item=item.item,
            name=kind.of,
        )

    def floor(self, n: int, item: Item) -> None:
        """A floor counts what is paid, all of it, and no other floor makes up the same."""
        kind = item.kind
        if not isinstance(kind, IncomeProtection):
            return
        path = ("items", n, "pays", kind.name)
        for m, code in enumerate(kind.covers):
            by = self.scheme.within.get(code)
            if by and not self._together(item, code):
                what = f"item {item.item} covers {code}, which is paid within {by} and not by itself: name {by}."
                self.unfit((*path, "covers", m), what, item.item, code)
        later = self._not_counted(n)
        if not kind.covers and later:
            few = listed(later) if len(later) <= 3 else f"{later[0]} and {len(later) - 1} others"
            what = f"item {item.item} covers all items, but {few} {'stands' if len(later) == 1 else 'stand'} after it:"
            self.unfit(path, f"{what} what is paid there would not count.", item.item, later[0])
        for other in self.scheme.items[:n]:
            if isinstance(other.kind, IncomeProtection) and not self._covers(item, other.item):
                same = [code for code in self._covered(other) if self._covers(item, code)]
                if same:
                    self.twice(
                        path,
                        f"what {listed(same)} {'leaves' if len(same) == 1 else 'leave'} below a floor is made up by "
                        f"{other.item} and by {item.item} as well.",
                        f"Let {item.item} cover {other.item} too.",
                        item=item.item,
                        name=other.item,
                    )

    def same_money(self, n: int, item: Item) -> None:
        """No two items pay the same earlier pounds, unless different conditions open them."""
        for other in self.scheme.items[:n]:
            shared = [read for read in _streams(item) if read in set(_streams(other))]
            same = (other.requires, other.only_if) == (item.requires, item.only_if)
            if shared and same and not self._together(item, other.item):
                codes = listed([read.subject for read in shared])
                self.twice(
                    ("items", n, "pays", item.kind.name),
                    f"the pounds of {codes} ({shared[0].period}) are paid by {other.item} and by {item.item}.",
                    "Leave them in one of the two.",
                    item=item.item,
                    name=other.item,
                )

    def claimed(self) -> None:
        """The levels of claims are paid by activity."""
        claims = self.scheme.claims
        for n, code in enumerate(claims.levels if claims else ()):
            claimed_item = next((item for item in self.scheme.items if item.item == code), None)
            if claimed_item is not None and not isinstance(claimed_item.kind, Activity):
                what = f"{code} is a level of claims, and is not paid by activity."
                self.unfit(("claims", "levels", n), what, code, code)

    def unfit(self, path: Key, message: str, item: str, name: str) -> None:
        """A reference to an item that cannot be what it is named for."""
        self.add("scheme.reference-unfit", path, message, item=item, name=name)

    def twice(self, path: Key, message: str, hint: str, **data: object) -> None:
        """Money that would be paid twice."""
        self.add("scheme.paid-twice", path, message, hint, **data)

    def _pays_points(self, code: str) -> bool:
        return any(item.item == code and item.kind.unit == "points" for item in self.scheme.items)

    def _not_counted(self, n: int) -> list[str]:
        """The items after a floor that pay by themselves and do not rest on it, as those must that come after."""
        rests, items = {self.scheme.items[n].item}, []
        for other in self.scheme.items[n + 1 :]:
            if rests & {*other.leans_on}:
                rests.add(other.item)
            elif other.item not in self.scheme.within and not isinstance(other.kind, IncomeProtection):
                items.append(other.item)
        return items

    def _covered(self, item: Item) -> list[str]:
        """The items that a floor counts: those that it names, else all that stand before it and are paid."""
        kind = item.kind
        assert isinstance(kind, IncomeProtection)
        if kind.covers:
            return list(kind.covers)
        codes = [other.item for other in self.scheme.items]
        return [code for code in codes[: codes.index(item.item)] if code not in self.scheme.within]

    def _covers(self, item: Item, code: str) -> bool:
        """Whether a floor counts an item: by itself, or within what pays it."""
        return bool({code, *self._payers(code)} & {*self._covered(item)})

    def _together(self, item: Item, code: str) -> bool:
        """Whether one blend shares out both an item and another, so that each is paid a part."""
        return bool(self._blends(item.item) & self._blends(code))

    def _blends(self, code: str) -> set[str]:
        """The blends within which an item is paid, one within the other."""
        blends = {item.item for item in self.scheme.items if isinstance(item.kind, Blend)}
        return blends & {*self._payers(code)}

    def _payers(self, code: str) -> list[str]:
        """The items within which an item is paid, one within the other."""
        within, payers = self.scheme.within, list[str]()
        while (by := within.get(code)) and by not in payers:
            payers.append(by)
            code = by
        return payers


def _pounds_of(kind: object) -> Iterator[tuple[Key, str]]:
    """The items whose pounds a kind takes, each with its path below the kind."""
    if isinstance(kind, Pot) and kind.of is not None:
        yield ("of",), kind.of
    elif isinstance(kind, Blend):
        yield from ((("parts", code), code) for code in kind.parts)
    elif isinstance(kind, IncomeProtection):
        yield from ((("covers", n), code) for n, code in enumerate(kind.covers))


def _streams(item: Item) -> list[Reads]:
    """The earlier pounds that an item pays and another could name too: those of an element, with the year."""
    kind = item.kind
    if not isinstance(kind, CalculatedKind) or kind.unit != "pounds":
        return []
    return [read for read in kind.reads() if read.measure == "HISTORIC_POUNDS" and read.subject]
