"""The money of an area: QIF's example at four practices of three places, and a network that is paid, by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.spec.run import local
from typer.testing import CliRunner

import remit
from remit.cli.main import app
from remit.core.problems import Refused
from remit.core.rows import dict_rows
from remit.runs.area import AREA, PAID_NETWORK, PLACE, SCHEME, AreaLine, area, check_budgets
from remit.runs.networks import NETWORK

EXAMPLE = Path(__file__).parents[2] / "examples" / "qif-2024-25"
PLACES = {"A1": "cannock-chase", "A2": "cannock-chase", "A3": "east-staffordshire", "A4": "north-staffordshire"}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Four times the example, each £16,100.00 of £16,800.00 paid; the last lacks item 1b, of 20p on 10,000."""
    head, *rows = (EXAMPLE / "counts.csv").read_text().splitlines()
    counts = [row.replace("A1,", f"{code},", 1) for code in PLACES for row in rows]
    kept = [row for row in counts if not row.startswith("A4,1b,")]
    (tmp_path / "counts.csv").write_text("\n".join([head, *kept]) + "\n")
    practices = [f"{code},{code},{place},N{place[0]},10500,10000" for code, place in PLACES.items()]
    columns = "practice_code,practice_name,place_code,network_code,list_size,weighted_list_size"
    (tmp_path / "practices.csv").write_text("\n".join([columns, *practices]) + "\n")
    return tmp_path


@pytest.fixture
def qif(files: Path) -> remit.Run:
    settings = {"chol004_from": "2025-04-01"}
    return remit.run("qif-2024-25", files / "practices.csv", files / "counts.csv", settings=settings)


def _at(lines: list[AreaLine], code: str) -> AreaLine:
    return next(line for line in lines if line.code == code)


def _budget(line: AreaLine) -> int | None:
    return line.budget.pence if line.budget else None


def test_totals_by_place_and_network_stand_against_the_printed_budget(qif: remit.Run) -> None:
    found = area([qif])
    cannock = _at(found.at(PLACE), "cannock-chase")
    assert (cannock.practices, cannock.open, cannock.money.award) == (2, 0, 32_200_00)
    assert (cannock.money.paid, cannock.money.balance, cannock.money.recovery) == (33_600_00, 0, 1_400_00)
    assert _budget(cannock) == 297_890_00
    assert cannock.left == 265_690_00
    assert _at(found.at(NETWORK), "Nc").money == cannock.money
    assert [code for (_, _, code), _ in found.unused] == [
        "south-east-staffordshire-and-seisdon-peninsula", "stafford-and-surrounds", "stoke-on-trent",
    ]  # fmt: skip


def test_what_is_not_known_is_not_in_a_sum_as_nothing(qif: remit.Run) -> None:
    found = area([qif])
    for line in (_at(found.at(PLACE), "north-staffordshire"), *found.at(SCHEME)):
        assert (line.open, line.money.award, line.money.balance, line.money.recovery, line.left) == (1, *[None] * 4)
    (whole,) = found.at(SCHEME)
    assert whole.money.so_far == 3 * 16_100_00 + 14_100_00
    assert whole.money.paid == 4 * 16_800_00


def test_the_budget_of_all_places_is_their_sum_and_none_where_one_has_none(qif: remit.Run) -> None:
    (whole,) = area([qif]).at(SCHEME)
    assert _budget(whole) == 297_890_00 + 326_261_00 + 524_022_00
    given = dict_rows("budgets", [{"level": "scheme", "scheme_id": "qif", "pounds": "50000"}])
    (whole,) = area([qif], check_budgets(given, [qif])).at(SCHEME)
    assert _budget(whole) == 50_000_00


@pytest.mark.parametrize("scheme", ["", "qif"])
def test_the_budget_of_the_area_is_that_of_the_one_scheme_that_there_is(qif: remit.Run, scheme: str) -> None:
    """It must not stand below as a budget without a practice, while the whole is set against the printed one."""
    given = dict_rows("budgets", [{"level": "area", "scheme_id": scheme, "pounds": "50000"}])
    found = area([qif], check_budgets(given, [qif]))
    (whole,) = found.at(SCHEME)
    assert _budget(whole) == 50_000_00
    assert AREA not in {level for (level, *_), _ in found.unused}


def test_a_budget_of_a_file_stands_in_place_of_the_printed_one(qif: remit.Run) -> None:
    rows = [
        {"level": "place", "code": "cannock-chase", "pounds": "£32,000"},
        {"level": "network", "code": "Ne", "scheme_id": "qif", "pounds": "16100.00"},
    ]
    found = area([qif], check_budgets(dict_rows("budgets", rows), [qif]))
    assert _at(found.at(PLACE), "cannock-chase").left == -200_00
    assert _at(found.at(NETWORK), "Ne").left == 0


