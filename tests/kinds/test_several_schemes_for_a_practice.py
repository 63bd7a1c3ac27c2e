"""The kind: one practice in two schemes of one run. Each scheme's run stands by itself, and the sums are over both.

Strathcarse's two items, beside a local scheme that pays £1,000.00 for signing and £12.00 for each visit: S1 has
£4,506.93 of the one and £1,000.00 + 40 × £12.00 = £1,480.00 of the other, £5,986.93 together.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.kinds.test_paid_to_networks import COUNTED, HEAD, ITEMS, NETWORKS, PRACTICES, TERMS, VETO, counts

import remit
from remit.application.run import RunRequest, RunResult
from remit.application.run import run as run_scheme
from remit.core.problems import Refused

LOCAL = """\
scheme: visits
version: "1"
title: Visits
commissioner: Strathcarse Health Board
nation: Scotland
year: 2025-26
achievement_date: 2026-03-31
sources: {contract: {title: The contract, standing: verified}}
source: contract
terms:
  balance: {due: 2026-06-30}
  recovery: {months: 2, notified: 2026-06-30}
  changes: {joiner: whole months, leaver: days, merger: successor}
items:
  - {item: SIGNED, title: Start, pays: {fixed: {pays: £1000, for: signing}}}
  - {item: VISITS, title: Visits, pays: {activity: {tariff: £12, each: visit}}}
