"""The sign-ins of a demonstration in a browser: axe-core finds nothing, it fits, and pages say that all is made up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.system import running
from tests.system.test_service_pages import LOOSE, SMALL, WIDE, ZOOMED, Look, axe_findings, opened

pytestmark = pytest.mark.slow


def test_it_is_accessible_and_says_that_all_is_made_up(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REMIT_DEMO", "1")
    with running.running(tmp_path) as service:
        for look in (Look("sign-ins", "", "/demonstration/"), Look("home", "contract_manager", "/")):
            for size in (WIDE, ZOOMED):
                with opened(browser, service, look, size) as page:
                    expect(page.get_by_text("Every practice, person and patient here is made up.")).to_be_visible()
                    assert axe_findings(page) == []
                    assert page.evaluate(SMALL) == []
                    assert page.evaluate(LOOSE) == []
        with opened(browser, service, Look("sign-ins", "", "/demonstration/"), script=False) as page:
            expect(page.get_by_text(re.compile(r"^\d{6}$"))).to_be_visible()
            page.get_by_role("link", name="Show the code anew").click()
            page.get_by_role("link", name="Sign in", exact=True).click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
