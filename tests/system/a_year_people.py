"""What people do in a scheme's year, as sentences: `the_lead.accepts_the_offer(…)`, `the_officer.prepares_payments(…)`.

Everybody is signed in already, each in a browser of their own. Pages are worked by what is written on them.
"""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Locator, expect
from tests.system.hands import Way, sentence
from tests.system.somebody import Somebody


class AtWork(Somebody):
    """Somebody of the area or of a practice, who is signed in."""

    def __init__(self, browser: Browser, address: str, way: Way, folder: Path, called: str, session: str) -> None:
        super().__init__(browser, address, way, folder, called[:1].upper() + called[1:], "")
        self.page.context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        self.page.goto("/")

    def _in_main(self, words: str | re.Pattern[str]) -> Locator:
        return self.page.locator("main").get_by_role("link", name=words).first

    def _ticks(self, label: str) -> None:
        self._hands.tick(self._field(label))

    # What everybody sees

    @sentence
    def sees_the_day(self, day: str) -> None:
        """A rehearsal says on each page what day it is."""
        self._goes_to("Home")
        expect(self.page.get_by_role("region", name="Rehearsal")).to_have_text(f"Rehearsal: it is {day} here.")
        self.way.looks(self.page)

    @sentence
    def is_told_at_home(self, words: str) -> None:
        self._goes_to("Home")
        expect(self.page.locator("main")).to_contain_text(words)
        self.way.looks(self.page)

    @sentence
    def opens_the_statement_of(self, practice: str) -> None:
        self._opens_of("Statements", practice)

    @sentence
    def opens_the_year_of(self, practice: str) -> None:
        self._opens_of("The year", practice)

    def _opens_of(self, entry: str, practice: str) -> None:
        """Who took another practice over chooses between its own and that one's."""
        self._goes_to(entry)
        if self.page.locator("h1").inner_text().strip() == entry:
            self._hands.press(self._in_main(practice))
        self.comes_to(practice)

    @sentence
    def sees_the_position(self, practice: str, *texts: str) -> None:
        """What is earned so far by the newest figures, and what moved."""
        self._goes_to("Positions")
        self.comes_to(practice)
        self.reads(*texts)

    @sentence
    def follows_a_payment_to_its_rule(self, practice: str, paid: str, item: str, rule: str, *texts: str) -> None:
        """Three clicks: the payments, the payment with all that it rests on, and the rule of an item."""
        self._goes_to("The year")
        row = self.page.get_by_role("row", name=re.compile(f"^{practice} .*{re.escape(paid)}"))
        self._hands.press(row.get_by_role("link").first)
        self.comes_to(paid)
        self.reads(*texts)
        self._hands.press(self.page.get_by_role("row", name=re.compile(f"^{item} ")).get_by_role("link").first)
        self.comes_to(rule)

    # Offers

    @sentence
    def offers_the_scheme_to_all(self, scheme: str, answer_by: str, words: str) -> None:
        self._goes_to("Offers")
        self._follows("Make an offer")
        self.comes_to("Make an offer")
        self._ticks(f"{scheme}, version 1")
        self._presses("Continue")
        self.comes_to(f"Offer {scheme}")
        self._writes("Answer by", answer_by)
        self._ticks("All practices")
        self._writes("What you want to say to the practices", words)
        self._presses("Review the offer")
        self.comes_to("Step 3 of 3")
        self._presses("Send the offer")
        self.reads("The offer was sent to")

    @sentence
    def accepts_the_offer(self, scheme: str, first_day: str = "") -> None:
        self._opens_the_offer(scheme)
        if first_day:
            self._writes("First day", first_day)
        self._ticks("We take part in this scheme, and share our counts as it says above")
        self._presses("Accept the offer")
        self.reads("The practice takes part")

    @sentence
    def refuses_the_offer(self, scheme: str, reason: str) -> None:
        self._opens_the_offer(scheme)
        self._follows("Refuse the offer")
        self._writes("Reason", reason)
        self._presses("Refuse the offer")
        self.reads("The practice refused this offer.", reason)

    def _opens_the_offer(self, scheme: str) -> None:
        self._goes_to("Offers")
        self._hands.press(self._in_main(scheme))
        self.comes_to(scheme)

    @sentence
    def allows_a_late_answer(self, practice: str, scheme: str, by: str, reason: str) -> None:
        self._goes_to("Offers")
        self._follows("Offer 1")
        self._hands.press(self._in_main(practice))
        self.comes_to(scheme)
        self._follows("Allow a late answer")
        self._writes("Answer by", by)
        self._writes("Reason", reason)
        self._presses("Allow a late answer")
        self.reads("waits for the practice's answer")

    # Figures

    @sentence
    def sends_the_figures(
        self, scheme: str, day: str, files: tuple[Path, Path], settings: str = "", why: str = ""
    ) -> None:
        self._goes_to("Figures")
        self._follows("Send figures")
        self.comes_to("Send figures")
        self._hands.choose(self._field("Scheme"), f"{scheme}, version 1")
        self._writes("Day that the figures are of", day)
        for label, file in zip(("Practices", "Counts"), files, strict=True):
            self._hands.hand_over(self._field(label), file)
        if settings:
            self._writes("Settings (if the register has none)", settings)
        if why:
            self._writes("Why these figures replace earlier ones of the same day (if they do)", why)
        self._presses("Send")
        self.sees_them_accepted()

    # Declarations

    @sentence
    def adds_evidence(self, practice: str, file: Path, shows: str) -> None:
        self._opens_what_can_be_declared(practice)
        self._hands.hand_over(self._field("File"), file)
        self._writes("What it shows", shows)
        self._ticks("Nothing of a patient is in it: no name, number, birth date, address or picture")
        self._presses("Add the file")
        self.reads(file.name, shows)

    @sentence
    def declares(self, practice: str, pounds: str) -> None:
        """Exactly these pounds: they stand on the button."""
        self._opens_what_can_be_declared(practice)
        self._ticks("I have looked at these numbers, and declare them for the practice")
        self._presses(f"Declare {pounds}")
        self.comes_to(pounds)

    def _opens_what_can_be_declared(self, practice: str) -> None:
        self._goes_to("Declarations")
        self._hands.press(self._in_main(re.compile(f"^{practice}: .* what you can declare$")))
        self.comes_to("Declare the practice's figures")

    @sentence
    def sees_why_it_no_longer_stands(self, practice: str, *texts: str) -> None:
        """From the first page: what the declaration was, and what differs now."""
        self._goes_to("Home")
        self._hands.press(self._in_main(re.compile(f"^{practice}: declaration .* no longer stands")))
        self.comes_to("Declaration 1")
        self._hands.press(self._in_main(re.compile("differ")))
        self.reads(*texts)

    @sentence
    def reviews_the_evidence(self, practice: str, words: str) -> None:
        self._opens_the_declaration(practice)
        self._writes("What you looked at", words)
        self._presses("The evidence is reviewed")
        self.reads("The evidence is reviewed.", words)

    @sentence
    def approves_the_declaration(self, practice: str) -> None:
        self._opens_the_declaration(practice)
        self._presses("Approve")
        self.reads("The declaration is approved by tier 1.")

    @sentence
    def approves_together(self, *practices: str) -> None:
        self._goes_to("Declarations")
        self.comes_to("Declarations")
        for practice in practices:
            self._hands.tick(self.page.get_by_label(re.compile(f"^Approve {practice}, declaration")))
        self._presses("Approve those that are ticked")
        self.reads(f"Approved together: {len(practices)}.")

    @sentence
    def checks_as_tier_2(self, practice: str) -> None:
        self._opens_the_declaration(practice)
        self._presses("Approve as tier 2")
        self.reads("The declaration is approved by tier 2.")

    @sentence
    def approves_the_amount(self, practice: str) -> None:
        self._opens_the_declaration(practice)
        self._presses("Approve the amount")
        self.reads("The amount is approved.")

    def _opens_the_declaration(self, practice: str) -> None:
        self._goes_to("Declarations")
        self._hands.press(self._in_main(re.compile(f"^{practice} ")))
        self.comes_to("Declaration ")

    # Money

    @sentence
    def prepares_payments(self, month: str, pay_on: str) -> None:
        """The worker prepares them meanwhile; the page shows it by itself. Another person releases them."""
        self._goes_to("Payments")
        self._follows("Prepare a month's payments")
        self.comes_to("Prepare a month's payments")
        self._hands.choose(self._field("Month"), month)
        self._writes("Day to pay on", pay_on)
        self._presses("Prepare")
        expect(self.page.locator("main")).to_contain_text("You cannot release this run.", timeout=90_000)
        self.way.looks(self.page)

    def _opens_the_run(self, month: str) -> None:
        self._goes_to("Payments")
        self._hands.press(self._in_main(re.compile(f"^Payment run .* for {month}$")))
        self.comes_to("Payment run")

    @sentence
    def cannot_release_payments(self, month: str, why: str) -> None:
        self._opens_the_run(month)
        self.reads("You cannot release this run.", why)
        expect(self.page.get_by_role("button", name="Release this run")).to_have_count(0)

    @sentence
    def releases_payments(self, month: str) -> None:
        self._opens_the_run(month)
        self._presses("Release this run")
        self.reads("Download the payment file")
        done = self.page.get_by_role("table", name="What was done with it")
        by = {step: done.get_by_role("row", name=re.compile(f"^{step}")) for step in ("Begun", "Released")}
        assert len({row.get_by_role("cell").first.inner_text() for row in by.values()}) == 2, "one person did both"

    @sentence
    def saves_the_payment_file(self, folder: Path) -> Path:
        """Of the run that is shown."""
        with self.page.expect_download() as download:
            self._follows("Download the payment file")
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path

    @sentence
    def proposes_a_plan(self, practice: str, owes: str, months: int) -> None:
        self._goes_to("Payments")
        self._follows("Who owes, and recovery plans")
        self.comes_to("Recoveries of")
        self._hands.press(self._in_main(f"Propose a plan for {practice}"))
        self.comes_to("Propose a recovery plan")
        self.reads(owes)
        self._writes("Months", str(months))
        self._presses("Propose it")
        self.comes_to("Recovery plan")

    @sentence
    def agrees_to_the_plan_of(self, practice: str) -> None:
        """As finance: a second person, where the practice does not answer."""
        self._goes_to("Payments")
        self._follows("Who owes, and recovery plans")
        self._hands.press(self._in_main(re.compile(f"^{practice}, plan")))
        self._presses("Agree to this plan")
        self.reads("agreed")

    @sentence
    def agrees_to_the_plan(self) -> None:
        """As the practice, from the page of its year."""
        self._goes_to("The year")
        self._hands.press(self._in_main(re.compile("[Rr]ecovery plan|[Pp]lan")))
        self._presses("Agree to this plan")
        self.reads("agreed")

    @sentence
    def sees_the_accounts(self) -> dict[str, tuple[str, str]]:
        """What each account stands at: its debit and its credit."""
        rows = self.page.get_by_role("table", name=re.compile("^Trial balance")).get_by_role("row").all()[1:]
        cells = [row.locator("th, td").all_inner_texts() for row in rows]
        return {name: (debit, credit) for name, debit, credit in cells}

    @sentence
    def closes_the_books_of(self, month: str) -> None:
        self._goes_to("Books")
        self._follows(f"Close {month}")
        self._presses(f"Close {month} for good")
        self.comes_to("Books of")

    @sentence
    def closes_the_year(self, title: str) -> None:
        self._goes_to("Books")
        self._follows("open: see what is left, and close it")
        self.reads("Nothing in it is open.")
        self._presses(f"Close {title} for good")
        self.reads("closed")

    # Organisations

    @sentence
    def merges(self, practice: str, into: str, first_day: str, reason: str) -> None:
        """`practice` by its name, `into` by its code."""
        self._goes_to("Organisations")
        self._hands.press(self._in_main(practice))
        self.comes_to(practice)
        self._follows("Merge it into another")
        self._writes("Code of the organisation that takes over", into)
        self._writes("First day of the merged organisation", first_day)
        self._writes("Reason", reason)
        self._presses("Merge")
        self.reads("takes over from")
