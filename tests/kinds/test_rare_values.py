"""Kind: a text of the extract that so few people have that it says who they are, in what others see."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.bad_files.command import remit
from tests.unit.made_worklists import EVENTS, PATIENTS, WELL, evaluated, records

from remit.records.importing import import_records

FEW, ODD = "spoken to on the ward by Dr Ash", "Cornish"


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine people whose ethnicity is in the extract's own words, one in words that nobody else has."""
    home = tmp_path_factory.mktemp("rare")
    records(home, PATIENTS, EVENTS + WELL)
    path = home / "csv" / "patients.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    told = {"ok1": FEW, "ok2": "R"}
    people = [f"{row},{told.get(row.split(',')[1], ODD)}" for row in rows]
    path.write_text("\n".join([f"{head},ethnicity", *people]) + "\n", encoding="utf-8")
    import_records(home / "csv", home / "anew", keep_ids=True)
    return evaluated(home / "made", home / "anew")


@pytest.mark.parametrize("audience", ["commissioner", "public"])
@pytest.mark.parametrize("policy", ["default", None])
def test_others_do_not_read_it(counted: Path, audience: str, policy: str | None, tmp_path: Path) -> None:
    for by in ("ethnicity", "age", "pca-reason"):
        words = ["breakdown", counted, "--by", by, "--for", audience, *(["--policy", policy] if policy else [])]
        files = [tmp_path / f"{by}{ending}" for ending in (".csv", ".html", ".xlsx")]
        options = [word for path in files for word in (f"--{path.suffix[1:]}", path)]
        said = remit(*words, *options)
        assert said.status == 0, said.err
        shown = remit(*words).out + "".join(path.read_text(encoding="utf-8") for path in files[:2])
        assert FEW not in shown
        assert (ODD in shown, "R Chinese" in shown, "other, of few people each" in shown) == (by == "ethnicity",) * 3


def test_the_practice_reads_its_own(counted: Path) -> None:
    assert FEW in {row["value"] for row in pq.read_table(counted / "breakdown.parquet").to_pylist()}
    said = remit("breakdown", counted, "--by", "ethnicity", "--for", "practice", "--practice", "A1")
    assert "spoken to" in said.out