def test_all_that_is_wrong_with_budgets_is_said_at_once(qif: remit.Run) -> None:
    rows = [
        {"level": "places", "code": "cannock-chase", "pounds": "1"},
        {"level": "place", "code": "cannock", "pounds": "1"},
        {"level": "network", "code": "Nc", "scheme_id": "qof", "pounds": "1"},
        {"level": "scheme", "code": "", "pounds": "1"},
        {"level": "area", "code": "Nc", "pounds": "1"},
        {"level": "network", "code": "Nc", "pounds": "12,3"},
        {"level": "network", "code": "Ne", "pounds": "1"},
        {"level": "network", "code": "Ne", "pounds": "2"},
    ]
    with pytest.raises(Refused) as caught:
        check_budgets(dict_rows("budgets", rows), [qif])
    assert [problem.code for problem in caught.value.problems] == [
        "area.level-unknown", "area.code-unknown", "area.scheme-unknown", "area.scheme-empty", "area.code-unfit",
        "area.pounds-unreadable", "area.budget-twice",
    ]  # fmt: skip
    assert "cannock-chase" in caught.value.problems[1].hint
    assert caught.value.problems[5].message.endswith("found '12,3'.")  # as the file has it


def test_money_of_a_network_counts_once(tmp_path: Path) -> None:
    """£10 each, paid to the network: £20 of the scheme and the network, £10 in the place of each member."""
    scheme = local(
        "items: [{item: A, title: A, pays: {fixed: {pays: £10, for: it}}}]",
        "networks: {earned_by: practice, distribution: equal, assent: none}",
    )
    (tmp_path / "p.csv").write_text(
        "practice_code,practice_name,place_code,network_code\nA1,One,East,N1\nA2,Two,West,N1\n"
    )
    (tmp_path / "c.csv").write_text("practice_code,indicator_code,measure,value\nA1,A,DECLARED,1\nA2,A,DECLARED,1\n")
    found = area([remit.run(scheme, tmp_path / "p.csv", tmp_path / "c.csv")])
    assert [line.money.award for line in found.at(SCHEME)] == [2000]
    assert [(line.code, line.practices, line.money.award) for line in found.at(NETWORK)] == [("N1", 2, 2000)]
    assert [(line.code, line.money.award) for line in found.at(PLACE)] == [("East", 1000), ("West", 1000)]
    assert _at(found.at(PAID_NETWORK), "N1").money.award == 2000


def test_two_schemes_add_up_to_the_area(qif: remit.Run, files: Path) -> None:
    (files / "points.csv").write_text(
        "practice_code,indicator_code,measure,value\n" + "".join(f"{code},*,AGREED,100\n" for code in PLACES)
    )
    qof = remit.run("qof-england-2018-19", files / "practices.csv", files / "points.csv")
    found = area([qif, qof])
    (whole,) = found.at(AREA)
    assert whole.money.so_far == sum(line.money.so_far or 0 for line in found.at(SCHEME))
    assert whole.money.paid == sum(line.money.paid or 0 for line in found.at(SCHEME))
    assert whole.practices == 4
    with pytest.raises(Refused, match="in two of these runs"):
        area([qif, qif])


def test_the_money_of_the_area_is_one_file(files: Path, tmp_path: Path) -> None:
    out, to = tmp_path / "qif", tmp_path / "area.csv"
    run = ["run", "qif-2024-25", "--practices", str(files / "practices.csv"), "--counts", str(files / "counts.csv")]
    run += ["--set", "chol004_from=2025-04-01"]
    assert CliRunner().invoke(app, [*run, "--out", str(out)]).exit_code == 0
    page, pdf = tmp_path / "area.html", tmp_path / "area.pdf"
    made = CliRunner().invoke(app, ["area", str(out), "--csv", str(to), "--html", str(page), "--pdf", str(pdf)])
    assert made.exit_code == 0, made.output
    rows = list(csv.DictReader(to.read_text().splitlines()))
    assert [row["award"] for row in rows if row["level"] == "practice"] == ["16100.00"] * 3 + [""]
    assert next(row for row in rows if row["code"] == "cannock-chase")["budget_left"] == "265690.00"
    assert "265,690.00" in page.read_text()
    assert pdf.read_bytes().startswith(b"%PDF")
    shown = CliRunner().invoke(app, ["area", str(out)]).output
    assert "£265,690.00" in shown  # whole at 80 columns
    assert "…" not in shown
