"""Figures in: an extract is taken whole or refused, never changed, and shows each reader what is theirs to see."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from django.db import Error, transaction
from django.db.models import Model
from django.test import Client
from tests.service.area import Area, signed_in
from tests.service.figures_in import (
    HEAD,
    ONE_LESS,
    PRACTICES,
    YEAR_END,
    checked,
    consent,
    counts,
    received,
    scheme,
    sent,
    someone,
)

from remit.application.extract import payment_of
from remit.application.made_with import made_with_of
from remit.application.run import RunRequest, run
from remit.application.statement import StatementRequest, statements
from remit.core.problems import Refused
from remit.documents.statement.formats import document
from remit.files.hashes import sha256_file
from remit.runs import open_run
from remit.service.audit.models import Entry
from remit.service.extracts import files, reading, services
from remit.service.extracts.checking import check
from remit.service.extracts.models import Extract, PracticeCopy, PracticeFigures
from remit.service.organisations import mergers
from remit.service.people.models import Person
from remit.service.register.models import SchemeVersion
from remit.service.scope import reach
from remit.service.scope.acting import acting


@pytest.fixture
def version(board: Area) -> SchemeVersion:
    return scheme(board)


def as_(who: Person, second_factor: bool = True, day: date = date(2025, 4, 20)):
    return acting(reach.of_person(who, day, second_factor))


def events() -> list[str]:
    return list(Entry.objects.order_by("number").values_list("event", flat=True))


def test_what_came_in_is_accepted_and_says_what_remit_run_says(
    board: Area, version: SchemeVersion, tmp_path: Path
) -> None:
    extract = checked(received(board, version, tmp_path / "in"))
    assert (extract.state, extract.problems, extract.missing) == ("accepted", [], ["A3"])
    assert events()[-2:] == ["extract.received", "extract.accepted"]
    result = run(RunRequest(("qif-2024-25",), tmp_path / "in" / "practices.csv", tmp_path / "run",
                            counts=tmp_path / "in" / "counts.csv"))  # fmt: skip
    assert result.schemes[""].summary.practices == PracticeFigures.objects.filter(extract=extract).count() == 2
    by_command = open_run(tmp_path / "run")
    for code in ("A1", "A2"):
        figures = PracticeFigures.objects.get(extract=extract, practice=board[code])
        assert figures.pence == by_command.practice(code).pence
        with as_(someone("practice_viewer", board[code])):
            shown = reading.statement_of(board[code], extract)
        (own,) = statements(StatementRequest(tmp_path / "run", (code,)))
        expected = document(own)
        assert shown is not None
        # the register freezes the same file, and so the page says the same words and figures
        assert shown == expected


def test_each_practice_has_its_payment_and_the_extract_what_it_rests_on(
    board: Area, version: SchemeVersion, tmp_path: Path
) -> None:
    """A1 has a weighted list of 10,000: 80% of £2.10 a head is £16,800, a twelfth of it at each end of a month."""
    extract = checked(received(board, version, tmp_path / "in"))
    payment = payment_of(PracticeFigures.objects.get(extract=extract, practice=board["A1"]).payment)
    assert (payment.advance, payment.balance) == (1_680_000, None)
    assert [(due.kind, due.pence) for due in payment.dues] == [("instalment", 140_000)] * 12
    used = made_with_of(extract.made_with)
    assert used is not None
    assert (used.scheme.scheme, used.scheme.file_sha256) == ("qif-2024-25", version.sha256)
    assert used.files["counts"] == sha256_file(tmp_path / "in" / "counts.csv")
    assert used.counted is None


def test_each_reader_sees_what_is_theirs(board: Area, version: SchemeVersion, tmp_path: Path) -> None:
    consent(board, "A2")
    extract = checked(received(board, version, tmp_path / "in"))
    manager, own, other = (
        someone(role, board[at])
        for role, at in (("contract_manager", "QAA"), ("practice_lead", "A1"), ("contract_manager", "QBB"))
    )
    with as_(manager):
        assert [one.practice.code for one in PracticeFigures.objects.all()] == ["A2"]
        assert not PracticeCopy.objects.exists()
        assert reading.statement_of(board["A1"], extract) is None
        overview, _ = reading.overview_of(extract)
        assert [one.code for one in overview.positions] == ["A2"]
    with as_(own):
        assert [one.practice.code for one in PracticeFigures.objects.all()] == ["A1"]
        assert [one.practice.code for one in PracticeCopy.objects.all()] == ["A1"]
        assert reading.latest_for(board["A1"]) == [extract]
    with as_(other):
        assert not Extract.objects.exists()
        assert not PracticeFigures.objects.exists()
    consent(board, "A1")
    with as_(manager):
        copy = reading.statement_of(board["A1"], extract)
        assert copy is not None
        assert "5 of 6" not in PracticeFigures.objects.get(practice=board["A1"]).statement_for_commissioner
        assert "5 of 6" not in str(copy)


def test_the_whole_overview_is_that_of_the_command_line(board: Area, version: SchemeVersion, tmp_path: Path) -> None:
    from remit.application.overview import Request, evaluate

    consent(board, "A1", "A2")
    extract = checked(received(board, version, tmp_path / "in", counts(50, 41, 99)))
    with as_(someone("contract_manager", board["QAA"])):
        shown, sensitive = reading.overview_of(extract)
    made = evaluate(Request((files.folder_of(extract.organisation_id, extract.folder) / extract.run,)))
    assert shown == made.runs[0]
    assert sensitive == made.sensitive


def test_what_is_wrong_is_said_all_at_once_and_nothing_is_used(
    board: Area, version: SchemeVersion, tmp_path: Path
) -> None:
    bad = HEAD + "A1,2a,NUMERATOR,x\nA1,2a,DENOMINATOR,6\nA2,nought,NUMERATOR,1\n"
    extract = checked(received(board, version, tmp_path / "in", bad, PRACTICES + "B1,Other,,,1,1\n", name="march.csv"))
    assert extract.state == "refused"
    places = {(one["file"], one["row"]) for one in extract.problems}
    assert {("practices.csv", 4), ("march.csv", 2), ("march.csv", 4)} <= places
    assert not PracticeFigures.objects.exists()
    assert events()[-1] == "extract.refused"
    page = signed_in(someone("data_quality", board["QAA"])).get(f"/figures/QAA/{extract.number}/").content.decode()
    assert "march.csv" in page
    assert "is not one of this commissioner" in page
    assert str(files.home(board["QAA"].pk)) not in page


def test_the_same_bytes_are_noticed_and_lead_to_the_first(board: Area, version: SchemeVersion, tmp_path: Path) -> None:
    first = checked(received(board, version, tmp_path / "in"))
    with pytest.raises(Refused, match=f"as extract {first.number} of 31 March 2025"):
        received(board, version, tmp_path / "in", day=date(2025, 2, 28))
    assert Extract.objects.count() == 1
    assert len(list(files.home(board["QAA"].pk).glob("*"))) >= 1


def test_a_mistaken_extract_is_superseded_with_a_reason(board: Area, version: SchemeVersion, tmp_path: Path) -> None:
    first = checked(received(board, version, tmp_path / "in"))
    with pytest.raises(Refused, match=f"extract {first.number} is there for 31 March 2025"):
        received(board, version, tmp_path / "in", counts(4))
    second = checked(received(board, version, tmp_path / "in", counts(4), reason="A1 counted a patient twice."))
    assert second.state == "accepted"
    assert list(reading.standing()) == [second]
    first.refresh_from_db()
    assert first.state == "accepted"
    assert events()[-2:] == ["extract.accepted", "extract.superseded"]
    with as_(someone("practice_lead", board["A1"])):
        moved = reading.moved_since(second, board["A1"])
        assert moved is not None
    with as_(someone("practice_viewer", board["A2"])):
        assert reading.moved_since(second, board["A1"]) is None


def test_what_moved_gives_no_hidden_count_away(board: Area, version: SchemeVersion, tmp_path: Path) -> None:
    consent(board, "A1", "A2")
    checked(received(board, version, tmp_path / "in", counts(5), day=date(2025, 2, 28)))
    second = checked(received(board, version, tmp_path / "in", counts(50, 41, 99)))
    assert second.compared_with is not None
    for role, code, says in (("practice_lead", "A1", True), ("contract_manager", "QAA", False)):
        with as_(someone(role, board[code])):
            text = str(reading.moved_since(second, board["A1"]))
            assert ("denominator 6 → 99" in text) is says
            assert ("for the practice only" in text) is not says


def test_what_is_accepted_never_changes(board: Area, version: SchemeVersion, tmp_path: Path) -> None:
    extract = checked(received(board, version, tmp_path / "in"))
    changes: tuple[tuple[type[Model], dict[str, object]], ...] = (
        (Extract, {"frame": ""}), (Extract, {"made_with": {}}), (PracticeFigures, {"pence": 1}),
        (PracticeFigures, {"payment": ""}), (PracticeCopy, {"counts": ""}),
    )  # fmt: skip
    for model, change in changes:
        rows = model._default_manager.all()
        with pytest.raises(Error), transaction.atomic():
            rows.update(**change)
        with pytest.raises(Error), transaction.atomic():
            rows._raw_delete("default")
    with pytest.raises(Error), transaction.atomic():
        Extract.objects.filter(pk=extract.pk).update(state="received")


def test_a_job_that_runs_twice_changes_nothing(board: Area, version: SchemeVersion, tmp_path: Path) -> None:
    extract = checked(received(board, version, tmp_path / "in"))
    before = [list(Extract.objects.values()), list(PracticeFigures.objects.values()), events()]
    check.func(extract.organisation_id, extract.pk)
    assert before == [list(Extract.objects.values()), list(PracticeFigures.objects.values()), events()]


def test_a_job_that_was_ended_goes_on_and_leaves_nothing_half(
    board: Area, version: SchemeVersion, tmp_path: Path
) -> None:
    extract = received(board, version, tmp_path / "in")
    folder = files.folder_of(extract.organisation_id, extract.folder)
    Extract.objects.filter(pk=extract.pk).update(state="checking", done=1, of=6)  # as kill -9 leaves it
    (folder / "run12345678").mkdir()
    (folder / "run12345678" / "half").write_text("half", encoding="utf-8")
    extract = checked(extract)
    assert extract.state == "accepted"
    assert [path.name for path in folder.glob("run*")] == [extract.run]


def test_a_cancelled_extract_stays_cancelled(board: Area, version: SchemeVersion, tmp_path: Path) -> None:
    extract = received(board, version, tmp_path / "in")
    assert services.cancel(extract)
    assert checked(extract).state == "cancelled"
    assert not services.cancel(extract)
    assert received(board, version, tmp_path / "in").number == 2  # what was cancelled may come in again


def test_a_file_that_was_changed_on_the_disk_is_not_used(board: Area, version: SchemeVersion, tmp_path: Path) -> None:
    extract = received(board, version, tmp_path / "in")
    path = files.folder_of(extract.organisation_id, extract.folder) / "counts.csv"
    assert path.stat().st_mode & 0o777 == 0o400
    path.chmod(0o600)
    path.write_text(counts(6), encoding="utf-8")
    extract = checked(extract)
    assert extract.state == "refused"
    assert "Is not what came in" in json.dumps(extract.problems)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("counts.csv", b"PK\x03\x04" + b"0" * 100, "is an archive"),
        ("counts.csv", HEAD.encode() + b"A1,2a,NUMERATOR,9990000018\n", "row 2, column 4: holds an NHS number"),
        ("counts.csv", b"practice_code,surname,measure,value\nA1,Smith,x,1\n", "is headed as a name"),
    ],
)
def test_what_is_no_file_of_counts_is_refused_at_once_and_not_kept(
    board: Area, version: SchemeVersion, name: str, content: bytes, says: str
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    before = set(files.home(board["QAA"].pk).glob("*")) if files.home(board["QAA"].pk).exists() else set()
    page = sent(_specialist(board), version, counts=SimpleUploadedFile(name, content))
    assert page.status_code == 200
    text = page.content.decode()  # type: ignore[attr-defined]
    assert says in text
    assert "9990000018" not in text
    assert "Smith" not in text
    assert not Extract.objects.exists()
    assert (set(files.home(board["QAA"].pk).glob("*")) if files.home(board["QAA"].pk).exists() else set()) == before


def _specialist(board: Area) -> Client:
    return signed_in(someone("data_quality", board["QAA"]))


@pytest.mark.parametrize("name", ["../counts.csv", "a/b.csv", "a\\b.csv", "c:counts.csv", "..", "", "a\x00b"])
def test_a_path_is_no_file_name(name: str) -> None:
    with pytest.raises(Refused):
        services.file_name(name)


def test_figures_come_in_by_the_page(board: Area, version: SchemeVersion) -> None:
    client = _specialist(board)
    page = sent(client, version)
    assert (page.status_code, page.headers["Location"]) == (302, "/figures/QAA/1/")
    waiting = client.get("/figures/QAA/1/")
    assert waiting.headers["Refresh"] == "3"
    assert "It is waiting to be checked" in waiting.content.decode()
    checked(Extract.objects.get())
    done = client.get("/figures/QAA/1/").content.decode()
    assert "It is accepted" in done
    assert "Refresh" not in client.get("/figures/QAA/1/").headers
    assert "Extract 1" in client.get("/figures/QAA/").content.decode()
    assert client.get("/figures/", follow=True).status_code == 200


def test_only_a_data_quality_specialist_sends_figures(board: Area, version: SchemeVersion) -> None:
    for role, at in (
        ("contract_manager", "QAA"),
        ("auditor", "QAA"),
        ("practice_lead", "A1"),
        ("finance_officer", "QAA"),
    ):
        assert sent(signed_in(someone(role, board[at])), version).status_code in (403, 404)
    assert sent(signed_in(someone("data_quality", board["QBB"])), version).status_code == 404
    assert not Extract.objects.exists()


def test_who_is_late_is_said_and_who_is_missing(board: Area, version: SchemeVersion, tmp_path: Path) -> None:
    one_practice = HEAD + "A1,2a,NUMERATOR,5\nA1,2a,DENOMINATOR,6\n"
    checked(received(board, version, tmp_path / "in", one_practice, ONE_LESS, date(2025, 2, 28)))
    (one,) = reading.late(board["QAA"], date(2025, 3, 20))
    assert (one.month, one.due, one.came) == (date(2025, 2, 28), date(2025, 3, 10), True)
    assert [code for code, _ in one.missing] == ["A2", "A3"]
    (later,) = reading.late(board["QAA"], date(2025, 6, 12))  # after the year its last month is due
    assert (later.month, later.due, later.came) == (date(2025, 3, 31), date(2025, 4, 10), False)


def test_a_practice_that_merged_stays_in_its_years_figures(board: Area, version: SchemeVersion, tmp_path: Path) -> None:
    """The scheme pays its successor for its list, and sets what it was paid against that: the file says who it was."""
    merged = PRACTICES.replace("list_size\n", "list_size,left,successor_code\n").replace(
        "A2,Second practice,cannock-chase,NW1,5000,5000\n",
        "A2,Second practice,cannock-chase,NW1,5000,5000,2024-12-31,A1\n",
    )
    merged = merged.replace("10500,10000\n", "10500,10000,,\n")
    with as_(someone("administrator", board["QAA"])):
        mergers.merge(board["A2"], board["A1"], date(2025, 1, 1), "They merge.")
    rows = HEAD + "A1,2a,NUMERATOR,5\nA1,2a,DENOMINATOR,6\n"
    settings = {"mergers": "successor"}
    extract = received(board, version, tmp_path / "in", rows, merged, date(2025, 2, 28), settings=settings)
    assert checked(extract).state == "accepted", extract.problems
    assert extract.missing == ["A3"]
    first, second = (PracticeFigures.objects.get(extract=extract, practice=board[code]) for code in ("A1", "A2"))
    assert second.status == "merged"
    assert payment_of(first.payment).advance == 1_680_000 + 840_000  # 80% of £2.10 for 10,000 and 5,000

    later = received(
        board, version, tmp_path / "later", rows.replace(",5", ",4"), merged, date(2025, 4, 30), settings=settings
    )
    (problem,) = checked(later).problems  # of the next year's no more
    assert "Practice 'A2' is not one of this commissioner's" in problem["message"]


@pytest.mark.parametrize(
    ("today", "month", "due"),
    [
        (date(2025, 4, 10), date(2025, 3, 31), date(2025, 4, 10)),
        (date(2025, 4, 9), date(2025, 2, 28), date(2025, 3, 10)),
        (date(2025, 1, 9), date(2024, 11, 30), date(2024, 12, 10)),
    ],
)
def test_the_month_that_is_due(today: date, month: date, due: date) -> None:
    assert reading.month_due(today) == (month, due)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(board: Area, version: SchemeVersion) -> None:
    page = Client().post("/sign-in/", data=b"x" * (65 << 10), content_type="application/octet-stream")
    assert page.status_code == 413
    huge = _specialist(board).post("/figures/QAA/new/", data=b"", content_type="multipart/form-data; boundary=x",
                                   CONTENT_LENGTH=str(1 << 40))  # fmt: skip
    assert huge.status_code == 413


def test_the_year_end_is_what_the_scheme_says(version: SchemeVersion) -> None:
    assert version.year == "2024-25"
    assert YEAR_END.isoformat() == "2025-03-31"


def test_a_commissioner_sets_the_day_by_which_figures_are_due(
    board: Area, version: SchemeVersion, tmp_path: Path
) -> None:
    """Figures of February that are due by 20 March are not late on the 19th, and are on the 21st."""
    checked(received(board, version, tmp_path / "in", day=date(2025, 1, 31)))
    client, page = _specialist(board), "/figures/QAA/due/"
    for wrong in ("", "0", "29", "x"):
        assert "from 1 to 28" in client.post(page, {"day": wrong}).content.decode()
    assert client.post(page, {"day": "20"}).status_code == 302
    assert "due by day 20 of the next month" in client.get("/figures/QAA/").content.decode()
    for day, month, due in ((19, date(2025, 1, 31), date(2025, 2, 20)), (21, date(2025, 2, 28), date(2025, 3, 20))):
        (one,) = reading.late(board["QAA"], date(2025, 3, day))
        assert (one.month, one.due) == (month, due)
    entry = Entry.objects.get(event="extract.due-day")
    assert entry.details == {"before": 10, "day": 20}
    for role, at in (("contract_manager", "QAA"), ("practice_lead", "A1"), ("data_quality", "QBB")):
        assert signed_in(someone(role, board[at])).post(page, {"day": "5"}).status_code in (403, 404)


def test_late_figures_and_checks_that_did_not_finish_wait_on_the_first_page(
    board: Area, version: SchemeVersion, tmp_path: Path
) -> None:
    failed = received(board, version, tmp_path / "in", day=date(2025, 1, 31))
    checked(received(board, version, tmp_path / "other", counts(shown=42), day=date(2024, 12, 31)))
    Extract.objects.filter(pk=failed.pk).update(state="failed")
    late = "the figures of 31 March 2025 are late. They were due by 10 April 2025"
    waits = {"data_quality": [True, True], "contract_manager": [True, False], "finance_officer": [False, False]}
    for role, expected in waits.items():
        page = signed_in(someone(role, board["QAA"])).get("/").content.decode()
        assert [late in page, "The check of extract 1 did not finish" in page] == expected
