"""Warnings about what an import stores: columns that it did not read, and practices that have no row in a table. A
misspelt header loses a column as surely as a misspelt cell loses its value."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from remit.core.problems import Place, Problem, warning
from remit.core.rows import column_name
from remit.records.import_state import ImportedPractice
from remit.records.layout import EVENTS, PATIENTS, REGISTRATIONS, Layout

_ALIKE = 0.75
_MOST_SHOWN = 5
_NO_ROWS = {
    PATIENTS.name: "there is no patient of practice {} that could be stored.",
    REGISTRATIONS.name: "there is no registration of practice {} that could be stored.",
    EVENTS.name: "there is no event of practice {} that could be stored.",
}


def passed_over(layout: Layout, path: Path, header: Sequence[str]) -> Iterator[Problem]:
    """The columns of a file that may be meant for one that it lacks: by their spelling, or because it lacks some that
    nearly every extract has."""
    there = {column_name(text) for text in header}
    lacks = [column for column in layout.columns if column.name not in there]
    others = [text.strip() for text in header if text.strip() and column_name(text) not in {*layout.names, _OWN}]
    usual = [column.name for column in lacks if not column.optional]
    meanings = {_visible(other): _meant(other, [column.name for column in lacks]) for other in others}
    meant = {other: name for other, name in meanings.items() if name}
    if meant:
        names = ", ".join(f"{other} ({name}?)" for other, name in meant.items())
        what = f"{names}: not read, and the file has no column of that name."
        hint = "If these are meant, name the columns as in the brackets."
        yield warning("records.column-passed-over", what, Place(str(path), 1), hint, columns=list(meant))
    elif usual and meanings:
        what = f"has no column {', '.join(usual)}; not read are {', '.join(list(meanings)[:_MOST_SHOWN])}"
        more = f" and {len(meanings) - _MOST_SHOWN:,} more." if len(meanings) > _MOST_SHOWN else "."
        yield warning("records.column-passed-over", what + more, Place(str(path), 1), columns=list(meanings))


_OWN = "practice_code"


def _meant(other: str, names: Sequence[str]) -> str:
    """The name that a header is another spelling of; empty where it is of none."""
    close = {_letters(name): name for name in names}
    alike = difflib.get_close_matches(_letters(other), close, n=1, cutoff=_ALIKE)
    return close[alike[0]] if alike else ""


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKC", text).casefold())


def _visible(text: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)[:40]


def without_rows(done: Mapping[str, ImportedPractice]) -> Iterator[Problem]:
    """The practices that have no patients, stays or events in the extract that could be stored."""
    for table, what in _NO_ROWS.items():
        codes = [code for code, one in sorted(done.items()) if not one.read.get(table) or not one.stored.get(table)]
        people = [code for code in codes if table == PATIENTS.name or done[code].stored.get(PATIENTS.name)]
        if people:
            more = f" and {len(people) - _MOST_SHOWN:,} more" if len(people) > _MOST_SHOWN else ""
            message = what.format(", ".join(people[:_MOST_SHOWN]) + more)
            hint = "See whether the extract is whole."
            yield warning("records.table-empty", f"{table}: {message}", None, hint, practices=people)
