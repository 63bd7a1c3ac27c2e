"""OB005's evidence across the year's end, in the year after its first: it counts once. Worked out by hand.

All three records between 1 October before the year and 30 September in it achieve, unless the year before counted them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.rules.harness import Group, codes_of, known_of, runs

from remit.core.dates import SchemeYear
from remit.evaluation.model import Meaning
from remit.evaluation.reference import PatientChart
from remit.rules.years import Years

CONDITIONS = ["ASCVD_COD 2010-01-01", "HYP_COD 2010-01-01", "OBSLPAPNOEA_COD 2010-01-01", "STAT_COD 2026-12-01",
              "STAT_COD 2027-12-01", "DM_COD/DMTYPE2_COD 2015-01-01", "BMIVAL_COD 2027-05-01 36 kg/m2"]  # fmt: skip
OF_2026 = "BMIVAL_COD 2026-05-01 36 kg/m2"


def counted(days: tuple[str, str, str], *more: str) -> str:
    """What OB005 of 2027-28 makes of somebody with the three records on these days."""
    pathway = zip(("WTMGPHARM_COD", "WTMGBSPREF_COD", "SHARDECMAK_COD"), days, strict=True)
    group = Group.model_validate({
        "of": "OB005", "year": "2027-28",
        "patient": {"born": date(1970, 5, 1), "sex": "F", "registered": "2010-01-01"},
        "events": [*CONDITIONS, *more, *(f"{code} {day}" for code, day in pathway)],
        "cases": [{"case": "one", "expect": ""}],
    })  # fmt: skip
    [run] = runs(group)
    known = known_of(SchemeYear(2026))
    definition = replace(known.indicators["OB005"], years=Years(SchemeYear(2026), SchemeYear(2027)))
    outcome = PatientChart(run.patient, Meaning(run.dates, codes_of(known, run.patient), known.registers)).outcome(
        definition
    )
    assert outcome is not None
    return f"rule {outcome.rule}: {outcome.counts}"


@pytest.mark.parametrize(
    ("days", "more", "expected"),
    [
        (("2026-11-02", "2026-12-10", "2027-02-01"), (OF_2026,), "rule 10: not achieved"),
        (("2026-11-02", "2026-12-10", "2027-02-01"), (), "rule 2: achieved"),
        (("2026-11-02", "2026-12-10", "2027-04-01"), (OF_2026,), "rule 2: achieved"),
        (("2026-11-02", "2026-12-10", "2027-09-30"), (OF_2026,), "rule 2: achieved"),
        (("2026-11-02", "2026-12-10", "2027-10-01"), (OF_2026,), "rule 10: not achieved"),
        (("2027-04-01", "2027-12-10", "2028-03-31"), (OF_2026,), "rule 1: achieved"),
    ],
    ids=[
        "counted in the year before",
        "not on the register then, so not counted",
        "the third came in this year",
        "the third on 30 September",
        "the third on 1 October",
        "all three in this year",
    ],
)  # fmt: skip
def test_what_the_year_before_counted_counts_no_second_time(
    days: tuple[str, str, str], more: tuple[str, ...], expected: str
) -> None:
    assert counted(days, *more) == expected
