"""The digital-first practice with few long-term conditions, beside the average practice.

Two ways: the tenth of the run's own practices with the fewest people on registers for each patient, and a practice that
does not exist: a list that you name, with registers and patients to be cared for at a share of the average that you
name too, who are cared for as often as the average practice's are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from remit.analysis.simulation.results import Profile, ReformOutcome
from remit.core import say
from remit.core.figures import DECLARED, DENOMINATOR, NUMERATOR, PCAS, REGISTER, FigureKey
from remit.organisation import Practice
from remit.pricing.evaluator import price
from remit.pricing.scenario import Standing
from remit.runs.engine import Run

_SCALED = (NUMERATOR, DENOMINATOR, PCAS, REGISTER)


@dataclass(frozen=True)
class DigitalFirst:
    """A made-up practice: its list, and the share of the average's people on registers for each patient (0 to 1)."""

    list_size: int
    registers: Fraction


def profiles(run: Run, outcome: ReformOutcome, after: Run, digital: DigitalFirst | None) -> tuple[Profile, ...]:
    """The average, the tenth with the fewest people on registers, and the made-up practice where one is wanted."""
    known = [
        unit
        for unit in outcome.units
        if unit.difference is not None and outcome.patients[unit.code] and not unit.before.unknown
    ]
    if not known:
        return ()

    def together(name: str, codes: frozenset[str]) -> Profile:
        those = [unit for unit in known if unit.code in codes]
        size = sum(outcome.patients[unit.code] or 0 for unit in those)
        before = sum(unit.before.pence for unit in those)
        return Profile(name, len(those), size, before, before + sum(unit.difference or 0 for unit in those))

    found = [together("All practices", frozenset(unit.code for unit in known))]
    fewest = fewest_on_registers(run, {unit.code: outcome.patients[unit.code] or 0 for unit in known})
    if fewest:
        found.append(together("The tenth with the fewest people on registers", fewest))
    if digital:
        found += made_up(run, after, [unit.code for unit in known], digital)
    return tuple(found)


def fewest_on_registers(run: Run, sizes: Mapping[str, int]) -> frozenset[str]:
    """The tenth of practices with the fewest people on registers for each patient, all registers together; patients to
    be cared for where no register is known. None where there are fewer than ten practices or no such figures."""
    for key in (REGISTER, DENOMINATOR):
        people = {code: sum(int(f[key]) for f in run.inputs.counts.of(code).values() if key in f) for code in sizes}
        if any(people.values()):
            order = sorted(sizes, key=lambda code: (Fraction(people[code], sizes[code]), code))
            return frozenset(order[: len(order) // 10])
    return frozenset()


def made_up(run: Run, after: Run, codes: Sequence[str], digital: DigitalFirst) -> list[Profile]:
    """The practice that does not exist, priced by both schemes; nothing where no item of it is known."""
    name = Counter(run.inputs.assigned[code] for code in codes).most_common(1)[0][0]
    practices = [run.inputs.practices[code] for code in codes if run.inputs.assigned[code] == name]
    size = sum(one.list_size or 0 for one in practices)
    if not size or name not in after.plans:
        return []
    weighted = [one.weighted_list_size for one in practices]
    share = Fraction(digital.list_size, size)
    heads = sum((one for one in weighted if one is not None), Fraction(0)) * share if None not in weighted else None
    practice = Practice("MADE-UP", "made up", list_size=digital.list_size, weighted_list_size=heads)
    pence = []
    for of in (run, after):
        figures = _average(of, [one.code for one in practices], share, digital.registers)
        pence.append({a.item.item: a for a in price(of.plans[name], Standing(practice, (), figures)).awards})
    totals = [0, 0]
    for code in dict.fromkeys([*pence[0], *pence[1]]):
        both = [side[code].pence if code in side and not side[code].within else 0 for side in pence]
        if None not in both:
            totals = [total + (one or 0) for total, one in zip(totals, both, strict=True)]
    words = (
        f"a list of {digital.list_size:,}, and for each patient {say.percent(digital.registers)} of the people on "
        f"registers and to be cared for that the average of {len(practices):,} practices has, cared for as often"
    )
    return [Profile("A digital-first practice (made up)", 1, digital.list_size, totals[0], totals[1], words)]


def _average(
    run: Run, codes: Sequence[str], share: Fraction, registers: Fraction
) -> dict[str, dict[FigureKey, int | Fraction]]:
    """The figures of all practices together, on the scale of the made-up list; what most declare is declared."""
    sums: dict[tuple[str, FigureKey], Fraction] = {}
    declared: Counter[str] = Counter()
    for code in codes:
        for subject, figures in run.inputs.counts.of(code).items():
            for key, value in figures.items():
                if key in _SCALED:
                    sums[subject, key] = sums.get((subject, key), Fraction(0)) + value
                elif key == DECLARED:
                    declared[subject] += 1 if value else -1
    found: dict[str, dict[FigureKey, int | Fraction]] = {}
    for (subject, key), value in sums.items():
        found.setdefault(subject, {})[key] = round(value * share * registers)
    for subject, more in declared.items():
        found.setdefault(subject, {})[DECLARED] = int(more > 0)
    for figures in found.values():
        if NUMERATOR in figures and DENOMINATOR in figures:
            figures[NUMERATOR] = min(figures[NUMERATOR], figures[DENOMINATOR])
    return found
