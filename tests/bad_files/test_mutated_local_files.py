"""Good files of local schemes with random damage: a run goes through or is refused in plain words, and never breaks."""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.bad_files.command import HERE, contents, remit
from tests.bad_files.test_mutated_files import damage, damaged, leaves
from tests.profiles import examples

from remit.scheme import scheme_ids

GOOD = {
    "scheme": HERE / "good_local.yaml",
    "practices": HERE / "good_local_practices.csv",
    "counts": HERE / "good_local_counts.csv",
    "claims": HERE / "good_claims.csv",
}
TREE = yaml.load(GOOD["scheme"].read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
VALUES = [
    "required", "0", "0%", "£0", "none", "", "1", "100%", "£999,999,999", "2024-25", "GATE", "FLOOR", "*", "all", "-1",
    "true", "{}", "[]",
]  # fmt: skip


def ends_well(which: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        damaged_file = folder / f"damaged.{'yaml' if which == 'scheme' else 'csv'}"
        damaged_file.write_bytes(data)
        paths = {**GOOD, which: damaged_file}
        words: list[str | Path] = ["run", paths["scheme"], "--practices", paths["practices"]]
        words += ["--set", "START.tariff=£5"]
        words += ["--claims", paths["claims"]] if which == "claims" else ["--counts", paths["counts"]]
        said = remit(*words, "--out", folder / "out")
        assert "Traceback" not in said.err
        left = {path.name for path in folder.iterdir()} - {damaged_file.name}
        if said.status == 0:
            assert {"award.csv", "payment.csv", "manifest.json"} <= set(contents(folder / "out"))
            assert left == {"out"}
            said = remit("statement", folder / "out", "--all", "--html", folder / "statements")
            assert said.status == 0, said.err
        else:
            assert said.status == 1
            assert said.err.strip()
            assert left == set()


@pytest.mark.parametrize("which", list(GOOD))
@examples(0.5)
@given(damage)
def test_damage(which: str, cuts: list[tuple[float, int, bytes]]) -> None:
    ends_well(which, damaged(GOOD[which].read_bytes(), cuts))


@examples(1.6)
@given(st.sampled_from(list(leaves(TREE))), st.sampled_from(VALUES))
def test_any_value_may_be_another(path: tuple[object, ...], value: str) -> None:
    tree = copy.deepcopy(TREE)
    part = tree
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    ends_well("scheme", json.dumps(tree).encode())


@examples(0.8)
@given(st.sampled_from(list(leaves(TREE))))
def test_any_part_may_be_missing(path: tuple[object, ...]) -> None:
    tree = copy.deepcopy(TREE)
    part = tree
    for key in path[:-1]:
        part = part[key]
    del part[path[-1]]
    ends_well("scheme", json.dumps(tree).encode())


@pytest.mark.parametrize("which", list(GOOD))
def test_cut_short_anywhere(which: str) -> None:
    data = GOOD[which].read_bytes()
    for at in range(0, len(data), max(1, len(data) // 8)):
        ends_well(which, data[:at])


@pytest.mark.parametrize("scheme", scheme_ids())
def test_no_scheme_of_the_library_breaks_on_a_single_count(scheme: str, tmp_path: Path) -> None:
    """Nothing but one row, of a practice without lists: whatever is missing is named, in one message."""
    practices, counts = tmp_path / "practices.csv", tmp_path / "counts.csv"
    practices.write_text("practice_code,practice_name,network_code,list_size,weighted_list_size\nA1,One,N1,8000,8000\n")
    counts.write_text("practice_code,indicator_code,measure,value\nA1,*,AGREED,1\n")
    said = remit("run", scheme, "--practices", practices, "--counts", counts, "--out", tmp_path / "out")
    assert "Traceback" not in said.err
    assert said.status in (0, 1)
    assert said.err.count("what is still missing before all can be paid") <= 1
