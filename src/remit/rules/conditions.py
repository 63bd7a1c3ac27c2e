"""Terms and conditions of business rules: what is compared, and what is asked of a patient or of a record.

`model` adds fields and definitions, and has all of these names too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, assert_never

Kind = Literal["date", "number", "reading", "sex", "episode", "status", "negation", "answer"]
"""What a field or a term is. A count is a number; it is never missing."""

Comparison = Literal["=", "<>", "<", "<=", ">", ">="]
Unit = Literal["day", "week", "month", "year"]
Own = Literal["date", "end", "value", "episode", "status", "negation", "answer"]
Relation = Literal["overlaps", "during", "starts in", "ends in"]
Order = Literal["before", "after"]

SEXES = ("female", "male", "indeterminate", "unknown")
EPISODES = ("first", "new", "continuing", "ended")
STATUSES = ("final", "preliminary", "amended", "planned", "cancelled", "entered-in-error")
UNSEEN = ("cancelled", "entered-in-error")
"""The statuses that no field sees."""
NEGATIONS = ("not done", "refused")

DATES = {
    "ACHV_DAT": "achievement date: what is dated later is not seen",
    "PPSD": "payment period start date",
    "PPED": "payment period end date",
    "QSSD": "quality service start date",
    "QSED": "quality service end date",
    "MPSD": "measurement period start date: the payment period's where a definition says no `period` of its own",
    "MPED": "measurement period end date, likewise",
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
    """A number, a date, or one of a few words (a sex, an episode, a status, a negation), as written."""

    value: Decimal | date | str


@dataclass(frozen=True)
class Text:
    """A coded answer or a class in words, as written."""

    value: str


@dataclass(frozen=True)
class OwnPart:
    """A part of the record under test; in filters only.

    `date` is its first day and `end` its last: that of an entry of one day is its date. An end that has not come is
    later than every day, and one that nobody knows is missing.
    """

    part: Own


@dataclass(frozen=True)
class RecordPart:
    """`end of B`: a part of a record that has a name around the one under test; the field's own name is one too."""

    part: Own
    record: str


@dataclass(frozen=True)
class AgeOn:
    """Age in full years on a date: `age on HYP_DAT`, `age on (DM_DAT + 6 months)`; missing where that is."""

    on: Term

    def __repr__(self) -> str:
        """On a named date as it was written when there were no others: results keep the hash of their rules."""
        return f"AgeOn(name={self.on.name!r})" if isinstance(self.on, Name) else f"AgeOn(on={self.on!r})"


@dataclass(frozen=True)
class Shift:
    """A date moved by calendar days, weeks, months or years; months clamp to the month's last day."""

    term: Term
    amount: int
    unit: Unit


@dataclass(frozen=True)
class Bound:
    """`bound OBESE`: the patient's bound in a table of bounds; missing where the table has none for them."""

    name: str


Term = Bound | Name | Constant | Text | OwnPart | RecordPart | AgeOn | Shift


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
class AtLeast:
    """`at least 2 of (…, …, …)`, `any of (…, …)` or `all of (…, …)`: so many of the conditions that it lists."""

    least: int | None
    """None is all of them."""
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class CountedBefore:
    """`counted in the year before`, or `not counted in the year before`: whether the same definition counted the
    patient as achieved on the last day of the year before; of a register, whether they were on it. Never missing."""

    counted: bool


@dataclass(frozen=True)
class Beside:
    """`(any X_COD as B where …)`: another record beside the one under test; in filters only.

    With `absent` it is `(not any …)`: there is no such record. With a relation it is `overlaps (any …)`: one to which
    the record under test stands so.
    """

    clusters: tuple[str, ...]
    where: Condition | None
    name: str = ""
    absent: bool = False
    relation: Relation | None = None


@dataclass(frozen=True)
class Within:
    """`during PPSD to PPED`: how the record under test, from its date to its end, stands to a window of whole days.

    It overlaps the window where a day is in both, is during it where all of its days are, and starts or ends in it
    where its first or its last day is. Both days of a window count; one that ends before it begins has none. Where an
    end or a day is not known it is false.
    """

    relation: Relation
    first: Term
    last: Term


@dataclass(frozen=True)
class WithinRecord:
    """`overlaps X_DAT`: how the record under test stands to the days of another: one that has a name around it, or the
    one that a field picked."""

    relation: Relation
    record: str


@dataclass(frozen=True)
class InOrder:
    """`after X_DAT`: the record under test begins on a later day than another, or on the same day and later in it.

    Of one day both must say the time, or neither is before the other.
    """

    order: Order
    other: str


@dataclass(frozen=True)
class AnswerIn:
    """`answer in X_COD`: the answer of the record under test is a code of the cluster."""

    cluster: str


@dataclass(frozen=True)
class Every:
    """All of the conditions."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Either:
    """At least one of the conditions."""

    parts: tuple[Condition, ...]


Condition = (
    Compare
    | IsNull
    | OnRegister
    | PartsMet
    | AtLeast
    | CountedBefore
    | Beside
    | Within
    | WithinRecord
    | InOrder
    | AnswerIn
    | Every
    | Either
)


def conditions(condition: Condition, beside: bool = True) -> Iterator[Condition]:
    """A condition and all within it. Without `beside`, what is asked of other records is left out."""
    yield condition
    match condition:
        case Every() | Either() | AtLeast():
            for part in condition.parts:
                yield from conditions(part, beside)
        case Beside():
            if condition.where is not None and beside:
                yield from conditions(condition.where)
        case Compare() | IsNull() | OnRegister() | PartsMet() | CountedBefore():
            pass
        case Within() | WithinRecord() | InOrder() | AnswerIn():
            pass
        case _:
            assert_never(condition)


def terms(condition: Condition, beside: bool = True) -> Iterator[Term]:
    """Every term of a condition, the dates too that are moved or that an age is of."""
    for part in conditions(condition, beside):
        waiting: list[Term] = []
        match part:
            case Compare():
                waiting = [part.left, part.right]
            case IsNull():
                waiting = [part.term]
            case Within():
                waiting = [part.first, part.last]
            case OnRegister() | PartsMet() | AtLeast() | Beside() | Every() | Either():
                pass
            case WithinRecord() | InOrder() | AnswerIn() | CountedBefore():
                pass
            case _:
                assert_never(part)
        while waiting:
            term = waiting.pop()
            yield term
            if isinstance(term, Shift):
                waiting.append(term.term)
            elif isinstance(term, AgeOn):
                waiting.append(term.on)


def names_in(condition: Condition, beside: bool = True) -> set[str]:
    """The fields, dates and facts that a condition names; without `beside`, those within `(any …)` are left out."""
    names = {term.name for term in terms(condition, beside) if isinstance(term, Name)}
    records: set[str] = set()
    for part in conditions(condition, beside):
        match part:
            case WithinRecord():
                names.add(part.record)
            case InOrder():
                names.add(part.other)
            case Beside():
                records.add(part.name)
    return names - records


def own_parts(condition: Condition | None, name: str = "") -> set[Own]:
    """The parts of its own record that a filter names, where that has a name by this too: only a filter that names
    `negation` or `status` sees what did not happen, or is planned."""
    own_terms = terms(condition, beside=False) if condition is not None else ()
    return {
        term.part
        for term in own_terms
        if isinstance(term, OwnPart) or (isinstance(term, RecordPart) and name and term.record == name)
    }
