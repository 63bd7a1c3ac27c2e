"""Blocks as HTML: a page that needs no other file, or a fragment for a page of the service. WCAG 2.2 AA is the aim.

A fragment has no style attribute, style sheet or script of its own, so it stands in a page whose content security
policy allows none. Such a page links `STATIC/document.css` and, where the fragment asks for it, `STATIC/document.js`;
a page of its own has the same two files inside it. All is whole without the script.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, count
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from remit.core import say
from remit.core.words import visible
from remit.documents.anchors import anchor
from remit.documents.blocks import Block, Document, Fold, Heading, Keep, Picture, Table
from remit.documents.render.html_tables import Tables, attributes, inside

STATIC = Path(__file__).parent / "static"
"""The style sheet and the script of every document."""

_TAKEN = ("main", "maincontent")
"""Ids that the page around a document has."""


@dataclass(frozen=True)
class Fragment:
    """A document's part of a page: one element with all of it, its title as the page's only `h1`.

    `opening` is up to the title, `rest` what follows: a page may put something of its own below the title.
    """

    title: str
    opening: Markup
    rest: Markup
    script: bool
    """Whether the reader gains by `document.js`."""
    wide: bool
    """Whether it has tables of many columns, and wants more room."""

    @property
    def markup(self) -> Markup:
        """All of it."""
        return self.opening + self.rest


def rendered(template: str, **values: Any) -> str:
    """A template of this folder with values in it: text, that is never markup and holds no control characters."""
    return visible(_template(template).render(values))


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("remit.documents.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "kind": lambda block: type(block).__name__,
        "width": width,
        "attributes": attributes,
        "inside": inside,
    }
    return environment.get_template(name)


def width(picture: Picture) -> float:
    """How wide a chart is at its own size, in pixels."""
    return float(picture.svg.partition(' width="')[2].partition('"')[0] or 0)


def as_html(document: Document) -> str:
    """The document as one page."""
    return page(document.title, document.blocks, document.public, document.wide)


def fragment(document: Document) -> Fragment:
    """The document as a part of another page."""
    inside, script = _inside(document.blocks)
    title, end, rest = say.unbroken(inside).partition("</h1>\n")
    opening = Markup(f'<div class="{_classes(document.wide)}">\n{title}{end}')
    return Fragment(document.title, opening, Markup(f"{rest}</div>\n"), script, document.wide)


def page(title: str, blocks: Sequence[Block], public: bool = False, wide: bool = False) -> str:
    """A page of any blocks; the first is its heading. Search engines may list it only where it is `public`.

    A `wide` one has room for tables of many columns, and prints landscape.
    """
    inside, script = _inside(blocks)
    whole = rendered(
        "page.html",
        title=title,
        inside=inside,
        classes=_classes(wide),
        public=public,
        document_css=_static("document.css"),
        script=_static("document.js") if script else "",
    )
    return say.unbroken(whole) + "\n"


def _classes(wide: bool) -> str:
    return "remit-document wide" if wide else "remit-document"


def _inside(blocks: Sequence[Block]) -> tuple[Markup, bool]:
    """The markup of the blocks with their list of contents, and whether the script does something for them."""
    anchors = _Anchors(blocks)
    head, rest = _parted(blocks)
    markup = rendered(
        "fragment.html", head=head, rest=rest, contents=anchors.contents, anchor=anchors.of, tables=Tables()
    )
    return Markup(markup), any(isinstance(block, Table | Fold | Picture) for block in _all(blocks))


@cache
def _static(name: str) -> Markup:
    """A file of STATIC as it stands inside a page."""
    return Markup((STATIC / name).read_text(encoding="utf-8"))


def _all(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks in the order in which they are shown, with those that they hold."""
    for block in blocks:
        yield block
        if isinstance(block, Fold | Keep):
            yield from _all(block.blocks)


def _parted(blocks: Sequence[Block]) -> tuple[Sequence[Block], Sequence[Block]]:
    """What stands before the list of contents: the answer comes first, to the first heading below the title."""
    second = (n for n, block in enumerate(blocks) if n and isinstance(block, Heading | Keep | Fold | Table))
    at = next(second, len(blocks))
    return blocks[:at], blocks[at:]


class _Anchors:
    """The id of each heading and fold, by its words; one that comes again has a number."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.contents: list[tuple[str, str]] = []
        self._of: dict[int, list[str]] = {}
        taken = set(_TAKEN)
        for block in _all(blocks):
            if isinstance(block, Heading | Fold):
                text = block.text if isinstance(block, Heading) else block.title
                first = anchor(text)
                name = next(n for n in chain((first,), (f"{first}-{i}" for i in count(2))) if n not in taken)
                taken.add(name)
                self._of.setdefault(id(block), []).append(name)
                if isinstance(block, Heading) and block.level == 2:
                    self.contents.append((name, text))

    def of(self, block: Heading | Fold) -> str:
        """The id of a block, each time that it is shown."""
        return self._of[id(block)].pop(0)
