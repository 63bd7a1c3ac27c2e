"""Damage to one file or folder, by its sort: bytes, rows, columns, values, keys, manifests, names. All from a seed.

`damage` says what it did, so that a finding can be read. `harmless` changes how a table is written, not what it says.
"""
# ruff: noqa: E501, RUF001 - tables of text as hostile as it comes

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

PIECES = (
    b"\0", b"\xff", b"\xfe", b"\xe9", b'"', b",", b"\n", b"\r", b"\r\n", b";", b"\t", b"-", b"NaN", b"1e400", b"9" * 400,
    b"%", b"\xc2\xa3", b"\xe2\x80\xa8", b"&a ", b"*a", b"{", b"}", b"[", b"]", b": ", b"- ", b"#", b"!!", b"'", b"|",
    b"---\n", b"2024-25", b"0", b"1", b" ", b"\xef\xbb\xbf", b"REGISTER", b"*", b"[paper]", b"required", b"\x1b[31m",
    b"null", b"true", b"<<: ", b"? ", b"PAR1",
)  # fmt: skip
VALUES = (
    "", "0", "-0", "00", "1", "-1", "1.5", "1e5", "1e400", "inf", "nan", "None", "null", "true", "9" * 19, "9" * 400, "-" * 9,
    "0.1", ".5", "5.", "1,000", "£1", "1%", "0x10", "1/3", "1/0", "0/0", "٣", "１", "²", "2024-02-30", "0001-01-01",
    "9999-12-31", "2024-25", "1999-00", "2024-Q1", "2024-25-Q4", "2024-Q9", "*", "A81001", "N1", "=1+1", "@x", "'=1", "\x1b[2J",
    "a" * 300, "é", "e\u0301", "\u202e", "\ud7ff", "💩", "../../x", "/", "a/b", "a\\b", "a:b", ".", "..", "CON", "[bold]x[/bold]",
    "{0}", "%s", "required", "none", "all", "verified", "unverified", "two words", " 1 ", "1\n2", "N/A", "[REDACTED]", "*REDACTED*",
)  # fmt: skip


NUMBERS = ("0", "1", "2", "3", "5", "10", "12", "31", "49", "50", "99", "100", "101", "999", "1000", "10000", "100000", "1000000",
           "999999999", "1000000000000", "0.5", "0.001", "33.333333", "1.005", "-1", "2024", "2025", "1900")  # fmt: skip


def near(text: str, random: Random) -> str:
    """The text with another number in it: what stands around it, such as a unit or the rest of a date, stays."""
    found = list(re.finditer(r"[0-9]+(\.[0-9]+)?", text))
    if not found:
        return random.choice(VALUES)
    one = random.choice(found)
    return text[: one.start()] + random.choice(NUMBERS) + text[one.end() :]


def fit(folder: Path) -> bool:
    """Make the hashes of a folder's manifest those of its files again, as whoever forges it would; whether it has any."""
    try:
        held = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    _fit(held, folder)
    (folder / "manifest.json").write_text(json.dumps(held), encoding="utf-8", errors="surrogatepass")
    return True


def _fit(held: Any, folder: Path) -> None:
    for name, value in (
        list(held.items()) if isinstance(held, dict) else enumerate(held if isinstance(held, list) else ())
    ):
        if isinstance(value, dict) and {"file", "sha256"} <= value.keys():
            value["sha256"] = _hash(folder / str(value["file"])) or value["sha256"]
        elif isinstance(held, dict) and isinstance(value, str) and len(value) == 64:
            held[name] = _hash(folder / str(name)) or value
        else:
            _fit(value, folder)


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError):
        return ""


def damage(path: Path, random: Random) -> str:
    """Damage a file, or something in a folder; says what was done."""
    if path.is_dir():
        return _folder(path, random)
    if random.random() < 0.2:
        return _bytes(path, random)
    by_sort = {".csv": _table, ".yaml": _tree, ".json": _tree, ".parquet": _parquet}
    return by_sort.get(path.suffix, _bytes)(path, random)


