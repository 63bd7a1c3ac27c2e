"""Every page of the service in a browser: axe-core finds nothing, it fits 320 px and 400% zoom, the keyboard reaches
all of it and shows where it is, its targets are large enough, and it says the same without its script."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.system import running
from tests.system.look import TWICE, axe_findings

pytestmark = pytest.mark.slow

WIDE, ZOOMED = (1280, 900, 1), (320, 256, 4)
"""Width and height in CSS pixels, and device pixels for each: the last is 1280 px at 400% zoom."""


@dataclass(frozen=True)
class Look:
    """A page in one state: whose it is (nobody's, where the role is empty), its address, and what is pressed first."""

    name: str
    role: str
    path: str
    press: str = ""
    """The button that is pressed first: on an empty form it shows the errors."""
    status: int = 200

    def __str__(self) -> str:
        return self.name


HOMES = tuple(Look(f"home of {role}", role, "/") for role in running.ROLES)
PAGES = (
    Look("sign-in", "", "/sign-in/"),
    Look("sign-in with errors", "", "/sign-in/", "Sign in"),
    Look("reset", "", "/password/reset/"),
    Look("no such page", "practice_lead", "/nowhere", status=404),
    Look("an area", "administrator", "/organisations/QAA/area/"),
    Look("an area on a day that cannot be read", "administrator", "/organisations/QAA/area/?day=soon"),
    Look("an organisation", "administrator", "/organisations/A1/"),
    Look("an organisation, for who may not change it", "contract_manager", "/organisations/NW1/"),
    Look("what to look at", "administrator", "/organisations/QAA/to-look-at/"),
    Look("a practice map", "administrator", "/organisations/QAA/import/"),
    Look("a practice map without a file", "administrator", "/organisations/QAA/import/", "Read it"),
    Look("a list size with errors", "administrator", "/organisations/A1/list-size/", "Save"),
    Look("a move with errors", "administrator", "/organisations/A1/move/", "Move"),
    Look("a new organisation with errors", "administrator", "/organisations/NW1/add/", "Add"),
    Look("a merger", "administrator", "/organisations/QAA/merge/"),
    Look("a membership to correct", "administrator", "/organisations/A1/in/NW1/2024-04-01/correct/"),
    Look("a practice's consent", "practice_lead", "/consents/A1/"),
    Look("consent to give, with errors", "practice_lead", "/consents/A1/give/", "Give consent"),
    Look("consent to a commissioner", "contract_manager", "/consents/QAA/"),
    Look("a consent on paper, with errors", "administrator", "/consents/QAA/paper/", "Record"),
    Look("schemes", "scheme_author", "/schemes/"),
    Look("a scheme to start", "scheme_author", "/schemes/QAA/start/"),
    Look("a scheme to start, without a file", "scheme_author", "/schemes/QAA/start/", "Upload the file"),
    Look("a draft with errors in its text", "scheme_author", "/schemes/QAA/qif-2024-25/2/edit/"),
    Look("a draft", "scheme_author", "/schemes/QAA/qif-2024-25/2/"),
    Look("a scheme to approve", "approver_tier_1", "/schemes/QAA/spirometry-staffordshire/1/"),
    Look("an approval without words", "approver_tier_1", "/schemes/QAA/spirometry-staffordshire/1/", "Approve"),
    Look("a published scheme, for a practice", "practice_viewer", "/schemes/QAA/qif-2024-25/1/"),
    Look("a scheme's card", "practice_viewer", "/schemes/QAA/qif-2024-25/1/card/"),
    Look("two schemes compared", "scheme_author", "/schemes/QAA/qif-2024-25/1/compare/?other=qif-plus-2024-25"),
    Look("home", "contract_manager", "/"),
    Look("not allowed", "practice_viewer", "/overview/", status=403),
    Look("statement", "practice_viewer", "/statements/A1/3/"),
    Look("statement, others' copy", "contract_manager", "/statements/A1/3/"),
    Look("statements", "contract_manager", "/statements/"),
    Look("statements, one of them", "network_manager", "/statements/"),
    Look("overview", "contract_manager", "/overview/3/"),
    Look("declarations", "approver_tier_1", "/declarations/"),
    Look("declarations, all", "practice_lead", "/declarations/?state=&risk=&scheme="),
    Look("declaration, evidence to review", "contract_manager", "/declarations/A1/qif-2024-25/2/"),
    Look(
        "declaration, review without words",
        "contract_manager",
        "/declarations/A1/qif-2024-25/2/",
        "The evidence is reviewed",
    ),
    Look("declaration of one's own", "practice_lead", "/declarations/A1/qif-2024-25/2/"),
    Look("declaration, withdrawn", "practice_lead", "/declarations/A1/qif-2024-25/1/"),
    Look("declaration, difference", "practice_lead", "/declarations/A1/qif-2024-25/1/difference/"),
    Look("declaration, difference for others", "finance_officer", "/declarations/A1/qif-2024-25/1/difference/"),
    Look("declaration, statement", "contract_manager", "/declarations/A1/qif-2024-25/2/statement/"),
    Look("declare, while one waits", "practice_lead", "/declarations/A1/qif-2024-25/new/"),
    Look("positions", "contract_manager", "/positions/QAA/qif-2024-25/"),
    Look("position of a practice", "practice_lead", "/positions/QAA/qif-2024-25/practice/A1/"),
    Look("position, others' copy", "contract_manager", "/positions/QAA/qif-2024-25/practice/A2/"),
    Look("calendar", "contract_manager", "/calendar/QAA/"),
    Look("calendar of a practice", "practice_lead", "/calendar/A1/"),
    Look("calendar, when reminders come", "contract_manager", "/calendar/QAA/reminders/"),
    Look("offers", "contract_manager", "/offers/QAA/"),
    Look("offers of a network", "network_manager", "/offers/NW1/"),
    Look("an offer", "contract_manager", "/offers/QAA/1/"),
    Look("an offer to make, without a scheme", "contract_manager", "/offers/QAA/new/", "Continue"),
    Look("an offer to make", "contract_manager", "/offers/QAA/new/qif-2024-25/1/"),
    Look("an offer to make, with errors", "contract_manager", "/offers/QAA/new/qif-2024-25/1/", "Review the offer"),
    Look("a scheme's year", "contract_manager", "/offers/QAA/year/qif-2024-25/"),
    Look("limits, without a reason", "contract_manager", "/offers/QAA/year/qif-2024-25/limits/", "Save the limits"),
    Look("offers to a practice", "practice_lead", "/offers/practice/A1/"),
    Look("an offer to answer", "practice_lead", "/offers/practice/A1/5/"),
    Look("an offer to answer, not confirmed", "practice_lead", "/offers/practice/A1/5/", "Accept the offer"),
    Look("an offer to refuse, without a reason", "practice_lead", "/offers/practice/A1/5/refuse/", "Refuse the offer"),
    Look("a part in a scheme", "practice_lead", "/offers/practice/A1/1/"),
    Look("a part in a scheme, still reported", "practice_lead", "/offers/practice/A1/1/still-reported/"),
    Look("an offer that was refused", "contract_manager", "/offers/practice/A3/3/"),
    Look("an open offer, for the commissioner", "contract_manager", "/offers/practice/P001/4/"),
    Look("figures", "data_quality", "/figures/QAA/"),
    Look("figures of a practice", "practice_lead", "/figures/"),
    Look("figures, sending", "data_quality", "/figures/QAA/new/"),
    Look("figures, sending without files", "data_quality", "/figures/QAA/new/", "Send"),
    Look("figures, when they are due", "data_quality", "/figures/QAA/due/"),
    Look("figures, accepted", "data_quality", "/figures/QAA/3/"),
    Look("figures, superseded, with evidence", "data_quality", "/figures/QAA/1/"),
    Look("figures, refused", "data_quality", "/figures/QAA/4/"),
    Look("figures, being checked", "data_quality", "/figures/QAA/5/"),
    Look("figures, not finished", "data_quality", "/figures/QAA/6/"),
    Look("figures, cancelled", "contract_manager", "/figures/QAA/7/"),
    Look("figures, what moved", "contract_manager", "/figures/QAA/3/moved/"),
    Look("figures, what moved for a practice", "practice_viewer", "/figures/QAA/3/moved/A1/"),
    Look("patients, the items", "clinical_lead", "/patients/P001/QAA/1/"),
    Look("patients of an item", "clinical_lead", "/patients/P001/QAA/1/HYP008/"),
    Look("patients, one explanation", "clinical_lead", "/patients/P001/QAA/1/HYP008/1/"),
    Look("books", "finance_officer", "/books/QAA/"),
    Look("books, for who looks on", "auditor", "/books/QAA/"),
    Look("books, closing a month", "finance_officer", "/books/QAA/close/"),
    Look("books, closing a year", "finance_officer", "/books/QAA/years/qif-2024-25/close/"),
    Look("books, the journal", "auditor", "/books/QAA/journal/?since=2024-04-01&until=2024-06-30"),
    Look("books, the journal of days that cannot be", "auditor", "/books/QAA/journal/?since=soon&until=", "Show"),
    Look("books, the accrual", "contract_manager", "/books/QAA/accrual/"),
    Look("books, what moved", "contract_manager", "/books/QAA/accrual/?day=2026-11-28&before=2024-05-31"),
    Look("books, an accrual of no day", "contract_manager", "/books/QAA/accrual/?day=soon", "Show"),
    Look("books, adjustments", "finance_officer", "/books/QAA/adjustments/"),
    Look("books, an adjustment", "finance_officer", "/books/QAA/adjustments/1/"),
    Look("books, an adjustment not decided", "finance_officer", "/books/QAA/adjustments/1/", "Decide"),
    Look(
        "books, an adjustment to propose, with errors", "finance_officer", "/books/QAA/adjustments/new/", "Propose it"
    ),
    Look("the year of a practice", "practice_lead", "/year/practice/A1/"),
    Look("the year of a practice, with a recovery, for finance", "finance_officer", "/year/practice/A2/"),
    Look("the year of a practice that refused", "contract_manager", "/year/practice/A3/"),
    Look("the year of a practice without money", "network_manager", "/year/practice/A1/"),
    Look("the year of an area", "contract_manager", "/year/area/QAA/"),
    Look("the year of an area, some of it", "contract_manager", "/year/area/QAA/?show=refused"),
    Look("the year of an area, none of it", "contract_manager", "/year/area/QAA/?show=late"),
    Look("the year of a network", "network_manager", "/year/area/NW1/"),
    Look("the year's money", "finance_officer", "/year/finance/QAA/"),
    Look("payments", "auditor", "/year/payments/QAA/"),
    Look("payments, none found", "auditor", "/year/payments/QAA/?practice=A1&amount=1"),
    Look("payment, an instalment", "practice_lead", "/year/payment/4/"),
    Look("payment, a balance", "auditor", "/year/payment/7/"),
    Look("payment, a recovery", "auditor", "/year/payment/8/"),
    Look("payment, an adjustment", "auditor", "/year/payment/9/"),
    Look("a rule of a scheme", "auditor", "/year/rule/QAA/qif-2024-25/1/4/"),
    Look("an item that nothing counts", "auditor", "/year/rule/QAA/qif-2024-25/1/2a/"),
    Look("people", "administrator", "/people/"),
    Look("people, inviting", "administrator", "/people/invite/"),
    Look("roles", "administrator", "/roles/"),
    Look("account", "practice_lead", "/account/"),
    Look("account-email", "practice_lead", "/account/email/"),
    Look("audit log", "auditor", "/audit/"),
    Look("payment runs", "finance_officer", "/payments/QAA/"),
    Look("a month's payments to prepare, with errors", "finance_officer", "/payments/QAA/new/", "Prepare"),
    Look("a payment run", "finance_officer", "/payments/QAA/1/"),
    Look("a line of a payment run", "auditor", "/payments/QAA/1/lines/1/"),
    Look("recoveries", "finance_officer", "/recoveries/QAA/"),
    Look("a recovery plan", "finance_officer", "/recoveries/plan/1/"),
)
STATES = (
    Look("payment runs, none yet", "finance of Fourth area", "/payments/QDD/"),
    Look("a month's payments to prepare, while a run is open", "finance_officer", "/payments/QAA/new/"),
    Look("a payment run, prepared", "finance_officer", "/payments/QAA/5/"),
    Look("a payment run, prepared, for who looks on", "auditor", "/payments/QAA/5/"),
    Look("a payment run to cancel, without a reason", "finance_officer", "/payments/QAA/5/", "Cancel it"),
    Look("a payment run, cancelled", "finance_officer", "/payments/QAA/4/"),
    Look("a payment run, being prepared", "finance of Other area", "/payments/QBB/1/"),
    Look("a payment run, failed", "finance of Third area", "/payments/QCC/1/"),
    Look("a line that is held", "finance_officer", "/payments/QAA/5/lines/8/"),
    Look("recoveries, none", "finance of Fourth area", "/recoveries/QDD/"),
    Look("a recovery plan that waits", "finance_officer", "/recoveries/plan/3/"),
    Look("a recovery plan to refuse, without a reason", "lead of P003", "/recoveries/plan/3/", "Refuse it"),
    Look("a recovery plan, refused", "lead of P002", "/recoveries/plan/4/"),
    Look("books, nothing in them", "finance of Fourth area", "/books/QDD/"),
    Look("books, no month to close", "finance of Fourth area", "/books/QDD/close/"),
    Look("books, the journal, empty", "auditor", "/books/QAA/journal/?since=2023-04-01&until=2023-04-30"),
    Look("books, the accrual of nothing", "finance of Fourth area", "/books/QDD/accrual/"),
    Look("books, no adjustment", "finance of Fourth area", "/books/QDD/adjustments/"),
    Look("books, no year to adjust", "finance of Fourth area", "/books/QDD/adjustments/new/"),
    Look("books, an adjustment that was approved", "auditor", "/books/QAA/adjustments/2/"),
    Look("declarations, none", "manager of Fourth area", "/declarations/"),
    Look("declarations, to approve together", "approver_tier_1", "/declarations/?state=waiting&risk=&scheme="),
    Look("declaration, sent back", "lead of P002", "/declarations/P002/qif-2024-25/1/"),
    Look("declaration, taken back", "lead of P002", "/declarations/P002/qif-2024-25/2/"),
    Look("declaration, for tier 2", "approver_tier_2", "/declarations/P004/qif-2024-25/1/"),
    Look("declaration, for finance", "finance_officer", "/declarations/P005/qif-2024-25/1/"),
    Look("declaration, approved", "contract_manager", "/declarations/A2/qif-2024-25/1/"),
    Look("declare", "lead of A2", "/declarations/A2/qif-2024-25/new/"),
    Look("declare, evidence without a file", "lead of A2", "/declarations/A2/qif-2024-25/new/", "Add the file"),
    Look("declare, without figures", "lead of P002", "/declarations/P002/qif-2024-25/new/"),
    Look("positions, none", "manager of Fourth area", "/positions/"),
    Look("positions by other figures", "contract_manager", "/positions/QAA/qif-2024-25/9/"),
    Look("calendar, nothing due", "manager of Fourth area", "/calendar/QDD/"),
    Look("offers, none", "manager of Fourth area", "/offers/QDD/"),
    Look("an offer to make, no scheme", "manager of Fourth area", "/offers/QDD/new/"),
    Look("offers to a practice, all answered", "lead of A3", "/offers/practice/A3/"),
    Look("an offer that lapsed", "contract_manager", "/offers/practice/A2/6/"),
    Look(
        "a late answer to allow, without a reason",
        "contract_manager",
        "/offers/practice/A2/6/allow-late/",
        "Allow a late answer",
    ),
    Look("an offer that was taken back", "lead of A3", "/offers/practice/A3/7/"),
    Look("a part that was left", "contract_manager", "/offers/practice/P001/8/"),
    Look("a part that another practice carries on", "contract_manager", "/offers/practice/P002/9/"),
    Look("a part that ended before it began", "contract_manager", "/offers/practice/P003/10/"),
    Look("a part that is still reported", "contract_manager", "/offers/practice/P004/11/"),
    Look(
        "a part to withdraw from, without a reason",
        "practice_lead",
        "/offers/practice/A1/1/withdraw/",
        "Withdraw from the scheme",
    ),
    Look("the year, whose", "lead of P002", "/year/"),
    Look("the year of a practice, a plan to answer", "contract_manager", "/year/practice/P003/"),
    Look("the year of an area, nothing begun", "manager of Fourth area", "/year/area/QDD/"),
    Look("the year's money, none", "finance of Fourth area", "/year/finance/QDD/"),
    Look("payments, none yet", "finance of Fourth area", "/year/payments/QDD/"),
)
# A new page has its lines here; of the homes of all roles the wide screen is enough, and of the further states of pages
# (`STATES`, on the rows of `more_states`) the narrow one.

ALL = os.environ.get("REMIT_LOOKS") == "all"


def in_turn(turn: int) -> tuple[Look, ...]:
    """The pages for one of three looks: every third, another for each look, so that each page has one of them.

    With REMIT_LOOKS=all there are all of them each time. Every page is looked at narrow, with axe, and every third of
    the further states.
    """
    return PAGES if ALL else PAGES[turn::3]


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[running.Running]:
    """The service on the made-up area, for all tests of a process."""
    with running.running(tmp_path_factory.mktemp("service")) as it:
        yield it


@contextmanager
def opened(
    browser: Browser,
    service: running.Running,
    look: Look,
    size: tuple[int, int, int] = WIDE,
    script: bool = True,
) -> Iterator[Page]:
    """The page in its state; nothing that the browser complains of is passed over."""
    width, height, scale = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=scale, java_script_enabled=script,
        base_url=service.address,
    )  # fmt: skip
    if look.role:
        context.add_cookies([{"name": "sessionid", "value": service.sessions[look.role], "url": service.address}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: complaints.append(request.url) if service.address not in request.url else None)
    answer = page.goto(look.path)
    assert answer is not None
    assert answer.status == look.status
    if look.press:
        page.get_by_role("button", name=look.press, exact=True).click()
        expect(page).to_have_title(re.compile("^Error: "))
    yield page
    context.close()
    assert [one for one in complaints if f"status of {look.status}" not in one] == []


SMALL = """() => {
    const targets = [...document.querySelectorAll('a, button, input, select, summary')]
        .filter(each => each.offsetParent && each.type !== 'hidden' && !each.closest('p, dd, .nhsuk-skip-link'))
        .map(each => [each, each.getBoundingClientRect()]);
    const middle = box => [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const isSmall = box => box.height < 24 || box.width < 24;
    const near = (x, y, box) => isSmall(box) ? Math.hypot(x - middle(box)[0], y - middle(box)[1]) < 24
        : Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)) < 12;
    return targets.filter(([each, box]) => isSmall(box)
        && targets.some(([other, its]) => other !== each && near(...middle(box), its)))
        .map(([each]) => each.outerHTML.slice(0, 120)); }"""
"""Targets of less than 24 pixels that stand too near another (WCAG 2.5.8); those inside a sentence are left out."""

LOOSE = """() => [...document.querySelectorAll('body *')]
    .filter(each => each.getBoundingClientRect().right > innerWidth + 1
        && !each.closest('.remit-scroll, .scroll, .chart, .nhsuk-u-visually-hidden'))
    .map(each => each.outerHTML.slice(0, 120))"""
"""What goes over the edge of the screen, but for what scrolls in a region of its own."""


CODED_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
"""A day as files write it; a page says "31 January 2025"."""


@pytest.mark.parametrize("look", [*in_turn(0), *HOMES], ids=str)
def test_it_is_accessible_on_a_wide_screen(browser: Browser, service: running.Running, look: Look) -> None:
    with opened(browser, service, look) as page:
        assert page.locator("h1").count() == 1
        if not look.path.startswith("/schemes/"):  # those show a file's own text
            assert CODED_DAY.findall(page.locator("main").inner_text()) == []
        assert page.title().endswith(" - Remit")
        assert page.title().startswith("Error: ") == bool(look.press)
        if look.press:
            expect(page.locator(".nhsuk-error-summary")).to_be_focused()
        assert axe_findings(page) == []
        assert page.evaluate(SMALL) == []
        assert page.evaluate(TWICE) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= WIDE[0]
        page.emulate_media(media="print")
        expect(page.locator("header")).to_be_hidden()
        expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize("look", [*PAGES, *(STATES if ALL else STATES[::3])], ids=str)
def test_it_is_accessible_at_320_pixels_and_400_percent_zoom(
    browser: Browser, service: running.Running, look: Look
) -> None:
    with opened(browser, service, look, ZOOMED) as page:
        assert page.locator("h1").count() == 1
        assert page.title().startswith("Error: ") == bool(look.press)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert page.evaluate(LOOSE) == []
        assert axe_findings(page) == []
        assert page.evaluate(SMALL) == []


STOPS = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter(each => each.offsetParent && each.checkVisibility() && each.type !== 'hidden' && !each.disabled
        && (each.type !== 'radio' || each.checked)).length"""

FOCUSED = """() => { const each = document.activeElement, style = getComputedStyle(each);
    const box = each.getBoundingClientRect();
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    return [each.tagName, each.outerHTML.slice(0, 120), outlined || style.boxShadow !== 'none',
        box.bottom > 0 && box.top < innerHeight]; }"""


@pytest.mark.parametrize("look", in_turn(1), ids=str)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    browser: Browser, service: running.Running, look: Look
) -> None:
    """The first stop leads past the menu; each is in sight and marked."""
    with opened(browser, service, look) as page:
        if not look.press:
            page.keyboard.press("Tab")
            expect(page.locator(".nhsuk-skip-link")).to_be_focused()
            page.keyboard.press("Enter")
            expect(page.locator("main")).to_be_focused()
        page.locator(".nhsuk-skip-link").focus()
        reached = ["the skip link"]
        stops = page.evaluate(STOPS)
        for _ in range(stops + 5):
            page.keyboard.press("Tab")
            tag, html, is_marked, is_in_sight = page.evaluate(FOCUSED)
            if tag == "BODY":
                break
            assert is_marked, f"nothing shows that the keyboard is at {html}"
            assert is_in_sight, f"{html} has the keyboard and is out of sight"
            reached.append(html)
        assert len(reached) >= stops


@pytest.mark.parametrize("look", in_turn(2), ids=str)
def test_it_says_the_same_without_its_script(browser: Browser, service: running.Running, look: Look) -> None:
    """The script adds words, such as "Show" beside a password; it takes none away, and the page needs none of them."""
    words = []
    for script in (True, False):
        with opened(browser, service, look, script=script) as page:
            words.append(set((page.locator("main").text_content() or "").split()))
    with_script, without = words
    assert without - with_script == set()
    assert without


def test_nothing_moves_for_a_reader_who_wants_it_still(browser: Browser, service: running.Running) -> None:
    with opened(browser, service, PAGES[0]) as page:
        page.emulate_media(reduced_motion="reduce")
        moving = page.evaluate("""() => [...document.querySelectorAll('*')].filter(each => {
            const style = getComputedStyle(each);
            return parseFloat(style.transitionDuration) > 0 || parseFloat(style.animationDuration) > 0; }).length""")
        assert moving == 0
