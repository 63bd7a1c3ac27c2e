"""Why a figure differs: what the files themselves say, then what the trials reproduce, then what would have to hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from remit.core.figures import FigureKey
from remit.core.rounding import Rounding, exact_text
from remit.organisation import Practice
from remit.organisation.mergers import with_their_lists
from remit.pricing.award import Award
from remit.pricing.evaluator import price
from remit.pricing.plan import PricingPlan
from remit.pricing.scenario import Lists, Scenario, Standing
from remit.reconciliation.compared_file import OtherFigure, OtherFile
from remit.reconciliation.layouts import COUNTS
from remit.reconciliation.rows import (
    BASIS,
    COUNTED,
    DEFINITION,
    LIST,
    MONTH,
    POSSIBLE,
    ROUNDING,
    THRESHOLDS,
    TOLERANCES,
    Cause,
    ReconciledRow,
    in_order,
)
from remit.reconciliation.trials import Trials, rate_rounded, rounded_words
from remit.runs.engine import Run
from remit.runs.results import PracticeResult
from remit.scheme.kinds import Steps
from remit.scoring.achievement import Achievement, Subjects
from remit.scoring.subjects import WHOLE_PRACTICE

_WIDEST = Fraction(1, 4)
"""A list of another day is looked for within a quarter of the run's own."""


