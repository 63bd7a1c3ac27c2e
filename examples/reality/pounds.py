"""An estimate of the pounds of QOF 2018-19 for every practice, beside what was published as paid.

Lists and registers are each practice's own. Rates are not published for each practice, so those of its CCG stand in,
and each declaration and the contraception register count as done: every amount here is an ESTIMATE.
"""

from __future__ import annotations

import importlib.util
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import ModuleType

from points import Pooled, rows

import remit
from remit.core.rounding import scaled
from remit.files.tables import write_table

SCHEME = "qof-england-2018-19"
ENGLAND = Path(__file__).resolve().parents[1] / "england-2018-19"


def payments_file(data: Path, year: str) -> Path:
    """What each practice was paid in a year."""
    return data / f"payments/nhs_payments_to_general_practice_{year}.csv"


def england() -> ModuleType:
    """The example that reads each practice's published lists and registers."""
    name = "england_2018_19"
    if name not in sys.modules:
        sys.path.insert(0, str(ENGLAND))
        spec = importlib.util.spec_from_file_location(name, ENGLAND / "run.py")
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.path.remove(str(ENGLAND))
    return sys.modules[name]


@dataclass
class Estimate:
    """Pence by practice, and by (CCG, item); apart, those of items whose weight cannot be known, at a weight of 1."""

    lists: dict[str, int]
    known: Counter[str] = field(default_factory=Counter)
    at_one: Counter[str] = field(default_factory=Counter)
    items: Counter[tuple[str, str]] = field(default_factory=Counter)
    unknown_items: Counter[str] = field(default_factory=Counter)
    points: Fraction = Fraction(0)
    earned: dict[tuple[str, str], Fraction] = field(default_factory=dict)

    def of(self, practice: str) -> int:
        return self.known[practice] + self.at_one[practice]

    @property
    def total(self) -> int:
        return sum(self.known.values()) + sum(self.at_one.values())

    def at_published_points(self, pooled: Pooled) -> int:
        """All pence, were each practice's points the published mean of its CCG in place of those of its rate."""
        total = 0
        for (ccg, item), pence in self.items.items():
            row, line = pooled.published[ccg, item], self.earned.get((ccg, item))
            if line:
                amount = pence * Fraction(row["achievement_score_total"]) / int(row["n_practices"]) / line
                total += scaled(amount.numerator, amount.denominator, 0)
        return total


def estimate(data: Path, pooled: Pooled, folder: Path) -> Estimate:
    """Run the scheme on every practice."""
    published = england().read(data)
    england().write_inputs(published, folder)
    ccg_of = {code: ccg for code, (_, ccg) in published.names.items()}
    rates: dict[str, list[list[str]]] = defaultdict(list)
    scheme = remit.load_scheme(SCHEME)
    declared = {item.item for item in scheme.items if item.measure == "declared"}
    for (ccg, code), row in pooled.published.items():
        if row["numerator"]:
            rates[ccg] += [[code, "NUMERATOR", row["numerator"]], [code, "DENOMINATOR", row["denominator"]]]
        elif code in declared:
            rates[ccg].append([code, "DECLARED", "1"])
        elif code == "CON001":
            rates[ccg].append([code, "REGISTER", "1"])
    own = (
        [row[n] for n in ("practice_code", "indicator_code", "measure", "value")] for row in rows(folder / "counts.csv")
    )
    stand_in = ([code, *line] for code in published.lists for line in rates[ccg_of[code]])
    columns = ("practice_code", "indicator_code", "measure", "value")
    write_table(folder / "estimate.csv", columns, (row for part in (own, stand_in) for row in part))
    run = remit.run(scheme, folder / "practices.csv", folder / "estimate.csv", national=folder / "national.csv")
    found = Estimate(dict(published.lists))
    for result in run.results():
        code = result.practice.code
        ccg = ccg_of[code]
        for award in result.awards:
            item, pence = award.item.item, award.pence
            found.points += award.earned or 0
            if award.earned:
                found.earned[ccg, item] = award.earned
            if pence is None:
                pence = award.pence_at_one or 0
                found.at_one[code] += pence
                found.unknown_items[item] += pence
            else:
                found.known[code] += pence
            found.items[ccg, item] += pence
    return found


