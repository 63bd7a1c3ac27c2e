"""Kind: a record does not count because nobody knows when it ended, and the person who asks why is not told.

Every way in which a filter asks for the end of a record, its own or another's, stands here: an explanation names the
record and the reason. A filter that asks for no end names none. And the page of a search says how ends are read.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.bad_files.command import remit
from tests.spec.rules.harness import _event as event

from remit.evaluation.explain import explain
from remit.evaluation.model import Dates, Meaning
from remit.evaluation.reference import PatientChart
from remit.records.model import Patient, Registration
from remit.rules import model as r
from remit.rules.parse import parse_condition, parse_field

ON = Dates(date(2025, 3, 31), date(2024, 4, 1), date(2025, 3, 31))
CODES = {name: frozenset({name}) for name in ("ENC_COD", "DEM_COD", "OTHER_COD")}
ENCOUNTER, DEMENTIA = "2024-05-01..unknown ENC_COD", "2020-01-01..unknown DEM_COD"
DAY, LASTING = "2024-05-01 ENC_COD", "2020-01-01..open DEM_COD"

ASKED = [
    # The filter of the encounters, the two records, and the clusters of those that are told.
    ("overlaps PPSD to PPED", ENCOUNTER, LASTING, ["ENC_COD"]),
    ("during PPSD to PPED", ENCOUNTER, LASTING, ["ENC_COD"]),
    ("ends in PPSD to PPED", ENCOUNTER, LASTING, ["ENC_COD"]),
    ("end <= PPED", ENCOUNTER, LASTING, ["ENC_COD"]),
    ("end > (date + 1 month) or end < PPSD", ENCOUNTER, LASTING, ["ENC_COD"]),
    ("at least 2 of (end <= PPED, date > PPSD)", ENCOUNTER, LASTING, ["ENC_COD"]),
    ("overlaps (any DEM_COD)", DAY, DEMENTIA, ["DEM_COD"]),
    ("starts in (any DEM_COD)", DAY, DEMENTIA, ["DEM_COD"]),
    ("during (any DEM_COD)", ENCOUNTER, LASTING, ["ENC_COD"]),
    ("(any DEM_COD where end > PPED)", DAY, DEMENTIA, ["DEM_COD"]),
    ("(any DEM_COD where during N)", ENCOUNTER, "2024-05-01 DEM_COD", ["ENC_COD"]),
    ("(any DEM_COD as D where (any ENC_COD where date <= end of D))", DAY, DEMENTIA, ["DEM_COD"]),
    ("(any DEM_COD as D where (any ENC_COD where during D))", DAY, DEMENTIA, ["DEM_COD"]),
    # What a field picked stands behind the rule, and says there that its end is not known.
    ("during DEM_DAT", DAY, DEMENTIA, []),
    # The end is not asked for, or the record is one that the filter lets pass.
    ("starts in (PPSD + 6 months) to PPED", ENCOUNTER, LASTING, []),
    ("date > (PPSD + 6 months)", ENCOUNTER, DEMENTIA, []),
    ("end = Null and date > PPED", ENCOUNTER, DEMENTIA, []),
    ("(any OTHER_COD where overlaps PPSD to PPED)", ENCOUNTER, DEMENTIA, []),
    ("overlaps PPSD to PPED", DAY, DEMENTIA, []),
]


@pytest.mark.parametrize(("where", "encounter", "dementia", "told"), ASKED)
def test_a_record_whose_end_is_asked_for_and_not_known_is_told(
    where: str, encounter: str, dementia: str, told: list[str]
) -> None:
    fields = {"N": parse_field(f"count records of ENC_COD where {where}"), "DEM_DAT": parse_field("latest DEM_COD")}
    rules = (r.Rule(1, parse_condition("N > 0"), "N > 0", "Select", "Select", r.Counts("achieved"), r.NOT_ACHIEVED),)
    definition = r.Definition("I", "I", "registered", fields, {}, rules, "complete", "")
    stays = (Registration("A1", date(2010, 1, 1)),)
    events = tuple(sorted((event(encounter), event(dementia)), key=lambda one: one.date))
    chart = PatientChart(Patient("1", "A1", date(1960, 6, 15), "F", None, stays, events), Meaning(ON, CODES, {}))
    made = explain(chart, definition)
    said = [(one.cluster, one.why) for one in made.unseen]
    assert said == [(cluster, "its end is not known, and the rules ask for it") for cluster in told]


RULES = """definitions:
  - indicator: MY-1
    years: 2024-25
    title: Mine
    population: registered
    fields: {{N: "{field}", DEM_DAT: latest DEM_COD}}
    rules: [{{rule: 1, if: {condition}, then: Select, counts: achieved, else: Select}}]
"""
READ = [
    ("count records of DEM_COD where overlaps PPSD to PPED", "N > 0", "One whose end nobody knows overlaps nothing"),
    ("count records of DEM_COD where overlaps (any DEM_COD)", "N > 0", "One whose end nobody knows overlaps nothing"),
    ("end of DEM_DAT", "N <> Null", "One whose end nobody knows overlaps nothing"),
    ("count records of DEM_COD where after DEM_DAT", "N > 0", "only where both say the time"),
    ("count days covered by DEM_COD from PPSD to PPED", "N > 0", "A day that two supplies cover is covered once"),
]
OF_RECORDS = {words for *_, words in READ}


@pytest.mark.parametrize(("field", "condition", "words"), [*READ, ("latest DEM_COD", "N <> Null", "")])
def test_the_page_of_a_search_says_how_it_is_read(field: str, condition: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES.format(field=field, condition=condition), encoding="utf-8")
    said = remit("spec", "MY-1", "--rules", path)
    assert said.status == 0, said
    shown = " ".join(said.out.split())
    assert {one for one in OF_RECORDS if one in shown} == ({words} if words else set())
