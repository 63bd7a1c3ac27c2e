"""Registers and indicators over records, as their files have them: read, typed, and every name in them resolved.

The files stand in `library/rules/`; a local indicator is one more file. All errors come at once, with their places.
What a year changes stands in a folder of that year, `library/rules/2026-27/`: the year's *edition*, which is read only
where that year is asked about. Every other year keeps its definitions as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from importlib import resources
from pathlib import Path
from typing import get_args

from remit.core.dates import SchemeYear
from remit.core.problems import Collector, Hint, Problem, Refused, did_you_mean
from remit.core.words import listed
from remit.rules import model as r
from remit.rules.checking import Reported
from remit.rules.given import ValueToGive, declared_in, filled, given_in, still_to_give
from remit.rules.rule_files import DefinitionText, RuleFile
from remit.scheme.faults import typed
from remit.scheme.model import SourceDocument
from remit.scheme.source import Key as Path_
from remit.scheme.source import Source, read_source

POPULATIONS: tuple[str, ...] = get_args(r.Population)


@dataclass(frozen=True)
class Definitions:
    """Registers and indicators, each by its code; with each the text that it was read from."""

    registers: Mapping[str, r.Definition]
    indicators: Mapping[str, r.Definition]
    texts: Mapping[str, DefinitionText]
    sources: Mapping[str, SourceDocument]
    values_to_give: Mapping[str, ValueToGive] = field(default_factory=dict)
    """The numbers that sources state differently, given or not."""
    editions: Mapping[SchemeYear, tuple[Path, ...]] = field(default_factory=dict)
    """The files of each year that changed definitions; none where these are one year's."""
    added: tuple[Path, ...] = ()
    """The files that were read beside those, in their order."""
    refused: Refused | None = None
    """What is wrong with them outside of an edition."""

    def of(self, *years: SchemeYear) -> Definitions:
        """All definitions as they hold in a year: of several, in the first that has an edition.

        Raises Refused where a file of one's own fits editions alone, and the year has none.
        """
        year = next((year for year in years if year in self.editions), None)
        if year is not None:
            every = _edition(self.editions[year])
            return _read(self.added, every) if self.added else every
        if self.refused is not None:
            raise self.refused
        return replace(self, editions={}) if self.editions else self

    def where_found(self, code: str) -> Definitions:
        """These, or where they lack a code, the last edition that has it."""
        if self.find(code) is None or self.refused is not None:
            for year in sorted(self.editions, reverse=True):
                if (every := self.of(year)).find(code) is not None:
                    return every
        return self.of()

    def not_given(self, codes: Iterable[str]) -> list[tuple[ValueToGive, list[str]]]:
        """The values that these definitions and the registers below them ask for, and that nobody gave."""
        return list(still_to_give(self.resting_on(codes), self.values_to_give))

    def find(self, code: str) -> r.Definition | None:
        """An indicator or a register, or None."""
        return self.indicators.get(code) or self.registers.get(code)

    def root(self, definition: r.Definition) -> str:
        """The population that a definition starts from below all registers: `registered` or `died in the year`."""
        visited: set[str] = set()
        while definition.population in self.registers and definition.population not in visited:
            visited.add(definition.population)
            definition = self.registers[definition.population]
        return definition.population

    def needed_clusters(self, codes: Iterable[str]) -> set[str]:
        """The clusters that these definitions read, with those of every register that they rest on."""
        clusters: set[str] = set()
        for definition in self.resting_on(codes):
            clusters |= definition.clusters()
        return clusters

    def meaning_of(self, definition: r.Definition) -> str:
        """All that decides a definition's outcomes, those of the registers that it rests on too, as text.

        Two that say the same have the same text, in any process and on any machine.
        """
        below = sorted(self.resting_on(registers_of(definition)), key=lambda one: one.code)
        return "\n".join(
            f"{one.code} of {one.population}\n{one.fields}\n{one.parts}\n{one.rules}{_more_meaning(one)}"
            for one in [definition, *below]
        )

    def below(self, definition: r.Definition) -> list[r.Definition]:
        """The registers that a definition rests on, each after those that it rests on itself."""
        by_code: dict[str, r.Definition] = {}
        for code in sorted(registers_of(definition), key=lambda code: (code != definition.population, code)):
            register = self.registers[code]
            by_code |= {one.code: one for one in [*self.below(register), register] if one.code not in by_code}
        return list(by_code.values())

    def resting_on(self, codes: Iterable[str]) -> Iterator[r.Definition]:
        """The definitions of these codes and the registers that they rest on, each once."""
        waiting, done = list(codes), set()
        while waiting:
            code = waiting.pop()
            definition = self.find(code)
            if code in done or definition is None:
                continue
            done.add(code)
            yield definition
            waiting += registers_of(definition)


