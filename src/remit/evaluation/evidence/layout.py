"""What a practice's evidence consists of: its files and their columns."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Annotated, ClassVar

import pyarrow as pa
from pydantic import Field

from remit.evaluation.manifest import Basis
from remit.files.manifest import Files, Kind, OfFolder, Written
from remit.records.layout import PRACTICE_CODE, Layout
from remit.terminology.clusters import Cluster
from remit.terminology.locks import LockedCluster

PEOPLE = pa.schema(
    [
        ("patient_id", pa.string()),
        ("sex", pa.string()),
        ("ethnicity", pa.string()),
        ("ages", pa.list_(pa.int32())),
        ("death_date", pa.date32()),
        ("age_at_death", pa.int32()),
        ("registered_from", pa.list_(pa.date32())),
        ("registered_to", pa.list_(pa.date32())),
    ]
)
"""One row for each patient who has an outcome, by their ids. `ages` are those of the manifest's days; the stays are
those on this practice's list. `ethnicity` is empty unless a rule looks at it."""
PEOPLE_FILE = "people.parquet"
CLUSTERS_FILE = "clusters.json"
OWN_RULES = "rules-"
"""How the files begin that hold the rules which an evaluation was given beside those that ship."""
EVIDENCE = "evidence"
"""The folder of an evaluation that has a folder of evidence for each practice."""
ROWS = 1 << 15
"""How many rows are read at once where one patient is looked for."""


def columns(layout: Layout, optional: Collection[str]) -> pa.Schema:
    """The columns of records in evidence: those of the store, but for the name of the extract."""
    return pa.schema([field for field in layout.schema_with(optional) if field.name != "extract"])


def outcomes_file(practice: str) -> str:
    """Where the outcomes stand, as in an evaluation."""
    return f"outcomes/practice={practice}.parquet"


class KeptCluster(LockedCluster):
    """Of a cluster those codes that some record here has, with their terms, and the systems of those that are of some
    alone; and how many codes it has, with their hash."""

    terms: dict[str, str]
    systems: dict[str, tuple[str, ...]] = Field(default_factory=dict, exclude_if=lambda systems: not systems)

    def cluster(self, name: str) -> Cluster:
        """The cluster as far as it is here."""
        systems = {code: frozenset(those) for code, those in self.systems.items()}
        return Cluster(name, self.terms, systems=systems, whole=(self.codes, self.sha256))


class KeptClusters(Written):
    """The clusters that the rules read, as far as records here have their codes."""

    kind: ClassVar[Kind] = Kind("clusters of evidence", 1, "", "Evaluate again.", "file of clusters")

    format: int
    clusters: dict[str, KeptCluster]


class EvidenceManifest(OfFolder, Basis):
    """A practice's evidence: whose it is, and all that the evaluation says of itself. `ages_on` are the days of the
    ages, `records_to` is the last day of the records."""

    kind: ClassVar[Kind] = Kind(
        "practice's evidence", 1, "Give the folder of one practice's evidence, or an evaluation that has it.",
        "Evaluate again, with the evidence.", "manifest of evidence",
    )  # fmt: skip

    evidence_of: Annotated[str, Field(pattern=f"^{PRACTICE_CODE.pattern}$")]
    records_to: date | None
    ages_on: tuple[date, ...]
    files: Files

    def listed(self, folder: Path) -> dict[str, str]:
        """The files of the evidence."""
        return self.files
