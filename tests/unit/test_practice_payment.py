"""What each practice of an extract is paid, kept by itself; expected values by hand.

QIF 2024/25 pays up to £2.10 for each weighted patient; 80% of that in advance, in twelve parts at the ends of months.
A1 (10,000): £21,000, 80% is £16,800, twelve times £1,400. A2 and A3 (5,000 each): £10,500, £8,400, twelve times £700.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from remit.application.evaluate import EvaluationRequest, evaluate
from remit.application.extract import Request, Result, payment_of, prepare
from remit.application.made_with import NOT_STATED, as_content, made_with_of
from remit.application.synth import SynthRequest, make_people
from remit.files.hashes import sha256_file
from remit.payment.instalments import DuePayment
from remit.runs.practice_payment import PracticePayment

EXAMPLE = Path(__file__).parents[2] / "examples/qif-2024-25"
HEAD = "practice_code,practice_name,list_size,weighted_list_size,joined,left,successor_code\n"
A1, A2, A3 = "A1,First,10500,10000,,,\n", "A2,Second,5000,5000,,2024-12-31,A1\n", "A3,Third,5000,5000,2024-10-01,,\n"
SETTINGS = {
    "joiners": "whole months", "mergers": "successor", "notified": "2025-06-30", "balance_due": "2025-07-31",
    "chol004_from": "2024-04-01",
}  # fmt: skip
MONTHS = [
    "2024-04-30", "2024-05-31", "2024-06-30", "2024-07-31", "2024-08-31", "2024-09-30",
    "2024-10-31", "2024-11-30", "2024-12-31", "2025-01-31", "2025-02-28", "2025-03-31",
]  # fmt: skip


def prepared(folder: Path, rows: str, settings: Mapping[str, str] = SETTINGS) -> Result:
    (folder / "practices.csv").write_text(HEAD + rows, encoding="utf-8")
    shutil.copy(EXAMPLE / "counts.csv", folder / "counts.csv")
    members = {"A1": "First", "A2": "Second", "A3": "Third"}
    scheme, day = Path("qif-2024-25"), date(2025, 3, 31)
    return prepare(Request(scheme, folder / "practices.csv", folder / "counts.csv", folder / "run", day, members,
                           settings=settings))  # fmt: skip


def payments(result: Result) -> dict[str, PracticePayment]:
    return {one.code: payment_of(one.payment) for one in result.practices}


def dues(payment: PracticePayment, kind: str) -> list[tuple[str, int]]:
    return [(str(due.day), due.pence) for due in payment.dues if due.kind == kind]


def test_advances_of_a_merger_and_of_a_late_joiner_fall_due_by_hand(tmp_path: Path) -> None:
    """A2 is paid until it merged in December; A1 has its own £1,400 and from January A2's £700 too. A3 joined in
    October: half of the year, £4,200 in six parts."""
    found = payments(prepared(tmp_path, A1 + A2 + A3))
    assert dues(found["A1"], "instalment") == [(day, 140_000 if day < "2025" else 210_000) for day in MONTHS]
    assert dues(found["A2"], "instalment") == [(day, 70_000) for day in MONTHS[:9]]
    assert dues(found["A3"], "instalment") == [(day, 70_000) for day in MONTHS[6:]]
    assert found["A1"].advance == 1_680_000 + 840_000
    assert (found["A2"].status, found["A2"].merged_into, found["A2"].earned) == ("merged", "A1", None)
    assert (found["A2"].left, found["A2"].balance, found["A2"].recovery) == (date(2024, 12, 31), None, None)
    assert (found["A3"].joined, found["A3"].share_of_year) == (date(2024, 10, 1), "1/2")
    assert found["A3"].earned is None  # it has no counts: not known, and not nothing
    assert found["A3"].if_final is None
    assert sum(due.pence for due in found["A1"].due_by(date(2024, 5, 31))) == 280_000


def test_a_provisional_year_says_how_it_would_be_settled_if_it_were_all(tmp_path: Path) -> None:
    """Without the day from which CHOL004 counts nothing is settled. A1 alone has earned £16,100 of its £21,000, as its
    statement has it: £700 less than the advance of £16,800, recovered in six parts, the last with the rest."""
    settings = {name: value for name, value in SETTINGS.items() if name != "chol004_from"}
    provisional = payments(prepared(tmp_path, A1, settings))["A1"]
    assert (provisional.status, provisional.earned) == ("provisional", 1_610_000)
    assert (provisional.balance, provisional.recovery) == (None, None)
    assert provisional.if_final is not None
    assert (provisional.if_final.balance, provisional.if_final.recovery) == (0, 70_000)
    assert [due.pence for due in provisional.if_final.dues] == [11_667] * 5 + [70_000 - 5 * 11_667]
    assert provisional.if_final.dues[0].day == date(2025, 7, 30)
    final = payments(prepared(tmp_path, A1))["A1"]
    assert (final.status, final.balance, final.recovery, final.if_final) == ("final", 0, 70_000, None)
    assert final.dues[12:] == provisional.if_final.dues


def test_what_is_not_known_has_its_reason(tmp_path: Path) -> None:
    settings = {name: value for name, value in SETTINGS.items() if name != "joiners"}
    unknown = payments(prepared(tmp_path, A1 + A3, settings))["A3"]
    assert (unknown.advance, unknown.share_of_year, unknown.dues) == (None, "", ())
    assert "set joiners" in unknown.advance_reason


def test_a_run_says_what_it_rests_on(tmp_path: Path) -> None:
    result = prepared(tmp_path, A1)
    used = result.made_with
    assert (used.scheme.scheme, used.scheme.year) == ("qif-2024-25", "2024-25")
    assert used.files == {name: sha256_file(tmp_path / f"{name}.csv") for name in ("practices", "counts")}
    assert used.indicators["HYP008"]
    assert used.counted is None
    assert used.clusters == NOT_STATED
    assert made_with_of(as_content(used)) == used
    assert made_with_of({}) is None


def test_clusters_and_rules_are_those_of_the_evaluation_and_only_of_its_own_counts(tmp_path: Path) -> None:
    year_end, code, folder = date(2025, 3, 31), "P001", tmp_path / "evaluation"
    make_people(SynthRequest(tmp_path / "store", 40, year_end, practices=1, years=2, workers=1))
    evaluate(EvaluationRequest("qif-2024-25", tmp_path / "store", folder, workers=1))
    manifest = folder / "manifest.json"
    request = Request(Path("qif-2024-25"), folder / "practices.csv", folder / "counts.csv", tmp_path / "run",
                      year_end, {code: ""}, evaluation=manifest)  # fmt: skip
    counted = prepare(request).made_with.counted
    assert counted is not None
    assert counted.sha256 == sha256_file(manifest)
    assert counted.demonstration
    assert counted.release
    assert counted.clusters
    assert set(counted.rules) >= {"HYP008", "CKD005"}
    others = tmp_path / "counts.csv"
    others.write_text((folder / "counts.csv").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    changed = Request(request.scheme, request.practices_file, others, tmp_path / "run2", request.day, {code: ""},
                      evaluation=manifest)  # fmt: skip
    assert prepare(changed).made_with.counted is None


@pytest.mark.parametrize("due", [DuePayment(None, "balance", 1), DuePayment(date(2025, 4, 1), "recovery", 2)])
def test_what_is_kept_is_read_as_it_was(due: DuePayment, tmp_path: Path) -> None:
    from dataclasses import replace

    from pydantic import TypeAdapter

    payment = replace(payments(prepared(tmp_path, A1))["A1"], dues=(due,))
    assert payment_of(TypeAdapter(PracticePayment).dump_json(payment).decode()) == payment
