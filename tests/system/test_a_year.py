"""The story of a year: QIF 2024/25 in a made-up area, from the offers to the last penny that is paid back.

A practice manager can read it from top to bottom. Everything happens on pages, in a browser, against `remit serve` with
its worker, on a deployment that rehearses: it lives at whatever day the story has come to. What has to come out is in
`a_year_figures`, by hand, and is asked of `remit run` on the same files; no part of the service says what is expected.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.service.running import Place, Running, running
from tests.system.a_year_area import NAMES, SCHEME, TITLE, Area, lead_of, settings
from tests.system.a_year_figures import (
    ASH,
    AT_THE_END,
    BIRCH,
    ELDER,
    HAZEL,
    HAZEL_IN_OCTOBER,
    MAPLE,
    MONTHS,
    PRACTICES,
    ROWAN,
    ROWAN_AFTERWARDS,
    SETTINGS,
    WILLOW,
    YEAR_END,
    end_of,
    written,
)
from tests.system.a_year_people import AtWork
from tests.system.hands import Keys, Way
from tests.system.look import looked_at_each_kind
from tests.system.somebody import figures_of

from remit.core.say import money as pounds
from remit.service import rehearsal

pytestmark = pytest.mark.slow
BEGINS = date(2024, 3, 20)
MAY = date(2025, 5, 1)
"""The month in which balances are paid."""
AFTERWARDS = tuple(date(2025, month, 1) for month in range(6, 12))
"""The months in which what was paid too much comes back."""
FILL = "import json\nfrom tests.system.a_year_area import fill\nprint(json.dumps(fill({letter!r})))"


@dataclass
class Year:
    """A service that rehearses, and the people of an area, each of whom opens their browser when they are needed."""

    browser: Browser
    place: Place
    service: Running
    area: Area
    way: Way
    folder: Path
    sessions: dict[str, str]
    payment_files: list[Path] = field(default_factory=list)
    _people: dict[str, AtWork] = field(default_factory=dict)

    def __getitem__(self, called: str) -> AtWork:
        if called not in self._people:
            at = f"http://127.0.0.1:{self.service.port}"
            self._people[called] = AtWork(self.browser, at, self.way, self.folder, called, self.sessions[called])
        return self._people[called]

    def lead(self, practice: str) -> AtWork:
        return self[lead_of(practice)]

    def it_is(self, day: date) -> None:
        """The rehearsal is moved on, as `remit rehearse` does it (which test_rehearsal tries), without its process."""
        rehearsal.set_day(self.place.data, day)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("rehearsal")
    return Place(folder / "data", environment={"REMIT_REHEARSAL": BEGINS.isoformat()})


@pytest.fixture(scope="module")
def service(place: Place) -> Iterator[Running]:
    """The service, for an area of its own in each story. The next story begins with the clock set back."""
    with running(place) as service:
        yield service


@pytest.fixture
def begun(browser: Browser, place: Place, service: Running, tmp_path: Path) -> Callable[[str, Way], Year]:
    """Begins a year in an area with a letter, where people work in some way."""

    def begin(letter: str, way: Way) -> Year:
        rehearsal.set_day(place.data, BEGINS)
        sessions = json.loads(place.python(FILL.format(letter=letter)))
        return Year(browser, place, service, Area(letter), way, tmp_path, sessions)

    return begin


def test_a_year_of_the_scheme(begun: Callable[[str, Way], Year]) -> None:
    year = begun("N", Way("pointer", looks=looked_at_each_kind))
    the_scheme_is_offered(year)
    for month in MONTHS:
        if month.month == 10:
            a_practice_joins_late(year)
        the_figures_of(year, month)
        the_month_is_paid(year, month)
        if month.month == 5:
            year["the finance officer"].closes_the_books_of("May 2024")
        if month.month == 10:
            year.lead(HAZEL).sees_the_position("Hazel Surgery", pounds(HAZEL_IN_OCTOBER), "What moved")
        if month.month == 11:
            two_practices_merge(year)
    every_practice_declares(year)
    late_figures_change_one_declaration(year)
    every_declaration_is_approved(year)
    every_statement_is_that_of_the_command(year)
    who_was_paid_too_much_pays_back_in_six_months(year)
    the_balances_are_paid(year)
    for month in AFTERWARDS:
        the_month_is_paid(year, month)
    everything_adds_up(year)


def test_from_an_offer_to_its_balance_by_keyboard_alone(begun: Callable[[str, Way], Year]) -> None:
    """One practice, which is offered the scheme, is paid its instalments, declares, and is paid its balance."""
    year = begun("K", Way("keyboard alone", hands=Keys, looks=looked_at_each_kind))
    year["the contract manager"].offers_the_scheme_to_all(TITLE, "19/4/2024", "You are welcome.")
    the_lead = year.lead(HAZEL)
    the_lead.accepts_the_offer(TITLE)
    the_figures_of(year, MONTHS[-1], only=(HAZEL,))
    the_month_is_paid(year, MONTHS[-1])
    the_lead.declares("Hazel Surgery", "£20,000.00")
    year["the approver"].approves_the_declaration("Hazel Surgery")
    year["the head of finance"].approves_the_amount("Hazel Surgery")
    the_month_is_paid(year, MAY)
    the_lead.opens_the_year_of("Hazel Surgery")
    the_lead.reads("the year is settled", "£16,800.00", "£3,200.00")


def the_scheme_is_offered(year: Year) -> None:
    """In March the scheme is offered to all. Most accept; Ash Surgery does not, and Maple Surgery does not answer."""
    manager = year["the contract manager"]
    manager.sees_the_day("20 March 2024")
    manager.offers_the_scheme_to_all(TITLE, "19/4/2024", "All practices are welcome. Ask us if you have a question.")
    for practice in (HAZEL, ROWAN, ELDER, BIRCH, WILLOW):
        year.lead(practice).accepts_the_offer(TITLE)
    year.lead(ASH).refuses_the_offer(TITLE, "Two of our partners leave this year.")


def a_practice_joins_late(year: Year) -> None:
    """The offer to Maple Surgery lapsed in April. In September it is allowed to answer, and joins from October on."""
    year.it_is(date(2024, 9, 20))
    reason = "A new practice manager has come, and asked to join."
    year["the contract manager"].allows_a_late_answer("Maple Surgery", TITLE, "30/9/2024", reason)
    year.lead(MAPLE).accepts_the_offer(TITLE, "1/10/2024")


def the_figures_of(year: Year, month: date, only: Collection[str] = PRACTICES) -> None:
    """On the third of the next month the figures of the month come in: of the practices that take part."""
    day = end_of(month)
    year.it_is(the_third_after(month))
    files = written(year.area.letter, year.folder, day, only=only)
    typed = f"{day.day}/{day.month}/{day.year}"
    typed_settings = at_the_years_end() if day == YEAR_END else ""
    year["the data quality specialist"].sends_the_figures(TITLE, typed, files, typed_settings)


def at_the_years_end() -> str:
    """What the area answers at the year's end where the scheme leaves it open."""
    return "\n".join(f"{name}={value}" for name, value in settings(True).items())


