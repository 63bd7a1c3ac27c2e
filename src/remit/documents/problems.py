"""Every code of an error or a warning, of all rooms, and what each means: the only place that knows them together.

As a list, and as a table to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from remit.analysis import problem_codes as analysis
from remit.catalogue import problem_codes as catalogue
from remit.claims import problem_codes as claims
from remit.comparison import problem_codes as comparison
from remit.contract import problem_codes as contract
from remit.core import say
from remit.core.problems import Code
from remit.disclosure import problem_codes as disclosure
from remit.documents import problem_codes as documents
from remit.documents.blocks import Column, Row, Table
from remit.evaluation import problem_codes as evaluation
from remit.files import problem_codes as files
from remit.organisation import problem_codes as organisation
from remit.payment import problem_codes as payment
from remit.pricing import problem_codes as pricing
from remit.reconciliation import problem_codes as reconciliation
from remit.records import problem_codes as records
from remit.rules import problem_codes as rules
from remit.runs import problem_codes as runs
from remit.scheme import problem_codes as scheme
from remit.scoring import problem_codes as scoring
from remit.synthetic import problem_codes as synthetic
from remit.terminology import problem_codes as terminology
from remit.worklist import problem_codes as worklist

_ROOMS = (
    files, organisation, scheme, rules, scoring, pricing, payment, claims, contract, runs, comparison, reconciliation,
    catalogue, terminology, records, evaluation, disclosure, worklist, documents, synthetic,
    analysis,
)  # fmt: skip


def codes(further: Sequence[Code] = ()) -> tuple[Code, ...]:
    """The codes of the rooms, and those of a front end, by name."""
    return tuple(sorted((*(code for room in _ROOMS for code in room.CODES), *further), key=lambda code: code.name))


def code_list(caption: str, some: Iterable[Code], ways: Mapping[str, str] | None = None) -> Table:
    """Codes with what they mean and what to do; `ways` says what to do where one is asking, by code."""
    rows = (
        Row((code.name, code.severity, f"{say.sentence(code.about)} {(ways or {}).get(code.name, '')}".strip()))
        for code in some
    )
    columns = (Column("Code", 4), Column("Severity", 2), Column("What it means, and what to do", 9))
    return Table(caption, columns, tuple(rows))
