"""Blocks as PDF/UA-1, by Typst with the fonts that it carries: tagged, titled, and the same bytes each time."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import Any

from remit.core import say
from remit.core.problems import Problem, refuse, warning
from remit.documents.anchors import anchor
from remit.documents.blocks import (
    Amounts,
    Beside,
    Block,
    Bullets,
    Cell,
    Column,
    Facts,
    Fold,
    Heading,
    Keep,
    Para,
    Picture,
    Row,
    Table,
)  # fmt: skip

FONT = "Libertinus Serif"
_INSTEAD = "\ufffd"
_UNSEEN = {"Cc", "Cf", "Co", "Cs"}
"""Categories of what no page shows: control, format, private and surrogate characters."""
_PROBE = f"""#set document(title: "A")
#set text(font: "{FONT}")
#let given = json(bytes(sys.inputs.document))
#given #strong(given)
""".encode()


def page_as_pdf(
    title: str, foot: str, blocks: Iterable[Block], of: str, landscape: bool = False, lacking: set[str] | None = None
) -> bytes:
    """Any blocks as a PDF. Their text goes in as data, never as markup: a name cannot change the document.

    A character that its fonts lack is shown as U+FFFD, and added to `lacking`. Raises Refused, saying whose it is
    (`of`), where there can be none.
    """
    import typst

    plain = [_plain(block) for block in blocks]
    anchors = _named(plain, set())
    document = {"title": title, "foot": foot, "landscape": landscape, "blocks": plain, "anchors": sorted(anchors)}
    template = files("remit.documents.render").joinpath("templates/page.typ").read_bytes()
    text = say.unbroken(json.dumps(_seen(document), ensure_ascii=False))
    try:
        return _compiled(template, text)
    except typst.TypstError as error:
        first = error
    fonts = "could not be displayed" in str(first)
    without = {c for c in set(text) if not c.isascii() and not _has(c)} if fonts else set()
    try:
        if not without:
            raise first
        made = _compiled(template, text.translate({ord(c): _INSTEAD for c in without}))
    except typst.TypstError as error:
        what = f"the PDF for {of} cannot be made: {' '.join(str(error).split())}."
        raise refuse("documents.pdf-not-made", what, None, "The other formats need no PDF.") from None
    if lacking is not None:
        lacking |= without
    return made


def characters_missing(lacking: Iterable[str]) -> Problem:
    """The warning of the characters that a PDF could not show."""
    shown = [c if c.isprintable() else f"U+{ord(c):04X}" for c in sorted(lacking)]
    some = ", ".join(shown[:12]) + (f" and {len(shown) - 12:,} more" if len(shown) > 12 else "")
    hint = f"A page shows {'it' if len(shown) == 1 else 'them'}."
    what = f"the PDF font has no {some}: shown as {_INSTEAD}."
    return warning("documents.characters-missing", what, None, hint, characters=shown)


def _compiled(template: bytes, document: str) -> bytes:
    import typst

    made = typst.compile(
        template,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"document": document},
        pdf_standards="ua-1",
        timestamp=0,
    )
    assert isinstance(made, bytes)
    return made


@cache
def _has(character: str) -> bool:
    """Whether the fonts that Typst carries can show the character."""
    import typst

    try:
        _compiled(_PROBE, json.dumps(character, ensure_ascii=False))
    except typst.TypstError:
        return False
    return True


def _seen(value: Any) -> Any:
    """The document without the characters that no page shows, such as a zero-width space or a turn of direction."""
    if isinstance(value, str):
        if value.isprintable():
            return value
        return "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in _UNSEEN)
    if isinstance(value, dict):
        return {key: _seen(held) for key, held in value.items()}
    return [_seen(held) for held in value] if isinstance(value, list | tuple) else value


def _plain(block: Block) -> dict[str, Any]:
    if isinstance(block, Picture):
        return dict(_texts(block))
    held: dict[str, Any] = {f.name: _texts(getattr(block, f.name)) for f in fields(block)}
    return {"block": type(block).__name__, **held}


def _named(blocks: list[dict[str, Any]], anchors: set[str]) -> set[str]:
    """Give each heading the name that links within the document go by: the first of a name has it. Gives all names."""
    for block in blocks:
        if block["block"] == "Heading":
            name = anchor(block["text"])
            block["id"] = "" if name in anchors else name
            anchors.add(name)
        elif block["block"] in ("Fold", "Keep"):
            _named(block["blocks"], anchors)
    return anchors


def _drawn(svg: str) -> dict[str, Any]:
    """A chart with its size. It says `inherit`: it has the font of the page that it stands on."""
    size = re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', svg)
    width, height = map(float, size.groups()) if size else (640.0, 320.0)
    return {"svg": svg.replace('font-family="inherit"', f'font-family="{FONT}"'), "width": width, "height": height}


def _texts(value: Any) -> Any:
    """What the template reads: a cell is its text, a block within a block is plain too."""
    if isinstance(value, Cell):
        to = value.link.removeprefix("#") if value.link.startswith("#") else ""
        if not (value.tone or value.picture or to):
            return value.text
        picture = _drawn(value.picture) if value.picture else None
        return {"text": value.text, "tone": value.tone, "to": to, "picture": picture}
    if isinstance(value, Picture):
        return {"block": "Picture", "alt": value.alt, **_drawn(value.svg)}
    if isinstance(value, Facts | Heading | Para | Amounts | Table | Beside | Bullets | Keep | Fold):
        return _plain(value)
    if isinstance(value, Column | Row):
        return {f.name: _texts(getattr(value, f.name)) for f in fields(value)}
    return [_texts(held) for held in value] if isinstance(value, list | tuple) else value
