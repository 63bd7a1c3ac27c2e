"""Blocks as one HTML page: no outside file, no script, WCAG 2.2 AA as its aim."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from remit.core import say
from remit.core.words import visible
from remit.documents.blocks import Block, Document, Heading


def rendered(template: str, blanks: bool = False, **values: Any) -> str:
    """A template of this folder with values in it: text, that is never markup and holds no control characters.

    `blanks` keeps those that stand before a block.
    """
    return visible(_template(template, blanks).render(values))


@cache
def _template(name: str, blanks: bool) -> Template:
    environment = Environment(
        loader=PackageLoader("remit.documents.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=not blanks,
    )
    environment.filters["kind"] = lambda block: type(block).__name__
    environment.filters["anchor"] = _anchor
    return environment.get_template(name)


def as_html(document: Document) -> str:
    """The document as one page."""
    return page(document.title, document.blocks, document.public, document.wide)


def page(title: str, blocks: Sequence[Block], public: bool = False, wide: bool = False) -> str:
    """A page of any blocks; the first is its heading. Search engines may list it only where it is `public`.

    A `wide` one has room for tables of many columns, whose cells may have lines, and prints landscape.
    """
    made = rendered("page.html", title=title, blocks=blocks, contents=_contents(blocks), public=public, wide=wide)
    return say.unbroken(made) + "\n"


def _contents(blocks: Sequence[Block]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Heading) and block.level == 2]


def _anchor(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