def harmless(path: Path, random: Random) -> str:
    """Write a table in another way that says the same; rows stay in their order, which decides what is said first."""
    text = path.read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text)))
    ways: dict[str, Callable[[], bytes]] = {
        "a byte order mark": lambda: b"\xef\xbb\xbf" + text.encode(),
        "Windows line ends": lambda: text.replace("\n", "\r\n").encode(),
        "everything quoted": lambda: _written(rows, quoting=csv.QUOTE_ALL),
        "blanks around": lambda: _written([[f" {cell} " for cell in row] for row in rows]),
        "empty lines": lambda: text.replace("\n", "\n\n").encode(),
        "columns turned round": lambda: _written([row[::-1] for row in rows]),
        "capitals in the header": lambda: _written([[cell.upper() for cell in rows[0]], *rows[1:]]),
        "a further column": lambda: _written([[*row, f"extra{n}"] for n, row in enumerate(rows)]),
        "no last line end": lambda: text.rstrip("\n").encode(),
    }
    name = random.choice(sorted(ways))
    path.write_bytes(ways[name]())
    return f"{path.name}: {name}"


def _written(rows: list[list[str]], quoting: Any = csv.QUOTE_MINIMAL) -> bytes:
    into = io.StringIO()
    csv.writer(into, lineterminator="\n", quoting=quoting).writerows(rows)
    return into.getvalue().encode()


def _bytes(path: Path, random: Random) -> str:
    data, said = path.read_bytes(), []
    for _ in range(random.randint(1, 3)):
        at, length = random.randint(0, len(data)), random.choice((0, 1, 3, 12, 200))
        piece = random.choice((*PIECES, random.randbytes(3), data[at : at + random.randint(1, 60)]))
        how = random.randrange(12)
        data = data[:at] if how == 0 else data[:at] + piece + data[at + length :]
        said.append(f"cut at {at}" if how == 0 else f"{piece[:20]!r} for {length} bytes at {at}")
    path.write_bytes(data)
    return f"{path.name}: {'; '.join(said)}"


def _table(path: Path, random: Random) -> str:
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    except (csv.Error, UnicodeDecodeError):
        return _bytes(path, random)
    if len(rows) < 2 or len(rows[0]) < 2:
        return _bytes(path, random)
    said = []
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        row, column = random.randrange(len(rows)), random.randrange(min(map(len, rows)) or 1)
        how = random.choice(("cell", "cell", "cell", "cell", "row gone", "row twice", "rows swapped", "column gone",
                             "column twice", "columns swapped", "header", "one row alone", "short row"))  # fmt: skip
        if how == "cell":
            beside = random.choice(rows)
            alike = [near(rows[row][column], random), beside[column] if len(beside) > column else ""]
            value = random.choice((random.choice(VALUES), *alike, *alike, random.choice(beside or [""])))
            rows[row] = [value if n == column else cell for n, cell in enumerate(rows[row])]
            how = f"{value[:30]!r} in row {row + 1}, column {column + 1}"
        elif how == "row gone":
            rows = rows[:row] + rows[row + 1 :] or rows
        elif how == "row twice":
            rows = [*rows[: row + 1], *([rows[row]] * random.choice((1, 3))), *rows[row + 1 :]]
        elif how == "rows swapped":
            other = random.randrange(len(rows))
            rows[row], rows[other] = rows[other], rows[row]
        elif how == "column gone":
            rows = [one[:column] + one[column + 1 :] for one in rows]
        elif how == "column twice":
            rows = [[*one, *one[column : column + 1]] for one in rows]
        elif how == "columns swapped":
            rows = [[*one[column:], *one[:column]] for one in rows]
        elif how == "header":
            rows[0] = [random.choice(VALUES) if n == column else cell for n, cell in enumerate(rows[0])]
        elif how == "one row alone":
            rows = rows[: random.randint(0, 2)] or [[]]
        else:
            rows[row] = rows[row][:column]
        said.append(how)
        if not rows or not all(rows):
            break
    path.write_bytes(_written(rows))
    return f"{path.name}: {'; '.join(said)}"


