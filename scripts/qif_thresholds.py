"""Writes the tables of docs/explanation/qif-thresholds.md: QIF 2024/25's own steps, and what luck does at them.

python scripts/qif_thresholds.py            write
python scripts/qif_thresholds.py --check    say whether the page is current, and end with status 1 if not

Steps, pence and lists are read from the library's scheme. What the scheme's source prints as baselines, and what was
published of 2018-19, stands here; tests/shared/test_qif_thresholds.py takes the latter from the published tables again.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import sqrt
from pathlib import Path

from remit.analysis.design.lucky_steps import Luck, least_step, luck, own_rate, patients_needed, reach
from remit.core import say
from remit.documents.figures import chance_text
from remit.scheme import load_scheme
from remit.scheme.kinds import Steps
from remit.scheme.quantity import Step

PAGE = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "qif-thresholds.md"
_BLOCK = re.compile(r"<!-- qif (\w+) -->\n.*?<!-- /qif -->", re.DOTALL)
SCHEME = load_scheme("qif-2024-25")
STOKE = "stoke-on-trent"  # paid by QIF Plus
PRACTICES, SMALL_LIST = 144, 3000
LIMIT = 0.1

STAFFORDSHIRE_2018_19 = {
    "AF": (21090, 863593), "HYP": (138369, 863593), "CHD": (31173, 863593), "STIA": (18242, 863593),
    "PAD": (5335, 863593), "DM": (52890, 707171), "CKD": (30220, 698322), "PC": (4352, 863593),
}  # fmt: skip
"""Registers and lists of the five CCGs of the QIF's places, QOF 2018-19 (NHS Digital, Open Government Licence v3.0)."""
SPREAD_2018_19 = {"1a": (0.004842, 408.85), "6": (0.043340, 167.14)}
"""(mean, alpha + beta) of the prevalence in their 112 practices: palliative care, and chronic kidney disease."""
BASELINE = {"1a": "0.71%", "1b": "36.1%", "4": "68%", "5": "38.5%", "6": "4.28%"}
"""As the scheme's source prints them; of item 4 it prints `>68%`."""
QUARTILES_1B = (Fraction(262, 1000), Fraction(343, 1000), Fraction(424, 1000))


def _per_head(group: str) -> Fraction:
    """How many of a register's patients one registered patient brings."""
    return Fraction(STAFFORDSHIRE_2018_19[group][0], STAFFORDSHIRE_2018_19["AF"][1])


ADULTS = Fraction(STAFFORDSHIRE_2018_19["CKD"][1], STAFFORDSHIRE_2018_19["AF"][1])
"""The part of the list aged 18 and over."""


@dataclass(frozen=True)
class Denominator:
    """How many patients an item has for each registered patient, and how that is known."""

    per_head: Fraction
    how: str


DENOMINATORS = {
    "1a": Denominator(Fraction(1), "the list itself"),
    "1b": Denominator(Fraction(1, 100), "**assumed**: one death a year for 100 patients"),
    "2a": Denominator(_per_head("DM") / 10, "**assumed**: a tenth of the diabetes register"),
    "2b": Denominator(_per_head("DM"), "the diabetes register of 2018-19: too many, as it has type 1 too"),
    "3": Denominator(Fraction(1, 5), "**assumed**: a fifth of the list"),
    "4": Denominator(_per_head("HYP"), "the hypertension register of 2018-19: too many, as it has people over 79"),
    "5": Denominator(
        _per_head("CHD") + _per_head("STIA") + _per_head("PAD"),
        "three registers of 2018-19 added up: too many, as people are on several",
    ),
    "6": Denominator(ADULTS, "the list aged 18 and over, as in 2018-19"),
}


def heads() -> Fraction:
    """The weighted list of the five places."""
    return sum((one.list.known() for one in SCHEME.budgets if one.place != STOKE), Fraction(0))


def average_list() -> Fraction:
    """Of the ICB's 144 practices."""
    return sum((one.list.known() for one in SCHEME.budgets), Fraction(0)) / PRACTICES


def size(item: str, patients: Fraction | int) -> int:
    """The denominator of an item in a practice of so many patients."""
    return int(DENOMINATORS[item].per_head * patients)


def steps(item: str) -> tuple[Step, ...]:
    """Its steps; of 1b those of the higher table, whose thresholds are the lower one's."""
    kind = SCHEME.item(item).kind
    assert isinstance(kind, Steps)
    return tuple(kind.steps or kind.tables[0].steps)


