"""`remit schemes` and `remit schema`: the schemes that ship, and the schema of scheme files for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from remit.cli.console import Command, out, say_file, say_json
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show

Which = Literal["scheme", "indicators", "reform"]


def schemes(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """List the schemes that ship with Remit, what each is worth, and how much of it is not verified."""
    from remit.application.schemes import evaluate
    from remit.documents.scheme_list import data_of, scheme_list

    files = Files(html, pdf, xlsx, csv, replace)
    found = evaluate()
    if as_json:
        say_json([data_of(scheme) for scheme in found])
        return
    show(scheme_list(found), files)
    if not files.paths:
        out.print("\n'remit show ID' shows one of them; 'remit show --unverified' what in each is not verified.")


def schema(
    which: Annotated[Which, typer.Argument(help="Of scheme files, of indicator files, or of reform files.")] = "scheme",
    file: Annotated[Path | None, typer.Option("--out", help="Write to this file.")] = None,
) -> None:
    """Print the JSON Schema of scheme, indicator or reform files, for editors that complete and check YAML."""
    from remit.application.schemes import SchemaRequest
    from remit.application.schemes import schema as schema_of

    text = schema_of(SchemaRequest(which, file))
    if file is None:
        say_file(text)


COMMANDS = (
    Command(schemes, "schemes", ("remit schemes", "remit schemes --json")),
    Command(schema, "schema", ("remit schema --out scheme.schema.json", "remit schema reform")),
)
