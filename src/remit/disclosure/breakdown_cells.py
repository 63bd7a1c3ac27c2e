"""What a breakdown shows besides its cells: sums that are known anyway, fifths of deprivation, named parts.

None of them tells anything that is hidden. The sum of the cells that are hidden is what all have less the cells that
are shown; a fifth is the sum of two tenths that are shown; a part is hidden where it is small, or close to what is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

from remit.core.intervals import Interval, RateGap, of_gap, of_rate
from remit.core.words import listed
from remit.disclosure.labels import FIFTHS, part_label
from remit.disclosure.suppression import MEASURES, Group, Measure, Policy, ShownFigures, primary, shown

_ALL: frozenset[Measure] = frozenset(MEASURES)
_MOST_NAMES = 4


@dataclass(frozen=True)
class BreakdownCell:
    """A row of a breakdown: a value of its dimension, and its figures; `excluded` is shown to a practice alone."""

    value: str
    name: str
    figures: ShownFigures
    excluded: int | None = None

    @property
    def interval(self) -> Interval | None:
        """How sure the rate is. It is worked out from what is shown: where a count is hidden there is none."""
        figures = self.figures
        if figures.rate is None or figures.achieved is None or not figures.denominator:
            return None
        return of_rate(figures.achieved, figures.denominator)


def gap(upper: BreakdownCell, lower: BreakdownCell) -> RateGap | None:
    """How far one cell's rate is above another's; None where one of them is not shown."""
    counts = [(cell.figures.achieved, cell.figures.denominator) for cell in (upper, lower)]
    (done, people), (other_done, other_people) = counts
    if done is None or other_done is None or not people or not other_people:
        return None
    if upper.figures.rate is None or lower.figures.rate is None:
        return None
    return of_gap((done, people), (other_done, other_people))


def hidden_together(
    groups: Mapping[str, Group],
    hidden: Mapping[str, frozenset[Measure]],
    names: Mapping[str, str],
    whole: frozenset[Measure],
    measures: frozenset[Measure],
    policy: Policy,
) -> BreakdownCell | None:
    """The sum of the cells that are not wholly shown, so that a large one that protects a small one is not lost.

    A measure is in it where all have it shown and so has each other cell: then everybody can take the one from the
    other. None where nothing would be gained.
    """
    rates = measures & {"denominator", "achieved"}
    for wanted in (measures - whole, rates - whole):
        values = [value for value in groups if hidden[value] & wanted]
        if 1 < len(values) < len(groups):
            break
    else:
        return None
    rest = [value for value in groups if value not in values]
    unknown = {measure for measure in measures if measure in whole or _any(hidden, rest, measure)}
    unknown = {measure for measure in unknown if _any(hidden, values, measure)}
    total = reduce(Group.__add__, (groups[value] for value in values))
    figures = shown(total, frozenset(unknown | primary(total, policy)), policy)
    if not measures - figures.hidden:
        return None
    name = listed([names[value] for value in values]) if len(values) <= _MOST_NAMES else f"the {len(values)} rows"
    return BreakdownCell("", f"{name[:1].upper()}{name[1:]} together", figures)


def _any(hidden: Mapping[str, frozenset[Measure]], values: Iterable[str], measure: Measure) -> bool:
    return any(measure in hidden[value] for value in values)


def fifths(
    groups: Mapping[str, Group], hidden: Mapping[str, frozenset[Measure]], policy: Policy
) -> tuple[BreakdownCell, ...]:
    """Fifths of deprivation, each the sum of two tenths; a measure is shown where both tenths show it."""
    cells = []
    for fifth, name in FIFTHS.items():
        tenths = [tenth for tenth in (str(2 * int(fifth) - 1), str(2 * int(fifth))) if tenth in groups]
        if tenths:
            total = reduce(Group.__add__, (groups[tenth] for tenth in tenths))
            out = frozenset[Measure]().union(*(hidden[tenth] for tenth in tenths))
            cells.append(BreakdownCell(fifth, name, shown(total, out, policy)))
    return tuple(cells)


def part_cells(
    parts: Mapping[str, tuple[int, int]], whole: Group, hidden: frozenset[Measure], policy: Policy
) -> tuple[BreakdownCell, ...]:
    """Named parts of an indicator, over all: who meets each, of its denominator.

    One that is met by few more or few less than achieve the whole is hidden too: the difference would be few people.
    """
    cells = []
    for part, (met, people) in parts.items():
        group = Group(met, people - met, measures=frozenset({"denominator", "achieved"}))
        out = frozenset(primary(group, policy) | (hidden & _ALL - {"pcas"}))
        if 1 <= abs(met - whole.achieved) <= policy.hide_up_to:
            out |= {"achieved"}
        cells.append(BreakdownCell(part, part_label(part), shown(group, out & group.measures, policy)))
    return tuple(cells)
