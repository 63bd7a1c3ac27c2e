"""What `make coverage` measured, by room: the table of docs/explanation/tests.md."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from coverage import Coverage

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "remit"
FIGURES = ("num_statements", "missing_lines", "num_branches", "missing_branches", "excluded_lines")


def by_room(report: dict[str, dict[str, dict[str, dict[str, int]]]]) -> dict[str, Counter[str]]:
    """The figures of every room, in the order of their names."""
    found: dict[str, Counter[str]] = {}
    for name, file in sorted(report["files"].items()):
        inside = (ROOT / name).relative_to(SOURCE).parts
        room = inside[0] if len(inside) > 1 else "(the package itself)"
        found.setdefault(room, Counter()).update({figure: file["summary"][figure] for figure in FIGURES})
    return found


def share(of: Counter[str], every: str, missing: str) -> str:
    """A percentage, rounded down: 100% is all of it."""
    whole = of[every]
    return f"{(whole - of[missing]) * 1000 // whole / 10:.1f}%" if whole else "–"


def main() -> None:
    """Print the table."""
    measured, path = Coverage(), ROOT / "coverage.json"
    measured.load()
    measured.json_report(outfile=str(path))
    rooms = by_room(json.loads(path.read_text(encoding="utf-8")))
    rooms["**all**"] = sum(rooms.values(), Counter())
    print("| Room | Lines | Reached | Branches | Reached | Lines left out, with a reason |")
    print("|---|---:|---:|---:|---:|---:|")
    for room, of in rooms.items():
        lines, branches = share(of, FIGURES[0], FIGURES[1]), share(of, FIGURES[2], FIGURES[3])
        print(f"| {room} | {of[FIGURES[0]]:,} | {lines} | {of[FIGURES[2]]:,} | {branches} | {of[FIGURES[4]]} |")


if __name__ == "__main__":
    main()
