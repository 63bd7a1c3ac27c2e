"""The cells and sentences of the document of chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import isinf

from remit.analysis.chance import ItemChance
from remit.analysis.chance_result import PracticeReport
from remit.analysis.item_chance import ItemReport, Pooled, SizeClass
from remit.analysis.reliability import ADEQUATE, NICE_LEAST, Reliability
from remit.core import say
from remit.core.words import agreed
from remit.documents.blocks import Cell
from remit.documents.chance_words import about, expected
from remit.documents.figures import NOT_KNOWN, chance, count, pounds, rate


def part(moved: float, pence: int, figure: str) -> Cell:
    """The pounds at risk as a share of those paid; of nothing paid there is none."""
    return rate(Fraction(round(moved / pence * 1000), 1000) if pence else None, figure, 0, "–")


def share_at_risk(one: PracticeReport) -> float:
    """Of a practice's pounds, those at risk."""
    return one.chance.moved / one.chance.pence if one.chance.pence else 0.0


def practice_name(one: PracticeReport) -> str:
    """Its name and code."""
    code = one.chance.code
    return say.clean(f"{one.name} ({code})" if one.name and one.name != code else code)


def decimal(value: float | None, figure: str, unknown: str = NOT_KNOWN) -> Cell:
    """A reliability, with two decimals."""
    if value is None:
        return Cell(unknown, figure)
    exact = Fraction(round(value * 100), 100)
    return Cell(say.number(exact, 2, 2), figure, exact, "number")


def _many(value: float | None, figure: str) -> Cell:
    """A number of patients that is needed, rounded up."""
    if value is not None and isinf(value):
        return Cell("no number is enough", figure)
    return count(None if value is None else -int(-value // 1), figure)


def reliability_cells(found: Reliability, key: str) -> Iterator[Cell]:
    """A row of the table of reliability, without the item's name."""
    median = Fraction(round(found.median * 2), 2)
    yield (
        Cell(say.number(median, 1), f"{key}/median", median, "number")
        if found.practices
        else Cell(NOT_KNOWN, f"{key}/median")
    )
    yield decimal(found.expected, f"{key}/reliability")
    yield count(found.reaching, f"{key}/reaching")
    yield _many(found.needed, f"{key}/needed")
    yield _many(found.list_needed, f"{key}/list")
    per = found.per_10_000
    value = None if per is None else Fraction(round(per * 10), 10)
    yield (
        Cell(NOT_KNOWN, f"{key}/per 10,000")
        if value is None
        else Cell(say.number(value, 1), f"{key}/per 10,000", value, "number")
    )


def reliable_words(those: Sequence[ItemReport]) -> str:
    """How many items tell practices apart, and how many NICE would find too small."""
    known = [one.reliability for one in those if one.reliability.expected is not None]
    enough = sum((one.expected or 0) >= ADEQUATE for one in known)
    per = [one.per_10_000 for one in known if one.per_10_000 is not None]
    few = sum(one <= NICE_LEAST for one in per)
    text = (
        f"Of {len(known):,} {agreed('item{|s}', len(known))}, {enough:,} {agreed('{reaches|reach}', enough)} a "
        "reliability of 0.7 in the middle practice: seven tenths of the differences between practices are then theirs, "
        "and the rest is chance."
    )
    if per:
        lacks = f"{few:,} {agreed('item{ has|s have}', few)} no more than that" if few else "all items have that many"
        text += f" NICE asks for more than {NICE_LEAST} patients in a practice of 10,000; {lacks}."
    return text


def pooled_cells(found: Pooled | None, key: str) -> list[Cell]:
    """How many are put together, and the reliability of them."""
    if found is None:
        return [Cell("–"), Cell("–")]
    return [count(found.units, f"{key}/units"), decimal(found.reliability.expected, f"{key}/reliability")]


def pooled_words(those: Sequence[ItemReport]) -> str:
    """What putting counts together does, in a sentence or two."""
    parts = []
    for name, pooled in (
        ("networks", [one.networks for one in those if one.networks]),
        ("years", [one.years for one in those if one.years]),
    ):
        if pooled:
            many = sum((one.reliability.expected or 0) >= ADEQUATE for one in pooled)
            parts.append(f"with {name} added up, {many:,} of {len(pooled):,}")
    alone = sum((one.reliability.expected or 0) >= ADEQUATE for one in those)
    return (
        f"For one practice and one year, {alone:,} of {len(those):,} items {agreed('{reaches|reach}', alone)} 0.7; "
        f"{' and '.join(parts)}. With more patients there is less chance. But networks are more alike than their "
        "practices, which undoes part of that."
    )


def size_cells(one: SizeClass) -> Iterator[Cell]:
    """A row of the awards by how many people were counted."""
    name = f"{one.least:,} to {one.most:,}" if one.most else f"{one.least:,} and more"
    if one.least == 1 and one.most:
        name = f"fewer than {one.most + 1:,}"
    key = f"size/{one.least}"
    yield Cell(name)
    yield count(one.awards, f"{key}/awards")
    yield chance(one.others / one.awards, f"{key}/another")
    yield pounds(one.pence, f"{key}/pounds")
    yield about(one.moved, f"{key}/at risk")
    yield part(one.moved, one.pence, f"{key}/of pounds")


def practice_cells(one: PracticeReport) -> Iterator[Cell]:
    """A row of the practices."""
    found, ends = one.chance, one.interval
    yield Cell(practice_name(one))
    yield count(len(found.items), f"{found.code}/awards")
    yield expected(found.others, f"{found.code}/others")
    yield pounds(found.pence if found.priced else None, f"{found.code}/pounds")
    yield about(found.moved if found.priced else None, f"{found.code}/at risk")
    yield part(found.moved, found.pence, f"{found.code}/of pounds")
    yield about(found.deviation if found.priced else None, f"{found.code}/deviation")
    yield about(ends[0] if ends else None, f"{found.code}/low")
    yield about(ends[1] if ends else None, f"{found.code}/high")


def earned(line: ItemChance, value: float | None, figure: str, unknown: str) -> Cell:
    """What an award earns before it becomes pounds: points, or pence per head."""
    if value is None:
        return Cell(unknown, figure)
    if line.counts.item.kind.unit == "points":
        exact = Fraction(round(value * 100), 100)
        return Cell(f"{say.number(exact, 2)} points", figure, exact, "points")
    exact = Fraction(round(value * 10_000), 10_000)
    return Cell(say.per_head(exact), figure, exact * 100, "number")
