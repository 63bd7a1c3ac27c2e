"""The other side's figures: read from their file, recognised in the run's own words, each with its row.

A file of another year or another level than the run's is refused and said to be so: by the years that its rows state,
by the shape of its codes, and where it states no year, by the indicators that it holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path

from remit.core import exact
from remit.core.dates import Period
from remit.core.names import key
from remit.core.problems import Collector, did_you_mean, problem, refuse, shown_name
from remit.core.words import listed
from remit.files.tables import Table, read_table
from remit.reconciliation.cells import MARKS, level_of, period_of, value_of
from remit.reconciliation.compared_file import OtherFigure, OtherFile, another_year, nearer, some
from remit.reconciliation.layouts import FileColumns, quantity_of
from remit.runs.engine import Run
from remit.scoring.subjects import MEASURES, WHOLE_PRACTICE, Subjects


def read_other(
    path: Path,
    run: Run,
    columns: FileColumns,
    *,
    ignore_unknown: bool = False,
    pca_fields: frozenset[str] = frozenset(),
    limit: int = 20,
) -> OtherFile:
    """The figures of the run's practices. Raises Refused with all row errors, or for another year or level."""
    table = read_table(path, columns.names())
    reader = _Reader(table, run, columns, ignore_unknown, pca_fields, Collector(limit))
    reader.look()
    reader.read()
    return reader.other


_MARK = "If it marks a figure that is held back, a column map says so under 'suppressed'."


