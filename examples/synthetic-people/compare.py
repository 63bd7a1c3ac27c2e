"""Sets a board of made-up people beside what England published, and writes the tables of the page "Synthetic people".

    python compare.py [STORE]

Without a store it makes one: 100,000 people of 40 practices. It writes a scheme that asks for every register and
indicator that was published and pays nothing for them, counts it with `remit evaluate`, and puts the tables between the
page's marks. England's figures are src/remit/synthetic/published.csv.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explanation" / "synthetic-people.md"
PUBLISHED = ROOT / "src" / "remit" / "synthetic" / "published.csv"
NUMBERS = ("--patients", "100000", "--practices", "40", "--seed", "2025")
HEADS = {
    "prevalence": (
        "| Register | List | Published for | England % | Made up % | Ratio |",
        "|---|---|---|---:|---:|---:|",
    ),
    "achievement": (
        "| Indicator | Published as | England % | Made up % | England, PCAs % | Made up, PCAs % |",
        "|---|---|---:|---:|---:|---:|",
    ),
}
Row = dict[str, str]


def published() -> list[Row]:
    """England's figures: a register has `people`, whom its list holds."""
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scheme(rows: list[Row]) -> str:
    """A scheme that asks for all of them, as JSON, which is YAML too."""
    groups, indicators, items = [], [], []
    for row in rows:
        code, name = row["code"], f"ON-{row['published_as']}"
        if row["people"]:
            group = row["published_as"]
            groups.append({"group": group, "title": group, "list": row["people"]})
            about = {"title": f"On {code}", "wording": "The register over the list", "type": "register"}
            indicators.append({"indicator": name, **about, "group": group})
            items.append({"item": name, "indicator": name, "measure": "prevalence"})
        else:
            items.append({"item": code, "indicator": code, "measure": "achievement"})
    for item in items:
        item["pays"] = {"steps": {"steps": ["from 0% pays 0p"], "most": "0p"}}
    made = {
        "scheme": "what-was-published",
        "version": "1",
        "title": "What was published of QOF",
        "commissioner": "Nobody",
        "year": "2024-25",
        "achievement_date": "2025-03-31",
        "sources": {"qof": {"title": "QOF 2018-19 and 2019-20", "published": "2020", "standing": "verified"}},
        "source": "qof",
        "heads": {"column": "list_size", "called": "list", "at": "2025-03-31"},
        "terms": {"balance": {"due": "2025-07-31"}},
        "groups": groups,
        "indicators": indicators,
        "items": items,
    }
    return json.dumps(made, indent=1)


def remit(*arguments: str) -> None:
    """Run the command."""
    subprocess.run([sys.executable, "-m", "remit.cli.main", *arguments], check=True, stdout=subprocess.DEVNULL)


def counted(folder: Path) -> Counter[tuple[str, str]]:
    """The counts of all practices together, by subject and measure."""
    found: Counter[tuple[str, str]] = Counter()
    with (folder / "counts.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["value"].isdigit():
                found[row["indicator_code"], row["measure"]] += int(row["value"])
    return found


def percent(part: int, whole: int) -> str:
    """With two decimals."""
    return f"{100 * part / whole:.2f}" if whole else "none"


def tables(rows: list[Row], found: Counter[tuple[str, str]]) -> dict[str, list[str]]:
    """The rows of the page's two tables, with the ratio of made-up prevalence to the published."""
    prevalence, achievement = [], []
    for row in rows:
        number, whole = int(row["numerator"]), int(row["denominator"])
        if row["people"]:
            subject = f"ON-{row['published_as']}"
            ours = found[subject, "REGISTER"], found[subject, "LIST_SIZE"]
            ratio = (ours[0] * whole) / (ours[1] * number)
            cells = [row["code"], row["people"], row["year"], percent(number, whole), percent(*ours), f"{ratio:.2f}"]
            prevalence.append(f"| {' | '.join(cells)} |")
            continue
        given = found[row["code"], "NUMERATOR"], found[row["code"], "DENOMINATOR"]
        cared = found[row["code"], "PCAS"]
        pcas = int(row["pcas"])
        achievement.append(
            f"| {row['code']} | {row['published_as']} {row['year']} | {percent(number, whole)} | {percent(*given)} "
            f"| {percent(pcas, whole + pcas)} | {percent(cared, given[1] + cared)} |"
        )
    return {"prevalence": prevalence, "achievement": achievement}


def put(text: str, name: str, rows: list[str]) -> str:
    """The page with other rows between the two marks of a table."""
    begin, end = f"<!-- {name}: written by make people -->\n", f"<!-- end of {name} -->"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    assert rest, f"the page has no mark {begin!r}"
    return before + begin + "\n" + "\n".join([*HEADS[name], *rows]) + "\n\n" + end + after


def main(store: Path | None) -> None:
    """Make, count, compare and write."""
    rows = published()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        if store is None:
            store = work / "people"
            remit("synth", *NUMBERS, "--out", str(store))
        path = work / "what-was-published.yaml"
        path.write_text(scheme(rows), encoding="utf-8")
        years = ("--rules-of", "2021-22", "--rules-of", "2018-19")  # HYP003, HYP007 and DEP003; HYP006
        remit("evaluate", str(path), "--records", str(store), "--out", str(work / "counted"), *years)
        found = counted(work / "counted")
    text = PAGE.read_text(encoding="utf-8")
    for name_, lines in tables(rows, found).items():
        text = put(text, name_, lines)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
