"""The kind: a sentence that stands again and again on one statement, such as the title of a source beside each of 76
items. On no statement of any scheme of the library does a sentence of more than 40 characters stand more than twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest
from tests.deck.inputs import schemes
from tests.kinds.library_statements import of

from remit.documents.blocks import Beside, Block, Bullets, Facts, Fold, Heading, Keep, Para, Table
from remit.documents.statement.formats import document

LONGEST = 40


def texts(blocks: Iterable[Block]) -> Iterator[str]:
    """Every text of the blocks that is not a cell of a table, and the captions."""
    for block in blocks:
        if isinstance(block, Fold):
            yield block.title
            yield from texts(block.blocks)
        elif isinstance(block, Keep):
            yield from texts(block.blocks)
        elif isinstance(block, Beside):
            yield from texts([block.facts])
        elif isinstance(block, Facts):
            yield from (str(text) for _, text in block.rows)
        elif isinstance(block, Heading | Para):
            yield block.text
        elif isinstance(block, Bullets):
            yield from map(str, block.items)
        elif isinstance(block, Table):
            yield block.caption


def sentences(text: str) -> list[str]:
    """The long ones; a calculation, of figures alone, may be the same for several items."""
    parts = [part.strip() for part in re.split(r"(?<=[.?!;])\s+", text)]
    return [part for part in parts if len(part) > LONGEST and " × " not in part and " = " not in part]


@pytest.mark.parametrize("scheme", schemes())
def test_no_sentence_stands_more_than_twice(scheme: str) -> None:
    for made in of(scheme):
        counts = Counter(part for text in texts(document(made).blocks) for part in sentences(text))
        assert {part: count for part, count in counts.items() if count > 2} == {}, made.code
