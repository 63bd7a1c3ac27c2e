"""Blocks as one HTML page that needs no other file: WCAG 2.2 AA as its aim, whole without its script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, count
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from remit.core import say
from remit.core.words import visible
from remit.documents.anchors import anchor
from remit.documents.blocks import Block, Document, Fold, Heading, Keep, Picture, Table
from remit.documents.render.html_tables import Tables, attributes, inside


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


def page(title: str, blocks: Sequence[Block], public: bool = False, wide: bool = False) -> str:
    """A page of any blocks; the first is its heading. Search engines may list it only where it is `public`.

    A `wide` one has room for tables of many columns, and prints landscape.
    """
    anchors = _Anchors(blocks)
    every = list(_all(blocks))
    head, rest = _parted(blocks)
    made = rendered(
        "page.html",
        title=title,
        head=head,
        rest=rest,
        contents=anchors.contents,
        anchor=anchors.of,
        tables=Tables(),
        public=public,
        wide=wide,
        script=any(isinstance(block, Table | Fold | Picture) for block in every),
    )
    return say.unbroken(made) + "\n"


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
        taken: set[str] = {"main"}
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
