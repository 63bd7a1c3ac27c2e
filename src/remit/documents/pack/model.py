"""What a scheme pack is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from remit.documents.blocks import Document
from remit.documents.scheme_card.model import SchemeCard
from remit.documents.statement.model import Statement
from remit.rules.definitions import Definitions
from remit.rules.model import Definition
from remit.scheme.comparison import SchemeComparison
from remit.scheme.supply import Open
from remit.scoring.wanted import WantedFigure
from remit.terminology.clusters import ClusterSet


@dataclass(frozen=True)
class DueDay:
    """A day of the scheme's year; None while nobody has said it, and then `what` names what to set."""

    day: date | None
    what: str
    whose: str


@dataclass(frozen=True)
class Example:
    """A made-up practice's statement, or why there is none."""

    statement: Statement | None
    why_not: str = ""


@dataclass(frozen=True)
class Pack:
    """A scheme with all that goes with it. `worth` is what full achievement pays lists of these sizes, in pence, None
    while that is not known; `counted` has the rules of each item that records can tell, `supplied` why the others
    cannot be; `clusters` those that the rules read; `released` the day of the notice, where one was given."""

    card: SchemeCard
    known: Definitions
    counted: Mapping[str, Definition]
    supplied: Mapping[str, str]
    elsewhen: Mapping[str, str]
    cluster_set: ClusterSet
    clusters: tuple[str, ...]
    figures: tuple[WantedFigure, ...]
    columns: tuple[str, ...]
    claims: bool
    open: tuple[Open, ...]
    worth: Mapping[int, int | None]
    days: tuple[DueDay, ...]
    example: Example
    changes: SchemeComparison | None
    notice: str
    released: date | None
    made_with: str
    sha256: str


@dataclass(frozen=True)
class Page:
    """One page of the pack: its file without ending, what it answers, and the document."""

    name: str
    answers: str
    document: Document
