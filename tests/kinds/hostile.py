"""Files whose names and text are hostile, for the tests of what commands print and write."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

from tests.bad_files.command import HERE, CommandResult, remit
from tests.unit.made_worklists import evaluated, records

ESC = "\x1b[31m"
EVIL = f"{ESC}:100:[bold]x[/bold]\x9b2J\u202e\x07"
TITLE = "=:100:[bold]x[/bold]"
CODE = f"=1+1{ESC}"


def quoted(*cells: str) -> str:
    """A row of CSV as any spreadsheet writes it: nothing is marked."""
    into = io.StringIO()
    csv.writer(into, lineterminator="\n").writerow(cells)
    return into.getvalue()


def make_world(above: Path) -> Path:
    """A folder of files whose text is hostile, and what Remit made: `one`, `two`, `claimed`, `local/evaluated`."""
    folder = above / f"o{ESC}ut"
    folder.mkdir()
    (folder / "practices.csv").write_text(
        "practice_code,practice_name,network_code,list_size,eligible_from\n"
        + quoted(CODE, f"=cmd|' /C calc'!A0{EVIL}", "@N1", "10500", "2024-04-01")
        + quoted("A2", f"-Hill{EVIL}", "@N1", "5000", ""),
        encoding="utf-8",
    )
    (folder / "claims.csv").write_text(
        "practice_code,pseudonym,item,quarter,date,from,to,attended\n"
        + quoted(CODE, f"+p1{ESC}", "LEVEL", "2024-Q1", "", "2024-05-01", "", "")
        + quoted(CODE, "@p2", "START", "2024-Q1", "2024-05-01", "", "", "1")
        + quoted(CODE, "@p2", "START", "2024-Q1", "2024-05-01", "", "", "1"),
        encoding="utf-8",
    )
    good = (HERE / "good_local_counts.csv").read_text(encoding="utf-8").splitlines()
    head, *rows = (row.split(",") for row in good)
    of = {"A81001": CODE, "A81002": "A2", "N1": "@N1"}
    text = quoted(*head) + "".join(quoted(of.get(row[0], row[0]), *row[1:]) for row in rows)
    (folder / "counts.csv").write_text(text, encoding="utf-8")
    scheme = (HERE / "good_local.yaml").read_text(encoding="utf-8")
    for name, title in (("scheme.yaml", TITLE), ("unseen.yaml", EVIL)):
        line = f"title: {json.dumps(title)}".replace("\\", "\\\\")
        titled = re.sub(r"^title: .*$", line, scheme, flags=re.M)
        (folder / name).write_text(titled, encoding="utf-8")
    (folder / "theirs.csv").write_text(
        "practice_code,indicator_code,achieved_points\n" + quoted(CODE, f"LEVEL{EVIL}", "1"), encoding="utf-8"
    )
    for name, title in (("good_catalogue.yaml", "Services of ours"), ("good_register.yaml", "services and budgets")):
        text = (HERE / name).read_text(encoding="utf-8")
        text = re.sub(rf"^(.*): {title}$", lambda m: f"{m[1]}: {json.dumps(TITLE)}", text, flags=re.M)
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("one", "two"):
        ran(folder, *run(folder, "counts"), "--out", folder / name)
    ran(folder, *run(folder, "claims"), "--out", folder / "claimed")
    store = records(folder)
    evaluated(folder / "local", store)
    return folder


def run(folder: Path, by: str) -> list[str | Path]:
    given: list[str | Path] = ["run", folder / "scheme.yaml", "--practices", folder / "practices.csv"]
    return [*given, "--set", "START.tariff=£5", f"--{by}", folder / f"{by}.csv"]


def ran(folder: Path, *words: str | Path) -> CommandResult:
    said = remit(*words)
    assert said.status == 0, said.err
    return said


def substituted(command: str, world: Path, new: Path) -> list[str | Path]:
    """A command line: names of files of the world as paths, `new/` as the folder to write to, EVIL and CODE as text."""
    words: list[str | Path] = []
    for word in command.split():
        if word.startswith("new/"):
            words.append(new / word.removeprefix("new/"))
        elif (world / word).exists():
            words.append(world / word)
        else:
            words.append(word.replace("EVIL", EVIL).replace("CODE", CODE))
    return words
