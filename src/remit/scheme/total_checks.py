"""Whether the parts of a scheme add up to what its file says that they do."""

from __future__ import annotations

from fractions import Fraction

from remit.core.problems import did_you_mean
from remit.core.rounding import exact_text, pounds_text
from remit.core.words import listed
from remit.scheme.item_checks import ItemChecker
from remit.scheme.kinds import Required, Unit
from remit.scheme.model import Item
from remit.scheme.quantity import Quantity
from remit.scheme.source import Key
from remit.scheme.totals import SumOfItems

UNITS: dict[str, Unit] = {"per_head": "pounds per weighted head", "points": "points", "pounds": "pounds"}
_EACH = {"per_head": "a head", "points": "points", "pounds": "in all"}


def _in_full(item: Item, paid_as: str) -> Fraction | None:
    """What an item pays in full, in a unit; the points that are printed beside one that pays by head."""
    if item.kind.unit == UNITS[paid_as]:
        return item.kind.most_earned()
    return item.label_points.value if paid_as == "points" and item.label_points else None


def _unit_of(item: Item) -> str:
    return {"pounds per weighted head": "by head", "pounds": "in pounds"}.get(item.kind.unit, "points")


class TotalsChecker(ItemChecker):
    """The checks of what is added up."""

    def totals(self) -> None:
        totals, scheme = self.scheme.totals, self.scheme
        label = sum(
            (i.label_points.known() for i in scheme.items if i.label_points and i.label_points.value),
            Fraction(0),
        )
        points = scheme.points_available() or label
        sums: list[tuple[str, Quantity | None, Fraction]] = [
            ("most", totals.most, scheme.most_per_head() or Fraction(0)),
            ("points", totals.points, points),
            ("items", totals.items, Fraction(len(scheme.items))),
        ]
        for name, printed, added in sums:
            if printed is not None and printed.known() != added:
                came_to = exact_text(added, 0)
                self.differs(("totals", name), f"the items add up to {came_to}, not {printed}.", came_to, printed)
        for domain, printed in totals.domains.items():
            kinds = [item.kind for item in scheme.items if item.domain == domain]
            added = sum((kind.most_earned() or Fraction(0) for kind in kinds), Fraction(0))
            if printed.known() != added:
                message = f"the items of '{domain}' add up to {exact_text(added)}, not {printed}."
                self.differs(("totals", "domains", domain), message, exact_text(added), printed)
        counted = [
            *(("items_of", name, number, [i for i in scheme.items if i.domain == name], f"items of '{name}'")
              for name, number in totals.items_of.items()),
            *(("tagged", name, number, [i for i in scheme.items if name in i.tags], f"items with the tag '{name}'")
              for name, number in totals.tagged.items()),
        ]  # fmt: skip
        for under, name, printed, counted_, what in counted:
            open_ = any(isinstance(i.kind, Required) for i in scheme.items if under == "tagged" or i.domain == name)
            if printed.known() != len(counted_) and not open_:
                self.differs(
                    ("totals", under, name), f"there are {len(counted_)} {what}, not {printed}.", len(counted_), printed
                )
        self.domains()
        for n, some in enumerate(totals.sums):
            self.sum_of_items(("totals", "sums", n), some)

    def sum_of_items(self, path: Key, some: SumOfItems) -> None:
        """What some items pay in full, in the unit of the sum that is printed."""
        known = {item.item: item for item in self.scheme.items}
        added, sound = Fraction(0), True
        for n, code in enumerate(some.of):
            item = known.get(code)
            if item is None and code in self.unread:
                return  # its own fault is said
            if item is None or code in some.of[:n]:
                what = f"there is no item '{code}'." if item is None else f"the item {code} is added up twice."
                where, hint = (*path, "of", n), did_you_mean(code, known) if item is None else ""
                self.add("scheme.item-unknown", where, what, hint, name=code)
                sound = False
                continue
            most = _in_full(item, some.paid_as)
            if most is None and not item.kind.missing():
                what = f"item {code} pays {_unit_of(item)}, and has no most in {UNITS[some.paid_as]}: leave it out."
                self.add("scheme.sum-differs", (*path, "of", n), what, name=code, found="", printed=some.amount)
                sound = False
            added += most or Fraction(0)
        if sound and added != some.amount.known():
            came_to = pounds_text(added) if some.paid_as != "points" else exact_text(added)
            these = listed(list(some.of))
            added_up = f"item {these} comes" if len(some.of) == 1 else f"items {these} come"
            what = f"{added_up} to {came_to} {_EACH[some.paid_as]}, not {some.amount}."
            self.differs((*path, some.paid_as), what, came_to, some.amount)

    def differs(self, path: Key, message: str, found: object, printed: Quantity) -> None:
        """A printed total that is not what the items come to."""
        self.add("scheme.sum-differs", path, message, name=path[-1], found=found, printed=printed)

    def domains(self) -> None:
        """Where domains have totals, every item is of one of them, and each has items."""
        totals, scheme = self.scheme.totals, self.scheme
        named = {item.domain for item in scheme.items}
        for n, item in enumerate(scheme.items):
            if totals.domains and item.domain not in totals.domains:
                hint = did_you_mean(item.domain, totals.domains)
                self.add(
                    "scheme.domain-without-total",
                    ("items", n),
                    f"item {item.item} is of domain '{item.domain}', which has no total.",
                    hint,
                    item=item.item,
                    domain=item.domain,
                )
        for domain in totals.domains:
            if domain not in named:
                self.add(
                    "scheme.domain-without-items",
                    ("totals", "domains", domain),
                    f"no item is of the domain '{domain}'.",
                    domain=domain,
                )