class Causes:
    """Finds the causes of one practice's differences. `trials` are kept by scheme, for all practices."""

    def __init__(self, run: Run, other: OtherFile, trials: dict[str, Trials], result: PracticeResult) -> None:
        self.run, self.other, self.result = run, other, result
        self.code = result.practice.code
        self.trials = trials.setdefault(result.scheme.scheme, Trials(run, result.scheme.scheme))
        self.standing = run.standing(self.code)
        self.awards = {award.item.item: award for award in result.awards}
        self.theirs: Mapping[tuple[str, str], OtherFigure] = other.figures.get(self.code, {})
        self.day = (run.inputs.period and run.inputs.period.day) or result.scheme.achievement_date

    def explained(self, rows: list[ReconciledRow]) -> list[ReconciledRow]:
        """The practice's rows with the causes of those that differ."""
        results = [row for row in rows if row.quantity in ("points", "pounds")]
        paid = {row.indicator for row in results if row.quantity == "pounds"}
        priced = self._reproduced({row.indicator for row in results}, paid)
        with_causes = []
        for row in rows:
            causes = [*self._another_day(row)]
            if row.quantity in COUNTS:
                causes += [] if causes else self._count(row)
            elif row.quantity == "achievement":
                causes += self._achievement(row)
            elif row.indicator in self.awards:
                causes += self._matching(row, priced[row.indicator])
                causes += self._step(row)
            with_causes.append(replace(row, causes=in_order(causes)))
        return self._other_list(with_causes)

    # ---- what the figures say themselves ----

    def _another_day(self, row: ReconciledRow) -> Iterator[Cause]:
        figure = self.theirs.get((row.indicator, row.quantity))
        if figure and figure.day and figure.day != self.day:
            lacks = "the rows up to" if figure.day < self.day else "those of"
            yield Cause(MONTH, f"theirs is of {figure.day}, ours of {self.day}: {lacks} {self.day} are not in the file")

    def _count(self, row: ReconciledRow) -> list[Cause]:
        assert row.theirs is not None
        assert row.ours is not None
        theirs, ours = Fraction(row.theirs), Fraction(row.ours)
        if row.quantity == "list_size":
            whole = with_their_lists(self.result.practice, self.result.merged).list_size
            if row.indicator != WHOLE_PRACTICE and theirs == whole:
                return [Cause(BASIS, f"theirs is the whole registered list, ours the register's own list of {ours}")]
            return [Cause(POSSIBLE, f"their list is of {theirs}, ours of {ours}: of another day, or of other people")]
        if self.other.rounded_to_five and abs(theirs - ours) < 5:
            return [Cause(ROUNDING, "every count of the file is a multiple of 5")]
        done = self._done(row.indicator)
        if row.quantity == "denominator" and done and done.pcas and theirs == ours + done.pcas:
            return [Cause(DEFINITION, f"their denominator counts the {done.pcas} PCAs in")]
        for name, other in self._definitions(row.indicator):
            if getattr(other, row.quantity) == theirs:
                return [Cause(DEFINITION, f"theirs is that of {name}")]
        return [Cause(COUNTED, f"their {row.quantity} is {theirs}, ours {ours}")]

    def _achievement(self, row: ReconciledRow) -> Iterator[Cause]:
        assert row.theirs is not None
        done = self._done(row.indicator)
        counts = [self.theirs.get((row.indicator, q)) for q in ("numerator", "denominator")]
        if all(f and f.value is not None for f in counts) and counts[1].value:  # type: ignore[union-attr]
            numerator, denominator = (int(f.value) for f in counts)  # type: ignore[union-attr,arg-type]
            own = done and (done.numerator, done.denominator) == (numerator, denominator)
            if not own and _gives(row, Fraction(numerator, denominator) * 100):
                yield Cause(COUNTED, f"their counts, {numerator} of {denominator}, give it")
        if done and done.pcas and done.rate is not None and done.numerator is not None and done.denominator:
            with_pcas = Fraction(done.numerator, done.denominator + done.pcas)
            if _gives(row, with_pcas * 100):
                yield Cause(DEFINITION, f"with the {done.pcas} PCAs counted in the denominator")
        for name, other in self._definitions(row.indicator):
            if other.rate is not None and _gives(row, other.rate * 100):
                yield Cause(DEFINITION, f"theirs is that of {name}")
        for places in (2, 1, 0):
            rounded = rate_rounded(done, places) if done else None
            if rounded and rounded.rate is not None and rounded.rate * 100 == row.theirs:
                yield Cause(ROUNDING, rounded_words(places))

    def _done(self, item: str) -> Achievement | None:
        return self.awards[item].achievement if item in self.awards else None

    def _definitions(self, item: str) -> Iterator[tuple[str, Achievement]]:
        done = self._done(item)
        for item_code, name, other in self.result.definitions:
            if item_code == item and done and name != done.definition:
                yield name, other

    # ---- what a trial reproduces ----

    def _reproduced(self, differ: Collection[str], paid: Collection[str]) -> dict[str, list[tuple[Cause, Award]]]:
        """By item, every award that a trial gives, on our counts and on theirs. The pounds of `paid` differ too."""
        items = [code for code in self.awards if code in differ]
        reproduced: dict[str, list[tuple[Cause, Award]]] = {code: [] for code in items}
        if not items:
            return reproduced
        base = self.trials.base
        counted, differences = self._their_counts()
        sides = [(self.standing, "", items)]
        moved = {code: text for code in items if (text := self._differences_of(code, differences))}
        if moved:
            sides.append((replace(self.standing, figures=counted), "their counts, and ", list(moved)))
            for code, award in _priced(base, sides[1][0], moved).items():
                reproduced[code].append((Cause(COUNTED, f"their counts give it: {moved[code]}"), award))
        for standing, before, codes in sides:
            for trial in self.trials.all:
                touched = [code for code in codes if trial.touches(code) and (code in paid or trial.moves_points)]
                for code, award in _priced(trial.plan, standing, touched).items():
                    reproduced[code].append((Cause(trial.cause, before + trial.text(base.lines[code].item)), award))
            achieved = {code: award.achievement for code, award in _priced(base, standing, codes).items()}
            for places in (2, 1, 0):
                rounded = {code: done for code in codes if (done := rate_rounded(achieved[code], places))}
                for code, award in _priced(base, standing, rounded, achieved=rounded).items():
                    reproduced[code].append((Cause(ROUNDING, before + rounded_words(places)), award))
        for code in items:
            for name, done in self._definitions(code):
                award = _priced(base, self.standing, [code], achieved={code: done})[code]
                reproduced[code].append((Cause(DEFINITION, f"as {name} counts it"), award))
        return reproduced

    def _matching(self, row: ReconciledRow, trials: list[tuple[Cause, Award]]) -> Iterator[Cause]:
        """The trials whose award is their figure. One 'their counts, and …' says nothing where their counts will do."""
        causes = [cause for cause, award in trials if _gives(row, result_of(award, row.quantity))]
        alone = any(cause.name == COUNTED for cause in causes)
        yield from (c for c in causes if not (alone and c.text.startswith("their counts, and ")))

    def _their_counts(self) -> tuple[Subjects, dict[str, str]]:
        """The practice's counts with theirs where they have any, and what differs, by subject."""
        subjects: Subjects = {subject: dict(figures) for subject, figures in self.standing.figures.items()}
        differences: dict[str, list[str]] = {}
        for (subject, quantity), figure in self.theirs.items():
            if quantity not in COUNTS or figure.value is None or subject == WHOLE_PRACTICE:
                continue
            figures = subjects.setdefault(subject, {})
            key = FigureKey(quantity.upper())
            before = figures.get(key)
            if before != figure.value and not (before is None and quantity == "list_size"):
                differences.setdefault(subject, []).append(f"{quantity} {figure.value}, ours {before}")
            figures[key] = int(figure.value)
        return subjects, {subject: ", ".join(texts) for subject, texts in differences.items()}

    def _differences_of(self, item: str, differences: Mapping[str, str]) -> str:
        """What they count otherwise of an item, or of the register group that weighs it."""
        about = [item, *(name for name, _ in self._definitions(item)), self.trials.base.measurer(item).group]
        return "; ".join(
            f"{subject} {differences[subject]}" for subject in dict.fromkeys(about) if subject in differences
        )

    def _step(self, row: ReconciledRow) -> Iterator[Cause]:
        """For stepped money: another step than the one that the achievement reaches."""
        kind = self.awards[row.indicator].item.kind
        times = self.result.base.times(kind.unit)
        if not isinstance(kind, Steps) or not times or row.quantity != "pounds" or self.result.base.share != 1:
            return
        for table in kind.tables or (None,):
            for step in table.steps if table else kind.steps:
                if _gives(row, step.pays * times):
                    where = f" where the gate is {table.when.text}" if table else ""
                    yield Cause(THRESHOLDS, f"theirs is what the step '{step.text}' pays{where}")

    # ---- what the list would have to be ----

    def _other_list(self, rows: list[ReconciledRow]) -> list[ReconciledRow]:
        """The one list that gives all the practice's pounds that nothing else explains, if there is one."""
        pounds = [row for row in rows if row.quantity == "pounds" and row.indicator in self.awards]
        open_ = [row for row in pounds if not row.causes]
        heads = self.result.scheme.heads
        column = heads.column if heads else "list_size"
        own = getattr(self.result.practice, column)
        if not open_ or not own:
            return rows
        codes = list(dict.fromkeys(row.indicator for row in pounds))
        for size in self._lists(open_, Fraction(own)):
            lists = {self.code: _with_list(self.result.practice, column, size)}
            priced = _priced(self.trials.base, self.standing, codes, lists=lists)
            matching = [row for row in pounds if _gives(row, result_of(priced[row.indicator], row.quantity))]
            if all(row in matching for row in open_):
                called = "list" if column == "list_size" else "weighted list"
                alone = ", as some list does for any one figure"
                many = f" of {len(matching)} items that differ" if len(matching) > 1 else alone
                text = (
                    f"a {called} of {exact_text(size)} in place of {exact_text(Fraction(own))} gives the pounds{many}"
                )
                cause = Cause(LIST if len(matching) > 1 else POSSIBLE, text)
                return [replace(row, causes=in_order([*row.causes, cause])) if row in matching else row for row in rows]
        return rows

    def _lists(self, rows: list[ReconciledRow], own: Fraction) -> Iterator[Fraction]:
        their_list = self.theirs.get((WHOLE_PRACTICE, "list_size"))
        if their_list and their_list.value and their_list.value != own:
            yield Fraction(their_list.value)
        most = max(rows, key=lambda row: row.ours or 0)
        if not most.ours or most.theirs is None:
            return
        about = own * Fraction(most.theirs) / Fraction(most.ours)
        if abs(about / own - 1) > _WIDEST:
            return
        slack = min(20, int(own * Fraction(2, 100) / Fraction(most.ours)) + 1)
        if self.result.scheme.heads and self.result.scheme.heads.column == "weighted_list_size":
            yield from (Rounding(places).apply(about) for places in (0, 1, 2))
        nearest = round(about)
        for step in range(slack + 1):
            yield from (Fraction(size) for size in sorted({nearest - step, nearest + step}) if size > 0 and size != own)


