"""A practice that merges: what waits of it is withdrawn and says why; its successor's declaration covers it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.service.area import Area, signed_in
from tests.service.declaring import again, as_, declared, figures_in, figures_of, takes, who, whole, year
from tests.service.figures_in import YEAR_END, checked, received, scheme, someone
from tests.service.test_declarations_pages import NEW, ONE, text

from remit.contract.declaration import Step
from remit.core.problems import Refused
from remit.service.audit.models import Entry
from remit.service.audit.sentences import sentence
from remit.service.declarations import reading
from remit.service.declarations.models import Declaration
from remit.service.offers.models import SchemeYear
from remit.service.organisations import mergers
from remit.service.organisations.models import Succession

pytestmark = pytest.mark.one_database

MERGED = date(2024, 12, 1)
QUARTER = date(2024, 9, 30)
PRACTICES = (
    "practice_code,practice_name,place_code,network_code,list_size,weighted_list_size,left,successor_code\n"
    "A1,First practice,cannock-chase,NW1,10500,10000,2024-11-30,A2\n"
    "A2,Second practice,cannock-chase,NW1,5000,5000,,\n"
)
SAYS = "no longer stands: the practice merged into Second practice (A2)"


@pytest.fixture
def qif(board: Area) -> SchemeYear:
    return year(board, scheme(board))


def merge(board: Area) -> None:
    with as_(someone("administrator", board["QAA"])):
        mergers.merge(board["A1"], board["A2"], MERGED, "They merge.")


def test_what_waits_is_withdrawn_and_says_why_to_both(board: Area, qif: SchemeYear, tmp_path: Path) -> None:
    version = qif.offers.get().version
    extract = figures_in(board, version, tmp_path / "in", day=QUARTER)
    row = declared(board, qif, figures_of(board, extract))
    merge(board)
    now = again(row)
    assert (now.state, now.merged_into, now.difference) == ("withdrawn", board["A2"], "")
    step = now.steps.order_by("pk").last()
    assert step is not None
    assert step.words == (
        "First practice (A1) merged into Second practice (A2) on 1 December 2024. "
        "What Second practice declares from then on covers it."
    )
    assert "no longer stands: First practice (A1) merged into" in sentence(
        Entry.objects.get(event="declaration.withdrawn-merged")
    )
    for person in (who(board, "practice"), someone("practice_lead", board["A2"])):
        client = signed_in(person)
        home = text(client.get("/"))
        assert f"declaration 1 of 30 September 2024 {SAYS}. Look at it" in home
        assert "and declare again" not in home
        page = text(client.get(ONE))
        assert "It no longer stands: the practice merged into Second practice (A2) since it was declared." in page
        assert "What Second practice declares from then on covers it." in page
        assert "Declare again" not in page
        assert client.get(NEW).status_code == 404
    with pytest.raises(Refused, match="does not take part"):
        declared(board, qif, figures_of(board, extract))


def test_what_is_approved_stays(board: Area, qif: SchemeYear, tmp_path: Path) -> None:
    row = declared(board, qif, figures_of(board, figures_in(board, qif.offers.get().version, tmp_path, day=QUARTER)))
    takes(board, "tier 1", row, Step.APPROVE)
    merge(board)
    assert again(row).state == "approved"


def test_the_successors_declaration_covers_the_year(board: Area, qif: SchemeYear, tmp_path: Path) -> None:
    """By hand: 2a is 50 of 100, which pays A2 for its 5,000 and A1's 10,000 patients."""
    version = qif.offers.get().version
    before = figures_in(board, version, tmp_path / "in", whole(50, 50))
    alone = [figures_of(board, before, code).pence for code in ("A1", "A2")]
    merge(board)
    rows = "\n".join(line for line in whole(50, 50).splitlines() if not line.startswith("A1")) + "\n"
    settings = {"mergers": "successor"}
    after = checked(
        received(board, version, tmp_path / "new", rows, PRACTICES, YEAR_END, "They merged", settings=settings)
    )
    assert after.state == "accepted", after.problems
    merged, successor = (figures_of(board, after, code) for code in ("A1", "A2"))
    assert (merged.status, merged.pence) == ("merged", None)
    assert alone == [170_000, 85_000]
    row = declared(board, qif, successor)
    assert row.pence == successor.pence == sum(one or 0 for one in alone)
    assert reading.declarations_of(board["A1"]).count() == 0


def test_figures_of_the_same_day_without_the_practice_withdraw_what_was_approved(
    board: Area, qif: SchemeYear, tmp_path: Path
) -> None:
    version = qif.offers.get().version
    row = declared(board, qif, figures_of(board, figures_in(board, version, tmp_path / "in", whole(50, 50))))
    takes(board, "tier 1", row, Step.APPROVE)
    merge(board)
    rows = "\n".join(line for line in whole(50, 50).splitlines() if not line.startswith("A1")) + "\n"
    settings = {"mergers": "successor"}
    checked(received(board, version, tmp_path / "new", rows, PRACTICES, YEAR_END, "They merged", settings=settings))
    now = again(row)
    assert (now.state, now.merged_into) == ("withdrawn", board["A2"])
    assert SAYS in text(signed_in(who(board, "tier 1")).get("/"))


def test_a_merger_that_is_undone_lets_the_practice_declare_again(board: Area, qif: SchemeYear, tmp_path: Path) -> None:
    extract = figures_in(board, qif.offers.get().version, tmp_path / "in", day=QUARTER)
    row = declared(board, qif, figures_of(board, extract))
    merge(board)
    with as_(someone("administrator", board["QAA"])):
        mergers.undo(Succession.objects.get(), "It was the other practice.")
    client = signed_in(who(board, "practice"))
    says = "no longer stands: the practice merged into another practice, and the merger was undone"
    assert f"{says}. Look at it, and declare again" in text(client.get("/"))
    page = text(client.get(ONE))
    assert "Remit itself noted that the merger was undone: the practice can declare again." in page
    assert "Declare again" in page
    assert again(row).state == "withdrawn"
    second = declared(board, qif, figures_of(board, extract))
    assert (second.number, second.state, Declaration.objects.count()) == (2, "declared", 2)
