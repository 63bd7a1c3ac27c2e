"""Kind: what rules tell apart and no made-up person has, so that nothing on the made-up board tests it.

Each line is something that a rule of the library asks about, and how many made-up people of 8,000 have it at least.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from remit.core.dates import add_months
from remit.records.model import Event, Patient
from remit.records.store import Store
from remit.synthetic.store import make_store, store_request
from remit.terminology.sets import demonstration

END = date(2025, 3, 31)
CODES = {name: frozenset(cluster.codes) for name, cluster in demonstration().clusters.items()}


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> list[Patient]:
    folder = tmp_path_factory.mktemp("reach") / "store"
    make_store(store_request(8000, 5, END), folder, workers=1)
    store = Store(folder)
    return [patient for code in store.codes for patient in store.patients(code)]


def of(patient: Patient, *clusters: str) -> list[Event]:
    wanted_codes = frozenset().union(*(CODES[name] for name in clusters))
    return [event for event in patient.events if event.code in wanted_codes]


def days(patient: Patient, *clusters: str) -> set[date]:
    return {event.date for event in of(patient, *clusters)}


def review_in_parts(patient: Patient) -> bool:
    reviews, parts = days(patient, "REV_COD"), days(patient, "ASTEXACB_COD", "WRITPASTP_COD")
    return bool(parts - reviews) and bool(reviews)


def resolved_and_another(patient: Patient) -> bool:
    return bool(of(patient, "HYPRES_COD", "DMRES_COD", "COPDRES_COD", "ASTRES_COD")) and bool(
        of(patient, "CHD_COD", "PAD_COD", "CKD_COD", "HYP_COD")
    )


def valve_and_doac(patient: Patient) -> bool:
    return bool(of(patient, "MECHVALVE_COD")) and bool(of(patient, "DOAC_COD"))


def vitamin_k_with_ttr(patient: Patient) -> bool:
    return all(of(patient, name) for name in ("VITK_COD", "TXDOAC_COD", "TTR_COD"))


def chads2_before_2015(patient: Patient) -> bool:
    return any(day < date(2015, 4, 1) for day in days(patient, "CHAD_COD"))


def chads2_since_2015(patient: Patient) -> bool:
    return any(day >= date(2015, 4, 1) for day in days(patient, "CHAD_COD"))


def only_home_readings(patient: Patient) -> bool:
    year = date(2024, 4, 1)
    here = any(day >= year for day in days(patient, "BPSYS_COD"))
    return not here and any(day >= year for day in days(patient, "HOMEBPSYS_COD"))


def feet_declined_afterwards(patient: Patient) -> bool:
    feet, no = days(patient, "FOOTEXAM_COD", "FRC_COD"), days(patient, "FEDEC_COD", "FEPU_COD")
    return bool(feet and no) and max(no) >= max(feet)


def value_without_unit(patient: Patient) -> bool:
    those = of(patient, "IFCCHBAM_COD", "LDLCCHOL_COD", "NONHDLCCHOL_COD")
    return any(event.value is not None and not event.unit for event in those)


def reading_without_unit(patient: Patient) -> bool:
    return any(not event.unit for event in of(patient, "BPSYS_COD"))


REACHED: list[tuple[str, Callable[[Patient], bool], int]] = [
    ("the parts of an asthma review on different days", review_in_parts, 20),
    ("a resolved condition and another", resolved_and_another, 10),
    ("a mechanical valve and a direct-acting anticoagulant", valve_and_doac, 1),
    ("a haemorrhagic stroke", lambda patient: bool(of(patient, "HSTRK_COD")), 5),
    ("a vitamin K antagonist, the other not indicated, and a time in range", vitamin_k_with_ttr, 1),
    ("a CHADS2 score of before April 2015", chads2_before_2015, 3),
    ("a CHADS2 score of since then", chads2_since_2015, 3),
    ("a home reading and no other in the year", only_home_readings, 10),
    ("feet declined on the day of the examination or later", feet_declined_afterwards, 5),
    ("a latest value without a unit", value_without_unit, 5),
    ("a blood pressure without a unit", reading_without_unit, 20),
    ("cholesterol care unsuitable or declined", lambda p: bool(of(p, "CHOLPCAPU_COD", "CHOLPCADEC_COD")), 5),
    ("each of the five other lipid medicines refused", lambda p: bool(of(p, "PCSK9IDEC_COD", "PCSK9IADV_COD")), 1),
]


@pytest.mark.parametrize(("what", "has", "least"), REACHED, ids=[what for what, _, _ in REACHED])
def test_made_up_people_have_it(what: str, has: Callable[[Patient], bool], least: int, people: list[Patient]) -> None:
    assert sum(map(has, people)) >= least, what


@pytest.mark.parametrize("months", [3, 6, 9, 12, 24])
def test_days_lie_on_the_edges_of_windows(months: int, people: list[Patient]) -> None:
    """More entries on the edge and beside it than on the days around: so `>` and `>=` differ."""
    entered = Counter(event.date for patient in people for event in patient.events)
    edge = add_months(END, -months)
    near = [entered[edge + timedelta(days=n)] for n in (-1, 0, 1)]
    around = sum(entered[edge + timedelta(days=n)] for n in range(-20, 21)) / 41
    assert min(near) > around
