"""What must hold of a budget that scales awards, and of small numbers that are paid at the area's average."""

from __future__ import annotations

from functools import partial

from remit.core.problems import did_you_mean
from remit.scheme.area_keys import SmallNumbers
from remit.scheme.checking import Checking
from remit.scheme.kinds import Activity
from remit.scheme.limits import ALL
from remit.scheme.model import Item
from remit.scheme.source import Key


class AreaChecker(Checking):
    """The checks of what rests on all practices together."""

    def area(self) -> None:
        """All of them."""
        self.scaled_to()
        rule = self.scheme.small_numbers
        if rule:
            self.small_numbers(("small_numbers",), rule)
            fitting = [item for item in self.scheme.items if item.by_a_rate]
            if rule.items == ALL and not fitting and not self.unread:
                what = "no item is paid by a rate of patients, so no number is small."
                self.add("scheme.clause-unsound", ("small_numbers",), what, key="small_numbers")
            for n, code in enumerate(() if rule.items == ALL else rule.items):
                item = self.named(("small_numbers", "items", n), code)
                if item:
                    self.fitting(("small_numbers", "items", n), item)
        for n, item in enumerate(self.scheme.items):
            path: Key = ("items", n, "small_numbers")
            if item.small_numbers:
                self.small_numbers(path, item.small_numbers)
                self.fitting(path, item)
                if item.small_numbers.items != ALL:
                    what = (
                        f"item {item.item}: 'items' belongs to the scheme's small_numbers, and this is the item's own."
                    )
                    self.add(
                        "scheme.clause-unsound", (*path, "items"), what, "Leave it out.", item=item.item, key="items"
                    )

    def scaled_to(self) -> None:
        """A budget above nothing, for items that have pounds of their own at the year's end."""
        rule, scheme = self.scheme.scaled_to, self.scheme
        if rule is None:
            return
        if rule.budget.value == 0:
            what = f"expected more than 0, found {rule.budget}."
            self.add("scheme.number-out-of-range", ("scaled_to", "budget"), what, found=rule.budget)
        named = [(("scaled_to", "items", n), code) for n, code in enumerate(() if rule.items == ALL else rule.items)]
        for n, (path, code) in enumerate(named):
            if code in [earlier for _, earlier in named[:n]]:
                self.add("scheme.listed-twice", path, f"the item '{code}' is listed twice.", kind="item", name=code)
            elif self.named(path, code) and code in scheme.within:
                other = scheme.within[code]
                what = f"item {code} is paid within {other}, and has no pounds of its own to be scaled."
                self.add("scheme.clause-unsound", path, what, f"Name {other} in its place.", item=code, key="scaled_to")
        through = [item.item for item in scheme.through_networks() if rule.names(item.item)]
        if through:
            what = f"{', '.join(through)} is paid through networks, which share it out: it cannot be scaled."
            hint = "Name the items that are paid to practices."
            self.add("scheme.clause-unsound", ("scaled_to", "items"), what, hint, items=through, key="scaled_to")
        if scheme.terms.paid_on_activity:
            paid = [i.item for i in scheme.items if rule.names(i.item) and isinstance(i.kind, Activity)]
            if paid:
                codes = ", ".join(paid)
                what = f"{codes} is paid by the quarter, before the year's sum is known: it cannot be scaled."
                hint = "Leave it out of 'items', or leave out paid_on_activity."
                self.add("scheme.clause-unsound", ("scaled_to", "items"), what, hint, items=paid, key="scaled_to")

    def small_numbers(self, path: Key, rule: SmallNumbers) -> None:
        """A number that is known, and that any denominator can be below."""
        few = rule.fewer_than
        if few.required:
            what = "a number is needed here; 'required' cannot take its place."
            self.add("scheme.number-needed", (*path, "fewer_than"), what)
        elif few.value == 0:
            what = "expected 1 or more, found 0: no denominator is below it."
            self.add("scheme.number-out-of-range", (*path, "fewer_than"), what, found=few)
        elif few.value == 1 and rule.nobody == "paid nothing":
            what = "fewer than 1 patient is nobody, and with nobody to count nothing is paid: the rule does nothing."
            self.add("scheme.clause-unsound", (*path, "nobody"), what, key="nobody")

    def fitting(self, path: Key, item: Item) -> None:
        """An item that is paid by a rate of patients."""
        if not item.by_a_rate and item.item not in self.unread:
            what = f"item {item.item} is not paid by a rate of patients, so its numbers have no average."
            self.add("scheme.clause-unsound", path, what, "Leave it out.", item=item.item, key="small_numbers")

    def named(self, path: Key, code: str) -> Item | None:
        """The item of that code; one that is not there is a fault."""
        codes = [item.item for item in self.scheme.items]
        if code in codes:
            return self.scheme.item(code)
        if code not in self.unread:
            hint = partial(did_you_mean, code, codes)
            self.add("scheme.item-unknown", path, f"there is no item '{code}'.", hint, name=code)
        return None
