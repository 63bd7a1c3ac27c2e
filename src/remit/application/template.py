"""Which figures a scheme needs, or several together; and the CSV files to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from remit.claims.claim_rows import OPTIONAL, REQUIRED
from remit.files.tables import CsvRows, write_table
from remit.files.whole import check_file_free, write_whole
from remit.organisation import Practice, check_practices
from remit.organisation.practices import CHANGE_COLUMNS, further
from remit.scheme import Scheme, load_scheme
from remit.scheme.asked import columns_named, lists_needed
from remit.scheme.kinds import Activity
from remit.scheme.resolve import resolve
from remit.scheme.supply import open_inputs
from remit.scoring.wanted import WantedFigure, wanted

__all__ = ["Needed", "TemplateRequest", "TemplateResult", "WantedFigure", "evaluate", "needed"]

COUNTS = ("practice_code", "indicator_code", "measure", "period", "value", "needed", "what")
_COLUMNS = (
    "practice_code", "practice_name", "place_code", "network_code", "level", "list_size", "weighted_list_size",
    "eligible_from", "eligible_to", *CHANGE_COLUMNS,
)  # fmt: skip


@dataclass(frozen=True)
class Needed:
    """The figures that schemes read, the columns of the practices file, and whether claims may take a count's place."""

    figures: tuple[WantedFigure, ...]
    columns: tuple[str, ...]
    claims: bool


@dataclass(frozen=True)
class TemplateRequest:
    """The schemes, by id or path; the folder to write into; and the practices: their file, or their codes.

    Without either, two made-up ones stand in the files to write over.
    """

    schemes: tuple[str, ...]
    folder: Path
    practices: Path | None = None
    codes: tuple[str, ...] = ()
    optional: bool = False
    replace: bool = False


@dataclass(frozen=True)
class TemplateResult:
    """The files written, what a run then takes by what it holds, and whether it takes all schemes at once.

    `to_set` has what the schemes leave open and an award waits for: `NAME=example`, and what it is. `places` are the
    codes of the places that the schemes are offered to.
    """

    written: tuple[str, ...]
    inputs: dict[str, Path]
    together: bool
    to_set: tuple[tuple[str, str], ...] = ()
    places: tuple[str, ...] = ()


def needed(names: Sequence[str]) -> Needed:
    """What these schemes need, each figure once."""
    schemes = [load_scheme(name) for name in names]
    return Needed(tuple(_wanted(schemes)), tuple(_practice_columns(schemes)), any(s.claims for s in schemes))


def evaluate(request: TemplateRequest) -> TemplateResult:
    """Write the files. Raises Refused, and writes nothing, where one of them is there already."""
    schemes = [load_scheme(name) for name in request.schemes]
    networks = any(scheme.networks for scheme in schemes)
    practices, folder = request.practices, request.folder
    given = check_practices(CsvRows(practices)) if practices else _example(networks, request.codes)
    claimed, together = _claimed(schemes)
    files = _contents(schemes, given, claimed, not practices, request.optional)
    if (folder / "claims.csv").exists():  # it has no rows of ours: what is there is kept
        files.pop("claims.csv", None)
    for file in files:
        check_file_free(folder / file, request.replace)
    for file, (head, lines) in files.items():
        write_whole(folder / file, partial(write_table, columns=head, rows=lines))
    inputs = {"practices": practices or folder / "practices.csv", **{Path(f).stem: folder / f for f in files}}
    inputs |= {"claims": folder / "claims.csv"} if claimed else {}
    to_set = dict(one for scheme in schemes for one in _to_set(scheme))
    places = dict.fromkeys(code for scheme in schemes for code in scheme.places)
    return TemplateResult(tuple(files), inputs, together or len(schemes) == 1, tuple(to_set.items()), tuple(places))


