"""The demonstration set, line by line, against the lists that it names: no code is from memory."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from remit.terminology import load_clusters, read_files, write_clusters

FILES = sorted(Path(str(resources.files("remit") / "library" / "clusters" / "demonstration")).glob("*.csv"))
KINDS = re.compile(r" \((finding|disorder|procedure|situation|event|regime/therapy|observable entity)\)$")


def lines() -> list[tuple[str, int, dict[str, str]]]:
    found = []
    for path in FILES:
        with path.open(encoding="utf-8", newline="") as file:
            found += [(path.name, n, row) for n, row in enumerate(csv.DictReader(file), start=2)]
    return found


@cache
def rows_of(path: Path) -> dict[str, list[list[str]]]:
    """The rows of a list by each of their cells."""
    found: dict[str, list[list[str]]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            cells = [KINDS.sub("", cell.strip()) for cell in row]
            for cell in cells:
                found.setdefault(cell, []).append(cells)
    return found


def test_there_are_lines() -> None:
    assert len(lines()) > 300


def test_every_real_code_and_its_term_stand_in_the_list_that_the_line_names(shared: Path) -> None:
    strange = []
    for name, n, row in lines():
        if row["code"].startswith("demo:"):
            continue
        rows = rows_of(shared / row["source"]).get(row["code"], [])
        if not any(row["term"] in cells for cells in rows):
            strange.append(f"{name}:{n}: {row['code']} {row['term']}")
    assert strange == []


def test_what_no_list_holds_is_marked_as_made_up() -> None:
    for name, n, row in lines():
        assert row["code"].startswith("demo:") == (row["source"] == "made up"), f"{name}:{n}"
        if row["source"] != "made up":
            assert row["source"].startswith("data/codelists/"), f"{name}:{n}"


def test_clusters_of_the_business_rules_hold_only_their_own_codes(shared: Path) -> None:
    """Where the cluster itself was published, no other list was taken for it."""
    for name, n, row in lines():
        published = shared / "data" / "codelists" / f"pcd_{row['cluster'].lower()}.csv"
        if published.is_file():
            assert row["source"] == f"data/codelists/{published.name}", f"{name}:{n}"


@pytest.mark.parametrize("cluster", ["PALCARENI_COD", "DMMAX_COD", "SERFRUC_COD", "HTMAX_COD", "BPDEC_COD"])
def test_the_small_clusters_are_whole(cluster: str, shared: Path) -> None:
    with (shared / "reference" / "data" / "clusters_small.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["code"] for row in csv.DictReader(file) if row["cluster"] == cluster}
    assert load_clusters().codes_of(cluster) == listed


def test_every_published_cluster_can_be_imported(shared: Path, tmp_path: Path) -> None:
    """The pcd lists as they are: every code is a SNOMED CT identifier whose check digit holds."""
    files = sorted((shared / "data" / "codelists").glob("pcd_*_cod.csv"))
    held, warnings = read_files(files, "pcd", "mixed")
    assert (len(held.clusters), warnings) == (len(files), ())
    assert len(held.clusters["HYP_COD"].codes) == 106  # pcd_hyp_cod.csv has 107 lines
    assert not held.demonstration
    write_clusters(held, tmp_path / "pcd")
    assert load_clusters(tmp_path / "pcd").sha256 == held.sha256


def test_the_mapping_of_a_release_is_read(shared: Path, tmp_path: Path) -> None:
    """638 clusters; a refset file with the members of two gives two, and a warning of the others."""
    mapping = shared / "data" / "codelists" / "ruleset_snomed_cluster_mapping.csv"
    with mapping.open(encoding="utf-8", newline="") as file:
        refsets = {row["cluster_id"]: row["pcd_refset_id"] for row in csv.DictReader(file)}
    members = [("HYP_COD", "38341003"), ("HYP_COD", "59621000"), ("HYPRES_COD", "162659009")]
    text = "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\n"
    text += "".join(f"{n}\t20241101\t1\t1\t{refsets[cluster]}\t{code}\n" for n, (cluster, code) in enumerate(members))
    (tmp_path / "refsets.txt").write_text(text, encoding="utf-8")
    held, warnings = read_files([mapping, tmp_path / "refsets.txt"], "national", "2024-11")
    assert {name: len(cluster.codes) for name, cluster in held.clusters.items()} == {"HYP_COD": 2, "HYPRES_COD": 1}
    assert warnings[0].message.startswith(f"{len(refsets) - 2} clusters have no active code")
