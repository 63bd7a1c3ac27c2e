"""The story of a year's first figures, in a browser, against `remit serve` with its worker: with a pointer, by
keyboard alone, and without scripts. Each time another ICB begins with nothing and ends with a statement, equal to that
of `remit run` on the same files.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.service.running import Place, Running, running
from tests.system.hands import Keys, Way
from tests.system.look import looked_at
from tests.system.somebody import Somebody, figures_of

pytestmark = pytest.mark.slow

QIF = "Quality Improvement Framework (QIF) 2024/25"
EXAMPLE = Path(__file__).parents[2] / "examples" / "qif-2024-25"
FROM, YEAR_END = "1/4/2024", "31/3/2025"
WAYS = (
    Way("pointer", looks=looked_at),
    Way("keyboard alone", hands=Keys),
    *([Way("without scripts", script=False)] if os.environ.get("REMIT_LOOKS") == "all" else []),
)
HEADER = (
    "NAT_ONS_CODE,NAT_CODE,NAT_COUNTRY,REGION_ODS_CODE,REGION_ONS_CODE,REGION_NAME,ICB_ODS_CODE,ICB_ONS_CODE,ICB_NAME,"
    "SUB_ICB_ODS_CODE,SUB_ICB_ONS_CODE,SUB_ICB_NAME,PCN_ODS_CODE,PCN_NAME,PRACTICE_CODE,PRACTICE_NAME\n"
)
ROW = "E92000001,ENG,England,Y60,E40000008,Midlands,{icb},E54000001,{name},{place},E38000001,{name} - {place},"


@dataclass(frozen=True)
class Area:
    """A made-up ICB: its codes, and its files in a folder."""

    letter: str
    folder: Path

    @property
    def icb(self) -> str:
        return f"Q{self.letter}X"

    @property
    def name(self) -> str:
        return f"NHS {self.letter} Integrated Care Board"

    @property
    def hazel(self) -> str:
        """The practice that shares its counts."""
        return f"{self.letter}80001"

    @property
    def rowan(self) -> str:
        """The practice that does not."""
        return f"{self.letter}80002"

    def practice_map(self) -> Path:
        """A map in the layout that the NHS publishes: two practices of a network, one without."""
        start = ROW.format(icb=self.icb, name=self.name, place=f"{self.letter}1P")
        network = f"{start}U{self.letter}001,Canal Network,"
        rows = (f"{network}{self.hazel},Hazel Surgery", f"{network}{self.rowan},Rowan Surgery",
                f"{start}U,UNALLOCATED,{self.letter}80003,Elder Surgery")  # fmt: skip
        return self._file("practice-map.csv", HEADER + "\n".join(rows) + "\n")

    def practices(self) -> Path:
        """The practice of the example, by two of the area's codes."""
        head, row = _lines("practices.csv")
        row = row.replace(",N1,", f",U{self.letter}001,")
        named = ((self.hazel, "Hazel Surgery"), (self.rowan, "Rowan Surgery"))
        rows = [row.replace("A1,Example Practice", f"{code},{name}") for code, name in named]
        return self._file("practices.csv", "\n".join([head, *rows]) + "\n")

    def counts(self) -> Path:
        """The counts of the example, of two practices."""
        head, *rows = _lines("counts.csv")
        both = [re.sub("^A1,", f"{code},", row) for code in (self.hazel, self.rowan) for row in rows]
        return self._file("counts.csv", "\n".join([head, *both]) + "\n")

    def _file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


def _lines(name: str) -> list[str]:
    return (EXAMPLE / name).read_text(encoding="utf-8").splitlines()


@dataclass(frozen=True)
class Story:
    """A service, an area, and how its people work."""

    browser: Browser
    place: Place
    service: Running
    way: Way
    area: Area

    def somebody(self, name: str) -> Somebody:
        """Somebody who has no account yet."""
        email = f"{name.replace(' ', '.')}@{self.area.icb.lower()}.example.org"
        address = f"http://127.0.0.1:{self.service.port}"
        return Somebody(self.browser, address, self.way, self.area.folder, name.replace("the ", "The "), email)

    def invited(self, by: Somebody, name: str, role: str, organisation: str, second_factor: bool = True) -> Somebody:
        """Somebody who was invited, and has accepted."""
        someone = self.somebody(name)
        address = by.invites(name, someone.email, role, organisation)
        someone.accepts_the_invitation(address)
        if second_factor:
            someone.sets_up_a_second_factor()
        return someone

    def first_invitation(self) -> str:
        """Of the area's administrator: what the service says at its first start, or the command on the server."""
        if self.way is WAYS[0]:
            said = self.service.log.read_text(encoding="utf-8")
        else:
            email = self.somebody("the administrator").email
            said = self.place.command(
                "people", "invite", "--administrator", email, "--commissioner", self.area.icb, "--name", self.area.name,
            ).stdout  # fmt: skip
        shown = re.search(r"http://\S+(/invitation/\S+)", said)
        assert shown, said
        return shown[1]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("deployment") / "data")


