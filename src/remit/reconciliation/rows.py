"""What a reconciliation is made of: a row for each figure that both sides could have, with why it differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from remit.core.problems import Problem, did_you_mean, refuse
from remit.core.rounding import exact_text
from remit.core.words import listed
from remit.reconciliation.layouts import COUNTS, QUANTITIES

WITHIN, BEYOND, NOT_COMPARED = "within", "beyond", "not compared"

MISSING = "missing data"
MONTH = "missing month"
SUPPRESSION = "suppression"
COUNTED = "counts"
DEFINITION = "definition version"
ROUNDING = "rounding"
THRESHOLDS = "thresholds"
LIST = "list date"
BASIS = "prevalence basis"
VALUE = "value of a point"
HEADER = "printed header error"
YES_NO = "yes and no pooled"
BENT = "non-linear points on pooled counts"
NOBODY = "nobody to count in some practices"
UNFIT = "thresholds do not fit"
SCALE = "another scale"
POSSIBLE = "possible causes"
UNEXPLAINED = "unexplained"

CAUSES = {
    MISSING: "one side has no figure",
    MONTH: "the two sides' counts are of different days",
    SUPPRESSION: "a small figure is suppressed",
    SCALE: "every figure is ours times, or divided by, one round number: fractions for per cent, pence for pounds",
    DEFINITION: "another definition of the indicator, or of its denominator",
    COUNTED: "the two sides count other patients, and the rest follows from it",
    ROUNDING: "rounded at another step, or to fewer places",
    THRESHOLDS: "other thresholds or points, of another year or found to fit",
    LIST: "a list of another day, the practice's or the nation's",
    BASIS: "prevalence over another list, or not applied",
    VALUE: "the value of a point of another year",
    HEADER: "the points printed above a column are not those that were paid",
    YES_NO: "some practices of the unit earned nothing for a register or a declaration",
    BENT: "points are worked out for each practice and are not in proportion: pooled counts give another sum",
    NOBODY: "fewer practices earned full points than have achieved all their patients: some had no patients to count",
    UNFIT: "no sizes and no spread of the practices give it with these thresholds",
    POSSIBLE: "several things would give it, and none is proved",
    UNEXPLAINED: "no trial gives their figure",
}
Number = Fraction | int
_STATED = (MISSING, MONTH, SUPPRESSION, SCALE, DEFINITION, COUNTED)
_RANK = {cause: n for n, cause in enumerate(CAUSES)}

TOLERANCES: Mapping[str, Fraction] = {
    **dict.fromkeys(COUNTS, Fraction(0)),
    "achievement": Fraction(5, 100),
    "points_available": Fraction(0),
    "points": Fraction(5, 1000),
    "pounds": Fraction(1, 100),
}
"""Half the last place that publications print: counts exact, per cent to 0.05, points to 0.005, pounds to a penny."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A likely cause of a difference, and what was found out about it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ReconciledRow:
    """One figure of a practice on both sides. Counts are whole; per cent, points and pounds exact. None is not known.

    `causes` are every one that reproduces their figure, the most likely first. `file_row` is 0 where the file has no
    such row. `mark` is what stands in place of a suppressed figure.
    """

    practice: str
    indicator: str
    quantity: str
    theirs: Number | None
    ours: Number | None
    tolerance: Fraction
    status: str
    causes: tuple[Cause, ...] = ()
    file_row: int = 0
    mark: str = ""

    @property
    def difference(self) -> Number | None:
        """Theirs less ours; None where either is not known."""
        return None if self.theirs is None or self.ours is None else self.theirs - self.ours

    @property
    def cause(self) -> str:
        """The most likely cause, or nothing."""
        return self.causes[0].name if self.causes else ""


@dataclass(frozen=True)
class IndicatorFinding:
    """A cause with the rows whose most likely cause it is, the largest difference first."""

    cause: Cause
    rows: tuple[ReconciledRow, ...]

    @property
    def where(self) -> str:
        """Which practices and indicators: named where they are few, else counted."""
        practices, items = dict.fromkeys(r.practice for r in self.rows), dict.fromkeys(r.indicator for r in self.rows)
        return f"{_named(practices, 'practices')}: {_named(items, 'indicators')}"


def _named(codes: Collection[str], many: str) -> str:
    return ", ".join(codes) if len(codes) <= 3 else f"{len(codes):,} {many}"


