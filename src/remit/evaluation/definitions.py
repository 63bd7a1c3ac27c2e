"""Registers and indicators over records, as their files have them: read, typed, and every name in them resolved.

The files stand in `library/rules/`; a local indicator is one more file. All errors come at once, with their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field as Key
from pydantic import StringConstraints

from remit.core.problems import Collector, Problem, Refused, did_you_mean
from remit.evaluation import rules as r
from remit.evaluation.parse import Unclear, parse_condition, parse_field
from remit.scheme.agreements import Cited
from remit.scheme.faults import typed
from remit.scheme.kinds import Strict
from remit.scheme.model import SourceDocument
from remit.scheme.source import Key as Path_
from remit.scheme.source import Source, read_source

NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_PCA = re.compile(rf"PCA (specific|general) ([A-Z][A-Z0-9_]*), ({'|'.join(r.PCA_KINDS)})")
_EXCLUSION = re.compile(r"exclusion ([A-Z][A-Z0-9_]*)")

Named = Annotated[str, StringConstraints(pattern=NAME.pattern)]
Status = Literal["complete", "order unverified", "inferred"]


class RuleText(Strict):
    """A rule as a file has it. Without `else`, the false side goes to the next rule."""

    rule: int = Key(ge=1)
    if_: str = Key(alias="if")
    then: r.Action
    else_: r.Action = Key(default="Next rule", alias="else")
    counts: str = Key(default="", description="What a decision on the true side counts as")
    else_counts: str = Key(default="", description="What a decision on the false side counts as")
    words: str = Key(default="", description="The published rule, in its own words")


class DefinitionText(Cited):
    """A register or an indicator as a file has it."""

    register_: Named | None = Key(default=None, alias="register", description="The code of a register")
    indicator: Named | None = Key(default=None, description="The code of an indicator")
    version: str = Key(default="", description="The version of the business rules")
    title: str
    group: str = Key(default="", description="The register group that a register counts, such as HYP")
    population: str = Key(description="A register's code, 'registered', or 'died in the year'")
    status: Status = "complete"
    fields: dict[Named, str] = Key(default_factory=dict)
    parts: dict[Named, dict[str, str]] = Key(default_factory=dict)
    rules: tuple[RuleText, ...] = ()
    words: str = Key(default="", description="The published wording")
    rationale: str = ""
    links: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return self.register_ or self.indicator or ""


class RuleFile(Strict):
    """A file of registers and indicators. Its `fields` may be used by all of them."""

    source: str | None = None
    sources: dict[str, SourceDocument] = Key(default_factory=dict)
    cluster_groups: dict[Named, tuple[Named, ...]] = Key(default_factory=dict)
    fields: dict[Named, str] = Key(default_factory=dict)
    definitions: tuple[DefinitionText, ...] = Key(min_length=1)


@dataclass(frozen=True)
class Definitions:
    """Registers and indicators, each by its code; with each the text that it was read from."""

    registers: Mapping[str, r.Definition]
    indicators: Mapping[str, r.Definition]
    texts: Mapping[str, DefinitionText]
    sources: Mapping[str, SourceDocument]

    def find(self, code: str) -> r.Definition | None:
        """An indicator or a register, or None."""
        return self.indicators.get(code) or self.registers.get(code)

    def needed_clusters(self, codes: Iterable[str]) -> set[str]:
        """The clusters that these definitions read, with those of every register that they rest on."""
        found: set[str] = set()
        for definition in self.resting_on(codes):
            found |= definition.clusters()
        return found

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


def registers_of(definition: r.Definition) -> set[str]:
    """The registers that a definition rests on directly."""
    found = {definition.population} - {"registered", "died in the year"}
    every = [rule.condition for rule in definition.rules]
    every += [part for group in definition.parts.values() for part in group.values()]
    every += [f.where for f in definition.fields.values() if isinstance(f, r.Pick | r.ReadingOf | r.Tally) and f.where]
    for condition in every:
        found |= {part.register for part in r.conditions(condition) if isinstance(part, r.OnRegister)}
    return found


@lru_cache(maxsize=1)
def shipped() -> Definitions:
    """The registers and indicators that ship. Raises Refused where a file of them is broken."""
    folder = Path(str(resources.files("remit") / "library" / "rules"))
    return read_definitions(sorted(folder.glob("*.yaml")))


def read_definitions(paths: Iterable[Path], beside: Definitions | None = None) -> Definitions:
    """Definitions from files, together with those `beside` them. Raises Refused with every error at its place."""
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
    own: set[str] = set()
    for source, file in files:
        sources.update(file.sources)
        for n, text in enumerate(file.definitions):
            if bool(text.register_) == bool(text.indicator):
                collector.add("give either 'register' or 'indicator'.", source.place(("definitions", n)))
                continue
            if text.code in own:
                collector.add(f"{text.code} is defined twice.", source.place(("definitions", n)))
            own.add(text.code)
            reader = _Reader(source, file, n, text, collector)
            definition = reader.read()
            texts[text.code] = text
            (registers if text.register_ else indicators)[text.code] = definition
    for source, file in files:
        for n, text in enumerate(file.definitions):
            for name in sorted(registers_of(found) if (found := _of(text, registers, indicators)) else ()):
                if name not in registers:
                    hint = did_you_mean(name, [*registers, "registered", "died in the year"])
                    collector.add(
                        f"{text.code}: there is no register '{name}'.", source.place(("definitions", n)), hint
                    )
    collector.refuse_if_any()
    every = Definitions(registers, indicators, texts, sources)
    _refuse_circles(every)
    return every


_Found = Mapping[str, r.Definition]


def _of(text: DefinitionText, registers: _Found, indicators: _Found) -> r.Definition | None:
    return (registers if text.register_ else indicators).get(text.code)


def _refuse_circles(found: Definitions) -> None:
    for code in found.registers:
        path, here = [code], registers_of(found.registers[code])
        seen: set[str] = set()
        while here:
            name = here.pop()
            if name == code:
                raise Refused([Problem(f"the register {code} rests on itself, through {', '.join(sorted(seen))}.")])
            if name not in seen:
                seen.add(name)
                path.append(name)
                here |= registers_of(found.registers[name])


class _Reader:
    """One definition under way."""

    def __init__(self, source: Source, file: RuleFile, n: int, text: DefinitionText, problems: Collector) -> None:
        self.source, self.file, self.at, self.text, self.problems = source, file, ("definitions", n), text, problems
        self.given = {**file.fields, **text.fields}
        self.fields: dict[str, r.Field] = {}
        self.kinds: dict[str, r.Kind | None] = {}

    def add(self, path: Path_, message: str, hint: str = "") -> None:
        self.problems.add(f"{self.text.code}: {message}", self.source.place(path), hint)

    def read(self) -> r.Definition:
        self._fields()
        parts = {
            group: {name: self._condition((*self.at, "parts", group, name), text) for name, text in those.items()}
            for group, those in self.text.parts.items()
        }
        rules = tuple(self._rule(n, rule) for n, rule in enumerate(self.text.rules))
        self._order(rules)
        for n, rule in enumerate(self.text.rules):
            for part in r.conditions(rules[n].condition):
                if isinstance(part, r.PartsMet) and part.parts not in parts:
                    hint = did_you_mean(part.parts, parts)
                    self.add((*self.at, "rules", n, "if"), f"there are no parts called '{part.parts}'.", hint)
                if isinstance(part, r.Beside):
                    self.add((*self.at, "rules", n, "if"), "'(any … where …)' stands in the filter of a field.")
            del rule
        return r.Definition(
            self.text.code,
            self.text.title,
            self.text.population,
            self._used(rules, parts),
            {group: {n: c for n, c in those.items() if c} for group, those in parts.items()},
            rules,
            self.text.status,
            self.text.source or self.file.source or "",
            self.text.version,
            self.text.register_ is not None,
            {name: " ".join(text.split()) for name, text in self.given.items()},
            self.text.group,
        )

    def _used(self, rules: tuple[r.Rule, ...], parts: Mapping[str, Mapping[str, r.Condition]]) -> dict[str, r.Field]:
        """The fields that the rules rest on, in the order of the file; the file's others are not this one's."""
        waiting = {name for rule in rules for name in r.names_in(rule.condition)}
        waiting |= {name for those in parts.values() for part in those.values() for name in r.names_in(part)}
        waiting |= set(self.text.fields)
        used: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in self.fields and name not in used:
                used.add(name)
                waiting |= r.names_of(self.fields[name])
        return {name: field for name, field in self.fields.items() if name in used}

    def _fields(self) -> None:
        for name, text in self.given.items():
            path: Path_ = (*self.at, "fields", name) if name in self.text.fields else ("fields", name)
            if name in r.DATES or name in r.PATIENT:
                self.add(path, f"'{name}' is known without a field.")
            try:
                self.fields[name] = self._widened(parse_field(" ".join(text.split())))
            except Unclear as error:
                self.add(path, f"field {name}: {error}.")
        for name in self.fields:
            path = (*self.at, "fields", name) if name in self.text.fields else ("fields", name)
            self._check_field(path, name, self.fields[name])

    def _widened(self, field: r.Field) -> r.Field:
        """A group of clusters written out."""
        if isinstance(field, r.Pick | r.Value | r.Tally):
            names = tuple(part for name in field.clusters for part in self.file.cluster_groups.get(name, (name,)))
            return type(field)(**{**{k: getattr(field, k) for k in field.__dataclass_fields__}, "clusters": names})
        return field

    def _check_field(self, path: Path_, name: str, field: r.Field) -> None:
        wanted: r.Kind = "reading" if isinstance(field, r.DateOf | r.PartOf) else "date"
        if isinstance(field, r.DateOf | r.PartOf | r.Value | r.Span):
            for other in sorted(r.names_of(field)):
                kind = self.kind(other)
                if kind is None:
                    self.add(path, f"field {name}: there is no '{other}'.", did_you_mean(other, self.names()))
                elif kind != wanted:
                    self.add(path, f"field {name}: {other} is a {kind}, and a {wanted} is needed here.")
            source = self.fields.get(field.reading) if isinstance(field, r.PartOf) else None
            if isinstance(field, r.PartOf) and isinstance(source, r.ReadingOf) and field.cluster not in source.clusters:
                of = " and ".join(source.clusters)
                self.add(path, f"field {name}: the reading {field.reading} is of {of}, not of {field.cluster}.")
        elif field.where is not None:
            self._check(path, field.where, f"field {name}", own=True)
            if name in r.names_in(field.where) and not any(isinstance(p, r.Beside) for p in r.conditions(field.where)):
                self.add(path, f"field {name} names itself; only within '(any …)' does it stand for the record.")
        if name in self._below(name):
            self.add(path, f"field {name} rests on itself.")

    def _below(self, name: str) -> set[str]:
        """The fields that a field rests on, at any depth; its own name within `(any …)` stands for the record."""
        found: set[str] = set()
        waiting = r.names_of(self.fields[name]) - {name}
        while waiting:
            other = waiting.pop()
            if other in self.fields and other not in found:
                found.add(other)
                waiting |= r.names_of(self.fields[other]) - {other}
        return found

    def names(self) -> list[str]:
        return [*self.fields, *r.DATES, *r.PATIENT]

    def kind(self, name: str) -> r.Kind | None:
        """What a name is; None for one that is not known."""
        if name in r.DATES:
            return "date"
        if name in r.PATIENT:
            return r.PATIENT[name][0]
        field = self.fields.get(name)
        if field is None:
            return None
        if isinstance(field, r.ReadingOf):
            return "reading"
        return "number" if isinstance(field, r.PartOf | r.Value | r.Tally) else "date"

    def _condition(self, path: Path_, text: str) -> r.Condition:
        try:
            condition = parse_condition(" ".join(text.split()))
        except Unclear as error:
            self.add(path, f"{error}.")
            return r.Every(())
        self._check(path, condition, "")
        return condition

    def _check(self, path: Path_, condition: r.Condition, where: str, own: bool = False) -> None:
        """Names that are known, and comparisons of like with like."""
        lead = f"{where}: " if where else ""
        for part in r.conditions(condition):
            if isinstance(part, r.Compare):
                kinds = [self._term(path, term, lead, own) for term in (part.left, part.right)]
                if None not in kinds and kinds[0] != kinds[1]:
                    self.add(path, f"{lead}a {kinds[0]} is compared with a {kinds[1]}.")
                elif "text" in kinds and part.op not in ("=", "<>"):
                    self.add(path, f"{lead}text is compared with = or <>, not with {part.op}.")
            elif isinstance(part, r.IsNull):
                self._term(path, part.term, lead, own)

    def _term(self, path: Path_, term: r.Term, lead: str, own: bool) -> r.Kind | None:
        if isinstance(term, r.Constant):
            return "text" if isinstance(term.value, str) else "number" if not hasattr(term.value, "year") else "date"
        if isinstance(term, r.OwnPart):
            if not own:
                self.add(path, f"{lead}'{term.part}' is of the record under test, in the filter of a field.")
            kinds: dict[str, r.Kind] = {"date": "date", "value": "number", "episode": "text"}
            return kinds[term.part]
        if isinstance(term, r.Shift):
            if self._term(path, term.term, lead, own) not in (None, "date"):
                self.add(path, f"{lead}only a date is moved by {term.unit}s.")
            return "date"
        kind = self.kind(term.name)
        if kind is None:
            self.add(path, f"{lead}there is no '{term.name}'.", did_you_mean(term.name, self.names()))
        if isinstance(term, r.AgeOn):
            return "number"
        return kind

    def _rule(self, n: int, text: RuleText) -> r.Rule:
        path = (*self.at, "rules", n)
        condition = self._condition((*path, "if"), text.if_)
        counts = self._counts((*path, "counts"), text.counts, text.then)
        otherwise = self._counts((*path, "else_counts"), text.else_counts, text.else_)
        return r.Rule(
            text.rule, condition, " ".join(text.if_.split()), text.then, text.else_, counts, otherwise, text.words
        )

    def _counts(self, path: Path_, text: str, action: r.Action) -> r.Counts | None:
        if self.text.register_ or action == "Next rule":
            if text:
                self.add(path, "nothing is counted here: " + ("a register selects" if self.text.register_ else "go on"))
            return None
        if not text:
            if action == "Reject":
                self.add(
                    path, "a rejection says what it counts as: 'exclusion CODE' or 'PCA specific CODE, unsuitable'."
                )
            return r.NOT_ACHIEVED
        if text in ("achieved", "not achieved"):
            if action != "Select":
                self.add(path, f"'{text}' is of someone selected.")
            return r.Counts("achieved") if text == "achieved" else r.NOT_ACHIEVED
        if match := _EXCLUSION.fullmatch(text):
            found = r.Counts("exclusion", match[1])
        elif match := _PCA.fullmatch(text):
            found = r.Counts("pca", match[2], match[3], match[1] == "general")
        else:
            wanted = (
                f"achieved, not achieved, 'exclusion CODE', or 'PCA specific CODE, kind' (of {', '.join(r.PCA_KINDS)})"
            )
            self.add(path, f"expected {wanted}; found '{text}'.")
            return r.NOT_ACHIEVED
        if action != "Reject":
            self.add(path, f"'{text}' is of someone rejected.")
        return found

    def _order(self, rules: tuple[r.Rule, ...]) -> None:
        path = (*self.at, "rules")
        numbers = [rule.number for rule in rules]
        if numbers != sorted(set(numbers)):
            self.add(path, "the rules are not numbered upwards, each number once.")
        for n, rule in enumerate(rules):
            last = n == len(rules) - 1
            if last and "Next rule" in (rule.then, rule.otherwise):
                self.add((*path, n), f"rule {rule.number} is the last, and says Next rule.", "Give it 'else'.")
            if not last and "Next rule" not in (rule.then, rule.otherwise):
                self.add((*path, n), f"no rule after rule {rule.number} is ever reached.")
        if self.text.register_ and not rules:
            self.add(path, "a register has rules.")
