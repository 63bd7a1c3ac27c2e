"""NHS numbers for tests: valid ones of nobody, every way in which they are written, and what of them a folder holds."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def numbers(count: int, first: int = 943_476_590) -> list[str]:
    """Valid numbers: the weights are 10 to 2, and eleven less the rest of eleven is the last digit; never a ten."""
    found: list[str] = []
    while len(found) < count:
        digits = str(first)
        last = -sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        found += [f"{digits}{last}"] if last < 10 else []
        first += 1
    return found


def held(folder: Path, those: Collection[str]) -> list[str]:
    """The files below a folder that hold any of the numbers, in their names, bytes or cells, however parted."""
    sought = re.compile("|".join("[^0-9]{0,3}".join(number) for number in those))
    found = []
    for path in sorted(folder.rglob("*")):
        text = path.relative_to(folder).as_posix()
        if path.is_file():
            text += f" {path.read_bytes().decode('latin-1')} {_cells(path)}"
        if sought.search(text):
            found.append(path.relative_to(folder).as_posix())
    return found


def _cells(path: Path) -> str:
    """What a compressed table says; nothing of one that is not whole, whose parts cannot be read."""
    try:
        if path.suffix == ".parquet":
            return str(pq.ParquetFile(path).read().to_pylist())
        if path.suffix == ".arrow":
            with pa.OSFile(str(path)) as file:
                return str(pa.ipc.open_file(file).read_all().to_pylist())
    except (pa.ArrowException, OSError):
        pass
    return ""
