"""What a breakdown found, as the sentence that comes first: of one indicator, and of many."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from remit.core import say
from remit.core.intervals import RateGap
from remit.core.rounding import exact_text
from remit.disclosure.breakdown_cells import BreakdownCell, gap
from remit.disclosure.breakdowns import Breakdown
from remit.disclosure.labels import FIFTHS, PCA_SHORT
from remit.disclosure.result import BreakdownResult

WORDS = {
    "age": "age band", "sex": "sex", "ethnicity": "ethnicity as recorded", "deprivation": "deprivation tenth",
    "frailty": "frailty", "place": "place", "network": "network", "practice": "practice",
    "pca-reason": "reason of the PCA", "pca-month": "month of the PCA",
}  # fmt: skip


def percent(rate: Fraction) -> str:
    """A rate with one decimal: `66.7%`."""
    return f"{tenths(rate)}%"


def tenths(rate: Fraction) -> str:
    """A rate or a gap of rates in hundredths, with one decimal: `14.7`, `−0.5`."""
    return exact_text(rate * 100, least=1, most=1).replace("-", "−")


def gap_of_tenths(one: Breakdown) -> RateGap | None:
    """How far the rate of the least deprived tenth is above that of the most deprived."""
    return _between(one.cells, "10", "1")


def gap_of_fifths(one: Breakdown) -> RateGap | None:
    """The same of the least and the most deprived fifth."""
    return _between(one.above, "5", "1")


def _between(cells: Sequence[BreakdownCell], upper: str, lower: str) -> RateGap | None:
    by_value = {cell.value: cell for cell in cells}
    return gap(by_value[upper], by_value[lower]) if upper in by_value and lower in by_value else None


def finding(one: Breakdown) -> str:
    """What one indicator's breakdown says, in a sentence or two."""
    if not one.cells:
        return "Nobody."
    if one.by.startswith("pca"):
        return _of_pcas(one)
    if "achieved" not in one.measures:
        return _of_register(one)
    if one.by == "deprivation":
        return _of_deprivation(one)
    two = _two(one)
    if two and (found := gap(*two)):
        return f"{_named(two[0])}; {_named(two[1])}: a gap of {_points(found.size)} ({_interval(found)})."
    return _lowest_and_highest(one)


def findings(result: BreakdownResult) -> str:
    """What the breakdown of several indicators says."""
    rates = [one for one in result.breakdowns if "achieved" in one.measures and not one.by.startswith("pca")]
    if result.by.startswith("pca"):
        numbers = [(one.whole.figures.pcas, one.indicator) for one in result.breakdowns]
        shown = [(pcas, indicator) for pcas, indicator in numbers if pcas is not None]
        if not shown:
            return "No number of PCAs can be shown."
        pcas, indicator = max(shown)
        every = f"{sum(n for n, _ in shown):,} PCAs under {len(shown)} indicators"
        return f"{every} that show them; most under {indicator} ({pcas:,})."
    if result.by == "deprivation":
        return _of_deprivation_in_all(rates)
    spreads = [(_spread(one), one.indicator, one) for one in rates if _rated(one)]
    if not spreads:
        return f"No rate by {WORDS[result.by]} can be shown."
    _, _, widest = max(spreads, key=lambda found: (found[0], found[1]))
    return f"The widest difference is that of {widest.indicator}. {_lowest_and_highest(widest)}"


def _of_deprivation(one: Breakdown) -> str:
    """The gap between the tenths at the ends, else between the fifths."""
    rates = {cell.value: cell.figures.rate for cell in one.cells}
    found = gap_of_tenths(one)
    if found:
        return _ends_words("tenth", rates["1"], rates["10"], found)
    by_fifth = {cell.value: cell.figures.rate for cell in one.above}
    found = gap_of_fifths(one)
    if found:
        return _ends_words("fifth", by_fifth["1"], by_fifth["5"], found)
    return f"The gap between the most and the least deprived cannot be shown. {_lowest_and_highest(one)}".strip()


def _ends_words(part: str, most: Fraction | None, least: Fraction | None, found: RateGap) -> str:
    assert most is not None
    assert least is not None
    ends = f"{percent(most)} in the most deprived {part}, {percent(least)} in the least"
    if found.size < 0:
        return f"{ends}: {_points(-found.size)} more in the most deprived ({_interval(found)})."
    return f"{ends}: a gap of {_points(found.size)} ({_interval(found)})."


