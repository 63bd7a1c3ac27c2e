"""Reads the map of a commissioner's area: the NHS practice map as published, or the area's own table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from remit.application.progress import Cancelled, OnProgress, never, silent
from remit.core.problems import Problem, refuse
from remit.files.hashes import sha256_file
from remit.files.tables import CsvRows, read_header
from remit.organisation.area_file import COLUMNS, check_area_file, is_area_file
from remit.organisation.area_map import AreaMap
from remit.organisation.practice_map import check_ccg_to_icb, check_practice_map, is_practice_map


@dataclass(frozen=True)
class Request:
    """The file; the commissioners wanted, all of the map where none is named; `ccg_to_icb` is the file that folds CCGs
    into ICBs, for a map from before they were."""

    file: Path
    commissioners: tuple[str, ...] = ()
    ccg_to_icb: Path | None = None


@dataclass(frozen=True)
class Result:
    """Each commissioner's area, the file's name and hash, and what a reader should know."""

    areas: Mapping[str, AreaMap]
    file_name: str
    sha256: str
    warnings: tuple[Problem, ...] = ()


def evaluate(request: Request, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> Result:
    """The areas. Raises Refused with every problem of the file, each with its row, and nothing half."""
    header = read_header(request.file)
    source = CsvRows(request.file)
    sha256 = sha256_file(request.file)
    if is_practice_map(header.names):
        icb_of = check_ccg_to_icb(CsvRows(request.ccg_to_icb)) if request.ccg_to_icb else None
        whole = check_practice_map(source, header.names, icb_of)
        codes = request.commissioners or tuple(whole.commissioners)
        areas = {code: whole.area(code) for code in codes}
    elif is_area_file(header.names):
        if not request.commissioners:
            what = "the file is an area's own table, and no commissioner is named."
            raise refuse("area.commissioner-unknown", what, source.head, "Name the commissioner.")
        areas = {code: check_area_file(source, code) for code in request.commissioners}
    else:
        what = "the header is neither that of an NHS practice map nor that of an area's own table."
        raise refuse("area.layout-unknown", what, header.place, f"A table of your own has: {', '.join(COLUMNS)}.")
    warnings = tuple(warning for area in areas.values() for warning in area.warnings)
    return Result(areas, request.file.name, sha256, warnings)
