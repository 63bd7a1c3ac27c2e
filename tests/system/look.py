"""What is looked at on every page that a story comes to."""

from __future__ import annotations

import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
"""Every rule runs on every element; what passes is not written out, which takes a quarter of axe's time."""
PICTURES = os.environ.get("REMIT_STORY_PICTURES", "")
"""A folder for a picture of each page, at 1280 and 390 pixels, for who wants to look at them."""

TWICE = """() => [...document.querySelectorAll('[id]')].map(each => each.id)
    .filter((id, n, all) => all.indexOf(id) !== n)"""
"""Ids that stand twice on a page: a label, or a link, would lead to the wrong one."""

_looked: set[str] = set()


def looked_at_each_kind(page: Page) -> None:
    """The same, each kind of page once: those of other practices, months and numbers with the same buttons are one."""
    address = re.sub("[^/]*[0-9A-Z][^/]*", "*", page.evaluate("location.pathname"))
    buttons = page.get_by_role("main").get_by_role("button").all_inner_texts()
    looked_at(page, f"{address} {sorted({re.sub('[^a-z ]', '', each) for each in buttons})}")


def looked_at(page: Page, known: str = "") -> None:
    """axe finds nothing; each page of a story once, or each of those that have what is `known` in common."""
    known = known or f"{page.title()} {page.locator('h1').inner_text()}"
    if known in _looked:
        return
    _looked.add(known)
    if PICTURES:
        name = re.sub("[^A-Za-z0-9]+", "-", page.title())
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(PICTURES) / f"{len(_looked):02}-{name}-{width}.png", full_page=True)
    assert page.evaluate(TWICE) == []
    assert axe_findings(page) == []


def axe_findings(page: Page) -> list[tuple[str, list[str]]]:
    """What axe has to say, and where."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
