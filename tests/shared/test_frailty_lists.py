"""The 35 lists of the electronic frailty index beside the checkout, imported as docs/how-to/frailty.md says."""

from __future__ import annotations

from pathlib import Path

from tests.bad_files.command import remit

from remit.evaluation.frailty import index_clusters
from remit.rules.definitions import all_that_ship
from remit.terminology import load_clusters


def test_the_lists_are_the_clusters_that_the_rules_read(shared: Path, tmp_path: Path) -> None:
    lists = sorted((shared / "data" / "codelists").glob("efi_*.csv"))
    assert len(lists) == 35
    named = [f"{path.stem.upper().replace('-', '_')}_COD={path}" for path in lists]
    said = remit("clusters", "import", *named, "--name", "efi", "--release", "2025", "--out", tmp_path / "set")
    assert said.status == 0, said.err
    held = load_clusters(str(tmp_path / "set")).clusters
    assert held.keys() == index_clusters(all_that_ship().registers) - {"EFI_MEDICINE_COD"}
    assert all(cluster.codes for cluster in held.values())