def _priced(
    plan: PricingPlan,
    standing: Standing,
    items: Collection[str],
    *,
    achieved: Mapping[str, Achievement] | None = None,
    lists: Mapping[str, Lists] | None = None,
) -> dict[str, Award]:
    """The awards of some items under other rules, lists, counts or achievements."""
    if not items:
        return {}
    return price(plan, standing, Scenario(achieved=achieved or {}, lists=lists or {}, items=frozenset(items))).by_item()


def _with_list(practice: Practice, column: str, size: Fraction) -> Lists:
    lists = Lists.of(practice)
    return lists._replace(registered=int(size)) if column == "list_size" else lists._replace(weighted=size)


def result_of(award: Award, quantity: str) -> Fraction | None:
    """An award's points or pounds."""
    if quantity == "points":
        return award.earned if award.item.kind.unit == "points" else None
    if award.within:
        return Fraction(0)  # its pounds are those of the item that pays it
    return None if award.pence is None else Fraction(award.pence, 100)


def _gives(row: ReconciledRow, figure: Fraction | None) -> bool:
    """Whether a figure is theirs, to the tolerance that publications print to (or a wider one that was asked for)."""
    if figure is None or row.theirs is None:
        return False
    return abs(figure - row.theirs) <= max(row.tolerance, TOLERANCES[row.quantity])
