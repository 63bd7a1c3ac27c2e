"""Every example of the page "What a contract says" loads, and every word that people try leads to a section of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.spec.language import HEAD, ITEMS, MONEY, SOURCE, TERMS

from remit.scheme import tried
from remit.scheme.loader import build
from remit.scheme.source import parse_source

PAGE = Path(__file__).parents[2] / tried.PAGE
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
PARTS = "\n".join([HEAD, SOURCE, MONEY, TERMS, ITEMS])


def _key(part: str) -> str:
    return part.split(":", 1)[0]


def with_example(example: str) -> str:
    """A small scheme with the parts of an example in place of its own."""
    own = re.split(r"^(?=\w)", PARTS, flags=re.MULTILINE)
    new = re.split(r"^(?=\w)", example, flags=re.MULTILINE)
    keys = {_key(part) for part in new}
    return "".join([*(part for part in own if _key(part) not in keys), *new])


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: " ".join(text.split())[:60])
def test_an_example_loads(example: str) -> None:
    build(parse_source(with_example(example), "example.yaml"))


def section_of(name: str) -> str:
    """A section's text, to the next heading."""
    return re.split(r"^## ", TEXT.split(f"{{#{name}}}", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


@pytest.mark.parametrize("word", tried.TRIED)
def test_a_word_that_people_try_leads_to_its_keys_and_their_section(word: str) -> None:
    keys, section = tried.TRIED[word]
    text = section_of(section)
    missing = [key for key in keys.split(", ") if f"`{key}" not in text and f"{key}:" not in text]
    assert missing == [], f"section {section} does not say {missing}"


def test_no_word_that_people_try_leads_to_itself() -> None:
    assert [word for word, (keys, _) in tried.TRIED.items() if word in keys.split(", ")] == []
