"""Made-up practices, counts and claims for every scheme of the library: from hashes alone, so the same on any machine.

`needs.csv` says which figures each scheme reads. It is written down here, and not asked of `remit template`, so that
the inputs stay as they are when a command changes. A scheme that is new gets its rows by `python -m tests.deck needs`.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from tests.deck.commands import words

HERE = Path(__file__).parent
PRACTICE = words(
    "practice_code practice_name place_code network_code list_size weighted_list_size joined left successor_code level"
    " eligible_from eligible_to"
)
COUNT = ("practice_code", "indicator_code", "measure", "value", "period")
CLAIM = ("practice_code", "pseudonym", "item", "quarter", "date", "from", "to", "attended")
LISTS = {"A1": 8412, "A2": 6120, "A3": 3975, "A4": 2210, "A5": 12055, "A6": 9340, "A7": 7006}
NAMES = {
    "A1": "Alder Surgery",
    "A2": "Birch House, joined in September",
    "A3": "Cedar Practice, closed in October",
    "A4": "Damson Lane, merged into A1",
    "A5": "Elm Medical Centre, some with nobody to count",
    "A6": "Fir Tree Surgery, some figures missing",
    "A7": "Gorse Hill Practice",
}


@cache
def schemes() -> dict[str, dict[str, Any]]:
    """What each scheme is run with, from schemes.yaml."""
    found: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "schemes.yaml").read_text(encoding="utf-8"))
    return found


@cache
def needs() -> dict[str, list[tuple[str, str, str]]]:
    """Indicator, measure and period of each figure, by scheme."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    with (HERE / "needs.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["scheme"], []).append((row["indicator_code"], row["measure"], row["period"]))
    return found


