"""What the manifest of an evaluation says: all that its outcomes rest on, and nothing of what counted them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from remit.core.dates import SchemeYear
from remit.files.manifest import Files, Kind, OfFolder, Part, Sha256, Written
from remit.terminology.locks import Lock

FolderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*$")]
"""A folder below another, and nothing that leads elsewhere."""
Year = Annotated[str, AfterValidator(lambda text: str(SchemeYear.parse(text)))]


class EvaluatedScheme(Part):
    """The scheme, which `scheme.yaml` holds."""

    scheme: str
    version: str
    sha256: Sha256


class PaymentPeriod(Part):
    """The first and the last day that rules look at as the payment period."""

    start: date = Field(alias="from")
    end: date = Field(alias="to")


class CountedBy(Part):
    """The definition that an indicator was counted by."""

    title: str
    version: str
    years: str = Field(default="", exclude_if=lambda years: not years)
    status: str
    source: str
    population: str
    counts: Literal["outcomes", "register"]
    sha256: Sha256


class Basis(Written):
    """What an evaluation rests on. `store` has the hashes of each practice's tables; `supplied` says why a count of the
    scheme's is not made here; `rules_of` are the years whose rules counted where there are none of the scheme's."""

    kind: ClassVar[Kind] = Kind(
        "evaluation", 3, "Give the folder of an evaluation.", "Evaluate again.",
        "manifest of an evaluation",
    )  # fmt: skip

    format: int
    remit: str
    scheme: EvaluatedScheme
    on: date
    payment_period: PaymentPeriod
    rules_of: tuple[Year, ...] = Field(default=(), exclude_if=lambda years: not years)
    clusters: Lock
    store: dict[str, dict[str, Sha256]]
    definitions: dict[str, CountedBy]
    supplied: dict[str, str]


class EvaluationManifest(OfFolder, Basis):
    """An evaluation's manifest. `evidence` has each practice's folder below `evidence/`, where it was kept."""

    evidence: dict[str, FolderName] = Field(default_factory=dict, exclude_if=lambda evidence: not evidence)
    files: Files

    def listed(self, folder: Path) -> dict[str, str]:
        """The files of the evaluation."""
        return self.files


class WorkBasis(Basis):
    """What work in progress is of: with `engine`, what counts, and the last day of each practice's records; whether
    evidence is kept, and what records came to."""

    engine: str
    records_to: dict[str, str]
    evidence: bool = Field(default=False, exclude_if=lambda evidence: not evidence)
    kept: bool = Field(default=False, exclude_if=lambda kept: not kept)


class EvaluatedPractice(Part):
    """What one practice came to: the hashes of its outcomes and its cells, its rows of each table, and how many
    patients it has, has registered and has under any definition."""

    practice: str
    sha256: Sha256
    cells: Sha256
    counts: tuple[tuple[str, ...], ...]
    practices: tuple[tuple[str, ...], ...]
    attrition: tuple[tuple[str, ...], ...]
    parts: tuple[tuple[str, ...], ...]
    left_out: tuple[tuple[str, ...], ...]
    rows: dict[str, int]
    outside: dict[str, dict[str, int]]
    """By table the rows of each code that no cluster has."""
    patients: int
    registered: int
    concerned: int
    categories: dict[str, dict[str, int]]
    evidence: Files = Field(default_factory=dict, exclude_if=lambda evidence: not evidence)
    """The files of its evidence."""
    kept: str = Field(default="", exclude_if=lambda kept: not kept)
    """The hash of what is kept of it."""
    went_on: bool = Field(default=False, exclude_if=lambda went_on: not went_on)
    """Whether only what was new in its records was read."""
    anew: str = Field(default="", exclude_if=lambda anew: not anew)
    """Why all of them were read although something was kept."""