def in_order(causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """Causes in the order of `CAUSES`, each once; of one name, as they were found."""
    return tuple(sorted(dict.fromkeys(causes), key=lambda cause: _RANK[cause.name]))


def most_likely_first(rows: Sequence[ReconciledRow]) -> list[ReconciledRow]:
    """The rows with their causes by how much each explains.

    What the files state themselves (missing, another day, other counts) stands first. Of the rest, a figure may be
    met by chance: the cause comes first that explains the largest share of the differences of its practice, of its
    indicator or of the file. Where causes of several classes explain as much, none of them is named above the others.
    """
    totals: Counter[tuple[str, ...]] = Counter()
    by: Counter[tuple[str | Cause, ...]] = Counter()
    for row in rows:
        if row.status == BEYOND:
            scopes = _scopes(row)
            totals.update(scopes)
            by.update((*scope, cause) for scope in scopes for cause in row.causes)

    def order(row: ReconciledRow, cause: Cause) -> tuple[int, Fraction]:
        if cause.name in _STATED:
            return _RANK[cause.name], Fraction(0)
        shares = [Fraction(by[(*scope, cause)], totals[scope]) for scope in _scopes(row) if totals[scope] > 1]
        return len(_STATED), -max(shares, default=Fraction(0))

    def settled(row: ReconciledRow) -> ReconciledRow:
        ranked = sorted(row.causes, key=lambda cause: order(row, cause))
        first = order(row, ranked[0])
        alike = list(dict.fromkeys(cause.name for cause in ranked if order(row, cause) == first))
        if len(alike) > 1 and ranked[0].name not in (*_STATED, POSSIBLE):
            return replace(row, causes=(Cause(POSSIBLE, f"{listed(alike)} would each give it"), *ranked))
        return replace(row, causes=tuple(ranked))

    return [settled(row) if len(row.causes) > 1 and row.status == BEYOND else row for row in rows]


def _scopes(row: ReconciledRow) -> list[tuple[str, ...]]:
    return [(row.quantity, "practice", row.practice), (row.quantity, "indicator", row.indicator), (row.quantity, "all")]


def figure_text(quantity: str, value: Number | None) -> str:
    """A figure as a table shows it: counts whole, pounds to the penny, the rest to six decimals at most."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    least, most = {"pounds": (2, 2), "points": (2, 6), "points_available": (0, 6)}.get(quantity, (1, 6))
    return exact_text(value, least, most)


@dataclass(frozen=True)
class Reconciliation:
    """A file beside a run. `notes` say what was left out; `verdicts` what holds for an indicator as a whole."""

    file: str
    layout: str
    scheme: str
    year: str
    rows: tuple[ReconciledRow, ...]
    tolerances: Mapping[str, Fraction]
    notes: tuple[Problem, ...] = ()
    verdicts: tuple[str, ...] = ()
    pooled: bool = False

    @cached_property
    def statuses(self) -> Counter[tuple[str, str]]:
        """How many rows there are, by (quantity, status)."""
        return Counter((row.quantity, row.status) for row in self.rows)

    def count(self, status: str, quantity: str = "") -> int:
        """How many rows have a status, of one quantity or of all."""
        return sum(n for (q, s), n in self.statuses.items() if s == status and quantity in ("", q))

    @property
    def agrees(self) -> bool:
        """Whether every row that could be compared is within its tolerance."""
        return not self.count(BEYOND)

    @property
    def share_within(self) -> Fraction | None:
        """The rows within tolerance over those that were compared (0 to 1); None where none was."""
        within, beyond = self.count(WITHIN), self.count(BEYOND)
        return Fraction(within, within + beyond) if within + beyond else None

    def sums(self, quantity: str) -> tuple[Number, Number] | None:
        """What both sides come to over the figures that both know, theirs and ours; None where there is none."""
        both = [(r.theirs, r.ours) for r in self.rows if r.quantity == quantity]
        known = [(theirs, ours) for theirs, ours in both if theirs is not None and ours is not None]
        return (sum(t for t, _ in known), sum(o for _, o in known)) if known else None

    def quantities(self) -> list[str]:
        """The quantities that were looked at."""
        known = {quantity for quantity, _ in self.statuses}
        return [q for q in QUANTITIES if q in known] + sorted(known - set(QUANTITIES))

    @cached_property
    def classes(self) -> dict[str, int]:
        """The rows beyond tolerance by their most likely cause, in the order of `CAUSES`."""
        counts = Counter(row.cause for row in self.rows if row.status == BEYOND)
        return {cause: counts[cause] for cause in CAUSES if counts[cause]}

    def largest(self, most: int) -> list[ReconciledRow]:
        """The rows beyond tolerance: pounds first, then points, per cent and counts, each by its size."""
        beyond = (row for row in self.rows if row.status == BEYOND)
        return sorted(beyond, key=_size)[:most]

    def findings(self) -> list[IndicatorFinding]:
        """What was found, once each with the rows that it explains; in the order of their largest rows."""
        together: dict[Cause, list[ReconciledRow]] = {}
        for row in self.largest(len(self.rows)):
            together.setdefault(row.causes[0], []).append(row)
        return [IndicatorFinding(cause, tuple(rows)) for cause, rows in together.items()]

    def practice(self, code: str) -> list[ReconciledRow]:
        """The rows of one practice. Raises Refused for a code that is not here."""
        rows = [row for row in self.rows if row.practice == code]
        if not rows:
            codes = {row.practice for row in self.rows}
            raise refuse(
                "reconciliation.practice-unknown",
                f"practice '{code}' is not in this reconciliation.",
                None,
                did_you_mean(code, codes),
                practice=code,
            )
        return rows

    def csv_rows(self) -> Iterator[list[str]]:
        """Every row as text, in the order of `COLUMNS`."""
        for row in self.rows:
            first = row.causes[0] if row.causes else None
            yield [
                row.practice, row.indicator, row.quantity, figure_text(row.quantity, row.theirs) or row.mark,
                figure_text(row.quantity, row.ours), figure_text(row.quantity, row.difference),
                exact_text(row.tolerance), row.status, first.name if first else "", first.text if first else "",
                "; ".join(f"{cause.name}: {cause.text}" for cause in row.causes[1:]),
                str(row.file_row) if row.file_row else "",
            ]  # fmt: skip


COLUMNS = (
    "practice_code", "indicator_code", "quantity", "theirs", "ours", "difference", "tolerance", "status",
    "cause", "explanation", "other_causes", "file_row",
)  # fmt: skip

_FIRST = {"pounds": 0, "points": 1, "points_available": 2, "achievement": 3}


def _size(row: ReconciledRow) -> tuple[int, Fraction, str, str]:
    difference = row.difference
    size = abs(Fraction(difference)) if difference is not None else Fraction(-1)
    return _FIRST.get(row.quantity, 4), -size, row.practice, row.indicator
