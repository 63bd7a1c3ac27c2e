"""The language of business rules: what a field, a condition and a rule can say. Nothing else has a meaning.

A definition starts from a population (a register, or who is registered), reads *fields* from each patient's records,
and runs ordered *rules*: the first that selects or rejects decides. That rule's number, its branch and what it counts
as are the patient's outcome; denominators, numerators and counts of exceptions are groupings of it.

Conditions are total. A comparison with a missing side is false, `<>` too; only `= Null` and `<> Null` ask about
absence; there is no `not`. `evaluation/reference` says what each of these does, one function each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, assert_never

from remit.rules.bounds import Bounds as Bounds
from remit.rules.bounds import Group as Group
from remit.rules.conditions import DATES as DATES
from remit.rules.conditions import EPISODES as EPISODES
from remit.rules.conditions import NEGATIONS as NEGATIONS
from remit.rules.conditions import NEVER_MISSING as NEVER_MISSING
from remit.rules.conditions import PATIENT as PATIENT
from remit.rules.conditions import SEXES as SEXES
from remit.rules.conditions import STATUSES as STATUSES
from remit.rules.conditions import UNSEEN as UNSEEN
from remit.rules.conditions import AgeOn as AgeOn
from remit.rules.conditions import AnswerIn as AnswerIn
from remit.rules.conditions import AtLeast as AtLeast
from remit.rules.conditions import Beside as Beside
from remit.rules.conditions import Bound as Bound
from remit.rules.conditions import Compare as Compare
from remit.rules.conditions import Comparison as Comparison
from remit.rules.conditions import Condition as Condition
from remit.rules.conditions import Constant as Constant
from remit.rules.conditions import CountedBefore as CountedBefore
from remit.rules.conditions import Either as Either
from remit.rules.conditions import Every as Every
from remit.rules.conditions import InOrder as InOrder
from remit.rules.conditions import IsNull as IsNull
from remit.rules.conditions import Kind as Kind
from remit.rules.conditions import Name as Name
from remit.rules.conditions import OnRegister as OnRegister
from remit.rules.conditions import Order as Order
from remit.rules.conditions import Own as Own
from remit.rules.conditions import OwnPart as OwnPart
from remit.rules.conditions import PartsMet as PartsMet
from remit.rules.conditions import RecordPart as RecordPart
from remit.rules.conditions import Relation as Relation
from remit.rules.conditions import Shift as Shift
from remit.rules.conditions import Term as Term
from remit.rules.conditions import Text as Text
from remit.rules.conditions import Unit as Unit
from remit.rules.conditions import Within as Within
from remit.rules.conditions import WithinRecord as WithinRecord
from remit.rules.conditions import conditions as conditions
from remit.rules.conditions import names_in as names_in
from remit.rules.conditions import own_parts as own_parts
from remit.rules.conditions import terms as terms
from remit.rules.periods import Between as Between
from remit.rules.periods import Containing as Containing
from remit.rules.periods import Ending as Ending
from remit.rules.periods import Period as Period
from remit.rules.periods import period_terms as period_terms
from remit.rules.years import Years

Tie = Literal["lowest", "highest", "mean", "last", "only"]
SupplyOf = Literal["covered", "longest gap", "earliest", "latest"]
Thing = Literal["records", "days", "codes", "clusters"]


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
    lowest. A value in another unit than `unit` is not a half; one without a unit is. Of several on one day the one with
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
class EndOf:
    """The end of the one record that a field picked: of the latest, its end, and never that of another.

    Of several records of the day it is of the one that comes last in it (of the earliest: first) where the time is
    known, then of the one that ends last.
    """

    of: str


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


@dataclass(frozen=True)
class Supply:
    """What supplies cover of a window, both of its days counted: how many days; the longest gap; or the first day of
    the earliest or latest gap of `least` days and more.

    A prescription covers its days of supply from the day of issue on, any other record the days that it lasts. Days
    that several cover count once: supplies that overlap do not add. Missing where the window is, or ends before it
    begins.
    """

    what: SupplyOf
    clusters: tuple[str, ...]
    first: Term
    last: Term
    least: int = 0

    @property
    def is_date(self) -> bool:
        """Whether it is a day; else it is a number of days."""
        return self.what in ("earliest", "latest")


Field = Pick | ReadingOf | DateOf | EndOf | PartOf | Value | Tally | Span | Supply

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
    `years` are those that its rules hold for; None where the file does not say.
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
    period: Period | None = None
    """The measurement period, where it is not the payment period."""
    bounds: dict[str, Bounds] = field(default_factory=dict)
    """The tables of bounds that its rules and fields name."""

    def clusters(self) -> set[str]:
        """Every cluster that its fields read."""
        names = {name for field in self.fields.values() for name in clusters_of(field)}
        return names.union(*(table.clusters() for table in self.bounds.values()))


def clusters_of(field: Field) -> Iterator[str]:
    """The clusters that a field reads, those beside its records too."""
    match field:
        case PartOf():
            yield field.cluster
        case Pick() | ReadingOf() | Value() | Tally() | Supply():
            yield from field.clusters
        case DateOf() | EndOf() | Span():
            pass
        case _:
            assert_never(field)
    where = filter_of(field)
    if where is not None:
        for part in conditions(where):
            if isinstance(part, Beside):
                yield from part.clusters
            elif isinstance(part, AnswerIn):
                yield part.cluster


def filter_of(field: Field) -> Condition | None:
    """The condition on each record that a field reads; None where it has none."""
    match field:
        case Pick() | ReadingOf() | Tally():
            return field.where
        case DateOf() | EndOf() | PartOf() | Value() | Span() | Supply():
            return None
        case _:
            assert_never(field)


def names_of(field: Field) -> set[str]:
    """The fields, dates and facts that a field rests on."""
    match field:
        case DateOf() | PartOf():
            return {field.reading}
        case EndOf():
            return {field.of}
        case Span():
            return set(field.names)
        case Value():
            return {field.on}
        case Supply():
            return names_in(Compare(field.first, "<=", field.last))
        case Pick() | ReadingOf() | Tally():
            return names_in(field.where) if field.where is not None else set()
        case _:
            assert_never(field)


def bounds_in(condition: Condition) -> set[str]:
    """The tables of bounds that a condition names."""
    return {term.name for term in terms(condition) if isinstance(term, Bound)}
