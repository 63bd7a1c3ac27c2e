"""Counts as NHS publications lay them out: practice, indicator, measure, value, and what for.

Their spellings and capitals are accepted. What a row is about (its subject) is an item of the scheme, an indicator
that an item is or becomes, a register group, or `*` for the practice as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial

from remit.core import exact
from remit.core.dates import Period, SchemeYear, parse_date
from remit.core.figures import (
    EACH_QUARTER,
    THE_YEAR,
    FigureKey,
    Figures,
    PeriodRead,
    Quarter,
    Whole,
)
from remit.core.problems import Collector, did_you_mean
from remit.core.rows import RowSource, SelectedRows
from remit.core.words import listed
from remit.scheme.model import Scheme
from remit.scoring.figure_table import Counts
from remit.scoring.impossible_figures import impossible
from remit.scoring.marks import MARKED, mark_of
from remit.scoring.subjects import (
    MEASURES,
    WHOLE_MEASURES,
    WHOLE_PRACTICE,
    Measures,
    Subjects,
)

COLUMNS = ("practice_code", "indicator_code", "measure", "value", "period")
"""The columns of counts; the period may be left out."""

_YES_OR_NO = ("DECLARED", "EVIDENCED", "VETO")

NO_VALUE = "they have no value yet"
"""Why a row was skipped that a template left to be filled in."""


def check_counts(
    rows: RowSource,
    scheme_of: Mapping[str, Scheme],
    *,
    period: Period | None = None,
    ignore_unknown: bool = False,
    elsewhere: Sequence[Scheme] = (),
    limit: int = 20,
) -> Counts:
    """The figures that rows of `COLUMNS` give for practices whose scheme is given by `scheme_of`.

    With `period`, the rows of that quarter or day are read in place of the year's. Rows of items that only the schemes
    `elsewhere` have are theirs, and are left to them. Raises Refused with all row
    errors, up to `limit`, and their count.
    """
    table = rows.select(COLUMNS[:-1], (*COLUMNS[-1:], MARKED))
    problems = Collector(limit)
    year = next(iter(scheme_of.values())).year
    reader = _Reader(table, scheme_of, year, period, ignore_unknown, problems)
    reader.elsewhere = [Subjects(scheme) for scheme in elsewhere]
    reader.read()
    if reader.for_the_year:
        _declared_for_the_year(reader.counts)
    _check_together(reader.counts, table, problems, reader)
    problems.refuse_if_any()
    return reader.counts


_Meaning = tuple[str, FigureKey, dict[str, int | Fraction], dict[str, dict[str, Figures]]]
"""What a row is about: subject and key, the values of that measure by their text, and the figures it goes into."""


class _Reader:
    """One pass over the rows; what a code, measure and period mean together is worked out once and kept."""

    def __init__(
        self,
        table: SelectedRows,
        scheme_of: Mapping[str, Scheme],
        year: SchemeYear,
        period: Period | None,
        ignore_unknown: bool,
        problems: Collector,
    ) -> None:
        self.table, self.scheme_of, self.problems = table, scheme_of, problems
        self.year, self.wanted, self.ignore_unknown = year, period, ignore_unknown
        self.achievement_date = next(iter(scheme_of.values())).achievement_date
        self.figures: dict[str, dict[str, Figures]] = {}
        self.previous: dict[str, dict[str, Figures]] = {}
        self.counts = Counts(self.figures, self.previous, year=str(year.before))
        self.subjects: dict[str, Subjects] = {}
        self.elsewhere: list[Subjects] = []
        self.for_the_year = False
        self.marked: set[str] = set()
        self.meanings: dict[str, dict[tuple[str, str, str], _Meaning]] = {}
        self.values: dict[str, dict[str, int | Fraction]] = {measure: {} for measure in MEASURES}

    def read(self) -> None:
        last_practice, scheme = "", None
        meanings: dict[tuple[str, str, str], _Meaning] = {}
        for number, (practice, indicator, measure_text, value_text, period, mark) in self.table.rows(self.problems):
            if mark:
                self._marked(mark, (practice, indicator, measure_text, value_text, period))
            if practice != last_practice:
                last_practice, scheme = practice, self.scheme_of.get(practice)
                meanings = self.meanings.setdefault(scheme.scheme if scheme else "", {})
            meaning = meanings.get((indicator, measure_text, period))
            if meaning is None:
                meaning = self._meaning(number, practice, scheme, indicator, measure_text, value_text, period)
                if meaning is None:
                    continue
                meanings[indicator, measure_text, period] = meaning
            subject, key, values, into = meaning
            value = values.get(value_text)
            if value is None:
                if not value_text:
                    self._skip(NO_VALUE)
                    continue
                value = self._value(number, key.measure, value_text)
                if value is None:
                    continue
                values[value_text] = value
            place = into.get(practice)
            if place is None:
                place = into[practice] = {}
            figures = place.get(subject)
            if figures is None:
                place[subject] = {key: value}
            elif key in figures:
                self.problems.add(
                    "counts.figure-twice",
                    f"{key.measure} of {subject} for practice {practice}{_when(key)} is given again.",
                    self.table.place(number),
                    "Remove one of the rows.",
                    measure=key.measure,
                    indicator=subject,
                    practice=practice,
                )
            else:
                figures[key] = value
        for practice in self.marked & self.scheme_of.keys():
            whole = self.figures.setdefault(practice, {}).setdefault(WHOLE_PRACTICE, {})
            whole[FigureKey("PROVISIONAL")] = 1

    def _marked(self, mark: str, row: Sequence[str]) -> None:
        """A row that is provisional, as whoever counted it says."""
        self.marked.add(row[0])
        self.counts.edited += mark != mark_of(row)

    def _meaning(
        self,
        number: int,
        practice: str,
        scheme: Scheme | None,
        indicator: str,
        measure_text: str,
        value_text: str,
        period: str,
    ) -> _Meaning | None:
        """What a row is about and where its value goes; None, with a problem or a count, for a row that is not used."""
        if scheme is None:
            hint = did_you_mean(practice, self.scheme_of) if not self.problems.full else ""
            self.problems.add(
                "counts.practice-unknown",
                f"practice '{practice}' is not among the practices.",
                self.table.place(number),
                hint if hint.startswith("Did") else "",
                practice=practice,
            )
            return None
        measure = Measures.find(measure_text)
        if not measure:
            self._other_measure(number, measure_text, measure)
            return None
        subject = self.subjects_of(scheme).find(indicator)
        if subject is None:
            self._unknown(number, indicator, scheme)
            return None
        if measure not in self.subjects_of(scheme).used[subject]:
            what = "the practice as a whole" if subject == WHOLE_PRACTICE else "what it is given for"
            if self._value(number, measure, value_text) is not None:
                self._skip(f"{measure} is not used for {what}")
            return None
        if measure == "VETO":
            return self._veto(number, subject, period)
        wanted = self.subjects_of(scheme).periods.get((subject, measure))
        if wanted is not None and wanted != {THE_YEAR}:
            return self._dated(number, subject, measure, period, wanted, self.subjects_of(scheme).quarters)
        when = self._period(period)
        if when == "other" and not period and wanted is not None and measure in ("DECLARED", "EVIDENCED"):
            # What opens a gateway is declared for the year, and holds in each part of it that has no row of its own.
            self.for_the_year = True
            return subject, FigureKey(measure, Whole.FOR_ITS_PARTS), self.values[measure], self.figures
        if when != "now" and not self._elsewhere(when, number, period, measure, subject):
            return None
        now = when == "now" or measure in WHOLE_MEASURES
        return subject, FigureKey(measure), self.values[measure], self.figures if now else self.previous

    def _veto(self, number: int, subject: str, text: str) -> _Meaning | None:
        """A member's veto of a network's item, or of all of them: its period is the day on which it was said."""
        try:
            key = FigureKey("VETO", parse_date(text)) if text else FigureKey("VETO")
        except ValueError as error:
            self.problems.add(
                "counts.period-unreadable",
                f"period of a VETO, which is the day on which it was said: {error}.",
                self.table.place(number),
                found=text,
                reason=error,
            )
            return None
        return subject, key, self.values["VETO"], self.figures

    def _dated(
        self,
        number: int,
        subject: str,
        measure: str,
        text: str,
        wanted: set[PeriodRead],
        of_contract: Sequence[Quarter],
    ) -> _Meaning | None:
        """Where a figure goes of which several quarters or years are read; quarters are those of the contract."""
        years = {str(period): period for period in wanted if isinstance(period, SchemeYear)}
        this_year = bool(wanted & {THE_YEAR, EACH_QUARTER})
        values, into = self.values[measure], self.figures
        try:
            period = Period.parse(text, self.year) if text else None
        except ValueError as error:
            self.problems.add(
                "counts.period-unreadable", f"period: {error}.", self.table.place(number), found=text, reason=error
            )
            return None
        if period is None and not this_year and len(years) == 1:
            return subject, FigureKey(measure, *years.values()), values, into
        if period and period.day is None and str(period) in years:
            return subject, FigureKey(measure, period.year), values, into
        day = period.day if period else None
        earlier = next((one for one in wanted if isinstance(one, Quarter) and one.end == day), None)
        if earlier is not None:
            return subject, FigureKey(measure, earlier), values, into
        if this_year and (period is None or period.year == self.year):
            quarter = next((one for one in of_contract if one.end == day), None)
            if EACH_QUARTER in wanted and quarter and day:
                if self.wanted and self.wanted.day and day > self.wanted.day:
                    self.counts.other_days[text] = self.counts.other_days.get(text, 0) + 1
                    return None
                return subject, FigureKey(measure, quarter), values, into
            scored = THE_YEAR in wanted and self.wanted is not None and day == self.wanted.day
            if day is None or scored or EACH_QUARTER not in wanted:
                when = self._period(text)
                used = when == "now" or self._elsewhere(when, number, text, measure, subject)
                return (subject, FigureKey(measure), values, into) if used else None
        expected = [*sorted(years), *([f"a quarter such as {of_contract[0]}"] if EACH_QUARTER in wanted else [])]
        expected += [str(self.year)] if THE_YEAR in wanted else []
        found = f"found {text}" if text else "found none"
        self.problems.add(
            "counts.period-not-asked",
            f"{measure} of {subject} is for one of {', '.join(expected)}: {found}.",
            self.table.place(number),
            measure=measure,
            indicator=subject,
            expected=expected,
            found=text,
        )
        return None

    def subjects_of(self, scheme: Scheme) -> Subjects:
        """What the counts of a scheme may be about."""
        if scheme.scheme not in self.subjects:
            self.subjects[scheme.scheme] = Subjects(scheme)
        return self.subjects[scheme.scheme]

    def _other_measure(self, number: int, text: str, measure: str | None) -> None:
        if measure is None:
            self.problems.add(
                "counts.measure-unknown",
                f"the measure '{text}' is not known.",
                self.table.place(number),
                partial(did_you_mean, text, MEASURES),
                measure=text,
            )
        else:
            self._skip(f"measure {text.upper()} is not needed")

    def _skip(self, why: str) -> None:
        self.counts.skipped[why] = self.counts.skipped.get(why, 0) + 1

    def _unknown(self, number: int, indicator: str, scheme: Scheme) -> None:
        if any(subjects.find(indicator) for subjects in self.elsewhere):
            return
        if self.ignore_unknown:
            self._skip(f"indicator {indicator} is not in {scheme.scheme}")
            return
        if several := self.subjects_of(scheme).items_of(indicator):
            self.problems.add(
                "counts.indicator-of-several-items",
                f"'{indicator}' counts for items {listed(several)} of {scheme.scheme}: the row does not say for which.",
                self.table.place(number),
                f"Write {listed(several, 'or')} in its place, in a row for each.",
                indicator=indicator,
                items=several,
            )
            return
        codes = dict.fromkeys([*self.subjects_of(scheme).order, *(i.indicator for i in scheme.indicators)])
        hint = partial(did_you_mean, indicator, codes)
        self.problems.add(
            "counts.indicator-unknown",
            f"the indicator '{indicator}' is not in {scheme.scheme}.",
            self.table.place(number),
            hint,
            indicator=indicator,
            scheme=scheme.scheme,
        )

    def _period(self, text: str) -> str:
        """`now` for rows to be scored, `previous` for the year before, `other` for another day, else a refusal."""
        if not text:
            return "now" if self.wanted is None else "other"
        try:
            period = Period.parse(text, self.year)
        except ValueError as error:
            return f"period: {error}"
        if period.year == self.year.before and period.day is None:
            return "previous"
        if period.year != self.year:
            return f"the period {text} is in {period.year}, and the scheme covers {self.year}"
        wanted = self.wanted.day if self.wanted else None
        own = self.wanted is None and period.day == self.achievement_date
        return "now" if own or period.day == wanted else "other"

    def _elsewhere(self, when: str, number: int, text: str, measure: str, subject: str) -> bool:
        """Whether a row that is not for the scored period is wanted all the same."""
        if when == "other":
            if measure in WHOLE_MEASURES:
                return True
            shown = text or str(self.year)
            self.counts.other_days[shown] = self.counts.other_days.get(shown, 0) + 1
            return False
        if when == "previous":
            if measure in WHOLE_MEASURES or measure in ("DENOMINATOR", "PCAS"):
                return True
            self.problems.add(
                "counts.year-before",
                f"the period {text} is the year before the scheme's, {self.year}.",
                self.table.place(number),
                "From that year only HISTORIC_POINTS, HISTORIC_POUNDS, and DENOMINATOR and PCAS for a guard, are used.",
                found=text,
                measure=measure,
            )
            return False
        self.problems.add("counts.period-unfit", f"{when}.", self.table.place(number), found=text)
        return False

    def _value(self, number: int, measure: str, text: str) -> int | Fraction | None:
        if text.isdigit() and text.isascii() and len(text) <= 15 and measure not in WHOLE_MEASURES:
            if measure in _YES_OR_NO and text not in ("0", "1"):
                self.problems.add(
                    "counts.not-yes-or-no",
                    f"{measure} is 1 for yes or 0 for no, not '{text}'.",
                    self.table.place(number),
                    measure=measure,
                    found=text,
                )
                return None
            return int(text)
        try:
            return exact.number(text) if measure in WHOLE_MEASURES else exact.whole(text)
        except ValueError as error:
            self.problems.add(
                "counts.value-unreadable",
                f"{measure}: {error}.",
                self.table.place(number),
                measure=measure,
                found=text,
                reason=error,
            )
            return None


def _when(key: FigureKey) -> str:
    return "" if key.period is THE_YEAR else f" in {key.period}"


def _declared_for_the_year(counts: Counts) -> None:
    """Let a declaration of the whole year stand where the period has none of its own."""
    for subjects in counts.figures.values():
        for figures in subjects.values():
            for key in [key for key in figures if key.period is Whole.FOR_ITS_PARTS]:
                figures.setdefault(FigureKey(key.measure), figures.pop(key))


def _check_together(counts: Counts, table: SelectedRows, problems: Collector, reader: _Reader) -> None:
    """Name the row of what no practice can have."""
    keys = {meaning[1] for meanings in reader.meanings.values() for meaning in meanings.values()}
    wrong = impossible(counts.figures, keys, lambda code: reader.subjects_of(reader.scheme_of[code]).assents)
    if not wrong:
        return
    for number, (practice, indicator, measure, _, period, _) in table.rows(Collector()):
        scheme = reader.scheme_of.get(practice)
        meaning = reader.meanings[scheme.scheme].get((indicator, measure, period)) if scheme else None
        message = wrong.pop((practice, meaning[0], meaning[1]), None) if meaning else None
        if message:
            problems.add("counts.do-not-fit", message, table.place(number), practice=practice)