def _more_meaning(definition: r.Definition) -> str:
    """What decides outcomes beside population, fields and rules; nothing where a definition says none of it."""
    return "".join(f"\n{one}" for one in (definition.period, definition.bounds) if one)


def registers_of(definition: r.Definition) -> set[str]:
    """The registers that a definition rests on directly."""
    registers = {definition.population} - {*POPULATIONS}
    every = [rule.condition for rule in definition.rules]
    every += [part for group in definition.parts.values() for part in group.values()]
    every += [where for field in definition.fields.values() if (where := r.filter_of(field)) is not None]
    for condition in every:
        registers |= {part.register for part in r.conditions(condition) if isinstance(part, r.OnRegister)}
    return registers


@lru_cache(maxsize=1)
def shipped() -> Definitions:
    """The registers and indicators that ship, on clusters that ship. Raises Refused where a file is broken."""
    return replace(read_definitions(_files_in(_RULES)), editions=_editions())


@lru_cache(maxsize=4)
def _edition(files: tuple[Path, ...]) -> Definitions:
    """The definitions that ship, as an edition changes them."""
    return _read(files, replace(shipped(), editions={}))


@lru_cache(maxsize=1)
def all_that_ship() -> Definitions:
    """Those, and what can be counted on lists of one's own alone, which may not ship: the electronic frailty index."""
    return read_definitions(_files_in(_ON_OWN_LISTS), shipped())


def files_that_ship(year: SchemeYear) -> tuple[Path, ...]:
    """The files of all that ships as it holds in a year; what a later one defines stands."""
    return (*_files_in(_RULES), *_editions().get(year, ()), *_files_in(_ON_OWN_LISTS))


def _editions() -> dict[SchemeYear, tuple[Path, ...]]:
    folders = sorted(folder for folder in _RULES.iterdir() if folder.is_dir() and folder.name[:1].isdigit())
    return {SchemeYear.parse(one.name): _files_in(one) for one in folders}


def _files_in(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder.glob("*.yaml")))


_RULES = Path(str(resources.files("remit") / "library" / "rules"))
_ON_OWN_LISTS = _RULES / "with-your-lists"


def read_definitions(paths: Iterable[Path], beside: Definitions | None = None) -> Definitions:
    """Definitions from files, together with those `beside` them. Raises Refused with every error at its place.

    Files that fit the edition of a year alone, for what they name is in no other, are refused where another year is
    asked about. Raises Refused where the last edition does not fit them either.
    """
    files = tuple(paths)
    if beside is None or not beside.editions:
        return _read(files, beside)
    added = (*beside.added, *files)
    try:
        every = _read(files, beside)
    except Refused as refused:
        if not any(one.code in _OF_A_YEAR for one in refused.problems):
            raise
        try:
            _read(added, _edition(beside.editions[max(beside.editions)]))
        except Refused as of_edition:
            better = any(one.code == "rules.given-unknown" for one in refused.problems)
            raise (of_edition if better else refused) from None
        return replace(beside, added=added, refused=refused)
    return replace(every, editions=beside.editions, added=added)


_OF_A_YEAR = ("rules.given-unknown", "rules.register-unusable")
"""What can be wrong with a file that fits the edition of a year; the last edition then says what is."""


