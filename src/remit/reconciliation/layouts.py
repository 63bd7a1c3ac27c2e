"""How another side's file is laid out: what each column holds, known from its header or from a column map.

Every layout comes down to one description, `FileColumns`: where the practice, the indicator and the date are, and which
column holds which quantity, of the row's indicator or of a fixed one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from remit.core.names import key
from remit.core.problems import Place, did_you_mean, refuse
from remit.core.rows import column_name
from remit.files.tables import read_header, read_table
from remit.scheme.faults import typed
from remit.scheme.kinds import Strict
from remit.scheme.quantity import Day
from remit.scheme.source import read_source
from remit.scoring.subjects import Measures

COUNTS = ("numerator", "denominator", "pcas", "register", "list_size")
QUANTITIES = (*COUNTS, "achievement", "points_available", "points", "pounds")
NOT_COMPARED = ""

# Beside the spellings of counts (`scoring/counts.py`): the results, which are no input of a run.
_RESULTS = {
    "ACHIEVEDPOINTS": "points",
    "ACHIEVEMENTSCORE": "points",
    "ACHIEVEMENTPOINTS": "points",
    "POINTS": "points",
    "POINTSACHIEVED": "points",
    "MAXPOINTS": "points_available",
    "POINTSAVAILABLE": "points_available",
    "ACHIEVEMENT": "achievement",
    "ACHIEVEMENTPERCENT": "achievement",
    "UNDERLYINGACHIEVEMENT": "achievement",
    "UNDERLYINGACHIEVEMENTNETOFEXCEPTIONS": "achievement",
    "UNDERLYINGACHIEVEMENTNETOFPCAS": "achievement",
    "POUNDS": "pounds",
    "PAYMENT": "pounds",
}


def quantity_of(text: str) -> str | None:
    """The quantity that a measure's name means; '' for one that is known and not compared, None for unknown."""
    quantity = _RESULTS.get(key(text))
    if quantity:
        return quantity
    measure = Measures.find(text)
    if measure is None:
        return None
    return measure.casefold() if measure.casefold() in COUNTS else NOT_COMPARED


@dataclass(frozen=True)
class FileColumns:
    """What the columns of a file hold; names as `read_table` has them: small letters, `_` for a space.

    `held` is by column: (indicator or '' for the row's own, quantity). `practices` is the column that counts the
    practices pooled in a row, whose points are then their sum; `service` the one that names the year as QOF2324 does.
    `indicators`, `units` and `measures` are further spellings; `suppressed` further marks of a figure held back.
    """

    layout: str
    unit: str
    indicator: str = ""
    measure: str = ""
    value: str = ""
    figures: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    when: str = ""
    service: str = ""
    practices: str = ""
    only_unit: str = ""
    as_at: date | None = None
    indicators: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    suppressed: tuple[str, ...] = ()

    def names(self) -> tuple[str, ...]:
        """Every column that is read."""
        named = (self.unit, self.indicator, self.measure, self.value, self.when, self.service, self.practices)
        return tuple(dict.fromkeys(name for name in (*named, *self.figures) if name))


@dataclass(frozen=True)
class FileLayout:
    """A published layout: what it is, the columns that tell it, and whether any further column is a quantity."""

    name: str
    about: str
    tells: tuple[tuple[str, ...], ...]
    fixed: Mapping[str, str] = field(default_factory=dict)
    open: bool = False


_UNITS = ("practice_code", "org_code", "ccg_code", "sub_icb_code", "sub_icb_loc_code", "icb_code", "pcn_code")
_INDICATORS = ("indicator_code", "ind_code")
_DATES = ("ach_date", "achievement_date", "period", "date", "year", "fyear")

# The first that fits is taken.
LAYOUTS = (
    FileLayout(
        "nhs-pooled",
        "results pooled over the practices of a CCG, points as their sum",
        (_UNITS, _INDICATORS, ("n_practices",), ("achievement_score_total",)),
        {
            "achievement_score_total": "points",
            "max_points_header": "points_available",
            "numerator": "numerator",
            "denominator": "denominator",
            "exceptions_or_pcas": "pcas",
        },
    ),
    FileLayout(
        "cqrs-values",
        "INDICATOR_VALUES of the national calculator's extract, a row for each field",
        (_UNITS, _INDICATORS, ("field_name",), ("value",)),
    ),
    FileLayout("nhs-long", "the long form of NHS publications", (_UNITS, _INDICATORS, ("measure",), ("value",))),
    FileLayout(
        "cqrs-points",
        "INDICATOR_ACHIEVED_POINTS of the national calculator's extract",
        (_UNITS, ("ind_code",), ("points",)),
        open=True,
    ),
    FileLayout(
        "nhs-prevalence",
        "registers and lists by register group",
        (_UNITS, ("group_code",), ("register",)),
        {"register": "register", "practice_list_size": "list_size", "list_size": "list_size"},
    ),
    FileLayout(
        "table",
        "a row for each practice and indicator, a column for each figure, as in Remit's award.csv",
        (_UNITS, _INDICATORS),
        open=True,
    ),
)


