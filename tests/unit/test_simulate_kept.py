"""What a simulation keeps, says of limits and takes from records: the overlay with its limits on top, a scaling that
modifies nothing, an item's parts counted from records and supplied, and each practice's contacts."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_files.command import remit
from tests.kinds.figures_in_formats import cells
from tests.unit.made_worklists import evaluated, records
from tests.unit.test_simulate import run as run  # the same three practices

from remit.application.simulate import Request, SourceFiles, evaluate
from remit.documents.simulation import simulation
from remit.scheme import load_scheme

SCALED = """
reform: scaled
title: A penny more for 4, at the same cost
of: qif-2024-25
pence: {"4": +1}
funding: within fixed system resources
limits: {modified_indicators: 50%, modified_points: 50%}
assumes: ["The registers stay as they are (the practices' own letter)."]
behaviour: {decline_after_retirement: lester-2010}
"""


def test_a_scaling_of_all_pence_modifies_no_item(run: Path, tmp_path: Path) -> None:
    """One of the scheme's eight items is changed; 30p of its 210p a head."""
    (tmp_path / "scaled.yaml").write_text(SCALED, encoding="utf-8")
    [outcome] = evaluate(Request(run, (tmp_path / "scaled.yaml",), draws=0)).simulation.reforms
    verdicts = {one.name: (one.kept, one.text) for one in outcome.verdicts}
    said = "That all pence are scaled alike is not counted."
    assert verdicts["Indicators modified"] == (True, f"1 of 8 indicators (12.5%); the limit is 50%. {said}")
    assert verdicts["Pence a head modified"] == (True, f"30 of 210 pence a head (14.3%); the limit is 50%. {said}")
    assert verdicts["Within fixed system resources"][0] is True


def test_the_overlay_says_at_its_top_what_an_approval_needs(run: Path, tmp_path: Path) -> None:
    (tmp_path / "scaled.yaml").write_text(SCALED, encoding="utf-8")
    given = (run, "--change", tmp_path / "scaled.yaml", "--draws", "0", "--out")
    assert remit("simulate", *given, tmp_path / "kept").status == 0
    overlay = tmp_path / "kept" / "scaled" / "overlay.yaml"
    text = overlay.read_text(encoding="utf-8")
    top = text[: text.index("scheme: ")]
    assert all(line.startswith("#") or not line for line in top.splitlines())
    assert max(map(len, top.splitlines())) <= 110
    words = " ".join(top.replace("#", " ").split())
    for sentence in (
        "A penny more for 4, at the same cost: the whole cost stays at £6,750.00",
        "- The registers stay as they are (the practices' own letter).",
        "- So that it costs what is paid now, the pence a head of 8 items go",
        "- Indicators modified: kept. 1 of 8 indicators (12.5%); the limit is 50%.",
        "- Within fixed system resources: kept. It costs what is paid now, to the penny.",
        "- Recorded care of retired items: about 3% lower each year",
        "Source: Lester et al 2010",
        "Simulated on the run whose manifest has the hash ",
    ):
        assert sentence in words, sentence
    assert load_scheme(overlay).title.endswith("A penny more for 4, at the same cost")
    assert remit("check", overlay).status == 0
    assert remit("diff", "qif-2024-25", overlay).status == 0


OF_RECORDS = """
scheme: local
version: "1"
title: A local scheme
commissioner: Exampleshire ICB
year: 2024-25
achievement_date: 2025-03-31
sources: {contract: {title: The contract, standing: verified}}
source: contract
point: {value: £100}
terms: {balance: {due: 2025-06-30}}
items:
  - item: HYP008
    indicator: HYP008
    measure: achievement
    pays: {linear: {points: 10, lower: 20%, upper: 50%}}
  - item: CS005
    indicator: CS005
    measure: achievement
    pays: {linear: {points: 5, lower: 20%, upper: 50%}}
"""
BY_AGE = """
reform: by-age
title: HYP008 by age
of: local
stratify:
  HYP008:
    by: age
    into:
      HYP008-U65: {of: [45-54], pays: {linear: {points: 6}}}
      HYP008-65: {of: [75-84], pays: {linear: {points: 4}}}
    counts: WAY
"""
PARTS = """practice_code,indicator_code,measure,value
A1,HYP008-U65,NUMERATOR,1
A1,HYP008-U65,DENOMINATOR,2
A1,HYP008-65,NUMERATOR,0
A1,HYP008-65,DENOMINATOR,1
"""


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three people with hypertension, two of 44 and one of 74; one of 44 has reached the target. Evaluated, and run."""
    home = tmp_path_factory.mktemp("counted")
    born = {"june": "1980-01-10", "winter": "1980-01-10", "never": "1950-01-10"}
    people = "".join(f"{who},{day},M,,\n" for who, day in born.items())
    events = "june,2024-06-15,BP,128/78,\n" + "".join(f"{who},2015-01-10,HYP_COD,,\n" for who in born)
    store = records(home / "records", people, events, last_day="2025-03-31")
    folder = evaluated(home, store, OF_RECORDS, load_scheme(_written(home / "local.yaml")).achievement_date)
    given = ("--practices", folder / "practices.csv", "--counts", folder / "counts.csv")
    assert remit("run", home / "local.yaml", *given, "--out", home / "run").status == 0
    return home


def _written(path: Path) -> Path:
    path.write_text(OF_RECORDS, encoding="utf-8")
    return path


@pytest.mark.parametrize("way", ["records", "supplied"])
def test_parts_from_records_and_parts_that_are_supplied_pay_alike(counted: Path, tmp_path: Path, way: str) -> None:
    """Now 1 of 3 earns 13⅓ of 30 points above 20%, 4.444 of 10 points, £444.44. Of two 44 years old 1 is achieved: 6
    points, £600; the one of 74 is not: nothing. There is nobody for CS005."""
    (tmp_path / "by-age.yaml").write_text(BY_AGE.replace("WAY", way), encoding="utf-8")
    (tmp_path / "parts.csv").write_text(PARTS, encoding="utf-8")
    recorded = way == "records"
    sources = SourceFiles(None if recorded else tmp_path / "parts.csv", counted / "evaluated" if recorded else None)
    request = Request(counted / "run", (tmp_path / "by-age.yaml",), draws=0, sources=sources)
    result = evaluate(request).simulation
    [unit] = result.reforms[0].units
    assert (unit.before.pence, unit.after.pence) == (44_444, 60_000)
    said = "counted from records on 2025-03-31, by age" if way == "records" else "are as supplied"
    assert any(said in text for text in result.reforms[0].changes)
    assert simulation(result).blocks


def test_each_practices_contacts_stand_beside_what_it_would_gain_or_lose(run: Path) -> None:
    """2a is retired: A1 has 41 of its 100 patients and 73 of 4's 100 behind its pounds. To earn all it has 5 more to
    make for 2a (above 45%: 46) and 6 for 4 (above 78%: 79); under the reform only the 6, which is hidden as too few."""
    request = Request(run, (run.parent / "retired.yaml",), draws=0)
    found = {cell.figure: cell.value for cell in cells(simulation(evaluate(request).simulation).blocks)}
    at = "retired/A1/contacts"
    assert [found[f"{at}/{name}"] for name in ("reached", "to-all/before", "to-all/after")] == [114, 11, None]
    assert found[f"{at}/difference"] == -130_000
