"""The pounds of each CCG's published points, by the library's schemes: priced by the plan of a run, in whole pence.

Each CCG is run as one practice with the CCG's whole list and everything achieved, so that its list factor is the sum of
its practices' and its prevalence weight is that of all their patients. What that pays for an indicator, times the share
of the points that its practices earned, is the estimate: it would be exact if points and weights did not go together
within a CCG. Where a weight cannot be known (smoking, cervical screening, contraception), it is taken as 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from compare import rows
from predict import Key, Row

import remit
from remit.core.rounding import scaled
from remit.files.tables import write_table


@dataclass(frozen=True)
class Money:
    """Pence by (CCG, indicator); `at_one` are the indicators whose weight is taken as 1; `lists` the CCGs' patients."""

    year: str
    pence: dict[Key, int]
    at_one: frozenset[str]
    lists: dict[str, int]

    def of(self, ccg: str, codes: frozenset[str]) -> int:
        """All pence of a CCG for some indicators."""
        return sum(self.pence[ccg, code] for code in codes)


def priced(data: Path, year: str, published: Mapping[Key, Row], folder: Path) -> Money:
    """Price a year's published points."""
    scheme = remit.load_scheme(f"qof-england-{year}")
    table = [row for row in rows(data / f"qof_published/qof_ccg_prevalence_{year}.csv") if row["register"]]
    # In 2019-20's table at hand, coronary heart disease has the list in the column of the prevalence.
    sizes = {
        (row["ccg_code"], row["group_code"]): int(row["list_size"] or float(row["prevalence_pct"])) for row in table
    }
    lists = {ccg: size for (ccg, group), size in sizes.items() if group == "AF"}
    folder.mkdir(parents=True, exist_ok=True)
    practices, counts, national = (folder / f"{name}-{year}.csv" for name in ("practices", "counts", "national"))
    columns = ("practice_code", "practice_name", "list_size")
    write_table(practices, columns, ([ccg, "", str(size)] for ccg, size in lists.items()))
    sums: dict[str, list[int]] = {}
    figures: list[list[str]] = []
    for row in table:
        ccg, group = row["ccg_code"], row["group_code"].replace("-", "")
        size = sizes[ccg, row["group_code"]]
        figures += [[ccg, group, "REGISTER", row["register"]], [ccg, group, "LIST_SIZE", str(size)]]
        so_far = sums.setdefault(group, [0, 0])
        so_far[0] += int(row["register"])
        so_far[1] += size
    declared = {item.item for item in scheme.items if item.measure == "declared"}
    for (ccg, code), line in published.items():
        if line.counts:
            figures += [[ccg, code, measure, str(line.counts[1])] for measure in ("NUMERATOR", "DENOMINATOR")]
        elif code in declared:
            figures.append([ccg, code, "DECLARED", "1"])
        elif code == "CON001":
            figures.append([ccg, code, "REGISTER", "1"])
    write_table(counts, ("practice_code", "indicator_code", "measure", "value"), figures)
    rest = ([group, str(register), str(size)] for group, (register, size) in sums.items())
    write_table(national, ("group_code", "register", "list_size"), rest)
    run = remit.run(scheme, practices, counts, national=national)
    return _of_shares(run, year, published, lists)


def _of_shares(run: remit.Run, year: str, published: Mapping[Key, Row], lists: dict[str, int]) -> Money:
    pence, at_one = {}, set()
    for result in run.results():
        for award in result.awards:
            key = result.practice.code, award.item.item
            full = award.pence
            if full is None:
                full = award.pence_at_one
                at_one.add(award.item.item)
            if full is None:
                raise ValueError(f"{key} has no pounds: {award.reason}")
            amount = full * published[key].share
            pence[key] = scaled(amount.numerator, amount.denominator, 0)
    return Money(year, pence, frozenset(at_one), lists)
