"""Somebody at a browser, as sentences: `the_author.writes(…)`, `the_lead.signs_in()`.

Pages are worked by what is written on them: links, buttons and labels. The first page of a sentence is reached by the
menu, as people reach it; only the address of an invitation is typed.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Locator, Page, expect
from tests.system.hands import Way, sentence

PASSWORD = "three words of mine"


def figures_of(page: Page) -> dict[str, str]:
    """Each figure of a document by its id, with its value where it is exact, and its text."""
    shown = """all => all.map(each => [each.dataset.figure, (each.dataset.value || '') + ' ' + each.textContent])"""
    return dict(page.locator("[data-figure]").evaluate_all(shown))


class Somebody:
    """A person with a browser of their own. Their role, in the words of the page, is also how sentences call them."""

    def __init__(self, browser: Browser, address: str, way: Way, folder: Path, name: str, email: str) -> None:
        context = browser.new_context(
            base_url=address, java_script_enabled=way.script, locale="en-GB", viewport={"width": 1280, "height": 900}
        )
        context.set_default_timeout(30_000)
        self.page, self.way, self.folder, self.name, self.email = context.new_page(), way, folder, name, email
        self._hands = way.hands(self.page)
        self._key, self._last = "", 0

    # What every page has

    def comes_to(self, heading: str) -> None:
        """The page with this heading is there, without an error."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading, timeout=60_000)
        expect(self.page.locator(".nhsuk-error-summary")).to_have_count(0)
        self.way.looks(self.page)

    @sentence
    def reads(self, *texts: str) -> None:
        """These words are on the page."""
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)
        self.way.looks(self.page)

    def _goes_to(self, entry: str) -> None:
        """By the menu; what does not fit into its line is below "More"."""
        menu = self.page.get_by_role("navigation", name="Menu")
        link = menu.get_by_role("link", name=entry, exact=True)
        if not link.is_visible():
            self._hands.press(menu.get_by_role("button", name="More"))
        self._hands.press(link)

    def _follows(self, words: str | re.Pattern[str]) -> None:
        exact = isinstance(words, str)
        self._hands.press(self.page.locator("main, body").get_by_role("link", name=words, exact=exact).first)

    def _presses(self, words: str) -> None:
        self._hands.press(self.page.get_by_role("button", name=words, exact=True))

    def _field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def _writes(self, label: str, text: str) -> None:
        self._hands.write(self._field(label), text)

    # Coming in

    @sentence
    def accepts_the_invitation(self, address: str, asked: Mapping[str, str] = MappingProxyType({})) -> None:
        """With a password and, where the page asks for them, other fields by their labels; then a second factor."""
        self.page.goto(address)
        self.comes_to("You are invited")
        for label, text in asked.items():
            self._writes(label, text)
        self._writes("Choose a password", PASSWORD)
        self._presses("Accept")

    @sentence
    def sets_up_a_second_factor(self) -> None:
        """With the key that the page shows."""
        self.comes_to("Set up a second factor")
        self._key = self.page.locator("code").inner_text().replace(" ", "")
        self._writes("Code", self._code())
        self._presses("Set up")
        self.comes_to("Keep your recovery codes")
        self._follows("I have kept them: go to the first page")
        expect(self.page.get_by_role("heading", name="Where to go")).to_be_visible()
        self.way.looks(self.page)

    def _code(self) -> str:
        """What the app shows. Each code is accepted once, so the next may be needed."""
        step = max(int(time.time()) // 30, self._last + 1)
        self._last = step
        return str(format_hotp_value(hotp_value(self._key, step)))

    @sentence
    def signs_out(self) -> None:
        self._presses("Sign out")
        self.comes_to("Sign in")

    @sentence
    def signs_in(self) -> None:
        """With the password, and the code of the second factor."""
        self._writes("E-mail address", self.email)
        self._writes("Password", PASSWORD)
        self._presses("Sign in")
        self.comes_to("Enter your code")
        self._writes("Code", self._code())
        self._presses("Continue")
        expect(self.page.get_by_role("heading", name="Where to go")).to_be_visible()

    # Administrators

    @sentence
    def brings_in_the_practice_map(self, file: Path, day: str) -> None:
        self._goes_to("Home")
        self._follows(re.compile("bring in its practice map"))
        self.comes_to("Bring in a practice map")
        self._hands.hand_over(self._field("File"), file)
        self._writes("First day on which it holds", day)
        self._presses("Read it")
        self.comes_to(f"What {file.name} would change")
        self._writes("Reason", "The NHS published it.")
        self._hands.press(self.page.get_by_role("button", name="Apply from"))

    @sentence
    def invites(self, name: str, email: str, role: str, organisation: str) -> str:
        """The address for the person, as the page shows it."""
        self._goes_to("People")
        self._follows("Invite somebody")
        self.comes_to("Invite somebody")
        self._writes("Name", name)
        self._writes("E-mail address", email)
        self._hands.choose(self._field("Organisation"), organisation)
        self._hands.tick(self._field(role))
        self._presses("Invite")
        self.comes_to("Hand the address over")
        shown = re.search(r"http://\S+/invitation/\S+", self.page.locator("main").inner_text())
        assert shown, "the address is not shown"
        return shown[0]

    # Schemes

    @sentence
    def starts_from_the_library(self, scheme: str) -> None:
        """The scheme, as the list calls it."""
        self._goes_to("Schemes")
        self._follows(re.compile("^Start a scheme"))
        self.comes_to("Start a scheme")
        self._hands.choose(self.page.get_by_label("Scheme", exact=True), scheme)
        self._presses("Begin with this scheme")

    @sentence
    def submits_it(self) -> None:
        self._follows("Go to the draft, to submit it for approval")
        self._presses("Submit for approval")
        self.reads("The version is submitted.")

    @sentence
    def approves(self, task: str) -> None:
        """What the first page says is waiting."""
        self._goes_to("Home")
        self._follows(task)
        self._writes("What you checked", "The steps and the pounds, against the signed specification.")
        self._presses("Approve")
        self.reads("The version is approved.")

    @sentence
    def publishes(self, task: str, day: str) -> None:
        """What the first page says is waiting, from this day on."""
        self._goes_to("Home")
        self._follows(task)
        self._writes("From which day it holds", day)
        self._presses("Publish")
        self.reads("The version is published.")

    # Figures

    @sentence
    def gives_consent(self, to: str, day: str) -> None:
        self._goes_to("Consent")
        self._follows("Give consent")
        self.comes_to("Give consent")
        self._hands.tick(self._field(to))
        self._writes("First day", day)
        self._presses("Give consent")
        self.comes_to("Consent of")

    @sentence
    def sends_figures(self, scheme: str, day: str, practices: Path, counts: Path) -> None:
        self._goes_to("Figures")
        self._follows("Send figures")
        self.comes_to("Send figures")
        self._hands.choose(self._field("Scheme"), scheme)
        self._writes("Day that the figures are of", day)
        self._hands.hand_over(self._field("Practices"), practices)
        self._hands.hand_over(self._field("Counts"), counts)
        self._presses("Send")

    @sentence
    def sees_them_accepted(self) -> None:
        """The worker checks them meanwhile; the page shows it by itself."""
        expect(self.page.locator("main")).to_contain_text("It is accepted.", timeout=90_000)
        self.way.looks(self.page)

    @sentence
    def opens(self, entry: str, heading: str) -> None:
        """A page of the menu."""
        self._goes_to(entry)
        self.comes_to(heading)

    def figures(self) -> dict[str, str]:
        """Each figure of the page's document by its id, with its value where it is exact, and its text."""
        return figures_of(self.page)

    @sentence
    def is_refused(self, path: str, status: int) -> None:
        """An address that somebody types: 403 where none of their roles opens such pages, 404 what is not theirs."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == status