def every_statement_is_that_of_the_command(year: Year) -> None:
    """Each practice reads on its statement, figure by figure, what `remit statement` writes from the files that came
    in; and its award and its balance are those that were worked out by hand."""
    run = as_the_command_has_it(year)
    for practice, by_hand in AT_THE_END.items():
        the_lead = year.lead(practice)
        the_lead.opens_the_statement_of(NAMES[practice])
        expected = ROWAN_AFTERWARDS if practice == ROWAN else by_hand
        the_lead.reads(pounds(expected.award), pounds(expected.balance or expected.recovery))
        assert the_lead.figures() == run[practice]


def as_the_command_has_it(year: Year) -> dict[str, dict[str, str]]:
    """The figures of each practice's statement, by `remit run` and `remit statement` on the files that were sent."""
    home = year.folder / f"{YEAR_END}-late"
    run, pages = home / "run", home / "statements"
    files = ("--practices", str(home / "practices.csv"), "--counts", str(home / "counts.csv"))
    chosen = [word for name, value in SETTINGS.items() for word in ("--set", f"{name}={value}")]
    done = year.place.command("run", SCHEME, *files, *chosen, "--out", str(run))
    assert done.returncode == 0, done.stderr
    done = year.place.command("statement", str(run), "--all", "--html", str(pages))
    assert done.returncode == 0, done.stderr
    page, found = year.browser.new_page(), {}
    for practice in AT_THE_END:
        (file,) = pages.glob(f"*{year.area.code(practice)}*.html")
        page.goto(file.as_uri())
        found[practice] = figures_of(page)
    page.close()
    return found