def alike_of(mean: float, spread: float) -> float:
    """alpha + beta of own rates with that mean and standard deviation."""
    return mean * (1 - mean) / spread**2 - 1


def spread_1b(deaths: int) -> float:
    """The standard deviation of own rates behind the printed quartiles, for practices of so many deaths: what is left
    of the quartiles' distance, as that of a normal curve (1.349 standard deviations), without the chance of a year."""
    low, middle, high = (float(one) for one in QUARTILES_1B)
    return sqrt(((high - low) / 1.349) ** 2 - middle * (1 - middle) / deaths)


@dataclass(frozen=True)
class Example:
    """An item's practices, known or assumed: the mean and spread of their own rates, and the denominator."""

    item: str
    words: str
    mean: float
    alike: float
    patients: int

    def chances(self) -> list[Luck]:
        """Of each step."""
        own = own_rate(self.mean, self.alike)
        return [luck(own, step.at, self.patients, step.above) for step in steps(self.item)]

    def pounds_a_head(self) -> float:
        """What a practice is expected to be paid for each weighted patient."""
        pays = [Fraction(0), *(step.pays for step in steps(self.item))]
        rises = [float(after - before) for before, after in pairwise(pays)]
        return sum(rise * one.reached for rise, one in zip(rises, self.chances(), strict=True))


def examples() -> list[Example]:
    """What is known of 1a, 1b and 6, and what is assumed of 4 and 5."""
    average = average_list()
    found = [
        Example("1a", "the 112 practices of 2018-19", *SPREAD_2018_19["1a"], size("1a", average)),
        Example("1a", "the same spread about the 0.71% of January 2024", 0.0071, SPREAD_2018_19["1a"][1],
                size("1a", average)),
    ]  # fmt: skip
    for deaths in (50, size("1b", average), 150):
        middle = float(QUARTILES_1B[1])
        alike = alike_of(middle, spread_1b(deaths))
        found.append(Example("1b", f"the printed quartiles, {deaths} deaths a practice assumed", middle, alike, deaths))
    for item, mean in (("4", 0.68), ("5", 0.385)):
        for points in (3, 6, 9):
            words = f"about {BASELINE[item]}, a spread of {points} points assumed"
            found.append(Example(item, words, mean, alike_of(mean, points / 100), size(item, average)))
    found.append(Example("6", "the 112 practices of 2018-19", *SPREAD_2018_19["6"], size("6", average)))
    return found


def _asked() -> Iterator[str]:
    """What each step asks beside the baseline, and what it costs."""
    yield "| Item | Step | Pays | Baseline | From baseline | If all reached it and no more |"
    yield "|---|---:|---:|---:|---:|---:|"
    for item in SCHEME.items:
        for n, step in enumerate(steps(item.item)):
            base = BASELINE.get(item.item, "")
            distance = "not printed"
            if base:
                points = step.at * 100 - Fraction(base.removesuffix("%"))
                distance = f"{'−' if points < 0 else '+'}{say.number(abs(points), 2)} points"
            cells = (
                item.item if not n else "", f"above {say.percent(step.at)}", say.per_head(step.pays),
                (base or "not printed") if not n else "", distance, _pounds(step.pays * heads()),
            )  # fmt: skip
            yield f"| {' | '.join(cells)} |"


def _neighbours() -> Iterator[str]:
    """From one step to the next by luck, in the average practice and in a small one."""
    yield "| From one step to the next | Patients | Chance | 10% would need from | Patients, small | Chance, small |"
    yield "|---|---:|---:|---:|---:|---:|"
    for item in SCHEME.items:
        for below, step in pairwise(steps(item.item)):
            many, few = size(item.item, average_list()), size(item.item, SMALL_LIST)
            least = least_step(below.at, many, LIMIT, Fraction(1, 10000 if step.at < Fraction(1, 10) else 1000))
            cells = (
                f"{item.item}: {say.percent(below.at)} to above {say.percent(step.at)}", f"{many:,}",
                chance_text(reach(below.at, step.at, many, step.above)), say.percent(least) if least else "none",
                f"{few:,}", chance_text(reach(below.at, step.at, few, step.above)),
            )  # fmt: skip
            yield f"| {' | '.join(cells)} |"


def _sizes() -> Iterator[str]:
    yield "| Item | Patients in an average practice | In a list of 3,000 | How that is known |"
    yield "|---|---:|---:|---|"
    for code, one in DENOMINATORS.items():
        yield f"| {code} | {size(code, average_list()):,} | {size(code, SMALL_LIST):,} | {one.how} |"