@pytest.fixture(scope="module")
def service(place: Place) -> Iterator[Running]:
    """The service, from an empty database, for all stories."""
    with running(place) as service:
        yield service


@pytest.fixture(params=WAYS, ids=str)
def story(browser: Browser, place: Place, service: Running, request: pytest.FixtureRequest, tmp_path: Path) -> Story:
    way = request.param
    return Story(browser, place, service, way, Area("KLM"[WAYS.index(way)], tmp_path))


def test_from_nothing_to_a_statement_equal_to_the_runs(story: Story) -> None:
    area = story.area
    the_administrator = an_area_is_set_up(story)
    a_scheme_is_published(story, the_administrator)
    the_lead = story.invited(the_administrator, "the practice lead", "Practice lead", f"Hazel Surgery ({area.hazel})")
    the_lead.gives_consent(f"{area.name} ({area.icb})", FROM)
    the_lead.signs_out()

    the_specialist = story.invited(
        the_administrator, "the data quality specialist", "Data quality specialist", f"{area.name} ({area.icb})"
    )
    the_specialist.sends_figures(f"{QIF}, version 1", YEAR_END, area.practices(), area.counts())
    the_specialist.sees_them_accepted()

    the_lead.signs_in()
    the_lead.opens("Statements", "Hazel Surgery")
    the_lead.reads("£16,100.00")
    assert the_lead.figures() == those_of_the_command(story)
    the_lead.is_refused(f"/patients/{area.rowan}/{area.icb}/1/", 404)
    the_commissioner_sees_the_overview_and_not_a_patient(story, the_administrator)
    the_auditor_reads_what_was_done(story, the_administrator)


def an_area_is_set_up(story: Story) -> Somebody:
    area = story.area
    the_administrator = story.somebody("the administrator")
    asked = {"Your name": "The administrator"}
    if story.way is WAYS[0]:
        asked |= {"Your e-mail address": the_administrator.email, "Code of your commissioner": area.icb,
                  "Name of your commissioner": area.name}  # fmt: skip
    the_administrator.accepts_the_invitation(story.first_invitation(), asked)
    the_administrator.sets_up_a_second_factor()
    the_administrator.brings_in_the_practice_map(area.practice_map(), FROM)
    the_administrator.reads("1 place, 1 network, 3 practices", "Hazel Surgery", "Rowan Surgery", "Elder Surgery")
    return the_administrator


def a_scheme_is_published(story: Story, the_administrator: Somebody) -> None:
    at = f"{story.area.name} ({story.area.icb})"
    the_author = story.invited(the_administrator, "the author", "Scheme author", at)
    the_approver = story.invited(the_administrator, "the approver", "Approver, tier 1", at)
    the_manager = story.invited(the_administrator, "the contract manager", "Contract manager", at)
    the_author.starts_from_the_library(f"{QIF} (qif-2024-25)")
    the_author.submits_it()
    the_approver.approves(f"Approve {QIF}, version 1, or send it back")
    the_manager.publishes(f"Publish {QIF}, version 1: it is approved", FROM)


def the_commissioner_sees_the_overview_and_not_a_patient(story: Story, the_administrator: Somebody) -> None:
    area = story.area
    the_officer = story.invited(
        the_administrator, "the finance officer", "Finance officer", f"{area.name} ({area.icb})"
    )
    the_officer.opens("Overview", "Overview")
    the_officer.reads("Hazel Surgery", "£16,100.00", "1 practice does not share", "Rowan Surgery")
    assert the_officer.page.get_by_role("link", name=re.compile("patient", re.IGNORECASE)).count() == 0
    the_officer.opens("Statements", "Hazel Surgery")
    assert the_officer.page.get_by_role("link", name=re.compile("patient", re.IGNORECASE)).count() == 0
    the_officer.is_refused(f"/patients/{area.hazel}/{area.icb}/1/", 403)


def the_auditor_reads_what_was_done(story: Story, the_administrator: Somebody) -> None:
    the_auditor = story.invited(
        the_administrator, "the auditor", "Auditor", f"{story.area.name} ({story.area.icb})", second_factor=False
    )
    the_auditor.opens("Audit log", "Audit log")
    at = story.area.name
    the_auditor.reads(
        f"Extract 1 of {at}, the figures of 31 March 2025, was accepted",
        f"The practice lead, practice lead of Hazel Surgery, let {at} ({story.area.icb}) see",
        f"The contract manager, contract manager of {at}, published",
        f"The approver, approver, tier 1 of {at}, approved",
    )


def those_of_the_command(story: Story) -> dict[str, str]:
    """The figures of the practice's statement as the command writes it, from the files that were sent."""
    area, out = story.area, story.area.folder / "run"
    files = ("--practices", str(area.practices()), "--counts", str(area.counts()))
    story.place.command("run", "qif-2024-25", *files, "--out", str(out))
    written = area.folder / "statement.html"
    done = story.place.command("statement", str(out), "--practice", area.hazel, "--html", str(written))
    assert written.exists(), done.stderr
    page = story.browser.new_page()
    page.goto(written.as_uri())
    return figures_of(page)
