"""`remit chance`: figures by hand, one sentence on statement and overview, every format, what cannot be said."""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from tests.bad_files.command import assert_refused, remit
from tests.kinds.figures_in_formats import assert_in_every_format

from remit.analysis.beta_binomial import BetaBinomial
from remit.analysis.chance import chance, interval
from remit.application.chance import Request, evaluate
from remit.application.overview import Request as OverviewRequest
from remit.application.overview import evaluate as overview
from remit.application.statement import StatementRequest, statements
from remit.core.problems import Refused
from remit.documents.blocks import Cell, Fold, Para, Table
from remit.documents.chance import document, short
from remit.documents.chance_words import of_practice, of_run, rough
from remit.documents.overview import overview as overview_document
from remit.documents.statement.formats import document as statement_document
from remit.runs import open_run

COUNTS = {"A1": (41, 100), "A2": (30, 60), "A3": (52, 90), "A4": (9, 20), "A5": (0, 0)}
"""Item 2a of QIF 2024/25: above 35% pays 10p, above 40% 13p, above 45% 17p a head."""


def year_before(folder: Path, indicator: str = "DM8CP-TYPE1") -> str:
    """The scheme as a file of the year before, whose item 2a counts an `indicator`."""
    folder.mkdir(exist_ok=True)
    text = (files("remit") / "library" / "schemes" / "qif-2024-25.yaml").read_text(encoding="utf-8")
    years = {"scheme: qif-2024-25": "scheme: qif-2023-24", "\nyear: 2024-25": "\nyear: 2023-24",
             "achievement_date: 2025": "achievement_date: 2024", "at: 2024": "at: 2023", "from: 2024": "from: 2023",
             "indicator: DM8CP-TYPE1": f"indicator: {indicator}"}  # fmt: skip
    for old, new in years.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "before.yaml").write_text(text, encoding="utf-8")
    return str(folder / "before.yaml")


def make_run(
    folder: Path, counts: dict[str, tuple[int, int]] = COUNTS, item: str = "2a", scheme: str = "qif-2024-25"
) -> Path:
    folder.mkdir(exist_ok=True)
    practices = ["practice_code,practice_name,place_code,network_code,list_size,weighted_list_size"]
    rows = ["practice_code,indicator_code,measure,value"]
    for n, (code, (over, under)) in enumerate(counts.items()):
        practices.append(f"{code},Name {code},cannock-chase,N{n % 2 + 1},10000,10000")
        rows += [f"{code},{item},NUMERATOR,{over}", f"{code},{item},DENOMINATOR,{under}"]
    (folder / "practices.csv").write_text("\n".join(practices) + "\n", encoding="utf-8")
    (folder / "counts.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    given = ("--practices", folder / "practices.csv", "--counts", folder / "counts.csv", "--indicator", item)
    day = "chol004_from=2023-12-05" if scheme != "qif-2024-25" else "chol004_from=2024-12-05"
    assert remit("run", scheme, *given, "--set", day, "--out", folder / "run").status == 0
    return folder / "run"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return make_run(tmp_path / "one")


def test_the_chance_of_another_step_and_the_pounds_are_the_sums_by_hand(run: Path) -> None:
    """A1, 41 of 100, is paid 13p x 10,000; above 45 of 100 17p, at most 40 less: 10p above 35, else what is below."""
    found = chance(open_run(run))
    [counts] = found.stated
    assert isinstance(counts.spread, BetaBinomial)
    kind = counts.item.kind
    one = found.practice("A1")
    k = np.arange(101)
    a, b = counts.spread.alpha + 41, counts.spread.beta + 59
    probability = stats.betabinom.pmf(k, 100, a, b) if np.isfinite(a) else stats.binom.pmf(k, 100, counts.spread.mean)
    pounds = np.array([0 if n <= 35 else 1000 if n <= 40 else 1300 if n <= 45 else 1700 for n in k])
    assert [float(kind.earned(kind.thresholds()[0].at)), pounds[41]] == [0, 1300]
    assert one.others == pytest.approx(probability[pounds != 1300].sum())
    assert one.pence == 130_000
    assert one.moved == pytest.approx(100 * (np.abs(pounds - 1300) @ probability))
    assert one.deviation == pytest.approx(100 * np.sqrt(pounds**2 @ probability - (pounds @ probability) ** 2))
    assert interval(one) in [(0, 170_000), (100_000, 170_000)]


def sentences(blocks: object) -> list[str]:
    return [block.text for block in getattr(blocks, "blocks", ()) if isinstance(block, Para)]


def test_the_statement_and_the_overview_say_what_the_command_says(run: Path) -> None:
    found = evaluate(Request(run))
    assert found.totals is not None
    [at_a_glance] = [overview(OverviewRequest((run,)))]
    page = overview_document(at_a_glance.runs, chances=at_a_glance.chances)
    assert of_run(found.totals) in sentences(page)
    for one in found.practices:
        [made] = statements(StatementRequest(run, (one.chance.code,)))
        assert of_practice(one.chance) in sentences(statement_document(made)), one.chance.code
    assert of_practice(found.practices[0].chance).startswith("By chance alone, ")


def test_each_figure_is_the_same_in_every_format(run: Path) -> None:
    found = evaluate(Request(run))
    assert found.totals is not None
    expected = {"all/awards": 4, "all/pounds": found.totals.pence, "A1/pounds": 130_000, "2a/median": 75}
    assert_in_every_format(document(found), expected)
    of_one = evaluate(Request(run, practices=("A1",)))
    assert_in_every_format(document(of_one), {"A1/pounds": 130_000, "A1/2a/pounds": 130_000})
    assert short(found).title == document(found).title


def test_of_one_practice_alone_it_is_said_that_nothing_can_be(tmp_path: Path) -> None:
    alone = make_run(tmp_path / "alone", {"A1": (41, 100)})
    found = evaluate(Request(alone))
    assert found.totals is None
    assert "One practice alone" in sentences(document(found))[0]
    [made] = statements(StatementRequest(alone))
    assert [text for text in sentences(statement_document(made)) if "chance" in text] == [
        "How much of this is chance cannot be said from one practice alone. A run of several practices can say it."
    ]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"A1": (0, 0), "A2": (0, 0)}, "Nobody was there to be counted"),
        ({"A1": (4, 9), "A2": (0, 0)}, "One practice alone"),
        ({"A1": (6, 10), "A2": (12, 20), "A3": (6, 10)}, "By chance alone"),
        ({"A1": (10, 10), "A2": (20, 20)}, "By chance alone, fewer than one of 2 steps"),
    ],
)
def test_zero_denominators_and_all_equal_rates_get_the_rest_of_the_report(
    tmp_path: Path, counts: dict[str, tuple[int, int]], words: str
) -> None:
    found = evaluate(Request(make_run(tmp_path / "odd", counts)))
    page = document(found)
    assert words in sentences(page)[0]
    assert any(isinstance(block, Table) for block in page.blocks)
    assert isinstance(page.blocks[-1], Fold)