@dataclass(frozen=True)
class Paid:
    """The published payments of one year: pence by practice, contracts, and why a practice is not compared."""

    year: str
    pence: dict[str, int]
    contracts: dict[str, str]
    odd: dict[str, str]

    @property
    def total(self) -> int:
        return sum(self.pence.values())


ODD = {
    "Part year of data": "with part of a year",
    "No registered patients": "without registered patients",
    "Large fluctuation in patients": "with a large fluctuation in patients",
}


def paid(data: Path, year: str) -> Paid:
    """Read 'Total QOF Payments' of a year, in pence."""
    pence, contracts, odd = {}, {}, {}
    for row in rows(payments_file(data, year)):
        code, amount = row["Practice Code"], Fraction(row["Total QOF Payments"])
        pence[code] = scaled(amount.numerator, amount.denominator, 2)
        contracts[code] = row["Contract Type"]
        marks = [mark for mark in ODD if mark in row["Atypical Characteristics"]]
        if pence[code] <= 0:
            odd[code] = "paid nothing, or less than that, in a year"
        elif marks:
            odd[code] = ODD[marks[0]]
    return Paid(year, pence, contracts, odd)


@dataclass(frozen=True)
class Spread:
    """Ratios of one amount to another over practices, in their order, and how closely the two go together."""

    ratios: tuple[Fraction, ...]
    total: Fraction
    pounds: float
    per_patient: float | None

    def at(self, per_cent: int) -> Fraction:
        """By nearest rank."""
        return self.ratios[min(len(self.ratios) - 1, len(self.ratios) * per_cent // 100)]

    @property
    def median(self) -> Fraction:
        return statistics.median(self.ratios)

    def within(self, per_cent: int) -> Fraction:
        return Fraction(sum(abs(r - 1) * 100 <= per_cent for r in self.ratios), len(self.ratios))


def spread(top: Mapping[str, Fraction | int], below: Mapping[str, Fraction | int], lists: Mapping[str, int]) -> Spread:
    """The ratios of `top` to `below` over the practices of both."""
    codes = sorted(set(top) & set(below))
    one, two = [float(top[c]) for c in codes], [float(below[c]) for c in codes]
    heads = [lists[c] for c in codes]
    each = [x / h for x, h in zip(one, heads, strict=True)]
    same = max(each) - min(each) < 1e-9 * max(each)
    per_patient = None if same else statistics.correlation(each, [y / h for y, h in zip(two, heads, strict=True)])
    ratios = sorted(Fraction(top[c]) / below[c] for c in codes)
    total = Fraction(sum(top[c] for c in codes)) / sum(below[c] for c in codes)
    return Spread(tuple(ratios), total, statistics.correlation(one, two), per_patient)


@dataclass(frozen=True)
class Comparison:
    """The estimate beside the payments of both years, over the practices that can be compared in both."""

    codes: tuple[str, ...]
    left_out: Counter[str]
    spreads: dict[str, Spread]
    contracts: dict[str, Spread]


def compare(made: Estimate, years: tuple[Paid, Paid]) -> Comparison:
    """Set the estimate beside each year's payments and beside their mean, and list size alone beside that."""
    first, second = years
    left_out: Counter[str] = Counter()
    codes = []
    for code in made.lists:
        why = "in only one publication" if any(code not in y.pence for y in years) else ""
        why = why or first.odd.get(code) or second.odd.get(code) or ""
        if why:
            left_out[why] += 1
        else:
            codes.append(code)
    ours = {code: made.of(code) for code in codes}
    mean = {code: Fraction(first.pence[code] + second.pence[code], 2) for code in codes}
    each = sum(mean.values()) / sum(made.lists[code] for code in codes)
    alone = {code: each * made.lists[code] for code in codes}
    spreads = {y.year: spread(ours, {c: y.pence[c] for c in codes}, made.lists) for y in years}
    spreads |= {"mean": spread(ours, mean, made.lists), "list": spread(alone, mean, made.lists)}
    kinds = {
        kind: spread({c: ours[c] for c in codes if first.contracts[c] == kind}, mean, made.lists)
        for kind in ("GMS", "PMS", "APMS")
    }
    return Comparison(tuple(codes), left_out, spreads, kinds)
