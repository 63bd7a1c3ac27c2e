"""The schemes that ship, what each is worth, and how much of each is not verified; and the schema of scheme files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from remit.files.whole import check_file_free, write_whole
from remit.scheme import Scheme, load_scheme, scheme_ids

if TYPE_CHECKING:
    from remit.scheme.schema import Which

__all__ = ["SchemaRequest", "Scheme", "evaluate", "schema"]


def evaluate() -> tuple[Scheme, ...]:
    """Every scheme that ships, by id."""
    return tuple(load_scheme(name) for name in scheme_ids())


@dataclass(frozen=True)
class SchemaRequest:
    """The JSON Schema of scheme, indicator or reform files, and the file that it goes into, if any."""

    which: Which = "scheme"
    file: Path | None = None


def schema(request: SchemaRequest) -> str:
    """The schema's text; it is written too, where a file is named."""
    from remit.scheme.schema import schema_text

    text = schema_text(request.which)
    if request.file is not None:
        check_file_free(request.file, replace=True)
        write_whole(request.file, lambda work: work.write_text(text, encoding="utf-8"))
    return text