def _lucky() -> Iterator[str]:
    """What luck does where something of the practices is known or assumed."""
    yield "| Practices, and step | Reach it | By luck | Miss it by bad luck | Of those below, by luck |"
    yield "|---|---:|---:|---:|---:|"
    for one in examples():
        yield f"| **{one.item}**: {one.words} | | | | |"
        for step, chances in zip(steps(one.item), one.chances(), strict=True):
            below = chances.of_those_below
            cells = (
                f"above {say.percent(step.at)}", chance_text(chances.reached), chance_text(chances.lucky),
                chance_text(chances.unlucky), "nobody is below" if below is None else chance_text(below),
            )  # fmt: skip
            yield f"| {' | '.join(cells)} |"


def _costs() -> Iterator[str]:
    """What the scheme would be expected to pay for an item, beside its budget."""
    yield "| Practices | Expected a year | At full achievement | Share |"
    yield "|---|---:|---:|---:|"
    for one in examples():
        most = max(step.pays for step in steps(one.item))
        a_head = Fraction(round(one.pounds_a_head() * 10**6), 10**6)
        share = say.percent(Fraction(round(100 * a_head / most), 100))
        yield f"| **{one.item}**: {one.words} | {_pounds(a_head * heads())} | {_pounds(most * heads())} | {share} |"


def _first() -> Iterator[str]:
    """The answer, in sentences whose figures are calculated."""
    few = ("1b", "2a")
    average, small = _climbs(average_list()), _climbs(Fraction(SMALL_LIST))
    others = [chance_text(max(one[code] for code in average if code not in few)) for one in (average, small)]
    climbs = [chance_text(one[code]) for one in (average, small) for code in ("2a", "1b")]
    diabetes, deaths = size("2a", average_list()), size("1b", average_list())
    register = next(one for one in examples() if one.item == "6")
    most = chance_text(max(one.lucky for one in register.chances()))
    first, second, _ = steps("2a")
    needed = patients_needed(first.at, second.at, LIMIT, second.above)
    yield (
        "**Where an item counts few patients, its steps are within luck's reach.** Take an average practice whose "
        f"own rate is exactly that of one step. By chance alone it passes the next step in {climbs[0]} of years for "
        f"item 2a and in {climbs[1]} for item 1b; with a list of {SMALL_LIST:,}, in {climbs[2]} and {climbs[3]}. "
        f"This assumes that the average practice has {diabetes} people with type 1 diabetes and {deaths} deaths a "
        f"year. To keep it below 10%, the five points between item 2a's first two steps need {needed} people."
    )
    yield ""
    yield (
        f"**The other items' steps are far enough apart for the average practice**: it passes the next step by chance "
        f"in at most {others[0]} of years, and with a list of {SMALL_LIST:,} in at most {others[1]}. Luck then helps "
        f"only practices that are close to a step anyway. For item 6, whose practices are known, at most {most} of "
        "practices are expected to reach a step by luck in a year."
    )


def _climbs(patients: Fraction) -> dict[str, float]:
    """By item, the largest chance to climb from a step to the next one by luck, in a practice of so many patients."""
    return {
        item.item: max(
            reach(below.at, step.at, size(item.item, patients), step.above)
            for below, step in pairwise(steps(item.item))
        )
        for item in SCHEME.items
    }


def _pounds(amount: Fraction) -> str:
    """In whole pounds."""
    return say.money(100 * round(amount)).removesuffix(".00")


MAKERS: dict[str, Callable[[], Iterator[str]]] = {
    "first": _first, "asked": _asked, "sizes": _sizes, "neighbours": _neighbours, "lucky": _lucky, "costs": _costs,
}  # fmt: skip


def page() -> str:
    """The page as it should be."""
    return _BLOCK.sub(_filled, PAGE.read_text(encoding="utf-8"))


def _filled(block: re.Match[str]) -> str:
    return "\n".join([f"<!-- qif {block[1]} -->\n", *MAKERS[block[1]](), "\n<!-- /qif -->"])


def main() -> int:
    """Write, or with --check compare. The exit status."""
    made = page()
    if made == PAGE.read_text(encoding="utf-8"):
        return 0
    print(f"docs/explanation/{PAGE.name}: {'is not current' if '--check' in sys.argv else 'written'}")
    if "--check" in sys.argv:
        return 1
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
