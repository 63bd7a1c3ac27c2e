"""An administrator sets up an ICB from the practice map that the NHS published for 2022-23, in a browser."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from playwright.sync_api import Browser
from tests.service.running import Place, running
from tests.system.conftest import browser as browser
from tests.system.hands import Way
from tests.system.somebody import Somebody

ICB, NAME = "QNC", "NHS Staffordshire and Stoke-on-Trent Integrated Care Board"


def test_an_administrator_sets_up_staffordshire(shared: Path, browser: Browser, tmp_path: Path) -> None:
    file = shared / "data" / "practice_reference" / "mapping_nhs_geographies_2022_2023.csv"
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if row["ICB_ODS_CODE"] == ICB]
    places = len({row["SUB_ICB_ODS_CODE"] for row in rows})
    networks = len({row["PCN_ODS_CODE"] for row in rows} - {"U", ""})
    practices = len({row["PRACTICE_CODE"] for row in rows})
    with running(Place(tmp_path / "data")) as service:
        address = f"http://127.0.0.1:{service.port}"
        the_administrator = Somebody(browser, address, Way("pointer"), tmp_path, "The administrator", "a@example.org")
        shown = re.search(r"http://\S+(/invitation/\S+)", service.log.read_text(encoding="utf-8"))
        assert shown
        the_administrator.accepts_the_invitation(shown[1], {
            "Your name": "The administrator", "Your e-mail address": "a@example.org",
            "Code of your commissioner": ICB, "Name of your commissioner": NAME,
        })  # fmt: skip
        the_administrator.sets_up_a_second_factor()
        the_administrator.brings_in_the_practice_map(file, "1/4/2022")
        the_administrator.reads(f"{places} places, {networks} networks, {practices} practices")
