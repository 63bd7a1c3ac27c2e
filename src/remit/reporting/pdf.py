"""A statement as PDF/UA-1, by Typst with the fonts that it carries: tagged, titled, and the same bytes each time."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from remit.reporting import say
from remit.reporting.blocks import Block, Keep
from remit.reporting.layout import layout
from remit.reporting.statement import Statement

_FONT = "Libertinus Serif"


def as_pdf(statement: Statement) -> bytes:
    """The PDF. Its text goes in as data, never as markup: a name cannot change the document."""
    import typst

    document = {
        "title": f"Statement: {statement.title}",
        "foot": f"{statement.title}, {statement.result.scheme.title}",
        "blocks": [_plain(block) for block in layout(statement, _FONT)],
    }
    template = files("remit.reporting").joinpath("templates/statement.typ").read_bytes()
    made = typst.compile(
        template,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"document": say.unbroken(json.dumps(document, ensure_ascii=False))},
        pdf_standards="ua-1",
        timestamp=0,
    )
    assert isinstance(made, bytes)
    return made


def _plain(block: Block) -> dict[str, Any]:
    held = asdict(block)
    if isinstance(block, Keep):
        held["blocks"] = [_plain(inner) for inner in block.blocks]
    return {"block": type(block).__name__, **held}