def _read(paths: Sequence[Path], beside: Definitions | None) -> Definitions:
    """The files beside the definitions of one edition."""
    from remit.rules.bound_checks import bounds_of  # with the parser of rules, for whoever reads some
    from remit.rules.checks import Checked

    problems: list[Problem] = []
    files: list[tuple[Source, RuleFile]] = []
    for path in paths:
        try:
            source = read_source(path)
            files.append((source, typed(source, RuleFile)))
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    collector = Collector(limit=200)
    registers = dict(beside.registers) if beside else {}
    indicators = dict(beside.indicators) if beside else {}
    texts = dict(beside.texts) if beside else {}
    sources = dict(beside.sources) if beside else {}
    to_give = dict(beside.values_to_give) if beside else {}
    for source, file in files:
        to_give.update(declared_in(file))
        if not (file.definitions or file.given):
            collector.add(
                "rules.no-definition",
                "definitions: expected at least one.",
                source.place(("definitions",)),
                "A file of values alone has them under 'given'.",
            )
    own: set[str] = set()
    for source, file in files:
        sources.update(file.sources)
        reported: set[Reported] = set()
        bounds = bounds_of(source, file, collector)
        for n, text in enumerate(file.definitions):
            if bool(text.register_) == bool(text.indicator):
                collector.add(
                    "rules.register-or-indicator",
                    "give either 'register' or 'indicator'.",
                    source.place(("definitions", n)),
                )
                continue
            if text.code in own:
                collector.add(
                    "rules.defined-twice",
                    f"{text.code} is defined twice.",
                    source.place(("definitions", n)),
                    name=text.code,
                )
            elif text.code in (indicators if text.register_ else registers):
                kind = "an indicator" if text.register_ else "a register"
                collector.add(
                    "rules.defined-as-another",
                    f"{text.code} is the code of {kind} already.",
                    source.place(("definitions", n)),
                    name=text.code,
                )
            own.add(text.code)
            reader = Checked(source, file, n, text, collector, reported, bounds, to_give.keys())
            definition = reader.read()
            texts[text.code] = text
            (registers if text.register_ else indicators)[text.code] = definition
    given = given_in(files, to_give, collector)
    registers, indicators = (
        {code: filled(one, given) for code, one in those.items()} for those in (registers, indicators)
    )
    every = Definitions(registers, indicators, texts, sources, to_give)
    for source, file in files:
        for n, text in enumerate(file.definitions):
            checked = (registers if text.register_ else indicators).get(text.code)
            if checked is not None:
                for name, message, hint in _wrong_with_registers(checked, every):
                    place = source.place(("definitions", n, *_place_of_register(checked, name)))
                    collector.add(
                        "rules.register-unusable", f"{text.code}: {message}", place, hint, name=text.code, register=name
                    )
    collector.refuse_if_any()
    return every


def _place_of_register(definition: r.Definition, register: str) -> Path_:
    """Where in a definition a register is asked for first."""
    if register == definition.population:
        return ("population",)
    for n, rule in enumerate(definition.rules):
        if any(isinstance(part, r.OnRegister) and part.register == register for part in r.conditions(rule.condition)):
            return ("rules", n, "if")
    return ()


def _wrong_with_registers(definition: r.Definition, definitions: Definitions) -> Iterator[tuple[str, str, Hint]]:
    """Each register that is not there, rests on itself or is of other people, with what is wrong, and a hint."""
    missing = sorted(registers_of(definition) - definitions.registers.keys())
    for name in missing:
        yield (
            name,
            f"there is no register '{name}'.",
            partial(did_you_mean, name, [*definitions.registers, *POPULATIONS]),
        )
    around = _circle(definition, definitions) if definition.is_register else None
    if around is not None:
        through = sorted(around - {definition.code})
        yield "", f"the register rests on itself{f', through {listed(through)}' if through else ''}.", ""
    if missing or around is not None:
        return
    own = definitions.root(definition)
    for name in sorted(registers_of(definition) - {definition.population}):
        root = definitions.root(definitions.registers[name])
        if _circle(definitions.registers[name], definitions) is None and root != own:
            yield name, f"{name} starts from '{root}' and this from '{own}': hardly anybody is in both.", ""


def _circle(register: r.Definition, definitions: Definitions) -> set[str] | None:
    """The registers below one that goes in a circle, or None; one that is not there ends its branch."""
    visited: set[str] = set()
    waiting = registers_of(register)
    while waiting:
        name = waiting.pop()
        if name not in visited and name in definitions.registers:
            visited.add(name)
            waiting |= registers_of(definitions.registers[name])
    return visited if register.code in visited else None
