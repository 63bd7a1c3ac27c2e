"""The language of business rules: what a field, a condition and a rule can say. Nothing else has a meaning.

A definition starts from a population (a register, or who is registered), reads *fields* from each patient's records,
and runs ordered *rules*: the first that selects or rejects decides. That rule's number, its branch and what it counts
as are the patient's outcome; denominators, numerators and counts of exceptions are groupings of it.

Conditions are total. A comparison with a missing side is false, `<>` too; only `= Null` and `<> Null` ask about
absence; there is no `not`. `evaluation/reference.py` says what each of these does, one function each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, assert_never

from remit.rules.years import Years

Kind = Literal["date", "number", "reading", "sex", "episode"]
"""What a field or a term is. A count is a number; it is never missing."""

Comparison = Literal["=", "<>", "<", "<=", ">", ">="]
Unit = Literal["day", "week", "month", "year"]
Own = Literal["date", "value", "episode"]
Tie = Literal["lowest", "highest", "mean", "last", "only"]
Thing = Literal["records", "days", "codes", "clusters"]

SEXES = ("female", "male", "indeterminate", "unknown")
EPISODES = ("first", "new", "continuing", "ended")

DATES = {
    "ACHV_DAT": "achievement date: what is dated later is not seen",
    "PPSD": "payment period start date",
    "PPED": "payment period end date",
    "QSSD": "quality service start date",
    "QSED": "quality service end date",
}
"""Dates of the run, by their name in rules."""

PATIENT: dict[str, tuple[Kind, str]] = {
    "PAT_DOB": ("date", "date of birth"),
    "PAT_AGE": ("number", "age in full years on the achievement date"),
    "PAT_SEX": ("sex", "sex: female, male, indeterminate or unknown"),
    "REG_DAT": ("date", "start of the registration with the practice that the population rests on"),
    "DEATH_DAT": ("date", "date of death"),
}
"""What is known of a patient without any code, by its name in rules."""

NEVER_MISSING = {*DATES, "PAT_DOB", "PAT_AGE", "PAT_SEX", "REG_DAT"}
"""What `= Null` cannot ask of: everybody in a population has it. Counts are never missing either."""


# Terms: what is compared.


@dataclass(frozen=True)
class Name:
    """A field, a date of the run, or something known of the patient."""

    name: str


@dataclass(frozen=True)
class Constant:
    """A number, a date, an episode (`first`, `new`, `continuing`, `ended`) or a sex, as written."""

    value: Decimal | date | str


@dataclass(frozen=True)
class OwnPart:
    """The date, value or episode of the record under test; in filters only."""

    part: Own


@dataclass(frozen=True)
class AgeOn:
    """Age in full years on the date of a field; missing where that is."""

    name: str


@dataclass(frozen=True)
class Shift:
    """A date moved by calendar days, weeks, months or years; months clamp to the month's last day."""

    term: Term
    amount: int
    unit: Unit


Term = Name | Constant | OwnPart | AgeOn | Shift


# Conditions.


@dataclass(frozen=True)
class Compare:
    """`left op right`; false where a side is missing."""

    left: Term
    op: Comparison
    right: Term


@dataclass(frozen=True)
class IsNull:
    """`term = Null` (absent) or `term <> Null` (present)."""

    term: Term
    absent: bool


@dataclass(frozen=True)
class OnRegister:
    """`on CHD_REG`, or `not on CHD_REG`: membership is never missing, so its opposite is safe."""

    register: str
    on: bool


@dataclass(frozen=True)
class PartsMet:
    """`all of`, `any of` or `at least n of` the named conditions of a group of parts."""

    parts: str
    least: int | None
    """None is all of them."""


@dataclass(frozen=True)
class Beside:
    """`(any X_COD where …)`: another record beside the one under test; in filters only."""

    clusters: tuple[str, ...]
    where: Condition | None


