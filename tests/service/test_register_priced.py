"""Two versions priced over an extract: of those practices that share their figures, and no small count of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.service.area import Area, person, signed_in
from tests.service.figures_in import PRACTICES, checked, consent, counts, received
from tests.service.register_desk import QIF, Work, at_work, events, opened, published, row, text, uploaded, yaml_file

from remit.application.scheme_text import shipped
from remit.core.problems import Place, error
from remit.service.consents.models import Consent
from remit.service.extracts.models import Extract
from remit.service.people.roles import ROLES, Action
from remit.service.register.models import PricedComparison, PricedPractice
from remit.service.register.pricing import in_sentences, price

ONE, TWO = f"/schemes/QAA/{QIF}/1/", f"/schemes/QAA/{QIF}/2/"
STEPS, HIGHER = "above 40% pays 13p", "above 40% pays 15p"
"""Of item 2a: A2's 41 of 100 are paid 2p more for each of 5,000 weighted patients, £100."""


@pytest.fixture
def work(board: Area) -> Work:
    """The people of the made-up area who work on schemes."""
    return at_work(board)


@pytest.fixture
def extract(work: Work, tmp_path: Path) -> Extract:
    """An accepted extract of A1, with small counts, and A2, under the first version; a second version is a draft."""
    version = published(work)
    accepted = checked(received(work.area, version, tmp_path / "in"))
    assert accepted.state == "accepted", accepted.problems
    work.author.post(f"{ONE}new-version/", {"reason": "Item 2a pays more."})
    changed = shipped(QIF).decode().replace(STEPS, HIGHER, 1)
    saved = work.author.post(f"{TWO}edit/", {"text": changed, "settings": "", "based_on": opened(row(version=2))})
    assert saved.status_code == 302
    return accepted


def asked(work: Work) -> str:
    """The address of the comparison, which its job has made."""
    answer = work.author.post(f"{TWO}compare/?other=version-1", {"over": "extract"})
    assert answer.status_code == 302, text(answer)
    one = PricedComparison.objects.order_by("-pk")[0]
    price.func(one.organisation_id, one.key)
    price.func(one.organisation_id, one.key)  # a second time it changes nothing
    return str(answer["Location"])


def test_by_default_over_the_latest_extract_of_who_shares(work: Work, extract: Extract) -> None:
    consent(work.area, "A2")
    offer = text(work.author.get(f"{TWO}compare/?other=version-1"))
    assert f"Price both over extract {extract.number}" in offer
    assert "of 31 March 2025" in offer
    page = text(work.author.get(asked(work)))
    assert "of 1 practice that shares its figures with you" in page
    assert "£100.00 more" in page
    assert "Second practice" in page
    assert "First practice" not in page
    assert list(PricedPractice.objects.values_list("practice__code", flat=True)) == ["A2"]
    assert events()[-1] == "scheme.priced"


def test_of_a_draft_small_counts_are_in_no_pounds(work: Work, extract: Extract) -> None:
    consent(work.area, "A1", "A2")
    page = text(work.author.get(asked(work)))
    assert "of 2 practices that share their figures with you" in page
    assert "A1: 2a" in page
    assert "£1,700.00" not in page  # 5 of 6 of A1, above 45%: 17p for each of 10,000
    assert "£650.00" in page


def test_once_both_are_approved_all_pounds_are_there(work: Work, extract: Extract) -> None:
    consent(work.area, "A1", "A2")
    draft = asked(work)
    work.author.post(f"{TWO}submit/")
    work.approver.post(f"{TWO}approve/", {"appr-words": "Checked."})
    page = text(work.author.get(asked(work)))
    assert "£2,350.00" in page
    assert "£2,450.00" in page
    assert "left out" not in page
    assert "5 of 6" not in page
    assert "£1,700.00" not in text(work.author.get(draft))


def test_a_consent_that_ends_takes_its_practice_out_of_the_next_page(work: Work, extract: Extract) -> None:
    consent(work.area, "A1", "A2")
    at = asked(work)
    Consent.objects.filter(practice=work.area["A2"]).update(withdrawn=date(2025, 1, 1))
    page = text(work.author.get(at))
    assert "of 1 practice that shares" in page
    assert "Second practice" not in page
    Consent.objects.filter(practice=work.area["A1"]).update(withdrawn=date(2025, 1, 1))
    assert "there is nothing to show" in text(work.author.get(at))