def _tree(path: Path, random: Random) -> str:
    """A value, a key or a branch of YAML or JSON is another, gone, twice or of another type."""
    text = path.read_text(encoding="utf-8")
    try:
        tree = json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=yaml.CBaseLoader)
    except (ValueError, yaml.YAMLError):
        return _bytes(path, random)
    said = []
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        if not isinstance(tree, dict | list) or not tree:
            break
        part, at = tree, random.choice(_keys(tree))
        while isinstance(part[at], dict | list) and part[at] and random.random() < 0.85:
            part = part[at]
            at = random.choice(_keys(part))
        how = random.choice(("value", "value", "value", "gone", "type", "moved", "key", "twice"))
        if how == "value":
            wild = random.choice((*VALUES, 0, -1, 10**20, 1.5, True, None) if path.suffix == ".json" else VALUES)
            alike = [one for one in _leaves(tree, at) if one != part[at]] or [wild]
            part[at] = random.choice(
                (wild, near(str(part[at]), random), near(str(part[at]), random), random.choice(alike))
            )
        elif how == "gone":
            del part[at]
        elif how == "type":
            part[at] = random.choice(([], {}, [part[at]], {"a": part[at]}, str(part[at]), "1", [[[["x"]]]]))
        elif how == "moved":
            other = random.choice(_keys(part))
            part[at], part[other] = part[other], part[at]
        elif how == "key" and isinstance(part, dict):
            part[random.choice(VALUES)] = part.pop(at)
        elif isinstance(part, list):
            part.append(part[at])
        said.append(f"{how} at {str(at)[:30]!r}")
    path.write_text(json.dumps(tree), encoding="utf-8", errors="surrogatepass")
    return f"{path.name}: {'; '.join(said)}"


def _leaves(part: Any, key: Any) -> Iterator[Any]:
    """What stands under a key of that name anywhere."""
    for at in _keys(part) if isinstance(part, dict | list) else ():
        if at == key:
            yield part[at]
        yield from _leaves(part[at], key)


def _keys(part: Any) -> list[Any]:
    return list(part) if isinstance(part, dict) else list(range(len(part)))


def _parquet(path: Path, random: Random) -> str:
    try:
        table = pq.read_table(path, partitioning=None)
    except (OSError, pa.ArrowException):
        return _bytes(path, random)
    n = random.randrange(table.num_columns or 1)
    name = table.column_names[n] if table.num_columns else ""
    how = random.choice(("column gone", "renamed", "type", "rows gone", "rows twice", "turned round", "text"))
    if how == "column gone":
        table = table.drop_columns([name])
    elif how == "renamed":
        table = table.rename_columns([random.choice(VALUES) if i == n else c for i, c in enumerate(table.column_names)])
    elif how == "type":
        table = table.set_column(n, name, pa.array(range(table.num_rows), random.choice((pa.int8(), pa.float64(), pa.int64()))
                                                   if table.num_rows < 100 else pa.int64()))  # fmt: skip
    elif how == "rows gone":
        table = table.slice(random.randint(0, 3))
    elif how == "rows twice":
        table = pa.concat_tables([table, table])
    elif how == "turned round":
        table = table.take(pa.array(range(table.num_rows - 1, -1, -1)))
    else:
        bad = pa.array([b"\xff\xfe" + random.randbytes(2)] * table.num_rows, pa.binary())
        table = table.set_column(n, name, pa.Array.from_buffers(pa.string(), len(bad), bad.buffers()))
    pq.write_table(table, path)
    return f"{path.name}: {how} of {name}"


def _folder(folder: Path, random: Random) -> str:
    """One of its files damaged, or gone, added, renamed, exchanged, or in the place of something else."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    if not paths:
        return "nothing"
    path, other = random.choice(paths), random.choice(paths)
    how = random.choice(
        ("damage",) * 9 + ("gone", "empty", "added", "renamed", "exchanged", "folder", "link", "copied")
    )
    said = str(path.relative_to(folder))
    if how == "damage":
        return f"{said}: {damage(path, random)}"
    if how == "gone":
        path.unlink()
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "added":
        path.with_name(random.choice(("x.csv", "assign.csv", "recovery.csv", "national.csv", "counts.csv", "x.parquet",
                                      ".hidden", "scheme-x.yaml", "a=1"))).write_bytes(other.read_bytes())  # fmt: skip
    elif how == "renamed":
        path.rename(path.with_name(random.choice(("x", "a=1", "counts.csv", f"{path.name}.bak", path.name.upper()))))
    elif how == "exchanged":
        one, two = path.read_bytes(), other.read_bytes()
        path.write_bytes(two)
        other.write_bytes(one)
    elif how == "folder":
        path.unlink()
        path.mkdir()
    elif how == "link":
        path.unlink()
        path.symlink_to(random.choice((other, Path("/dev/null"), Path("/nowhere"), folder)))
    else:
        shutil.copy(path, folder / f"copy-{path.name}")
    return f"{said}: {how}"