def chance(*key: object) -> float:
    """A number from 0 up to 1 that these words alone decide."""
    digest = hashlib.sha256("|".join(map(str, key)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def between(low: float, high: float, *key: object) -> int:
    """A whole number from low to high that these words alone decide."""
    return int(low + (high - low + 1) * chance(*key))


def list_size(practice: str, turn: int) -> int:
    """The list of a practice; in the second run some have grown."""
    size = LISTS[practice]
    return size + size * 3 // 100 if turn == 2 and practice in ("A1", "A5") else size


def practices(scheme: str, turn: int) -> list[list[str]]:
    """Seven practices: one joined, one closed, one merged, and in a scheme with networks all are in two of them."""
    year, networks = schemes()[scheme]["year"], schemes()[scheme].get("networks", False)
    rows = []
    for number, code in enumerate(LISTS):
        size = list_size(code, turn)
        rows.append(
            [
                code,
                NAMES[code],
                "",
                ("N1" if number < 4 else "N2") if networks else "",
                str(size),
                f"{size * (960 + 20 * number) / 1000:.2f}",
                f"{year}-09-01" if code == "A2" else "",
                {"A3": f"{year}-10-31", "A4": f"{year}-12-31"}.get(code, ""),
                "A1" if code == "A4" else "",
                "practice",
                f"{year}-04-01",
                "",
            ]
        )
    return rows


def counts(scheme: str, turn: int) -> list[list[str]]:
    """A value for each figure that the scheme reads; in the second run a sixth of them differs, and none is missing."""
    rows: list[list[str]] = []
    for practice in LISTS:
        for indicator, measure, period in needs().get(scheme, []):
            key = (scheme, practice, indicator, period)
            again = turn if chance("again", *key) < 1 / 6 else 1
            if practice == "A6" and turn == 1 and chance("missing", *key) < 1 / 10:
                continue
            value = _value(measure, list_size(practice, turn), practice, (*key, again))
            if practice == "A5" and turn == 1 and measure in ("NUMERATOR", "DENOMINATOR", "PCAS"):
                value = "0" if chance("nobody", *key) < 1 / 8 else value
            rows.append([practice, indicator, measure, value, period])
    return rows


def _value(measure: str, size: int, practice: str, key: Sequence[object]) -> str:
    """One figure. A numerator is of the denominator that the same words decide."""
    denominator = between(40, size / 12, "denominator", *key)
    match measure:
        case "DENOMINATOR":
            return str(denominator)
        case "NUMERATOR":
            best = 0.12 if practice == "A7" else 0.55
            return str(int(denominator * (1 - best * chance("numerator", *key))))
        case "PCAS":
            return str(int(denominator * 0.1 * chance(measure, *key)))
        case "REGISTER":
            return str(between(size / 100, size / 9, measure, *key))
        case "LIST_SIZE":
            return str(between(size * 0.75, size * 0.85, measure, *key))
        case "DECLARED" | "EVIDENCED":
            return str(int(chance(measure, *key) < 0.85))
        case "AGREED":
            return str(int(practice != "A6" or key[-1] == 2))
        case "LIST_INDEX" | "PREVALENCE_INDEX":
            return f"{0.95 + 0.13 * chance(measure, *key):.3f}"
        case "HISTORIC_POINTS":
            return str(between(310, 540, measure, *key) if key[2] == "*" else between(0, 6, measure, *key))
        case "ACTIVITY" | "DID_NOT_ATTEND":
            return str(between(0, 40 if measure == "ACTIVITY" else 5, measure, *key))
        case _ if measure.endswith("POUNDS"):
            return f"{between(200_000, 9_000_000, measure, *key) / 100:.2f}"
    raise ValueError(f"The deck has no made-up values for {measure}")


def claims(scheme: str) -> list[list[str]]:
    """Single claims: some twice, some with days, some of who did not attend, some from before the practice joined."""
    year, items = schemes()[scheme]["year"], schemes()[scheme]["claims"]
    rows = []
    for practice in LISTS:
        for number in range(24):
            key = (scheme, practice, number)
            quarter = between(1, 4, "quarter", *key)
            month = 4 + 3 * (quarter - 1) + between(0, 2, "month", *key)
            day = f"{year + (month > 12)}-{(month - 1) % 12 + 1:02}-{between(1, 28, 'day', *key):02}"
            item = items[between(0, len(items) - 1, "item", *key)]
            kind = between(0, 5, "kind", *key)
            dates = [day, "", ""] if kind < 4 else ["", day, ""]
            patient = f"{practice}-{between(1, 16, 'patient', *key)}" if kind else f"shared-{number}"
            attended = "0" if kind == 3 and chance("attended", *key) < 0.4 else ""
            rows.append([practice, patient, item, f"{year}-Q{quarter}", *dates, attended])
    return rows


def settings(scheme: str, without: Iterable[str] = ()) -> list[str]:
    """The words of --set, but for those that an overlay has already said."""
    entry = schemes()[scheme]
    given = {name: str(value) for name, value in entry.get("set", {}).items()}
    for line, items in entry.get("lines", {}).items():
        values = words(str(line))
        for item in words(items):
            given |= {f"{item}.{name}": v for name, v in zip(("points", "lower", "upper"), values, strict=False)}
    return [word for name, value in given.items() if name not in without for word in ("--set", f"{name}={value}")]


def overlay(scheme: str) -> str | None:
    """A scheme file that extends this one, where schemes.yaml has what it changes."""
    changes = schemes()[scheme].get("overlay")
    if changes is None:
        return None
    head = {"scheme": "overlay", "extends": scheme, "version": "1", "title": f"An overlay of {scheme}"}
    changes = {key: value for key, value in changes.items() if key != "unset"}
    return yaml.safe_dump({**head, **changes}, allow_unicode=True, sort_keys=False)


def write_csv(path: Path, header: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
    """A table as CSV, with plain line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_inputs(scheme: str, folder: Path) -> None:
    """All the inputs of a scheme's runs."""
    for turn in (1, 2):
        write_csv(folder / f"practices-{turn}.csv", PRACTICE, practices(scheme, turn))
        write_csv(folder / f"counts-{turn}.csv", COUNT, counts(scheme, turn))
    write_csv(folder / "theirs.csv", COUNT[:-1], (row[:-1] for row in counts(scheme, 2) if not row[-1]))
    if "claims" in schemes()[scheme]:
        write_csv(folder / "claims.csv", CLAIM, claims(scheme))
        declared = [row for row in counts(scheme, 1) if row[2] == "DECLARED"]
        write_csv(folder / "declared.csv", COUNT, declared)
    text = overlay(scheme)
    if text is not None:
        (folder / "overlay.yaml").write_text(text, encoding="utf-8")