def test_years_and_networks_pooled(tmp_path: Path, run: Path) -> None:
    """A network's counts are its practices'; a second year of the same counts doubles every denominator."""
    before = make_run(tmp_path / "before", scheme=year_before(tmp_path))
    [item] = evaluate(Request(run, earlier=(before,))).items
    assert item.years is not None
    assert item.networks is not None
    assert (item.years.units, item.years.reliability.median) == (4, 150)
    assert (item.networks.units, item.networks.reliability.median) == (2, 135)  # A1, A3, A5: 190; A2, A4: 80


def test_sensitive_items_have_their_pounds_alone(tmp_path: Path) -> None:
    register = make_run(tmp_path / "palliative", {"A1": (41, 100), "A2": (30, 60)})
    found = evaluate(Request(register))
    hidden = found.__class__(**{**vars(found), "sensitive": {"2a": "deaths"}})
    cells = [
        cell
        for block in document(hidden).blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row.cells
        if (isinstance(cell, Cell) and cell.figure.startswith("2a/"))
        or (isinstance(cell, Cell) and "/2a/" in cell.figure)
    ]
    assert cells
    assert {cell.figure for cell in cells if cell.value is not None} == {"2a/pounds", "2a/at risk", "2a/of pounds"}
    assert not any("Funnel" in getattr(block, "text", "") for block in document(hidden).blocks)


def test_what_the_run_does_not_have_is_refused_all_at_once(run: Path, tmp_path: Path) -> None:
    refused = remit("chance", run, "--item", "2x", "--practice", "A9")
    assert_refused(refused, "the run has no item '2x'", "there is no practice 'A9'")
    other = make_run(tmp_path / "other", {"B1": (41, 100), "B2": (30, 60)}, scheme=year_before(tmp_path))
    assert_refused(remit("chance", run, "--with", other), "has no practice of this run", "Name a run of the same")
    assert_refused(remit("chance", tmp_path), "manifest")


def test_years_are_pooled_of_earlier_years_each_once_and_of_the_same_indicator(run: Path, tmp_path: Path) -> None:
    """The same patients twice would look like twice as many; an item of the same code may count something else."""
    before = make_run(tmp_path / "before", scheme=year_before(tmp_path))
    assert_refused(remit("chance", run, "--with", run), "is of 2024-25", "before 2024-25", "earlier years")
    assert_refused(remit("chance", run, "--with", before, "--with", before), "is of 2023-24", "each once")
    assert_refused(remit("chance", before, "--with", run), "is of 2024-25", "before 2023-24")
    another = make_run(tmp_path / "another", scheme=year_before(tmp_path, "DM8CP-TYPE2"))
    assert_refused(remit("chance", run, "--with", another), "in any of its items", "and indicators")