def test_who_may_not_see_the_register_sees_no_price(work: Work, extract: Extract) -> None:
    consent(work.area, "A1", "A2")
    at = asked(work)
    assert work.practice.get(at).status_code == 404
    assert work.elsewhere.get(at).status_code == 404
    administrator = signed_in(person("administrator", work.area["QAA"], email="admin@example.org"))
    assert administrator.get(at).status_code == 403


def test_whoever_sees_schemes_of_an_area_sees_the_statements_shared_with_it() -> None:
    """So no price shows somebody a practice whose statement that person may not open."""
    for role in ROLES.values():
        if Action.SEE_SCHEMES in role.actions:
            assert Action.SEE_STATEMENTS in role.actions, role.id


def test_without_consent_or_extract_figures_are_asked_for(work: Work, extract: Extract) -> None:
    page = text(work.author.get(f"{TWO}compare/?other=version-1"))
    assert "There is no accepted extract of this scheme whose figures are shared with you. Send figures" in page
    refused = work.author.post(f"{TWO}compare/?other=version-1", {"over": "extract"})
    assert "There is no accepted extract of this scheme" in text(refused)
    assert not PricedComparison.objects.exists()


def test_the_same_question_of_the_same_texts_is_priced_once(work: Work, extract: Extract) -> None:
    consent(work.area, "A2")
    first = asked(work)
    assert asked(work) == first
    draft = row(version=2)
    changed = bytes(draft.content) + b"# looked at\n"
    work.author.post(f"{TWO}edit/", {"text": changed.decode(), "settings": "", "based_on": opened(draft)})
    assert "The text or the settings of qif-2024-25, version 2 changed" in text(work.author.get(first))
    assert asked(work) != first


def test_a_replaced_extract_is_said(work: Work, extract: Extract, tmp_path: Path) -> None:
    consent(work.area, "A1", "A2")
    at = asked(work)
    later = received(work.area, row(), tmp_path / "again", counts(shown=50), reason="A2 counted again.")
    assert checked(later).state == "accepted"
    assert "Another extract has taken the place of this one." in text(work.author.get(at))


def test_settings_that_differ_are_said(work: Work, extract: Extract) -> None:
    consent(work.area, "A2")
    draft = row(version=2)
    sent = {"text": bytes(draft.content).decode(), "settings": "notified=2025-06-02", "based_on": opened(draft)}
    assert work.author.post(f"{TWO}edit/", sent).status_code == 302
    page = text(work.author.get(asked(work)))
    assert "The two versions have different settings: notified not set → 2025-06-02." in page


def test_what_does_not_fit_an_extract_tells_of_no_practice(extract: Extract) -> None:
    problems = [
        error("counts.more-than-all", "A1 has 7 of 6.", Place("/data/extracts/1/counts.csv", 7, 1)),
        error("settings.unknown", "there is no parameter 'price'."),
        error("scheme.any", "is not a sum of money.", Place("/data/register/after.yaml", 3, 1)),
    ]
    assert list(in_sentences(PricedComparison(extract=extract), problems)) == [
        "There is no parameter 'price'.",
        "Line 3: is not a sum of money.",
        "One of the two versions does not fit the extract, in 1 row of the practices' figures.",
    ]
    assert next(in_sentences(PricedComparison(), problems)) == "Line 7: A1 has 7 of 6."


def test_files_that_identify_patients_are_refused(work: Work) -> None:
    published(work)
    patients = b"nhs_number,value\n9434765919,1\n"
    sent = {
        "practices": yaml_file(PRACTICES.encode(), "practices.csv"), "counts": yaml_file(patients, "counts.csv"),
    }  # fmt: skip
    answer = work.author.post(f"{ONE}compare/?other=qif-plus-2024-25", sent)
    assert answer.status_code == 200
    assert not PricedComparison.objects.exists()
    assert "9434765919" not in text(answer)


def test_nobody_of_another_area_is_offered_the_extract(work: Work, extract: Extract) -> None:
    assert uploaded(work.elsewhere, shipped(QIF), at="QBB").status_code == 302
    assert "Send figures" in text(work.elsewhere.get(f"/schemes/QBB/{QIF}/1/compare/?other=qif-plus-2024-25"))