def recognise(path: Path, wanted: str | None = None) -> FileColumns:
    """The layout of a file by its header. Raises Refused when none fits, or not the `wanted` one."""
    header = read_header(path)
    header.find(())  # commas separate its columns
    names = header.names
    if wanted is not None and wanted not in [layout.name for layout in LAYOUTS]:
        raise refuse(
            "reconciliation.layout-unknown",
            f"there is no layout '{wanted}'.",
            None,
            did_you_mean(wanted, [x.name for x in LAYOUTS]),
            name=wanted,
        )
    for layout in LAYOUTS:
        if wanted in (None, layout.name):
            columns = _fit(layout, names)
            if columns:
                return columns
    known = "; ".join(f"{x.name} ({', '.join(c[0] for c in x.tells)})" for x in LAYOUTS if wanted in (None, x.name))
    what = f"is not laid out as {wanted}" if wanted else "has a layout that is not known"
    raise refuse(
        "reconciliation.layout-unfit",
        f"{what}: its columns are {', '.join(names)}.",
        Place(str(path), 1),
        f"Known: {known}. For another, write a column map: which column holds what.",
        columns=names,
        layout=wanted or "",
    )


def _fit(layout: FileLayout, names: Sequence[str]) -> FileColumns | None:
    marks = [next((name for name in any_of if name in names), None) for any_of in layout.tells]
    if None in marks:
        return None
    unit, indicator = str(marks[0]), str(marks[1])
    long = layout.name in ("cqrs-values", "nhs-long")
    figures = {name: ("", quantity) for name, quantity in layout.fixed.items() if name in names}
    if layout.open:
        figures = {name: ("", q) for name in names if (q := quantity_of(name)) and name not in (unit, indicator)}
        if not figures:
            return None
    return FileColumns(
        layout.name,
        unit,
        indicator,
        str(marks[2]) if long else "",
        str(marks[3]) if long else "",
        {} if long else figures,
        next((name for name in _DATES if name in names and name not in figures), ""),
        "quality_service" if "quality_service" in names else "",
        "n_practices" if layout.name == "nhs-pooled" else "",
    )


def _figure(raw: object) -> str:
    text = " ".join(str(raw).split())
    match = re.fullmatch(r"(?:(\S+) )?(\S+)", text)
    quantity = match and (match[2] if match[2] in QUANTITIES else quantity_of(match[2]))
    if not match or not quantity:
        raise ValueError(
            f"expected a quantity such as 'numerator', or an indicator and a quantity such as 'AF006 numerator'; "
            f"found '{text}'. The quantities are {', '.join(QUANTITIES)}"
        )
    return f"{match[1] or ''} {quantity}"


def _quantity(raw: object) -> str:
    quantity = quantity_of(str(raw)) if str(raw) not in QUANTITIES else str(raw)
    if not quantity:
        raise ValueError(f"'{raw}' is none of {', '.join(QUANTITIES)}")
    return quantity


class ColumnMap(Strict):
    """What the columns of a clinical system's export hold, as a file says it."""

    practice: str = Field(default="", description="The column of the practice's code")
    practice_code: str = Field(default="", description="The one practice of an export without such a column")
    as_at: Day | None = Field(default=None, description="The one day of an export without such a column")
    indicator: str = ""
    measure: str = ""
    value: str = ""
    dated: str = Field(default="", alias="date")
    columns: dict[str, Annotated[str, BeforeValidator(_figure)]] = Field(default_factory=dict)
    measures: dict[str, Annotated[str, BeforeValidator(_quantity)]] = Field(default_factory=dict)
    indicators: dict[str, str] = Field(default_factory=dict)
    practices: dict[str, str] = Field(default_factory=dict)
    suppressed: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_form(self) -> ColumnMap:
        if bool(self.practice) == bool(self.practice_code):
            raise ValueError("give either 'practice', a column, or 'practice_code', the one practice of the file")
        if self.dated and self.as_at:
            raise ValueError("give either 'date', a column, or 'as_at', the one day of the file")
        if bool(self.measure) != bool(self.value):
            raise ValueError("'measure' and 'value' go together: one column names the figure, the other holds it")
        if bool(self.measure) == bool(self.columns):
            raise ValueError("give either 'measure' and 'value', or 'columns' (which column holds which figure)")
        own = [name for name, figure in self.columns.items() if figure.startswith(" ")]
        if (self.measure or own) and not self.indicator:
            named = f"column '{own[0]}' does not say of which indicator" if own else "the rows are long"
            raise ValueError(f"'indicator' is missing: {named}")
        return self


def read_map(path: Path) -> FileColumns:
    """A column map. Raises Refused with every error at its line and column."""
    file_map = typed(read_source(path), ColumnMap)
    figures = {column_name(name): _pair(figure) for name, figure in file_map.columns.items()}
    if len(figures) < len(file_map.columns):
        raise refuse(
            "reconciliation.column-mapped-twice", "two entries of 'columns' name the same column.", Place(str(path))
        )
    return FileColumns(
        "map",
        column_name(file_map.practice),
        column_name(file_map.indicator),
        column_name(file_map.measure),
        column_name(file_map.value),
        figures,
        column_name(file_map.dated),
        only_unit=file_map.practice_code,
        as_at=file_map.as_at,
        indicators={key(spelling): code for spelling, code in file_map.indicators.items()},
        units=file_map.practices,
        measures={key(spelling): quantity for spelling, quantity in file_map.measures.items()},
        suppressed=tuple(mark.casefold() for mark in file_map.suppressed),
    )


def _pair(figure: str) -> tuple[str, str]:
    indicator, _, quantity = figure.rpartition(" ")
    return indicator, quantity


def read_pca_fields(path: Path) -> frozenset[str]:
    """The fields that PCA_REFERENCE.csv says are personalised care adjustments, not exclusions.

    The published file is no UTF-8; its names and types are plain letters, and nothing else of it is read.
    """
    rows = read_table(path, ("short_name", "type"), errors="replace").rows()
    return frozenset(key(name) for _, (name, what) in rows if what.casefold() == "pca")
