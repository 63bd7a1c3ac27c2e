"""The page about QIF 2024/25's thresholds: its figures against the scheme's source, hand arithmetic and scipy."""

from __future__ import annotations

import sys
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
script: Any = import_module("qif_thresholds")


def test_baselines_are_what_the_source_prints() -> None:
    for code, text in script.BASELINE.items():
        assert text in script.SCHEME.item(code).baseline
    quartiles = [f"{float(one) * 100:.1f}%" for one in script.QUARTILES_1B]
    assert all(text in script.SCHEME.item("1b").baseline for text in quartiles)


def test_lists_by_hand() -> None:
    """The five places: 141,853 + 155,362 + 249,534 + 224,913 + 157,892. With Stoke's 309,434, over 144 practices."""
    assert script.heads() == 929_554
    assert script.average_list() == Fraction(1_238_988, 144)
    assert script.size("1b", script.average_list()) == 86


def test_from_one_step_to_the_next() -> None:
    """Above 38% of 86 deaths is 33 or more; above 45% is 39 or more."""
    rows = [line for line in script._neighbours() if line.startswith("| 1b: ")]
    for row, chance in zip(rows, (stats.binom.sf(32, 86, 0.30), stats.binom.sf(38, 86, 0.38)), strict=True):
        assert f"| 86 | {round(chance * 100)}% |" in row


@pytest.mark.parametrize("deaths", [50, 86, 150])
def test_the_spread_of_1b_gives_the_printed_quartiles_back(deaths: int) -> None:
    """Within three points: the quartiles are whole deaths, and are taken as those of a normal curve."""
    alike = script.alike_of(0.343, script.spread_1b(deaths))
    found = [stats.betabinom.ppf(share, deaths, 0.343 * alike, 0.657 * alike) / deaths for share in (0.25, 0.75)]
    assert found == [pytest.approx(0.262, abs=0.03), pytest.approx(0.424, abs=0.03)]


def test_the_pounds_of_a_year_are_those_of_a_simulation() -> None:
    """100,000 practices drawn for each example; four standard errors."""
    for one in script.examples():
        a, b = one.mean * one.alike, (1 - one.mean) * one.alike
        drawn = stats.betabinom.rvs(one.patients, a, b, size=100_000, random_state=4)
        pays = [
            float(max((step.pays for step in script.steps(one.item) if x > step.at * one.patients), default=0))
            for x in range(one.patients + 1)
        ]
        values = [pays[x] for x in drawn]
        margin = 4 * stats.tstd(values) / 100_000**0.5
        assert one.pounds_a_head() == pytest.approx(sum(values) / len(values), abs=margin)


def test_a_network_of_five_has_people_enough_for_item_2a() -> None:
    first, second, third = script.steps("2a")
    for below, step in ((first, second), (second, third)):
        needed = script.patients_needed(below.at, step.at, 0.1, step.above)
        assert needed
        assert 5 * script.size("2a", script.average_list()) >= needed > script.size("2a", script.average_list())


def test_figures_in_sentences_are_those_of_the_script_and_the_source() -> None:
    """What is typed on the page: prevalences, quartiles, practices, which baselines lie above the lowest step."""
    page, prevalence = script.PAGE.read_text(encoding="utf-8"), script.STAFFORDSHIRE_2018_19
    for text in (
        f"prevalence of CKD was then {100 * prevalence['CKD'][0] / prevalence['CKD'][1]:.2f}%",
        f"where QIF's source prints {script.BASELINE['6']}",
        f"palliative care was {100 * prevalence['PC'][0] / prevalence['PC'][1]:.2f}%",
        f"quartiles of {float(script.QUARTILES_1B[0] * 100):.1f}% and",
        'and {:.1f}%, and "interquartile {:.1f}%"'.format(*(float(one * 100) for one in script.QUARTILES_1B[:0:-1])),
        f"prints {script.BASELINE['1b']} of",
        f"its {script.PRACTICES} practices",
        f"A list of {script.SMALL_LIST:,}",
    ):
        assert text in page
    assert "43.8% of people on Palliative Care register" in script.SCHEME.item("1b").baseline
    lowest = {code: script.steps(code)[0].at * 100 for code in script.BASELINE}
    below = [code for code, at in lowest.items() if at < Fraction(script.BASELINE[code].removesuffix("%"))]
    assert below == ["1a", "1b", "4", "5"]