@dataclass(frozen=True)
class Every:
    """All of the conditions."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Either:
    """At least one of the conditions."""

    parts: tuple[Condition, ...]


Condition = Compare | IsNull | OnRegister | PartsMet | Beside | Every | Either


# Fields.


@dataclass(frozen=True)
class Pick:
    """The date of the latest or earliest record in any of the clusters that passes the filter."""

    which: Literal["latest", "earliest"]
    clusters: tuple[str, ...]
    where: Condition | None = None


@dataclass(frozen=True)
class ReadingOf:
    """The latest or earliest reading that has a value in every one of the clusters: both halves of a blood pressure.

    Halves belong together by the reading's identity; records of a day that have none are one reading, each half its
    lowest. A value in another unit than `unit` is no half; one without a unit is. Of several on one day the one with
    the lowest first half stands, then the lowest second.
    """

    which: Literal["latest", "earliest"]
    clusters: tuple[str, ...]
    where: Condition | None = None
    unit: str = ""


@dataclass(frozen=True)
class DateOf:
    """The date of a reading."""

    reading: str


@dataclass(frozen=True)
class PartOf:
    """The value of a reading in one of its clusters."""

    cluster: str
    reading: str


@dataclass(frozen=True)
class Value:
    """The value in the clusters on the date of a field; `only` is missing where two differ."""

    tie: Tie
    clusters: tuple[str, ...]
    on: str
    unit: str = ""


@dataclass(frozen=True)
class Tally:
    """How many records, days, codes or clusters; 0 where there are none."""

    thing: Thing
    clusters: tuple[str, ...]
    where: Condition | None = None


@dataclass(frozen=True)
class Span:
    """The later or earlier of dates; those that are missing are left out."""

    which: Literal["later", "earlier"]
    names: tuple[str, ...]


Field = Pick | ReadingOf | DateOf | PartOf | Value | Tally | Span

Action = Literal["Select", "Reject", "Next rule"]
Category = Literal["exclusion", "achieved", "pca", "not_achieved"]
PCA_KINDS = ("unsuitable", "chose not to", "did not respond", "newly diagnosed", "newly registered", "other")


@dataclass(frozen=True)
class Counts:
    """What a decision counts as. A PCA has its kind, and whether it is of the indicator alone or general; `reason` is
    the published code of the exclusion or PCA, such as HTMAX."""

    category: Category
    reason: str = ""
    pca_kind: str = ""
    general: bool = False

    def __str__(self) -> str:
        words = {"pca": f"PCA ({self.pca_kind})", "not_achieved": "not achieved"}
        return f"{words.get(self.category, self.category)} {self.reason}".strip()


NOT_ACHIEVED = Counts("not_achieved")


@dataclass(frozen=True)
class Rule:
    """One rule: its number as published, its condition and what happens on either side.

    `text` is the condition as the file has it. `counts` says what a decision on the true side counts as, `else_counts`
    on the false side; a register's rules count nothing.
    """

    number: int
    condition: Condition
    text: str
    then: Action
    otherwise: Action
    counts: Counts | None = None
    else_counts: Counts | None = None
    words: str = ""


Population = Literal["registered", "died in the year"]


@dataclass(frozen=True)
class Definition:
    """A register or an indicator over records: population, fields, named parts, rules.

    `population` is a register's code, or `registered` (with the practice on the achievement date), or `died in the
    year` (registered with the practice on the day of death). `status` is `complete`, `order unverified` or `inferred`.
    `years` are those that its rules hold for; None where nobody said.
    """

    code: str
    title: str
    population: str
    fields: dict[str, Field]
    parts: dict[str, dict[str, Condition]]
    rules: tuple[Rule, ...]
    status: str
    source: str
    version: str = ""
    is_register: bool = False
    texts: dict[str, str] | None = None
    group: str = ""
    years: Years | None = None

    def clusters(self) -> set[str]:
        """Every cluster that its fields read."""
        return {name for field in self.fields.values() for name in clusters_of(field)}


def clusters_of(field: Field) -> Iterator[str]:
    """The clusters that a field reads, those beside its records too."""
    match field:
        case PartOf():
            yield field.cluster
        case Pick() | ReadingOf() | Value() | Tally():
            yield from field.clusters
        case DateOf() | Span():
            pass
        case _:
            assert_never(field)
    where = filter_of(field)
    if where is not None:
        for part in conditions(where):
            if isinstance(part, Beside):
                yield from part.clusters


def filter_of(field: Field) -> Condition | None:
    """The condition on each record that a field reads; None where it has none."""
    match field:
        case Pick() | ReadingOf() | Tally():
            return field.where
        case DateOf() | PartOf() | Value() | Span():
            return None
        case _:
            assert_never(field)


def conditions(condition: Condition, beside: bool = True) -> Iterator[Condition]:
    """A condition and all within it; without `beside`, what is said of other records is left out."""
    yield condition
    match condition:
        case Every() | Either():
            for part in condition.parts:
                yield from conditions(part, beside)
        case Beside():
            if condition.where is not None and beside:
                yield from conditions(condition.where)
        case Compare() | IsNull() | OnRegister() | PartsMet():
            pass
        case _:
            assert_never(condition)


def terms(condition: Condition, beside: bool = True) -> Iterator[Term]:
    """Every term of a condition, the inner ones of shifted dates too."""
    for part in conditions(condition, beside):
        found: list[Term] = []
        match part:
            case Compare():
                found = [part.left, part.right]
            case IsNull():
                found = [part.term]
            case OnRegister() | PartsMet() | Beside() | Every() | Either():
                pass
            case _:
                assert_never(part)
        while found:
            term = found.pop()
            yield term
            if isinstance(term, Shift):
                found.append(term.term)


def names_of(field: Field) -> set[str]:
    """The fields, dates and facts that a field rests on."""
    match field:
        case DateOf() | PartOf():
            return {field.reading}
        case Span():
            return set(field.names)
        case Value():
            return {field.on}
        case Pick() | ReadingOf() | Tally():
            return names_in(field.where) if field.where is not None else set()
        case _:
            assert_never(field)


def names_in(condition: Condition, beside: bool = True) -> set[str]:
    """The fields, dates and facts that a condition names; without `beside`, those within `(any …)` are left out."""
    return {term.name for term in terms(condition, beside) if isinstance(term, Name | AgeOn)}
