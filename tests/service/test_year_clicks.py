"""From a paid penny to its rule, clusters, extract and approver, by links alone, in at most five clicks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from tests.service.area import Area, signed_in
from tests.service.figures_in import someone
from tests.service.year_made import YearMade, made

pytestmark = pytest.mark.one_database

MOST_CLICKS = 5


@pytest.fixture
def year(board: Area, tmp_path: Path) -> YearMade:
    return made(board, tmp_path)


class Reader:
    """Somebody who reads pages and presses links, each of which is a click."""

    def __init__(self, client: Client, start: str) -> None:
        self.client, self.clicks = client, 0
        self.open(start)

    def open(self, path: str) -> None:
        answer = self.client.get(path.partition("#")[0], follow=True)
        assert answer.status_code == 200, path
        self.page = answer.content.decode()

    def links(self) -> Iterator[tuple[str, str]]:
        """The words and the address of each link in the page itself."""
        main = self.page.partition("<main")[2]
        for href, inner in re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', main, re.DOTALL):
            yield " ".join(re.sub("<[^>]+>", " ", inner).split()), unescape(href)

    def press(self, words: str) -> None:
        """The first link with these words in it."""
        href = next((href for text, href in self.links() if words in unescape(text)), None)
        assert href is not None, f"no link says {words}: {[text for text, _ in self.links()]}"
        self.clicks += 1
        self.open(href)

    def says(self, *words: str) -> None:
        flat = " ".join(unescape(re.sub("<[^>]+>", " ", self.page)).split())
        for one in words:
            assert one in flat, f"{one} is not in {flat}"


def _hash(sha256: str) -> str:
    return " ".join(sha256[at : at + 16] for at in range(0, len(sha256), 16))


KINDS = (("A1", "instalment"), ("A1", "balance"), ("A2", "recovery"), ("A1", "adjustment paid"))


@pytest.mark.parametrize(("code", "kind"), KINDS)
def test_from_a_payment_to_all_that_it_rests_on(year: YearMade, code: str, kind: str) -> None:
    payment, extract = year.payments[code, kind], year.extract
    assert payment.line is not None
    reader = Reader(signed_in(someone("auditor", year.area["QAA"])), "/")
    reader.press("The year")
    reader.press(f"({code}), payment {payment.number}")
    reader.says(
        f"Extract {extract.number}", "31 March 2025", _hash(extract.sha256), _hash(extract.scheme_version.sha256),
        "Engine Remit", "Cluster versions", "Finance officer of First area", _hash(payment.line.run.sha256),
    )  # fmt: skip
    if kind in ("balance", "recovery"):
        approved = year.declarations[code]
        reader.says(f"Declaration {approved.number}", "Approver, tier 1 of First area", _hash(approved.sha256))
        reader.says(f"Practice lead of {year.area[code].name}")
    if kind == "recovery":
        reader.says("Recovery plan 1", "£150.00 in 6 months")
    if kind == "adjustment paid":
        reader.says("Travel to a course that the scheme asked for.")
    to_rule = reader.clicks + 1
    reader.press("2a")
    reader.says("item: 2a", "above 35% pays 10p", "DM8CP-TYPE1")
    assert reader.clicks == to_rule <= MOST_CLICKS


def test_from_a_payment_to_the_schemes_page_and_the_extract(year: YearMade) -> None:
    reader = Reader(signed_in(someone("auditor", year.area["QAA"])), "/year/")
    payment = year.payments["A1", "balance"]
    path = f"/year/payment/{payment.pk}/"
    reader.press(f"(A1), payment {payment.number}")
    reader.press("version 1")
    reader.says(year.extract.scheme_version.sha256)
    reader.open(path)
    reader.press(f"Extract {year.extract.number}")
    reader.says(_hash(year.extract.sha256))
    assert reader.clicks <= MOST_CLICKS


@pytest.mark.parametrize("kind", ["instalment", "balance", "adjustment paid"])
def test_a_practice_goes_the_same_way(year: YearMade, kind: str) -> None:
    """What it does not see is the run, which has other practices' payments."""
    payment = year.payments["A1", kind]
    reader = Reader(signed_in(someone("practice_lead", year.area["A1"])), "/")
    reader.press("The year")
    href = f"/year/payment/{payment.pk}/"
    assert href in {href for _, href in reader.links()}
    reader.clicks += 1
    reader.open(href)
    reader.says(_hash(year.extract.sha256), "Cluster versions")
    assert "Two people" not in reader.page
    reader.press("2a")
    reader.says("item: 2a")
    assert reader.clicks <= MOST_CLICKS