def test_an_item_without_a_chance_that_is_asked_for_says_why(run: Path) -> None:
    """Item 1b pays by a table that 1a's rate chooses."""
    page = document(evaluate(Request(make_run(run.parent.parent / "gated", item="1b"), items=("1b",))))
    assert "1b: Item 1a chooses what its rate pays, and would change too." in sentences(page)[0]


def test_the_command_prints_and_writes(run: Path, tmp_path: Path) -> None:
    shown = remit("chance", run)
    assert shown.status == 0
    assert "By chance alone" in shown.out
    files = [tmp_path / f"chance.{ending}" for ending in ("html", "pdf", "xlsx", "csv")]
    options = [word for path in files for word in (f"--{path.suffix[1:]}", path)]
    assert remit("chance", run, "--item", "2a", *options).status == 0
    assert all(path.stat().st_size > 1000 for path in files)


def test_without_scipy_the_statement_says_the_same_and_the_command_what_to_install(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [before] = statements(StatementRequest(run, ("A1",)))
    for name in [name for name in sys.modules if name.split(".")[0] == "scipy"] + ["scipy"]:
        monkeypatch.setitem(sys.modules, name, None)
    [after] = statements(StatementRequest(run, ("A1",)))
    assert after.by_chance == before.by_chance != ""
    with pytest.raises(Refused, match=r"remit\[analysis\]"):
        evaluate(Request(run))


def test_what_is_not_known_is_no_0_and_is_said(tmp_path: Path) -> None:
    """2a of three practices, one of them without counts; 2b of none: 1 + 3 counts are not known."""
    run = make_run(tmp_path / "some", {"A1": (41, 100), "A2": (30, 60), "A3": (52, 90)})
    folder = run.parent
    rows = [row for row in (folder / "counts.csv").read_text(encoding="utf-8").splitlines() if not row.startswith("A3")]
    (folder / "counts.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    given = (
        "--practices",
        folder / "practices.csv",
        "--counts",
        folder / "counts.csv",
        "--set",
        "chol004_from=2024-12-05",
    )
    items = ("--indicator", "2a", "--indicator", "2b")
    assert remit("run", "qif-2024-25", *given, *items, "--out", folder / "again").status == 0
    page = document(evaluate(Request(folder / "again")))
    assert any("4 more are left out: their counts are not known." in text for text in sentences(page))
    [table] = [
        block for block in page.blocks if isinstance(block, Table) and block.caption == "Reliability of each item"
    ]
    [row] = [row for row in table.rows if str(row.cells[0]).find("2b") >= 0]
    assert {cell.text for cell in row.cells if isinstance(cell, Cell) and cell.figure} == {"not known"}
    named = document(evaluate(Request(folder / "again", practices=("A3",))))
    assert sentences(named)[0] == "Name A3 (A3): no chance can be stated of any of its items."
    assert "2b: No practice's counts are known: nothing can be said of how practices differ." in sentences(page)


def test_outside_the_limits_of_chance_are_those_beyond_the_dashed_lines(tmp_path: Path) -> None:
    """100 of 200 together; 2 of 20 is 3.6 standard errors away. The limits are scipy's binomial, between its steps."""
    counts = {"A1": (2, 20), "A2": (10, 20), "A3": (50, 100), "A4": (38, 60)}
    over, under = (np.array(column) for column in zip(*counts.values(), strict=True))

    def limit(p: float) -> np.ndarray:
        count = stats.binom.ppf(p, under, 0.5)
        return (count - (stats.binom.cdf(count, under, 0.5) - p) / stats.binom.pmf(count, under, 0.5)) / under

    beyond = int(((over / under < limit(0.025)) | (over / under > limit(0.975))).sum())
    found = sentences(document(evaluate(Request(make_run(tmp_path / "beyond", counts)))))
    assert beyond == 2  # A4 is 2.07 standard errors away: outside; as is A1
    assert any(
        f"Outside the dashed limits for 95%: {beyond} of 4; by chance alone about 0 would be" in one for one in found
    )


def test_of_fewer_than_ten_practices_the_report_says_that_chances_are_rough(run: Path, tmp_path: Path) -> None:
    """Four of five have somebody to count; of ten that do, nothing is said; nor is it on the statement."""
    few = "How practices differ is judged from 4 of them: take the chances as rough."
    found = evaluate(Request(run))
    for page in (document(found), short(found), document(evaluate(Request(run, practices=("A1",))))):
        assert sentences(page).count(few) == 1
    [statement] = statements(StatementRequest(run, ("A1",)))
    assert few not in sentences(statement_document(statement))
    ten = make_run(tmp_path / "ten", {f"B{n}": (40 + n, 100) for n in range(10)})
    assert not [text for text in sentences(document(evaluate(Request(ten)))) if "judged from" in text]


def test_items_that_rest_on_different_numbers_of_practices() -> None:
    some = "On some items, how practices differ is judged from 3 to 7 of them: take the chances as rough."
    assert rough([10, 3, 7]) == some
    assert rough([10, 12]) == rough([]) == ""