def _of_deprivation_in_all(rates: Sequence[Breakdown]) -> str:
    """How many indicators have a gap, and the largest."""
    gaps = [(found, one) for one in rates if (found := gap_of_tenths(one))]
    if not gaps:
        return "No gap between the most and the least deprived tenth can be shown."
    lower = sum(found.size > 0 for found, _ in gaps)
    sure = sum(found.interval.low > 0 for found, _ in gaps)
    largest = max(gaps, key=lambda each: (each[0].size, each[1].indicator))[1]
    words = (
        f"Achievement is lower in the most deprived tenth than in the least under {lower} of {len(gaps)} indicators "
        f"that show both; under {sure} of them by more than chance explains (the 95% interval is above 0)."
    )
    return f"{words} The largest gap is that of {largest.indicator}: {_of_deprivation(largest)}" if lower else words


def _points(size: Fraction) -> str:
    """`14.7 percentage points`."""
    return f"{tenths(size)} percentage point{'' if tenths(size) == '1.0' else 's'}"


def _interval(found: RateGap) -> str:
    """`95% interval 9.1 to 20.3`, counted from the lower to the higher."""
    low, high = found.interval.low, found.interval.high
    low, high = (-high, -low) if found.size < 0 else (low, high)
    return f"95% interval {tenths(low)} to {tenths(high)}"


def _two(one: Breakdown) -> tuple[BreakdownCell, BreakdownCell] | None:
    """The two groups of a breakdown by sex that can be set beside each other: the higher first."""
    if one.by != "sex":
        return None
    cells = [cell for cell in one.cells if cell.value in ("F", "M") and cell.figures.rate is not None]
    if len(cells) == 1 and one.together and one.together.figures.rate is not None:
        cells.append(one.together)
    if len(cells) != 2:
        return None
    first, second = sorted(cells, key=lambda cell: cell.figures.rate or 0, reverse=True)
    return first, second


def _named(cell: BreakdownCell) -> str:
    assert cell.figures.rate is not None
    return f"{say.clean(cell.name)} {percent(cell.figures.rate)}"


def _rated(one: Breakdown) -> list[tuple[Fraction, str]]:
    return [(cell.figures.rate, _place(one, cell)) for cell in one.cells if cell.figures.rate is not None]


def _place(one: Breakdown, cell: BreakdownCell) -> str:
    """A row's name within a sentence."""
    tenth = "tenth " if one.by == "deprivation" and cell.value.isdigit() else ""
    return f"{tenth}{say.clean(cell.name)}"


def _spread(one: Breakdown) -> Fraction:
    rates = [rate for rate, _ in _rated(one)]
    return max(rates) - min(rates) if rates else Fraction(-1)


def _lowest_and_highest(one: Breakdown) -> str:
    rates, whole = _rated(one), one.whole.figures.rate
    every = f" All together: {percent(whole)}." if whole is not None else ""
    if not rates:
        return f"No rate by {WORDS[one.by]} can be shown.{every}"
    if len(rates) == 1:
        return f"{percent(rates[0][0])} in {rates[0][1]}; no other rate can be shown.{every}"
    (low, lowest), (high, highest) = min(rates), max(rates)
    return f"Lowest in {lowest} ({percent(low)}), highest in {highest} ({percent(high)}).{every}"


def _of_register(one: Breakdown) -> str:
    size = one.whole.figures.denominator
    if size is None:
        return "How many are on the register cannot be shown."
    shown = [(cell.figures.denominator, _place(one, cell)) for cell in one.cells if cell.figures.denominator]
    most = max(shown, default=None)
    return f"{size:,} on the register" + (f"; most in {most[1]} ({most[0]:,})." if most else ".")


def _of_pcas(one: Breakdown) -> str:
    """How many PCAs, and of which categories or in which month most."""
    pcas = one.whole.figures.pcas
    if pcas is None:
        return "How many PCAs there are cannot be shown."
    rows = one.above or one.cells
    shown = [(cell.figures.pcas, say.clean(cell.name)) for cell in rows if cell.figures.pcas]
    shown.sort(key=lambda each: (-(each[0] or 0), each[1]))
    if one.above:
        parts = [f"{n:,} {PCA_SHORT.get(name, name)}" for n, name in shown]
        return f"{pcas:,} PCAs: {'; '.join(parts)}." if parts else f"{pcas:,} PCAs."
    return f"{pcas:,} PCAs; most in {shown[0][1]} ({shown[0][0]:,})." if shown else f"{pcas:,} PCAs."


def fifth_words(value: str) -> str:
    """A fifth with the tenths that it is of: `Most deprived fifth (Core20): tenths 1 and 2`."""
    return f"{FIFTHS[value]}: tenths {2 * int(value) - 1} and {2 * int(value)}"
