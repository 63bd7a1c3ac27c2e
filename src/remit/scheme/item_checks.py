"""What must hold of an item: what it rests on, how it is measured, weighed, gated and dated."""

from __future__ import annotations

from datetime import date

from remit.core.names import key
from remit.scheme.kinds import CalculatedKind, OverBaseline, Protected, Required
from remit.scheme.model import RATES, Item
from remit.scheme.reference_checks import ReferenceChecker
from remit.scheme.source import Key

_PAYS = {"pounds per weighted head": "per head", "pounds": "in pounds"}


class ItemChecker(ReferenceChecker):
    """The checks of one item after another."""

    def item(self, n: int, item: Item) -> None:
        kind, path = item.kind, ("items", n)
        below = (*path, "pays", kind.name)
        for part, message in kind.faults():
            self.add("scheme.payment-unsound", (*below, *part), f"item {item.item}: {message}.", item=item.item)
        for before in item.takes_place_of:
            if before in {other.item for other in self.scheme.items}:
                hint = f"Put {before} under 'removed', or leave 'replaces' out."
                message = f"item {item.item} replaces '{before}', which is an item here too."
                self.add("scheme.replaces-an-item", (*path, "replaces"), message, hint, item=item.item, replaces=before)
        self.clauses(path, item)
        self.references(n, item)
        if isinstance(kind, Required):
            return
        if isinstance(kind, CalculatedKind):
            self.calculated(path, item, kind)
        elif item.measure is None or (item.indicator is None and item.measure != "declared"):
            self.add(
                "scheme.item-incomplete", path, f"item {item.item} needs 'indicator' and 'measure'.", item=item.item
            )
        elif isinstance(kind, Protected) != (item.measure == "historic"):
            self.add(
                "scheme.historic-without-protection",
                path,
                f"item {item.item}: 'measure: historic' and income protection go together.",
                item=item.item,
            )
        elif kind.takes_rate != (item.measure in (*RATES, "historic")):
            fitting = "achievement, prevalence or per_1000" if kind.takes_rate else "register or declared"
            self.add(
                "scheme.measure-unfit",
                path,
                f"item {item.item}: {kind.name.replace('_', ' ')} pays on {fitting}, not on {item.measure}.",
                item=item.item,
                kind=kind.name,
                measure=item.measure,
            )
        self.per_1000(path, item)
        self.paid(path, item)
        self.weighed(path, item)
        self.dated(n, item)

    def clauses(self, path: Key, item: Item) -> None:
        """What is said of its pounds beside how they are earned: it has pounds, and no two sentences contradict."""
        within, keys = self.scheme.within.get(item.item), [clause.key for clause in item.clauses]
        if keys and within:
            what = f"item {item.item} is paid within {within}, and has no pounds of its own for '{keys[0]}'."
            hint = f"Put '{keys[0]}' on {within}."
            self.add("scheme.clause-unsound", (*path, keys[0]), what, hint, item=item.item, key=keys[0])
        if item.only_if:
            for part, message in item.only_if.faults():
                what = f"item {item.item}: {message}."
                self.add("scheme.clause-unsound", (*path, "only_if", *part), what, item=item.item, key="only_if")
        if (len(item.reduced) > 1) != bool(item.several_reductions):
            where = "reduced" if len(item.reduced) > 1 else "several_reductions"
            what = "say with 'several_reductions' whether several multiply, or the lowest holds"
            what = f"item {item.item}: {what if item.reduced[1:] else 'there are not several reductions'}."
            self.add("scheme.clause-unsound", (*path, where), what, item=item.item, key=where)
        for clause in item.clauses:
            for part, message in clause.faults():
                place, what = (*path, clause.key, *part), f"item {item.item}: {message}."
                self.add("scheme.clause-unsound", place, what, item=item.item, key=clause.key)
        least, most = item.at_least, item.at_most
        if least and most and not least.required and not most.required and least.known() > most.known():
            what = f"item {item.item} pays at least {least}, which is more than its most, {most}."
            self.add("scheme.clause-unsound", (*path, "at_least"), what, item=item.item, key="at_least")

    def per_1000(self, path: Key, item: Item) -> None:
        """Thresholds are written as the rate is counted: per cent, or per 1,000."""
        kind, counted = item.kind, item.measure == "per_1000"
        if counted == (kind.rates_per == 1000) or kind.missing():
            return
        if counted:
            what = "counts events per 1,000 people: write its thresholds so, as in 'below 90 per 1,000 pays £1.00'"
        else:
            what = f"has thresholds per 1,000, and its measure is '{item.measure}': write 'measure: per_1000'"
        self.add("scheme.payment-unsound", (*path, "pays", kind.name), f"item {item.item} {what}.", item=item.item)

    def paid(self, path: Key, item: Item) -> None:
        """What the scheme must say for an item to be paid."""
        kind = item.kind
        if kind.unit == "points" and self.scheme.point is None and item.item not in self.scheme.within:
            self.add(
                "scheme.no-point-value",
                path,
                f"item {item.item} pays points, but the scheme has no 'point' value.",
                item=item.item,
            )
        if kind.unit == "pounds per weighted head" and self.scheme.heads is None:
            self.add(
                "scheme.no-heads",
                path,
                f"item {item.item} pays per head, but the scheme does not say 'heads' of which list.",
                item=item.item,
            )

    def weighed(self, path: Key, item: Item) -> None:
        """The weights and the guard of an item."""
        kind = item.kind
        for weight in item.weights:
            if kind.unit != "points":
                self.add(
                    "scheme.weight-unfit",
                    (*path, "weights"),
                    f"item {item.item} pays {_PAYS[kind.unit]} and takes no weights.",
                    item=item.item,
                    weight=weight,
                )
            elif getattr(self.scheme.weights, weight) is None:
                self.add(
                    "scheme.weight-undefined",
                    (*path, "weights"),
                    f"item {item.item} names the weight '{weight}', which 'weights' does not define.",
                    item=item.item,
                    weight=weight,
                )
        if {"prevalence", "target_population"} <= set(item.weights):
            self.add(
                "scheme.weights-both",
                (*path, "weights"),
                f"item {item.item} has both a prevalence and a target population weight.",
                item=item.item,
            )
        if item.guard and item.measure != "achievement":
            self.add(
                "scheme.guard-unfit",
                (*path, "guard"),
                f"item {item.item}: a PCA guard needs an achievement.",
                item=item.item,
            )

    def calculated(self, path: Key, item: Item, kind: CalculatedKind) -> None:
        """It needs a title of its own, and a measure only where it rests on this year's rate."""
        codes = {key(other.item): other.item for other in self.scheme.items}
        for code in kind.elements():
            same = codes.get(key(code))
            if same:
                message = f"item {item.item}: the element '{code}' and the item {same} are one name in the counts."
                self.add(
                    "scheme.one-name-for-two",
                    (*path, "pays", kind.name),
                    message,
                    "Give one of them another code.",
                    item=item.item,
                    name=code,
                )
        if not (item.title or item.indicators):
            self.add("scheme.item-incomplete", path, f"item {item.item} needs a 'title'.", item=item.item)
        if kind.uses_rate() and (item.measure is None or (item.indicator is None and item.measure != "declared")):
            self.add(
                "scheme.item-incomplete",
                path,
                f"item {item.item} needs 'indicator' and 'measure': it rests on this year's achievement.",
                item=item.item,
            )
        elif isinstance(kind, OverBaseline):
            self.over_baseline(path, item, kind)
        elif item.measure is not None and not kind.uses_rate():
            self.add(
                "scheme.measure-unfit",
                (*path, "measure"),
                f"item {item.item}: {kind.name.replace('_', ' ')} has no measure.",
                item=item.item,
                kind=kind.name,
                measure=item.measure,
            )

    def over_baseline(self, path: Key, item: Item, kind: OverBaseline) -> None:
        """A baseline is of counts, and of years before the scheme's."""
        if item.measure != "achievement":
            self.add(
                "scheme.measure-unfit",
                (*path, "measure"),
                f"item {item.item}: {kind.name.replace('_', ' ')} pays on achievement, not on {item.measure}: its "
                "baseline is a NUMERATOR over a DENOMINATOR.",
                item=item.item,
                kind=kind.name,
                measure=item.measure,
            )
        place = tuple(filter(None, kind.place.split(".")))
        for n, year in enumerate(kind.own_baseline.all_years):
            if year.end >= self.scheme.year.start:
                self.add(
                    "scheme.payment-unsound",
                    (*path, "pays", kind.name, *place, "years", n),
                    f"item {item.item}: the baseline's year {year} is not before the scheme's, {self.scheme.year}.",
                    item=item.item,
                )

    def dated(self, n: int, item: Item) -> None:
        if item.indicator is None or isinstance(item.indicator, str):
            return
        last: date | None = None
        for m, dated in enumerate(item.indicator):
            path = ("items", n, "indicator", m, "from")
            day = self.day(path, dated.from_)
            if m == 0 and day != self.scheme.year.start:
                self.add(
                    "scheme.dates-out-of-order",
                    path,
                    f"item {item.item}: the first indicator holds from the year's start.",
                    item=item.item,
                )
            if day and last and day <= last:
                self.add(
                    "scheme.dates-out-of-order",
                    path,
                    f"item {item.item}: the indicators are not in the order of their dates.",
                    item=item.item,
                )
            last = day or last