def the_month_is_paid(year: Year, month: date) -> None:
    """One person of finance prepares the month's payments, and another releases them: they take turns."""
    first, second = year["the finance officer"], year["the other finance officer"]
    if month.month % 2:
        first, second = second, first
    is_prepared(year, month, first)
    is_released(year, month, second)


def is_prepared(year: Year, month: date, by: AtWork) -> None:
    """The payments of a month, on the third of the next."""
    day = the_third_after(month)
    year.it_is(day)
    by.prepares_payments(f"{month:%B %Y}", f"10/{day.month}/{day.year}")


def is_released(year: Year, month: date, by: AtWork) -> None:
    """Whoever releases saves the payment file for whoever pays."""
    by.releases_payments(f"{month:%B %Y}")
    year.payment_files.append(by.saves_the_payment_file(year.folder))


def the_third_after(month: date) -> date:
    """The third of the month that follows."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 3)


def two_practices_merge(year: Year) -> None:
    """In December Willow Surgery joins Rowan Surgery, from the first day of January on."""
    year.it_is(date(2024, 12, 12))
    year["the administrator"].merges("Willow Surgery", year.area.code(ROWAN), "1/1/2025", "The partners retire.")


def every_practice_declares(year: Year) -> None:
    """In April each practice looks at its figures of the year's end and declares them. Elder Surgery adds evidence."""
    year.it_is(date(2025, 4, 8))
    minutes = year.folder / "minutes.txt"
    minutes.write_text("The practice met about palliative care on 3 February 2025.\n", encoding="utf-8")
    year.lead(ELDER).adds_evidence("Elder Surgery", minutes, "That the practice met")
    for practice, expected in AT_THE_END.items():
        year.lead(practice).declares(NAMES[practice], pounds(expected.award))


def late_figures_change_one_declaration(year: Year) -> None:
    """Two days later better figures come in. What Rowan Surgery declared no longer stands: it is told, with the
    difference, and declares anew. What the others declared is what the new figures say, and stands."""
    year.it_is(date(2025, 4, 10))
    files = written(year.area.letter, year.folder, YEAR_END, late=True)
    why = "Five reviews of Rowan Surgery were coded late."
    the_specialist = year["the data quality specialist"]
    the_specialist.sends_the_figures(TITLE, "31/3/2025", files, at_the_years_end(), why)
    the_lead = year.lead(ROWAN)
    before, now = AT_THE_END[ROWAN].award, ROWAN_AFTERWARDS.award
    the_lead.sees_why_it_no_longer_stands("Rowan Surgery", pounds(now - before))
    the_lead.declares("Rowan Surgery", pounds(now))


