"""Indicators of the same people: what one shows tells what another hides, so they are protected together.

Of whoever is in a population, an indicator counts some (its denominator and its PCAs) and excludes the rest. Where it
excludes nobody (AST007), it counts the register: PCAs are the register less the denominator. Where two indicators part
the population between them (DM020 and DM021 by frailty, HYP008 and HYP009 by age), they add up to the register; where
two exclude alike, they add up to each other. Such sums are found in the counts themselves: a sum that follows from the
definitions holds in every cell and every practice. One that holds by chance is treated alike, and costs little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from remit.disclosure.suppression import Group, Hidden, Line, Measure, Node, Policy, suppress

Cells = Mapping[tuple[str, str], int]
"""Patients by dimension and value; practices are a dimension too. A cell of nobody is left out."""

MOST_PARTS = 3
"""How many indicators a sum has at most."""


@dataclass(frozen=True)
class CountedPeople:
    """Whom an indicator counts, and its population: those and whom it excludes."""

    counts: Cells
    population: Cells
    is_register: bool = False


@dataclass(frozen=True)
class Family:
    """How indicators of one population are protected together.

    `registers` are hidden wherever a denominator or PCAs of one of the `parts` are: then whatever moves there moves the
    register with it, and nothing else. Where there is more to add up than that, `untold` names the indicators of which
    no PCAs are told, and `registers_untold` says that no register is: with both free, every sum can be true of any
    denominators.
    """

    members: tuple[str, ...]
    registers: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    untold: frozenset[str] = frozenset()
    registers_untold: bool = False


def families(counted: Mapping[str, CountedPeople], populations: Mapping[str, str]) -> list[Family]:
    """The indicators by the population that they start from, with how each family is protected."""
    by_population: dict[str, list[str]] = {}
    for code in sorted(counted):
        by_population.setdefault(populations.get(code) or code, []).append(code)
    return [_family(codes, counted) for codes in by_population.values()]


def _family(codes: Sequence[str], counted: Mapping[str, CountedPeople]) -> Family:
    registers = tuple(code for code in codes if counted[code].is_register)
    outcomes = [code for code in codes if not counted[code].is_register and counted[code].counts]
    if not outcomes or len(codes) < 2:
        return Family(tuple(codes))
    sums = _sums(outcomes, counted)
    everybody = sums.get(_cells(counted[codes[0]].population), [])
    if registers and len(everybody) == 1 and len(everybody[0]) == len(outcomes):
        return Family(tuple(codes), registers, everybody[0])
    tied = {code for ways in sums.values() for code in {*chain(*ways)}.difference(_in_all(ways))}
    if registers or {*chain(*everybody)} < {*outcomes}:
        tied |= {*chain(*everybody)}
    return Family(tuple(codes), registers, (), frozenset(tied), bool(registers))


def _in_all(ways: Sequence[tuple[str, ...]]) -> set[str]:
    """Who is in every way to add up the same: the ways tell nothing of them."""
    return set.intersection(*({*one} for one in ways))


def _cells(cells: Cells) -> frozenset[tuple[tuple[str, str], int]]:
    return frozenset(cells.items())


def _sums(
    codes: Sequence[str], counted: Mapping[str, CountedPeople]
) -> dict[frozenset[tuple[tuple[str, str], int]], list[tuple[str, ...]]]:
    """What few indicators count together, cell by cell, with each way to add it up.

    Only what has the total of a population or of another sum is added up cell by cell.
    """
    totals = {code: sum(counted[code].counts.values()) for code in codes}
    whole = sum(counted[codes[0]].population.values())
    by_total: dict[int, list[tuple[str, ...]]] = {}
    for many in range(1, min(MOST_PARTS, len(codes)) + 1):
        for one in combinations(codes, many):
            by_total.setdefault(sum(totals[code] for code in one), []).append(one)
    found: dict[frozenset[tuple[tuple[str, str], int]], list[tuple[str, ...]]] = {}
    for total, ways in by_total.items():
        if total == whole or len(ways) > 1:
            for one in ways:
                cells: dict[tuple[str, str], int] = {}
                for code in one:
                    for cell, patients in counted[code].counts.items():
                        cells[cell] = cells.get(cell, 0) + patients
                found.setdefault(_cells(cells), []).append(one)
    return found


_REGISTER: frozenset[Measure] = frozenset({"denominator"})
_PCAS: frozenset[Measure] = frozenset({"pcas"})
_COUNTED: frozenset[Measure] = _REGISTER | _PCAS
"""What adds up to the register."""


def suppress_family(
    family: Family, wholes: Mapping[str, Group], lines: Mapping[str, Mapping[str, Line]], policy: Policy
) -> dict[str, Hidden]:
    """What is hidden of each member: what its own counts need, and what those of the others need."""
    found = {code: suppress(wholes[code], lines[code], policy) for code in family.members}
    if not any(_tells(found[code], lines[code]) for code in family.members):
        return found
    for code in family.untold:
        found[code] = suppress(wholes[code], lines[code], policy, _PCAS)
    for code in family.registers:
        if family.registers_untold:
            found[code] = suppress(wholes[code], lines[code], policy, _REGISTER)
        else:
            found[code] = _follows(lines[code], {part: (found[part], lines[part]) for part in family.parts})
    return found


def _tells(hidden: Hidden, lines: Mapping[str, Line]) -> bool:
    """Whether anything is hidden that a sum over indicators could give away; PCAs by reason and month add up alone."""
    every = [hidden.whole, *(what for line in lines for what in hidden.nodes[line].values() if _of_people(line))]
    return any(what & _COUNTED for what in every)


def _of_people(line: str) -> bool:
    return not line.startswith("pca_")


def _follows(lines: Mapping[str, Line], parts: Mapping[str, tuple[Hidden, Mapping[str, Line]]]) -> Hidden:
    """What is hidden of a register: each count of which a part hides a share."""
    whole = frozenset(_REGISTER if any(hidden.whole & _COUNTED for hidden, _ in parts.values()) else ())
    nodes: dict[str, dict[Node, frozenset[Measure]]] = {line: {} for line in lines}
    for hidden, of in parts.values():
        for line in filter(_of_people, of):
            for (level, name), what in hidden.nodes[line].items():
                if what & _COUNTED and (line == "practice" or _printed(of[line].groups[name])):
                    nodes[line][level, name] = _REGISTER
    return Hidden(whole, nodes)


def _printed(group: Group) -> bool:
    """Whether a value has a row: where it has none, nobody of the part is there, and all know it."""
    return bool(group.denominator or group.pcas)
