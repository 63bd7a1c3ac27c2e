"""A browser for the tests of pages: the system's chromium, and axe-core."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.system import pages

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium. Where there is none, the tests fail: `./test quick` leaves them out."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.fail(
            "no chromium is installed: scripts/environment.sh installs it where it may; ./test quick needs none"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pages, shared by all processes that run tests."""
    base = tmp_path_factory.getbasetemp()
    return pages.made(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base)