class _Reader:
    def __init__(
        self,
        table: Table,
        run: Run,
        columns: FileColumns,
        ignore_unknown: bool,
        pca_fields: frozenset[str],
        problems: Collector,
    ) -> None:
        self.table, self.run, self.columns = table, run, columns
        self.ignore_unknown, self.pca_fields, self.problems = ignore_unknown, pca_fields, problems
        self.other = OtherFile(shown_name(table.name), columns.layout)
        self.codes = frozenset(run.codes)
        self.year = next(iter(run.inputs.schemes.values())).year
        self.day = (run.inputs.period and run.inputs.period.day) or self._achievement_date()
        self.at = {name: n for n, name in enumerate(table.columns)}
        self.subjects = {name: Subjects(scheme) for name, scheme in run.inputs.schemes.items()}
        self.periods: dict[str, Period | None] = {}
        self.unknown: dict[str, int] = {}
        self.passed: Counter[str] = Counter()
        self.days: dict[str, set[date]] = {}
        self.marks = MARKS | set(columns.suppressed)

    def _note(self, code: str, message: str, **data: object) -> None:
        self.other.notes.append(problem(code, message, None, "", data, "warning"))

    def _achievement_date(self) -> date:
        return next(iter(self.run.inputs.schemes.values())).achievement_date

    # ---- which year and level the file is of ----

    def look(self) -> None:
        """Refuse a file of another level or another year before anything in it is judged."""
        units: Counter[str] = Counter()
        years: dict[str, tuple[int, str, str]] = {}
        for row, cells in self.table.rows():
            unit = self._unit(cells)
            units[unit] += 1
            for name in (self.columns.when, self.columns.service):
                text = cells[self.at[name]] if name else ""
                if text and (period := self._period(text, row, name)):
                    years.setdefault(str(period.year), (row, name, text))
        self.problems.refuse_if_any()
        if not units:
            raise refuse("reconciliation.no-rows", "there are no rows below the header.", self.table.place(1))
        if "" in units:
            empty = next(row for row, cells in self.table.rows() if not self._unit(cells))
            many = "1 row has" if units[""] == 1 else f"{units['']:,} rows have"
            raise refuse(
                "reconciliation.unit-empty",
                f"{many} no {self.columns.unit}.",
                self.table.place(empty),
                column=self.columns.unit,
                rows=units[""],
            )
        self._check_level(units)
        if years and str(self.year) not in years:
            row, name, text = next(iter(years.values()))
            raise refuse(
                "reconciliation.other-year",
                f"is of {some(sorted(years), 4)} ({name} {text}), and the run is of {self.year}.",
                self.table.place(row),
                f"Name the file of {self.year}, or the run of {sorted(years)[-1]}.",
                found=sorted(years),
                year=self.year,
            )
        self.other.years = set(years)

    def _period(self, text: str, row: int, name: str) -> Period | None:
        if text not in self.periods:
            try:
                self.periods[text] = period_of(text)
            except ValueError as error:
                self.periods[text] = None
                if name != self.columns.service:
                    self.problems.add(
                        "reconciliation.value-unreadable",
                        f"{name}: {error}.",
                        self.table.place(row),
                        column=name,
                        reason=error,
                    )
        return self.periods[text]

    def _unit(self, cells: list[str]) -> str:
        text = self.columns.only_unit or cells[self.at[self.columns.unit]]
        return self.columns.units.get(text, text)

    def _check_level(self, units: Counter[str]) -> None:
        theirs = Counter(level_of(unit) for unit in units)
        if not self.codes & set(units):
            ours = Counter(level_of(code) for code in self.codes).most_common(1)[0][0]
            level = theirs.most_common(1)[0][0]
            first = next(row for row, _ in self.table.rows())
            if level != ours and level:
                raise refuse(
                    "reconciliation.other-level",
                    f"is of {level} ({some(list(units), 3)}), and the run is of {ours or 'practices'} "
                    f"({some(self.run.codes, 3)}).",
                    self.table.place(first),
                    f"Name the file by {(ours or 'practices').removesuffix('s')}, or run the pooled counts of these "
                    "units, with their codes as practice_code.",
                    found=level,
                    expected=ours or "practices",
                )
            raise refuse(
                "reconciliation.other-practices",
                f"has none of the run's practices: it holds {some(units, 3)}, the run {some(self.run.codes, 3)}.",
                self.table.place(first),
                "A column map says under 'practices' what another code means.",
            )
        outside = [unit for unit in units if unit not in self.codes]
        if outside:
            what = f"{len(outside):,} of the file's {len(units):,} codes are not in the run, and left out: "
            self._note("reconciliation.codes-left-out", f"{what}{some(outside, 4)}.", codes=outside)

    # ---- the figures ----

    def read(self) -> None:
        """Every figure of the run's practices, of the run's year; the latest position up to the run's day."""
        for row, unit, indicator, quantity, text, when in self._cells():
            subject = self._subject(unit, indicator, row)
            if subject is None:
                continue
            if when and when.year != self.year:
                self.passed[f"of {when.year}, another year"] += 1
                continue
            day = (when.day or self._achievement_date()) if when else None
            if day:
                self.days.setdefault(unit, set()).add(day)
            figure = self._figure(unit, subject, quantity, text, row, day)
            if figure:
                self._keep(unit, subject, quantity, figure)
        self._check_unknown()
        self.problems.refuse_if_any()
        self._note_days()
        self._check_together()
        self.problems.refuse_if_any()
        if self.other.pooled:
            why = "Points are those of a unit's practices together, over their number."
            self._note("reconciliation.points-over-practices", why)
        for why, count in sorted(self.passed.items()):
            self._note(
                "reconciliation.figures-passed-over",
                f"{count:,} figures were passed over: {why}.",
                figures=count,
                reason=why,
            )
        if not self.other.years and self.columns.as_at is None:
            self._note(
                "reconciliation.year-taken",
                f"The file states no year or date: it is taken to be of {self.year}.",
                year=self.year,
            )

    def _cells(self) -> Iterator[tuple[int, str, str, str, str, Period | None]]:
        """(row, practice, indicator as spelled, quantity, text, period) for each cell that is to be compared."""
        columns, at = self.columns, self.at
        for row, cells in self.table.rows():
            unit = self._unit(cells)
            if unit not in self.codes:
                continue
            when = Period(self.year, columns.as_at) if columns.as_at else None
            for name in (columns.service, columns.when):
                when = (self.periods.get(cells[at[name]]) if name else None) or when
            own = cells[at[columns.indicator]] if columns.indicator else ""
            if columns.practices:
                self._pooled(row, unit, own, cells[at[columns.practices]])
            if columns.measure:
                quantity = self._measure(row, unit, own, cells[at[columns.measure]])
                if quantity:
                    yield row, unit, own, quantity, cells[at[columns.value]], when
            for name, (indicator, quantity) in columns.figures.items():
                yield row, unit, indicator or own, quantity, cells[at[name]], when

    def _measure(self, row: int, unit: str, indicator: str, text: str) -> str:
        quantity = self.columns.measures.get(key(text)) or quantity_of(text)
        if quantity is None and self.columns.layout == "cqrs-values":
            quantity = self._field(unit, indicator, text)
        if quantity is None:
            known = [*MEASURES, "ACHIEVED_POINTS", "POUNDS"]
            self.problems.add(
                "reconciliation.measure-unknown",
                f"the measure '{text}' is not known.",
                self.table.place(row),
                partial(did_you_mean, text, known),
                measure=text,
            )
        elif not quantity:
            self.passed["fields and measures that a run has no figure for"] += 1
        return quantity or ""

    def _field(self, unit: str, indicator: str, text: str) -> str:
        """What a field of the national calculator's extract counts: a register, or a PCA where the file has those."""
        scheme = self.run.inputs.scheme_of(unit)
        item = next((item for item in scheme.items if key(item.item) == key(indicator)), None)
        if text.casefold().endswith(" register"):
            return "register" if item and item.measure in ("register", "prevalence") else ""
        return "pcas" if key(text) in self.pca_fields else ""

    def _pooled(self, row: int, unit: str, indicator: str, text: str) -> None:
        try:
            count = exact.whole(text)
            if count == 0:
                raise ValueError("expected 1 practice or more, found 0")
        except ValueError as error:
            self.problems.add(
                "reconciliation.value-unreadable",
                f"{self.columns.practices}: {error}.",
                self.table.place(row),
                column=self.columns.practices,
                reason=error,
            )
            return
        subject = self.subjects[self.run.inputs.assigned[unit]].find(indicator)
        if subject:
            self.other.pooled[unit, subject] = count

    def _subject(self, unit: str, indicator: str, row: int) -> str | None:
        spelled = self.columns.indicators.get(key(indicator), indicator) if indicator else WHOLE_PRACTICE
        subject = self.subjects[self.run.inputs.assigned[unit]].find(spelled)
        if subject is None:
            self.unknown.setdefault(spelled, row)
        return subject

    def _figure(
        self, unit: str, subject: str, quantity: str, text: str, row: int, day: date | None
    ) -> OtherFigure | None:
        if text.casefold() in self.marks:
            return OtherFigure(None, row, day, text)
        if not text:
            return OtherFigure(None, row, day)
        try:
            value = value_of(quantity, text)
        except ValueError as error:
            self.problems.add(
                "reconciliation.value-unreadable",
                f"{quantity} of {subject}: {error}.",
                self.table.place(row),
                "" if any(c.isdigit() for c in text) else _MARK,
                quantity=quantity,
                indicator=subject,
                reason=error,
            )
            return None
        pooled = self.other.pooled.get((unit, subject)) if quantity == "points" else None
        return OtherFigure(Fraction(value) / pooled if pooled else value, row, day)

    def _keep(self, unit: str, subject: str, quantity: str, figure: OtherFigure) -> None:
        figures = self.other.figures.setdefault(unit, {})
        before = figures.get((subject, quantity))
        if before is None:
            figures[subject, quantity] = figure
        elif before.day != figure.day:
            if nearer(figure.day, before.day, self.day):
                figures[subject, quantity] = figure
        elif quantity == "pcas" and self.columns.layout == "cqrs-values":
            value = None if figure.value is None and before.value is None else (figure.value or 0) + (before.value or 0)
            figures[subject, quantity] = OtherFigure(value, before.row, before.day, before.mark or figure.mark)
        else:
            self.problems.add(
                "reconciliation.figure-twice",
                f"{quantity} of {subject} for practice {unit} is given again.",
                self.table.place(figure.row),
                f"It is first on row {before.row}.",
                quantity=quantity,
                indicator=subject,
                practice=unit,
                row=before.row,
            )

    def _note_days(self) -> None:
        """Practices whose figures are not of the run's day, and days that others of the file have and these lack."""
        for day in sorted(set().union(*self.days.values())):
            lack = [unit for unit, days in self.days.items() if day not in days]
            if lack and len(lack) * 2 < len(self.days) and day <= self.day:
                many = "practice has" if len(lack) == 1 else "practices have"
                why = f"{len(lack):,} {many} no figures of {day}, which others have: {some(lack, 4)}."
                self._note("reconciliation.practices-without-day", why, day=day, practices=lack)
        other = [unit for unit, days in self.days.items() if self.day not in days]
        if other and len(other) == len(self.days):
            latest = max(max(days) for days in self.days.values())
            why = f"The file has no figures of {self.day}, the day of the run: its latest are of {latest}."
            self._note("reconciliation.day-not-there", why, day=self.day, latest=latest)

    def _check_several(self) -> None:
        """Indicators that are known, and count for several items: they are no unknown ones."""
        for code, row in list(self.unknown.items()):
            several = next(filter(None, (one.items_of(code) for one in self.subjects.values())), ())
            if several:
                del self.unknown[code]
                self.problems.add(
                    "reconciliation.indicator-of-several-items",
                    f"'{code}' counts for items {listed(several)}, and the file does not say for which.",
                    self.table.place(row),
                    "Say in a column map, under 'indicators', which item it is.",
                    indicator=code,
                    items=several,
                )

    def _check_unknown(self) -> None:
        """Unknown indicators are errors; where another scheme of the library knows more of them, that is the error."""
        self._check_several()
        if not self.unknown:
            return
        schemes = self.run.inputs.schemes
        names = {s for unit in self.other.figures for s, _ in self.other.figures[unit] if s != WHOLE_PRACTICE}
        ours = next(iter(schemes))
        message = "" if self.other.years else another_year(set(self.unknown) | names, len(self.unknown), schemes)
        if message and not self.ignore_unknown:
            row = next(iter(self.unknown.values()))
            hint = f"Give the file of {self.year}."
            raise refuse(
                "reconciliation.other-indicators", message, self.table.place(row), hint, indicators=list(self.unknown)
            )
        if message:
            self._note("reconciliation.year-of-indicators", f"The file {message}", indicators=list(self.unknown))
        if self.ignore_unknown:
            why = f"Not in {ours}, and left out: {some(list(self.unknown), 12)}."
            self._note("reconciliation.indicators-left-out", why, indicators=list(self.unknown))
            return
        order = next(iter(self.subjects.values())).order
        for code, row in self.unknown.items():
            self.problems.add(
                "reconciliation.indicator-unknown",
                f"the indicator '{code}' is not in {ours}.",
                self.table.place(row),
                partial(did_you_mean, code, order),
                indicator=code,
            )

    def _check_together(self) -> None:
        for unit, figures in self.other.figures.items():
            for (subject, quantity), figure in figures.items():
                whole = {"numerator": "denominator", "register": "list_size"}.get(quantity)
                above = figures.get((subject, whole)) if whole else None
                if above is None or above.day != figure.day or above.value is None or figure.value is None:
                    continue
                if figure.value > above.value:
                    what = f"{quantity} {figure.value} is above {whole} {above.value}"
                    self.problems.add(
                        "reconciliation.part-above-whole",
                        f"{what} for {subject} of practice {unit}.",
                        self.table.place(figure.row),
                        quantity=quantity,
                        indicator=subject,
                        practice=unit,
                    )
