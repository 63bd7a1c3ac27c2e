"""Values that sources state differently: a rule names one, no value stands in for it, and whoever evaluates gives it.

A file of rules declares it under `values_to_give`, with each reading and where to look; a file of one's own gives it
under `given`. Once given it stands in conditions and their texts as the number; until then nothing is evaluated by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from remit.core.problems import Collector, did_you_mean
from remit.core.words import listed
from remit.rules import model as r
from remit.rules.rule_files import NUMBER, RuleFile
from remit.scheme.source import Source

T = TypeVar("T")


@dataclass(frozen=True)
class ValueToGive:
    """A number that sources state differently: what it is, each reading, and where the right one stands."""

    name: str
    title: str
    readings: tuple[tuple[str, str], ...]
    """Each value with what has it: `70`, `the guidance, as one report reads it`."""
    look_up: str

    def says(self) -> str:
        """`DM036_OLDEST, the oldest age that DM036 counts: 70 (…) or 79 (…). Look it up in …`."""
        readings = [f"{value} ({of})" for value, of in self.readings]
        return f"{self.name} is {self.title}: {listed(readings, 'or')}. Look it up in {self.look_up}."


def declared_in(file: RuleFile) -> dict[str, ValueToGive]:
    """The values that a file of rules leaves to whoever evaluates."""
    return {
        name: ValueToGive(name, text.title, tuple((one.value, one.of) for one in text.readings), text.look_up)
        for name, text in file.values_to_give.items()
    }


def given_in(
    files: Iterable[tuple[Source, RuleFile]], declared: Mapping[str, ValueToGive], problems: Collector
) -> dict[str, Decimal]:
    """The values that files give. Reports a name that no rule asks for, and what is no number."""
    given: dict[str, Decimal] = {}
    for source, file in files:
        for name, text in file.given.items():
            place = source.place(("given", name))
            if name not in declared:
                hint = partial(did_you_mean, name, declared)
                problems.add("rules.given-unknown", f"no rule asks for a value '{name}'.", place, hint, name=name)
            elif not NUMBER.fullmatch(text):
                what = f"{name}: expected a number, found '{text[:30]}'."
                problems.add("rules.given-no-number", what, place, name=name, found=text)
            else:
                given[name] = Decimal(text)
    return given


def filled(definition: r.Definition, given: Mapping[str, Decimal]) -> r.Definition:
    """A definition with the values that are given, in its conditions and in their texts."""
    names = names_used(definition) & given.keys()
    if not names:
        return definition
    numbers = {name: given[name] for name in names}
    return _filled(definition, numbers)


def names_used(definition: r.Definition) -> set[str]:
    """The names that its rules, its parts and the filters of its fields compare with."""
    every = [rule.condition for rule in definition.rules]
    every += [part for group in definition.parts.values() for part in group.values()]
    every += [where for field in definition.fields.values() if (where := r.filter_of(field)) is not None]
    return {name for condition in every for name in r.names_in(condition)}


def still_to_give(
    definitions: Iterable[r.Definition], declared: Mapping[str, ValueToGive]
) -> Iterator[tuple[ValueToGive, list[str]]]:
    """The values that these definitions ask for and nobody gave, each with the codes that ask."""
    asking: dict[str, list[str]] = {}
    for one in definitions:
        for name in sorted(names_used(one) & declared.keys()):
            asking.setdefault(name, []).append(one.code)
    for name, codes in sorted(asking.items()):
        yield declared[name], sorted(set(codes))


def _filled(value: T, numbers: Mapping[str, Decimal]) -> T:
    """The same thing with numbers for names; it walks whatever a definition is made of."""
    result: Any = value
    match value:
        case r.Name() if value.name in numbers:
            result = r.Constant(numbers[value.name])
        case str():
            result = _in_text(value, numbers)
        case tuple():
            result = tuple(_filled(one, numbers) for one in value)
        case dict():
            result = {key: _filled(one, numbers) for key, one in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            result = replace(value, **{one.name: _filled(getattr(value, one.name), numbers) for one in fields(value)})
    return result  # type: ignore[no-any-return]


def _in_text(text: str, numbers: Mapping[str, Decimal]) -> str:
    """A text with the numbers in place of their names, where they stand as words of their own."""
    return re.sub(r"\b[A-Z][A-Z0-9_]*\b", lambda word: str(numbers.get(word[0], word[0])), text)
