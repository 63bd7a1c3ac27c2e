"""The scheme register: from a draft to a published version, and who may do what with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import Error, transaction
from tests.service.area import Area, person, signed_in
from tests.service.register_desk import (
    ONE,
    QIF,
    Work,
    approved,
    at_work,
    draft,
    events,
    opened,
    published,
    row,
    submitted,
    text,
    uploaded,
    yaml_file,
)

from remit.application.scheme_text import shipped
from remit.core.problems import Refused
from remit.service.people.models import Appointment
from remit.service.register import reading, services
from remit.service.register.files import file_of, folder, is_whole
from remit.service.register.models import PricedComparison, SchemeStep, SchemeVersion
from remit.service.register.pricing import price
from remit.service.register.states import Step
from remit.service.scope import reach
from remit.service.scope.acting import acting


@pytest.fixture
def work(board: Area) -> Work:
    """The people of the made-up area who work on schemes."""
    return at_work(board)


def test_an_author_publishes_nothing_alone_and_a_scheme_goes_from_file_to_practice(work: Work) -> None:
    version = draft(work)
    assert bytes(version.content) == shipped(QIF)
    assert work.author.post(f"{ONE}submit/").status_code == 302
    assert work.author.post(f"{ONE}approve/", {"appr-words": "fine"}).status_code == 403
    assert work.practice.get(ONE).status_code == 404
    assert work.approver.post(f"{ONE}approve/", {"appr-words": "Read."}).status_code == 302
    assert work.approver.post(f"{ONE}publish/", {"publ-day": "2024-04-01"}).status_code == 403
    assert work.manager.post(f"{ONE}publish/", {"publ-day": "2024-04-01"}).status_code == 302
    assert row().state == "published"
    page = work.practice.get(ONE)
    assert page.status_code == 200
    assert "It holds from 1 April 2024 on." in text(page)
    assert "Read." not in text(page)  # how it came to be is the commissioner's own
    assert events() == ["scheme.started", "scheme.submitted", "scheme.approved", "scheme.published"]


def test_who_had_a_hand_in_the_text_does_not_approve_it(work: Work) -> None:
    both = person("approver_tier_1", work.area["QAA"], email="both@example.org")
    Appointment.objects.create(
        person=both, organisation=work.area["QAA"], role="scheme_author", since=date(2024, 4, 1), until=None
    )
    client = signed_in(both)
    version = draft(work)
    changed = shipped(QIF) + b"\n# looked at\n"
    saved = client.post(f"{ONE}edit/", {"text": changed.decode(), "settings": "", "based_on": opened(version)})
    assert saved.status_code == 302
    assert client.post(f"{ONE}submit/").status_code == 302
    answer = client.post(f"{ONE}approve/", {"appr-words": "Mine."})
    assert "You wrote this scheme: somebody else approves it." in text(answer)
    assert row().state == "submitted"


def test_a_published_version_never_changes(work: Work) -> None:
    version = published(work)
    for step, client in (("submit", work.author), ("withdraw", work.author), ("take-back", work.author)):
        assert "never changes" in text(client.post(f"{ONE}{step}/"))
    assert work.author.post(f"{ONE}edit/", {"text": "x"}).status_code == 302
    for change in (
        {"content": b"scheme: other\n"},
        {"state": "draft", "day": None},
        {"title": "Another"},
        {"settings": {"a": "1"}},
    ):
        with pytest.raises(Error), transaction.atomic():
            SchemeVersion.objects.filter(pk=version.pk).update(**change)
    with pytest.raises(Error), transaction.atomic():
        SchemeVersion.objects.filter(pk=version.pk).delete()
    assert bytes(row().content) == shipped(QIF)


def test_the_database_lets_no_step_be_left_out(work: Work) -> None:
    version = draft(work)
    for change in (
        {"state": "approved"},
        {"state": "published", "day": "2024-04-01"},
        {"scheme_id": "x"},
        {"version": 7},
    ):
        with pytest.raises(Error), transaction.atomic():
            SchemeVersion.objects.filter(pk=version.pk).update(**change)
    work.author.post(f"{ONE}submit/")
    with pytest.raises(Error), transaction.atomic():
        SchemeVersion.objects.filter(pk=version.pk).update(content=b"scheme: other\n")
    for forged in ({"words": "forged"}, {"sha256": ""}):
        with pytest.raises(Error), transaction.atomic():
            SchemeStep.objects.update(**forged)
    with pytest.raises(Error), transaction.atomic():
        SchemeVersion.objects.create(
            organisation=work.area["QAA"], scheme_id="forged", version=1, state="published", content=b"", sha256="",
            file_name="x.yaml", day="2024-04-01", changed_at="2024-04-01T00:00Z",
        )  # fmt: skip


def test_a_correction_is_a_new_version_with_its_reason(work: Work) -> None:
    published(work)
    assert "Say why" in text(work.author.post(f"{ONE}new-version/", {"reason": " "}))
    made = work.author.post(f"{ONE}new-version/", {"reason": "The upper threshold of 1a was a misprint."})
    assert made.status_code == 302
    second = row(version=2)
    assert (second.state, second.corrects, second.reason) == (
        "draft",
        row(),
        "The upper threshold of 1a was a misprint.",
    )
    assert bytes(second.content) == shipped(QIF)
    again = work.author.post(f"{ONE}new-version/", {"reason": "Once more."})
    assert "is being worked on already" in text(again)
    two = f"/schemes/QAA/{QIF}/2/"
    changed = shipped(QIF) + b"# corrected\n"
    work.author.post(f"{two}edit/", {"text": changed.decode(), "settings": "", "based_on": opened(second)})
    work.author.post(f"{two}submit/")
    work.approver.post(f"{two}approve/", {"appr-words": "Checked."})
    work.manager.post(f"{two}publish/", {"publ-day": "2024-10-01"})
    area = work.area["QAA"]
    assert reading.published(area, QIF, date(2024, 3, 31)) is None
    for day, version in ((date(2024, 4, 1), 1), (date(2024, 9, 30), 1), (date(2024, 10, 1), 2), (date(2025, 3, 31), 2)):
        holds = reading.published(area, QIF, day)
        assert holds is not None
        assert holds.version == version
    assert "It holds from 1 April 2024 until version 2 does, on 1 October 2024." in text(work.practice.get(ONE))
    page = text(work.practice.get(two))
    assert "The upper threshold of 1a was a misprint." in page


def test_a_version_is_published_from_a_day_of_its_year(work: Work) -> None:
    approved(work)
    for day, words in (("2025-04-01", "Its year is"), ("31/02/2025", "Write the day"), ("", "Enter a day")):
        assert words in text(work.manager.post(f"{ONE}publish/", {"publ-day": day}))
    assert row().state == "approved"


def test_settings_are_approved_with_the_text(work: Work) -> None:
    scheme = "spirometry-staffordshire"
    work.author.post("/schemes/QAA/start/", {"how": "library", "library-scheme": scheme})
    version = row(scheme)
    at = f"/schemes/QAA/{scheme}/1/"
    page = text(work.author.get(at))
    assert "A run will ask for" in page
    base = {"text": shipped(scheme).decode(), "based_on": opened(version)}
    assert "is not a name" in text(work.author.post(f"{at}edit/", base | {"settings": "nonsense"}))
    assert work.author.post(f"{at}edit/", base | {"settings": "no_such.thing=1"}).status_code == 302
    assert "It can be saved, but not submitted" in text(work.author.get(f"{at}edit/"))


def test_somebody_sends_back_with_a_reason_and_a_draft_is_withdrawn(work: Work) -> None:
    submitted(work)
    assert "Say what has to change" in text(work.approver.post(f"{ONE}send-back/", {"send-words": ""}))
    assert work.approver.post(f"{ONE}send-back/", {"send-words": "Cite the contract."}).status_code == 302
    assert "Cite the contract." in text(work.author.get(ONE))
    assert work.author.post(f"{ONE}withdraw/").status_code == 302
    assert row().state == "withdrawn"
    assert uploaded(work.author, shipped(QIF)).status_code == 302
    assert row(version=2).state == "draft"


def test_nobody_of_another_organisation_sees_or_touches_it(work: Work) -> None:
    version = published(work)
    for client in (work.elsewhere,):
        for page in ("", "edit/", "card/", "compare/", "file", "new-version/"):
            assert client.get(f"{ONE}{page}").status_code == 404, page
        for step in ("submit", "approve", "publish", "withdraw", "take-back", "send-back", "replace"):
            assert client.post(f"{ONE}{step}/", {"appr-words": "x"}).status_code in (403, 404), step
        assert uploaded(client, shipped(QIF)).status_code == 404
        assert QIF not in text(client.get("/schemes/"))
        assert QIF not in text(client.get("/schemes/list.csv"))
    forged = version.pk
    with acting(reach.of_person(Appointment.objects.get(organisation=work.area["QBB"]).person, date(2024, 6, 1), True)):
        assert not SchemeVersion.objects.filter(pk=forged).exists()


def test_what_a_form_does_not_have_cannot_be_sent_with_it(work: Work) -> None:
    more = {
        "state": "published", "version": "9", "organisation": "QBB", "changed_by": "1", "upload-state": "published",
        "upload-organisation": "2", "sha256": "0" * 64, "day": "2024-04-01",
    }  # fmt: skip
    uploaded(work.author, shipped(QIF), **more)
    version = row()
    assert (version.state, version.version, version.organisation.code, version.day) == ("draft", 1, "QAA", None)
    assert version.sha256 == sha256(shipped(QIF)).hexdigest()
    work.author.post(
        f"{ONE}edit/", {"text": "scheme: qif-2024-25\n", "settings": "", "based_on": opened(version)} | more
    )
    assert row().state == "draft"


def test_the_list_to_take_away_holds_no_formula(work: Work) -> None:
    title = b"title: '=HYPERLINK(\"http://evil.example\")'\n"
    content = b"".join(title if each.startswith(b"title:") else each for each in shipped(QIF).splitlines(keepends=True))
    draft(work, content)
    rows = list(csv.DictReader(io.StringIO(text(work.author.get("/schemes/list.csv")))))
    assert rows[0]["title"] == '\'=HYPERLINK("http://evil.example")'
    assert "&lt;" not in rows[0]["title"]


def test_a_text_that_changed_since_it_was_read_is_not_approved(work: Work) -> None:
    version = submitted(work)
    read = opened(version)
    work.author.post(f"{ONE}take-back/")
    changed = shipped(QIF).decode() + "# slipped in\n"
    work.author.post(f"{ONE}edit/", {"text": changed, "settings": "", "based_on": opened(row())})
    work.author.post(f"{ONE}submit/")
    page = work.approver.post(f"{ONE}approve/", {"appr-words": "Read.", "appr-based_on": read})
    assert "The text has changed since this page was opened" in text(page)
    assert row().state == "submitted"


def test_the_second_who_publishes_is_told_who_was_first(work: Work) -> None:
    version = approved(work)
    assert work.manager.post(f"{ONE}publish/", {"publ-day": "2024-04-01"}).status_code == 302
    second = person("contract_manager", work.area["QAA"], email="second@example.org")
    with (
        acting(reach.of_person(second, date(2024, 4, 1), True)),
        pytest.raises(Refused, match="Contract manager of First area"),
    ):
        services.take(version, Step.PUBLISH)


def test_a_file_that_was_changed_is_noticed_and_written_anew(work: Work) -> None:
    version = published(work)
    path = file_of(version)
    assert path.stat().st_mode & 0o777 == 0o400
    path.chmod(0o600)
    path.write_bytes(b"scheme: other\n")
    assert not is_whole(path, version.sha256)
    assert file_of(version).read_bytes() == shipped(QIF)


def test_two_versions_are_compared_in_words_under_their_own_names(work: Work) -> None:
    published(work)
    work.author.post(f"{ONE}new-version/", {"reason": "More for item 4."})
    changed = shipped(QIF).decode().replace("title: Quality Improvement Framework", "title: Better Framework", 1)
    second = row(version=2)
    two = f"/schemes/QAA/{QIF}/2/"
    work.author.post(f"{two}edit/", {"text": changed, "settings": "", "based_on": opened(second)})
    page = text(work.author.get(f"{two}compare/?other=version-1"))
    assert "version 2 beside version 1" in page
    assert "Better Framework" in page
    assert work.practice.get(f"{two}compare/?other=version-1").status_code == 404
    assert "Select a valid choice" in text(work.practice.get(f"{ONE}compare/?other=version-2"))


def test_two_versions_are_priced_over_figures_that_are_sent(work: Work, example: tuple[bytes, bytes]) -> None:
    published(work)
    work.author.post(f"{ONE}new-version/", {"reason": "Item 1a pays from a lower threshold."})
    second = row(version=2)
    two = f"/schemes/QAA/{QIF}/2/"
    practices, counts = example
    sent = {"practices": yaml_file(practices, "practices.csv"), "counts": yaml_file(counts, "counts.csv")}
    answer = work.author.post(f"{two}compare/?other=version-1", sent)
    assert answer.status_code == 302, text(answer)
    at = answer["Location"]
    assert "are being priced over the figures of practices.csv and counts.csv" in text(work.author.get(at))
    asked = PricedComparison.objects.get()
    price.func(second.organisation_id, asked.key)
    price.func(second.organisation_id, asked.key)  # a second time it changes nothing
    asked.refresh_from_db()
    page = text(work.author.get(at))
    assert asked.problems == []
    assert "They are not an extract of the service." in page
    assert "remit-document" in page
    assert not list((folder() / "figures").iterdir())
    assert "Changed since." not in page
    changed = {"text": bytes(second.content).decode() + "# more\n", "settings": "", "based_on": opened(second)}
    work.author.post(f"{two}edit/", changed)
    assert "of qif-2024-25, version 2 changed after this was priced" in text(work.author.get(at))
    assert work.practice.get(at).status_code == 404
    assert work.elsewhere.get(at).status_code == 404


def test_figures_that_do_not_fit_are_said_with_their_lines(work: Work) -> None:
    published(work)
    sent = {"practices": yaml_file(b"a,b\n1,2\n", "p.csv"), "counts": yaml_file(b"x\n", "c.csv")}
    answer = work.author.post(f"{ONE}compare/?other=qif-plus-2024-25", sent)
    asked = PricedComparison.objects.get()
    price.func(asked.organisation_id, asked.key)
    page = text(work.author.get(answer["Location"]))
    assert "It cannot be priced over the figures of p.csv and c.csv" in page
    assert "practice_code" in page
    assert "/tmp" not in page


@pytest.fixture
def example() -> tuple[bytes, bytes]:
    """The practices and counts of the example run."""
    folder = Path(__file__).parents[2] / "examples" / "qif-2024-25"
    return (folder / "practices.csv").read_bytes(), (folder / "counts.csv").read_bytes()


@pytest.mark.parametrize(
    ("page", "most"),
    [("/schemes/", 22), (ONE, 24), (f"{ONE}card/", 18), (f"{ONE}compare/", 20), ("/schemes/list.csv", 18)],
)
@pytest.mark.usefixtures("sessions_as_they_are")
def test_queries_per_page(
    work: Work, page: str, most: int, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    published(work)
    for number in range(5):
        work.author.post(
            "/schemes/QAA/start/",
            {
                "how": "template",
                "template-kind": "steps",
                "template-scheme_id": f"ours-{number}",
                "template-year": "2025-26",
            },
        )
    with django_assert_max_num_queries(most):  # type: ignore[attr-defined]
        assert work.author.get(page).status_code == 200
