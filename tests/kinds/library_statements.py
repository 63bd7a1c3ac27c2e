"""Statements of every scheme of the library on made-up figures, for tests of what any statement says."""

from __future__ import annotations

from functools import cache

from tests.deck.inputs import COUNT, PRACTICE, counts, practices, schemes, settings

import remit
from remit.core.rows import dict_rows
from remit.documents.statement import Recipient
from remit.documents.statement.making import statement
from remit.documents.statement.model import Statement

NATION = [{"group_code": "OB", "register": "9000", "list_size": "90000"}]


@cache
def run_of(scheme: str) -> remit.Run:
    """The run of a scheme on the figures of the deck."""
    entry = schemes()[scheme]
    people = [dict(zip(PRACTICE, row, strict=True)) for row in practices(scheme, 1)]
    figures = [dict(zip(COUNT, row, strict=True)) for row in counts(scheme, 1)]
    given = dict(word.split("=", 1) for word in settings(scheme)[1::2])
    national = entry.get("national")
    return remit.run(
        scheme,
        dict_rows("practices.csv", people),
        dict_rows("counts.csv", figures),
        settings=given,
        national=national if national == "from-run" else None,
    )


def of(scheme: str, recipient: Recipient = "practice") -> list[Statement]:
    """The statements of an ordinary practice, one with nobody to count, one with figures missing, and a network."""
    run = run_of(scheme)
    codes = [code for code in ("A1", "A5", "A6", "N1") if code in run.codes]
    return [statement(run, code, recipient=recipient) for code in codes]
