"""`remit design` on a base year that is worked out by hand (`designed.py`): steps, pence, costs, and the draft."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest
from scipy import stats
from tests.bad_files.command import remit
from tests.unit.designed import ACHIEVED, base_run, counts_file, practices_file

from remit.analysis.beta_binomial import BetaBinomial
from remit.analysis.design.lucky_steps import luck, own_rate
from remit.analysis.design.proposal import Proposal
from remit.application.design import Aims, BaseFiles, Request, evaluate
from remit.core.dates import SchemeYear
from remit.documents.design import design
from remit.documents.render.terminal import plain_text
from remit.scheme import load_scheme


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return base_run(tmp_path_factory.mktemp("base"))


def _proposal(request: Request) -> Proposal:
    return evaluate(request).proposal


@pytest.fixture(scope="module")
def result(run: Path) -> Proposal:
    """A budget of £15,000 for 50,000 heads: 30p at most, so 10p, 20p and 30p."""
    return _proposal(Request(run, ("4",), Aims(1_500_000, improvement={"": Fraction(5, 100)})))


def test_steps_stand_at_the_marks(result: Proposal) -> None:
    placed = result.items["4"].placed
    assert placed
    assert [step.at for step in placed.steps] == [Fraction(n, 100) for n in (65, 70, 90)]
    assert [step.mark for step in placed.steps] == ["median", "upper quartile", "achievable benchmark"]
    assert placed.steps[0].by_luck == pytest.approx(stats.binom.sf(649, 1000, 0.6))


def test_the_budget_is_met_to_the_penny_at_full_achievement(result: Proposal) -> None:
    assert result.tariff.pays == {"4": (Fraction(10, 100), Fraction(20, 100), Fraction(30, 100))}
    assert (result.costs.full, result.tariff.left) == (1_500_000, 0)


def test_what_it_costs(result: Proposal) -> None:
    """Base year: 10p, 20p and 30p of 10,000 heads. Five points more: 55, 65, 70, 75 and 95%. QIF paid 22p and 30p."""
    assert result.costs.baseline.pence == 100_000 + 200_000 + 300_000
    assert result.costs.improved
    assert result.costs.improved.pence == 100_000 + 200_000 + 200_000 + 300_000
    assert result.costs.before
    assert result.costs.before.pence == 220_000 + 300_000
    assert result.paid["4"] == {"P1": 0, "P2": 0, "P3": 100_000, "P4": 200_000, "P5": 300_000}


@pytest.mark.parametrize(("meets", "budget"), [("baseline", 600_000), ("improved", 800_000)])
def test_the_budget_can_be_met_elsewhere(run: Path, meets: str, budget: int) -> None:
    """The same rates as above: the baseline pays 60p for 10,000 heads, the improved counts 80p."""
    found = _proposal(Request(run, ("4",), Aims(budget, meets=meets, improvement={"4": Fraction(5, 100)})))  # type: ignore[arg-type]
    assert found.tariff.pays == {"4": (Fraction(10, 100), Fraction(20, 100), Fraction(30, 100))}


def test_luck_is_that_of_all_practices(result: Proposal) -> None:
    """P3, P4 and P5 stand right at a step. That the own rate is below it and the year's count is not has a chance of an
    eighth: the count's chance is as wide as that of the own rate. Three eighths of five practices are 7.5%."""
    item = result.items["4"]
    assert item.luck
    assert result.lucky
    assert 0.07 < result.lucky < 0.1
    assert item.luck.any_step[0] < 0.001
    assert item.paid_for_luck == pytest.approx(
        sum(one.lucky for one in item.luck.steps) * 0.10 * 10_000 * 100, rel=0.001
    )


def test_the_steps_of_the_base_year_are_examined_too(result: Proposal) -> None:
    """QIF pays item 4 above 65%, 72% and 78%: P3 stands right at the lowest, and a rate must pass it."""
    now = result.items["4"].luck_now
    assert now
    assert [one.at for one in now.steps] == [Fraction(65, 100), Fraction(72, 100), Fraction(78, 100)]
    assert 0.1 < now.steps[0].lucky < 0.15
    fitted = result.items["4"].fitted
    assert isinstance(fitted, BetaBinomial)
    own = own_rate(fitted.mean, fitted.alike, 650, 1000)
    others = [own_rate(fitted.mean, fitted.alike, over, 1000) for over in (500, 600, 700, 900)]
    chances = [luck(one, Fraction(65, 100), 1000, above=True).lucky for one in (own, *others)]
    assert now.steps[0].lucky == pytest.approx(sum(chances))


