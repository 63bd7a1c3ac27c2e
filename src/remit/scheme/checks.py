"""What must hold within a scheme file once every key is read: references, order, sums, what belongs together."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import get_args

from remit.core.dates import SchemeYear
from remit.core.problems import Collector, did_you_mean
from remit.scheme.advance_checks import check_advances
from remit.scheme.advances import placed
from remit.scheme.agreements import OPEN, Cited, Distributed
from remit.scheme.area_checks import AreaChecker
from remit.scheme.limits import ALL
from remit.scheme.model import Scheme
from remit.scheme.network_checks import network_faults
from remit.scheme.quantity import Quantity, Step
from remit.scheme.restated import is_named
from remit.scheme.retirement import faults
from remit.scheme.source import Key, Source
from remit.scheme.total_checks import TotalsChecker
from remit.scheme.value_names import name_of
from remit.scheme.walk import walk
from remit.scheme.years import from_april, months_of, years_read

CHANGE_RULES = ("whole months", "days", "full year", "nothing")
MERGER_RULES = ("successor", "required")


def check_doubled(scheme: Scheme, source: Source, problems: Collector) -> None:
    """Add indicators and groups that a file defines twice: once they are resolved, the last would stand for both."""
    for parts, code in ((scheme.indicators, "indicator"), (scheme.groups, "group")):
        names = [getattr(part, code) for part in parts]
        for n, name in enumerate(names):
            if name in names[:n]:
                place = source.place((f"{code}s", n, code))
                hint = f"It is number {names.index(name) + 1} too."
                problems.add(
                    "scheme.listed-twice", f"the {code} '{name}' is listed twice.", place, hint, kind=code, name=name
                )


def check(scheme: Scheme, source: Source, problems: Collector, unread: frozenset[str] = frozenset()) -> None:
    """Add every fault of the scheme to `problems`, with its place. `unread` are the items that were left out."""
    _Checker(scheme, source, problems, unread).run()


class _Checker(TotalsChecker, AreaChecker):
    def run(self) -> None:
        scheme = self.scheme
        self.sources()
        self.years()
        days = scheme.payment_period
        if days and not days.from_ <= scheme.achievement_date <= days.to:
            self.add(
                "scheme.day-outside-year",
                ("payment_period",),
                f"achievement date {scheme.achievement_date} is not in the payment period, {days.from_} to {days.to}.",
                day=scheme.achievement_date,
            )
        first: dict[str, int] = {}
        for n, item in enumerate(scheme.items):
            if item.item in first:
                line = self.source.place(("items", first[item.item])).line
                self.add(
                    "scheme.item-twice",
                    ("items", n, "item"),
                    f"the item '{item.item}' is listed twice.",
                    f"It is first on line {line}.",
                    item=item.item,
                    line=line,
                )
            first.setdefault(item.item, n)
            self.item(n, item)
        self.parameters()
        self.terms()
        self.term()
        self.agreements()
        self.limits()
        self.area()
        self.only_with()
        self.divisors()
        if self.needed():
            self.totals()

    def years(self) -> None:
        """Achievement is measured in the year; and a scheme from April to March reads other years from April too."""
        scheme, year = self.scheme, self.scheme.year
        if not year.start <= scheme.achievement_date <= year.end:
            path, message = "achievement_date", f"{scheme.achievement_date} is not in the year {year}."
            meant = SchemeYear(year.begins)
            if not year.from_april and meant.start <= scheme.achievement_date <= meant.end:
                path = "year"
                message = f"'year: {year}' is {months_of(year)}, and achievement is measured on "
                message += f"{scheme.achievement_date}."
            hint = from_april(meant) if path == "year" else ""
            self.add("scheme.day-outside-year", (path,), message, hint, day=scheme.achievement_date)
        for where, one in years_read(scheme) if year.from_april else ():
            if not one.from_april:
                message = f"the scheme's years run from April to March, and '{one}' is {months_of(one)}."
                self.add("scheme.year-of-other-months", where, message, from_april(SchemeYear(one.begins)), year=one)

    def only_with(self) -> None:
        """Other schemes, each once: nobody has accepted a scheme before its own offer."""
        for n, name in enumerate(self.scheme.only_with):
            if name == self.scheme.scheme:
                what = f"{name} is this scheme itself, which cannot go only with itself."
                self.add("scheme.reference-unfit", ("only_with", n), what, "Name another scheme.", name=name)
            elif name in self.scheme.only_with[:n]:
                self.add("scheme.listed-twice", ("only_with", n), f"{name} is listed twice.", kind="scheme", name=name)

    def sources(self) -> None:
        known = self.scheme.sources
        for path, value in walk(self.scheme):
            if path[0] in ("indicators", "groups"):
                continue
            if isinstance(value, Quantity | Step | Cited) or hasattr(value, "when"):
                for mark in (getattr(value, "source", None), getattr(value, "look_up", None)):
                    if mark and mark not in known:
                        self.add(
                            "scheme.source-unknown",
                            path,
                            f"the source '{mark}' is not among the file's sources.",
                            partial(did_you_mean, mark, known),
                            source=mark,
                        )
        self.questions(known)
        self.restated()
        if self.scheme.source and self.scheme.source not in known:
            hint = did_you_mean(self.scheme.source, known)
            self.add(
                "scheme.source-unknown",
                ("source",),
                f"the source '{self.scheme.source}' is not among the file's sources.",
                hint,
                source=self.scheme.source,
            )

    def limits(self) -> None:
        """A limit names items of the scheme, each once, that are paid by themselves; a least list is a number."""
        by_list = self.scheme.weights.list
        lists = ((self.scheme.heads, ("heads",)), (by_list.list if by_list else None, ("weights", "list", "list")))
        for basis, path in lists:
            if basis and basis.at_least and not basis.at_least.value:
                what = f"the least list is a number of patients above 0, not {basis.at_least}."
                self.add("scheme.limit-unsound", (*path, "at_least"), what)
        known = [item.item for item in self.scheme.items]
        for n, limit in enumerate(self.scheme.limits):
            for m, code in enumerate(() if limit.items == ALL else limit.items):
                place: Key = ("limits", n, "items", m)
                if code not in known and code not in self.unread:
                    what = f"the limit is of '{code}', which is no item of the scheme."
                    self.add("scheme.limit-unsound", place, what, partial(did_you_mean, code, known), item=code)
                elif code in limit.items[:m]:
                    self.add("scheme.limit-unsound", place, f"the limit names item {code} twice.", item=code)
                elif code in self.scheme.within:
                    by = self.scheme.within[code]
                    what = f"the limit is of item {code}, which is paid within {by}."
                    self.add("scheme.limit-unsound", place, what, f"Name {by}.", item=code)

    def questions(self, known: Collection[str]) -> None:
        """What must be looked up names values that the scheme has, and the source that decides."""
        leaves = [path for path, _ in walk(self.scheme)] if self.scheme.to_look_up else []
        names = {name_of(self.scheme, path[:-1] if isinstance(path[-1], int) else path) for path in leaves}
        for n, question in enumerate(self.scheme.to_look_up):
            path: Key = ("to_look_up", n)
            for m, name in enumerate(question.supplies):
                if name not in names:
                    hint = partial(did_you_mean, name, names)
                    message = f"the scheme has no value '{name}'."
                    self.add("scheme.value-unknown", (*path, "supplies", m), message, hint, name=name)
            if question.look_up not in known:
                hint = partial(did_you_mean, question.look_up, known)
                message = f"the source '{question.look_up}' is not among the file's sources."
                self.add("scheme.source-unknown", (*path, "look_up"), message, hint, source=question.look_up)

    def restated(self) -> None:
        """What an overlay must restate is something that this file says."""
        leaves = walk(self.scheme) if self.scheme.restate else ()
        names = {name_of(self.scheme, path) for path, _ in leaves}
        for n, name in enumerate(self.scheme.restate):
            taken_over = self.source.place(("restate", n)).file != self.source.name  # of an item that is removed here
            if not is_named(name, names) and not taken_over:
                hint = partial(did_you_mean, name, names)
                message = f"the scheme has no value '{name}' to restate."
                self.add("scheme.value-unknown", ("restate", n), message, hint, name=name)

    def term(self) -> None:
        """A contract's days lie in the year, in their order, and it is measured and agreed on days that fit them."""
        scheme, term = self.scheme, self.scheme.term
        if term is None:
            return
        for name, day in (("from", term.from_), ("to", term.to)):
            if not scheme.year.start <= day <= scheme.year.end:
                message = f"{day} is not in the year {scheme.year}."
                self.add("scheme.day-outside-year", ("term", name), message, day=day)
        if term.to < term.from_:
            message = f"the contract ends on {term.to}, before it begins on {term.from_}."
            self.add("scheme.keys-contradict", ("term", "to"), message, day=term.to)
        elif not term.from_ <= scheme.achievement_date <= term.to:
            message = f"achievement is measured on {scheme.achievement_date}, outside {term.from_} to {term.to}."
            self.add("scheme.keys-contradict", ("achievement_date",), message, day=scheme.achievement_date)
        if term.agreed and term.agreed <= term.from_:
            message = f"agreed on {term.agreed}, by its first day: then no instalment is late."
            self.add("scheme.keys-contradict", ("term", "agreed"), message, "Leave it out.", day=term.agreed)

    def parameters(self) -> None:
        """`retires` names a parameter of type items; what such a parameter names unless set is fit to be named."""
        scheme = self.scheme
        if scheme.retires and scheme.retires not in scheme.parameters:
            hint = did_you_mean(scheme.retires, scheme.parameters)
            self.add(
                "scheme.parameter-unknown",
                ("retires",),
                f"there is no parameter '{scheme.retires}'.",
                hint,
                name=scheme.retires,
            )
        elif scheme.retires and scheme.parameters[scheme.retires].type != "items":
            message = f"the parameter '{scheme.retires}' does not name items."
            self.add("scheme.parameter-unfit", ("retires",), message, "Its type must be 'items'.", name=scheme.retires)
        for name, parameter in scheme.parameters.items():
            if parameter.type == "items" and parameter.default is not None and not self.unread:
                for message, way in faults(scheme, parameter, parameter.default):
                    self.add("scheme.items-not-retirable", ("parameters", name, "default"), message, way, name=name)

    def terms(self) -> None:
        terms, scheme = self.scheme.terms, self.scheme
        self.day(("terms", "balance", "due"), terms.balance.due)
        back = terms.recovery
        for name, text in (("notified", back.notified), ("first", back.first)):
            if text:
                self.day(("terms", "recovery", name), text)
        if not back.notified and not back.first:
            hint = "Say from which day on it is recovered with 'notified', or on which day first with 'first'."
            self.add(
                "scheme.missing-key", ("terms", "recovery"), "the key 'notified' is missing.", hint, key="notified"
            )
        if terms.balance.reviewed:
            self.day(("terms", "balance", "reviewed"), terms.balance.reviewed)
        for name, rules in (("joiner", CHANGE_RULES), ("leaver", CHANGE_RULES), ("merger", MERGER_RULES)):
            self.choice(("terms", "changes", name), getattr(terms.changes, name), rules)
        if scheme.weights.prevalence:
            self.choice(("weights", "prevalence", "basis"), scheme.weights.prevalence.basis, ("group", "registered"))
        counts: list[tuple[Key, Quantity, int]] = [(("terms", "recovery", "months"), terms.recovery.months, 120)]
        for path, ahead in placed(scheme):
            if ahead.instalments is not None:
                counts.append(((*path, "instalments"), ahead.instalments, 12))
        delivered = terms.paid_on_activity
        if delivered and delivered.days.value is not None and delivered.days.value > 366:
            self.add(
                "scheme.number-out-of-range",
                ("terms", "paid_on_activity", "days"),
                f"expected 0 to 366, found {delivered.days}.",
                found=delivered.days,
            )
        for path, count, most in counts:
            if not count.required and not 1 <= count.known() <= most:
                self.add(
                    "scheme.number-out-of-range", path, f"expected 1 to {most}, found {count}.", found=count, most=most
                )
        check_advances(scheme, self.add)

    def agreements(self) -> None:
        """Networks, claims and monitoring name items, rules and groups that the scheme has."""
        scheme, codes = self.scheme, [item.item for item in self.scheme.items]
        for at, message, hint in network_faults(scheme):
            self.add("scheme.networks-unsound", at, message, hint)
        if scheme.networks:
            self.choice(("networks", "distribution"), scheme.networks.distribution, get_args(Distributed))
        if scheme.claims:
            for path, named in (("levels", scheme.claims.levels), ("once", tuple(scheme.claims.once))):
                for n, code in enumerate(named):
                    if code not in codes:
                        where: Key = ("claims", path, n if path == "levels" else code)
                        self.add(
                            "scheme.item-unknown",
                            where,
                            f"there is no item '{code}'.",
                            partial(did_you_mean, code, codes),
                            name=code,
                        )
        self.claimed()
        watched = scheme.monitoring
        if watched and watched.count and watched.count.value and watched.indicators != OPEN:
            named_ = len(set(watched.indicators))
            if named_ != watched.count.value:
                message = f"{named_} indicators are named, and 'count' says {watched.count}."
                self.add(
                    "scheme.sum-differs", ("monitoring", "indicators"), message, found=named_, printed=watched.count
                )

        if watched and watched.indicators != OPEN:
            for n, code in enumerate(watched.people):
                if code not in watched.indicators:
                    message = f"{code} is not among the indicators that are watched."
                    hint = did_you_mean(code, watched.indicators)
                    self.add("scheme.not-watched", ("monitoring", "people", n), message, hint, name=code)
        level = watched.significance if watched else None
        if watched and level is not None:
            where = ("monitoring", "significance")
            if watched.against is None:
                self.add("scheme.watched-beside-nothing", where, "A fall needs an earlier year.", "Say 'against'.")
            if level.value is not None and not 0 < level.value < 1:
                expected = f"expected above 0% and below 100%, found {level}."
                self.add("scheme.number-out-of-range", where, expected, found=level, most="100%")

    def needed(self) -> bool:
        """Whether every number is there that nothing can wait for: what is checked, tested or counted by."""
        scheme = self.scheme
        totals: list[tuple[Key, Quantity | None]] = [
            (("totals", name), getattr(scheme.totals, name)) for name in ("most", "points", "items")
        ]
        totals += [(("totals", "domains", name), number) for name, number in scheme.totals.domains.items()]
        totals += [(("totals", "items_of", name), number) for name, number in scheme.totals.items_of.items()]
        totals += [(("totals", "tagged", name), number) for name, number in scheme.totals.tagged.items()]
        totals += [(("totals", "sums", n, one.paid_as), one.amount) for n, one in enumerate(scheme.totals.sums)]
        numbers = list(totals)
        for path, ahead in placed(scheme):
            numbers.append(((*path, "instalments"), ahead.instalments))
        for n, item in enumerate(scheme.items):
            if item.guard:
                path = ("items", n, "guard")
                numbers += [((*path, "references", name), rate) for name, rate in item.guard.references.items()]
                numbers += [((*path, name), getattr(item.guard, name)) for name in ("significance", "increase_points")]
        for where, number in numbers:
            if number is not None and number.required:
                self.add("scheme.number-needed", where, "a number is needed here; 'required' cannot take its place.")
        return not any(number is not None and number.required for _, number in totals)

    def divisors(self) -> None:
        """What is divided by is above zero; and a national prevalence is of a group that the scheme uses."""
        weights = self.scheme.weights
        divisors: list[tuple[Key, Quantity]] = []
        if weights.list:
            divisors.append((("weights", "list", "over"), weights.list.over))
        for where, ahead in placed(self.scheme):
            if ahead.previous_point_value:
                divisors.append(((*where, "previous_point_value"), ahead.previous_point_value))
        known = [group.group for group in self.scheme.groups]
        for group, percent in (weights.prevalence.national if weights.prevalence else {}).items():
            path: Key = ("weights", "prevalence", "national", group)
            divisors.append((path, percent))
            if group not in known:
                self.add(
                    "scheme.group-unknown",
                    path,
                    f"no item is in the group '{group}'.",
                    partial(did_you_mean, group, known),
                    name=group,
                )
        for path, number in divisors:
            if number.value == 0:
                self.add("scheme.number-out-of-range", path, f"expected more than 0, found {number}.", found=number)