"""
MORE = """\
S1,SIGNED,DECLARED,1,
S1,VISITS,ACTIVITY,40,2025-26
S2,SIGNED,DECLARED,1,
S2,VISITS,ACTIVITY,20,2025-26
"""
REST = "".join(f"S{n},SIGNED,DECLARED,0,\nS{n},VISITS,ACTIVITY,0,2025-26\n" for n in (3, 4, 5))
HEADER = "practice_code,scheme_id\n"


def ran(folder: Path, more: str = MORE + REST, assign: str = "", local: str = LOCAL, **of: object) -> RunResult:
    (folder / "clusters.yaml").write_text("".join([HEAD, TERMS, NETWORKS, ITEMS]))
    (folder / "visits.yaml").write_text(local)
    (folder / "practices.csv").write_text(PRACTICES)
    (folder / "counts.csv").write_text(counts(COUNTED, VETO + more))
    if assign:
        (folder / "assign.csv").write_text(HEADER + assign)
    names = tuple(str(folder / name) for name in ("clusters.yaml", "visits.yaml"))
    request = RunRequest(
        names, folder / "practices.csv", folder / "out", counts=folder / "counts.csv",
        assign=folder / "assign.csv" if assign else None, every_scheme=not assign, **of,  # type: ignore[arg-type]
    )  # fmt: skip
    return run_scheme(request)


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_each_scheme_has_its_folder_and_the_sums_stand_beside(tmp_path: Path) -> None:
    result = ran(tmp_path)
    assert list(result.schemes) == ["strathcarse-clusters", "visits"]
    assert result.by_practice == tmp_path / "out" / "by_practice.csv"
    found = {(row["practice_code"], row["scheme_id"]): row for row in rows(result.by_practice)}
    assert [found["S1", scheme]["pounds"] for scheme in ("strathcarse-clusters", "visits", "*")] == [
        "4506.93", "1480.00", "5986.93",
    ]  # fmt: skip
    assert found["S1", "*"] == {
        "practice_code": "S1", "scheme_id": "*", "status": "final", "pounds": "5986.93", "paid": "1286.30",
        "balance": "4700.63", "recovery": "0.00",
    }  # fmt: skip
    assert found["S4", "*"]["recovery"] == "251.00"  # of one scheme, beside a balance of the other: never set off
    assert remit.open_run(tmp_path / "out" / "visits").practice("S1").pence == 148000


def test_totals_and_ledgers_never_mix(tmp_path: Path) -> None:
    result = ran(tmp_path)
    assert [one.summary.awarded.value for one in result.schemes.values()] == [1488770, 148000 + 124000]
    for name in result.schemes:
        memos = {row["memo"].split(":")[0] for row in rows(tmp_path / "out" / name / "ledger.csv")}
        assert memos == {name}
    items = {row["indicator_code"] for row in rows(tmp_path / "out" / "visits" / "award.csv")}
    assert items == {"SIGNED", "VISITS"}


def test_an_assignment_says_who_is_in_which(tmp_path: Path) -> None:
    clusters, visits = tmp_path / "clusters.yaml", tmp_path / "visits.yaml"
    both = f"S1,{clusters} + {visits}\n"
    assign = both + "".join(f"S{n},{clusters}\n" for n in (3, 4, 5)) + f"S2,{clusters} + {visits}\n"
    result = ran(tmp_path, MORE, assign)
    assert result.by_practice is not None
    of = {(row["practice_code"], row["scheme_id"]) for row in rows(result.by_practice)}
    assert {scheme for code, scheme in of if code == "S1"} == {"strathcarse-clusters", "visits", "*"}
    assert {scheme for code, scheme in of if code == "S3"} == {"strathcarse-clusters", "*"}
    assert result.schemes["visits"].summary.practices == 2


def test_a_sum_is_empty_while_one_scheme_is_not_known(tmp_path: Path) -> None:
    result = ran(tmp_path, MORE.replace("S1,VISITS,ACTIVITY,40,2025-26\n", "") + REST)
    assert result.by_practice is not None
    found = {(row["practice_code"], row["scheme_id"]): row for row in rows(result.by_practice)}
    assert found["S1", "visits"]["status"] == "provisional"
    assert found["S1", "*"]["balance"] == ""


def test_some_practices_alone(tmp_path: Path) -> None:
    result = ran(tmp_path, practices=("S1",))
    assert [one.codes for one in result.schemes.values()] == [("S1",), ("S1",)]


@pytest.mark.parametrize(
    ("assign", "local", "words"),
    [
        ("", LOCAL.replace("item: VISITS", 'item: "4"'), "both have an item 4, which is not the same"),
        ("", LOCAL.replace("2025-26", "2024-25").replace("2026-03-31", "2025-03-31"), "are of one year"),
        ("", LOCAL.replace("scheme: visits", "scheme: strathcarse-clusters"), "named twice"),
        ("S1,{c} + {v}\n", LOCAL, "it is not known which of strathcarse-clusters and visits"),
        ("S1,{c} + {c}\n", LOCAL, "does not name each scheme of S1 once"),
        ("S1,{c} + {v}\nS1,{c}\n", LOCAL, "practice S1 is assigned again"),
        ("S1,{c} + \n", LOCAL, "there is no such scheme file"),
    ],
)
def test_what_cannot_be_run_together_is_refused(tmp_path: Path, assign: str, local: str, words: str) -> None:
    text = assign.format(c=tmp_path / "clusters.yaml", v=tmp_path / "visits.yaml")
    with pytest.raises(Refused) as refused:
        ran(tmp_path, MORE + REST, text, local)
    assert words in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_who_is_in_another_scheme_of_the_run_has_accepted_it(tmp_path: Path) -> None:
    """Visits go only with the clusters: S2 is in visits alone, and is paid nothing for them."""
    assign = "S1,strathcarse-clusters + visits\nS2,visits\n" + "".join(
        f"S{n},strathcarse-clusters\n" for n in (3, 4, 5)
    )
    local = LOCAL.replace("items:", "only_with: [strathcarse-clusters]\nitems:")
    ran(tmp_path, MORE, assign, local)
    found = rows(tmp_path / "out" / "visits" / "award.csv")
    assert [(one["practice_code"], one["pounds"], one["reason"]) for one in found] == [
        ("S1", "1000.00", ""), ("S1", "480.00", ""),
        *[("S2", "0.00", "Pays nothing: strathcarse-clusters is not accepted.")] * 2,
    ]  # fmt: skip
