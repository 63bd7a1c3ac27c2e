"""The folder of a simulation: each reform's overlay, fit for an approval, with its tables of practices and groups; the
report; and a manifest of it all. No clock, path or host is written: the same inputs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field

from remit.analysis.simulation.results import Chance, EffortOfOne, ReformOutcome, Simulation
from remit.core.rounding import exact_text, pence_text
from remit.core.version import VERSION
from remit.files.hashes import sha256_file
from remit.files.manifest import Files, Kind, OfFolder, Part, Sha256, write_manifest
from remit.files.tables import write_table
from remit.organisation import Practice
from remit.organisation.attributes import PracticeAttributes

REPORT, OVERLAY, PRACTICES, GROUPS = "report.html", "overlay.yaml", "practices.csv", "groups.csv"
_CHANCE = ("low", "high", "chance_of_loss")
_PRACTICES = (
    "practice_code", "practice_name", "before", "after", "difference", *_CHANCE, "list_size", "deprivation",
    "deprivation_fifth", "rurality", "network", "place", "contacts", "contacts_to_all_before", "contacts_to_all_after",
    "contacts_to_keep", "reason",
)  # fmt: skip
_GROUPS = (
    "group", "key", "name", "practices", "patients", "before", "after", "difference", *_CHANCE, "gain", "lose",
)  # fmt: skip


class SimulatedReform(Part):
    """A reform of a simulation: its folder's name, what it is called, the scheme that it changes."""

    reform: str
    title: str
    scheme: str


class SimulationManifest(OfFolder):
    """A simulation's manifest. `run` is the hash of the base's manifest, `about` that of the practices' attributes."""

    kind: ClassVar[Kind] = Kind(
        "simulation", 1, "Give the folder of a simulation.", "Simulate it again.", "manifest of a simulation"
    )

    format: int
    remit: str
    run: Sha256
    reforms: Annotated[tuple[SimulatedReform, ...], Field(min_length=1)]
    draws: int
    seed: int
    about: Sha256 | None
    files: Files

    def listed(self, folder: Path) -> dict[str, str]:
        """The files of the simulation."""
        return self.files


def write_into(
    work: Path,
    found: Simulation,
    overlays: Mapping[str, Mapping[str, str]],
    schemes: Mapping[str, str],
    practices: Mapping[str, Practice],
    about: Mapping[str, PracticeAttributes],
    report: bytes,
    hashes: tuple[str, str | None],
) -> None:
    """Write everything into a folder that is there. `overlays` are by reform the texts of its files, by their names;
    `schemes` the scheme that each changes; `hashes` those of the run's manifest and of the attributes."""
    for one in found.reforms:
        folder = work / one.name
        folder.mkdir()
        for name, text in overlays[one.name].items():
            (folder / name).write_text(text, encoding="utf-8")
        write_table(folder / PRACTICES, _PRACTICES, _practice_rows(one, practices, about))
        write_table(folder / GROUPS, _GROUPS, _group_rows(one))
    (work / REPORT).write_bytes(report)
    files = {path.relative_to(work).as_posix(): path for path in sorted(work.rglob("*")) if path.is_file()}
    manifest = SimulationManifest(
        format=SimulationManifest.kind.format,
        remit=VERSION,
        run=hashes[0],
        reforms=tuple(
            SimulatedReform(reform=one.name, title=one.title, scheme=schemes[one.name]) for one in found.reforms
        ),
        draws=found.draws,
        seed=found.seed,
        about=hashes[1],
        files={name: sha256_file(path) for name, path in files.items()},
    )
    write_manifest(work, manifest)


def _practice_rows(
    one: ReformOutcome, practices: Mapping[str, Practice], about: Mapping[str, PracticeAttributes]
) -> Iterator[list[str]]:
    alone = {unit.code for unit in one.units}  # of a network that pays others, groups.csv has what all of it gains
    for unit in one.sides.units:
        of, practice = about.get(unit.code, PracticeAttributes()), practices.get(unit.code)
        yield [
            unit.code,
            unit.name,
            *_pence([unit.before.value, unit.after.value, unit.difference]),
            *_chance(one.chance.get(unit.code) if unit.code in alone else None),
            "" if practice is None or practice.list_size is None else str(practice.list_size),
            "" if of.deprivation is None else exact_text(of.deprivation),
            "" if of.fifth is None else str(of.fifth),
            of.rurality,
            of.network or unit.network,
            of.place or unit.place,
            *_effort(one.effort_of.get(unit.code), one.effort.few if one.effort else 0),
            unit.reason,
        ]


def _group_rows(one: ReformOutcome) -> Iterator[list[str]]:
    for line in one.groups:
        sums = line.sums
        yield [
            line.group.dimension,
            line.group.key,
            line.group.name,
            str(line.practices),
            "" if line.patients is None else str(line.patients),
            *_pence([sums.before.value, sums.after.value, sums.difference.value]),
            *_chance(line.chance),
            str(sums.gained.known),
            str(sums.lost.known),
        ]


def _pence(amounts: Iterable[int | None]) -> Sequence[str]:
    return ["" if pence is None else pence_text(pence) for pence in amounts]


def _effort(of: EffortOfOne | None, few: int) -> Sequence[str]:
    """`contacts_to_keep` is empty too where no contacts would do. What is 1 to `few` is not shown: `*`."""
    if of is None:
        return ["", "", "", ""]
    numbers = of.reached, of.to_all_before, of.to_all_after, of.to_keep
    return ["" if number is None else "*" if 0 < number <= few else str(number) for number in numbers]


def _chance(of: Chance | None) -> Sequence[str]:
    return ["", "", ""] if of is None else [pence_text(of.low), pence_text(of.high), f"{of.loses:.4f}"]