def _to_set(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """What must be set before every item has an award: the dates of indicators that change, and open tariffs."""
    for one in dict.fromkeys(one.open for one in resolve(scheme, {}).indicators.values() if one.open):
        yield f"{one}=YYYY-MM-DD", " ".join(scheme.parameters[one].about.split())
    for each in open_inputs(scheme):
        if each.path[0] == "items":
            yield each.example, f"{each.about}; the scheme's file leaves it open"


def _wanted(schemes: Sequence[Scheme]) -> list[WantedFigure]:
    """The figures of all schemes; what several read stands once, and is needed where one of them needs it."""
    found: dict[tuple[str, str, str], WantedFigure] = {}
    for one in (one for scheme in schemes for one in wanted(scheme)):
        same = (one.subject, one.measure, one.period)
        if same not in found or found[same].optional:
            found[same] = one
    return list(found.values())


def _practice_columns(schemes: Sequence[Scheme]) -> list[str]:
    """The columns of the practices file that the money of any of the schemes rests on."""
    found = {"practice_code", "practice_name", *CHANGE_COLUMNS}
    for scheme in schemes:
        found |= lists_needed(scheme)
        found |= {"place_code"} if scheme.places else set()
        found |= {"network_code"} if scheme.networks else set()
        found |= {"level"} if scheme.levels != ("practice",) or scheme.networks else set()
        found |= {"list_size"} if any(item.measure in ("prevalence", "per_1000") for item in scheme.items) else set()
        shared = str(scheme.networks.distribution).replace(" ", "_") if scheme.networks else ""
        found |= {"list_size"} if shared == "list" else {"weighted_list_size"} if shared == "weighted_list" else set()
        found |= {"eligible_from", "eligible_to"} if scheme.claims and scheme.claims.eligible else set()
    named = [name for scheme in schemes for name in columns_named(scheme)]
    return [column for column in _COLUMNS if column in {*found, *named}] + further(named)


def _example(networks: bool, codes: Sequence[str]) -> dict[str, Practice]:
    """The practices of these codes, else made-up ones to write over; and their network where a scheme pays one."""
    network = "N1" if networks else ""
    found = {code: Practice(code, f"FILL IN {code}", network=network) for code in codes or ("P1", "P2")}
    return {**({"N1": Practice("N1", "FILL IN N1", level="network")} if networks else {}), **found}


def _practice_rows(columns: Sequence[str], practices: dict[str, Practice]) -> list[list[str]]:
    held = {"practice_code": "code", "practice_name": "name", "network_code": "network", "level": "level"}
    return [[str(getattr(p, held[c])) if c in held else "" for c in columns] for p in practices.values()]


def as_files(scheme: Scheme) -> Iterator[tuple[str, Sequence[str], list[list[str]]]]:
    """The templates of one scheme: each file's name, columns and rows, for two made-up practices."""
    given = _example(bool(scheme.networks), ())
    for name, (columns, rows) in _contents([scheme], given, _claimed([scheme])[0], True, False).items():
        yield name, columns, rows


def _claimed(schemes: Sequence[Scheme]) -> tuple[set[str], bool]:
    """The items whose activity comes from claims, and whether one file of claims is of all schemes together."""
    activity = [{item.item for item in each.items if isinstance(item.kind, Activity)} for each in schemes]
    together = all(activity) and any(each.claims for each in schemes)  # on one file of claims, as a run has it
    pairs = zip(schemes, activity, strict=True)
    return {item for each, items in pairs if together or each.claims for item in items}, together


def _contents(
    schemes: Sequence[Scheme], given: dict[str, Practice], claimed: set[str], with_practices: bool, optional: bool
) -> dict[str, tuple[Sequence[str], list[list[str]]]]:
    """The columns and rows of each file."""
    files: dict[str, tuple[Sequence[str], list[list[str]]]] = {}
    if with_practices:
        columns = _practice_columns(schemes)
        files["practices.csv"] = (columns, _practice_rows(columns, given))
    rows = [one for one in _wanted(schemes) if one.subject not in claimed and (optional or one.usual)]
    if rows:
        files["counts.csv"] = (COUNTS, list(_count_rows(any(scheme.networks for scheme in schemes), rows, given)))
    if claimed:
        files["claims.csv"] = ((*REQUIRED, *OPTIONAL), [])
    return files


def _count_rows(shared: bool, rows: list[WantedFigure], practices: dict[str, Practice]) -> Iterator[list[str]]:
    """A row for each figure of each practice; what is declared once for a network stands by the network."""
    networks = {p.network for p in practices.values() if p.network} if shared else set()
    for code in [*sorted(networks - set(practices)), *practices]:
        level = "network" if code in networks else "practice"
        for one in rows:
            if (one.level == "network" and networks) == (level == "network"):
                yield [
                    code,
                    one.subject,
                    one.measure,
                    one.period,
                    "",
                    "optional" if one.optional else "needed",
                    one.words,
                ]
