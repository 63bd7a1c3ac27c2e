"""What a group's activity is like: as it was given, as a file of yearly figures has it, or as a run's baselines do.

A file has a row for each group and year: `group_code`, `year`, `patients`, `activity` and `pounds`.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from remit.analysis.savings import spread_of
from remit.core.exact import number, whole
from remit.core.figures import LIST_SIZE, FigureKey
from remit.core.problems import Collector, Problem, Refused, error
from remit.core.rows import RowSource
from remit.files.tables import CsvRows
from remit.runs import Run

COLUMNS = ("group_code", "year", "patients", "activity", "pounds")
_MOST_ACTIVITY, _MOST_SPREAD = 1000, 1000
"""More activity of a patient in a year, or more variance over the mean, is a mistake: no chance is worked out."""


class GroupYear(NamedTuple):
    """A group in a year."""

    patients: int
    activity: int
    pounds: Fraction


class Figures(NamedTuple):
    """Activity of a patient in a year, pounds for each, variance over mean, and where that is from."""

    rate: Fraction
    price: Fraction
    spread: Fraction
    origin: str


def activity_of(
    rate: Fraction | None,
    price: Fraction | None,
    spread: Fraction | None,
    figures: Path | None,
    run: Run | None,
    item: str,
) -> Figures:
    """What was given comes first, then the file's, then the run's. Raises Refused with all that is missing."""
    origin, chance = "as given", "the variance of chance alone"
    if figures:
        groups = check_yearly(CsvRows(figures))
        years = [year for each in groups.values() for year in each]
        patients, activity = sum(one.patients for one in years), sum(one.activity for one in years)
        rate = rate or Fraction(activity, patients)
        price = price or sum((one.pounds for one in years), Fraction(0)) / activity
        found = spread_of([[(one.patients, one.activity) for one in each] for each in groups.values()])
        origin = f"from {len(groups):,} groups over {len(years):,} years of figures"
        if spread is None and found is not None:
            spread, chance = Fraction(round(found, 6)), "the variance of those figures"
    elif run and price and rate is None:
        rate = _rate_of(run, item, price)
        origin = "from the baselines of the run and its lists"
    if spread is not None and not chance.endswith("figures"):
        chance = "the variance as given"
    problems: list[Problem] = []
    for name, value in (("how much activity a patient has in a year", rate), ("the price of each", price)):
        if not value:
            hint = "Give it, or a file of yearly figures."
            problems.append(error("analysis.savings-figures-missing", f"{name} is not known.", None, hint, what=name))
    for name, size, most in (
        ("the activity of 1,000 patients", (rate or 0) * 1000, _MOST_ACTIVITY * 1000),
        ("the variance over the mean", spread or 0, _MOST_SPREAD),
    ):
        if size > most:
            what = f"{name} is {float(size):,.15g}, and more than {most:,} cannot be."
            problems.append(error("analysis.savings-figures-unfit", what, None, "Correct it.", what=name))
    if problems or not rate or not price:
        raise Refused(problems)
    return Figures(rate, price, spread if spread is not None else Fraction(1), f"{origin}, with {chance}")


def _rate_of(run: Run, item: str, price: Fraction) -> Fraction | None:
    """All baselines over the price and all lists, of those that have both."""
    pounds, patients = Fraction(0), Fraction(0)
    for code, practice in run.inputs.practices.items():
        subjects = run.inputs.counts.of(code)
        baseline = subjects.get(item, {}).get(FigureKey("BASELINE_POUNDS"))
        size = subjects.get("*", {}).get(LIST_SIZE) or practice.list_size
        if baseline and size:
            pounds, patients = pounds + baseline, patients + size
    return pounds / price / patients if patients else None


def check_yearly(rows: RowSource) -> dict[str, list[GroupYear]]:
    """The years of each group. Raises Refused with everything that cannot be read."""
    table, problems = rows.select(COLUMNS), Collector()
    groups: dict[str, list[GroupYear]] = {}
    first: dict[tuple[str, str], int] = {}
    for line, (group, year, *texts) in table.rows(problems):
        if (group, year) in first:
            what = f"group {group} is listed twice for {year} (first on row {first[group, year]})."
            problems.add("analysis.savings-figures-unfit", what, table.place(line), "Remove one of the rows.")
            continue
        first[group, year] = line
        values = list(_numbers(texts, problems, table.place(line)))
        if len(values) == len(texts):
            groups.setdefault(group, []).append(GroupYear(int(values[0]), int(values[1]), values[2]))
    if not problems.total and not sum(one.activity for each in groups.values() for one in each):
        what = "there is no activity in any row."
        problems.add("analysis.savings-figures-unfit", what, rows.head, "Give yearly figures of each group.")
    problems.refuse_if_any()
    return groups


def _numbers(texts: Iterable[str], problems: Collector, place: object) -> Iterable[Fraction]:
    for name, text in zip(COLUMNS[2:], texts, strict=True):
        try:
            value = number(text) if name == "pounds" else Fraction(whole(text))
            if name == "patients" and not value:
                raise ValueError("expected at least one patient, found 0")
            yield value
        except ValueError as wrong:
            problems.add("analysis.savings-figures-unfit", f"{name}: {wrong}.", place, column=name)  # type: ignore[arg-type]
