"""The kind: a value that changes on its way into a stored document and back: a fraction, a day, a default, a word."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from typing import Any, get_args

import pytest
from tests.kinds import every_block

from remit.documents import blocks
from remit.documents.blocks import Block, Cell, Document, Facts, Para
from remit.documents.render.html import as_html
from remit.documents.stored import FORMAT, NotADocument, from_json, to_json


def types_of(value: Any) -> Any:
    """The types of a document's values: `==` takes 1, 1.0, True and Fraction(1) for the same."""
    if is_dataclass(value):
        return type(value), [types_of(getattr(value, field.name)) for field in fields(value)]
    return (tuple, [types_of(each) for each in value]) if isinstance(value, tuple) else type(value)


def test_a_document_of_every_block_comes_back_the_same() -> None:
    document = every_block.document(40)
    back = from_json(to_json(document))
    assert back == document
    assert types_of(back) == types_of(document)
    assert to_json(back) == to_json(document)
    assert as_html(back) == as_html(document)


def test_the_document_has_every_block() -> None:
    """A kind of block that is new must be in `every_block.document`, else the test above does not see it."""
    text = to_json(every_block.document())
    assert [kind.__name__ for kind in get_args(Block) if f'"is":"{kind.__name__}"' not in text] == []
    kinds = {value.__name__ for value in vars(blocks).values() if isinstance(value, type) and is_dataclass(value)}
    assert sorted(kind for kind in kinds if f'"is":"{kind}"' not in text) == []


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        (0, "pence"), (-99, "pence"), (10**30, "pence"), (1, "count"), (None, "count"), (Fraction(1, 3), "rate"),
        (Fraction(1), "rate"), (Fraction(-7, 2), "points"), (Fraction(10**30, 7), "number"), (date(2024, 2, 29), "day"),
    ],
)  # fmt: skip
def test_values_come_back_exactly(value: int | Fraction | date | None, unit: blocks.Unit) -> None:
    document = Document("A", (Facts((("Is", Cell("as it is", "a", value, unit)),)),))
    back = from_json(to_json(document))
    assert back == document
    assert types_of(back) == types_of(document)


@pytest.mark.parametrize("text", ["", " ", "é £ ≥ \u2060", '"quoted" \\ \n\t', "\x1b[31m", "</script>", "is", "day"])
def test_words_come_back_exactly(text: str) -> None:
    document = Document(text, (Para(text, "lead"), Facts(((text, text),))), text, True, True, True)
    assert from_json(to_json(document)) == document


def a_block(block: object) -> str:
    return json.dumps({"format": FORMAT, "document": {"is": "Document", "title": "A", "blocks": [block]}})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", '"format" and "document"'),
        ('{"document": {}}', '"format" and "document"'),
        ('{"format": 99, "document": {}}', f"stored in format 99; this version reads format {FORMAT}"),
        (f'{{"format": {FORMAT}, "document": {{"is": "Para", "text": "a"}}}}', "a Para is stored"),
        (a_block({"is": "Script", "text": "a"}), "cannot be read"),
        (a_block({"is": "Para", "text": "a", "colour": "red"}), "colour"),
        (a_block({"is": "Para"}), "text"),
        (a_block({"fraction": "1/0"}), "cannot be read"),
        (a_block({"day": "2025-02-30"}), "cannot be read"),
    ],
)
def test_any_other_text_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(NotADocument, match=reason):
        from_json(text)
