"""Takes the pictures of README and the docs from what ./demo files made: python scripts/pictures.py [FOLDER]."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
TO = ROOT / "docs" / "assets" / "pictures"
PAGES = {
    "statement": ("statement-qif.html", 900),
    "worklist": ("worklist.html", 900),
    "overview": ("overview/overview.html", 1150),
}
"""Each page with how much of it is shown, in pixels from the top."""
WIDTH = 1100


def main() -> None:
    """Write a PNG for each page."""
    board = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "out" / "board").resolve()
    TO.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for name, (page, height) in PAGES.items():
            sheet = browser.new_page(viewport={"width": WIDTH, "height": height})
            sheet.goto((board / page).as_uri())
            sheet.screenshot(path=TO / f"{name}.png")
            print(f"Written to {(TO / f'{name}.png').relative_to(ROOT)}")
        browser.close()


if __name__ == "__main__":
    main()