def every_declaration_is_approved(year: Year) -> None:
    """The evidence is reviewed. Hazel Surgery's award is above £15,000: tier 1 approves it by itself, and finance its
    amount. The others are approved together, and tier 2 checks each."""
    year.it_is(date(2025, 4, 15))
    year["the contract manager"].reviews_the_evidence("Elder Surgery", "The minutes of the meeting.")
    approver, second = year["the approver"], year["the second approver"]
    approver.approves_the_declaration("Hazel Surgery")
    others = [NAMES[practice] for practice in AT_THE_END if practice != HAZEL]
    approver.approves_together(*others)
    for practice in others:
        second.checks_as_tier_2(practice)
    year["the finance officer"].approves_the_amount("Hazel Surgery")


def who_was_paid_too_much_pays_back_in_six_months(year: Year) -> None:
    """At the end of May finance proposes a plan to each of the two. Elder Surgery agrees to it; for Birch Surgery,
    which does not answer, a second person of finance does."""
    year.it_is(date(2025, 5, 30))
    for practice in (ELDER, BIRCH):
        year["the finance officer"].proposes_a_plan(NAMES[practice], pounds(AT_THE_END[practice].recovery), 6)
    year.lead(ELDER).agrees_to_the_plan()
    year["the other finance officer"].agrees_to_the_plan_of("Birch Surgery")


def the_balances_are_paid(year: Year) -> None:
    """The run of May pays the balances. Whoever approved the amount of one does not release it: a third person does."""
    is_prepared(year, MAY, year["the other finance officer"])
    why = "One person does not both approve the amount of a payment and release it."
    year["the finance officer"].cannot_release_payments("May 2025", why)
    is_released(year, MAY, year["the head of finance"])


def everything_adds_up(year: Year) -> None:
    """What each practice was paid in all is its award; what the payment files pay is what the books say; the books
    balance, nobody owes anything, and the year is closed for good."""
    year.it_is(date(2025, 12, 12))
    awards = {practice: one.award for practice, one in AT_THE_END.items()} | {ROWAN: ROWAN_AFTERWARDS.award}
    paid, totals = paid_by_the_files(year)
    paid[ROWAN] += paid.pop(WILLOW)  # it was paid until December, and its list counts for Rowan Surgery
    assert dict(paid) == awards
    assert totals == sum(awards.values())
    for practice, award in awards.items():
        year.lead(practice).opens_the_year_of(NAMES[practice])
        year.lead(practice).reads("the year is settled", pounds(award))
    officer, cost = year["the finance officer"], pounds(sum(awards.values()))
    officer.opens("Books", "Books of")
    assert officer.sees_the_accounts() == {
        "Cash": ("", cost),
        "Paid in advance": ("£0.00", ""),
        "Scheme cost": (cost, ""),
        "Owed to practices": ("£0.00", ""),
        "Total": (cost, cost),
    }
    officer.closes_the_year(TITLE)
    year["the auditor"].follows_a_payment_to_its_rule(
        "Hazel Surgery", pounds(AT_THE_END[HAZEL].balance), "3", "PULSE65", "Extract 13", "Approved by Approver",
        "Amount approved by Finance officer", "Prepared by Other finance officer", "Released by Head of finance",
    )  # fmt: skip
    done = year.place.command("books", "check")
    assert done.returncode == 0, done.stdout + done.stderr


def paid_by_the_files(year: Year) -> tuple[Counter[str], int]:
    """What all payment files pay to each practice, and what their control totals come to; each file's own agree."""
    paid: Counter[str] = Counter()
    totals = 0
    for file in year.payment_files:
        with file.open(encoding="utf-8", newline="") as text:
            rows = list(csv.reader(text))
        payments = [(row[1], _pence(row[5])) for row in rows if row[0] == "payment"]
        trailer = rows[-1]
        assert (trailer[0], int(trailer[1])) == ("trailer", len(payments))
        assert _pence(trailer[2]) == sum(pence for _, pence in payments)
        assert _pence(trailer[2]) == sum(_pence(row[3]) for row in rows if row[0] == "total")
        totals += _pence(trailer[2])
        for code, pence in payments:
            paid[code.removeprefix(year.area.letter)] += pence
    return paid, totals


def _pence(text: str) -> int:
    return round(Decimal(text) * 100)