def test_what_luck_takes_is_said_beside_what_it_gives(result: Proposal) -> None:
    """Each step is a rise of 10p for 10,000 heads."""
    item = result.items["4"]
    assert item.luck
    assert item.missed_by_luck == pytest.approx(sum(one.unlucky for one in item.luck.steps) * 100_000, rel=0.001)


def test_a_draft_that_is_run_pays_what_was_said(run: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    said = remit("design", run, "--item", "4", "--budget", "£15,000", "--out", draft)
    assert said.status == 0, said.err
    scheme = load_scheme(draft)
    assert scheme.sources["design"].standing == "unverified"
    given = ("--practices", run / "inputs" / "practices.csv", "--counts", run / "inputs" / "counts.csv")
    assert remit("check", draft).status == 0
    assert remit("run", draft, *given, "--out", tmp_path / "out").status == 0
    with (tmp_path / "out" / "totals.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file))[-1]["pounds"] == "6000.00"


def test_what_the_terminal_says_first(run: Path) -> None:
    said = remit("design", run, "--item", "4", "--budget", "£15,000")
    text = " ".join(said.out.split())
    assert text.startswith(
        "A design from the counts of Quality Improvement Framework (QIF) 2024/25 Steps at 65%, 70% and"
    )
    assert "would pay £6,000.00 on the base year's counts, out of a budget of £15,000.00; about one practice in" in text
    assert "The budget is met to the penny at full achievement." in text


def test_the_base_year_can_be_files(tmp_path: Path) -> None:
    files = BaseFiles(practices_file(tmp_path), counts_file(tmp_path, ACHIEVED, item="HYP008"), SchemeYear(2024))
    found = _proposal(Request(files, ("HYP008",), Aims(1_500_000)))
    assert found.costs.baseline.pence == 600_000
    assert found.costs.before is None


def test_an_indicator_of_the_base_schemes_own_stands_in_the_draft(tmp_path: Path) -> None:
    """The file that `remit new` makes has an indicator of its own, EX-1, whose item is CARE."""
    mine, draft = tmp_path / "mine-2024-25.yaml", tmp_path / "draft.yaml"
    assert remit("new", "mine-2024-25", "--out", mine).status == 0
    given = ("--practices", practices_file(tmp_path), "--counts", counts_file(tmp_path, item="CARE"))
    assert remit("run", mine, *given, "--out", tmp_path / "run").status == 0
    said = remit("design", tmp_path / "run", "--item", "CARE", "--budget", "£15,000", "--out", draft)
    assert said.status == 0, said.err
    assert load_scheme(draft).indicator("EX-1").group == "EX"
    assert remit("run", draft, *given, "--out", tmp_path / "out").status == 0
    with (tmp_path / "out" / "totals.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file))[-1]["pounds"] == "6000.00"
    simulated = remit("simulate", tmp_path / "run", "--change", draft, "--draws", "0")
    assert simulated.status == 0, simulated.err
    # The template pays 20p above 40% and 50p above 60%: two practices at 20p, three at 50p.
    assert "£13,000.00 less would be paid, £6,000.00 after £19,000.00" in " ".join(simulated.out.split())


def test_a_draft_of_a_prevalence(tmp_path: Path) -> None:
    """Registers of 400, 420, 450, 500 and 600 of 10,000 adults: in tenths of a per cent, 4.5, 5 and 6%."""
    counts = counts_file(tmp_path, (400, 420, 450, 500, 600), of=10_000, item="CKD005")
    text = counts.read_text().replace("NUMERATOR", "REGISTER").replace("DENOMINATOR", "LIST_SIZE")
    counts.write_text(text, encoding="utf-8")
    files = BaseFiles(practices_file(tmp_path), counts, SchemeYear(2024))
    found = _proposal(Request(files, ("CKD005",), Aims(1_500_000)))
    assert [step.at for step in found.items["CKD005"].placed.steps] == [  # type: ignore[union-attr]
        Fraction(45, 1000), Fraction(50, 1000), Fraction(60, 1000),
    ]  # fmt: skip
    assert found.costs.baseline.pence == 600_000


def test_practices_of_part_of_the_year_are_named_and_left_out(tmp_path: Path) -> None:
    practices = practices_file(tmp_path)
    text = practices.read_text().replace("list_size\n", "list_size,joined,left\n", 1)
    lines = [line if n in (0, 2) else f"{line},," for n, line in enumerate(text.splitlines())]
    lines[2] += ",2024-10-01,"
    practices.write_text("\n".join(lines) + "\n", encoding="utf-8")
    files = BaseFiles(practices, counts_file(tmp_path, item="HYP008"), SchemeYear(2024))
    found = _proposal(Request(files, ("HYP008",), Aims(1_500_000)))
    assert found.base.part_of_year == ("P2",)
    assert set(found.base.practices) == {"P1", "P3", "P4", "P5"}


def test_shares_part_the_money(tmp_path: Path) -> None:
    """£20 of £30 a head go to the item with two shares of three: 20p and 10p of 30p."""
    counts = counts_file(tmp_path, ACHIEVED, item="HYP008")
    counts.write_text(counts.read_text() + counts.read_text().split("\n", 1)[1].replace("HYP008", "CHOL004"))
    files = BaseFiles(practices_file(tmp_path), counts, SchemeYear(2024))
    found = _proposal(Request(files, ("HYP008", "CHOL004"), Aims(1_500_000, shares={"HYP008": Fraction(2)})))
    assert [pays[-1] for pays in found.tariff.pays.values()] == [Fraction(20, 100), Fraction(10, 100)]


def test_pounds_for_expected_gain(run: Path, tmp_path: Path) -> None:
    """15 events among 10,000 people are 75 among 50,000: £15,000 for 75 is £200 each."""
    path = tmp_path / "gains.csv"
    path.write_text("item,gain,people,what,source\n4,15,10000,events prevented,A source\n", encoding="utf-8")
    found = _proposal(Request(run, ("4",), Aims(1_500_000), gains=path))
    assert (found.gains["4"].expected, found.gains["4"].pence_for_each) == (75, 20_000)


def test_how_unequally_items_pay_for_gain(tmp_path: Path) -> None:
    """£7,500 each: for 75 events, and for 30, which is two and a half times as much for each."""
    counts = counts_file(tmp_path, ACHIEVED, item="HYP008")
    counts.write_text(counts.read_text() + counts.read_text().split("\n", 1)[1].replace("HYP008", "CHOL004"))
    gains = tmp_path / "gains.csv"
    rows = ["item,gain,people,what,source", "HYP008,15,10000,events,A source", "CHOL004,6,10000,events,A source"]
    gains.write_text("\n".join(rows) + "\n", encoding="utf-8")
    files = BaseFiles(practices_file(tmp_path), counts, SchemeYear(2024))
    found = _proposal(Request(files, ("HYP008", "CHOL004"), Aims(1_500_000), gains))
    assert [one.pence_for_each for one in found.gains.values()] == [10_000, 25_000]
    assert "Item CHOL004 pays 2.5 times as much for each as item HYP008." in plain_text(design(found).blocks)


def test_a_networks_size_is_said_where_practices_are_too_small(tmp_path: Path) -> None:
    """20 patients each at 25, 40, 50, 60 and 65%: from 40%, at most 10% of years have 12 or more of 20 (5.7%), so that
    the lowest step is from 56%; the next mark, 65%, would need more patients than 20."""
    run = base_run(tmp_path, (5, 8, 10, 12, 13), 20)
    found = _proposal(Request(run, ("4",), Aims(1_500_000)))
    placed = found.items["4"].placed
    assert placed
    assert [(step.at, step.moved) for step in placed.steps] == [(Fraction(56, 100), True)]
    assert stats.binom.sf(11, 20, 0.4) <= 0.1 < stats.binom.sf(10, 20, 0.4)
    needed = placed.left_out[-1].patients
    assert needed
    assert stats.binom.sf(-(-65 * needed // 100) - 1, needed, 0.56) <= 0.1
    said = " ".join(remit("design", run, "--item", "4", "--budget", "£15,000").out.split())
    assert f"It would take {needed:,} patients" in said
    assert "a network of" in said


def test_the_same_inputs_give_the_same_bytes(run: Path, tmp_path: Path) -> None:
    pages = []
    for n in (1, 2):
        page = tmp_path / f"{n}.html"
        assert remit("design", run, "--item", "4", "--budget", "£15,000", "--html", page).status == 0
        pages.append(page.read_bytes())
    assert pages[0] == pages[1]
