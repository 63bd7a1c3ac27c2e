"""Every page in a browser: axe-core finds nothing, it fits a phone, it is whole without its script, and it prints."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.system.look import OPTIONS
from tests.system.pages import EVERY_BLOCK, PAGES

pytestmark = pytest.mark.slow

NAMES = (*PAGES, EVERY_BLOCK)
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

OVERFLOWS = """() => [...document.querySelectorAll('main *')].filter(each =>
    each.getBoundingClientRect().right > innerWidth + 1 && !each.closest('.scroll') && !each.closest('.chart'))
    .map(each => each.outerHTML.slice(0, 120))"""

STICKY = """box => {
    const places = [0, box.scrollWidth];
    const seen = [];
    for (const at of places) {
        box.scrollLeft = at;
        const room = box.getBoundingClientRect();
        for (const cell of box.querySelectorAll('tbody tr:not(.group) > th:first-child, td.kept')) {
            const own = cell.getBoundingClientRect();
            const out = own.left < room.left - 1 || own.right > room.right + 1;
            if (own.height && out) seen.push(cell.textContent.trim());
        }
    }
    return seen;
}"""

CUT = """() => {
    const cut = [];
    for (const line of document.querySelectorAll('main :is(p, dt, dd, li, h1, h2, h3, h4)'))
        if (line.scrollWidth > line.clientWidth + 1) cut.push(line.textContent.slice(0, 80));
    return cut;
}"""


ALL_OPEN = "() => document.querySelectorAll('details').forEach(each => each.open = true)"

THOSE = """([which, how]) => [...document.querySelectorAll(which)].filter(each => {
    const box = each.getBoundingClientRect();
    const seen = box.width > 0 && box.height > 0 && each.checkVisibility({visibilityProperty: true});
    return seen === (how === 'seen');
}).map(each => each.outerHTML.slice(0, 120))"""
"""Those of some elements that are seen, or are not: asked at once, as some pages have a thousand rows."""


@contextmanager
def opened(
    browser: Browser, folder: Path, name: str, size: dict[str, int], *, script: bool = True, at: str = ""
) -> Iterator[Page]:
    """A page in a window of that size; whatever it asks of a network, and any error of its script, fails the test."""
    context = browser.new_context(viewport=size, java_script_enabled=script)  # type: ignore[arg-type]
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(request.url) if request.url.startswith("http") else None)
    page.goto((folder / f"{name}.html").as_uri() + at)
    try:
        yield page
    finally:
        context.close()
    assert faults == []


LOOKS = [(name, size) for name in NAMES for size in (WIDE, PHONE)]
"""At a desk's width and at a phone's: by default each page at one of them, the next page at the other."""


@pytest.mark.parametrize(
    ("name", "size"),
    LOOKS if os.environ.get("REMIT_LOOKS") == "all" else [*LOOKS[::4], *LOOKS[3::4]],
    ids=lambda one: one["width"] if isinstance(one, dict) else one,
)
def test_axe_finds_nothing(browser: Browser, folder: Path, name: str, size: dict[str, int]) -> None:
    with opened(browser, folder, name, size) as page:
        page.evaluate(ALL_OPEN)
        found = Axe().run(page, options=OPTIONS).response["violations"]
    said = [
        f"{one['id']}: {node['html'][:200]}\n{node['failureSummary']}" for one in found for node in one["nodes"][:3]
    ]
    assert said == []


@pytest.mark.parametrize("name", NAMES)
def test_a_page_fits_a_phone(browser: Browser, folder: Path, name: str) -> None:
    """The page itself does not scroll sideways; in a table that does, the row's name and what matters stay in view."""
    with opened(browser, folder, name, PHONE) as page:
        page.evaluate(ALL_OPEN)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.evaluate(OVERFLOWS)
        assert page.evaluate(OVERFLOWS) == []
        assert page.evaluate(CUT) == []
        for box in page.query_selector_all(".scrolls .scroll"):
            assert box.evaluate(STICKY) == []
            assert box.evaluate("box => getComputedStyle(box.parentNode.querySelector('.sideways')).display") == "block"


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_whole_without_its_script(browser: Browser, folder: Path, name: str) -> None:
    with opened(browser, folder, name, WIDE, script=False) as page:
        text = (folder / f"{name}.html").read_text(encoding="utf-8")
        assert page.locator("tr").count() == text.count("<tr")
        assert page.evaluate(THOSE, ["tr:not(details tr)", "unseen"]) == []
        assert page.evaluate(THOSE, ["form", "seen"]) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_page_prints_what_it_folds_away_and_no_control(browser: Browser, folder: Path, name: str) -> None:
    with opened(browser, folder, name, WIDE) as page:
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate(THOSE, ["details > :not(summary)", "unseen"]) == []
        assert page.evaluate(THOSE, ["nav, form, .sideways", "seen"]) == []
        assert page.evaluate("[...document.querySelectorAll('thead')].map(e => getComputedStyle(e).display)") == [
            "table-header-group"
        ] * len(page.query_selector_all("thead"))


def column(page: Page, n: int) -> list[str]:
    rows = page.query_selector_all("[data-table] tbody tr:not(.total)")
    cells = [row.query_selector_all("th, td")[n].inner_text() for row in rows if row.is_visible()]
    return [text.replace("\u2060", "") for text in cells]


def test_a_table_is_sorted_by_its_heads(browser: Browser, folder: Path) -> None:
    """Pounds are 1,234.56 times the row's number, but for every fourth, which loses 99p."""
    with opened(browser, folder, EVERY_BLOCK, WIDE) as page:
        head = page.get_by_role("button", name="Pounds")
        head.click()
        assert column(page, 7)[:3] == ["£48,147.84", "£46,913.28", "£45,678.72"]
        assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
        assert page.locator("tr.total").inner_text().startswith("All practices")
        assert page.locator("[data-table] tbody tr").last.get_attribute("class") == "total"
        head.click()
        assert column(page, 7)[:11] == ["−£0.99"] * 10 + ["£1,234.56"]
        page.get_by_role("button", name="Practice").click()
        assert [name for name in column(page, 0) if name.startswith("Practice")][:3] == [
            "Practice 1", "Practice 2", "Practice 5",
        ]  # fmt: skip
        assert "Sorted by Practice" in page.locator(".shown").inner_text()


def test_rows_are_filtered_and_the_address_keeps_it(browser: Browser, folder: Path) -> None:
    """Each row has two of three contacts: 40 rows, of which the numbers that leave 1 or 2 over, by three, are 27."""
    with opened(browser, folder, EVERY_BLOCK, WIDE) as page:
        assert "Showing 40 rows" in page.locator(".shown").inner_text()
        page.get_by_label("Contact").select_option(label="visit (27)")
        assert len(column(page, 0)) == 27
        assert "Showing 27 of 40 rows (Contact: visit)" in page.locator(".shown").inner_text()
        assert not page.locator("tr.total").is_visible()
        page.get_by_role("button", name="Pounds").click()
        kept = page.evaluate("location.hash")
        first = column(page, 0)
        page.get_by_role("button", name="Show all").click()
        page.wait_for_function("document.querySelectorAll('[data-table] tbody tr:not([hidden])').length === 41")
    with opened(browser, folder, EVERY_BLOCK, PHONE, at=kept) as page:
        assert column(page, 0) == first
        assert page.get_by_label("Contact").input_value() != ""
