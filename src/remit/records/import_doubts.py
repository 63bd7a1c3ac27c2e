"""What an import stores without a doubt and somebody should still hear: columns that it passed over, and practices of
whom a table has no row. A misspelt header loses a column as surely as a misspelt cell loses its value."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from remit.core.problems import Place, Problem, warning
from remit.core.rows import column_name
from remit.records.import_state import Done
from remit.records.layout import EVENTS, PATIENTS, REGISTRATIONS, Layout

_ALIKE = 0.75
_MOST_SHOWN = 5
_NOBODY = {
    PATIENTS.name: "no patient of practice {} is there.",
    REGISTRATIONS.name: "nobody of practice {} was on a list: there is no row that could be stored.",
    EVENTS.name: "nothing is recorded of practice {}: there is no row that could be stored.",
}


def passed_over(layout: Layout, path: Path, header: Sequence[str]) -> Iterator[Problem]:
    """The columns of a file that may be meant for one that it lacks: by their spelling, or because it lacks some that
    nearly every extract has."""
    there = {column_name(text) for text in header}
    lacks = [column for column in layout.columns if column.name not in there]
    others = [text.strip() for text in header if text.strip() and column_name(text) not in {*layout.names, _OWN}]
    usual = [column.name for column in lacks if not column.optional]
    shown = {_visible(other): _meant(other, [column.name for column in lacks]) for other in others}
    meant = {other: name for other, name in shown.items() if name}
    if meant:
        said = ", ".join(f"{other} ({name}?)" for other, name in meant.items())
        what = f"{said}: passed over, and the file has no column that is named so."
        hint = "Name the columns as in the brackets, if they are meant."
        yield warning("records.column-passed-over", what, Place(str(path), 1), hint, columns=list(meant))
    elif usual and shown:
        what = f"has no column {', '.join(usual)}; passed over are {', '.join(list(shown)[:_MOST_SHOWN])}"
        more = f" and {len(shown) - _MOST_SHOWN:,} more." if len(shown) > _MOST_SHOWN else "."
        yield warning("records.column-passed-over", what + more, Place(str(path), 1), columns=list(shown))


_OWN = "practice_code"


def _meant(other: str, names: Sequence[str]) -> str:
    """The name that a header is another spelling of; empty where it is of none."""
    close = {_letters(name): name for name in names}
    found = difflib.get_close_matches(_letters(other), close, n=1, cutoff=_ALIKE)
    return close[found[0]] if found else ""


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKC", text).casefold())


def _visible(text: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)[:40]


def without_rows(done: Mapping[str, Done]) -> Iterator[Problem]:
    """The practices of whose patients, stays or events the extract has none that could be stored."""
    for table, what in _NOBODY.items():
        codes = [code for code, one in sorted(done.items()) if not one.read.get(table) or not one.stored.get(table)]
        people = [code for code in codes if table == PATIENTS.name or done[code].stored.get(PATIENTS.name)]
        if people:
            more = f" and {len(people) - _MOST_SHOWN:,} more" if len(people) > _MOST_SHOWN else ""
            said = what.format(", ".join(people[:_MOST_SHOWN]) + more)
            hint = "See whether the extract is whole."
            yield warning("records.table-empty", f"{table}: {said}", None, hint, practices=people)
