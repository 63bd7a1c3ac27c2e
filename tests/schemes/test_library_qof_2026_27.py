"""QOF England 2026-27 in the library: every number by hand from the reference, its standing, and a practice by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from remit.scheme import Scheme, load_scheme
from remit.scheme.kinds import HigherOf, Linear
from remit.scheme.numbers import numbers
from remit.scheme.readings import disputed
from remit.scheme.supply import open_inputs

# Points, lower and upper threshold; "" is what must be looked up. Reference: QOF 2026/27, section 1.
CLINICAL = """
AF006 12 40 ""   AF008 12 70 95   CHD005 7 56 96   CD001 41 40 90   CD002 20 46 90   CHOL003 20 70 95   CHOL004 44 20 50
HF007 7 50 90    HF008 6 50 90    HF009 12 20 50   HYP010 38 40 85  HYP011 14 40 85  STIA007 4 57 97
DM006 3 57 97    DM014 11 40 90   DM020 17 35 75   DM021 10 52 92   DM034 8 50 90    DM035 8 50 90
DM036 27 38 90   DM037 10 "" ""   NDH003 20 50 90  AST014 15 45 80  AST015 20 45 70  COPD010 9 50 90   DEM004 14 35 70
MH002 5 40 90    MH003 3 50 90    MH006 3 50 90    MH007 3 50 90    MH011 7 50 90    MH012 7 50 90
"""
PUBLIC_HEALTH = """
BP002 15 50 90   SMOK002 25 50 90  SMOK004 12 40 90  OB004 5 10 30  OB005 13 50 80
VI001 18 89 96   VI002 18 86 96    VI003 18 81 96    VI004 10 50 60  CS005 7 45 80  CS006 4 45 80
"""
TWO_REPORTS = {"CD001", "CD002", "HF009", "OB004", "OB005"}


def rows(text: str) -> dict[str, tuple[str, str, str]]:
    cells = text.replace('""', "-").split()
    return {cells[n]: (cells[n + 1], cells[n + 2], cells[n + 3]) for n in range(0, len(cells), 4)}


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return load_scheme("qof-england-2026-27")


def shown(scheme: Scheme, code: str) -> tuple[str, str, str]:
    kind = scheme.item(code).kind
    assert isinstance(kind, Linear | HigherOf)
    line = kind.ordinary if isinstance(kind, HigherOf) else kind
    rates = ["-" if one.required else str(one.known() * 100) for one in (line.lower, line.upper)]
    amount = kind.amount
    return str(amount.known()), rates[0], rates[1]


def test_43_items_are_582_points_437_clinical_and_145_of_public_health(scheme: Scheme) -> None:
    clinical, public = rows(CLINICAL), rows(PUBLIC_HEALTH)
    assert {item.item for item in scheme.items} == {*clinical, *public}
    assert len(scheme.items) == 43
    assert sum(int(points) for points, _, _ in clinical.values()) == 437
    assert sum(int(points) for points, _, _ in public.values()) == 145
    assert scheme.points_available() == 582
    assert {name: total.known() for name, total in scheme.totals.domains.items()} == {
        "clinical": 437,
        "public_health": 70,  # with the 64 and 11 below, 145
        "vaccination_and_immunisation": 64,
        "additional_services": 11,
    }


@pytest.mark.parametrize("code", [*rows(CLINICAL), *rows(PUBLIC_HEALTH)])
def test_points_and_thresholds(scheme: Scheme, code: str) -> None:
    assert shown(scheme, code) == (rows(CLINICAL) | rows(PUBLIC_HEALTH))[code]


def test_every_number_has_its_standing(scheme: Scheme) -> None:
    own = [one for one in numbers(scheme) if one.path[0] == "items" and "improvement" not in one.path]
    standing = {(one.item, str(one.path[-1])): one.standing for one in own}
    points = {code for (code, name), kind in standing.items() if name == "points" and kind != "verified"}
    assert points == {"DM034", "DM035"}  # a second site says only that they rose
    of_two = {code for code in rows(CLINICAL) | rows(PUBLIC_HEALTH) if standing[code, "lower"] == "verified"}
    assert of_two == TWO_REPORTS | {"VI001", "VI002", "VI003"}  # the letter leaves those of vaccination as they were
    outside = {one.label: one.standing for one in numbers(scheme) if one.path[0] != "items"}
    assert outside["value of a point"] == "verified"
    assert outside["national average list (list weight)"] == "inferred"


def test_the_money(scheme: Scheme) -> None:
    assert scheme.point is not None
    assert scheme.point.value.known() == Fraction("227.95")
    assert scheme.weights.list is not None
    average = scheme.weights.list.over.known()
    assert average == 10295
    # £227.95 / 10,295 keeps the value per patient, £0.02214, that the years before have: £225.49 / 10,184.
    assert abs(Fraction("227.95") / average - Fraction("225.49") / 10184) < Fraction(1, 10**6)
    assert abs(Fraction("227.95") / 10349 - Fraction("225.49") / 10184) > Fraction(1, 10**4)
    ahead = scheme.terms.advances[0]
    assert ahead is not None
    assert ahead.share.known() == Fraction(4, 5)
    assert ahead.previous_point_value is not None
    assert ahead.previous_point_value.known() == Fraction("225.49")
    assert scheme.terms.balance.due == "2027-06-30"
    assert str(scheme.achievement_date) == "2027-03-31"


def test_where_reports_conflict_both_are_named_with_the_document_that_decides(scheme: Scheme) -> None:
    found = {one.what: one for one in disputed(scheme)}
    readings = {what: [reading.text for reading in one.quantity.readings] for what, one in found.items()}
    for code, upper in (("VI001", "18 points"), ("VI002", "23 points"), ("VI003", "30 points")):
        assert readings.pop(f"{code} improvement upper") == [upper]  # one phrase, which may mean something else
        for what in ("share", "most", "fewest"):
            assert readings.pop(f"{code} improvement {what}") == []  # no report says
    assert readings == {
        "AF006 upper": ["95%", "90%"],
        "DM037 lower": ["40%", "35%"],
        "DM037 upper": ["90%", "75%"],
        "national average list (list weight)": ["10295", "10349"],
    }
    for what, one in found.items():
        assert one.document is not None
        assert one.document.address.startswith("https://")
        assert one.quantity.required == (not what.startswith("national"))
        assert all(reading.by for reading in one.quantity.readings)


@pytest.mark.parametrize("code", ["VI001", "VI002", "VI003"])
def test_what_is_not_known_of_improvement_is_asked_for_and_never_guessed(scheme: Scheme, code: str) -> None:
    kind = scheme.item(code).kind
    assert isinstance(kind, HigherOf)
    better = kind.improvement
    assert (better.lower.known(), better.lower.standing or "of its source") == (Fraction(1, 20), "of its source")
    asked = {one.name for one in open_inputs(scheme) if one.name.startswith(f"{code}.")}
    of_texts = {name for question in scheme.to_look_up for name in question.supplies if name.startswith(f"{code}.")}
    of_numbers = {f"{code}.improvement.{name}" for name in ("upper", "share", "most", "fewest")}
    assert asked == of_texts | of_numbers
    assert of_texts == {
        f"{code}.improvement.{name}" for name in ("years", "pcas", "without", "missing_year", "nobody", "merged")
    }


def test_rules_over_records_that_conflict_are_named_too(scheme: Scheme) -> None:
    questions = {one.what: [answer.value for answer in one.readings] for one in scheme.to_look_up if not one.supplies}
    assert questions == {
        "The age limit of DM036": ["aged 79 or under", "aged 70 or under"],
        "Gestational diabetes on the register of NDH003, from which age": ["at any age", "from 18"],
    }


def test_what_takes_the_place_of_what(scheme: Scheme) -> None:
    places = {item.item: item.takes_place_of for item in scheme.items if item.item in scheme.removed or item.replaces}
    own = {code: before for code, before in places.items() if set(before) & {*BEFORE}}
    assert own == {
        "CD001": ("CHD015", "STIA014"),
        "CD002": ("CHD016", "STIA015"),
        "HF009": ("HF003", "HF006"),
        "HYP010": ("HYP008",),
        "HYP011": ("HYP009",),
        "DM037": ("DM012",),
        "NDH003": ("NDH002",),
        "AST014": ("AST012",),
        "AST015": ("AST007",),
    }
    before = load_scheme("qof-england-2025-26")
    gone = {item.item for item in before.items} - {item.item for item in scheme.items}
    assert gone == {*BEFORE}


BEFORE = (
    *("CHD015", "STIA014", "CHD016", "STIA015", "HF003", "HF006"),
    *("HYP008", "HYP009", "DM012", "NDH002", "AST012", "AST007"),
)


def test_the_asthma_register_begins_at_5_and_the_union_is_one_register(scheme: Scheme) -> None:
    assert scheme.group("AST").list == "aged 5 and over"
    assert {code: scheme.indicator(code).group for code in ("CD001", "CD002", "OB004", "OB005")} == {
        "CD001": "CD",
        "CD002": "CD",
        "OB004": "OB",
        "OB005": "OBES2",
    }
    assert load_scheme("qof-england-2025-26").group("AST").list == "aged 6 and over"


def test_a_definition_of_2026_27_does_not_reach_back(scheme: Scheme) -> None:
    before = load_scheme("qof-england-2025-26")
    for code in ("STIA007", "MH012", "VI002", "VI003"):
        assert (before.indicator(code).version, scheme.indicator(code).version) == ("1", "2")
        assert scheme.indicator(code).changed


def test_no_income_protection_is_invented(scheme: Scheme) -> None:
    assert "No source" in scheme.obligations["income_protection"]
    assert all(isinstance(item.kind, Linear) or item.item.startswith("VI") for item in scheme.items)
