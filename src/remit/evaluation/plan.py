"""What of a scheme can be counted from records: each subject of its counts with the definition that counts it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from remit.core.dates import SchemeYear
from remit.core.words import listed
from remit.evaluation.years import Elsewhen, decided_by, outside
from remit.rules import model as r
from remit.rules.definitions import Definitions
from remit.scheme.loader import library
from remit.scheme.model import WHOLE_LIST, Indicator, Item, Scheme

RATES = ("NUMERATOR", "DENOMINATOR", "PCAS")
_OVER = re.compile(r"aged (\d+) and over")
_AT = re.compile(r"aged (\d+)")
_BETWEEN = re.compile(r"aged (\d+) to (\d+)")
_OLDEST = 10_000
"""Above any age in full years that a calendar allows."""


@dataclass(frozen=True)
class Counted:
    """A subject of the counts, the definition behind it, and which measures it gives.

    `people` is whom its LIST_SIZE counts, '' where it gives none.
    """

    subject: str
    definition: r.Definition
    measures: tuple[str, ...]
    people: str = ""


@dataclass(frozen=True)
class Plan:
    """All that is counted, in the order of the scheme, and the items whose counts must be supplied, with the reason.

    `elsewhen` says of each definition what it rests on that is not of the scheme's year.
    """

    counted: tuple[Counted, ...]
    supplied: dict[str, str]
    elsewhen: Elsewhen = field(default_factory=dict)

    def definitions(self) -> dict[str, r.Definition]:
        """Each definition once, by its code."""
        return {one.definition.code: one.definition for one in self.counted}

    def lists(self) -> dict[str, range]:
        """The ages that each list counts, by its words."""
        ages = {one.people: ages_of(one.people) for one in self.counted if one.people}
        return {people: those for people, those in ages.items() if those is not None}


def plan(scheme: Scheme, known: Definitions, rules_of: Sequence[SchemeYear] = ()) -> Plan:
    """What the items and the weights of a scheme need, as far as definitions over records can give it.

    The definitions are those of the scheme's year. With `rules_of`, only what rules of that year or of one of these
    decide; without, every definition.
    """
    known = known.of(scheme.year, *rules_of)
    counted: dict[str, Counted] = {}
    supplied: dict[str, str] = {}
    for item in scheme.items:
        for one in _of_item(scheme, item, known, supplied):
            counted.setdefault(one.subject, one)
    by_group = {definition.group: definition for definition in known.registers.values() if definition.group}
    weighed = {scheme.indicator(code).group for i in scheme.items if "prevalence" in i.weights for code in i.indicators}
    for group in scheme.groups:
        if group.group in weighed and group.group in by_group:
            definition = members(group.group, by_group[group.group])
            people = group.list if ages_of(group.list) else ""
            if not people:
                supplied[group.group] = _uncounted(group.list)
            counted.setdefault(group.group, Counted(group.group, definition, ("REGISTER",), people))
    if rules_of:
        years = tuple(dict.fromkeys((scheme.year, *rules_of)))
        for one in [one for one in counted.values() if not decided_by(one.definition, known, years)]:
            del counted[one.subject]
            supplied[one.subject] = f"{one.definition.code} has no rules of {listed(years, 'or')}: counts only"
    elsewhen = {one.definition.code: outside(one.definition, known, scheme.year) for one in counted.values()}
    return Plan(tuple(counted.values()), supplied, {code: those for code, those in elsewhen.items() if those})


def members(code: str, register: r.Definition) -> r.Definition:
    """Being on a register as an indicator: everybody on it is achieved."""
    return replace(register, code=code, population=register.code, rules=(), is_register=False)


def _of_item(scheme: Scheme, item: Item, known: Definitions, supplied: dict[str, str]) -> Iterable[Counted]:
    if item.measure is None or not item.indicators:
        if item.measure is None and item.kind.by_figures:
            supplied[item.item] = "it is calculated from figures that records do not hold"
        else:
            supplied[item.item] = "it is declared" if item.measure == "declared" else "it is not measured on patients"
        return
    if item.measure in ("declared", "historic"):
        supplied[item.item] = "it is declared" if item.measure == "declared" else "it rests on an earlier year"
        return
    if item.measure == "per_1000":
        supplied[item.item] = "events are counted outside the records: counts only"
        return
    for code in item.indicators:
        definition = definition_of(scheme, code, known)
        subject = item.item if len(item.indicators) == 1 else code
        if definition is None:
            supplied[subject] = f"{code} has no rules over records: counts only"
            continue
        if item.measure == "achievement":
            yield Counted(subject, definition, RATES)
        else:
            indicator = scheme.indicator(code)
            people = scheme.list_of(indicator) if item.measure == "prevalence" else ""
            if people and not ages_of(people):
                supplied[subject] = _uncounted(people)
                people = ""
            yield Counted(subject, definition, ("REGISTER",), people)


def _uncounted(people: str) -> str:
    return f"the list of people {people} cannot be counted: supply LIST_SIZE"


def definition_of(scheme: Scheme, code: str, known: Definitions) -> r.Definition | None:
    """The definition of an indicator; for one that is a register, membership of its group's register."""
    if code in known.indicators:
        return known.indicators[code]
    indicator = scheme.indicator(code)
    registers = [d for d in known.registers.values() if d.group == indicator.group]
    if indicator.type == "register" and registers:
        return members(code, registers[0])
    return None


def ages_of(text: str) -> range | None:
    """The ages that a list counts: `whole`, `aged 18 and over`, `aged 25 to 64`, `aged 2`; None for other words."""
    if text == WHOLE_LIST:
        return range(-_OLDEST, _OLDEST)  # one who is not born yet too
    if match := _OVER.fullmatch(text):
        return range(int(match[1]), _OLDEST)
    if match := _AT.fullmatch(text):
        return range(int(match[1]), int(match[1]) + 1)
    if match := _BETWEEN.fullmatch(text):
        return range(int(match[1]), int(match[2]) + 1)
    return None


def indicator_of(code: str) -> Indicator | None:
    """An indicator of the library, or None."""
    return next((one for one in library().indicators if one.indicator == code), None)


def register_of(code: str, known: Definitions) -> r.Definition | None:
    """The register that an indicator of the library is: CKD005 is CKD_REG. None for one that is none."""
    indicator = indicator_of(code)
    if indicator is None or indicator.type != "register":
        return None
    return next((d for d in known.registers.values() if d.group == indicator.group), None)
