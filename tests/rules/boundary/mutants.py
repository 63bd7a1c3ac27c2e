"""Every comparison of dates in the rule files, each turned by one day: `>` to `>=`, `<` to `<=`, and the other way.

A comparison in a field of a whole file is one mutant for all definitions that use the field: it is noticed where any of
them decides otherwise. `python -m tests.rules.boundary.mutants` names what no one of the deck notices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from tests.rules.boundary.deck import people_of
from tests.rules.harness import Run

from remit.evaluation.model import Meaning
from remit.evaluation.reference import PatientChart
from remit.rules import model as r
from remit.rules.definitions import Definitions, shipped

TURNED: dict[str, r.Comparison] = {">": ">=", ">=": ">", "<": "<=", "<=": "<"}

Place = tuple[str, str, int]
"""The file and key, or the definition, its field, rule or part; which of the comparisons there."""


@dataclass(frozen=True)
class Mutant:
    """A definition in which one comparison is turned; `said` is what it turned."""

    place: Place
    definition: r.Definition
    said: str

    def __str__(self) -> str:
        return f"{self.place[0]} {self.place[1]} #{self.place[2]}: {self.said}"


@cache
def of_the_file() -> dict[str, str]:
    """By definition and field, `CODE FIELD`, the file whose field it is."""
    found = {}
    folder = Path(str(resources.files("remit") / "library" / "rules"))
    for path in sorted(folder.glob("*.yaml")):
        text = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for one in text["definitions"]:
            for name in {*text.get("fields", {})} - {*one.get("fields", {})}:
                found[f"{one.get('register') or one['indicator']} {name}"] = path.name
    return found


def mutants(definition: r.Definition) -> Iterator[Mutant]:
    """Each comparison of dates in a definition, turned."""
    for name, field in definition.fields.items():
        where = r.filter_of(field)
        if where is not None:
            file = of_the_file().get(f"{definition.code} {name}")
            for n, (turned, said) in enumerate(_turned(where, definition, name)):
                made = replace(definition, fields={**definition.fields, name: replace(field, where=turned)})
                yield Mutant((file or definition.code, name, n), made, said)
    for at, rule in enumerate(definition.rules):
        for n, (turned, said) in enumerate(_turned(rule.condition, definition)):
            rules = (*definition.rules[:at], replace(rule, condition=turned), *definition.rules[at + 1 :])
            yield Mutant((definition.code, f"rule {rule.number}", n), replace(definition, rules=rules), said)
    for group, those in definition.parts.items():
        for name, part in those.items():
            for n, (turned, said) in enumerate(_turned(part, definition)):
                parts = {**definition.parts, group: {**those, name: turned}}
                yield Mutant((definition.code, f"part {name}", n), replace(definition, parts=parts), said)


def _turned(node: Any, definition: r.Definition, own: str = "") -> Iterator[tuple[Any, str]]:
    """A condition with one of its comparisons of dates turned, for each of them."""
    if isinstance(node, r.Compare):
        if node.op in TURNED and _is_date(node.left, definition, own) and _is_date(node.right, definition, own):
            yield replace(node, op=TURNED[node.op]), f"{node.op} to {TURNED[node.op]}"
        return
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, tuple):
            for n, one in enumerate(value):
                if is_dataclass(one):
                    for turned, said in _turned(one, definition, own):
                        yield replace(node, **{field.name: (*value[:n], turned, *value[n + 1 :])}), said
        elif is_dataclass(value):
            for turned, said in _turned(value, definition, own):
                yield replace(node, **{field.name: turned}), said


def _is_date(term: r.Term, definition: r.Definition, own: str) -> bool:
    match term:
        case r.Shift():
            return True
        case r.Constant():
            return isinstance(term.value, date)
        case r.OwnPart():
            return term.part == "date"
        case r.Name():
            field = definition.fields.get(term.name)
            known = term.name in r.DATES or r.PATIENT.get(term.name, ("",))[0] == "date" or term.name == own
            return known or isinstance(field, r.Pick | r.DateOf | r.Span)
        case _:
            return False


def decided(run: Run, definition: r.Definition, known: Definitions, codes: dict[str, frozenset[str]]) -> object:
    """What a definition says of somebody, with the parts that are met."""
    chart = PatientChart(run.patient, Meaning(run.dates, codes, known.registers))
    if not chart.in_population(definition):
        return None
    action, rule, branch = chart.decide(definition, None)
    met = tuple(chart.holds(one, definition) for those in definition.parts.values() for one in those.values())
    return action, rule and rule.number, branch, met


def codes_of(definition: r.Definition, known: Definitions, run: Run) -> dict[str, frozenset[str]]:
    """Each cluster has the code of its own name, and every `A_COD/B_COD` that names it."""
    used = {event.code for event in run.patient.events}
    return {
        name: frozenset({name} | {code for code in used if name in code.split("/")})
        for name in known.needed_clusters([definition.code])
    }


def unnoticed() -> dict[Place, Mutant]:
    """The mutants that nobody of the deck notices."""
    known = shipped()
    alive: dict[Place, Mutant] = {}
    killed: set[Place] = set()
    for code, people in people_of().items():
        definition = known.find(code)
        assert definition is not None
        waiting = [one for one in mutants(definition) if one.place not in killed]
        for run in people:
            if not waiting:
                break
            codes = codes_of(definition, known, run)
            sound = decided(run, definition, known, codes)
            if sound is None:
                continue
            noticed = {one.place for one in waiting if decided(run, one.definition, known, codes) != sound}
            killed |= noticed
            waiting = [one for one in waiting if one.place not in noticed]
        alive |= {one.place: one for one in waiting}
    return {place: one for place, one in alive.items() if place not in killed}


def every_place() -> set[Place]:
    known = shipped()
    return {one.place for d in (*known.registers.values(), *known.indicators.values()) for one in mutants(d)}


if __name__ == "__main__":
    print(f"{len(every_place())} comparisons of dates")
    print("\n".join(str(one) for one in unnoticed().values()))
