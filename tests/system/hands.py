"""How somebody works a page: with a pointer, or with the keyboard alone; and what a sentence that fails leaves."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from playwright.sync_api import Locator, Page, expect

P = ParamSpec("P")
T = TypeVar("T")


class Pointer:
    """Works a page with a pointer, and types."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, there: Locator) -> None:
        there.click()

    def write(self, there: Locator, text: str) -> None:
        there.fill(text)

    def tick(self, there: Locator) -> None:
        there.check()

    def choose(self, there: Locator, text: str) -> None:
        there.select_option(label=text)

    def hand_over(self, there: Locator, file: Path) -> None:
        """By the window of files that opens."""
        with self.page.expect_file_chooser() as chooser:
            self.press(there)
        chooser.value.set_files(file)


class Keys(Pointer):
    """Works a page with the keyboard alone: goes from stop to stop, types, and presses Enter or Space."""

    def _go_to(self, there: Locator) -> None:
        expect(there).to_be_visible()
        for _ in range(400):
            if there.evaluate("each => each === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not come to {there}")

    def press(self, there: Locator) -> None:
        self._go_to(there)
        self.page.keyboard.press("Enter")

    def write(self, there: Locator, text: str) -> None:
        self._go_to(there)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text) if "\n" in text else self.page.keyboard.type(text)

    def tick(self, there: Locator) -> None:
        """A box; or one of several round ones, among which the arrows lead."""
        if there.get_attribute("type") == "checkbox":
            self._go_to(there)
            self.page.keyboard.press("Space")
            return
        group = self.page.locator(f'input[name="{there.get_attribute("name")}"]')
        chosen = group.and_(self.page.locator(":checked"))
        self._go_to(chosen if chosen.count() else group.first)
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if there.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        expect(there).to_be_checked()

    def choose(self, there: Locator, text: str) -> None:
        self._go_to(there)
        self.page.keyboard.type(text)
        expect(there.locator("option:checked")).to_have_text(text)


def sentence(does: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Any, P], T]:
    """Something that somebody does; where it fails, the sentence and a picture of the page are with the failure."""

    @wraps(does)
    def said(who: Any, /, *args: P.args, **named: P.kwargs) -> T:
        try:
            return does(who, *args, **named)
        except Exception as failure:
            if not getattr(failure, "__notes__", ()):
                words = " ".join([who.name, does.__name__.replace("_", " "), *map(str, [*args, *named.values()])])
                picture = who.folder / f"{re.sub('[^A-Za-z0-9]+', '-', words)[:80]}.png"
                who.page.screenshot(path=picture, full_page=True)
                failure.add_note(f"This failed: “{words}”, at {who.page.url}. The page is in {picture}")
            raise

    return said


@dataclass(frozen=True)
class Way:
    """How the people of a story work; `looks` looks at each page that they come to."""

    name: str
    hands: type[Pointer] = Pointer
    script: bool = True
    looks: Callable[[Page], None] = lambda page: None

    def __str__(self) -> str:
        return self.name
