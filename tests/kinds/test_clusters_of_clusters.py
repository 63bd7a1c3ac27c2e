"""Kind: a demonstration cluster that should hold all codes of others and lacks some, so that a rule that reads the one
misses people whom a rule that reads the others sees.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_files.command import remit

from remit.terminology.sets import demonstration
from remit.terminology.unions import UNIONS

CODES = {name: frozenset(cluster.codes) for name, cluster in demonstration().clusters.items()}

WITHIN = [
    ("MI_COD", "CHD_COD", "a myocardial infarction is coronary heart disease"),
    ("OSTR_COD", "STRK_COD", "a stroke that is no haemorrhage is a stroke"),
    ("HSTRK_COD", "STRK_COD", "a haemorrhagic stroke is a stroke"),
    ("REDEJCFRAC_COD", "HF_COD", "heart failure with a reduced ejection fraction is heart failure"),
    ("MRC1_COD", "MRC_COD", "a grade of 3 or more is a grade"),
    ("IRREGPULSE_COD", "PULSERHYTHM_COD", "an irregular pulse is a rhythm that was checked"),
    ("ACR_COD", "NDAALB_COD", "the same test by its two names"),
    ("NDAALB_COD", "ACR_COD", "the same test by its two names"),
]


@pytest.mark.parametrize(("whole", "parts"), UNIONS.items())
def test_a_union_is_its_parts(whole: str, parts: tuple[str, ...]) -> None:
    assert CODES[whole] == frozenset().union(*(CODES[part] for part in parts))


@pytest.mark.parametrize(("whole", "part"), [(whole, part) for whole, parts in UNIONS.items() for part in parts])
def test_an_import_says_what_a_union_lacks(whole: str, part: str, tmp_path: Path) -> None:
    table = tmp_path / "clusters.csv"
    table.write_text(f"cluster,code,term\n{whole},demo:{whole}-1,In both\n{part},demo:{whole}-1,In both\n")
    said = remit("clusters", "import", table, "--name", "own", "--release", "1", "--out", tmp_path / "whole")
    assert (said.status, "lacks" in said.err) == (0, False)
    with table.open("a") as file:
        file.write(f"{part},demo:{part}-1,In the part alone\n")
    said = remit("clusters", "import", table, "--name", "own", "--release", "1", "--out", tmp_path / "lacking")
    assert said.status == 0
    assert f"{whole} lacks 1 code of {part}: demo:{part}-1." in " ".join(said.err.split())


@pytest.mark.parametrize(("part", "whole", "why"), WITHIN)
def test_what_is_part_of_another_lies_within_it(part: str, whole: str, why: str) -> None:
    assert CODES[part] <= CODES[whole], why


def test_the_anticoagulants_of_the_second_reading_are_all_there() -> None:
    """Row 10: dabigatran, edoxaban and one warfarin were missing."""
    terms = set(demonstration().clusters["ORANTICOAG_COD"].codes.values())
    assert {"Dabigatran etexilate 110mg capsules", "Edoxaban 60mg tablets", "Warfarin 5mg/5ml oral solution"} <= terms
