"""`remit clusters` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bad_files.command import assert_refused, remit

from remit.rules.definitions import shipped
from remit.terminology import demonstration, need

LIST = "code,term\n38341003,Hypertensive disorder\n59621000,Essential hypertension\n"


def imported(folder: Path, name: str, text: str = LIST) -> Path:
    """A set of the one cluster HYP_COD."""
    path = folder / f"{name}.csv"
    path.write_text(text, encoding="utf-8")
    said = remit("clusters", "import", f"HYP_COD={path}", "--name", name, "--release", "1", "--out", folder / name)
    assert said.status == 0, said
    return folder / name


def test_the_list_says_what_the_demonstration_set_is() -> None:
    said = remit("clusters", "list")
    assert said.status == 0
    assert "can make a final" in said.out
    rows = [line.split() for line in said.out.splitlines()]
    assert ["AFIBRES_COD", "1", "1"] in rows
    assert ["DMRES_COD", "1"] in rows


def test_a_set_of_real_codes_is_not_called_a_demonstration(tmp_path: Path) -> None:
    said = remit("clusters", "list", imported(tmp_path, "mine"), "--format", "json")
    (held,) = json.loads(said.out)
    assert (held["name"], held["demonstration"], held["clusters"], held["codes"]) == ("mine", False, 1, 2)
    assert held["held"] == {"HYP_COD": {"codes": 2, "made_up": 0}}


def test_a_cluster_is_shown_with_terms_and_source(tmp_path: Path) -> None:
    said = remit("clusters", "show", imported(tmp_path, "mine"), "HYP_COD")
    assert ["59621000", "Essential", "hypertension", "mine.csv"] in [line.split() for line in said.out.splitlines()]
    assert_refused(remit("clusters", "show", tmp_path / "mine", "HYPP_COD"), "Did you mean HYP_COD?")


def test_a_difference_is_told_code_by_code(tmp_path: Path) -> None:
    other = imported(tmp_path, "other", "code,term\n38341003,Hypertensive disorder\n1201005,Benign\n")
    said = remit("clusters", "diff", imported(tmp_path, "mine"), other)
    rows = [line.split() for line in said.out.splitlines()]
    assert ["+", "1201005", "Benign"] in rows
    assert ["-", "59621000", "Essential", "hypertension"] in rows
    found = json.loads(remit("clusters", "diff", tmp_path / "mine", other, "--format", "json").out)
    assert found["changed"] == [
        {"cluster": "HYP_COD", "added": {"1201005": "Benign"}, "removed": {"59621000": "Essential hypertension"}}
    ]


def test_warnings_name_their_rows_and_the_set_is_written(tmp_path: Path) -> None:
    (tmp_path / "hyp_cod.csv").write_text("code,term\n38341004,A digit is wrong\n", encoding="utf-8")
    words = ("clusters", "import", tmp_path / "hyp_cod.csv", "--name", "a", "--release", "1", "--out", tmp_path / "set")
    said = remit(*words)
    assert said.status == 0
    assert "hyp_cod.csv:2: the check digit of 38341004 is wrong" in said.err


def test_a_lock_names_what_the_scheme_needs_and_holds(tmp_path: Path) -> None:
    lock = tmp_path / "clusters.lock"
    said = remit("clusters", "lock", "qof-england-2019-20", "--out", lock)
    assert said.status == 0
    assert "can make a final" in said.out
    held = json.loads(lock.read_text())
    assert (held["name"], held["demonstration"]) == ("demonstration", True)
    # HYP003 and HYP007 read these, by the fields of their published rules.
    assert {"HYP_COD", "HYPRES_COD", "HTMAX_COD", "BPDEC_COD", "HYPINVITE_COD"} <= set(held["clusters"])
    assert remit("clusters", "lock", "qof-england-2019-20", "--check", lock).status == 0
    mine = imported(tmp_path, "mine")
    said = remit("clusters", "lock", "qof-england-2019-20", "--check", lock, "--clusters", mine)
    assert_refused(
        said, "locks HYP_COD with 3 codes of demonstration (1); the cluster set mine (1) has others: 2 codes"
    )
    assert_refused(remit("clusters", "lock", "qof-england-2019-20", "--out", lock), "is there already")


def test_a_needed_cluster_that_is_not_there_is_refused_and_no_lock_written(tmp_path: Path) -> None:
    lock = tmp_path / "clusters.lock"
    said = remit("clusters", "lock", "qof-england-2019-20", "--clusters", imported(tmp_path, "mine"), "--out", lock)
    assert_refused(said, "the cluster HTMAX_COD is needed", "the cluster HYPRES_COD is needed", "Did you mean HYP_COD?")
    assert not lock.exists()


def test_the_set_that_ships_has_every_cluster_that_the_rules_that_ship_read() -> None:
    known = shipped()
    need(known.needed_clusters([*known.indicators, *known.registers]), demonstration())
