"""The kind: a document inside a page of the service that a strict content security policy would spoil, or that would
spoil the page around it: a style attribute, a script, a second `h1`, an id that is taken, a style that leaks out."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from tests.kinds.every_block import document

from remit.documents.blocks import Document, Fold, Heading, Para
from remit.documents.render.html import STATIC, as_html, fragment


class Elements(HTMLParser):
    """The elements of some markup, each with its attributes."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))


EVERY = Elements(fragment(document(40)).markup).all


def test_it_needs_no_style_and_no_script_inside_the_page() -> None:
    tags = {tag for tag, _ in EVERY}
    assert {"svg", "table", "details", "select"} <= tags
    assert not tags & {"script", "style", "link", "iframe", "object", "embed", "base", "meta", "html", "head", "body"}
    names = {name for _, attributes in EVERY for name in attributes}
    assert "style" not in names
    assert [name for name in names if name.startswith("on")] == []


def test_nothing_in_it_is_fetched_from_elsewhere() -> None:
    addresses = [
        str(each[name]) for _, each in EVERY for name in ("href", "src", "xlink:href", "action") if name in each
    ]
    assert [address for address in addresses if ":" in address or address.startswith("//")] == []


def test_its_title_is_the_only_heading_of_the_first_level() -> None:
    assert Counter(tag for tag, _ in EVERY if tag in ("h1", "main"))["h1"] == 1
    assert "main" not in {tag for tag, _ in EVERY}


def test_it_is_one_element_of_the_class_that_its_styles_stand_below() -> None:
    assert EVERY[0] == ("div", {"class": "remit-document wide"})
    markup = fragment(document()).markup.rstrip()
    assert markup.endswith("</div>")
    assert markup.count("<div") == markup.count("</div>")


@pytest.mark.parametrize("title", ["Main", "Maincontent"])
def test_no_id_is_that_of_the_page_around_it(title: str) -> None:
    made = fragment(Document("A", (Heading(1, "A"), Heading(2, title), Heading(2, title), Fold(title, (Para("a"),)))))
    ids = re.findall(r' id="([^"]*)"', made.markup)
    assert len(ids) == len(set(ids)) == 4
    assert not set(ids) & {"main", "maincontent"}
    assert all(f'href="#{each}"' in made.markup for each in ids[1:3])


def test_a_document_of_words_needs_no_script() -> None:
    words = Document("A", (Heading(1, "A"), Para("a")))
    assert not fragment(words).script
    assert fragment(document()).script


def test_a_page_of_its_own_has_the_same_markup_and_the_same_two_files() -> None:
    whole = as_html(document())
    inside = fragment(document()).markup
    assert inside.partition("\n")[2].rpartition("</div>")[0].strip() in whole
    for name in ("document.css", "document.js"):
        assert (STATIC / name).read_text(encoding="utf-8") in whole


def selectors(css: str) -> list[str]:
    """Every selector of a style sheet, but for what stands after an `@`."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"@page[^{]*\{[^}]*\}", "", css)
    found = [text.strip() for text in re.findall(r"(?:^|[{}])([^{}@]+)\{", css)]
    return [part.strip() for text in found for part in re.split(r",(?![^(]*\))", text)]


def test_every_style_stands_below_the_one_class() -> None:
    css = (STATIC / "document.css").read_text(encoding="utf-8")
    found = selectors(css)
    assert len(found) > 150
    assert [each for each in found if not re.match(r"\.remit-document(?![\w-])", each)] == []
    assert "url(" not in css
    assert "@import" not in css
