"""What must hold within a scheme file once every key is read: references, order, sums, what belongs together."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import get_args

from remit.core.dates import parse_date
from remit.core.names import key
from remit.core.problems import Collector, did_you_mean
from remit.core.rounding import exact_text
from remit.scheme.agreements import OPEN, Cited, Distributed
from remit.scheme.kinds import Protected, Reckoned, Required, Steps
from remit.scheme.model import Item, Scheme
from remit.scheme.quantity import Quantity, Step
from remit.scheme.retirement import faults
from remit.scheme.source import Key, Source
from remit.scheme.walk import walk

CHANGE_RULES = ("whole months", "days", "full year", "nothing")
MERGER_RULES = ("successor", "required")
_PAYS = {"pounds per weighted head": "per head", "pounds": "in pounds"}


def check_doubled(scheme: Scheme, source: Source, problems: Collector) -> None:
    """Add indicators and groups that a file defines twice: once they are resolved, the last would stand for both."""
    for listed, code in ((scheme.indicators, "indicator"), (scheme.groups, "group")):
        names = [getattr(part, code) for part in listed]
        for n, name in enumerate(names):
            if name in names[:n]:
                place = source.place((f"{code}s", n, code))
                hint = f"It is number {names.index(name) + 1} too."
                problems.add(f"the {code} '{name}' stands here again.", place, hint)


def check(scheme: Scheme, source: Source, problems: Collector, unread: frozenset[str] = frozenset()) -> None:
    """Add every fault of the scheme to `problems`, with its place. `unread` are the items that were left out."""
    _Checker(scheme, source, problems, unread).run()


class _Checker:
    def __init__(self, scheme: Scheme, source: Source, problems: Collector, unread: frozenset[str]) -> None:
        self.scheme, self.source, self.problems, self.unread = scheme, source, problems, unread

    def add(self, path: Key, message: str, hint: str = "") -> None:
        self.problems.add(message, self.source.place(path), hint)

    def run(self) -> None:
        scheme = self.scheme
        self.sources()
        if not scheme.year.start <= scheme.achievement_date <= scheme.year.end:
            self.add(("achievement_date",), f"{scheme.achievement_date} is not in the year {scheme.year}.")
        first: dict[str, int] = {}
        for n, item in enumerate(scheme.items):
            if item.item in first:
                line = self.source.place(("items", first[item.item])).line
                self.add(
                    ("items", n, "item"),
                    f"the item '{item.item}' stands here again.",
                    f"It is first on line {line}.",
                )
            first.setdefault(item.item, n)
            self.item(n, item)
        self.parameters()
        self.terms()
        self.agreements()
        self.divisors()
        if self.needed():
            self.totals()

    def sources(self) -> None:
        known = self.scheme.sources
        for path, value in walk(self.scheme):
            if path[0] in ("indicators", "groups"):
                continue
            if isinstance(value, Quantity | Step | Cited) or hasattr(value, "when"):
                mark = getattr(value, "source", None)
                if mark and mark not in known:
                    self.add(
                        path,
                        f"the source '{mark}' is not among the file's sources.",
                        did_you_mean(mark, known),
                    )
        if self.scheme.source and self.scheme.source not in known:
            hint = did_you_mean(self.scheme.source, known)
            self.add(("source",), f"the source '{self.scheme.source}' is not among the file's sources.", hint)

    def item(self, n: int, item: Item) -> None:
        kind, path = item.kind, ("items", n)
        below = (*path, "pays", kind.name)
        for part, message in kind.faults():
            self.add((*below, *part), f"item {item.item}: {message}.")
        if item.replaces in {other.item for other in self.scheme.items}:
            hint = f"Put {item.replaces} under 'removed', or leave 'replaces' out."
            message = f"item {item.item} replaces '{item.replaces}', which is an item here too."
            self.add((*path, "replaces"), message, hint)
        self.leans(n, item)
        if isinstance(kind, Required):
            return
        if isinstance(kind, Reckoned):
            self.reckoned(path, item, kind)
        elif item.measure is None or (item.indicator is None and item.measure != "declared"):
            self.add(path, f"item {item.item} needs 'indicator' and 'measure'.")
        elif isinstance(kind, Protected) != (item.measure == "historic"):
            self.add(path, f"item {item.item}: 'measure: historic' and income protection go together.")
        elif kind.takes_rate != (item.measure in ("achievement", "prevalence", "historic")):
            fitting = "achievement or prevalence" if kind.takes_rate else "register or declared"
            self.add(
                path,
                f"item {item.item}: {kind.name.replace('_', ' ')} pays on {fitting}, not on {item.measure}.",
            )
        if kind.unit == "points" and self.scheme.point is None and item.item not in self.scheme.within:
            self.add(path, f"item {item.item} pays points, but the scheme has no 'point' value.")
        if kind.unit == "pounds per weighted head" and self.scheme.heads is None:
            self.add(path, f"item {item.item} pays per head, but the scheme does not say 'heads' of which list.")
        for weight in item.weights:
            if kind.unit != "points":
                self.add((*path, "weights"), f"item {item.item} pays {_PAYS[kind.unit]} and takes no weights.")
            elif getattr(self.scheme.weights, weight) is None:
                self.add(
                    (*path, "weights"),
                    f"item {item.item} names the weight '{weight}', which 'weights' does not define.",
                )
        if {"prevalence", "target_population"} <= set(item.weights):
            self.add((*path, "weights"), f"item {item.item} has both a prevalence and a target population weight.")
        if item.guard and item.measure != "achievement":
            self.add((*path, "guard"), f"item {item.item}: a PCA guard needs an achievement.")
        if isinstance(kind, Steps) and kind.gate:
            self.gate(n, item, kind.gate)
        self.dated(n, item)

    def leans(self, n: int, item: Item) -> None:
        """What an item rests on stands before it; and no item is paid within two others."""
        before = [other.item for other in self.scheme.items[:n]]
        named: list[tuple[Key, str]] = [(("requires", m), code) for m, code in enumerate(item.requires)]
        if isinstance(item.kind, Reckoned):
            named += [(("pays", item.kind.name), code) for code in item.kind.rests_on()]
        for below, code in named:
            if code not in before and code not in self.unread:
                hint = did_you_mean(code, before) or "It must stand before this one."
                self.add(("items", n, *below), f"item {item.item} rests on '{code}', which is no earlier item.", hint)
        if isinstance(item.kind, Reckoned):
            for code in item.kind.pays_for():
                if self.scheme.within.get(code, item.item) != item.item:
                    other = self.scheme.within[code]
                    self.add(("items", n, "pays"), f"item {code} is paid within {item.item} and within {other}.")

    def reckoned(self, path: Key, item: Item, kind: Reckoned) -> None:
        """A kind that reckons needs a title of its own, and a measure only where it rests on this year's rate."""
        codes = {key(other.item): other.item for other in self.scheme.items}
        for code in kind.elements():
            same = codes.get(key(code))
            if same:
                message = f"item {item.item}: the element '{code}' and the item {same} are one name in the counts."
                self.add((*path, "pays", kind.name), message, "Give one of them another code.")
        if not (item.title or item.indicators):
            self.add(path, f"item {item.item} needs a 'title'.")
        if kind.uses_rate() and (item.measure is None or (item.indicator is None and item.measure != "declared")):
            self.add(path, f"item {item.item} needs 'indicator' and 'measure': it rests on this year's achievement.")
        elif item.measure is not None and not kind.uses_rate():
            self.add((*path, "measure"), f"item {item.item}: {kind.name.replace('_', ' ')} has no measure.")

    def gate(self, n: int, item: Item, gate: str) -> None:
        path = ("items", n, "pays", "steps", "gate")
        before = [other.item for other in self.scheme.items[:n] if other.measure in ("achievement", "prevalence")]
        if gate not in before and gate not in self.unread:
            hint = did_you_mean(gate, before) or "A gate is an earlier item with a rate."
            self.add(path, f"item {item.item}: the gate '{gate}' is no earlier item with a rate.", hint)

    def dated(self, n: int, item: Item) -> None:
        if item.indicator is None or isinstance(item.indicator, str):
            return
        last: date | None = None
        for m, dated in enumerate(item.indicator):
            path = ("items", n, "indicator", m, "from")
            day = self.day(path, dated.from_)
            if m == 0 and day != self.scheme.year.start:
                self.add(path, f"item {item.item}: the first indicator holds from the year's start.")
            if day and last and day <= last:
                self.add(path, f"item {item.item}: the indicators are not in the order of their dates.")
            last = day or last

    def day(self, path: Key, text: str) -> date | None:
        """A date, or None for the name of a date parameter or one that is required; anything else is a fault."""
        if text == OPEN and path[0] == "terms":
            return None
        parameter = self.scheme.parameters.get(text)
        if parameter:
            if parameter.type != "date":
                self.add(path, f"the parameter '{text}' is no date.")
            return parse_date(parameter.default) if parameter.type == "date" and parameter.default else None
        try:
            return parse_date(text)
        except ValueError as error:
            names = [name for name, known in self.scheme.parameters.items() if known.type == "date"]
            hint = did_you_mean(text, names)
            self.add(path, f"{error}, or the name of a date parameter.", hint)
            return None

    def parameters(self) -> None:
        """`retires` names a parameter of type items; what such a parameter names unless set is fit to be named."""
        scheme = self.scheme
        if scheme.retires and scheme.retires not in scheme.parameters:
            hint = did_you_mean(scheme.retires, scheme.parameters)
            self.add(("retires",), f"there is no parameter '{scheme.retires}'.", hint)
        elif scheme.retires and scheme.parameters[scheme.retires].type != "items":
            message = f"the parameter '{scheme.retires}' does not name items."
            self.add(("retires",), message, "Its type must be 'items'.")
        for name, parameter in scheme.parameters.items():
            if parameter.type == "items" and parameter.default is not None and not self.unread:
                for message, hint in faults(scheme, parameter, parameter.default):
                    self.add(("parameters", name, "default"), message, hint)

    def terms(self) -> None:
        terms, scheme = self.scheme.terms, self.scheme
        self.day(("terms", "balance", "due"), terms.balance.due)
        self.day(("terms", "recovery", "notified"), terms.recovery.notified)
        for name, rules in (("joiner", CHANGE_RULES), ("leaver", CHANGE_RULES), ("merger", MERGER_RULES)):
            self.choice(("terms", "changes", name), getattr(terms.changes, name), rules)
        if scheme.weights.prevalence:
            self.choice(("weights", "prevalence", "basis"), scheme.weights.prevalence.basis, ("group", "registered"))
        ahead = terms.paid_in_advance
        counts: list[tuple[Key, Quantity, int]] = [(("terms", "recovery", "months"), terms.recovery.months, 120)]
        if ahead:
            counts.append((("terms", "paid_in_advance", "instalments"), ahead.instalments, 12))
        delivered = terms.paid_on_activity
        if delivered and delivered.days.value is not None and delivered.days.value > 366:
            self.add(("terms", "paid_on_activity", "days"), f"expected 0 to 366, found {delivered.days}.")
        for path, count, most in counts:
            if not count.required and not 1 <= count.known() <= most:
                self.add(path, f"expected 1 to {most}, found {count}.")
        ahead_of = {i.kind.unit for i in scheme.items if i.item not in scheme.within}
        by_points = "points" in ahead_of or ("pounds per weighted head" in ahead_of and scheme.heads is None)
        if ahead and ahead.of == "award for full achievement" and by_points:
            why = "the award for full achievement is known in advance only where every item pays by head or a set sum."
            self.add(("terms", "paid_in_advance", "of"), why)

    def agreements(self) -> None:
        """Networks, claims and monitoring name items, rules and groups that the scheme has."""
        scheme, codes = self.scheme, [item.item for item in self.scheme.items]
        if scheme.networks:
            self.choice(("networks", "distribution"), scheme.networks.distribution, get_args(Distributed))
        if scheme.claims:
            for path, named in (("levels", scheme.claims.levels), ("once", tuple(scheme.claims.once))):
                for n, code in enumerate(named):
                    if code not in codes:
                        where: Key = ("claims", path, n if path == "levels" else code)
                        self.add(where, f"there is no item '{code}'.", did_you_mean(code, codes))
        watched = scheme.monitoring
        if watched and watched.count and watched.count.value and watched.indicators != OPEN:
            named_ = len(set(watched.indicators))
            if named_ != watched.count.value:
                message = f"{named_} indicators are named, and 'count' says {watched.count}."
                self.add(("monitoring", "indicators"), message)

    def needed(self) -> bool:
        """Whether every number is there that nothing can wait for: what is checked, tested or counted by."""
        scheme = self.scheme
        totals: list[tuple[Key, Quantity | None]] = [
            (("totals", name), getattr(scheme.totals, name)) for name in ("most", "points", "items")
        ]
        totals += [(("totals", "domains", name), number) for name, number in scheme.totals.domains.items()]
        totals += [(("totals", "items_of", name), number) for name, number in scheme.totals.items_of.items()]
        totals += [(("totals", "tagged", name), number) for name, number in scheme.totals.tagged.items()]
        numbers = list(totals)
        if scheme.terms.paid_in_advance:
            numbers.append((("terms", "paid_in_advance", "instalments"), scheme.terms.paid_in_advance.instalments))
        for n, item in enumerate(scheme.items):
            if item.guard:
                path = ("items", n, "guard")
                numbers += [((*path, "references", name), rate) for name, rate in item.guard.references.items()]
                numbers += [((*path, name), getattr(item.guard, name)) for name in ("significance", "increase_points")]
        for where, number in numbers:
            if number is not None and number.required:
                self.add(where, "a number is needed here: 'required' cannot stand in for it.")
        return not any(number is not None and number.required for _, number in totals)

    def divisors(self) -> None:
        """What is divided by is above zero; and a national prevalence is of a group that the scheme uses."""
        weights, ahead = self.scheme.weights, self.scheme.terms.paid_in_advance
        before = ahead.previous_point_value if ahead else None
        divisors: list[tuple[Key, Quantity]] = []
        if weights.list:
            divisors.append((("weights", "list", "over"), weights.list.over))
        if before:
            divisors.append((("terms", "paid_in_advance", "previous_point_value"), before))
        known = [group.group for group in self.scheme.groups]
        for group, percent in (weights.prevalence.national if weights.prevalence else {}).items():
            path: Key = ("weights", "prevalence", "national", group)
            divisors.append((path, percent))
            if group not in known:
                self.add(path, f"the group '{group}' is of no item.", did_you_mean(group, known))
        for path, number in divisors:
            if number.value == 0:
                self.add(path, f"expected more than 0, found {number}.")

    def choice(self, path: Key, text: str, rules: tuple[str, ...]) -> None:
        if text in rules or text == OPEN:
            return
        parameter = self.scheme.parameters.get(text)
        if parameter is None:
            names = [*rules, *(n for n, p in self.scheme.parameters.items() if p.type == "choice")]
            self.add(path, f"'{text}' is neither a rule nor a choice parameter.", did_you_mean(text, names))
            return
        wrong = [choice for choice in parameter.choices if choice not in rules]
        if parameter.type != "choice" or wrong:
            self.add(
                path,
                f"the parameter '{text}' offers {', '.join(wrong) or 'no choices'}; known are {', '.join(rules)}.",
            )

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
                self.add(("totals", name), f"the items add up to {exact_text(added, 0)}, not {printed}.")
        for domain, printed in totals.domains.items():
            kinds = [item.kind for item in scheme.items if item.domain == domain]
            added = sum((kind.most_earned() or Fraction(0) for kind in kinds), Fraction(0))
            if printed.known() != added:
                self.add(
                    ("totals", "domains", domain),
                    f"the items of '{domain}' add up to {exact_text(added)}, not {printed}.",
                )
        counted = [
            *(("items_of", name, number, [i for i in scheme.items if i.domain == name], f"items of '{name}'")
              for name, number in totals.items_of.items()),
            *(("tagged", name, number, [i for i in scheme.items if name in i.tags], f"items with the tag '{name}'")
              for name, number in totals.tagged.items()),
        ]  # fmt: skip
        for under, name, printed, found, what in counted:
            open_ = any(isinstance(i.kind, Required) for i in scheme.items if under == "tagged" or i.domain == name)
            if printed.known() != len(found) and not open_:
                self.add(("totals", under, name), f"there are {len(found)} {what}, not {printed}.")
        named = {item.domain for item in scheme.items}
        for n, item in enumerate(scheme.items):
            if totals.domains and item.domain not in totals.domains:
                hint = did_you_mean(item.domain, totals.domains)
                self.add(("items", n), f"item {item.item} is of domain '{item.domain}', which has no total.", hint)
        for domain in totals.domains:
            if domain not in named:
                self.add(("totals", "domains", domain), f"no item is of the domain '{domain}'.")
