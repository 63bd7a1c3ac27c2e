"""`remit.reconcile`: a published or exported file beside a run, figure by figure, with what most likely parts them.

The other side is read by `reconcile_files`, its layout known by `reconcile_layouts`; causes are found by
`reconcile_causes` (one practice), `reconcile_fits` (all practices of an indicator) and `reconcile_pooled` (results
pooled over practices). Nothing is averaged or estimated: a cause is named where it gives their figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from remit.core.problems import Problem, did_you_mean, refuse, warning
from remit.reconciliation.causes import Causes
from remit.reconciliation.compared_file import OtherFile
from remit.reconciliation.file_reader import read_other
from remit.reconciliation.layouts import COUNTS, QUANTITIES, read_map, read_pca_fields, recognise
from remit.reconciliation.pooled import header_cause, pooled_cause, verdicts_of
from remit.reconciliation.rows import (
    BEYOND,
    COUNTED,
    MISSING,
    MONTH,
    NOT_COMPARED,
    POSSIBLE,
    SUPPRESSION,
    THRESHOLDS,
    TOLERANCES,
    UNEXPLAINED,
    WITHIN,
    Cause,
    ReconciledRow,
    Reconciliation,
    most_likely_first,
)
from remit.reconciliation.run_figures import Ours
from remit.reconciliation.scale import on_another_scale
from remit.reconciliation.threshold_fits import Sample, fitted
from remit.reconciliation.trials import Trials
from remit.runs.engine import Run
from remit.runs.folder import open_run
from remit.scheme.kinds import Linear
from remit.scoring.subjects import WHOLE_PRACTICE

__all__ = ["ReconciledRow", "Reconciliation", "reconcile"]

_NO_ROW = "rows"
"""Stands as the quantity of a practice that the file lacks altogether."""


def reconcile(
    run: Run | str | Path,
    path: str | Path,
    *,
    layout: str | None = None,
    columns: str | Path | None = None,
    tolerances: Mapping[str, Fraction | int | str] | None = None,
    practices: Sequence[str] = (),
    indicators: Sequence[str] = (),
    ignore_unknown: bool = False,
    pca_reference: str | Path | None = None,
    errors: int = 20,
    progress: Callable[[int, int], None] | None = None,
) -> Reconciliation:
    """Set a file beside a run, or its folder.

    `layout` is the name of a layout where the header does not tell it, `columns` a column map for any other file.
    `tolerances` are by quantity, in its own unit, for one indicator of one practice. `practices` and `indicators`
    narrow. `pca_reference` is the PCA_REFERENCE.csv that says which fields of a CQRS extract are PCAs. Raises
    `remit.core.problems.Refused` for what cannot be read, and for a file of another year or another level.
    """
    run = run if isinstance(run, Run) else open_run(Path(run))
    allowed = tolerances_of(tolerances or {})
    if layout and columns:
        raise refuse(
            "reconciliation.layout-and-map",
            "a layout and a column map do not go together: a map says it all.",
            None,
            "Leave one of them out.",
        )
    columns_ = read_map(Path(columns)) if columns else recognise(Path(path), layout)
    items = _items(run, indicators)
    codes = frozenset(Run(run.inputs, practices, run.only_items).codes if practices else run.codes)
    pcas = read_pca_fields(Path(pca_reference)) if pca_reference else frozenset[str]()
    other = read_other(Path(path), run, columns_, ignore_unknown=ignore_unknown, pca_fields=pcas, limit=errors)
    return _narrowed(_Reconciler(run, other, allowed).all(progress), codes, items)


def tolerances_of(own: Mapping[str, Fraction | int | str]) -> dict[str, Fraction]:
    """The tolerances with their defaults. Raises Refused for an unknown quantity or no number."""
    tolerances = dict(TOLERANCES)
    for name, value in own.items():
        if name not in QUANTITIES:
            raise refuse(
                "reconciliation.quantity-unknown",
                f"there is no quantity '{name}'.",
                None,
                did_you_mean(name, QUANTITIES),
                name=name,
            )
        try:
            tolerances[name] = Fraction(value)
        except (ValueError, ZeroDivisionError):
            tolerances[name] = Fraction(-1)
        if tolerances[name] < 0 or (isinstance(value, str) and not value.replace(".", "", 1).isdigit()):
            raise refuse(
                "reconciliation.tolerance-unreadable",
                f"the tolerance {name}={value}: expected a number of 0 or more, such as {name}=0.01.",
                name=name,
                found=value,
            )
    return tolerances


def _narrowed(reconciliation: Reconciliation, codes: frozenset[str], items: frozenset[str]) -> Reconciliation:
    """What was found, of some practices and items: the causes are those that the whole file shows."""
    rows = tuple(row for row in reconciliation.rows if row.practice in codes and (not items or row.indicator in items))
    notes = tuple(one for one in reconciliation.notes if not items or one.code != "reconciliation.items-not-in-file")
    verdicts = tuple(text for text in reconciliation.verdicts if not items or text.partition(":")[0] in items)
    return replace(reconciliation, rows=rows, notes=notes, verdicts=verdicts)


def _items(run: Run, indicators: Sequence[str]) -> frozenset[str]:
    known = [item.item for plan in run.plans.values() for item in plan.items]
    for code in indicators:
        if code not in known:
            raise refuse(
                "reconciliation.item-unknown",
                f"there is no item '{code}' in this run.",
                None,
                did_you_mean(code, known),
                item=code,
            )
    return frozenset(indicators)


class _Reconciler:
    def __init__(self, run: Run, other: OtherFile, tolerances: Mapping[str, Fraction]) -> None:
        self.run, self.other, self.tolerances = run, other, tolerances
        self.trials: dict[str, Trials] = {}
        self.keys: dict[str, list[tuple[str, str]]] = {}
        self.expected = {key for figures in other.figures.values() for key in figures}
        self.highest: dict[str, Fraction] = {}
        for figures in other.figures.values():
            for (subject, quantity), figure in figures.items():
                if quantity == "points" and figure.value is not None:
                    self.highest[subject] = max(self.highest.get(subject, Fraction(0)), Fraction(figure.value))
        self.samples: dict[str, list[Sample]] = defaultdict(list)

    def all(self, progress: Callable[[int, int], None] | None) -> Reconciliation:
        """Every practice, then what holds of an indicator as a whole."""
        rows: list[ReconciledRow] = []
        lacking = []
        for n, code in enumerate(self.run.codes, 1):
            if code in self.other.figures:
                rows.extend(self._practice(code))
            else:
                lacking.append(code)
                why = Cause(MISSING, "the file has no row of this practice")
                rows.append(ReconciledRow(code, WHOLE_PRACTICE, _NO_ROW, None, None, Fraction(0), BEYOND, (why,)))
            if progress:
                progress(n, len(self.run.codes))
        schemes = self.run.inputs.schemes
        self._fit(rows)
        verdicts: list[str] = []
        if self.other.pooled:
            verdicts = verdicts_of(rows, next(iter(schemes.values())))
        rows = most_likely_first([_settled(row) for row in on_another_scale(rows)])
        return Reconciliation(
            self.other.name,
            self.other.layout,
            " and ".join(schemes),
            str(next(iter(schemes.values())).year),
            tuple(rows),
            self.tolerances,
            tuple(self._notes()),
            tuple(verdicts),
            bool(self.other.pooled),
        )

    def _notes(self) -> Iterator[Problem]:
        yield from self.other.notes
        codes_ = {subject for subject, _ in self.expected}
        items = [item.item for plan in self.run.plans.values() for item in plan.items]
        absent = [code for code in items if code not in codes_ and not _counted_as(self.run, code) & codes_]
        if absent:
            shown = ", ".join(absent[:8]) + (" …" if len(absent) > 8 else "")
            why = f"{len(absent)} of the run's {len(items)} items are nowhere in the file, and not compared: {shown}."
            yield warning("reconciliation.items-not-in-file", why, items=absent)

    def _practice(self, code: str) -> list[ReconciledRow]:
        result = self.run.practice(code)
        ours = Ours(self.run, result)
        name = result.scheme.scheme
        if name not in self.keys:
            self.keys[name] = self._in_order(ours.awards)
        rows = [row for key in self.keys[name] if (row := self._row(ours, *key))]
        differ = [row for row in rows if row.status == BEYOND and not row.causes]
        own = [row for row in differ if (code, row.indicator) not in self.other.pooled or row.quantity in COUNTS]
        if own:
            causes = iter(Causes(self.run, self.other, self.trials, result).explained(own))
            explained = {id(row): explained_row for row, explained_row in zip(own, causes, strict=True)}
            rows = [explained.get(id(row), row) for row in rows]
        rows = [self._pooled(row, ours) for row in rows]
        self._sample(rows, ours)
        return rows

    def _in_order(self, items: Iterable[str]) -> list[tuple[str, str]]:
        """What the file has figures of, for any practice: in the order of the scheme, then what it has of groups."""
        order = {item: n for n, item in enumerate(items)}
        rank = {quantity: n for n, quantity in enumerate(QUANTITIES)}
        return sorted(self.expected, key=lambda k: (order.get(k[0], len(order)), k[0], rank[k[1]]))

    def _row(self, ours: Ours, subject: str, quantity: str) -> ReconciledRow | None:
        code = ours.practice.code
        figure = self.other.figures[code].get((subject, quantity))
        mine = ours.figure(subject, quantity)
        theirs, mark = (figure.value, figure.mark) if figure else (None, "")
        tolerance = self.tolerances[quantity]
        if subject == WHOLE_PRACTICE and quantity != "list_size":
            tolerance *= len(ours.awards)
        row = ReconciledRow(
            code, subject, quantity, theirs, mine, tolerance, WITHIN, (), figure.row if figure else 0, mark
        )
        if theirs is not None and mine is not None:
            return row if abs(Fraction(theirs) - mine) <= tolerance else replace(row, status=BEYOND)
        if mark:
            return _suppressed(row)
        if theirs is None and mine is None:
            return None
        if mine is None:
            why = ours.reason(subject, quantity)
            if "no points" in why:
                return replace(row, status=NOT_COMPARED, causes=(Cause(MISSING, f"ours: {why}"),))
            return replace(row, status=BEYOND, causes=(Cause(MISSING, f"ours is not known: {why}"),))
        return replace(row, status=BEYOND, causes=(self._lacking(code, subject, quantity, bool(figure)),))

    def _lacking(self, code: str, subject: str, quantity: str, cell: bool) -> Cause:
        figures = self.other.figures[code]
        if not cell and any(about == subject for about, _ in figures):
            return Cause(MISSING, f"the file has other figures of this indicator for this practice, and no {quantity}")
        what = "the file's cell is empty" if cell else "the file has no row of this indicator for this practice"
        return Cause(MISSING, what)

    def _pooled(self, row: ReconciledRow, ours: Ours) -> ReconciledRow:
        practices = self.other.pooled.get((row.practice, row.indicator))
        if practices is None or row.status != BEYOND or row.causes:
            return row
        if row.quantity == "points_available":
            return replace(row, causes=(header_cause(row, self.highest),))
        award = ours.awards.get(row.indicator)
        if row.quantity != "points" or award is None:
            return row
        theirs = [self.other.figures[row.practice].get((row.indicator, q)) for q in ("numerator", "denominator")]
        counted = [int(figure.value) for figure in theirs if figure and figure.value is not None]
        done = award.achievement
        if len(counted) == 2 and counted != [done.numerator, done.denominator]:
            done = replace(done, numerator=counted[0], denominator=counted[1])
        cause = pooled_cause(row, award.item.kind, done, practices)
        return replace(row, causes=(cause,))

    def _sample(self, rows: list[ReconciledRow], ours: Ours) -> None:
        """Keep what an indicator's thresholds can be fitted to: achievement, and their points or what pays as many."""
        with_points = {row.indicator for row in rows if row.quantity == "points"}
        for row in rows:
            award = ours.awards.get(row.indicator)
            if award is None or row.theirs is None or not isinstance(award.item.kind, Linear):
                continue
            rate, earned = award.achievement.rate, award.earned
            if rate is None or (row.practice, row.indicator) in self.other.pooled:
                continue
            if _is_explained(row):
                continue
            if row.quantity == "points":
                self.samples[row.indicator].append(Sample(rate, Fraction(row.theirs), _at_least(row)))
            elif row.quantity == "pounds" and row.indicator not in with_points and earned and award.pence:
                each = earned * 100 / award.pence
                sample = Sample(rate, Fraction(row.theirs) * each, 2 * _at_least(row) * each)
                self.samples[row.indicator].append(sample)

    def _fit(self, rows: list[ReconciledRow]) -> None:
        """Where nothing explains some rows of an indicator, look for thresholds that would explain them all."""
        differ: dict[str, list[int]] = defaultdict(list)
        for n, row in enumerate(rows):
            if row.status == BEYOND and row.quantity in ("points", "pounds") and not _is_explained(row):
                differ[row.indicator].append(n)
        for code, samples in self.samples.items():
            open_ = [n for n in differ[code] if not rows[n].causes]
            if not open_:
                continue
            kind = self.run.plans[self.run.inputs.assigned[rows[open_[0]].practice]].scheme.item(code).kind
            text = fitted(kind, samples) if isinstance(kind, Linear) else ""
            proved = len(differ[code]) > 1  # one practice can always be fitted by some threshold
            for n in differ[code] if text else ():
                rows[n] = replace(rows[n], causes=(*rows[n].causes, Cause(THRESHOLDS if proved else POSSIBLE, text)))


