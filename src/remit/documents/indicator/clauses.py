"""A part of a sentence that says why, and how several absences are said as one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from remit.core import say
from remit.core.words import listed
from remit.evaluation.explain import range_text
from remit.evaluation.reference import FieldValue, Range
from remit.records.model import OPEN_DAY
from remit.terminology.cluster_words import ClusterWords


@dataclass(frozen=True)
class Clause:
    """A part of the sentence; `absent` says that there is no record, `about` is the field that it is of."""

    text: str
    absent: bool = False
    about: str = ""
    kind: str = ""
    also: tuple[str, ...] = ()
    """The fields of which its day is the latest."""
    alone: str = ""
    """The text where nothing was said before it."""
    what: tuple[str, str, str] = ("", "", "")
    """Of an absence the kind of its record, what it would be of, and what stands behind."""


def absences(clauses: list[Clause]) -> list[str]:
    """What there is none of; of one kind and time together: `no diagnosis of proteinuria or micro-albuminuria`."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in clauses:
        if one.absent:
            kind, what, behind = one.what
            found.setdefault((kind, behind) if what else ("", one.text), []).append(what)
    together = []
    for (kind, behind), whats in found.items():
        several = list(dict.fromkeys(what for what in whats if what))
        if not kind:
            together.append(behind)
        elif kind == "mixed":
            together += [one.text for one in clauses if one.what[0] == kind and one.what[2] == behind]
        else:
            together.append(f"no {ClusterWords(kind, listed(several, 'or')).noun}{behind}")
    return list(dict.fromkeys(together))


def number_text(value: FieldValue) -> str:
    """A number as it is written; a range as a laboratory writes it."""
    if isinstance(value, Range):
        return range_text(value)
    if isinstance(value, Fraction):
        return say.number(value)
    if value == OPEN_DAY:
        return "an end that has not come"
    return say.day(value) if isinstance(value, date) else "not known" if value is None else str(value)
