"""Runs a case: a few practices and counts in YAML, and what they should be awarded and paid.

The cases are written and read by people who know contracts, not Python; `README.md` beside this file says how. A case
goes the whole way that `remit run` goes: its inputs are written as files, and what is compared stands in the result
files.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

import remit
from remit.core.problems import Refused
from remit.runs.tables import AWARD, PAYMENT

Words = str | dict[str, str]


class Expected(BaseModel):
    """What is compared; what a case does not name is not looked at."""

    model_config = ConfigDict(extra="forbid")

    award: dict[str, dict[str, Words]] = {}
    payment: dict[str, dict[str, str]] = {}
    schedule: dict[str, list[str]] = {}
    definitions: dict[str, list[str]] = {}
    totals: dict[str, dict[str, str]] = {}
    warnings: list[str] = []
    refused: list[str] = []


class Case(BaseModel):
    """One case, as its YAML has it."""

    model_config = ConfigDict(extra="forbid")

    name: str
    about: str = ""
    run: str | list[str]
    extending: dict[str, Any] | None = Field(None, description="Laid over the scheme of `run`, as with `extends`")
    practices: dict[str, Words]
    counts: dict[str, dict[str, Words]]
    national: str | dict[str, str] | None = None
    assign: dict[str, str] | None = None
    recovery: dict[str, dict[str, str]] | None = None
    set: dict[str, str] = {}
    period: str | None = None
    only: dict[str, list[str]] = {}
    expect: Expected


def load_cases(text: str) -> list[Case]:
    """The cases of a file, with every value as the text that it is."""
    documents = yaml.load(text, Loader=yaml.CBaseLoader)
    return [Case.model_validate(document) for document in documents]


def differences(case: Case, folder: Path) -> list[str]:
    """Run a case in an empty folder; what came out otherwise than expected, a line each."""
    try:
        made = _run(case, folder)
    except Refused as refused:
        said = str(refused)
        if not case.expect.refused:
            return [f"it was refused: {said}"]
        return [f"the refusal does not say '{words}': {said}" for words in case.expect.refused if words not in said]
    if case.expect.refused:
        return ["it was not refused"]
    remit.write_run(made, folder / "out")
    return list(_compare(case.expect, folder / "out", made.inputs.warnings))


def _run(case: Case, folder: Path) -> remit.Run:
    schemes: list[str | Path] = [case.run] if isinstance(case.run, str) else list(case.run)
    if case.extending is not None:
        path = folder / "scheme.yaml"
        scheme = {"scheme": "case", "extends": str(schemes[0]), "version": "1", "title": case.name, **case.extending}
        path.write_text(yaml.safe_dump(scheme, allow_unicode=True), encoding="utf-8")
        schemes[0] = path
    national: str | Path | None = None
    if case.national == "from-run":
        national = "from-run"
    elif case.national is not None:
        assert isinstance(case.national, dict)
        rows = ([group, *re.split(r" (?:of|/) ", of)] for group, of in case.national.items())
        national = _write(folder / "national.csv", ("group_code", "register", "list_size"), rows)
    assign = recovery = None
    if case.assign is not None:
        assign = _write(folder / "assign.csv", ("practice_code", "scheme_id"), case.assign.items())
    if case.recovery is not None:
        columns = ("practice_code", "notified", "months", "reason")
        agreed = ([code, *(given.get(c, "") for c in columns[1:])] for code, given in case.recovery.items())
        recovery = _write(folder / "recovery.csv", columns, agreed)
    return remit.run(
        schemes,
        _write_practices(folder, case.practices),
        _write(folder / "counts.csv", ("practice_code", "indicator_code", "measure", "value", "period"), _rows(case)),
        national=national,
        assign=assign,
        recovery=recovery,
        settings=case.set,
        period=case.period,
        only_practices=case.only.get("practices", ()),
        only_indicators=case.only.get("indicators", ()),
    )


def _write(path: Path, columns: Any, rows: Any) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


def _write_practices(folder: Path, practices: Mapping[str, Words]) -> Path:
    columns = ["practice_code", "practice_name", "place_code", "network_code", "list_size", "weighted_list_size"]
    columns += ["joined", "left", "successor_code"]
    rows = []
    for code, given in practices.items():
        row = given if isinstance(given, dict) else {"list_size": given, "weighted_list_size": given}
        unknown = set(row) - set(columns)
        assert not unknown, f"a practice has no {unknown}"
        rows.append([code, row.get("practice_name", f"Practice {code}"), *(row.get(c, "") for c in columns[2:])])
    return _write(folder / "practices.csv", columns, rows)


def _rows(case: Case) -> Iterator[list[str]]:
    for whose, subjects in case.counts.items():
        code, _, period = whose.partition(" @ ")
        for subject, given in subjects.items():
            for measure, value in _measures(given).items():
                yield [code, subject, measure, value, period]


def _measures(given: Words) -> dict[str, str]:
    """`39 / 100` is numerator and denominator, `84 of 10500` register and list, `yes` a declaration."""
    if isinstance(given, dict):
        return given
    if given in ("yes", "no"):
        return {"DECLARED": "1" if given == "yes" else "0"}
    if " of " in given:
        return dict(zip(("REGISTER", "LIST_SIZE"), given.split(" of "), strict=True))
    if " / " in given:
        return dict(zip(("NUMERATOR", "DENOMINATOR"), given.split(" / "), strict=True))
    return {"REGISTER": given}


def _compare(expect: Expected, out: Path, warnings: tuple[str, ...]) -> Iterator[str]:
    awards = {(row["practice_code"], row["indicator_code"]): row for row in _read(out / "award.csv")}
    for practice, items in expect.award.items():
        for item, wanted in items.items():
            row = awards.get((practice, item))
            if row is None:
                yield f"award.csv has no row for {practice} {item}"
                continue
            yield from _unlike(f"award {practice} {item}", _award(wanted), row, AWARD)
    payments = {row["practice_code"]: row for row in _read(out / "payment.csv")}
    for practice, wanted_payment in expect.payment.items():
        yield from _unlike(f"payment {practice}", wanted_payment, payments[practice], PAYMENT)
    totals = {row["practice_code"]: row for row in _read(out / "totals.csv")}
    for practice, wanted_totals in expect.totals.items():
        yield from _unlike(f"totals {practice}", wanted_totals, totals[practice], tuple(totals[practice]))
    due: dict[str, list[str]] = {practice: [] for practice in expect.schedule}
    for row in _read(out / "schedule.csv"):
        due.setdefault(row["practice_code"], []).append(
            f"{row['due_date'] or 'no day yet'} {row['kind']} {row['pounds']}"
        )
    for practice, lines in expect.schedule.items():
        if due[practice] != lines:
            yield f"schedule {practice}: expected {lines}, found {due[practice]}"
    scored: dict[str, list[str]] = {practice: [] for practice in expect.definitions}
    for row in _read(out / "achievement.csv"):
        line = f"{row['indicator_code']} {row['definition']} {row['achievement']}%"
        scored.setdefault(row["practice_code"], []).append(line + (" scored" if row["scored"] == "yes" else ""))
    for practice, lines in expect.definitions.items():
        yield from (
            f"achievement {practice}: no '{line}' in {scored[practice]}"
            for line in lines
            if line not in scored[practice]
        )
    for words in expect.warnings:
        if not any(words in warning for warning in warnings):
            yield f"no warning says '{words}': {warnings}"


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def _award(wanted: Words) -> dict[str, str]:
    """`2000.00` is pounds; `2.40 points` points; `2.40 points 53.78` both; `none` is an empty cell."""
    if isinstance(wanted, dict):
        return wanted
    points, word, pounds = wanted.rpartition(" points")
    found = {"points": points} if word else {}
    return {**found, "pounds": pounds.strip()} if pounds.strip() else found


def _unlike(what: str, wanted: Mapping[str, str], row: Mapping[str, str], columns: tuple[str, ...]) -> Iterator[str]:
    for column, value in wanted.items():
        if column not in columns:
            yield f"{what}: there is no column {column}"
        elif column == "reason" and value != "none":
            if value not in row[column]:
                yield f"{what}: the reason does not say '{value}': '{row[column]}'"
        elif row[column] != ("" if value == "none" else value):
            yield f"{what}: expected {column} {value}, found '{row[column]}' ({row.get('reason', '')})"