def _is_explained(row: ReconciledRow) -> bool:
    """Whether the files themselves say why it differs: other counts, or another day."""
    return bool({COUNTED, MONTH} & {cause.name for cause in row.causes})


def _at_least(row: ReconciledRow) -> Fraction:
    return max(row.tolerance, TOLERANCES[row.quantity])


def _suppressed(row: ReconciledRow) -> ReconciledRow:
    """A figure held back: not compared, unless the mark says how small it is and ours is not that small."""
    why = f"the file holds '{row.mark}'"
    small = row.mark in ("<5", "< 5", "<=5", "1-4")
    if small and row.ours is not None and row.ours > (5 if "=" in row.mark else 4):
        return replace(row, status=BEYOND, causes=(Cause(SUPPRESSION, f"{why}, and ours is {row.ours}"),))
    return replace(row, status=NOT_COMPARED, causes=(Cause(SUPPRESSION, why),))


def _settled(row: ReconciledRow) -> ReconciledRow:
    if row.status != BEYOND or row.causes:
        return row
    return replace(row, causes=(Cause(UNEXPLAINED, "no single change of ours gives their figure"),))


def _counted_as(run: Run, code: str) -> set[str]:
    """The other names under which an item may be counted: its definitions, and its group for a register."""
    for plan in run.plans.values():
        for item in plan.items:
            if item.item == code:
                group = {plan.measurer(code).group} if item.measure in ("register", "prevalence") else set()
                return {*item.indicators, *group}
    return set()
