from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from tests.figures import held

from remit.core.problems import Refused
from remit.files.tables import CsvRows
from remit.organisation import Practice
from remit.organisation.mergers import with_their_lists
from remit.pricing.weights import Weigher, check_national, national_from_run
from remit.scheme import Scheme, load_scheme
from remit.scheme.resolve import resolve
from remit.scoring.achievement import Measurer, Subjects


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return load_scheme("qof-england-2018-19")


def national(tmp_path: Path, scheme: Scheme, *rows: str) -> dict[str, Fraction]:
    path = tmp_path / "national.csv"
    path.write_text("\n".join(["group_code,register,list_size", *rows]) + "\n", encoding="utf-8")
    return {group: found.prevalence for group, found in check_national(CsvRows(path), scheme).items()}


def factor(
    scheme: Scheme, subjects: Subjects, rows: list[str], item: str, basis: str, tmp_path: Path
) -> Fraction | str:
    path = tmp_path / "national.csv"
    path.write_text("\n".join(["group_code,register,list_size", *rows]) + "\n", encoding="utf-8")
    resolved = resolve(scheme, {"prevalence_list": basis})
    weigher = Weigher(resolved, check_national(CsvRows(path), scheme))
    measurer = Measurer(resolved, scheme.item(item))
    found = weigher.prevalence_factor(Practice("A1", list_size=8000), subjects, measurer, "prevalence")
    return found.reason if found.value is None else found.value


def test_national_prevalence_is_register_over_list(tmp_path: Path, scheme: Scheme) -> None:
    assert national(tmp_path, scheme, "AF,20,1000", "cvd-pp,1,4") == {"AF": Fraction(1, 50), "CVDPP": Fraction(1, 4)}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["AFF,1,10"], "national.csv:2: the group 'AFF' is not in qof-england-2018-19. Did you mean AF"),
        (["AF,1,10", "af,1,10"], "national.csv:3: the group AF is listed twice"),
        (["CVDPP,1,10", "CVD-PP,1,10"], "national.csv:3: the group CVDPP is listed twice"),
        (["AF,11,10"], "national.csv:2: group AF: expected 0 < register <= list_size, found 11 and 10"),
        (["AF,0,10"], "expected 0 < register"),
        (["AF,1,0"], "expected 0 < register"),
        (["AF,1.5,10"], "which is not whole"),
        (["AF,,10"], "found nothing"),
        (["AF,-1,10"], "which is negative"),
    ],
)
def test_other_national_figures_are_refused(tmp_path: Path, scheme: Scheme, rows: list[str], words: str) -> None:
    with pytest.raises(Refused) as refused:
        national(tmp_path, scheme, *rows)
    assert words in str(refused.value)


def test_apdf_is_the_practice_over_the_nation_on_the_groups_list(tmp_path: Path, scheme: Scheme) -> None:
    """(200 / 8000) / (1 / 50) = 1.25; and without a register, list or nation it says which."""
    rows = ["AF,20,1000", "DM,70,1000"]
    assert factor(scheme, {"AF": held(REGISTER=200)}, rows, "AF006", "group", tmp_path) == Fraction(5, 4)
    assert factor(scheme, {"AF": held(REGISTER=200, LIST_SIZE=4000)}, rows, "AF006", "group", tmp_path) == Fraction(
        5, 2
    )
    assert factor(scheme, {"AF": held(REGISTER=0)}, rows, "AF006", "group", tmp_path) == 0
    assert "REGISTER for AF006 or for its group AF" in str(factor(scheme, {}, rows, "AF006", "group", tmp_path))
    assert "aged 17 and over" in str(factor(scheme, {"DM": held(REGISTER=9)}, rows, "DM002", "group", tmp_path))
    assert "figures of group HF" in str(factor(scheme, {"HF": held(REGISTER=9)}, rows, "HF002", "group", tmp_path))
    assert "do not fit" in str(factor(scheme, {"AF": held(REGISTER=8001)}, rows, "AF006", "group", tmp_path))


def test_on_the_registered_list_both_sides_use_the_whole_list(tmp_path: Path, scheme: Scheme) -> None:
    """Diabetes, of people aged 17 and over: (400 / 8000) / (50 / 1000) = 1, whatever the list of that age is."""
    subjects: Subjects = {"DM": held(REGISTER=400, LIST_SIZE=6000)}
    assert factor(scheme, subjects, ["DM,50,700", "*,0,1000"], "DM002", "registered", tmp_path) == 1
    assert "figures of group DM" in str(factor(scheme, subjects, ["DM,50,700"], "DM002", "registered", tmp_path))


def test_from_the_run_only_practices_with_register_and_list_count(scheme: Scheme) -> None:
    practices = {
        code: Practice(code, list_size=size) for code, size in (("A1", 8000), ("B2", 2000), ("C3", None), ("D4", 500))
    }
    figures: dict[str, Subjects] = {
        "A1": {"AF": held(REGISTER=100), "DM": held(REGISTER=10)},
        "B2": {"AF": held(REGISTER=100), "DM": held(REGISTER=30, LIST_SIZE=1500)},
        "C3": {"AF": held(REGISTER=999)},
    }
    found = {group: n.prevalence for group, n in national_from_run(scheme, practices, figures, "group").items()}
    assert found["AF"] == Fraction(200, 10_000)
    assert found["DM"] == Fraction(30, 1500)
    assert "HF" not in found


def test_the_list_index_is_the_list_over_the_national_average(scheme: Scheme) -> None:
    weigher = Weigher(resolve(scheme, {}), {})
    assert weigher.list_factor(Practice("A1", list_size=12144)).value == Fraction(3, 2)
    both = with_their_lists(Practice("A1", list_size=8096), [Practice("B2", list_size=8096)])
    assert weigher.list_factor(both).value == 2
    assert "supply list_size" in weigher.list_factor(Practice("A1")).reason
