"""What of a scheme can be counted from records: each subject of its counts with the definition that counts it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from remit.core.dates import SchemeYear
from remit.rules import model as r
from remit.rules.definitions import Definitions
from remit.scheme.loader import library
from remit.scheme.model import WHOLE_LIST, Item, Scheme

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
    """All that is counted, in the order of the scheme, and the items whose counts must be supplied, with the reason."""

    counted: tuple[Counted, ...]
    supplied: dict[str, str]

    def definitions(self) -> dict[str, r.Definition]:
        """Each definition once, by its code."""
        return {one.definition.code: one.definition for one in self.counted}

    def lists(self) -> dict[str, range]:
        """The ages that each list counts, by its words."""
        ages = {one.people: ages_of(one.people) for one in self.counted if one.people}
        return {people: those for people, those in ages.items() if those is not None}


def plan(scheme: Scheme, known: Definitions) -> Plan:
    """What the items and the weights of a scheme need, as far as definitions over records can give it."""
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
    return Plan(tuple(counted.values()), supplied)


def members(code: str, register: r.Definition) -> r.Definition:
    """Being on a register as an indicator: everybody on it is achieved."""
    return replace(register, code=code, population=register.code, rules=(), is_register=False)


def _of_item(scheme: Scheme, item: Item, known: Definitions, supplied: dict[str, str]) -> Iterable[Counted]:
    if item.measure is None or not item.indicators:
        if item.measure is None and item.kind.by_figures:
            supplied[item.item] = "it is reckoned from figures that no record holds"
        else:
            supplied[item.item] = "it is declared" if item.measure == "declared" else "it is not measured on patients"
        return
    if item.measure in ("declared", "historic"):
        supplied[item.item] = "it is declared" if item.measure == "declared" else "it rests on an earlier year"
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


def register_of(code: str, known: Definitions) -> r.Definition | None:
    """The register that an indicator of the library counts, for one that has no rules beside: CKD005 is CKD_REG."""
    groups = {indicator.group for indicator in library().indicators if indicator.indicator == code}
    return next((d for d in known.registers.values() if d.group in groups), None)


# The years of the business rules' versions: v47 and v48 lie between two that were seen.
_VERSIONS = {"v42": 2019, "v46": 2021, "v47": 2022, "v48": 2023, "v49": 2024, "v50": 2025, "v51": 2026}


def of_another_year(version: str, year: SchemeYear) -> bool:
    """Whether a definition's version is of other years than a scheme's; a version that names no year is of none."""
    ends = [_VERSIONS.get(part) for part in version.partition(" ")[0].split("-")] if version.startswith("v") else []
    if ends and None not in ends:
        return not min(filter(None, ends)) <= year.begins <= max(filter(None, ends))
    try:
        return SchemeYear.parse(version) != year
    except ValueError:
        return False
